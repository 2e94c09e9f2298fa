namespace Field.Contracts;

/// <summary>A place.</summary>
/// <param name="Lon">Degrees, -180 to 180.</param>
/// <param name="Lat">Degrees, -90 to 90.</param>
/// <param name="AltitudeM">Metres above sea, or null.</param>
public readonly record struct GeoPoint(double Lon, double Lat, double? AltitudeM = null)
{
    /// <summary>True when both are finite and in range.</summary>
    public static bool IsValid(double lon, double lat) => lon is >= -180 and <= 180 && lat is >= -90 and <= 90;
}
