using Field.Store;
using Field.Vision;
using Field.Vision.Grade;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Findings;

/// <summary>Grades the findings of one photo: what one of them means depends on those around it.</summary>
internal static class PhotoGrader
{
    private const double EdgePx = 1.5;
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
        Geometry?[] outlines = [.. seen.Select(f => f.Class == DamageClass.Crack ? null : FindingOutline.InPixels(f.Rings))];
        List<Feature> graded = new(rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            PixelFinding finding = seen[i];
            GroundPointScale? scale = Scale(finding, ground);
            Limits? spacing = finding.Class == DamageClass.Crack && scale is { } at ? Spacing(i, at) : null;
            GradeFacts facts = new()
            {
                SpacingM = spacing,
                GsdErrorMm = scale?.GsdM * scale?.Share * MillimetresPerMetre,
                AreaErrorM2 = scale is { } s ? Measures.Of(finding, s.GsdM, s.Share).AreaErrorM2 : null,
                HasRebar = finding.Class == DamageClass.Spalling && Touches(i, DamageClass.Rebar),
                HasRust = finding.Class == DamageClass.Efflorescence && Touches(i, DamageClass.Corrosion),
                IsPartial = finding.Rings.Any(r => r.Any(p => p.X < EdgePx || p.Y < EdgePx || p.X > widthPx - EdgePx || p.Y > heightPx - EdgePx)),
            };
            Feature row = rows[i].With(("spacingMm", SpacingMm(spacing)));
            graded.Add(FindingGrade.Apply(row, facts, row.Text("assetId") is { } id ? asset(id) : null));
        }

        return graded;

        // Among the cracks of one model: another's are the same cracks.
        Limits? Spacing(int i, GroundPointScale at)
        {
            PixelFinding[] cracks = [.. seen.Where((f, k) => f.Class == DamageClass.Crack && rows[k].Text("model") == rows[i].Text("model"))];
            return CrackSpacing.Of(cracks, Array.IndexOf(cracks, seen[i]), widthPx, heightPx, at.GsdM, at.Share);
        }

        bool Touches(int i, string other) => Enumerable.Range(0, seen.Count).Any(k => seen[k].Class == other && outlines[i]!.Intersects(outlines[k]!));
    }

    private static double? SpacingMm(Limits? spacing) =>
        spacing is { } s && double.IsFinite(s.Most) ? (s.Least + s.Most) / 2 * MillimetresPerMetre : null;

    private static GroundPointScale? Scale(PixelFinding finding, PhotoGround? ground) =>
        ground?.Projection.PixelToGround(finding.Centre.X, finding.Centre.Y) is { } at ? new GroundPointScale(at.GsdM, ground.ScaleShare(at)) : null;

    private readonly record struct GroundPointScale(double GsdM, double Share);
}
