using System.Text.Json;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Board;

/// <summary>What kind of thing happened.</summary>
internal enum BoardItemKind
{
    Report,
    Sensor,
    Lock,
    Finding,
    Device,
}

/// <summary>Something that happened, as the page's board lists it (SPEC.md, Board; map-app/web/src/board/items.ts is its other half, and tests/golden/board/items.json holds both to the same rules).</summary>
/// <param name="Key"><c>event:...</c>, <c>alarm:...</c>, <c>finding:...</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="At">When.</param>
/// <param name="Row">The event, alarm or finding.</param>
/// <param name="Place">Where, or null.</param>
/// <param name="IsOver">The condition holds no more.</param>
internal sealed record BoardItem(string Key, BoardItemKind Kind, DateTimeOffset? At, Feature Row, Point? Place, bool IsOver)
{
    /// <summary><c>critical</c>, <c>warning</c>, <c>info</c>; null when nobody said.</summary>
    public string? Severity { get; init; }

    /// <summary>What a report is about, or null.</summary>
    public string? Category { get; init; }

    /// <summary>What the form that the report was made with calls it, in Japanese, or null.</summary>
    public string? CategoryLabel { get; init; }

    /// <summary>The name of that form, in Japanese, or null.</summary>
    public string? FormLabel { get; init; }

    /// <summary>A report's words, or null.</summary>
    public string? Words { get; init; }

    /// <summary>Versions of a report that hold now: more than one contradict each other.</summary>
    public int VersionCount { get; init; } = 1;

    /// <summary>What is done about it; null when nobody follows it.</summary>
    public Feature? Follow { get; init; }

    /// <summary><c>open</c>, <c>working</c>, <c>done</c>, <c>false-report</c>.</summary>
    public string State => Follow?.Text("state") ?? (IsOver ? "done" : "open");

    public bool IsOpen => State is "open" or "working";
}

/// <summary>Reads the board from what is stored.</summary>
internal static class BoardItems
{
    private static readonly Dictionary<string, (string Severity, string[] Ends)> LockEvents = new()
    {
        ["lock-tamper"] = ("critical", []),
        ["lock-left-open"] = ("warning", ["door-closed", "lock-locked"]),
        ["lock-failed"] = ("warning", []),
        ["lock-unreachable"] = ("warning", ["lock-reachable"]),
        ["door-opened"] = ("info", ["door-closed"]),
    };

    /// <summary>What is open first, of that the worst, of that the newest.</summary>
    public static async Task<List<BoardItem>> ReadAsync(IFeatureStore store, CancellationToken cancel)
    {
        List<Feature> events = await store.AllAsync(FieldTables.Events, null, cancel).ConfigureAwait(false);
        List<Feature> alarms = await store.AllAsync(FieldTables.Alarms, null, cancel).ConfigureAwait(false);
        List<Feature> findings = await store.AllAsync(FieldTables.Findings, null, cancel).ConfigureAwait(false);
        Dictionary<string, Feature> devices = (await store.AllAsync(FieldTables.Devices, null, cancel).ConfigureAwait(false)).DistinctBy(d => d.Id).ToDictionary(d => d.Id);
        Dictionary<string, Feature> follows = (await store.AllAsync(FieldTables.Board, ("kind", "follow"), cancel).ConfigureAwait(false))
            .Where(f => f.Time("removedAt") is null).DistinctBy(f => f.Id).ToDictionary(f => f.Id);
        return
        [
            .. Reports(events).Concat(Alarms(alarms, devices)).Concat(Locks(events, alarms, devices)).Concat(Findings(findings))
                .Select(i => i with { Follow = follows.GetValueOrDefault($"follow:{i.Key}") })
                .Where(i => !(i.IsOver && i.Follow is null && i.Row.Text("kind") == "door-opened"))
                .OrderByDescending(i => i.IsOpen).ThenBy(Rank).ThenByDescending(i => i.At).ThenBy(i => i.Key, StringComparer.Ordinal),
        ];
    }

    private static int Rank(BoardItem item) => item.Severity switch { "critical" => 0, "warning" => 1, null => 2, _ => 3 };

