using Field.Gdal;
using Field.Geo;
using Field.Ingest.Import;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Layers;

/// <summary>Reads one layer of a file into the features of one edition, row by row; a row that cannot be taken becomes one without geometry that says why.</summary>
internal sealed class LayerImport : IDisposable
{
    public const string Taken = "taken";
    public const string Repaired = "repaired";
    public const string Refused = "refused";
    private const int MostNotes = 1000;
    private const int MostSourceText = 65536;
    private readonly LayerImportOptions _options;
    private readonly List<ImportNote> _warnings = [];
    private readonly SortedDictionary<string, long> _unknownClasses = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _types = new(StringComparer.Ordinal);
    private readonly ILayerRows _rows;
    private readonly OfficialCrs? _crs;
    private readonly int _classAt;
    private readonly int _labelAt;
    private readonly int _meshAt;
    private ImportGeometry? _geometry;
    private long _withoutClass;

    /// <exception cref="GdalException">The file cannot be read.</exception>
    public LayerImport(LayerImportOptions options)
    {
        _options = options;
        _rows = LayerRows.Open(options);
        try
        {
            Fields = [.. _rows.Layer.Fields.Select(f => f.Name)];
            _meshAt = Column(options.MeshField);
            Classes = LayerClassChoice.Of(options, _rows.Layer, Faults, _warnings);
            LabelField = options.LabelField ?? LayerLabels.Usual(Fields);
            _classAt = Column(Classes?.Field);
            _labelAt = Column(LabelField);
            _crs = options.MeshField is null ? System() : OfficialCrs.Find(6668);
        }
        catch
        {
            _rows.Dispose();
            throw;
        }
    }

    public List<ImportNote> Faults { get; } = [];

    public IReadOnlyList<string> Fields { get; }

    public LayerClasses? Classes { get; }

    /// <summary>Rows on the map without a class, when all rows were read.</summary>
    public long UnclassedCount { get; private set; }

    public string? LabelField { get; }

    public int Epsg => _crs?.Epsg ?? 0;

    public string LayerName => _rows.Layer.Name;

    public long RowCount { get; private set; }

    public long RepairedCount { get; private set; }

    public long RefusedCount { get; private set; }

    public Envelope Extent { get; } = new();

    public string GeometryType => string.Join(", ", _types);

    /// <summary>Everything to know, when all rows were read.</summary>
    public IReadOnlyList<ImportNote> Notes =>
    [
        .. _warnings,
        .. _rows.Warnings.Select(w => new ImportNote(0, null, w, w)),
        .. _unknownClasses.Select(c => new ImportNote(0, Classes?.Field, LayerFault.UnknownClass(c.Key, c.Value))),
        .. _withoutClass > 0 ? [new ImportNote(0, Classes?.Field, LayerFault.NoClass(_withoutClass))] : Array.Empty<ImportNote>(),
    ];

    public void Dispose() => _rows.Dispose();

    /// <summary>The features; what cannot be read at all is thrown as <see cref="GdalException"/>, a file of the wrong system ends it with a fault.</summary>
    public IEnumerable<Feature> Read(string layerId, string edition, IProgress<LayerProgress>? progress, CancellationToken cancellationToken)
    {
        if (_crs is null || Faults.Count > 0)
        {
            yield break;
        }

        _geometry = new ImportGeometry(_crs, _warnings);
        bool isSystemSure = _options.MeshField is not null;
        while (_rows.Read() is { } row)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!isSystemSure && row.Wkb is not null)
            {
                isSystemSure = true;
                if (_geometry.IsMetresAsDegrees(row, out ImportFault? metres))
                {
                    Faults.Add(new ImportNote(0, null, metres!));
                    yield break;
                }
            }

