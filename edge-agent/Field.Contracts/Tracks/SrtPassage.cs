using System.Globalization;
using System.Text.RegularExpressions;

namespace Field.Contracts.Tracks;

/// <summary>
/// What the text of one passage of a DJI subtitle file says. It differs by model; read are the bracketed names of newer models
/// (<c>[latitude: 41.42]</c>), <c>GPS(lon,lat,satellites)</c>, and <c>GPS(lat,lon,altitudeM)</c> of the Matrice 300, told apart by the unit M
/// after the third number.
/// </summary>
/// <param name="Point">Where, without a time; meaningless with a fault.</param>
/// <param name="Clock">Date and time of the camera's clock, which names no offset; null when the passage has none.</param>
/// <param name="HasFraction">True when the clock tells parts of a second.</param>
/// <param name="Fault">Why it cannot be used, of <see cref="TrackFaultCodes"/>; null when it can.</param>
public sealed partial record SrtPassage(TrackPoint Point, DateTime? Clock, bool HasFraction, string? Fault)
{
    /// <summary>Reads the lines after the time line.</summary>
    public static SrtPassage Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (TrackPoint point, string? fault) = Place(text);
        (DateTime? clock, bool hasFraction, bool isTime) = When(text);
        return new(point, clock, hasFraction, fault ?? (isTime ? null : TrackFaultCodes.BadTime));
    }

    private static (DateTime? Clock, bool HasFraction, bool IsTime) When(string text)
    {
        if (ClockText().Match(text) is not { Success: true } m)
        {
            return (null, false, true);
        }

        int Part(int group) => int.Parse(m.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        bool isTime = Part(1) is > 1 and < 9999 && Part(2) is >= 1 and <= 12 && Part(3) >= 1 && Part(3) <= DateTime.DaysInMonth(Part(1), Part(2))
            && Part(4) <= 23 && Part(5) <= 59 && Part(6) <= 59;
        if (!isTime)
        {
            return (null, false, false);
        }

        bool hasFraction = m.Groups[7].Success;
        int milliseconds = hasFraction ? int.Parse(m.Groups[7].Value.PadRight(3, '0'), CultureInfo.InvariantCulture) : 0;
        return (new DateTime(Part(1), Part(2), Part(3), Part(4), Part(5), Part(6), milliseconds, DateTimeKind.Unspecified), hasFraction, true);
    }

    private static (TrackPoint Point, string? Fault) Place(string text)
    {
        double? lat = Named(text, "latitude");
        double? lon = Named(text, "longitude") ?? Named(text, "longtitude"); // older firmware misspells it
        double? altitude = Named(text, "abs_alt") ?? Named(text, "altitude");
        if ((lat ?? lon) is null && Gps().Match(text) is { Success: true } gps)
        {
            bool latFirst = gps.Groups[4].Length > 0;
            (lon, lat) = latFirst ? (Number(gps.Groups[2]), Number(gps.Groups[1])) : (Number(gps.Groups[1]), Number(gps.Groups[2]));
            altitude = latFirst && Number(gps.Groups[3]) is { } third && third != 0 ? third : null; // the Matrice 300 writes 0.0M at any height
        }

        if (lon is not { } x || lat is not { } y)
        {
            return (default, TrackFaultCodes.NoPosition);
        }

        if (!GeoPoint.IsValid(x, y) || (x == 0 && y == 0))
        {
            return (default, x == 0 && y == 0 ? TrackFaultCodes.NoFix : TrackFaultCodes.BadPosition);
        }

        return (Attitude(text, new TrackPoint(default, x, y)
        {
            AltitudeM = altitude,
            RelativeAltitudeM = Named(text, "rel_alt") ?? Number(Height().Match(text).Groups[1]),
            GimbalYawDeg = Named(text, "gb_yaw"),
            GimbalPitchDeg = Named(text, "gb_pitch"),
            GimbalRollDeg = Named(text, "gb_roll"),
        }), null);
    }

    /// <summary>F is the aircraft, G its gimbal.</summary>
    private static TrackPoint Attitude(string text, TrackPoint point)
    {
        foreach (Match m in PitchRollYaw().Matches(text))
        {
            point = m.Groups[1].ValueSpan[0] == 'F'
                ? point with { FlightYawDeg = Number(m.Groups[4]) }
                : point with { GimbalPitchDeg = Number(m.Groups[2]), GimbalRollDeg = Number(m.Groups[3]), GimbalYawDeg = Number(m.Groups[4]) };
        }

        return point;
    }

    private static double? Number(Group group) =>
        group.Success && double.TryParse(group.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    private static double? Named(string text, string name)
    {
        int at = text.IndexOf(name, StringComparison.Ordinal);
        return at < 0 ? null : Number(AfterName().Match(text, at + name.Length).Groups[1]);
    }

    [GeneratedRegex(@"\G\s*:\s*([-+]?[0-9]{1,6}(?:\.[0-9]{1,12})?)")]
    private static partial Regex AfterName();

    [GeneratedRegex(@"GPS\s*\(\s*([-+]?[0-9]{1,6}(?:\.[0-9]{1,12})?)\s*,\s*([-+]?[0-9]{1,6}(?:\.[0-9]{1,12})?)\s*,\s*([-+]?[0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(M?)\s*\)")]
    private static partial Regex Gps();

    [GeneratedRegex(@"\b(?:BAROMETER:|Hb:|H )\s*([-+]?[0-9]{1,6}(?:\.[0-9]{1,6})?)")]
    private static partial Regex Height();

    [GeneratedRegex(@"\b([FG])\.PRY\s*\(\s*([-+]?[0-9.]{1,8})[^,)]{0,4},\s*([-+]?[0-9.]{1,8})[^,)]{0,4},\s*([-+]?[0-9.]{1,8})[^,)]{0,4}\)")]
    private static partial Regex PitchRollYaw();

    [GeneratedRegex(@"\b([0-9]{4})[.\-/]([0-9]{1,2})[.\-/]([0-9]{1,2})\s+([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]{1,3}))?")]
    private static partial Regex ClockText();
}
