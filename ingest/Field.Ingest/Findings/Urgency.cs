using Field.Store;
using Field.Vision.Grade;

namespace Field.Ingest.Findings;

/// <summary>
/// The order in which people look at drafts, 0 to 100: first by the worst degree that the numbers allow, then by score, then by size (SPEC.md section 14).
/// </summary>
internal static class Urgency
{
    private const double BandWidth = 20;
    private const double ScoreSpan = 19.8; // a hundredth of score is more than all of size
    private const double SizeSpan = 0.19;
    private const double FullLengthM = 10;
    private const double FullAreaM2 = 10;

    /// <param name="finding">With its score and measures.</param>
    /// <param name="scale">The scale of its degree, or null.</param>
    /// <param name="worst">The worst degree that the numbers allow, or null.</param>
    public static double Of(Feature finding, string? scale, Degree? worst)
    {
        string damage = finding.Text("class") ?? "";
        double score = Math.Clamp(Math.Round(finding.Real("score") ?? 0, 2), 0, 1);
        double? size = DamageClass.IsLine(damage) ? finding.Real("lengthM") / FullLengthM : finding.Real("areaM2") / FullAreaM2;
        return Math.Round((Band(damage, scale, worst) * BandWidth) + (ScoreSpan * score) + (SizeSpan * Math.Clamp(size ?? 0, 0, 1)), 3);
    }

    /// <summary>0 to 4: a to e of a bridge; c and d of a levee, where measures are needed, stand beside d and e. Without a table: a deck crack like c or d, a pothole like c, a crack of a road like b.</summary>
    private static int Band(string damage, string? scale, Degree? worst) => (scale, worst) switch
    {
        (DamageClass.LeveeScale, >= Degree.C and { } rank) => (int)rank + 1,
        (_, { } degree) => (int)degree,
        (DamageClass.BridgeScale, _) => 3,
        _ => damage == DamageClass.Pothole ? 2 : 1,
    };
}
