using System.Text.Json;
using Field.Contracts;
using Field.Ingest.Import;
using Field.Store;

namespace Field.Ingest.Residents;

/// <summary>What is known of the residents as a whole. There is one register; its households are of one edition, and the one before is kept.</summary>
public sealed record ResidentRegister
{
    /// <summary>Its only id.</summary>
    public const string Id = "residents";

    /// <summary>Name for people.</summary>
    public required string Title { get; init; }

    /// <summary>Which office gave it.</summary>
    public string? Source { get; init; }

    /// <summary>The day that it tells of, <c>yyyy-MM-dd</c>.</summary>
    public string? SourceDate { get; init; }

    /// <summary>True when nobody in it is real: every export says so.</summary>
    public bool IsSynthetic { get; init; }

    /// <summary>Name of the file of points.</summary>
    public required string PointsFile { get; init; }

    /// <summary>Name of the register's file, or null.</summary>
    public string? RegisterFile { get; init; }

    /// <summary>Which of <c>people aged65 needsSupport households association</c> are known; what is not known is not zero.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Rows by <see cref="HouseholdState"/>.</summary>
    public IReadOnlyDictionary<string, long> States { get; init; } = new Dictionary<string, long>();

    /// <summary>Households that count.</summary>
    public long Households { get; init; }

    /// <summary>People in them.</summary>
    public long People { get; init; }

    /// <summary>Households of the register without a place.</summary>
    public long UnplacedHouseholds { get; init; }

    /// <summary>People in those: counted nowhere.</summary>
    public long UnplacedPeople { get; init; }

    /// <summary>Rows of the edition.</summary>
    public long Rows { get; init; }

    /// <summary>What a person should know of the import.</summary>
    public IReadOnlyList<ImportNote> Notes { get; init; } = [];

    /// <summary>When it was imported.</summary>
    public DateTimeOffset ImportedAt { get; init; }

    /// <summary>By whom.</summary>
    public required string ImportedBy { get; init; }

    /// <summary>When it was taken away; it can be brought back.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary>Which households count: <c>residents@hash</c> of what was imported and how.</summary>
    public required string Edition { get; init; }

    /// <summary>The register as it was before, or null.</summary>
    public ResidentRegister? Previous { get; init; }

    /// <summary>Revision of the row in the store.</summary>
    public long Revision { get; init; }

    private static JsonSerializerOptions JsonText { get; } = new(JsonSerializerDefaults.Web) { Encoder = WireJson.WriterOptions.Encoder };

    internal static ResidentRegister Of(Feature row) => new()
    {
        Title = row.Text("title") ?? Id,
        Source = row.Text("source"),
        SourceDate = row.Text("sourceDate"),
        IsSynthetic = row.Flag("synthetic") ?? false,
        PointsFile = row.Text("pointsFile") ?? "",
        RegisterFile = row.Text("registerFile"),
        Columns = Json<string[]>(row, "columns") ?? [],
        States = Json<Dictionary<string, long>>(row, "states") ?? [],
        Households = row.Whole("households") ?? 0,
        People = row.Whole("people") ?? 0,
        UnplacedHouseholds = row.Whole("unplacedHouseholds") ?? 0,
        UnplacedPeople = row.Whole("unplacedPeople") ?? 0,
        Rows = row.Whole("rows") ?? 0,
        Notes = Json<ImportNote[]>(row, "notes") ?? [],
        ImportedAt = row.Time("importedAt") ?? default,
        ImportedBy = row.Text("importedBy") ?? "",
        RemovedAt = row.Time("removedAt"),
        Edition = row.Text("edition") ?? "",
        Previous = Json<ResidentRegister>(row, "previous"),
        Revision = row.Revision,
    };

    internal Feature ToFeature() => new(FieldTables.Registers, Id, null, new Dictionary<string, object?>
    {
        ["title"] = Title,
        ["source"] = Source,
        ["sourceDate"] = SourceDate,
        ["synthetic"] = IsSynthetic,
        ["pointsFile"] = PointsFile,
        ["registerFile"] = RegisterFile,
        ["columns"] = JsonSerializer.Serialize(Columns, JsonText),
        ["states"] = JsonSerializer.Serialize(States, JsonText),
        ["households"] = Households,
        ["people"] = People,
        ["unplacedHouseholds"] = UnplacedHouseholds,
        ["unplacedPeople"] = UnplacedPeople,
        ["rows"] = Rows,
        ["notes"] = JsonSerializer.Serialize(Notes, JsonText),
        ["importedAt"] = ImportedAt,
        ["importedBy"] = ImportedBy,
        ["removedAt"] = RemovedAt,
        ["edition"] = Edition,
        ["previous"] = Previous is { } previous ? JsonSerializer.Serialize(previous with { Previous = null }, JsonText) : null,
    });

    private static T? Json<T>(Feature row, string column)
        where T : class => row.Text(column) is { } text ? JsonSerializer.Deserialize<T>(text, JsonText) : null;
}
