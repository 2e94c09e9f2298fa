using System.Text.Json;

namespace Field.Tests.Journeys;

/// <summary>
/// The ground of the synthetic flight, in metres of its street frame: X along the bridge to the east (left) bank, Y upstream, the bridge's middle
/// at 0, 0. By the radii of curvature of GRS80 at the site's latitude (Torge, Geodesy), a way of its own: it is the oracle of Field.Geo here.
/// </summary>
internal static class SyntheticSite
{
    /// <summary>Half of the bridge's length and of its width.</summary>
    public const double BridgeHalfM = 62;

    /// <inheritdoc cref="BridgeHalfM"/>
    public const double BridgeHalfWidthM = 4.6;

    /// <summary>What the crew states of deck and crown, as the README beside the flight has it: metres above the ellipsoid.</summary>
    public const string SurfaceM = "55.6";

    /// <summary>One standard deviation.</summary>
    public const string SurfaceErrorM = "0.1";

    private const double OriginLon = 138.45;
    private const double OriginLat = 34.75;
    private const double AzimuthDeg = 78; // of the X axis, clockwise from true north
    private const double A = 6378137;
    private const double F = 1 / 298.257222101;
    private const double E2 = F * (2 - F);
    private static readonly double W2 = 1 - (E2 * Math.Pow(Math.Sin(double.DegreesToRadians(OriginLat)), 2));
    private static readonly double MetresPerLat = double.DegreesToRadians(A * (1 - E2) / Math.Pow(W2, 1.5));
    private static readonly double MetresPerLon = double.DegreesToRadians(A / Math.Sqrt(W2) * Math.Cos(double.DegreesToRadians(OriginLat)));
    private static readonly (double Sin, double Cos) Along = Math.SinCos(double.DegreesToRadians(AzimuthDeg));

    public static (double X, double Y) Street(double lon, double lat)
    {
        (double east, double north) = ((lon - OriginLon) * MetresPerLon, (lat - OriginLat) * MetresPerLat);
        return ((east * Along.Sin) + (north * Along.Cos), (north * Along.Sin) - (east * Along.Cos));
    }

    public static (double X, double Y) Street(JsonElement position) => Street(position[0].GetDouble(), position[1].GetDouble());

    public static double[] LonLat(double x, double y)
    {
        (double east, double north) = ((x * Along.Sin) - (y * Along.Cos), (x * Along.Cos) + (y * Along.Sin));
        return [OriginLon + (east / MetresPerLon), OriginLat + (north / MetresPerLat)];
    }

    /// <summary>A rectangle of the street frame as a GeoJSON polygon.</summary>
    public static object Area(double x0, double y0, double x1, double y1) => new
    {
        type = "Polygon",
        coordinates = new[] { new[] { LonLat(x0, y0), LonLat(x1, y0), LonLat(x1, y1), LonLat(x0, y1), LonLat(x0, y0) } },
    };

    public static object Line(params (double X, double Y)[] points) => new { type = "LineString", coordinates = points.Select(p => LonLat(p.X, p.Y)).ToArray() };

    /// <summary>True when the point lies in the ring, by the crossings of a ray.</summary>
    public static bool Holds(IReadOnlyList<(double X, double Y)> ring, (double X, double Y) p) => Enumerable.Range(0, ring.Count)
        .Select(i => (A: ring[i], B: ring[(i + 1) % ring.Count]))
        .Count(e => e.A.Y > p.Y != e.B.Y > p.Y && p.X < e.A.X + ((p.Y - e.A.Y) / (e.B.Y - e.A.Y) * (e.B.X - e.A.X))) % 2 == 1;

    /// <summary>Distance of a point from a line, metres.</summary>
    public static double DistanceM((double X, double Y) p, IReadOnlyList<(double X, double Y)> line)
    {
        double best = double.PositiveInfinity;
        for (int i = 1; i < line.Count; i++)
        {
            (double dx, double dy) = (line[i].X - line[i - 1].X, line[i].Y - line[i - 1].Y);
            double length2 = (dx * dx) + (dy * dy);
            double t = length2 == 0 ? 0 : Math.Clamp((((p.X - line[i - 1].X) * dx) + ((p.Y - line[i - 1].Y) * dy)) / length2, 0, 1);
            best = Math.Min(best, double.Hypot(p.X - line[i - 1].X - (t * dx), p.Y - line[i - 1].Y - (t * dy)));
        }

        return best;
    }
}
