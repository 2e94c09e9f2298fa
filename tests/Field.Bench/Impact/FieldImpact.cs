using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Field.Bench.Vision;
using Field.Harness;

namespace Field.Bench.Impact;

/// <summary>What <c>impact</c> took, as a process of its own each time.</summary>
/// <param name="TotalS">From the start of the process to its end, median.</param>
/// <param name="QueryS">Of that, from points and polygons to counts.</param>
/// <param name="PeakMib">Resident memory at its highest.</param>
/// <param name="Rows">Rows that were compared.</param>
/// <param name="RowsDifferent">Rows of one side that the other does not have.</param>
internal sealed partial record FieldImpact(double TotalS, double QueryS, double PeakMib, int Rows, int RowsDifferent)
{
    public static async Task<FieldImpact> MeasureAsync(string data, string points, string[] expected, int runs, CancellationToken cancel)
    {
        string[] rivers = [.. Directory.GetDirectories(Path.Combine(data, "yaizu_hazard"), "*（想定最大規模）").Order(StringComparer.Ordinal)];
        string[] arguments =
        [
            Checkout.Program("map-app", "Field.MapApp"), "impact", "--residents", points, "--hazard", .. rivers, "--by", Path.Combine(data, "yaizu", "自治会区域", "自治会区域.shp"),
            "--by-id", "SAUID", "--by-name", "SAFIELD000", "--format", "csv", "--lang", "en", "--timing",
        ];
        List<double> totals = [], queries = [], peaks = [];
        string[] rows = [];
        for (int run = 0; run <= runs; run++)
        {
            long begin = Stopwatch.GetTimestamp();
            using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync(cancel);
            string answer = await process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            Match told = Times().Match(await errors);
            if (process.ExitCode != 0 || !told.Success)
            {
                throw new InvalidOperationException($"field impact failed: {await errors}");
            }

            rows = RowsOf(answer);
            if (run > 0) // the first fills the page cache
            {
                totals.Add(seconds);
                queries.Add(double.Parse(told.Groups["query"].ValueSpan, CultureInfo.InvariantCulture));
                peaks.Add(double.Parse(told.Groups["peak"].ValueSpan, CultureInfo.InvariantCulture));
            }
        }

        string[] wanted = [.. expected.Where(l => char.IsAsciiDigit(l[0])).Select(l => l.Split(',')).Select(f => $"{f[0]},{f[^3]},{f[^2]},{f[^1]}")];
        return new FieldImpact(VisionBench.Median(totals), VisionBench.Median(queries), peaks.Max(), wanted.Length, wanted.Except(rows).Count() + rows.Except(wanted).Count());
    }

    /// <summary>The wide table as rows of id, class, residents, aged 65+, where anybody lives.</summary>
    private static string[] RowsOf(string csv)
    {
        string[][] lines = [.. csv.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(','))];
        return
        [
            .. from line in lines.Skip(1)
               where line[0].Length > 0
               from c in Enumerable.Range(0, lines[0].Count(h => h.StartsWith("class", StringComparison.Ordinal) && h.EndsWith("People", StringComparison.Ordinal)))
               let people = line[Array.IndexOf(lines[0], $"class{c}People")]
               where people != "0"
               select $"{line[0]},{c},{people},{line[Array.IndexOf(lines[0], $"class{c}Age65")]}",
        ];
    }

    [GeneratedRegex(@"query (?<query>[\d.]+) s, peak (?<peak>\d+) MiB")]
    private static partial Regex Times();
}
