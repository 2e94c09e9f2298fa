using Field.Gdal;
using Field.Vision.Shape;

namespace Field.Vision.Eval;

/// <summary>
/// What can be done without learning: a filter by class, a threshold by Otsu, and then the same shapes, sizes and measures as after a model.
/// The numbers of the line filter were chosen on quay k1, the site the crack model was trained on: Otsu's threshold alone lies in the grain
/// of the surface (F1 0.27 by the line rule there), three times it gave 0.65. Where the grain is as strong as the cracks, three times it
/// would find nothing; the bound at half of the strongest response was added for drawn cracks, and no number was chosen on held-out data.
/// </summary>
internal static class Baseline
{
    private const double Level = 0.5; // where the threshold lies in the maps
    private const int LineReachPx = 9; // dark lines up to 18 px wide are filled by the closing
    private const double LeastLineContrast = 30; // of 255
    private const double LineFactor = 3; // times Otsu's threshold, but no more than half of the strongest response
    private const double LineLow = 0.4; // share of the threshold at which a line goes on
    private const double LeastAreaContrast = 10;
    private const int AreaReachPx = 7;

    internal static string Method(ModelCard card) => IsLines(card)
        ? "black top-hat (closing by a square of 19 px, minus the grey image after a blur of 1 px), three times the threshold of Otsu (at least 30 of 255, at most half of the strongest response) with hysteresis at 40 %, then the model's own vectoriser and size limits; its numbers chosen on quay k1"
        : "by class a colour or texture (corrosion, rebar: redness; efflorescence: brighter than its surroundings; seepage: darker; others: local standard deviation), threshold of Otsu, then the model's own vectoriser and size limits";

    internal static IReadOnlyList<TracedFinding> Find(RasterImage image, ModelCard card, CancellationToken ct)
    {
        var low = IsLines(card) ? Level * LineLow : Level;
        var limits = card with { Thresholds = card.Thresholds with { Low = low, High = Level } };
        return PhotoScorer.Trace([.. card.Classes.Select(c => IsLines(card) ? Lines(image) : Areas(image, c))], limits, threads: 1, ct);
    }

    private static bool IsLines(ModelCard card) => card.Task == ModelCardRules.LineTask;

    private static ProbabilityMap Lines(RasterImage image)
    {
        var grey = Plane.Grey(image).Blur(1);
        var response = grey.Dilate(LineReachPx).Erode(LineReachPx).With(grey, (closed, g) => closed - g);
        return Scaled(response, Math.Max(LeastLineContrast, Math.Min(LineFactor * response.Otsu(), response.Values.Max() / 2)));
    }

    private static ProbabilityMap Areas(RasterImage image, string name)
    {
        var feature = name switch
        {
            "corrosion" or "rebar" => Plane.Of(image, 0).With(Plane.Of(image, 2), (r, b) => 2 * Math.Max(0, r - b)),
            "efflorescence" => Plane.Grey(image).With(Plane.Grey(image).Mean(60), (g, around) => 2 * Math.Max(0, g - around)),
            "seepage" => Plane.Grey(image).With(Plane.Grey(image).Mean(120), (g, around) => 2 * Math.Max(0, around - g)),
            _ => Deviation(Plane.Grey(image)).Each(v => 4 * v),
        };
        var smooth = feature.Mean(AreaReachPx);
        return Scaled(smooth, Math.Max(LeastAreaContrast, smooth.Otsu()));
    }

    private static Plane Deviation(Plane grey) => grey.Each(v => v * v).Mean(AreaReachPx)
        .With(grey.Mean(AreaReachPx), (squares, mean) => MathF.Sqrt(MathF.Max(0, squares - mean * mean)));

    /// <summary>As if it were probabilities, with the threshold at <see cref="Level"/>.</summary>
    private static ProbabilityMap Scaled(Plane response, double threshold) => new(
        response.WidthPx, response.HeightPx, Array.ConvertAll(response.Values, v => (byte)Math.Clamp(v / threshold * Level * 255 + 0.5, 0, 255)));
}
