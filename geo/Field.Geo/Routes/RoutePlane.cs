using NetTopologySuite.Geometries;

namespace Field.Geo.Routes;

/// <summary>Metres around the middle of a route's line, as NetTopologySuite coordinates (x east, y north), and back.</summary>
internal sealed class RoutePlane
{
    internal static readonly GeometryFactory Metres = new();
    private static readonly GeometryFactory Wgs84 = new(new PrecisionModel(), 4326);

    private readonly LocalFrame frame;

    internal RoutePlane(IReadOnlyList<LonLat> line) => frame = new LocalFrame(
        new LonLat((line.Min(p => p.Lon) + line.Max(p => p.Lon)) / 2, (line.Min(p => p.Lat) + line.Max(p => p.Lat)) / 2));

    internal Coordinate ToPlane(LonLat place)
    {
        var (east, north) = frame.ToEastNorth(place);
        return new Coordinate(east, north);
    }

    internal LonLat ToLonLat(Coordinate place) => frame.ToLonLat(new EastNorth(place.X, place.Y));

    internal Geometry ToPlane(Geometry lonLat) => Map(lonLat, Metres, c => ToPlane(new LonLat(c.X, c.Y)));

    internal Geometry ToLonLat(Geometry plane) => Map(plane, Wgs84, c =>
    {
        var (lon, lat) = ToLonLat(c);
        return new Coordinate(lon, lat);
    });

    private static Geometry Map(Geometry geometry, GeometryFactory factory, Func<Coordinate, Coordinate> map) => geometry switch
    {
        Point p => factory.CreatePoint(map(p.Coordinate)),
        LineString l => factory.CreateLineString([.. l.Coordinates.Select(map)]),
        Polygon p => factory.CreatePolygon(
            factory.CreateLinearRing([.. p.Shell.Coordinates.Select(map)]),
            [.. p.Holes.Select(h => factory.CreateLinearRing([.. h.Coordinates.Select(map)]))]),
        GeometryCollection c => factory.BuildGeometry(c.Geometries.Select(g => Map(g, factory, map))),
        _ => throw new ArgumentException($"{geometry.GeometryType} is not used in routes", nameof(geometry)),
    };
}
