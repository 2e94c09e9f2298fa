using Field.Vision;

namespace Field.Ingest.Findings;

/// <summary>
/// A finding in metres and millimetres, each with one standard deviation. With the share s of the ground sample distance g
/// (<see cref="PhotoGround.ScaleShare"/>) and e = 0.35 px, the error of one edge of a mask:
/// width: (w s)² + 2 (e g)², two edges; length: (l s)² + 2 (e g)², two ends, and of a line (0.026 l)², what a chain code is off
/// (Dorst and Smeulders 1987); area: (2 a s)² + (p e g)² with the outline's length p, because the edge of a mask lies too far out or
/// too far in all around.
/// </summary>
/// <param name="LengthM">Length.</param>
/// <param name="LengthErrorM">Its error.</param>
/// <param name="MeanWidthMm">Mean width; null when it cannot be resolved.</param>
/// <param name="MaxWidthMm">Largest width; null when it cannot be resolved.</param>
/// <param name="WidthErrorMm">Its error.</param>
/// <param name="AreaM2">Area.</param>
/// <param name="AreaErrorM2">Its error.</param>
internal sealed record Measures(
    double LengthM, double LengthErrorM, double? MeanWidthMm, double? MaxWidthMm, double? WidthErrorMm, double AreaM2, double AreaErrorM2)
{
    /// <summary>A width of fewer pixels cannot be told from one pixel: no number is given (DOMAIN.md, bridges).</summary>
    private const double ResolvablePx = 1;

    private const double EdgePx = 0.35;
    private const double ChainCodeShare = 0.026;
    private const double MillimetresPerMetre = 1000;

    public static bool IsResolvable(PixelFinding finding) => finding.MeanWidthPx >= ResolvablePx;

    /// <param name="finding">In pixels.</param>
    /// <param name="gsdM">Ground sample distance, metres.</param>
    /// <param name="scaleShare">Its error as a share of it.</param>
    public static Measures Of(PixelFinding finding, double gsdM, double scaleShare)
    {
        bool resolvable = IsResolvable(finding);
        double twoEdges = Math.Sqrt(2) * EdgePx * gsdM;
        double length = finding.LengthPx * gsdM;
        double chainCode = DamageClass.IsLine(finding.Class) ? ChainCodeShare : 0;
        double width = finding.MaxWidthPx * gsdM;
        double area = finding.AreaPx * gsdM * gsdM;
        return new Measures(
            length,
            Root(length * scaleShare, twoEdges, length * chainCode),
            resolvable ? finding.MeanWidthPx * gsdM * MillimetresPerMetre : null,
            resolvable ? width * MillimetresPerMetre : null,
            resolvable ? Root(width * scaleShare, twoEdges, 0) * MillimetresPerMetre : null,
            area,
            Root(2 * area * scaleShare, finding.Rings.Sum(PerimeterPx) * gsdM * EdgePx * gsdM, 0));
    }

    private static double PerimeterPx(IReadOnlyList<PixelPoint> ring) =>
        ring.Select((p, i) => double.Hypot(ring[(i + 1) % ring.Count].X - p.X, ring[(i + 1) % ring.Count].Y - p.Y)).Sum();

    private static double Root(double a, double b, double c) => Math.Sqrt((a * a) + (b * b) + (c * c));
}
