using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Field.Vision;

/// <summary>What <see cref="VisionEval"/> measured.</summary>
/// <param name="Model">Name of the card.</param>
/// <param name="Images">Images scored.</param>
/// <param name="Figures">One entry per class and rule.</param>
public sealed record EvalReport(string Model, int Images, IReadOnlyList<CardFigures> Figures)
{
    /// <summary>The same figures on spoilt images; empty when not asked for.</summary>
    public IReadOnlyList<CardFigures> Robustness { get; init; } = [];

    /// <summary>The figures of a plain method on the same images; null when not asked for.</summary>
    public BaselineFigures? Baseline { get; init; }

    /// <summary>Prints one line per class and rule.</summary>
    /// <param name="output">Where to.</param>
    public void Print(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine($"model {Model}, {Images} images; 95 % intervals by bootstrap over images");
        Table(output, Figures);
        foreach (var group in Robustness.GroupBy(f => f.Condition))
        {
            output.WriteLine($"\n{group.Key}: {Eval.Degradation.Named(group.Key!).Meaning}");
            Table(output, group);
        }

        if (Baseline is { } baseline)
        {
            output.WriteLine($"\nbaseline: {baseline.Method}");
            Table(output, baseline.Figures);
        }
    }

    /// <summary>
    /// Writes the figures into a card: heldOut, and robustness and baseline where they were measured. Figures of other data that the card
    /// has stay.
    /// </summary>
    /// <param name="cardPath">The card to change.</param>
    /// <exception cref="VisionException">The card cannot be read.</exception>
    public void SaveTo(string cardPath)
    {
        var old = CardFile.Read(cardPath);
        var data = Figures.Select(f => f.Data).ToHashSet();
        IEnumerable<CardFigures> Merged(IReadOnlyList<CardFigures> before, IReadOnlyList<CardFigures> now) => [.. before.Where(f => !data.Contains(f.Data)), .. now];
        CardFile.Change(cardPath, card =>
        {
            card["heldOut"] = CardFile.Node(Merged(old.HeldOut, Figures));
            if (Robustness.Count > 0)
            {
                card["robustness"] = CardFile.Node(Merged(old.Robustness, Robustness));
            }

            if (Baseline is { } baseline)
            {
                card["baseline"] = CardFile.Node(baseline with { Figures = [.. Merged(old.Baseline?.Figures ?? [], baseline.Figures)] });
            }
        });
    }

    private static void Table(TextWriter output, IEnumerable<CardFigures> figures)
    {
        output.WriteLine($"{"class",-14}{"rule",-11}{"precision",-23}{"recall",-23}{"F1",-23}{"IoU",-23}counts");
        foreach (var f in figures)
        {
            var iou = f is { Iou: { } value, IouInterval: { } interval } ? Ratio(value, interval) : "";
            output.WriteLine($"{f.Class,-14}{f.Rule,-11}{Ratio(f.Precision, f.PrecisionInterval),-23}{Ratio(f.Recall, f.RecallInterval),-23}"
                + $"{Ratio(f.F1, f.F1Interval),-23}{iou,-23}correct {f.Correct}/{f.Predicted}, found {f.Found}/{f.Truth}");
        }
    }

    private static string Ratio(double value, IReadOnlyList<double> interval) => $"{Number(value)} [{Number(interval[0])}, {Number(interval[1])}]";

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}

/// <summary>Figures of a plain method without learning, so that a model's worth is visible.</summary>
/// <param name="Method">What it does, in one sentence.</param>
/// <param name="Figures">On the same images by the same rules.</param>
public sealed record BaselineFigures(string Method, IReadOnlyList<CardFigures> Figures);

/// <summary>Changes parts of a card and leaves the rest as it is.</summary>
internal static class CardFile
{
    /// <summary>The card without any check: its model may be missing.</summary>
    internal static ModelCard Read(string path) => Guarded(path, () => JsonSerializer.Deserialize<ModelCard>(File.ReadAllBytes(path), ModelCardJson.Options)!);

    internal static void Change(string path, Action<JsonObject> change) => Guarded(path, () =>
    {
        var card = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new VisionException($"{path} is not a JSON object.");
        change(card);
        File.WriteAllText(path, card.ToJsonString(ModelCardJson.Options) + "\n");
        return true;
    });

    internal static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, ModelCardJson.Options);

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new VisionException($"The model card {path} cannot be read: {e.Message}", e);
        }
    }
}
