using System.Text.Json.Serialization;

namespace Field.Vision;

/// <summary>Precision and recall of one class by one rule over one data set, with 95 % bootstrap intervals over images.</summary>
public sealed record CardFigures
{
    /// <summary>Name of the data, such as the site.</summary>
    public string Data { get; init; } = "";

    /// <summary>What was done to the images before: blur2, jpeg60, ev-2 or half; null for the images as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Condition { get; init; }

    /// <summary>The class.</summary>
    public string Class { get; init; } = "";

    /// <summary>Matching rule: line, lineStrict, touch, iou30, iou50, pixel, pixel2 or object (see models/README.md).</summary>
    public string Rule { get; init; } = "";

    /// <summary>Images counted.</summary>
    public int Images { get; init; }

    /// <summary>Boxes (or mask pixels, or patches of a mask) in the truth.</summary>
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

    /// <summary>95 % interval of F1, low and high.</summary>
    public IReadOnlyList<double> F1Interval { get; init; } = [];

    /// <summary>Intersection over union of the pixels; null for rules that do not compare pixel by pixel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Iou { get; init; }

    /// <summary>95 % interval of the intersection over union, low and high; null as that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? IouInterval { get; init; }
}
