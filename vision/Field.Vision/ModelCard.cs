using System.Text.Json;
using System.Text.Json.Serialization;

namespace Field.Vision;

/// <summary>
/// A model card, models/NAME.json: everything a user must know about NAME.onnx and everything the scorer needs to run it.
/// The format is described in models/README.md; keys are camelCase, unknown keys are kept out.
/// </summary>
public sealed record ModelCard
{
    /// <summary>Name, equal to the file name without extension.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is for, in one sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>
    /// <c>line-segmentation</c>: a probability per pixel of one class of thin damage. <c>area-segmentation</c>: one per pixel and class, each
    /// independent of the others.
    /// </summary>
    public string Task { get; init; } = "";

    /// <summary>Class names in the order of the output channels.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>How pixels become the input tensor.</summary>
    public InputSpec Input { get; init; } = new();

    /// <summary>How probabilities become findings.</summary>
    public Thresholds Thresholds { get; init; } = new();

    /// <summary>Training data with licence and attribution, at least one.</summary>
    public IReadOnlyList<TrainingSet> TrainingData { get; init; } = [];

    /// <summary>How training, validation and held-out data were separated.</summary>
    public string Split { get; init; } = "";

    /// <summary>The command that reproduces the model.</summary>
    public string TrainingCommand { get; init; } = "";

    /// <summary>Figures measured by <see cref="VisionEval"/> on data the training never saw.</summary>
    public IReadOnlyList<CardFigures> HeldOut { get; init; } = [];

    /// <summary>The same on images that were spoilt on purpose, one condition after another.</summary>
    public IReadOnlyList<CardFigures> Robustness { get; init; } = [];

    /// <summary>The same by a plain method without learning; null when it was not measured.</summary>
    public BaselineFigures? Baseline { get; init; }

    /// <summary>How far measured widths of drawn cracks are from the drawn ones, by width.</summary>
    public IReadOnlyList<WidthFigures> WidthError { get; init; } = [];

    /// <summary>Known weaknesses, in plain words.</summary>
    public IReadOnlyList<string> Weaknesses { get; init; } = [];

    /// <summary>True for a model whose held-out figures are too poor to be used without being asked for by name.</summary>
    public bool Experimental { get; init; }

    /// <summary>Licence of the model file.</summary>
    public string Licence { get; init; } = "";

    /// <summary>SHA-256 of NAME.onnx, lower-case hexadecimal.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Path of NAME.onnx, beside the card.</summary>
    [JsonIgnore]
    public string ModelPath { get; init; } = "";

    /// <summary>Reads and validates a card and checks the hash of the model beside it.</summary>
    /// <param name="path">Path of NAME.json.</param>
    /// <exception cref="VisionException">The card or the model is missing or wrong; the message lists every error.</exception>
    public static ModelCard Load(string path) => ReadChecked(path).Card;

    internal static (ModelCard Card, byte[] Model) ReadChecked(string path)
    {
        var card = Parse(path) with { ModelPath = Path.ChangeExtension(path, ".onnx") };
        var errors = ModelCardRules.Errors(card, Path.GetFileNameWithoutExtension(path));
        var model = File.Exists(card.ModelPath) ? File.ReadAllBytes(card.ModelPath) : null;
        errors.AddRange(ModelCardRules.ModelErrors(card, model));
        return errors.Count == 0
            ? (card, model!)
            : throw new VisionException($"The model card {path} has {errors.Count} error(s):\n- " + string.Join("\n- ", errors));
    }

