using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Field.Ingest.Bookings;

/// <summary>Texts that people typed.</summary>
internal static class BookingText
{
    /// <summary>One line of 1 to so many characters, no controls.</summary>
    public static bool IsLine(string? text, int most) => !string.IsNullOrWhiteSpace(text) && text.Length <= most && !text.Any(char.IsControl);

    /// <summary>An id of another system, fit for an address: 1 to 64 of A-Z, a-z, 0-9, dot, _ and -, beginning with a letter or digit.</summary>
    public static bool IsId(string? text) => text is { Length: > 0 and <= 64 } && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}

/// <summary>Names, days and times as Japanese systems write them.</summary>
internal static partial class JapaneseText
{
    private const string WideKana = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";

    /// <summary>Japan has one zone and no summer time.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(9);

    /// <summary>Full-width letters and digits narrow, half-width kana wide, no space at the ends.</summary>
    public static string Plain(string text)
    {
        // By hand: .NET without ICU (as this runs) leaves text as it is when it is to be normalised.
        StringBuilder plain = new(text.Length);
        foreach (char c in text)
        {
            if (c is '\uFF9E' or '\uFF9F' && plain.Length > 0 && Voiced(plain[^1], c == '\uFF9F') is { } voiced)
            {
                plain[^1] = voiced;
            }
            else
            {
                plain.Append(c switch
                {
                    >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0),
                    >= '\uFF61' and <= '\uFF9F' => WideKana[c - '\uFF61'],
                    '\u3000' => ' ',
                    _ => c,
                });
            }
        }

        return plain.ToString().Trim();
    }

    /// <summary>The same name, whatever widths, spaces and case it is written with.</summary>
    public static bool Same(string a, string b) => Key(a) == Key(b);

    /// <summary>What is compared of a name.</summary>
    public static string Key(string text) => string.Concat(Plain(text).Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();

    /// <summary>A day: 2026-05-11, 2026/5/11, 20260511, 2026年5月11日(月), 令和8年5月11日, R8.5.11.</summary>
    public static DateOnly? Day(string text)
    {
        Match m = DayForm().Match(Plain(text));
        if (!m.Success)
        {
            return null;
        }

        int year = m.Groups["y"].Value is "元" ? 1 : Number(m, "y");
        year += m.Groups["era"].Success ? 2018 : 0;
        (int month, int day) = (Number(m, "m"), Number(m, "d"));
        return year is >= 2000 and <= 2200 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;
    }

    /// <summary>A time of day in minutes: 9:00, 09:00:00, 0900, 9時, 9時30分, 午後1時30分, 24:00.</summary>
    public static int? Minutes(string text)
    {
        Match m = TimeForm().Match(Plain(text));
        if (!m.Success)
        {
            return null;
        }

        int hour = Number(m, "h");
        int minute = m.Groups["half"].Success ? 30 : m.Groups["min"].Success ? Number(m, "min") : 0;
        hour += m.Groups["pm"].Success && hour < 12 ? 12 : 0;
        return minute < 60 && (hour < 24 || (hour == 24 && minute == 0)) ? (hour * 60) + minute : null;
    }

    /// <summary>A moment in Japan.</summary>
    public static DateTimeOffset At(DateOnly day, int minutes) => new DateTimeOffset(day, TimeOnly.MinValue, Offset).AddMinutes(minutes).ToUniversalTime();

    /// <summary>A kana with its mark; null when it takes none.</summary>
    private static char? Voiced(char kana, bool isHalf) => kana switch
    {
        'ウ' when !isHalf => 'ヴ',
        >= 'ハ' and <= 'ホ' when (kana - 'ハ') % 3 == 0 => (char)(kana + (isHalf ? 2 : 1)),
        (>= 'カ' and <= 'ヂ') when !isHalf && (kana - 'カ') % 2 == 0 => (char)(kana + 1),
        'ツ' or 'テ' or 'ト' when !isHalf => (char)(kana + 1),
        _ => null,
    };

    private static int Number(Match m, string group) => int.Parse(m.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:(?<era>令和|R)\s*(?<y>元|[0-9]{1,2})|(?<y>[0-9]{4}))\s*[-/.年]?\s*(?<m>(?<=[-/.年]\s*)[0-9]{1,2}|[0-9]{2})\s*[-/.月]?\s*(?<d>(?<=[-/.月]\s*)[0-9]{1,2}|[0-9]{2})\s*日?\s*(?:\(.{1,3}\))?(?=$|[\sT])", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex DayForm();

    [GeneratedRegex(@"^(?:午前|AM|(?<pm>午後|PM))?\s*(?:(?<h>[0-9]{1,2})(?:[:時]\s*(?:(?<half>半)|(?<min>[0-9]{1,2})?)(?::[0-9]{2})?分?)|(?<h>[0-9]{2})(?<min>[0-9]{2}))$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex TimeForm();
}