            RowCount = row.Row;
            yield return Feature(row, layerId, edition);
            progress?.Report(new LayerProgress(row.Row, _rows.Layer.FeatureCount));
        }
    }

    private Feature Feature(VectorFeature row, string layerId, string edition)
    {
        ImportedGeometry read = _meshAt >= 0 ? Mesh(row) : _geometry!.Of(row);
        (string? key, int? rank) = Class(row);
        UnclassedCount += Classes is { } table && read.Geometry is not null && table.Find(key) is null ? 1 : 0;
        ImportNote? note = read.Fault is { } fault ? new ImportNote(row.Row, null, fault) : read.Repair;
        if (note is not null && _warnings.Count < MostNotes)
        {
            _warnings.Add(note);
        }

        RepairedCount += read.Repair is null ? 0 : 1;
        RefusedCount += read.Fault is null ? 0 : 1;
        if (read.Geometry is { } geometry)
        {
            Extent.ExpandToInclude(geometry.EnvelopeInternal);
            _types.Add(geometry.GeometryType);
        }

        return new Feature(FieldTables.LayerFeatures, Editions.IdOf(edition, row.Row), read.Geometry, new Dictionary<string, object?>
        {
            ["layerId"] = layerId,
            ["edition"] = edition,
            ["n"] = row.Row,
            ["class"] = key,
            ["rank"] = (long?)rank,
            ["label"] = _labelAt >= 0 ? LayerLabels.Text(row.Values[_labelAt]) : null,
            ["attributes"] = ImportAttributes.Json(_rows.Layer.Fields, row),
            ["state"] = read.Fault is not null ? Refused : read.Repair is not null ? Repaired : Taken,
            ["noteJa"] = note?.Ja,
            ["noteEn"] = note?.En,
            ["sourceWkt"] = read.Fault is null ? null : SourceText(row),
        });
    }

    private (string? Key, int? Rank) Class(VectorFeature row)
    {
        if (Classes is not { } classes)
        {
            return (null, null);
        }

        string? value = _classAt >= 0 ? LayerLabels.Text(row.Values[_classAt]) : classes.Constant;
        if (string.IsNullOrWhiteSpace(value))
        {
            _withoutClass++;
            return (null, null);
        }

        if (classes.Of(value) is { } known)
        {
            return (known.Key, known.Rank);
        }

        string shown = value.Length > 50 ? value[..50] : value;
        if (_unknownClasses.ContainsKey(shown) || _unknownClasses.Count < LayerClasses.MostClasses)
        {
            _unknownClasses[shown] = _unknownClasses.GetValueOrDefault(shown) + 1;
        }

        return (value, null);
    }

    private ImportedGeometry Mesh(VectorFeature row)
    {
        string code = (LayerLabels.Text(row.Values[_meshAt]) ?? "").Trim();
        if (!MeshCode.TryParse(code, out MeshCode mesh))
        {
            return new(null, LayerFault.MeshCode(code.Length > 20 ? code[..20] : code), null);
        }

        (LonLat sw, LonLat ne) = (mesh.SouthWest, mesh.NorthEast);
        Coordinate first = new(sw.Lon, sw.Lat);
        return new(new Polygon(new LinearRing([first, new(ne.Lon, sw.Lat), new(ne.Lon, ne.Lat), new(sw.Lon, ne.Lat), first.Copy()])), null, null);
    }

    private OfficialCrs? System()
    {
        if (_rows.Layer.GeometryType == "None")
        {
            Faults.Add(new ImportNote(0, null, LayerFault.NoPlace));
            return null;
        }

        int? told = _options.CrsIfUnknown && _rows.Layer.Crs is not null ? null : _options.Crs;
        return ImportGeometry.SystemOf(_rows.Layer, told, Faults, _warnings);
    }

    private int Column(string? name)
    {
        if (name is null)
        {
            return -1;
        }

        int at = Array.IndexOf([.. Fields], name);
        if (at < 0)
        {
            Faults.Add(new ImportNote(0, name, LayerFault.NoField(name, string.Join(", ", Fields.Take(40)))));
        }
        else if (name == _options.MeshField)
        {
            _warnings.Add(new ImportNote(0, name, LayerFault.MeshOnWorldDatum));
        }

        return at;
    }

    private static string? SourceText(VectorFeature row)
    {
        if (row.Wkb is null)
        {
            return null;
        }

        try
        {
            string text = new NetTopologySuite.IO.WKBReader().Read(row.Wkb).AsText();
            return text.Length <= MostSourceText ? text : text[..MostSourceText];
        }
        catch (Exception e) when (e is NetTopologySuite.IO.ParseException or ArgumentException)
        {
            return null;
        }
    }
}
