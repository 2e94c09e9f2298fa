using System.Globalization;
using System.Runtime.InteropServices;
using Field.Tests.Broker;
using Field.Vision;
using Field.Vision.Onnx;

namespace Field.Tests.Vision;

/// <summary>The models in the runtime that a tablet's browser has: WebAssembly, beside the native one.</summary>
public sealed class WebRuntimeTests
{
    private const int Size = 256;
    private const long MostParameters = 2_000_000;

    /// <summary>A map keeps a probability in steps of 1/255; a quarter of a step moves no finding.</summary>
    private const double Tolerance = 0.25 / 255;

    public static TheoryData<string> Cards => [.. Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot(), "models"), "*.json").Select(p => Path.GetFileNameWithoutExtension(p)!)];

    [Theory]
    [MemberData(nameof(Cards))]
    public async Task Model_gives_in_the_browsers_runtime_what_it_gives_here(string name)
    {
        string scripts = Path.Combine(SharedData.RepositoryRoot(), "tests", "fixtures", "onnxweb");
        if (!Directory.Exists(Path.Combine(scripts, "node_modules", "onnxruntime-web")))
        {
            OutsideProgram.Missing("onnxruntime-web is not installed: run npm ci in tests/fixtures/onnxweb");
        }

        (ModelCard card, byte[] bytes) = ModelCard.ReadChecked(Path.Combine(SharedData.RepositoryRoot(), "models", name + ".json"));
        Assert.InRange(bytes.Length, 1, MostParameters * sizeof(float));
        float[] tile = Tile(card.Input);
        float[] here = new float[card.Classes.Count * Size * Size];
        using (OnnxModel model = new(bytes, 1))
        {
            model.Run(tile, [1, 3, Size, Size], here, [1, card.Classes.Count, Size, Size]);
        }

        using TempFolder folder = new();
        (string input, string output) = (Path.Combine(folder.FullPath, "in"), Path.Combine(folder.FullPath, "out"));
        await File.WriteAllBytesAsync(input, MemoryMarshal.AsBytes(tile.AsSpan()).ToArray(), TestContext.Current.CancellationToken);
        await OutsideProgram.RunAsync(
            "node", Path.Combine(scripts, "run.mjs"), card.ModelPath, input, output, Size.ToString(CultureInfo.InvariantCulture));
        float[] there = MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(output, TestContext.Current.CancellationToken)).ToArray();
        Assert.Equal(here.Length, there.Length);
        Assert.True(here.Max() - here.Min() > 100 * Tolerance, "the model says the same everywhere, so the comparison says nothing");
        Assert.InRange(here.Zip(there, (a, b) => Math.Abs(a - b)).Max(), 0, Tolerance);
    }

    /// <summary>Grey concrete with grain, a dark crack and a brown patch, as the model wants its input.</summary>
    private static float[] Tile(InputSpec input)
    {
        Random random = new(11);
        float[] planes = new float[3 * Size * Size];
        for (int i = 0; i < Size * Size; i++)
        {
            (int x, int y) = (i % Size, i / Size);
            double grain = random.NextDouble() * 24, crack = Math.Abs(y - 80 - (18 * Math.Sin(x / 23.0))) < 2 ? 0.25 : 1;
            bool isRust = Math.Pow(x - 170, 2) + Math.Pow(y - 180, 2) < 1600;
            double[] colour = isRust ? [110, 70, 40] : [150, 148, 142];
            for (int k = 0; k < 3; k++)
            {
                planes[(k * Size * Size) + i] = (float)(((((colour[k] + grain) * crack) * input.Scale) - input.Mean[k]) / input.Std[k]);
            }
        }

        return planes;
    }
}
