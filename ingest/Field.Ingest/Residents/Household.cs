using Field.Ingest.Import;
using Field.Store;

namespace Field.Ingest.Residents;

/// <summary>What became of a household or of a row.</summary>
public static class HouseholdState
{
    /// <summary>Has a place and people: it counts.</summary>
    public const string Taken = "taken";

    /// <summary>A place whose household number the register does not have: nobody is counted there.</summary>
    public const string Unregistered = "unregistered";

    /// <summary>In the register, but without a place that can be taken: counted nowhere, and told beside every answer.</summary>
    public const string Unplaced = "unplaced";

    /// <summary>A row that contradicts itself or another.</summary>
    public const string Refused = "refused";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Taken, Unregistered, Unplaced, Refused];
}

/// <summary>A household of the register. Personal data: never in a log, a live topic or a collection of features.</summary>
/// <param name="N">Its number within the edition, from 1.</param>
/// <param name="Number">Household number of the municipality; null when the file has none.</param>
/// <param name="Place">lon, lat; null when it has none.</param>
/// <param name="People">People.</param>
/// <param name="Aged65">Of them, aged 65 or more.</param>
/// <param name="NeedsSupport">Of them, those who need support to evacuate.</param>
/// <param name="Association">Neighbourhood association, or null.</param>
/// <param name="State">One of <see cref="HouseholdState"/>.</param>
/// <param name="Reason">Why it does not count; its row is that of the file, 0 where there is none.</param>
public sealed record Household(
    long N, string? Number, Geo.LonLat? Place, int People, int Aged65, int NeedsSupport, string? Association, string State, ImportNote? Reason)
{
    internal static Household Of(Feature row) => new(
        row.Whole("n") ?? 0,
        row.Text("household"),
        row.Real("lon") is { } lon && row.Real("lat") is { } lat ? new Geo.LonLat(lon, lat) : null,
        (int)(row.Whole("people") ?? 0),
        (int)(row.Whole("aged65") ?? 0),
        (int)(row.Whole("needsSupport") ?? 0),
        row.Text("association"),
        row.Text("state") ?? HouseholdState.Refused,
        row.Text("reasonJa") is { } ja ? new ImportNote(0, null, ja, row.Text("reasonEn") ?? ja) : null);

    internal Feature ToFeature(string edition) => new(FieldTables.Households, Editions.IdOf(edition, N), null, new Dictionary<string, object?>
    {
        ["edition"] = edition,
        ["n"] = N,
        ["household"] = Number,
        ["lon"] = Place?.Lon,
        ["lat"] = Place?.Lat,
        ["people"] = (long)People,
        ["aged65"] = (long)Aged65,
        ["needsSupport"] = (long)NeedsSupport,
        ["association"] = Association,
        ["state"] = State,
        ["reasonJa"] = Reason?.Ja,
        ["reasonEn"] = Reason?.En,
    });
}
