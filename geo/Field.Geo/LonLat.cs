namespace Field.Geo;

/// <summary>A place in degrees, JGD2011 or WGS 84 (the same within centimetres for this purpose); longitude first.</summary>
/// <param name="Lon">Longitude, east positive, -180 to 180.</param>
/// <param name="Lat">Latitude, north positive, -90 to 90.</param>
public readonly record struct LonLat(double Lon, double Lat)
{
    /// <summary>Throws unless both are finite and inside their range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a place on the earth.</exception>
    internal void Check(string parameter)
    {
        if (!(Math.Abs(Lon) <= 180 && Math.Abs(Lat) <= 90))
        {
            throw new ArgumentOutOfRangeException(parameter, this, "Longitude must lie within -180..180 and latitude within -90..90 degrees.");
        }
    }
}

/// <summary>A place in metres in a plane; east first, whatever the official axis order of the system is.</summary>
/// <param name="EastM">Metres to the east of the origin.</param>
/// <param name="NorthM">Metres to the north of the origin.</param>
public readonly record struct EastNorth(double EastM, double NorthM);
