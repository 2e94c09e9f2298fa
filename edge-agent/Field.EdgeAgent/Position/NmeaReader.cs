using System.Globalization;

namespace Field.EdgeAgent.Position;

/// <summary>
/// NMEA 0183: GGA (place and altitude) and RMC (place and date) of any talker; other sentences say nothing. Each needs its right checksum.
/// RMC gives positions only while no GGA comes, since it has no altitude.
/// </summary>
internal sealed class NmeaReader(TimeProvider time) : IPositionReader
{
    private DateTimeOffset? _dated;
    private bool _hasGga;

    /// <inheritdoc/>
    public PositionFix? Read(string line)
    {
        string text = line.Trim();
        if (text.Length == 0)
        {
            return null;
        }

        string[] field = Checked(text).Split(',');
        string sentence = field[0].Length == 5 && field[0][0] != 'P' ? field[0][2..] : "";
        try
        {
            return sentence switch
            {
                "GGA" => Gga(field),
                "RMC" => Rmc(field),
                _ => null,
            };
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new FieldException($"the {sentence} sentence is damaged ({e.Message})", false, e);
        }
    }

    /// <summary>What lies between the dollar and the checksum, which is right.</summary>
    private static string Checked(string text)
    {
        int star = text.LastIndexOf('*');
        if (text[0] is not ('$' or '!') || star != text.Length - 3
            || !byte.TryParse(text.AsSpan(star + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte expected))
        {
            throw new FieldException("is no NMEA 0183 sentence with a checksum");
        }

        int sum = text[1..star].Aggregate(0, (x, c) => x ^ c);
        return sum == expected ? text[1..star] : throw new FieldException(FormattableString.Invariant($"the checksum is {expected:X2}, computed {sum:X2}"));
    }

    private PositionFix? Gga(string[] field)
    {
        if (field[6] is "" or "0" || field[2].Length == 0)
        {
            return null; // no fix
        }

        _hasGga = true;
        double? altitude = field[9].Length > 0 ? Number(field[9]) : null;
        return PositionFix.Of(Degrees(field[4], field[5], 3), Degrees(field[2], field[3], 2), altitude, null, At(TimeOfDay(field[1])));
    }

    private PositionFix? Rmc(string[] field)
    {
        if (field[2] != "A" || field[9].Length != 6)
        {
            return null; // no fix, or no date yet
        }

        int year = int.Parse(field[9][4..], NumberStyles.None, CultureInfo.InvariantCulture);
        DateTime date = new(
            year + (year >= 80 ? 1900 : 2000),
            int.Parse(field[9][2..4], NumberStyles.None, CultureInfo.InvariantCulture),
            int.Parse(field[9][..2], NumberStyles.None, CultureInfo.InvariantCulture),
            0, 0, 0, DateTimeKind.Utc);
        _dated = new DateTimeOffset(date) + TimeOfDay(field[1]);
        return _hasGga ? null : PositionFix.Of(Degrees(field[5], field[6], 3), Degrees(field[3], field[4], 2), null, null, _dated);
    }

    /// <summary>GGA has no date: the day that brings it nearest to the last RMC, or to now.</summary>
    private DateTimeOffset At(TimeSpan timeOfDay)
    {
        DateTimeOffset near = _dated ?? time.GetUtcNow();
        DateTimeOffset sameDay = new DateTimeOffset(near.UtcDateTime.Date, TimeSpan.Zero) + timeOfDay;
        return sameDay - near > TimeSpan.FromHours(12) ? sameDay.AddDays(-1) : near - sameDay > TimeSpan.FromHours(12) ? sameDay.AddDays(1) : sameDay;
    }

    private static TimeSpan TimeOfDay(string text)
    {
        (double hours, double minutes, double seconds) = (Number(text[..2]), Number(text[2..4]), Number(text[4..]));
        return hours is >= 0 and < 24 && minutes is >= 0 and < 60 && seconds is >= 0 and < 61
            ? TimeSpan.FromHours(hours) + TimeSpan.FromMinutes(minutes) + TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"'{text}' is no time of day");
    }

    /// <summary>Degrees of <c>dddmm.mmmm</c> and a hemisphere.</summary>
    private static double Degrees(string text, string hemisphere, int digits)
    {
        (double degrees, double minutes) = (Number(text[..digits]), Number(text[digits..]));
        double value = minutes is >= 0 and < 60 ? degrees + (minutes / 60) : throw new FormatException($"'{text}' is no angle");
        return Math.Round(hemisphere switch
        {
            "N" or "E" => value,
            "S" or "W" => -value,
            _ => throw new FormatException($"'{hemisphere}' is no hemisphere"),
        }, 8);
    }

    private static double Number(string text) =>
        double.Parse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
