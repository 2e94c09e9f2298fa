using NetTopologySuite.Geometries;

namespace Field.Ingest.Findings;

/// <summary>
/// Which findings show the same damage (SPEC.md section 14). A function of two photos and what is seen in them, in any order, and of nothing else:
/// so the result of merging depends on no order of arrival.
/// </summary>
internal static class FindingMatch
{
    /// <summary>Outlines are never widened by more than this, metres: places that are less sure than a damage is long tell nothing.</summary>
    public const double LongestReachM = 1;

    /// <summary>Nor by more than this part of the shorter one: beside a fragment another damage may lie as near as the fragment is long.</summary>
    public const double LongestReachShare = 0.5;

    /// <summary>The part of an outline, of what the other photo shows of it, that must lie within reach of the other.</summary>
    public const double LeastShare = 0.5;

    private const int LeastVisible = 4; // of 48 points: a twelfth of the outline

    /// <summary>Pairs of the two photos; the two may be the same photo.</summary>
    public static IEnumerable<(MergeNode A, MergeNode B)> Between(MergePhoto one, MergePhoto other) => ReferenceEquals(one, other)
        ? Within(one)
        : one.Nodes.Select(n => n.Class).Distinct().SelectMany(c => Across([.. one.Nodes.Where(n => n.Class == c)], [.. other.Nodes.Where(n => n.Class == c)]));

    /// <summary>In one photo two findings are two damages, except rebar in its spalling, and the same damage seen by two models.</summary>
    private static IEnumerable<(MergeNode A, MergeNode B)> Within(MergePhoto photo) =>
        from a in photo.Nodes
        from b in photo.Nodes
        where string.CompareOrdinal(a.Finding.Id, b.Finding.Id) < 0
            && (IsRebarOf(a, b) || IsRebarOf(b, a) || (a.Class == b.Class && a.Finding.Text("model") != b.Finding.Text("model")))
            && a.Outline.EnvelopeInternal.Intersects(b.Outline.EnvelopeInternal) && a.Outline.Intersects(b.Outline)
        select (a, b);

    /// <summary>Of several candidates in the other photo a finding takes the best, because those are different damages; one long outline may take several short pieces.</summary>
    private static IEnumerable<(MergeNode A, MergeNode B)> Across(MergeNode[] ones, MergeNode[] others)
    {
        (MergeNode A, MergeNode B, double Share)[] pairs =
            [.. ones.SelectMany(a => others.Select(b => (a, b, Share(a, b)))).Where(p => p.Item3 >= LeastShare)];
        return pairs.Where(p => IsBest(p, pairs.Where(q => q.A == p.A), q => q.B) || IsBest(p, pairs.Where(q => q.B == p.B), q => q.A)).Select(p => (p.A, p.B));
    }

    private static bool IsBest(
        (MergeNode A, MergeNode B, double Share) pair, IEnumerable<(MergeNode A, MergeNode B, double Share)> rivals, Func<(MergeNode A, MergeNode B, double Share), MergeNode> rival) =>
        rivals.OrderByDescending(q => q.Share).ThenBy(q => rival(q).Outline.Distance(q.A == rival(q) ? q.B.Outline : q.A.Outline))
            .ThenBy(q => rival(q).Finding.Id, StringComparer.Ordinal).First() == pair;

    /// <summary>0 to 1: how far the outlines agree where both photos look.</summary>
    private static double Share(MergeNode a, MergeNode b)
    {
        double reachM = Math.Min(double.Hypot(a.ErrorM, b.ErrorM), Math.Min(LongestReachM, LongestReachShare * Math.Min(a.ExtentM, b.ExtentM)));
        Envelope around = a.Outline.EnvelopeInternal.Copy();
        around.ExpandBy(reachM);
        return around.Intersects(b.Outline.EnvelopeInternal) ? Math.Max(Share(a, b, reachM), Share(b, a, reachM)) : 0;
    }

    private static double Share(MergeNode of, MergeNode to, double reachM)
    {
        var visible = of.Points.Where(p => to.Photo.Shows(p.Place)).ToList();
        return visible.Count < LeastVisible ? 0 : (double)visible.Count(p => to.IsNear(p.Metres, reachM)) / visible.Count;
    }

    private static bool IsRebarOf(MergeNode a, MergeNode b) => a.Class == DamageClass.Rebar && b.Class == DamageClass.Spalling;
}
