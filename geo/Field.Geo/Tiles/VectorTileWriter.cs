using System.Text;

namespace Field.Geo.Tiles;

/// <summary>The geometry types of a vector tile (clause 4.3.4).</summary>
internal enum TileGeometryType
{
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// <summary>Writes one layer as a Mapbox Vector Tile 2.1 (github.com/mapbox/vector-tile-spec, clause numbers are its), protobuf by hand.</summary>
internal sealed class VectorTileWriter(string name) : IDisposable
{
    /// <summary>Units along an edge of the tile.</summary>
    public const int Extent = 4096;

    private readonly MemoryStream _features = new();
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<object, int> _values = [];
    private readonly List<uint> _commands = [];
    private (int X, int Y) _cursor;

    /// <summary>Features written.</summary>
    public int Count { get; private set; }

    /// <summary>True while the geometry that is being written has nothing.</summary>
    public bool IsEmpty => _commands.Count == 0;

    /// <summary>Begins the geometry of the next feature.</summary>
    public void Begin()
    {
        _commands.Clear();
        _cursor = (0, 0);
    }

    /// <summary>Points of one feature (clause 4.3.4.2).</summary>
    public void Points(IReadOnlyList<(int X, int Y)> points)
    {
        _commands.Add(Command(1, points.Count));
        foreach ((int X, int Y) point in points)
        {
            Move(point);
        }
    }

    /// <summary>A line, or a ring without its first point repeated (clauses 4.3.4.3, 4.3.4.4).</summary>
    public void Path(IReadOnlyList<(int X, int Y)> points, bool isRing)
    {
        _commands.Add(Command(1, 1));
        Move(points[0]);
        _commands.Add(Command(2, points.Count - 1));
        for (int i = 1; i < points.Count; i++)
        {
            Move(points[i]);
        }

        if (isRing)
        {
            _commands.Add(Command(7, 1));
        }
    }

    /// <summary>Ends the feature; nothing is written when it has no geometry.</summary>
    public void End(TileGeometryType type, long id, params ReadOnlySpan<(string Key, object? Value)> attributes)
    {
        if (IsEmpty)
        {
            return;
        }

        using MemoryStream tags = new();
        foreach ((string key, object? value) in attributes)
        {
            if (value is not null)
            {
                Varint(tags, (ulong)IndexOf(_keys, key));
                Varint(tags, (ulong)IndexOf(_values, value));
            }
        }

        using MemoryStream geometry = new();
        foreach (uint command in _commands)
        {
            Varint(geometry, command);
        }

        using MemoryStream feature = new();
        Number(feature, 1, (ulong)id);
        Bytes(feature, 2, tags);
        Number(feature, 3, (ulong)type);
        Bytes(feature, 4, geometry);
        Bytes(_features, 2, feature);
        Count++;
    }

    /// <summary>The tile; empty when no feature lies in it.</summary>
    public byte[] ToArray()
    {
        if (Count == 0)
        {
            return [];
        }

        using MemoryStream layer = new();
        Number(layer, 15, 2); // version
        Text(layer, 1, name);
        _features.WriteTo(layer);
        foreach (string key in _keys.Keys)
        {
            Text(layer, 3, key);
        }

        foreach (object value in _values.Keys)
        {
            using MemoryStream one = new();
            if (value is long number)
            {
                Number(one, 6, ((ulong)number << 1) ^ (ulong)(number >> 63)); // sint64
            }
            else
            {
                Text(one, 1, (string)value);
            }

            Bytes(layer, 4, one);
        }

        Number(layer, 5, Extent);
        using MemoryStream tile = new();
        Bytes(tile, 3, layer);
        return tile.ToArray();
    }

    public void Dispose() => _features.Dispose();

    private static uint Command(uint id, int count) => id | ((uint)count << 3);

    private static int IndexOf<T>(Dictionary<T, int> table, T item)
        where T : notnull
    {
        if (!table.TryGetValue(item, out int index))
        {
            table[item] = index = table.Count;
        }

        return index;
    }

    private static void Varint(MemoryStream to, ulong value)
    {
        while (value >= 0x80)
        {
            to.WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        to.WriteByte((byte)value);
    }

    private static void Number(MemoryStream to, int field, ulong value)
    {
        Varint(to, (ulong)field << 3);
        Varint(to, value);
    }

    private static void Bytes(MemoryStream to, int field, MemoryStream content)
    {
        Varint(to, ((ulong)field << 3) | 2);
        Varint(to, (ulong)content.Length);
        content.WriteTo(to);
    }

    private static void Text(MemoryStream to, int field, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Varint(to, ((ulong)field << 3) | 2);
        Varint(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private void Move((int X, int Y) to)
    {
        _commands.Add(ZigZag(to.X - _cursor.X));
        _commands.Add(ZigZag(to.Y - _cursor.Y));
        _cursor = to;
    }

    private static uint ZigZag(int value) => (uint)((value << 1) ^ (value >> 31));
}
