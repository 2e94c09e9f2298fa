using System.Security.Cryptography;

namespace Field.Vision;

/// <summary>What a card must satisfy; every broken rule is reported, not the first.</summary>
internal static class ModelCardRules
{
    internal const string LineTask = "line-segmentation", AreaTask = "area-segmentation";

    internal static List<string> Errors(ModelCard card, string fileName)
    {
        var errors = new List<string>();
        void Rule(bool good, string message)
        {
            if (!good)
            {
                errors.Add(message);
            }
        }

        Rule(card.Name == fileName, $"name is \"{card.Name}\" but the file is called {fileName}.json");
        Rule(card.Task is LineTask or AreaTask, $"task is \"{card.Task}\"; this version runs only \"{LineTask}\" and \"{AreaTask}\"");
        Rule(card.Description.Length > 0, "description is missing");
        Rule(card.Classes.Count >= 1 && card.Classes.All(c => !string.IsNullOrEmpty(c)) && card.Classes.Distinct().Count() == card.Classes.Count, "classes must name at least one class, none twice");
        Rule(card.Task != LineTask || card.Classes.Count <= 1, $"classes must name exactly one class for {LineTask}");
        Rule(card.Split.Length > 0, "split is missing: say how training and held-out data were separated");
        Rule(card.TrainingCommand.Length > 0, "trainingCommand is missing");
        Rule(card.Licence.Length > 0, "licence is missing");
        Rule(card.TrainingData.Count > 0, "trainingData is empty");
        Rule(card.TrainingData.All(t => t is not null && !string.IsNullOrEmpty(t.Name) && !string.IsNullOrEmpty(t.Licence)), "every entry of trainingData needs a name and a licence");
        Rule(card.Weaknesses.Count > 0, "weaknesses is empty: every model has some");
        Rule(card.Sha256.Length == 64 && card.Sha256.All(char.IsAsciiHexDigitLower), "sha256 must be 64 lower-case hexadecimal digits");
        InputErrors(card.Input, Rule);
        ThresholdErrors(card.Thresholds, Rule);
        ClassErrors(card, Rule);
        return errors;
    }

    internal static IEnumerable<string> ModelErrors(ModelCard card, byte[]? model)
    {
        if (model is null)
        {
            yield return $"{Path.GetFileName(card.ModelPath)} is not beside the card";
        }
        else if (Convert.ToHexStringLower(SHA256.HashData(model)) is var actual && actual != card.Sha256)
        {
            yield return $"sha256 is {card.Sha256} but {Path.GetFileName(card.ModelPath)} has {actual}: the model is not the one the card describes";
        }
    }

    private static void InputErrors(InputSpec input, Action<bool, string> rule)
    {
        rule(input.Scale > 0, "input.scale must be above 0");
        rule(input.Mean.Count == 3, "input.mean needs three values (R, G, B)");
        rule(input.Std.Count == 3 && input.Std.All(s => s > 0), "input.std needs three values above 0 (R, G, B)");
        rule(input.Multiple is >= 1 and <= 256, "input.multiple must be 1 to 256 px");
        rule(input.TilePx is >= 64 and <= 2048 && input.Multiple > 0 && input.TilePx % input.Multiple == 0, "input.tilePx must be 64 to 2048 and a multiple of input.multiple");
        rule(input.OverlapPx >= 0 && input.OverlapPx * 2 <= input.TilePx, "input.overlapPx must be 0 to half of input.tilePx");
    }

    private static void ClassErrors(ModelCard card, Action<bool, string> rule)
    {
        var t = card.Thresholds;
        rule(card.Task != AreaTask || t is { Straight: null, MinElongation: 0 }, $"thresholds.straight and minElongation are for {LineTask} only");
        rule(card.Task != LineTask || t.Classes is null, $"thresholds.classes is for {AreaTask} only");
        foreach (var (name, limits) in t.Classes ?? new Dictionary<string, ClassThresholds>())
        {
            rule(card.Classes.Contains(name), $"thresholds.classes names \"{name}\", which is none of the classes");
            if (limits is null)
            {
                rule(false, $"thresholds.classes.{name} is empty");
                continue;
            }

            LevelErrors(limits.Low, limits.High, $"thresholds.classes.{name}", rule);
            rule(limits.MinAreaPx >= 0, $"thresholds.classes.{name}.minAreaPx must not be negative");
        }
    }

    private static void LevelErrors(double low, double high, string where, Action<bool, string> rule)
    {
        rule(low is > 0 and < 1, $"{where}.low must be between 0 and 1");
        rule(high is > 0 and < 1 && high >= low, $"{where}.high must be between {where}.low and 1");
    }

    private static void ThresholdErrors(Thresholds t, Action<bool, string> rule)
    {
        LevelErrors(t.Low, t.High, "thresholds", rule);
        rule(t.MinAreaPx >= 0 && t.MinLengthPx >= 0 && t.MergeGapPx >= 0, "thresholds.minAreaPx, minLengthPx and mergeGapPx must not be negative");
        rule(t.MinElongation >= 0, "thresholds.minElongation must not be negative");
        rule(t.Straight is null or { MinLengthPx: >= 20, MaxRmsPx: > 0, MaxRmsShare: >= 0 and < 0.1, MaxWidthSpread: > 0 },
            "thresholds.straight needs minLengthPx of at least 20, maxRmsPx and maxWidthSpread above 0, and maxRmsShare from 0 to below 0.1");
        rule(t.Lines is null or { MinBranchPx: >= 8, MaxTurnDeg: > 0 and <= 90, MinPiecePx: >= 8, MaxGapPx: >= 0 and <= 500, MaxGapShare: >= 0 and < 1, MaxRmsShare: > 0 and < 0.5 },
            "thresholds.lines needs minBranchPx and minPiecePx of at least 8, maxTurnDeg up to 90, maxGapPx up to 500, maxGapShare below 1 and maxRmsShare below 0.5");
    }
}
