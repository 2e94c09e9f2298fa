using Field.Geo;
using Field.Geo.Routes;
using NetTopologySuite.Geometries;

namespace Field.Tests.Geo.Routes;

/// <summary>
/// Lines and requests for the route tests, and metres by a way of their own: radii of curvature of GRS 80 at the origin's latitude
/// (Torge, Geodesy), good to centimetres within 2 km.
/// </summary>
internal static class RouteSamples
{
    internal static readonly LonLat Origin = new(139.9, 35.33);

    private const double A = 6378137;
    private const double E2 = 0.00669438002290;
    private static readonly double Sin2 = Math.Pow(Math.Sin(Origin.Lat * Math.PI / 180), 2);
    private static readonly double MetresPerLat = Math.PI / 180 * A * (1 - E2) / Math.Pow(1 - (E2 * Sin2), 1.5);
    private static readonly double MetresPerLon = Math.PI / 180 * A / Math.Sqrt(1 - (E2 * Sin2)) * Math.Cos(Origin.Lat * Math.PI / 180);

    internal static RouteCamera Camera { get; } = RouteCamera.Find("mavic3e")!;

    internal static RoutePlan Plan(LeveeRouteRequest request) => LeveePlanner.Plan(request, TestContext.Current.CancellationToken);

    internal static RoutePlan Plan(BridgeRouteRequest request) => BridgePlanner.Plan(request, TestContext.Current.CancellationToken);

    internal static LonLat Place(double eastM, double northM) => new(Origin.Lon + (eastM / MetresPerLon), Origin.Lat + (northM / MetresPerLat));

    internal static Coordinate Metres(LonLat p) => new((p.Lon - Origin.Lon) * MetresPerLon, (p.Lat - Origin.Lat) * MetresPerLat);

    internal static Geometry Metres(Geometry lonLat)
    {
        var copy = lonLat.Copy();
        foreach (var c in copy.Coordinates.Distinct(ReferenceEqualityComparer.Instance).Cast<Coordinate>())
        {
            var m = Metres(new LonLat(c.X, c.Y));
            (c.X, c.Y) = (m.X, m.Y);
        }

        copy.GeometryChanged();
        return copy;
    }

    internal static Polygon Box(double west, double south, double east, double north) => GeometryFactory.Default.CreatePolygon(
        [.. new[] { Place(west, south), Place(east, south), Place(east, north), Place(west, north), Place(west, south) }.Select(p => new Coordinate(p.Lon, p.Lat))]);

    internal static LeveeRouteRequest Straight(double lengthM = 400) => new()
    {
        Camera = Camera,
        Line = [Place(-lengthM / 2, -0.3 * lengthM / 2), Place(lengthM / 2, 0.3 * lengthM / 2)],
        Homes = [new RouteHome(Place(0, -30))],
    };

    /// <summary>A line that bends by up to <paramref name="bendDeg"/> every 60 to 160 m.</summary>
    internal static IReadOnlyList<LonLat> Winding(Random random, double bendDeg, int bends)
    {
        var (east, north, yaw) = (-400.0, 0.0, 90.0);
        var line = new List<LonLat> { Place(east, north) };
        for (var i = 0; i <= bends; i++)
        {
            var length = 60 + (100 * random.NextDouble());
            (east, north) = (east + (length * Math.Sin(yaw * Math.PI / 180)), north + (length * Math.Cos(yaw * Math.PI / 180)));
            line.Add(Place(east, north));
            yaw = 90 + (((yaw > 90) ? -1 : 1) * bendDeg / 2 * (0.5 + (0.5 * random.NextDouble())));
        }

        return line;
    }

    internal static double TurnDeg(double a, double b) => Math.Abs(Math.IEEERemainder(a - b, 360));
}
