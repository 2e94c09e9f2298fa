using System.Text.Json;
using Field.Store;

namespace Field.MapApp.Board;

/// <summary>A report as somebody said it (SPEC.md section 21; map-app/web/src/tablet/versions.ts is its other half).</summary>
/// <param name="Event">The event.</param>
/// <param name="Root">The report that it is or says better, <c>device:sequence</c>.</param>
/// <param name="Bases">The versions that its writer saw: it takes their place, and that of no other.</param>
internal sealed record ReportVersion(Feature Event, string Root, IReadOnlyList<string> Bases)
{
    /// <summary>Each report with the versions that hold now, the oldest first.</summary>
    public static IEnumerable<(string Root, IReadOnlyList<ReportVersion> Heads)> PresentOf(IEnumerable<Feature> events) =>
        events.Where(e => e.Text("kind") == "report").Select(Of).GroupBy(v => v.Root).Select(versions =>
        {
            ReportVersion[] all = [.. versions.OrderBy(v => v.Event.Time("time")).ThenBy(v => v.Event.Id, StringComparer.Ordinal)];
            HashSet<string> replaced = [.. all.SelectMany(v => v.Bases)];
            ReportVersion[] heads = [.. all.Where(v => !replaced.Contains(v.Event.Id))];
            return (versions.Key, (IReadOnlyList<ReportVersion>)(heads.Length > 0 ? heads : all)); // a circle is nobody's honest work: all of it is shown
        });

    private static ReportVersion Of(Feature report)
    {
        using JsonDocument said = JsonDocument.Parse(report.Text("details") ?? "{}");
        JsonElement root = said.RootElement;
        string? amends = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("amends", out JsonElement of) && of.ValueKind == JsonValueKind.String ? of.GetString() : null;
        string[] bases = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("bases", out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(b => b.ValueKind == JsonValueKind.String).Select(b => b.GetString()!)]
            : [];
        return new(report, amends ?? report.Id, bases);
    }
}
