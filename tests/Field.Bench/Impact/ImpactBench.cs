using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Field.Bench.Figures;
using Field.Gdal;
using Field.Geo;
using Field.Geo.Impact;
using Field.Harness;

namespace Field.Bench.Impact;

/// <summary>
/// <c>impact</c>: residents by depth class and association over the eight rivers of a real city, as the command that headquarters runs,
/// beside GeoPandas and PostGIS by the recipe of the shared peers. Counts are compared row for row.
/// </summary>
internal static class ImpactBench
{
    private const int City = 140_000;
    private const int Prefecture = 3_000_000;

    public static BenchCommand Command()
    {
        Option<int> runs = new("--runs") { HelpName = "N", DefaultValueFactory = _ => 5, Description = "Runs of each; the median counts." };
        Option<bool> alone = new("--alone") { Description = "Leave the peers out." };
        Option<bool> small = new("--small") { Description = "Only the 140,000 points." };
        return new BenchCommand("impact", "Who lives in the flood, 140,000 and 3,000,000 points, beside GeoPandas and PostGIS.", RunAsync, runs, alone, small);

        async Task RunAsync(FigureSheet sheet, ParseResult result, CancellationToken cancel)
        {
            string shared = Environment.GetEnvironmentVariable("FIELD_SHARED") ?? Path.GetFullPath(Path.Combine(Checkout.Root, "..", "shared"));
            string data = Path.Combine(shared, "data", "jp_gis"), peers = Path.Combine(shared, "peers");
            if (!Directory.Exists(Path.Combine(data, "yaizu_hazard")) || !Directory.Exists(peers))
            {
                sheet.Say($"skipped: {shared} does not hold data/jp_gis and peers (set FIELD_SHARED)");
                return;
            }

            DirectoryInfo folder = Directory.CreateTempSubdirectory("field-bench-");
            try
            {
                using ImpactPeers? others = result.GetValue(alone) ? null : ImpactPeers.Find(sheet, data, peers, folder.FullName);
                PolygonSet districts = Districts(data);
                foreach (int count in (int[])(result.GetValue(small) ? [City] : [City, Prefecture]))
                {
                    string points = Path.Combine(folder.FullName, count == City ? "residents_yaizu.csv" : $"residents_yaizu_{count}.csv");
                    string[] expected = File.ReadAllLines(Path.Combine(peers, "expected", count == City ? "impact_yaizu.csv" : $"impact_yaizu_{count}.csv"));
                    MakePoints(count, districts, points, expected);
                    FieldImpact ours = await FieldImpact.MeasureAsync(data, points, expected, count == City ? result.GetValue(runs) : Math.Min(3, result.GetValue(runs)), cancel);
                    PeerTimes theirs = others is null ? new PeerTimes() : await others.MeasureAsync(count, result.GetValue(runs), cancel);
                    Report(sheet, count, ours, theirs);
                }
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static void Report(FigureSheet sheet, int count, FieldImpact ours, PeerTimes theirs)
    {
        bool isCity = count == City;
        string size = count.ToString("#,0", CultureInfo.InvariantCulture);
        sheet.Add(new Figure($"{size} points: rows that differ from the expected counts", ours.RowsDifferent, "rows") { Target = Target.Exactly(0), Note = $"{ours.Rows} rows of association, class, residents, aged 65+" });
        Beside(sheet, $"{size} points: query", ours.QueryS, isCity ? Target.AtMost(0.2) : null, ("PostGIS, subdivided polygons", theirs.PostgisSplitS), ("PostGIS, polygons as published", theirs.PostgisS), ("GeoPandas", theirs.GeopandasJoinS));
        Beside(sheet, $"{size} points: whole command, process start to answer", ours.TotalS, Target.AtMost(isCity ? 0.7 : 5), ("GeoPandas", theirs.GeopandasTotalS), ("PostGIS, points load + query", theirs.PostgisSplitS + theirs.PostgisPointsS));
        sheet.Add(new Figure($"{size} points: peak memory", ours.PeakMib, "MiB") { Target = isCity ? null : Target.AtMost(2048), Peer = theirs.GeopandasMib is { } mib ? new Peer("GeoPandas", mib) : null });
        if (theirs.TotalsSame is { } same)
        {
            sheet.Add(new Figure($"{size} points: peers whose totals differ", same ? 0 : 1, "peers") { Target = Target.Exactly(0), Note = "GeoPandas against the expected file, PostGIS against GeoPandas" });
        }
    }

    private static void Beside(FigureSheet sheet, string name, double seconds, Target? target, params (string Name, double? Seconds)[] peers)
    {
        (string Name, double? Seconds)[] there = [.. peers.Where(p => p.Seconds is not null)];
        foreach ((string peer, double? theirs) in there.Length > 0 ? there : [("", null)])
        {
            sheet.Add(new Figure(name, seconds, "s")
            {
                Target = target,
                Peer = theirs is { } s ? new Peer(peer, s) : null,
                Note = theirs is { } t ? string.Create(CultureInfo.InvariantCulture, $"median; {t / seconds:0.0} times as fast") : "median; no peer ran",
            });
            target = null; // one target, one line
        }
    }

    private static void MakePoints(int count, PolygonSet districts, string path, string[] expected)
    {
        using (FileStream file = File.Create(path))
        {
            ResidentRecipe.Write(ResidentRecipe.Points(count, districts), file);
        }

        using FileStream written = File.OpenRead(path);
        string hash = Convert.ToHexStringLower(SHA256.HashData(written));
        if (!expected.Any(l => l.StartsWith("# sha256", StringComparison.Ordinal) && l.EndsWith(hash, StringComparison.Ordinal)))
        {
            throw new InvalidOperationException($"{count} points are not those of the expected counts: {hash}");
        }
    }

    private static PolygonSet Districts(string data)
    {
        using VectorReader reader = Vectors.Open(Path.Combine(data, "yaizu", "自治会区域", "自治会区域.shp"), new VectorOptions { LooseRings = true });
        PolygonSetBuilder builder = new(PolygonOrder.Lowest);
        while (reader.Read() is { } row)
        {
            WkbPolygons.Add(builder, row.Wkb, (int)row.Row, OfficialCrs.Find(reader.Layer.Crs!.Epsg!.Value), reader.HasLooseRings);
        }

        return builder.Build();
    }
}
