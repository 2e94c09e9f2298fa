using Field.Store;
using Field.Vision;
using Field.Vision.Grade;

namespace Field.Ingest.Findings;

/// <summary>Grades the findings of one photo.</summary>
internal static class PhotoGrader
{
    private const double MillimetresPerMetre = 1000;

    /// <param name="rows">The findings, linked to their assets.</param>
    /// <param name="seen">The same in pixels.</param>
    /// <param name="widthPx">Photo width.</param>
    /// <param name="heightPx">Photo height.</param>
    /// <param name="ground">Where the photo lies, or null.</param>
    /// <param name="asset">The asset of an id, or null.</param>
    public static List<Feature> Grade(
        IReadOnlyList<Feature> rows, IReadOnlyList<PixelFinding> seen, int widthPx, int heightPx, PhotoGround? ground, Func<string, Feature?> asset)
    {
        PhotoFacts facts = new(seen, [.. rows.Select(r => r.Text("model"))], widthPx, heightPx, ground);
        return [.. rows.Select((row, i) => Graded(row, facts.Of(i), row.Text("assetId") is { } id ? asset(id) : null))];
    }

    /// <summary>A finding with its least spacing, draft degree and urgency.</summary>
    /// <param name="row">With its measures and links.</param>
    /// <param name="facts">What else the photo tells.</param>
    /// <param name="asset">The asset it is linked to, or null.</param>
    public static Feature Graded(Feature row, GradeFacts facts, Feature? asset) =>
        FindingGrade.Apply(row.With(("spacingMm", SpacingMm(facts.SpacingM))), facts, asset);

    private static double? SpacingMm(Limits? spacing) =>
        spacing is { } s && double.IsFinite(s.Most) ? (s.Least + s.Most) / 2 * MillimetresPerMetre : null;
}
