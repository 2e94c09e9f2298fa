using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Field.Bench.Figures;
using Field.Gdal;
using Field.Vision;
using Field.Vision.Quality;

namespace Field.Bench.Vision;

/// <summary>Decode, tile, infer, vectorise and measure, beside the runtime alone on the same tiles; and the memory of a process that does it.</summary>
internal static class ScoringSpeed
{
    private const string Child = "score-in-a-process";
    private const int PhotosInAProcess = 4;

    private static readonly Argument<FileInfo> Photo = new("photo");

    /// <summary>Scores a photo several times and prints the most memory that the process ever had; the bench starts it as a process of its own.</summary>
    public static Command ChildCommand()
    {
        Command command = new(Child) { Photo };
        command.Hidden = true;
        command.SetAction((result, cancel) => Task.Run(
            () =>
            {
                using PhotoScorer scorer = PhotoScorer.Load(VisionBench.CardPath);
                for (int i = 0; i < PhotosInAProcess; i++)
                {
                    scorer.Score(result.GetValue(Photo)!.FullName, cancel);
                }

                string peak = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal));
                Console.WriteLine(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
                return 0;
            },
            cancel));
        return command;
    }

    /// <summary>One after the other in turns, so that what else the machine does falls on both.</summary>
    public static async Task MeasureAsync(FigureSheet sheet, PhotoScorer scorer, string photo, int runs, CancellationToken cancel)
    {
        RasterImage image = Images.Read(photo);
        int findings = scorer.Score(photo, cancel).Findings.Count;
        List<(double Whole, double Alone, double Decode, double Maps)> times = [];
        for (int i = 0; i < runs; i++)
        {
            double alone = scorer.Alone(image, cancel).TotalSeconds;
            times.Add((Seconds(() => scorer.Score(photo, cancel)), alone, Seconds(() => Images.Read(photo)), Seconds(() => scorer.Infer(photo, cancel))));
        }

        double whole = VisionBench.Median(times.Select(t => t.Whole));
        string Share(double seconds) => seconds.ToString("0.00", CultureInfo.InvariantCulture);
        sheet.Add(new Figure("12-megapixel JPEG scored, beside the bare runtime", VisionBench.Median(times.Select(t => t.Whole / t.Alone)), "x")
        {
            Target = Target.AtMost(1.25),
            Note = $"median of {runs} pairs, {Share(times.Min(t => t.Whole / t.Alone))} to {Share(times.Max(t => t.Whole / t.Alone))}; {image.WidthPx} x {image.HeightPx}, {findings} findings",
        });
        sheet.Add(new Figure("12-megapixel JPEGs scored", 1 / whole, "images/s")
        {
            Peer = new Peer("ONNX Runtime alone, same tiles", 1 / VisionBench.Median(times.Select(t => t.Alone))),
            Note = $"of {Share(whole)} s: decode {Share(VisionBench.Median(times.Select(t => t.Decode)))} s, "
                + $"vectorise and measure {Share(Math.Max(0, VisionBench.Median(times.Select(t => t.Whole - t.Maps))))} s",
        });
        double quality = VisionBench.Median(Enumerable.Range(0, runs).Select(_ => Seconds(() => QualityMeter.Measure(image))));
        sheet.Add(new Figure("sharpness and exposure of a 12-megapixel photo that is decoded to be scored", quality * 1000, "ms/photo")
        {
            Note = $"one thread; part of the scoring, {(quality / whole).ToString("0.0 %", CultureInfo.InvariantCulture)} of its time; median of {runs}",
        });
        sheet.Add(new Figure("peak memory of a process that scores it", await PeakMbAsync(photo, cancel), "MB")
        {
            Target = Target.AtMost(1000),
            Note = $"{PhotosInAProcess} times one after another",
        });
    }

    private static async Task<double> PeakMbAsync(string photo, CancellationToken cancel)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Field.Bench.dll"), Child, photo]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string printed = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0
            ? double.Parse(printed, CultureInfo.InvariantCulture) * 1024 / 1e6
            : throw new InvalidOperationException("the process that scores a photo failed");
    }

    private static double Seconds(Action work)
    {
        long begin = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}
