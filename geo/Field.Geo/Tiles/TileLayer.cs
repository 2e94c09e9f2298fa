using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;

namespace Field.Geo.Tiles;

/// <summary>What holds at a place.</summary>
/// <param name="Shape">The feature.</param>
/// <param name="DistanceM">0 inside an area, else metres to it.</param>
public readonly record struct TileHit(TileShape Shape, double DistanceM);

/// <summary>
/// The features of one layer, cut into vector tiles on demand. What is smaller than a pixel is drawn as one: a hazard must not vanish because
/// somebody zoomed out. Immutable, thread-safe.
/// </summary>
public sealed class TileLayer
{
    private const int Buffer = 80; // units beyond the edge, so that outlines of neighbouring tiles meet unseen
    private const int UnitsPerPixel = VectorTileWriter.Extent / 512; // MapLibre draws a tile over 512 pixels
    private const double ToleranceUnits = UnitsPerPixel / 2.0;
    private readonly STRtree<TileShape> _tree = new();

    /// <param name="shapes">Drawn in this order; ranked ones from the lowest, so that the worst lies on top.</param>
    public TileLayer(IEnumerable<TileShape> shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        int order = 0;
        foreach (TileShape shape in shapes.OrderBy(s => s.Rank ?? long.MinValue))
        {
            _tree.Insert(shape.Bounds, shape);
            Order[shape] = order++;
            PointCount += shape.PointCount;
        }

        _tree.Build();
    }

    /// <summary>Vertices, for who bounds memory.</summary>
    public long PointCount { get; }

    private Dictionary<TileShape, int> Order { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The tile as a Mapbox Vector Tile 2.1 with one layer, not compressed; empty when nothing lies in it.</summary>
    /// <param name="tile">Which.</param>
    /// <param name="name">Name of the layer in the tile.</param>
    /// <exception cref="ArgumentException">There is no such tile.</exception>
    public byte[] Encode(TileAddress tile, string name)
    {
        if (!tile.IsValid)
        {
            throw new ArgumentException($"{tile} is no tile", nameof(tile));
        }

        double side = 1.0 / (1 << tile.Zoom);
        double margin = side * Buffer / VectorTileWriter.Extent;
        Envelope box = new((tile.X * side) - margin, ((tile.X + 1) * side) + margin, (tile.Y * side) - margin, ((tile.Y + 1) * side) + margin);
        using VectorTileWriter writer = new(name);
        TileCut cut = new(writer, tile, side, tile.Zoom < TileAddress.MostZoom ? ToleranceUnits : 0, Buffer, UnitsPerPixel);
        foreach (TileShape shape in _tree.Query(box).OrderBy(s => Order[s]))
        {
            cut.Write(shape);
        }

        return writer.ToArray();
    }

    /// <summary>Features over or near a place, the highest rank first, then the nearest.</summary>
    /// <param name="place">Where.</param>
    /// <param name="reachM">Lines and points up to this far, metres; areas must hold the place.</param>
    public IReadOnlyList<TileHit> At(LonLat place, double reachM)
    {
        place.Check(nameof(place));
        (double x, double y) = WebMercator.FromLonLat(place.Lon, place.Lat);
        double metres = WebMercator.EquatorM * Math.Cos(place.Lat * Math.PI / 180); // of the world square's side, here
        double reach = reachM / metres;
        List<TileHit> hits = [];
        foreach (TileShape shape in _tree.Query(new Envelope(x - reach, x + reach, y - reach, y + reach)))
        {
            if (shape.Type == TileGeometryType.Polygon)
            {
                if (shape.Contains(x, y))
                {
                    hits.Add(new TileHit(shape, 0));
                }
            }
            else if (shape.Distance(x, y) is var distance && distance <= reach)
            {
                hits.Add(new TileHit(shape, distance * metres));
            }
        }

        return [.. hits.OrderByDescending(h => h.Shape.Rank ?? long.MinValue).ThenBy(h => h.DistanceM).ThenBy(h => h.Shape.N)];
    }
}
