using System.Globalization;
using System.Text.Json;
using Field.Gdal;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace Field.Ingest.Layers;

/// <summary>The rows of one layer of a file, one after the other.</summary>
internal interface ILayerRows : IDisposable
{
    /// <summary>What is read.</summary>
    VectorLayer Layer { get; }

    /// <summary>What was read otherwise than the file says; complete after the last row.</summary>
    IReadOnlyList<string> Warnings { get; }

    /// <summary>The next row, or null after the last.</summary>
    VectorFeature? Read();
}

/// <summary>Opens what libgdal reads, and JSON tables.</summary>
internal static class LayerRows
{
    /// <exception cref="GdalException">The file cannot be read.</exception>
    public static ILayerRows Open(LayerImportOptions options) => RecordRows.IsTable(options.Path)
        ? new RecordRows(options)
        : new GdalRows(options);

    /// <summary>The layers of the file.</summary>
    /// <exception cref="GdalException">The file cannot be read.</exception>
    public static IReadOnlyList<VectorLayer> Layers(string path, string? encoding) => RecordRows.IsTable(path)
        ? [new RecordRows(new LayerImportOptions { Path = path }).Layer]
        : Vectors.Layers(path, new VectorOptions { Encoding = encoding });

    private sealed class GdalRows(LayerImportOptions options) : ILayerRows
    {
        private readonly VectorReader _reader = Vectors.Open(options.Path, new VectorOptions
        {
            Layer = options.Layer,
            Encoding = options.Encoding,
            EastColumn = options.EastColumn,
            NorthColumn = options.NorthColumn,
        });

        public VectorLayer Layer => _reader.Layer;

        public IReadOnlyList<string> Warnings => _reader.Warnings;

        public VectorFeature? Read() => _reader.Read();

        public void Dispose() => _reader.Dispose();
    }
}

/// <summary>A JSON file that holds an array of records: a table with columns of lon and lat, as address lists come.</summary>
internal sealed class RecordRows : ILayerRows
{
    private const long MostBytes = 256L << 20;
    private static readonly string[] EastNames = ["lon", "lng", "longitude", "経度", "east"];
    private static readonly string[] NorthNames = ["lat", "latitude", "緯度", "north"];
    private readonly JsonDocument _document;
    private readonly string? _east;
    private readonly string? _north;
    private int _next;

    /// <exception cref="GdalException">Not a table of records.</exception>
    public RecordRows(LayerImportOptions options)
    {
        _document = Parse(options.Path);
        JsonElement[] records = [.. _document.RootElement.EnumerateArray()];
        if (Array.Find(records, r => r.ValueKind != JsonValueKind.Object) is { ValueKind: not JsonValueKind.Undefined } other)
        {
            _document.Dispose();
            throw new GdalException($"{options.Path}: {LayerFault.NotRecords(other.ValueKind.ToString()).Both}");
        }

        string[] names = [.. records.SelectMany(r => r.EnumerateObject().Select(m => m.Name)).Distinct()];
        _east = options.EastColumn ?? EastNames.FirstOrDefault(n => names.Contains(n));
        _north = options.NorthColumn ?? NorthNames.FirstOrDefault(n => names.Contains(n));
        string type = _east is not null && _north is not null ? "Point" : "None";
        Layer = new VectorLayer(Path.GetFileNameWithoutExtension(options.Path), type, records.Length, [.. names.Select(n => new VectorField(n, VectorFieldType.Text))], null);
    }

    public VectorLayer Layer { get; }

    public IReadOnlyList<string> Warnings => [];

    /// <summary>True for a .json file whose first sign is that of an array: GeoJSON is an object.</summary>
    public static bool IsTable(string path)
    {
        if (!Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) || !File.Exists(path))
        {
            return false;
        }

        using StreamReader reader = new(path);
        int first;
        do
        {
            first = reader.Read();
        }
        while (first >= 0 && char.IsWhiteSpace((char)first));
        return first == '[';
    }

    public VectorFeature? Read()
    {
        if (_next >= _document.RootElement.GetArrayLength())
        {
            return null;
        }

        JsonElement record = _document.RootElement[_next++];
        object?[] values = [.. Layer.Fields.Select(f => Text(record, f.Name))];
        byte[]? wkb = Number(record, _east) is { } x && Number(record, _north) is { } y ? new WKBWriter().Write(new Point(x, y)) : null;
        return new VectorFeature(_next, wkb, values);
    }

    public void Dispose() => _document.Dispose();

    private static JsonDocument Parse(string path)
    {
        if (new FileInfo(path).Length > MostBytes)
        {
            throw new GdalException($"{path}: {LayerFault.TooLarge("JSON", MostBytes >> 20).Both}");
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonDocument.Parse(stream);
        }
        catch (JsonException e)
        {
            throw new GdalException($"{path}: {LayerFault.NotRecords(e.Message).Both}", e);
        }
    }

    private static string? Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out JsonElement value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value.ToString() : null;

    private static double? Number(JsonElement record, string? column) =>
        column is not null && double.TryParse(Text(record, column), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;
}
