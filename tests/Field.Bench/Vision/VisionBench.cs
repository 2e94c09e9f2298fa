using System.CommandLine;
using Field.Bench.Figures;
using Field.Demo.Synthetic;
using Field.Vision;

namespace Field.Bench.Vision;

/// <summary>
/// The way of a photo to a finding: how fast, beside the bare runtime and the command-line tools, and how right, beside what the generator
/// planted. All photos are synthetic.
/// </summary>
internal static class VisionBench
{
    private static readonly Option<int> Runs = new("--runs") { Description = "Of each speed; the median counts.", DefaultValueFactory = _ => 5 };
    private static readonly Option<int> Sound = new("--sound") { Description = "Photos without damage in the flight for the triage.", DefaultValueFactory = _ => 110 };
    private static readonly Option<string[]> Only = new("--only")
    {
        Description = "Which parts.",
        DefaultValueFactory = _ => ["speed", "crazing", "decode", "georeferencing", "width", "triage"],
        AllowMultipleArgumentsPerToken = true,
    };

    public static BenchCommand Command() =>
        new("vision", "From a photo to a finding: speed, memory, places, widths, triage.", RunAsync, Runs, Sound, Only);

    /// <summary>The card of the model that the server uses.</summary>
    public static string CardPath => Path.Combine(Environment.GetEnvironmentVariable("FIELD_ROOT") ?? Environment.CurrentDirectory, "models", "crack-v1.json");

    private static async Task RunAsync(FigureSheet sheet, ParseResult arguments, CancellationToken cancel)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("field-bench-");
        try
        {
            string[] only = arguments.GetValue(Only)!;
            int runs = arguments.GetValue(Runs);
            string photo = Path.Combine(folder.FullName, "12mp.jpg");
            await File.WriteAllBytesAsync(photo, new SyntheticFlight(new DemoDataOptions { PhotoWidthPx = 4000 }).Jpeg(1, cancel), cancel);
            using PhotoScorer scorer = PhotoScorer.Load(CardPath);
            if (only.Contains("speed"))
            {
                await ScoringSpeed.MeasureAsync(sheet, scorer, photo, runs, cancel);
            }

            if (only.Contains("crazing"))
            {
                CrazingSpeed.Measure(sheet, cancel);
            }

            if (only.Contains("decode"))
            {
                DecodeSpeed.Measure(sheet, photo, folder.FullName, runs);
            }

            if (only.Contains("georeferencing"))
            {
                Georeferencing.Measure(sheet);
            }

            if (only.Contains("width"))
            {
                PlantedWidths.Measure(sheet, scorer, folder.FullName, cancel);
            }

            if (only.Contains("triage"))
            {
                TriageShare.Measure(sheet, folder.FullName, arguments.GetValue(Sound), cancel);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }
}
