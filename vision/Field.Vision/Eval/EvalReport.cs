using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Field.Vision;

/// <summary>Precision and recall by one rule over one data set, with 95 % bootstrap intervals over images.</summary>
public sealed record CardFigures
{
    /// <summary>Name of the data, such as the site.</summary>
    public string Data { get; init; } = "";

    /// <summary>Matching rule: line, lineStrict, touch, iou30, iou50 or pixel2 (see models/README.md).</summary>
    public string Rule { get; init; } = "";

    /// <summary>Images counted.</summary>
    public int Images { get; init; }

    /// <summary>Boxes (or mask pixels) in the truth.</summary>
    public long Truth { get; init; }

    /// <summary>Of these, found.</summary>
    public long Found { get; init; }

    /// <summary>Findings (or predicted pixels).</summary>
    public long Predicted { get; init; }

    /// <summary>Of these, correct.</summary>
    public long Correct { get; init; }

    /// <summary>Correct / predicted; 0 when nothing was predicted.</summary>
    public double Precision { get; init; }

    /// <summary>95 % interval of the precision, low and high.</summary>
    public IReadOnlyList<double> PrecisionInterval { get; init; } = [];

    /// <summary>Found / truth; 0 when there is no truth.</summary>
    public double Recall { get; init; }

    /// <summary>95 % interval of the recall, low and high.</summary>
    public IReadOnlyList<double> RecallInterval { get; init; } = [];

    /// <summary>Harmonic mean of precision and recall.</summary>
    public double F1 { get; init; }
}

/// <summary>What <see cref="VisionEval"/> measured.</summary>
/// <param name="Model">Name of the card.</param>
/// <param name="Images">Images scored.</param>
/// <param name="Figures">One entry per rule.</param>
public sealed record EvalReport(string Model, int Images, IReadOnlyList<CardFigures> Figures)
{
    /// <summary>Prints a table: one line per rule.</summary>
    /// <param name="output">Where to.</param>
    public void Print(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine($"model {Model}, {Images} images; 95 % intervals by bootstrap over images");
        output.WriteLine($"{"rule",-11}{"precision",-24}{"recall",-24}{"F1",-7}counts");
        foreach (var f in Figures)
        {
            output.WriteLine($"{f.Rule,-11}{Ratio(f.Precision, f.PrecisionInterval),-24}{Ratio(f.Recall, f.RecallInterval),-24}{Number(f.F1),-7}"
                + $"correct {f.Correct}/{f.Predicted}, found {f.Found}/{f.Truth}");
        }
    }

    /// <summary>Writes the figures into a card as its heldOut section.</summary>
    /// <param name="cardPath">The card to change.</param>
    /// <exception cref="VisionException">The card cannot be read.</exception>
    public void SaveTo(string cardPath)
    {
        try
        {
            var card = JsonNode.Parse(File.ReadAllText(cardPath)) as JsonObject ?? throw new VisionException($"{cardPath} is not a JSON object.");
            card["heldOut"] = JsonSerializer.SerializeToNode(Figures, ModelCardJson.Options);
            File.WriteAllText(cardPath, card.ToJsonString(ModelCardJson.Options) + "\n");
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new VisionException($"The model card {cardPath} cannot be read: {e.Message}", e);
        }
    }

    private static string Ratio(double value, IReadOnlyList<double> interval) => $"{Number(value)} [{Number(interval[0])}, {Number(interval[1])}]";

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
