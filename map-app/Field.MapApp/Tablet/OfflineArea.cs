using Field.Geo.Tiles;
using Field.Ingest.Layers;
using Field.MapApp.Layers;

namespace Field.MapApp.Tablet;

/// <summary>What a layer costs in an area.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Tiles">Tiles, empty ones too.</param>
/// <param name="SizeBytes">As they travel, compressed.</param>
internal sealed record AreaLayer(Layer Layer, int Tiles, long SizeBytes);

/// <summary>A box of the map that a tablet takes along, in degrees.</summary>
internal sealed record OfflineArea(double West, double South, double East, double North)
{
    /// <summary>From this zoom on tiles are taken along: the whole municipality on the screen.</summary>
    public const int LeastZoom = 9;

    /// <summary>Most tiles of one layer in an area: a box of about 60 km.</summary>
    public const int MostTiles = 6_000;

    // Deep tiles are many and alike: so many of a zoom are cut and stand for the others.
    private const int Samples = 48;

    public bool IsValid => West is >= -180 and <= 180 && East is >= -180 and <= 180 && South is >= -85 and <= 85 && North is >= -85 and <= 85 && West < East && South < North;

    /// <summary>Tiles of the area, whatever lies in them.</summary>
    public int TileCount => Enumerable.Range(LeastZoom, TileAddress.MostZoom - LeastZoom + 1).Sum(z => Range(z) is var r ? (int)Math.Min(MostTiles + 1L, r.Columns * r.Rows) : 0);

    /// <summary>Cuts a sample and reckons.</summary>
    public async Task<AreaLayer> MeasureAsync(Layer layer, LayerTiles tiles, CancellationToken cancel)
    {
        int count = 0;
        double size = 0;
        for (int zoom = LeastZoom; zoom <= TileAddress.MostZoom; zoom++)
        {
            (int x, int y, long columns, long rows) = Range(zoom);
            int all = (int)(columns * rows);
            int step = Math.Max(1, all / Samples);
            long sampled = 0;
            int samples = 0;
            for (int i = step / 2; i < all; i += step, samples++)
            {
                sampled += (await tiles.TileAsync(layer, new TileAddress(zoom, x + (int)(i % columns), y + (int)(i / columns)), cancel).ConfigureAwait(false)).Length;
            }

            count += all;
            size += samples == 0 ? 0 : (double)sampled / samples * all;
        }

        return new AreaLayer(layer, count, (long)size);
    }

    private (int X, int Y, long Columns, long Rows) Range(int zoom)
    {
        int side = 1 << zoom;
        (double left, double top) = WebMercator.FromLonLat(West, North);
        (double right, double bottom) = WebMercator.FromLonLat(East, South);
        int At(double share) => Math.Clamp((int)Math.Floor(share * side), 0, side - 1);
        return (At(left), At(top), At(right) - At(left) + 1, At(bottom) - At(top) + 1);
    }
}
