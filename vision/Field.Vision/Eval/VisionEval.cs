using Field.Vision.Eval;
using Field.Vision.Shape;

namespace Field.Vision;

/// <summary>Recomputes a card's figures on any folder laid out like the training data, by the same path as production scoring.</summary>
public static class VisionEval
{
    private const int Resamples = 1000;
    private const int PixelTolerancePx = 2;

    /// <summary>Scores every image with truth below a folder.</summary>
    /// <param name="cardPath">Path of the model card.</param>
    /// <param name="dataDir">
    /// Images with YOLO boxes beside them (NAME.txt: class cx cy w h, 0..1; sites in sub-folders), or images/ with masks/ (NAME.png or
    /// NAME_CRACK.png; pure red or white is crack).
    /// </param>
    /// <param name="output">Where the table is printed; null prints nothing.</param>
    /// <param name="ct">Stops between two tiles.</param>
    /// <exception cref="VisionException">The card, the model or the data cannot be used.</exception>
    public static EvalReport Run(string cardPath, string dataDir, TextWriter? output = null, CancellationToken ct = default)
    {
        var images = EvalData.Find(dataDir);
        using var scorer = PhotoScorer.Load(cardPath);
        var tallies = new List<(string Rule, Tally Tally)>();
        foreach (var image in images)
        {
            var map = scorer.Infer(image.ImagePath, ct);
            var findings = LineVectoriser.Findings(map, scorer.Card.Classes[0], scorer.Card.Thresholds, ct);
            tallies.AddRange(Tallies(image, map, findings));
        }

        var data = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataDir)));
        var report = new EvalReport(
            scorer.Card.Name, images.Count, [.. tallies.GroupBy(t => t.Rule).Select(g => Figures(data, g.Key, [.. g.Select(t => t.Tally)]))]);
        if (output is not null)
        {
            report.Print(output);
        }

        return report;
    }

    internal static IEnumerable<(string Rule, Tally Tally)> Tallies(EvalImage image, ProbabilityMap map, IReadOnlyList<TracedFinding> findings)
    {
        if (image.BoxPath is { } path)
        {
            var boxes = EvalData.Boxes(path, map.WidthPx, map.HeightPx);
            yield return ("line", Matching.Line(findings, boxes, 8, 0.5, 0.5));
            yield return ("lineStrict", Matching.Line(findings, boxes, 4, 0.75, 0.75));
            yield return ("touch", Matching.Touch(findings, boxes));
            yield return ("iou30", Matching.Iou(findings, boxes, 0.3));
            yield return ("iou50", Matching.Iou(findings, boxes, 0.5));
        }

        if (image.MaskPath is { } mask)
        {
            var truth = EvalData.Mask(mask, map.WidthPx, map.HeightPx);
            yield return ($"pixel{PixelTolerancePx}", Matching.Pixels(findings, truth, map.WidthPx, map.HeightPx, PixelTolerancePx));
        }
    }

    private static CardFigures Figures(string data, string rule, Tally[] tallies)
    {
        var sum = Tally.Sum(tallies);
        var (precisions, recalls) = Bootstrap(tallies);
        double precision = Ratio(sum.Correct, sum.Predicted), recall = Ratio(sum.Found, sum.Truth);
        return new CardFigures
        {
            Data = data,
            Rule = rule,
            Images = tallies.Length,
            Truth = sum.Truth,
            Found = sum.Found,
            Predicted = sum.Predicted,
            Correct = sum.Correct,
            Precision = Round(precision),
            PrecisionInterval = Interval(precisions),
            Recall = Round(recall),
            RecallInterval = Interval(recalls),
            F1 = Round(precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)),
        };
    }

    /// <summary>Draws as many images as there are, with replacement, 1000 times; the seed is fixed so that figures repeat.</summary>
    private static (double[] Precision, double[] Recall) Bootstrap(Tally[] tallies)
    {
        var random = new Random(1);
        double[] precisions = new double[Resamples], recalls = new double[Resamples];
        for (var n = 0; n < Resamples; n++)
        {
            var sum = Tally.Sum(tallies.Select(_ => tallies[random.Next(tallies.Length)]));
            (precisions[n], recalls[n]) = (Ratio(sum.Correct, sum.Predicted), Ratio(sum.Found, sum.Truth));
        }

        return (precisions, recalls);
    }

    private static double[] Interval(double[] values)
    {
        Array.Sort(values);
        return [Round(values[(int)(0.025 * values.Length)]), Round(values[(int)(0.975 * values.Length) - 1])];
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private static double Round(double value) => Math.Round(value, 4);
}
