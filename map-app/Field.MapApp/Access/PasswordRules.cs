using System.Collections.Frozen;

namespace Field.MapApp.Access;

/// <summary>
/// What a password must be, after NIST SP 800-63B: long enough, not among those that are tried first, and nothing about its composition.
/// </summary>
internal static class PasswordRules
{
    public const int MinLength = 12;
    public const int MaxLength = 128;
    private const int MinName = 4;

    // Those of at least MinLength characters that lead lists of leaked passwords, and what this product suggests itself; compared by letters and digits.
    private static readonly FrozenSet<string> Common = """
        password1234 password12345 password123456 passwordpassword passw0rdpassw0rd mypassword123 administrator administrator1 adminadmin12 admin1234567
        qwertyuiop12 qwertyuiop123 qwertyqwerty 1qaz2wsx3edc 1qaz2wsx3edc4rfv zaq12wsxcde3 qazwsxedcrfv asdfghjkl123 zxcvbnm12345 1q2w3e4r5t6y q1w2e3r4t5y6
        iloveyou1234 letmein12345 welcome12345 changeme1234 changemenow1 abcdefg12345 abc123abc123 aaaaaa111111 trustno12345 sunshine1234 princess1234
        football1234 baseball1234 dragon123456 monkey123456 master123456 superman1234 batman123456 shadow123456 michael12345 charlie12345 computer1234
        sakura123456 arigatou1234 konnichiwa12 nippon123456 tokyo1234567 yokohama1234 shizuoka1234 yaizushi1234 watashi12345 hinansho1234 saigaitaisaku
        saigaihonbu1 bousaibousai bousai123456 yakusho12345 shiyakusho12 himitsu12345 fieldfield12 fieldfieldfield fieldmap1234 correcthorsebatterystaple
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What is wrong with a password, or null.</summary>
    /// <param name="password">As typed.</param>
    /// <param name="own">The person's names.</param>
    public static AccessFault? Check(string password, params IEnumerable<string> own)
    {
        int length = password.EnumerateRunes().Count();
        if (length is < MinLength or > MaxLength)
        {
            return length < MinLength ? AccessFault.TooShort : AccessFault.TooLong;
        }

        string plain = string.Concat(password.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        if (Common.Contains(plain) || plain.Distinct().Count() < 5 || IsSequence(plain) || IsRepetition(plain))
        {
            return AccessFault.TooCommon;
        }

        return own.Any(name => name.Length >= MinName && password.Contains(name, StringComparison.OrdinalIgnoreCase)) ? AccessFault.HoldsName : null;
    }

    /// <summary>Each character follows the one before, as in 123456789012 or abcdefghijkl.</summary>
    private static bool IsSequence(string text)
    {
        int steps = text.Zip(text.Skip(1), (a, b) => b - a).Count(step => step is 1 or -1 or -9);
        return text.Length > 1 && steps >= text.Length - 2;
    }

    /// <summary>A short part again and again, as in abc123abc123.</summary>
    private static bool IsRepetition(string text) => Enumerable.Range(1, text.Length / 3).Any(part => Enumerable.Range(part, text.Length - part).All(i => text[i] == text[i - part]));
}
