using System.Diagnostics;
using Field.Bench.Figures;
using Field.EdgeAgent.Photos;
using Field.Gdal;

namespace Field.Bench.Vision;

/// <summary>A smaller copy and the metadata of a photo, beside the command-line tools.</summary>
internal static class DecodeSpeed
{
    private const int WidthPx = 2048;
    private const int Quality = 85;
    private const int Copies = 6;
    private const int Files = 200;

    public static void Measure(FigureSheet sheet, string photo, string folder, int runs)
    {
        DirectoryInfo many = Directory.CreateDirectory(Path.Combine(folder, "many"));
        string[] files = [.. Enumerable.Range(0, Files).Select(i => File.CreateSymbolicLink(Path.Combine(many.FullName, $"{i:000}.jpg"), photo).FullName)];
        string small = Path.Combine(folder, "small.jpg");
        string[] translate = ["-q", "-of", "JPEG", "-co", $"QUALITY={Quality}", "-r", "average", "-outsize", $"{WidthPx}", "0"];
        string thumbnails = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "thumbnails")).FullName, $"%s.jpg[Q={Quality}]");
        Add(
            sheet,
            $"12-megapixel JPEG to {WidthPx} px and back to JPEG",
            "images/s",
            Copies,
            runs,
            i => File.WriteAllBytes(small, Images.EncodeJpeg(Images.Read(files[i], outWidthPx: WidthPx), Quality)),
            ("gdal_translate", () => files.Take(Copies).All(f => Ran("gdal_translate", [.. translate, f, small]))),
            ("vipsthumbnail, one process", () => Ran("vipsthumbnail", ["--size", $"{WidthPx}x{WidthPx}", "-o", thumbnails, .. files.Take(Copies)])));
        Add(
            sheet,
            "EXIF and XMP read",
            "files/s",
            Files,
            runs,
            i =>
            {
                using FileStream stream = File.OpenRead(files[i]);
                PhotoMetadataReader.Read(stream, TimeZoneInfo.Utc);
            },
            ("exiftool, one process", () => Ran("exiftool", ["-fast2", "-json", "-n", "-q", "-GPS:all", "-Make", "-Model", "-DateTimeOriginal", "-XMP:all", many.FullName])));
    }

    /// <summary>One row for each peer, each with its own runs in turns with Field's.</summary>
    private static void Add(FigureSheet sheet, string name, string unit, int count, int runs, Action<int> one, params (string Name, Func<bool> Work)[] peers)
    {
        one(0);
        foreach ((string peer, Func<bool> work) in peers)
        {
            List<double> ours = [], theirs = [];
            for (int run = 0; run < runs; run++)
            {
                ours.Add(PerSecond(count, () =>
                {
                    for (int i = 0; i < count; i++)
                    {
                        one(i);
                    }

                    return true;
                }));
                theirs.Add(PerSecond(count, work));
            }

            double beside = VisionBench.Median(theirs);
            sheet.Add(new Figure(name, VisionBench.Median(ours), unit)
            {
                Peer = beside > 0 ? new Peer(peer, beside) : null,
                Note = beside > 0 ? $"one thread; median of {runs}" : $"one thread; {peer} is not installed",
            });
        }
    }

    /// <summary>0 when it could not be done.</summary>
    private static double PerSecond(int count, Func<bool> work)
    {
        long begin = Stopwatch.GetTimestamp();
        return work() ? count / Stopwatch.GetElapsedTime(begin).TotalSeconds : 0;
    }

    private static bool Ran(string program, string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["VIPS_CONCURRENCY"] = "1" },
            })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? true : throw new InvalidOperationException($"{program} failed: {errors.Result}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
