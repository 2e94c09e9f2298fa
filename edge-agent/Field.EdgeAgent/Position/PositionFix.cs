using Field.Contracts;

namespace Field.EdgeAgent.Position;

/// <summary>Where the device was.</summary>
/// <param name="Place">Longitude, latitude and, when the source says it, the altitude above sea.</param>
/// <param name="AboveTakeoffM">Height above the place of take-off, or null.</param>
/// <param name="Time">When; null when the source does not say.</param>
internal sealed record PositionFix(GeoPoint Place, double? AboveTakeoffM, DateTimeOffset? Time)
{
    /// <summary>A fix of numbers that were read; null for the place 0, 0, with which devices say that they know none.</summary>
    /// <exception cref="FieldException">There is no such place.</exception>
    public static PositionFix? Of(double lon, double lat, double? altitudeM, double? aboveTakeoffM, DateTimeOffset? time)
    {
        if (!GeoPoint.IsValid(lon, lat))
        {
            throw new FieldException(FormattableString.Invariant($"longitude {lon}, latitude {lat} is no place"));
        }

        return lon == 0 && lat == 0 ? null : new PositionFix(new GeoPoint(lon, lat, altitudeM), aboveTakeoffM, time);
    }

    /// <summary>The measurements that move the device on the map.</summary>
    public IReadOnlyList<Measurement> ToMeasurements(DateTimeOffset time)
    {
        List<Measurement> all = [new("lon", time, "lon", Place.Lon), new("lat", time, "lat", Place.Lat)];
        if (Place.AltitudeM is { } altitude)
        {
            all.Add(new Measurement("alt", time, "m", altitude));
        }

        if (AboveTakeoffM is { } above)
        {
            all.Add(new Measurement("above-takeoff", time, "m", above));
        }

        return all;
    }
}

/// <summary>Reads positions line by line. Not safe for concurrent use.</summary>
internal interface IPositionReader
{
    /// <summary>True when a new reader could begin with the next line.</summary>
    bool IsBetween => true;

    /// <summary>Takes a line, not empty of meaning or not.</summary>
    /// <returns>The position that is complete with it, or null.</returns>
    /// <exception cref="FieldException">It makes no sense; the next line may.</exception>
    PositionFix? Read(string line);

    /// <summary>No more lines come: the position that was not complete, or null.</summary>
    PositionFix? End() => null;
}

/// <summary>Tells the formats apart by their first line.</summary>
internal static class PositionFormat
{
    /// <summary>A reader; null for a line that says nothing of its format.</summary>
    public static IPositionReader? For(string line, TimeProvider time) => line.TrimStart('\uFEFF', ' ', '\t') switch
    {
        "" => null,
        ['$' or '!', ..] => new NmeaReader(time),
        ['{', ..] => new JsonPositionReader(),
        _ => new SrtReader(time.LocalTimeZone),
    };
}
