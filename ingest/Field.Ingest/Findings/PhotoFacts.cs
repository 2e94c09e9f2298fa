using Field.Vision;
using Field.Vision.Grade;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Findings;

/// <summary>What one finding of a photo means depends on those around it: the facts that the draft degrees need.</summary>
/// <param name="seen">The findings in pixels.</param>
/// <param name="models">The model of each.</param>
/// <param name="widthPx">Photo width.</param>
/// <param name="heightPx">Photo height.</param>
/// <param name="ground">Where the photo lies, or null.</param>
internal sealed class PhotoFacts(IReadOnlyList<PixelFinding> seen, IReadOnlyList<string?> models, int widthPx, int heightPx, PhotoGround? ground)
{
    private const double EdgePx = 1.5;
    private const double MillimetresPerMetre = 1000;
    private readonly Geometry?[] _outlines = new Geometry?[seen.Count];

    /// <summary>The facts of one of the findings.</summary>
    public GradeFacts Of(int i)
    {
        PixelFinding finding = seen[i];
        GroundPointScale? scale = Scale(finding);
        return new GradeFacts
        {
            SpacingM = finding.Class == DamageClass.Crack && scale is { } at ? Spacing(i, at) : null,
            GsdErrorMm = scale?.GsdM * scale?.Share * MillimetresPerMetre,
            AreaErrorM2 = scale is { } s ? Measures.Of(finding, s.GsdM, s.Share).AreaErrorM2 : null,
            HasRebar = finding.Class == DamageClass.Spalling && Touches(i, DamageClass.Rebar),
            HasRust = finding.Class == DamageClass.Efflorescence && Touches(i, DamageClass.Corrosion),
            IsPartial = finding.Rings.Any(r => r.Any(p => p.X < EdgePx || p.Y < EdgePx || p.X > widthPx - EdgePx || p.Y > heightPx - EdgePx)),
        };
    }

    /// <summary>Among the cracks of one model: another's are the same cracks.</summary>
    private Limits? Spacing(int i, GroundPointScale at)
    {
        PixelFinding[] cracks = [.. seen.Where((f, k) => f.Class == DamageClass.Crack && models[k] == models[i])];
        return CrackSpacing.Of(cracks, Array.IndexOf(cracks, seen[i]), widthPx, heightPx, at.GsdM, at.Share);
    }

    private bool Touches(int i, string other) => Enumerable.Range(0, seen.Count).Any(k => seen[k].Class == other && Outline(i).Intersects(Outline(k)));

    private Geometry Outline(int i) => _outlines[i] ??= FindingOutline.InPixels(seen[i].Rings);

    private GroundPointScale? Scale(PixelFinding finding) =>
        ground?.Projection.PixelToGround(finding.Centre.X, finding.Centre.Y) is { } at ? new GroundPointScale(at.GsdM, ground.ScaleShare(at)) : null;

    private readonly record struct GroundPointScale(double GsdM, double Share);
}
