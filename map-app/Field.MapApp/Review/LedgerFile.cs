using System.Text.Json;
using Field.Geo.Linear;
using Field.Ingest.Assets;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Review;

/// <summary>Assets of a GeoJSON file, such as <c>assets export</c> writes.</summary>
internal static class LedgerFile
{
    /// <summary>The parts of a shape that came apart are one asset again. What is no asset's export counts by what it holds.</summary>
    public static IReadOnlyList<LedgerAsset> Assets(IReadOnlyList<(Geometry Geometry, JsonElement Properties)> features) =>
    [
        .. features.Select((f, i) => Asset(f.Geometry, f.Properties, i)).GroupBy(a => a.Id)
            .Select(same => same.Count() == 1 ? same.First() : same.First() with { Geometry = GeometryFactory.Default.BuildGeometry([.. same.Select(a => a.Geometry)]) }),
    ];

    /// <summary>The levee of a file with one line; null when it has several.</summary>
    public static LeveeLine? Levee(IReadOnlyList<(Geometry Geometry, JsonElement Properties)> features)
    {
        IReadOnlyList<LedgerAsset> assets = Assets(features);
        return assets.Where(a => a.Geometry is not Point).ToArray() is [var line] ? line.Levee(assets) : null;
    }

    /// <summary>A member that somebody else wrote; null when it is no text.</summary>
    public static string? Text(JsonElement properties, string name) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A member that somebody else wrote; null when it is no number.</summary>
    public static double? Number(JsonElement properties, string name) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static LedgerAsset Asset(Geometry geometry, JsonElement p, int index) => new(Text(p, "assetId") ?? $"{index}", Text(p, "kind") ?? "", geometry)
    {
        Name = Text(p, "name"),
        LedgerId = Text(p, "ledgerId"),
        Parent = Text(p, "parent"),
        River = Text(p, "river"),
        Bank = MarkText.ParseBank(Text(p, "bank")),
        Km = Number(p, "km"),
        StartKm = Number(p, "startKm"),
        EndKm = Number(p, "endKm"),
    };
}
