using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Field.Tests.Vision;

/// <summary>
/// A model whose answer is known without running it: probability = sigmoid(15 - 10 (r + g + b)), one 1x1 convolution, made with the
/// onnx package's helper (opset 13). Black is 1, white is 0.
/// </summary>
internal static class DarkModel
{
    internal static readonly byte[] Onnx = Convert.FromBase64String("CAc6swEKFgoFaW1hZ2UKAXcKAWISAXoiBENvbnYKGQoBehILcHJvYmFiaWxpdHkiB1NpZ21vaWQSBGRhcmsqGwgBCAMIAQgBEAEiDAAAIMEAACDBAAAgwUIBdyoNCAEQASIEAABwQUIBYloiCgVpbWFnZRIZChcIARITCgMSAW4KAggDCgMSAWgKAxIBd2IoCgtwcm9iYWJpbGl0eRIZChcIARITCgMSAW4KAggBCgMSAWgKAxIBd0IECgAQDQ==");

    internal static double Probability(double r, double g, double b) => 1 / (1 + Math.Exp(-(15 - 10 * (r + g + b))));

    /// <summary>Writes dark.onnx and dark.json to a folder and returns the card's path.</summary>
    internal static string Write(string folder, Action<JsonObject>? change = null)
    {
        var card = new JsonObject
        {
            ["name"] = "dark",
            ["description"] = "Dark pixels",
            ["task"] = "line-segmentation",
            ["classes"] = new JsonArray("crack"),
            ["input"] = new JsonObject { ["tilePx"] = 64, ["overlapPx"] = 16 },
            ["thresholds"] = new JsonObject { ["low"] = 0.5, ["high"] = 0.6, ["minAreaPx"] = 10, ["minLengthPx"] = 10, ["mergeGapPx"] = 0 },
            ["trainingData"] = new JsonArray(new JsonObject { ["name"] = "none", ["licence"] = "none" }),
            ["split"] = "none",
            ["trainingCommand"] = "none",
            ["licence"] = "none",
            ["weaknesses"] = new JsonArray("is not a crack model"),
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Onnx)),
        };
        change?.Invoke(card);
        File.WriteAllBytes(Path.Combine(folder, "dark.onnx"), Onnx);
        var path = Path.Combine(folder, "dark.json");
        File.WriteAllText(path, card.ToJsonString());
        return path;
    }
}

/// <summary>A folder that is removed with the test.</summary>
internal sealed class TempFolder : IDisposable
{
    internal string FullPath { get; } = Directory.CreateTempSubdirectory("field-vision-").FullName;

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
