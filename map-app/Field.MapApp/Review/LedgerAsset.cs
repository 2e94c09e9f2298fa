using System.Text.Json;
using Field.Geo;
using Field.Geo.Linear;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Review;

/// <summary>An asset as a review needs it: of the store, or of a file that <c>assets export</c> wrote.</summary>
internal sealed record LedgerAsset(string Id, string Kind, Geometry? Geometry)
{
    public string? Name { get; init; }

    public string? LedgerId { get; init; }

    /// <summary>Of an element: the id of its bridge.</summary>
    public string? Parent { get; init; }

    public string? River { get; init; }

    public Bank? Bank { get; init; }

    public double? Km { get; init; }

    public double? StartKm { get; init; }

    public double? EndKm { get; init; }

    /// <summary>What people call it.</summary>
    public string Title => Name ?? LedgerId ?? Id;

    public static LedgerAsset From(Feature row) => new(row.Id, row.Text("kind") ?? "", row.Geometry)
    {
        Name = row.Text("name"),
        LedgerId = row.Text("ledgerId"),
        Parent = row.Text("parent"),
        River = row.Text("river"),
        Bank = MarkText.ParseBank(row.Text("bank")),
        Km = row.Real("km"),
        StartKm = row.Real("startKm"),
        EndKm = row.Real("endKm"),
    };

    /// <summary>Of a file; the parts of a shape that came apart are one asset again. What is no asset's export counts by what it holds.</summary>
    public static IReadOnlyList<LedgerAsset> From(IReadOnlyList<(Geometry Geometry, JsonElement Properties)> features) =>
    [
        .. features.Select((f, i) => From(f.Geometry, f.Properties, i)).GroupBy(a => a.Id)
            .Select(same => same.Count() == 1 ? same.First() : same.First() with { Geometry = GeometryFactory.Default.BuildGeometry([.. same.Select(a => a.Geometry)]) }),
    ];

    /// <summary>The levee line with its marks; null when it is none.</summary>
    public LeveeLine? Levee(IEnumerable<LedgerAsset> marks)
    {
        if (Geometry is not LineString { Length: > 0 } line || River is null)
        {
            return null;
        }

        return StartKm is { } start && EndKm is { } end
            ? LeveeLine.WithEnds(Id, River, Bank, line, start, end)
            : LeveeLine.WithMarks(Id, River, Bank, line, marks
                .Where(m => m is { Geometry: Point, Km: not null } && m.River == River && (m.Bank is null || m.Bank == Bank))
                .Select(m => new DistanceMark(m.Km!.Value, new LonLat(m.Geometry!.Coordinate.X, m.Geometry.Coordinate.Y))));
    }

    private static LedgerAsset From(Geometry geometry, JsonElement p, int index) => new(Json.Text(p, "assetId") ?? $"{index}", Json.Text(p, "kind") ?? "", geometry)
    {
        Name = Json.Text(p, "name"),
        LedgerId = Json.Text(p, "ledgerId"),
        Parent = Json.Text(p, "parent"),
        River = Json.Text(p, "river"),
        Bank = MarkText.ParseBank(Json.Text(p, "bank")),
        Km = Json.Number(p, "km"),
        StartKm = Json.Number(p, "startKm"),
        EndKm = Json.Number(p, "endKm"),
    };

    /// <summary>Members of objects that somebody else wrote.</summary>
    internal static class Json
    {
        public static string? Text(JsonElement properties, string name) =>
            properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        public static double? Number(JsonElement properties, string name) =>
            properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
    }
}
