using Field.Gdal;
using Field.Ingest.Import;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Assets;

/// <summary>Reads a whole file into assets before anything is written, so that all its errors are told at once.</summary>
internal sealed class AssetImport(AssetImportOptions options, IReadOnlySet<string> bridges, DateTimeOffset now)
{
    private readonly List<ImportNote> _faults = [];
    private readonly List<ImportNote> _warnings = [];
    private readonly Dictionary<string, Feature> _assets = new(StringComparer.Ordinal);

    /// <summary>Every error of the file.</summary>
    public IReadOnlyList<ImportNote> Faults => _faults;

    /// <summary>What a person should know.</summary>
    public IReadOnlyList<ImportNote> Warnings => _warnings;

    /// <summary>The rows that are right, by id.</summary>
    public IReadOnlyDictionary<string, Feature> Assets => _assets;

    /// <summary>Rows read.</summary>
    public long Rows { get; private set; }

    /// <exception cref="GdalException">The file cannot be read.</exception>
    public void Read(IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken)
    {
        using VectorReader reader = Vectors.Open(options.Path, options.Vector);
        AssetColumns columns = new(reader.Layer, options, _faults);
        if (ImportGeometry.SystemOf(reader.Layer, options.Crs, _faults, _warnings) is not { } crs || _faults.Count > 0)
        {
            return;
        }

        AssetGeometry geometry = new(options.Kind, crs, _faults, _warnings);
        while (reader.Read() is { } row)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Rows = row.Row;
            Take(row, reader.Layer, columns, geometry);
            progress?.Report((row.Row, reader.Layer.FeatureCount));
        }

        _warnings.AddRange(reader.Warnings.Select(w => new ImportNote(0, null, w, w)));
    }

    private void Take(VectorFeature row, VectorLayer layer, AssetColumns columns, AssetGeometry geometry)
    {
        int before = _faults.Count;
        string? id = columns.Id(row);
        string? parent = columns.Parent(row);
        Geometry? place = geometry.Of(row);
        bool isLevee = options.Kind == AssetKind.Levee;
        Dictionary<string, object?> properties = new()
        {
            ["kind"] = options.Kind,
            ["ledgerId"] = id,
            ["name"] = columns.Name(row),
            ["parent"] = parent is null ? null : AssetKind.IdOf(AssetKind.Bridge, parent, null),
            ["river"] = columns.River(row),
            ["bank"] = columns.Bank(row, required: isLevee),
            ["km"] = options.Kind == AssetKind.Mark ? columns.Km(row) : null,
            ["startKm"] = isLevee ? columns.StartKm(row) : null,
            ["endKm"] = isLevee ? columns.EndKm(row) : null,
            ["attributes"] = ImportAttributes.Json(layer.Fields, row),
            ["source"] = Path.GetFileName(options.Path),
            ["importedAt"] = now,
        };
        if (options.Kind == AssetKind.Element)
        {
            CheckElement(row, id, parent);
        }

        if (_faults.Count > before)
        {
            return;
        }

        string key = AssetKind.IdOf(options.Kind, id!, parent);
        if (!_assets.TryAdd(key, new Feature(FieldTables.Assets, key, place, properties)))
        {
            _faults.Add(new ImportNote(row.Row, null, AssetFault.SameId(id!)));
        }
    }

    private void CheckElement(VectorFeature row, string? id, string? parent)
    {
        if (id is not null && !AssetKind.IsElementCode(id))
        {
            _faults.Add(new ImportNote(row.Row, null, AssetFault.ElementCode(id)));
        }

        if (parent is not null && !bridges.Contains(AssetKind.IdOf(AssetKind.Bridge, parent, null)))
        {
            _faults.Add(new ImportNote(row.Row, null, AssetFault.NoBridge(parent)));
        }
    }
}
