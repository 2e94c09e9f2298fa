using NetTopologySuite.Geometries;

namespace Field.Geo.Tiles;

/// <summary>A feature made ready for tiles and for asking what holds at a place. Immutable.</summary>
public sealed class TileShape
{
    private TileShape(long n, string? @class, long? rank, string? label, TileGeometryType type, TilePart[][] polygons)
    {
        (N, Class, Rank, Label, Type, Polygons) = (n, @class, rank, label, type, polygons);
        Bounds = new Envelope(polygons.Min(p => p[0].MinX), polygons.Max(p => p[0].MaxX), polygons.Min(p => p[0].MinY), polygons.Max(p => p[0].MaxY));
    }

    /// <summary>Its number within the layer.</summary>
    public long N { get; }

    /// <summary>Key of its class, or null.</summary>
    public string? Class { get; }

    /// <summary>Rank of its class, or null.</summary>
    public long? Rank { get; }

    /// <summary>Its name, or null.</summary>
    public string? Label { get; }

    /// <summary>Vertices.</summary>
    public long PointCount => Polygons.Sum(p => p.Sum(r => (long)r.X.Length));

    internal TileGeometryType Type { get; }

    /// <summary>Of polygons: outline, then holes; of lines and points one part each.</summary>
    internal TilePart[][] Polygons { get; }

    /// <summary>In the world square.</summary>
    internal Envelope Bounds { get; }

    /// <summary>A feature's shapes: one, or one for each dimension of a mixed collection.</summary>
    /// <param name="geometry">lon, lat.</param>
    /// <param name="n">Its number within the layer.</param>
    /// <param name="class">Key of its class, or null.</param>
    /// <param name="rank">Rank of its class, or null.</param>
    /// <param name="label">Its name, or null.</param>
    public static IEnumerable<TileShape> Of(Geometry geometry, long n, string? @class, long? rank, string? label)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        foreach (IGrouping<TileGeometryType, TilePart[]> parts in Parts(geometry).GroupBy(p => p.Type, p => p.Rings))
        {
            yield return new TileShape(n, @class, rank, label, parts.Key, [.. parts]);
        }
    }

    /// <summary>True when the place lies in the area.</summary>
    internal bool Contains(double x, double y) =>
        Type == TileGeometryType.Polygon && Bounds.Contains(x, y) && Polygons.Any(p => p[0].MinX <= x && p[0].MaxX >= x && p[0].MinY <= y && p[0].MaxY >= y
            && p[0].IsInsideEvenOdd(x, y) && !p.Skip(1).Any(h => h.IsInsideEvenOdd(x, y)));

    /// <summary>Distance in the world square to its line or outline.</summary>
    internal double Distance(double x, double y) => Math.Sqrt(Polygons.Min(p => p.Min(r => r.SquareDistance(x, y))));

    private static IEnumerable<(TileGeometryType Type, TilePart[] Rings)> Parts(Geometry geometry)
    {
        switch (geometry)
        {
            case { IsEmpty: true }:
                break;
            case Point point:
                yield return (TileGeometryType.Point, [TilePart.Of(point.CoordinateSequence, isRing: false)]);
                break;
            case LineString line:
                yield return (TileGeometryType.Line, [TilePart.Of(line.CoordinateSequence, isRing: false)]);
                break;
            case Polygon polygon:
                yield return (TileGeometryType.Polygon, [.. polygon.Holes.Prepend(polygon.Shell).Select(r => TilePart.Of(((LineString)r).CoordinateSequence, isRing: true))]);
                break;
            default:
                foreach ((TileGeometryType, TilePart[]) part in Enumerable.Range(0, geometry.NumGeometries).SelectMany(i => Parts(geometry.GetGeometryN(i))))
                {
                    yield return part;
                }

                break;
        }
    }
}
