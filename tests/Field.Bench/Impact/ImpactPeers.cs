using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Field.Bench.Figures;

namespace Field.Bench.Impact;

/// <summary>What the peers took; null for what was not measured.</summary>
internal sealed record PeerTimes
{
    public double? GeopandasJoinS { get; init; }

    public double? GeopandasTotalS { get; init; }

    public double? GeopandasMib { get; init; }

    /// <summary>Loading and indexing the points.</summary>
    public double? PostgisPointsS { get; init; }

    public double? PostgisS { get; init; }

    /// <summary>On polygons repaired and cut to 256 corners before, which is not counted.</summary>
    public double? PostgisSplitS { get; init; }

    /// <summary>True when all peers' totals are the expected ones.</summary>
    public bool? TotalsSame { get; init; }
}

/// <summary>GeoPandas and PostGIS by the shared script, which runs on a copy: it writes into its own folder.</summary>
internal sealed class ImpactPeers : IDisposable
{
    private const int LargeQueryLimitS = 150;
    private readonly string data;
    private readonly string original;
    private readonly string copy;
    private readonly string points;

    private ImpactPeers(string data, string original, string copy, string points) =>
        (this.data, this.original, this.copy, this.points) = (data, original, copy, points);

    /// <summary>The peers, or null with a line that says what is missing.</summary>
    /// <param name="sheet">Takes the line.</param>
    /// <param name="data">Folder of the city's files.</param>
    /// <param name="peers">Folder of the script.</param>
    /// <param name="points">Folder with the points' files.</param>
    public static ImpactPeers? Find(FigureSheet sheet, string data, string peers, string points)
    {
        string[] missing = [.. ((string[])["python3-geopandas", "python3-rtree", "postgresql-15", "postgresql-15-postgis-3", "gdal-bin", "time", "procps"]).Where(p => !IsInstalled(p))];
        if (missing.Length > 0)
        {
            sheet.Say($"peers skipped, not installed: {string.Join(' ', missing)}");
            return null;
        }

        string copy = Directory.CreateTempSubdirectory("field-bench-peers-").FullName;
        Directory.CreateDirectory(Path.Combine(copy, "expected"));
        foreach (string file in Directory.GetFiles(peers).Concat(Directory.GetFiles(Path.Combine(peers, "expected"))))
        {
            string to = Path.Combine(copy, Path.GetRelativePath(peers, file));
            File.Copy(file, to);
            new FileInfo(to).IsReadOnly = false; // the script writes its totals over the expected ones
        }

        return new ImpactPeers(data, peers, copy, points);
    }

    public async Task<PeerTimes> MeasureAsync(int count, int runs, CancellationToken cancel)
    {
        ProcessStartInfo start = new("bash", [Path.Combine(copy, "03_impact.sh"), data, points, $"{count}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["RUNS"] = $"{runs}", ["BIGRUNS"] = "1", ["QRUNS"] = $"{(count > 1_000_000 ? 1 : runs)}", ["LIMIT"] = $"{LargeQueryLimitS}", ["PORT"] = $"{BenchProcess.FreePort()}" },
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(cancel);
        string text = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"the peers' script failed: {await errors}");
        }

        return new PeerTimes
        {
            GeopandasJoinS = Median(text, $"geopandas {count} join"),
            GeopandasTotalS = Median(text, $"geopandas {count} total"),
            GeopandasMib = Median(text, $"geopandas {count} peak"),
            PostgisPointsS = Median(text, $"PostGIS {count} points load + index"),
            PostgisS = Median(text, $"PostGIS {count} query, polygons as published"),
            PostgisSplitS = Median(text, $"PostGIS {count} query, subdivided"),
            TotalsSame = IsSame(count) && text.Split('\n').Single(l => l.Contains("subdivided: memory", StringComparison.Ordinal)).EndsWith("same", StringComparison.Ordinal),
        };
    }

    public void Dispose() => Directory.Delete(copy, recursive: true);

    /// <summary>The script has replaced the copy of the totals by GeoPandas' own.</summary>
    private bool IsSame(int count)
    {
        string name = Path.Combine("expected", count == 140_000 ? "impact_yaizu.csv" : $"impact_yaizu_{count}.csv");
        return File.ReadAllLines(Path.Combine(copy, name)).Where(l => l[0] != '#').SequenceEqual(File.ReadAllLines(Path.Combine(original, name)).Where(l => l[0] != '#'));
    }

    private static double? Median(string text, string name)
    {
        Match match = Regex.Match(text, $@"^impact {Regex.Escape(name)}\s+median (?<value>[\d.]+)", RegexOptions.Multiline);
        return match.Success ? double.Parse(match.Groups["value"].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    private static bool IsInstalled(string package)
    {
        using Process process = Process.Start(new ProcessStartInfo("dpkg-query", ["-W", "-f=${Status}", package]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string status = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return status.Contains("ok installed", StringComparison.Ordinal);
    }
}
