namespace Field.Demo.Synthetic;

/// <summary>A point or vector in metres; what X and Y mean (east and north, or along and across) is the frame's business.</summary>
internal readonly record struct Vec(double X, double Y)
{
    public double Length => Math.Sqrt((X * X) + (Y * Y));

    public static Vec operator +(Vec a, Vec b) => new(a.X + b.X, a.Y + b.Y);

    public static Vec operator -(Vec a, Vec b) => new(a.X - b.X, a.Y - b.Y);

    public static Vec operator *(Vec a, double k) => new(a.X * k, a.Y * k);

    /// <summary>The vector turned 90 degrees counter-clockwise.</summary>
    public Vec Left() => new(-Y, X);

    public Vec Unit() => this * (1 / Length);

    public static Vec FromAngle(double radians) => new(Math.Cos(radians), Math.Sin(radians));
}

/// <summary>
/// Where the synthetic town lies: a patch of Suruga Bay, so that on real tiles it is in the sea.
/// East and north are metres on the tangent of the GRS80 ellipsoid at the origin; over the 1.3 km of the town the
/// change of the metres per degree stays under 0.1 mm per photo. Independent of Field.Geo on purpose: it is its oracle.
/// </summary>
internal static class SiteFrame
{
    public const double OriginLon = 138.4500;
    public const double OriginLat = 34.7500;

    /// <summary>Azimuth of the bridge and of the town's streets, degrees clockwise from true north.</summary>
    public const double StreetAzimuthDeg = 78;

    private const double SemiMajorM = 6378137.0;
    private const double Flattening = 1 / 298.257222101;
    private const double EccentricitySquared = Flattening * (2 - Flattening);
    private const double Radians = Math.PI / 180;

    private static readonly double s_sinSquared = Math.Pow(Math.Sin(OriginLat * Radians), 2);
    private static readonly double s_along = StreetAzimuthDeg * Radians;

    /// <summary>Metres per degree of latitude: the meridian radius of curvature.</summary>
    public static double MetresPerDegreeLat { get; } =
        Radians * SemiMajorM * (1 - EccentricitySquared) / Math.Pow(1 - (EccentricitySquared * s_sinSquared), 1.5);

    /// <summary>Metres per degree of longitude: the prime vertical radius times the cosine of the latitude.</summary>
    public static double MetresPerDegreeLon { get; } =
        Radians * SemiMajorM * Math.Cos(OriginLat * Radians) / Math.Sqrt(1 - (EccentricitySquared * s_sinSquared));

    public static (double Lon, double Lat) ToLonLat(Vec eastNorth) =>
        (OriginLon + (eastNorth.X / MetresPerDegreeLon), OriginLat + (eastNorth.Y / MetresPerDegreeLat));

    public static Vec ToEastNorth(double lon, double lat) =>
        new((lon - OriginLon) * MetresPerDegreeLon, (lat - OriginLat) * MetresPerDegreeLat);

    /// <summary>Street frame (X along the bridge to the east bank, Y upstream) to east, north.</summary>
    public static Vec StreetToEastNorth(Vec street) => new(
        (street.X * Math.Sin(s_along)) - (street.Y * Math.Cos(s_along)),
        (street.X * Math.Cos(s_along)) + (street.Y * Math.Sin(s_along)));

    public static Vec EastNorthToStreet(Vec eastNorth) => new(
        (eastNorth.X * Math.Sin(s_along)) + (eastNorth.Y * Math.Cos(s_along)),
        (eastNorth.Y * Math.Sin(s_along)) - (eastNorth.X * Math.Cos(s_along)));
}