    /// <summary>A report with its corrections is one item, by its first telling; versions that contradict each other count as the worst of them.</summary>
    internal static IEnumerable<BoardItem> Reports(IEnumerable<Feature> events) => ReportVersion.PresentOf(events).Select(present =>
    {
        BoardItem[] said = [.. present.Heads.Select(Of)];
        string?[] words = [.. said.Select(v => v.Words).Distinct().Where(w => w is not null)];
        return said[^1] with
        {
            Key = $"event:{present.Root}",
            Severity = said.MinBy(Rank)!.Severity,
            Place = present.Heads.LastOrDefault(h => h.Event.Geometry is Point)?.Event.Geometry as Point,
            Words = words.Length > 0 ? string.Join("／", words) : null,
            VersionCount = said.Length,
        };
    });

    private static BoardItem Of(ReportVersion version)
    {
        using JsonDocument details = JsonDocument.Parse(version.Event.Text("details") ?? "{}");
        JsonElement root = details.RootElement;
        JsonElement labels = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("labels", out JsonElement said) ? said : default;
        return new BoardItem("", BoardItemKind.Report, version.Event.Time("time"), version.Event, null, false)
        {
            Severity = Known(Text(root, "severity")),
            Category = Text(root, "category"),
            CategoryLabel = Label(labels, "category"),
            FormLabel = Label(labels, "form"),
            Words = Text(root, "note"),
        };
    }

    private static string? Label(JsonElement labels, string name) => labels.ValueKind == JsonValueKind.Object && labels.TryGetProperty(name, out JsonElement label) ? Text(label, "ja") : null;

    private static string? Known(string? severity) => severity is "critical" or "warning" or "info" ? severity : null;

    private static IEnumerable<BoardItem> Alarms(IEnumerable<Feature> alarms, Dictionary<string, Feature> devices) => alarms.Select(a =>
    {
        Feature? device = devices.GetValueOrDefault(a.Text("device") ?? "");
        BoardItemKind kind = a.Text("kind") == "threshold" && a.Text("measure") is not ("batteryPercent" or "queueDepth") ? BoardItemKind.Sensor
            : device?.Text("kind") == "lock" && a.Text("kind") == "event" ? BoardItemKind.Lock
            : BoardItemKind.Device;
        return new BoardItem($"alarm:{a.Id}", kind, a.Time("raisedAt"), a, (a.Geometry ?? device?.Geometry) as Point, a.Text("state") == "cleared") { Severity = Known(a.Text("severity")) };
    });

    private static IEnumerable<BoardItem> Locks(List<Feature> events, List<Feature> alarms, Dictionary<string, Feature> devices)
    {
        HashSet<(string?, DateTimeOffset?)> told = [.. alarms.Where(a => a.Text("kind") == "event").Select(a => (a.Text("device"), a.Time("raisedAt")))];
        Dictionary<(string?, string?), DateTimeOffset?> last = events.GroupBy(e => (e.Text("device"), e.Text("kind"))).ToDictionary(g => g.Key, g => g.Max(e => e.Time("time")));
        return events.Where(e => LockEvents.ContainsKey(e.Text("kind") ?? "") && !told.Contains((e.Text("device"), e.Time("time")))).Select(e =>
        {
            (string severity, string[] ends) = LockEvents[e.Text("kind")!];
            bool isOver = ends.Any(end => last.GetValueOrDefault((e.Text("device"), end)) > e.Time("time"));
            Point? place = (e.Geometry ?? devices.GetValueOrDefault(e.Text("device") ?? "")?.Geometry) as Point;
            return new BoardItem($"event:{e.Id}", BoardItemKind.Lock, e.Time("time"), e, place, isOver) { Severity = severity };
        });
    }

    private static IEnumerable<BoardItem> Findings(IEnumerable<Feature> findings) => findings.Where(f => f.Text("mergedInto") is null).Select(f =>
    {
        string[] worst = f.Text("rankScale") == "levee" ? ["c", "d"] : ["d", "e"];
        bool isDecided = f.Text("status") is "confirmed" or "corrected";
        string? letter = isDecided ? f.Text("degree") : f.Text("status") == "draft" ? f.Text("degreeLeast") : null;
        Point? place = f.Real("centreLon") is { } lon && f.Real("centreLat") is { } lat ? GeometryFactory.Default.CreatePoint(new Coordinate(lon, lat)) : f.Geometry?.Centroid;
        return worst.Contains(letter)
            ? new BoardItem($"finding:{f.Id}", BoardItemKind.Finding, f.Time("capturedAt"), f, place, false) { Severity = letter == worst[1] && isDecided ? "critical" : "warning" }
            : null;
    }).OfType<BoardItem>();

    private static string? Text(JsonElement details, string name) =>
        details.ValueKind == JsonValueKind.Object && details.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString()!.Trim() is { Length: > 0 } text
            ? text
            : null;
}
