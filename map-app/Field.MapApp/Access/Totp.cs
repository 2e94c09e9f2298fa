using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Field.MapApp.Access;

/// <summary>Time-based one-time passwords (RFC 6238 over RFC 4226) as every authenticator app makes them: HMAC-SHA-1, 30 s, 6 digits.</summary>
internal static class Totp
{
    public const int Digits = 6;
    private const int StepSeconds = 30;
    private const int KeyBytes = 20; // as long as the hash, RFC 4226 section 4
    private const int Slack = 1; // steps that a telephone's clock may be off
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; // RFC 4648 section 6

    /// <summary>A new key, in base 32.</summary>
    public static string NewKey() => RandomNumberGenerator.GetString(Alphabet, KeyBytes * 8 / 5);

    /// <summary>What an app takes over by a link or a QR code.</summary>
    public static string Uri(string key, string site, string account) =>
        $"otpauth://totp/Field%20{System.Uri.EscapeDataString(site)}:{System.Uri.EscapeDataString(account)}?secret={key}&issuer=Field%20{System.Uri.EscapeDataString(site)}&algorithm=SHA1&digits={Digits}&period={StepSeconds}";

    /// <summary>The step whose code this is, or null; steps up to <paramref name="used"/> count no more.</summary>
    public static long? Match(string key, string code, DateTimeOffset now, long used)
    {
        long present = now.ToUnixTimeSeconds() / StepSeconds;
        for (long step = Math.Max(present - Slack, used + 1); step <= present + Slack; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(Code(Decode(key), step, Digits)), System.Text.Encoding.UTF8.GetBytes(code)))
            {
                return step;
            }
        }

        return null;
    }

    /// <summary>The code of a step, RFC 4226 section 5.3.</summary>
    public static string Code(ReadOnlySpan<byte> key, long step, int digits)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // the algorithm of RFC 6238 that authenticator apps share; HMAC does not rest on SHA-1's resistance to collisions
        HMACSHA1.HashData(key, counter, hash);
#pragma warning restore CA5350
        int number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xF)..]) & int.MaxValue;
        return (number % (int)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>Digits as people type them: with blanks, or full width from a Japanese keyboard.</summary>
    public static string Plain(string typed) => string.Concat(typed.Where(c => !char.IsWhiteSpace(c) && c != '-').Select(c => c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c));

    private static byte[] Decode(string key)
    {
        byte[] bytes = new byte[key.Length * 5 / 8];
        (int buffer, int bits, int at) = (0, 0, 0);
        foreach (char symbol in key)
        {
            buffer = (buffer << 5) | Alphabet.IndexOf(symbol, StringComparison.Ordinal);
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[at++] = (byte)(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }

        return bytes;
    }
}