    private static ModelCard Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelCard>(File.ReadAllBytes(path), ModelCardJson.Options) ?? new ModelCard();
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new VisionException($"The model card {path} cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>How pixels become the input tensor, N x 3 x H x W float32, RGB: (value * scale - mean) / std.</summary>
public sealed record InputSpec
{
    /// <summary>Factor on 8-bit values, 1/255 for 0..1.</summary>
    public double Scale { get; init; } = 1.0 / 255;

    /// <summary>Mean of R, G, B after scaling.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0, 0, 0];

    /// <summary>Standard deviation of R, G, B after scaling.</summary>
    public IReadOnlyList<double> Std { get; init; } = [1, 1, 1];

    /// <summary>Height and width must be multiples of this many pixels.</summary>
    public int Multiple { get; init; } = 16;

    /// <summary>Largest side of a tile in pixels.</summary>
    public int TilePx { get; init; } = 768;

    /// <summary>Pixels that neighbouring tiles share; they are blended linearly.</summary>
    public int OverlapPx { get; init; } = 96;
}

/// <summary>How probabilities become findings.</summary>
public sealed record Thresholds
{
    /// <summary>Pixels above this belong to a finding ...</summary>
    public double Low { get; init; } = 0.4;

    /// <summary>... that has at least one pixel above this.</summary>
    public double High { get; init; } = 0.7;

    /// <summary>Least area of a finding in pixels.</summary>
    public double MinAreaPx { get; init; } = 40;

    /// <summary>Least length of a finding in pixels, after merging.</summary>
    public double MinLengthPx { get; init; } = 24;

    /// <summary>Longest gap in pixels between fragments in one line that are merged; 0 merges nothing.</summary>
    public double MergeGapPx { get; init; } = 12;

    /// <summary>Least length of a finding in mean widths, against pits and stains; 0 keeps every shape.</summary>
    public double MinElongation { get; init; }

    /// <summary>Which straight lines are taken for man-made and left out; null keeps all.</summary>
    public StraightRule? Straight { get; init; }

    /// <summary>How a network is cut into cracks, and pieces of a crack are taken together over longer gaps; null does neither.</summary>
    public LineRule? Lines { get; init; }

    /// <summary>Of <c>area-segmentation</c>: thresholds of single classes, by name; the others keep <see cref="Low"/>, <see cref="High"/> and <see cref="MinAreaPx"/>.</summary>
    public IReadOnlyDictionary<string, ClassThresholds>? Classes { get; init; }

    /// <summary>The thresholds of one class.</summary>
    /// <param name="className">A class of the card.</param>
    public ClassThresholds For(string className) => Classes?.GetValueOrDefault(className) ?? new ClassThresholds(Low, High, MinAreaPx);
}

/// <summary>What is one crack, as an engineer would draw it.</summary>
public sealed record LineRule
{
    /// <summary>A branch of a network shorter than this is no crack of its own, in pixels.</summary>
    public double MinBranchPx { get; init; } = 16;

    /// <summary>A crack goes on through a junction when it turns by at most this, in degrees.</summary>
    public double MaxTurnDeg { get; init; } = 30;

    /// <summary>A piece shorter than this is not joined over a gap, in pixels.</summary>
    public double MinPiecePx { get; init; } = 8;

    /// <summary>Longest gap in pixels ...</summary>
    public double MaxGapPx { get; init; } = 120;

    /// <summary>... and as a share of the length of the pieces with their gap.</summary>
    public double MaxGapShare { get; init; } = 0.5;

    /// <summary>Pieces of one crack leave the line fitted to them by at most this share of its length (root mean square).</summary>
    public double MaxRmsShare { get; init; } = 0.045;
}

/// <summary>Thresholds of one class, as in <see cref="Thresholds"/>.</summary>
/// <param name="Low">Pixels above this belong to a finding ...</param>
/// <param name="High">... that has at least one pixel above this.</param>
/// <param name="MinAreaPx">Least area of a finding in pixels.</param>
public sealed record ClassThresholds(double Low, double High, double MinAreaPx);

/// <summary>When a line, or a branch of a finding, is a joint, a saw cut or an edge and no crack: all three must hold.</summary>
public sealed record StraightRule
{
    /// <summary>At least this long in pixels; shorter lines are kept, because a short piece of a crack is straight too.</summary>
    public double MinLengthPx { get; init; } = 120;

    /// <summary>Its middle line leaves the fitted straight line by at most this (root mean square, pixels) ...</summary>
    public double MaxRmsPx { get; init; } = 1;

    /// <summary>... plus this share of its length, for the lens and for lines that are not quite straight.</summary>
    public double MaxRmsShare { get; init; } = 0.004;

    /// <summary>Standard deviation of its width is at most this share of the mean width.</summary>
    public double MaxWidthSpread { get; init; } = 0.35;
}

/// <summary>One set of training data.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Source">Where it comes from, with version.</param>
/// <param name="Licence">Its licence.</param>
/// <param name="Attribution">Whom to name.</param>
/// <param name="Used">Which part was used, and how.</param>
public sealed record TrainingSet(string Name, string Source, string Licence, string Attribution, string Used);

internal static class ModelCardJson
{
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
