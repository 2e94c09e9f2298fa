using Field.Gdal;
using Field.Vision.Eval;
using Field.Vision.Shape;

namespace Field.Vision;

/// <summary>What to measure beside the figures on the images as they are.</summary>
public sealed record EvalOptions
{
    /// <summary>A classes.json; null takes DIR/classes.json, or the usual meanings when there is none.</summary>
    public string? ClassesPath { get; init; }

    /// <summary>Only each n-th image by name (with 4: the fourth, the eighth ...), which is what the trainer keeps for itself; 1 takes all.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Also on spoilt images.</summary>
    public bool Robust { get; init; }

    /// <summary>The images are perfect masks, white where the damage is: measures what the card's rules make of them, without its network.</summary>
    public bool Masks { get; init; }

    /// <summary>Also with a plain method without learning.</summary>
    public bool Baseline { get; init; }
}

/// <summary>Recomputes a card's figures on any folder laid out like the training data, by the same path as production scoring.</summary>
public static class VisionEval
{
    private const int PixelTolerancePx = 2;

    /// <summary>Finds the damage in an image, highest score first.</summary>
    private delegate IReadOnlyList<TracedFinding> Detector(RasterImage image, CancellationToken ct);

    /// <summary>Scores every image with truth below a folder.</summary>
    /// <param name="cardPath">Path of the model card.</param>
    /// <param name="dataDir">
    /// Images with YOLO boxes beside them (NAME.txt: class cx cy w h, 0..1; sites in sub-folders), or images/ with masks/ (NAME.png or
    /// NAME_CRACK.png); models/README.md says how numbers, colours and endings are told apart.
    /// </param>
    /// <param name="options">What else to measure; null is nothing.</param>
    /// <param name="ct">Stops between two tiles.</param>
    /// <exception cref="VisionException">The card, the model or the data cannot be used.</exception>
    public static EvalReport Run(string cardPath, string dataDir, EvalOptions? options = null, CancellationToken ct = default)
    {
        options ??= new EvalOptions();
        using var scorer = PhotoScorer.Load(cardPath);
        var beside = Path.Combine(dataDir, TruthClasses.FileName);
        var classes = TruthClasses.Load(options.ClassesPath ?? (File.Exists(beside) ? beside : null), scorer.Card.Classes);
        var images = EvalData.Find(dataDir, classes).Where((_, i) => i % options.Every == options.Every - 1).ToList();
        var data = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataDir))) + (options.Every > 1 ? $", every {options.Every}th" : "");
        IReadOnlyList<CardFigures> Measure(Detector detect, Degradation degradation) =>
            Figures(data, degradation.Name, images.SelectMany(i => Tallies(i, classes, scorer.Card, degradation, detect, ct)));

        IReadOnlyList<TracedFinding> Model(RasterImage image, CancellationToken stop) =>
            scorer.Trace(options.Masks ? [.. scorer.Card.Classes.Select(_ => White(image))] : scorer.Infer(image, scorer.Card.Input, stop), stop);

        return new EvalReport(scorer.Card.Name, images.Count, Measure(Model, Degradation.None))
        {
            Robustness = options.Robust ? [.. Degradation.All.SelectMany(d => Measure(Model, d))] : [],
            Baseline = options.Baseline ? new(Eval.Baseline.Method(scorer.Card), Measure((i, stop) => Eval.Baseline.Find(i, scorer.Card, stop), Degradation.None)) : null,
        };
    }

    private static ProbabilityMap White(RasterImage mask) =>
        new(mask.WidthPx, mask.HeightPx, [.. mask.Pixels.Chunk(mask.Bands).Select(p => p[0])]);

    private static List<(string Class, string Rule, Tally Tally)> Tallies(
        EvalImage image, TruthClasses classes, ModelCard card, Degradation degradation, Detector detect, CancellationToken ct)
    {
        var picture = degradation.Apply(Images.Read(image.ImagePath));
        return [.. Tallies(image, classes, card, picture.WidthPx, picture.HeightPx, detect(picture, ct))];
    }

    internal static IEnumerable<(string Class, string Rule, Tally Tally)> Tallies(
        EvalImage image, TruthClasses classes, ModelCard card, int width, int height, IReadOnlyList<TracedFinding> findings)
    {
        List<TracedFinding> Of(string name) => [.. findings.Where(f => f.Finding.Class == name)];
        if (image.BoxPath is { } path)
        {
            foreach (var (name, boxes) in EvalData.Boxes(path, classes, width, height))
            {
                yield return (name, "line", Matching.Line(Of(name), boxes, 8, 0.5, 0.5));
                yield return (name, "lineStrict", Matching.Line(Of(name), boxes, 4, 0.75, 0.75));
                yield return (name, "touch", Matching.Touch(Of(name), boxes));
                yield return (name, "box30", Matching.Iou(Of(name), boxes, 0.3, new Drawn(8, width, height)));
                yield return (name, "iou30", Matching.Iou(Of(name), boxes, 0.3));
                yield return (name, "iou50", Matching.Iou(Of(name), boxes, 0.5));
            }
        }

        foreach (var mask in image.Masks)
        {
            foreach (var (name, truth) in EvalData.Mask(mask, classes, width, height))
            {
                yield return (name, "pixel", Matching.Pixels(Of(name), truth, width, height, 0));
                yield return (name, $"pixel{PixelTolerancePx}", Matching.Pixels(Of(name), truth, width, height, PixelTolerancePx));
                yield return (name, "object", Matching.Objects(Of(name), truth, width, height, card.Thresholds.MinAreaPx));
            }
        }
    }

    private static List<CardFigures> Figures(string data, string? condition, IEnumerable<(string Class, string Rule, Tally Tally)> tallies) =>
        [.. tallies.GroupBy(t => (t.Class, t.Rule)).Select(g => Figures([.. g.Select(t => t.Tally)], hasIou: g.Key.Rule == "pixel") with
        {
            Data = data, Condition = condition, Class = g.Key.Class, Rule = g.Key.Rule,
        })];

    private static CardFigures Figures(Tally[] tallies, bool hasIou)
    {
        var sum = Tally.Sum(tallies);
        var (ratios, spread) = (Ratios.Of(sum), new Bootstrap(tallies));
        return new CardFigures
        {
            Images = tallies.Length,
            Truth = sum.Truth,
            Found = sum.Found,
            Predicted = sum.Predicted,
            Correct = sum.Correct,
            Precision = Bootstrap.Round(ratios.Precision),
            PrecisionInterval = spread.Interval(r => r.Precision),
            Recall = Bootstrap.Round(ratios.Recall),
            RecallInterval = spread.Interval(r => r.Recall),
            F1 = Bootstrap.Round(ratios.F1),
            F1Interval = spread.Interval(r => r.F1),
            Iou = hasIou ? Bootstrap.Round(ratios.Iou) : null,
            IouInterval = hasIou ? spread.Interval(r => r.Iou) : null,
        };
    }
}
