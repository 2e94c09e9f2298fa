using System.Text.Json;
using Field.Store;

namespace Field.Ingest.Findings;

/// <summary>From the findings of one damage to its primary and the rows as they ought to be.</summary>
internal static class MergeElection
{
    /// <summary>The rows of a damage, as they are and as they ought to be.</summary>
    /// <param name="damage">All its findings.</param>
    /// <param name="asset">The asset of an id, or null.</param>
    public static IEnumerable<(Feature Before, Feature After)> Rows(IReadOnlyList<MergeNode> damage, Func<string, Feature?> asset)
    {
        MergeNode primary = damage.Order(Preference).First();
        bool hasRebar = damage.Any(n => n.Class == DamageClass.Rebar);
        foreach (MergeNode node in damage)
        {
            Feature row = node.IsDecided || node.Class != DamageClass.Spalling ? node.Finding : Regraded(node.Finding, hasRebar, asset);
            bool isPrimary = node == primary || node.IsDecided; // what a person decided stays what it is
            Feature after = row.With(
                ("mergedInto", isPrimary ? null : primary.Finding.Id),
                ("photoIds", node == primary ? PhotoIds(primary, damage) : null)) with
            { Geometry = isPrimary ? node.OnMap : null };
            yield return (node.Finding, after);
        }
    }

    /// <summary>
    /// Decided before drafts, of those what is no rejection; spalling before the rebar in it; whole before cut off by the edge of the photo;
    /// then resolution, of those cut off length; then score, id.
    /// </summary>
    private static Comparer<MergeNode> Preference { get; } = Comparer<MergeNode>.Create((a, b) => Key(a).CompareTo(Key(b)) is not 0 and var order
        ? order
        : string.CompareOrdinal(a.Finding.Id, b.Finding.Id));

    private static (int Decision, int Class, int Cut, double Measured, double Score) Key(MergeNode node)
    {
        bool isCut = GradeFacts.Of(node.Finding).IsPartial;
        return (
            !node.IsDecided ? 2 : node.Finding.Text("status") == "rejected" ? 1 : 0,
            node.Class == DamageClass.Rebar ? 1 : 0,
            isCut ? 1 : 0,
            (isCut ? -node.Finding.Real("lengthM") : node.Finding.Real("gsdM")) ?? double.PositiveInfinity,
            -(node.Finding.Real("score") ?? 0));
    }

    private static Feature Regraded(Feature spalling, bool hasRebar, Func<string, Feature?> asset) =>
        FindingGrade.Apply(spalling, GradeFacts.Of(spalling) with { HasRebar = hasRebar }, spalling.Text("assetId") is { } id ? asset(id) : null);

    private static string? PhotoIds(MergeNode primary, IReadOnlyList<MergeNode> damage)
    {
        string own = primary.Photo.Photo.Id;
        string[] others = [.. damage.Select(n => n.Photo.Photo.Id).Where(id => id != own).Distinct().Order(StringComparer.Ordinal)];
        return others.Length == 0 ? null : JsonSerializer.Serialize((string[])[own, .. others]);
    }
}
