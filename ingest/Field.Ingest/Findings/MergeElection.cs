using System.Text.Json;
using Field.Store;

namespace Field.Ingest.Findings;

/// <summary>From the findings of one damage to its primary and the rows as they ought to be.</summary>
internal static class MergeElection
{
    private const double FragmentShare = 0.5; // of the longest: what one photo shows in pieces does not stand for what another shows in full

    /// <summary>The rows of a damage, as they are and as they ought to be.</summary>
    /// <param name="damage">All its findings.</param>
    /// <param name="asset">The asset of an id, or null.</param>
    public static IEnumerable<(Feature Before, Feature After)> Rows(IReadOnlyList<MergeNode> damage, Func<string, Feature?> asset)
    {
        double longestM = damage.Max(LengthM);
        MergeNode primary = damage.MinBy(n => Key(n, longestM))!;
        ChainLength? chain = ChainLength.Of(primary, damage);
        bool hasRebar = damage.Any(n => n.Class == DamageClass.Rebar);
        foreach (MergeNode node in damage)
        {
            Feature row = node.IsDecided || node.Class != DamageClass.Spalling ? node.Finding : Regraded(node.Finding, hasRebar, asset);
            bool isPrimary = node == primary || node.IsDecided; // what a person decided stays what it is
            Feature after = row.With(
                ("mergedInto", isPrimary ? null : primary.Finding.Id),
                ("photoIds", node == primary ? PhotoIds(primary, damage) : null),
                ("chainLengthM", node == primary ? chain?.LengthM : null),
                ("chainErrorM", node == primary ? chain?.ErrorM : null)) with
            { Geometry = isPrimary ? node.OnMap : null };
            yield return (node.Finding, after);
        }
    }

    /// <summary>
    /// Decided before drafts, of those what is no rejection; spalling before the rebar in it; the damage before a fragment of it; whole before cut
    /// off by the edge of the photo; then resolution, of those cut off length; then score, id. The least comes first.
    /// </summary>
    private static (int Decision, int Class, int Piece, int Cut, double Measured, double Score, OrdinalId Id) Key(MergeNode node, double longestM)
    {
        bool isCut = GradeFacts.Of(node.Finding).IsPartial;
        return (
            !node.IsDecided ? 2 : node.Finding.Text("status") == "rejected" ? 1 : 0,
            node.Class == DamageClass.Rebar ? 1 : 0,
            LengthM(node) < FragmentShare * longestM ? 1 : 0,
            isCut ? 1 : 0,
            (isCut ? -node.Finding.Real("lengthM") : node.Finding.Real("gsdM")) ?? double.PositiveInfinity,
            -(node.Finding.Real("score") ?? 0),
            new OrdinalId(node.Finding.Id));
    }

    private static double LengthM(MergeNode node) => node.Finding.Real("lengthM") ?? 0;

    private static Feature Regraded(Feature spalling, bool hasRebar, Func<string, Feature?> asset) =>
        FindingGrade.Apply(spalling, GradeFacts.Of(spalling) with { HasRebar = hasRebar }, spalling.Text("assetId") is { } id ? asset(id) : null);

    private static string? PhotoIds(MergeNode primary, IReadOnlyList<MergeNode> damage)
    {
        string own = primary.Photo.Photo.Id;
        string[] others = [.. damage.Select(n => n.Photo.Photo.Id).Where(id => id != own).Distinct().Order(StringComparer.Ordinal)];
        return others.Length == 0 ? null : JsonSerializer.Serialize((string[])[own, .. others]);
    }

    private readonly record struct OrdinalId(string Value) : IComparable<OrdinalId>
    {
        public int CompareTo(OrdinalId other) => string.CompareOrdinal(Value, other.Value);
    }
}
