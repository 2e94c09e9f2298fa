using System.IO.Compression;
using Field.Geo.Tiles;
using Field.Ingest.Layers;
using Field.Store;

namespace Field.MapApp.Layers;

/// <summary>
/// Layers in memory, ready to be cut, and the tiles that were cut. Both are of one edition, so that nothing here is ever stale; what was not used
/// longest goes first. Thread-safe.
/// </summary>
internal sealed class LayerTiles(LayerDesk desk)
{
    private const long MostPoints = 10_000_000; // 20 bytes each
    private const long MostTileBytes = 64L << 20;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Held> _layers = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Edition, TileAddress Tile), Cut> _tiles = [];
    private long _tileBytes;
    private long _clock;

    /// <summary>A tile, compressed with gzip; empty when nothing lies in it.</summary>
    public async Task<byte[]> TileAsync(Layer layer, TileAddress tile, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (_tiles.TryGetValue((layer.Edition, tile), out Cut? known))
            {
                known.Used = ++_clock;
                return known.Bytes;
            }
        }

        TileLayer shapes = await ShapesAsync(layer, cancel).ConfigureAwait(false);
        byte[] bytes = Compressed(shapes.Encode(tile, "features"));
        lock (_lock)
        {
            if (_tiles.TryAdd((layer.Edition, tile), new Cut(bytes) { Used = ++_clock }))
            {
                _tileBytes += bytes.Length;
            }

            while (_tileBytes > MostTileBytes)
            {
                KeyValuePair<(string, TileAddress), Cut> oldest = _tiles.MinBy(t => t.Value.Used);
                _tiles.Remove(oldest.Key);
                _tileBytes -= oldest.Value.Bytes.Length;
            }
        }

        return bytes;
    }

    /// <summary>The shapes of a layer; read once for all who ask meanwhile.</summary>
    public async Task<TileLayer> ShapesAsync(Layer layer, CancellationToken cancel)
    {
        Held held;
        lock (_lock)
        {
            if (!_layers.TryGetValue(layer.Edition, out held!))
            {
                _layers[layer.Edition] = held = new Held(new Lazy<Task<TileLayer>>(() => Task.Run(() => ReadAsync(layer))));
            }

            held.Used = ++_clock;
        }

        try
        {
            TileLayer shapes = await held.Shapes.Value.WaitAsync(cancel).ConfigureAwait(false);
            Trim(layer.Edition);
            return shapes;
        }
        catch (Exception) when (held.Shapes.Value.IsFaulted)
        {
            lock (_lock)
            {
                _layers.Remove(layer.Edition); // the next who asks tries again
            }

            throw;
        }
    }

    private void Trim(string keep)
    {
        lock (_lock)
        {
            (string Edition, Held Held, long Points)[] loaded =
                [.. _layers.Where(l => l.Value.Shapes.Value.IsCompletedSuccessfully).Select(l => (l.Key, l.Value, l.Value.Shapes.Value.Result.PointCount)).OrderBy(l => l.Value.Used)];
            long points = loaded.Sum(l => l.Points);
            foreach ((string edition, _, long count) in loaded.Where(l => l.Edition != keep))
            {
                if (points <= MostPoints)
                {
                    return;
                }

                _layers.Remove(edition);
                points -= count;
            }
        }
    }

    private async Task<TileLayer> ReadAsync(Layer layer)
    {
        List<TileShape> shapes = [];
        await foreach (Feature feature in desk.FeaturesAsync(layer, CancellationToken.None).ConfigureAwait(false))
        {
            if (feature.Geometry is { } geometry)
            {
                shapes.AddRange(TileShape.Of(geometry, feature.Whole("n") ?? 0, feature.Text("class"), feature.Whole("rank"), feature.Text("label")));
            }
        }

        return new TileLayer(shapes);
    }

    private static byte[] Compressed(byte[] tile)
    {
        if (tile.Length == 0)
        {
            return [];
        }

        using MemoryStream buffer = new();
        using (GZipStream gzip = new(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(tile);
        }

        return buffer.ToArray();
    }

    private sealed class Held(Lazy<Task<TileLayer>> shapes)
    {
        public Lazy<Task<TileLayer>> Shapes { get; } = shapes;

        public long Used { get; set; }
    }

    private sealed class Cut(byte[] bytes)
    {
        public byte[] Bytes { get; } = bytes;

        public long Used { get; set; }
    }
}
