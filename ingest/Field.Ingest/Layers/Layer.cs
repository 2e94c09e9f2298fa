using System.Text.Json;
using Field.Contracts;
using Field.Ingest.Import;
using Field.Store;
using Envelope = NetTopologySuite.Geometries.Envelope;

namespace Field.Ingest.Layers;

/// <summary>An imported map layer: what is known of it, and how it was before. Its features are of one edition.</summary>
public sealed record Layer
{
    private const int MostNotes = 200;

    /// <summary>a-z, 0-9 and <c>-</c>, at most 32.</summary>
    public required string Id { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Title { get; init; }

    /// <summary>One of <see cref="LayerKind.All"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>One of <see cref="LayerDataClass.All"/>.</summary>
    public required string DataClass { get; init; }

    /// <summary>Who made the data.</summary>
    public string? Source { get; init; }

    /// <summary>The day that the data tells of, <c>yyyy-MM-dd</c>.</summary>
    public string? SourceDate { get; init; }

    /// <summary>Under which licence it came.</summary>
    public string? Licence { get; init; }

    /// <summary>What must stand beside it on a map.</summary>
    public string? Attribution { get; init; }

    /// <summary>EPSG code of the file's coordinates; stored ones are lon, lat.</summary>
    public int Epsg { get; init; }

    /// <summary>Folder and name of the file.</summary>
    public required string FileName { get; init; }

    /// <summary>Geometry types, such as <c>MultiPolygon</c>; several with a comma between.</summary>
    public string GeometryType { get; init; } = "";

    /// <summary>Names of the attributes.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>The attribute that names a feature, or null.</summary>
    public string? LabelField { get; init; }

    /// <summary>Its classes, or null when it has none.</summary>
    public LayerClasses? Classes { get; init; }

    /// <summary>Where it lies, lon and lat; null when it has no feature.</summary>
    public Envelope? Extent { get; init; }

    /// <summary>Features on the map.</summary>
    public long FeatureCount { get; init; }

    /// <summary>Of these, how many had a broken outline that was repaired.</summary>
    public long RepairedCount { get; init; }

    /// <summary>Rows that could not be taken; they are kept beside the features.</summary>
    public long RefusedCount { get; init; }

    /// <summary>The first of what a person should know of the import: repairs, refusals, encodings.</summary>
    public IReadOnlyList<ImportNote> Notes { get; init; } = [];

    /// <summary>When it was imported.</summary>
    public DateTimeOffset ImportedAt { get; init; }

    /// <summary>By whom.</summary>
    public required string ImportedBy { get; init; }

    /// <summary>Since which day the publisher has withdrawn it, <c>yyyy-MM-dd</c>; null while it holds. A withdrawn layer is never shown without this.</summary>
    public string? WithdrawnOn { get; init; }

    /// <summary>What the publisher said.</summary>
    public string? WithdrawnReason { get; init; }

    /// <summary>When it was taken off the map; it can be brought back.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary>Which features are shown: <c>id@hash</c> of what was imported and how.</summary>
    public required string Edition { get; init; }

    /// <summary>The layer as it was before, the latest first: what can be brought back.</summary>
    public IReadOnlyList<LayerVersion> Earlier { get; init; } = [];

    /// <summary>Revision of the row in the store; what depends on the layer is stale when it changes.</summary>
    public long Revision { get; init; }

    /// <summary>The columns that a person decides and in which another state differs; <c>features</c> when it shows other features.</summary>
    public IReadOnlyList<string> DiffersFrom(Layer other) => LayerRules.Changed(this, other);

    /// <summary>Reads a row of the store.</summary>
    public static Layer Of(Feature row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new Layer
        {
            Id = row.Id,
            Title = row.Text("title") ?? row.Id,
            Kind = row.Text("kind") ?? LayerKind.Other,
            DataClass = row.Text("dataClass") ?? LayerDataClass.Resident, // what nobody said who may see is seen by the fewest
            Source = row.Text("source"),
            SourceDate = row.Text("sourceDate"),
            Licence = row.Text("licence"),
            Attribution = row.Text("attribution"),
            Epsg = (int)(row.Whole("epsg") ?? 0),
            FileName = row.Text("fileName") ?? "",
            GeometryType = row.Text("geometryType") ?? "",
            Fields = row.Text("fields") is { } fields ? JsonSerializer.Deserialize<string[]>(fields)! : [],
            LabelField = row.Text("labelField"),
            Classes = row.Text("classTable") is { } classes ? LayerClasses.Read(classes) : null,
            Extent = row.Real("minLon") is { } west ? new Envelope(west, row.Real("maxLon")!.Value, row.Real("minLat")!.Value, row.Real("maxLat")!.Value) : null,
            FeatureCount = row.Whole("featureCount") ?? 0,
            RepairedCount = row.Whole("repairedCount") ?? 0,
            RefusedCount = row.Whole("refusedCount") ?? 0,
            Notes = row.Text("notes") is { } notes ? JsonSerializer.Deserialize<ImportNote[]>(notes, JsonSerializerOptions.Web)! : [],
            ImportedAt = row.Time("importedAt") ?? default,
            ImportedBy = row.Text("importedBy") ?? "",
            WithdrawnOn = row.Text("withdrawnOn"),
            WithdrawnReason = row.Text("withdrawnReason"),
            RemovedAt = row.Time("removedAt"),
            Edition = row.Text("edition") ?? "",
            Earlier = row.Text("previous") is { } earlier ? LayerHistory.Read(row, earlier) : [],
            Revision = row.Revision,
        };
    }

    /// <summary>The row of the store.</summary>
    public Feature ToFeature() => new(FieldTables.Layers, Id, null, new Dictionary<string, object?>
    {
        ["title"] = Title,
        ["kind"] = Kind,
        ["dataClass"] = DataClass,
        ["source"] = Source,
        ["sourceDate"] = SourceDate,
        ["licence"] = Licence,
        ["attribution"] = Attribution,
        ["epsg"] = (long)Epsg,
        ["fileName"] = FileName,
        ["geometryType"] = GeometryType,
        ["fields"] = JsonSerializer.Serialize(Fields, JsonText),
        ["labelField"] = LabelField,
        ["classTable"] = Classes is { } classes ? ClassJson(classes) : null,
        ["minLon"] = Extent?.MinX,
        ["minLat"] = Extent?.MinY,
        ["maxLon"] = Extent?.MaxX,
        ["maxLat"] = Extent?.MaxY,
        ["featureCount"] = FeatureCount,
        ["repairedCount"] = RepairedCount,
        ["refusedCount"] = RefusedCount,
        ["notes"] = JsonSerializer.Serialize(Notes.Take(MostNotes), JsonText),
        ["importedAt"] = ImportedAt,
        ["importedBy"] = ImportedBy,
        ["withdrawnOn"] = WithdrawnOn,
        ["withdrawnReason"] = WithdrawnReason,
        ["removedAt"] = RemovedAt,
        ["edition"] = Edition,
        ["previous"] = Earlier.Count > 0 ? LayerHistory.Write(Earlier) : null,
    });

    private static JsonSerializerOptions JsonText { get; } = new(JsonSerializerDefaults.Web) { Encoder = WireJson.WriterOptions.Encoder };

    private static string ClassJson(LayerClasses classes)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            classes.Write(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
