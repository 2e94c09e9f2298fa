using System.Globalization;

namespace Field.Contracts;

/// <summary>RFC 3339 times on the wire.</summary>
public static class WireTime
{
    private const int SecondsLength = 19;
    private const int MaxFraction = 7;
    private const int MaxLength = 64;

    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Writes a time with up to seven decimals and its offset (<c>Z</c> for UTC).</summary>
    public static string Format(DateTimeOffset time) => time.Offset == TimeSpan.Zero
        ? time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)
        : time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);

    /// <summary>Reads a time; one without an offset is refused, since nobody knows which it is.</summary>
    /// <remarks>Decimals beyond the seventh (100 ns) are cut off; a leap second is refused.</remarks>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(text);
        time = default;
        if (text.Length is <= SecondsLength or > MaxLength)
        {
            return false;
        }

        int fraction = text[SecondsLength] == '.' ? text.AsSpan(SecondsLength + 1).IndexOfAnyExceptInRange('0', '9') : 0;
        int zoneAt = text[SecondsLength] == '.' ? SecondsLength + 1 + fraction : SecondsLength;
        string zone = fraction >= 0 ? text[zoneAt..] : "";
        bool hasOffset = zone is "Z" or "z" || (zone.Length == 6 && zone[0] is '+' or '-' && zone[3] == ':');
        if (!hasOffset || (text[SecondsLength] == '.' && fraction == 0))
        {
            return false;
        }

        int keep = Math.Min(zoneAt, SecondsLength + 1 + MaxFraction);
        string exact = string.Concat(text.AsSpan(0, keep), zone).ToUpperInvariant();
        return DateTimeOffset.TryParseExact(exact, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }
}
