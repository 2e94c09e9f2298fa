using System.Globalization;
using Field.Gdal;
using Field.Geo;
using Field.Geo.Impact;
using Field.Harness;
using Field.Ingest.Layers;
using Field.Ingest.Residents;
using Field.MapApp.Impact;
using Field.MapApp.Residents;
using Field.Tests.Store;

namespace Field.Tests.Impact;

/// <summary>
/// The peers' counts (GeoPandas and PostGIS agreed on them) for 140,000 synthetic residents, eight rivers and the associations of a real city, asked of
/// what was imported into the store: repaired outlines, converted coordinates and all.
/// </summary>
public sealed class YaizuStoredTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stored_layers_and_residents_give_the_peers_counts_row_for_row()
    {
        string expected = Path.Combine(SharedData.Path("jp_gis"), "..", "..", "peers", "expected", "impact_yaizu.csv");
        Assert.SkipUnless(File.Exists(expected), "the peers' expected counts are not beside the shared data");
        using TempFolder folder = new();
        await using LayerDesk layers = LayerDesk.Open(folder.Path("data"), TimeProvider.System);
        await using ResidentDesk desk = ResidentDesk.Open(folder.Path("data"), TimeProvider.System);
        string[] rivers = [.. Directory.GetFiles(SharedData.Path("jp_gis/yaizu_hazard"), "*（想定最大規模）.shp", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        for (int i = 0; i < rivers.Length; i++)
        {
            await ImportAsync(layers, new LayerImportOptions { Path = rivers[i], Id = FormattableString.Invariant($"river{i}"), Preset = LayerPresets.FloodDepth, ClassField = FieldOf(rivers[i], "Max_Rank", "A31a_205") });
        }

        string boundaries = SharedData.Path("jp_gis/yaizu/自治会区域/自治会区域.shp");
        await ImportAsync(layers, new LayerImportOptions { Path = boundaries, Id = "districts", LabelField = "SAFIELD000" });
        string points = folder.Path("points.csv");
        await using (FileStream file = File.Create(points))
        {
            ResidentRecipe.Write(ResidentRecipe.Points(140_000, Districts(boundaries)), file);
        }

        ResidentImportResult imported = await desk.ImportAsync(new ResidentImportOptions { Points = points, Crs = 6668, Encoding = "UTF-8", IsSynthetic = true }, "user:test", Cancel);
        Assert.Equal(140_000, imported.Register!.People);

        StoredImpact impact = new(layers, new ResidentCache(desk), new PreparedLayers(layers));
        ImpactAsk ask = new() { Layers = [.. Enumerable.Range(0, rivers.Length).Select(i => $"river{i}")], By = "districts", ById = "SAUID" };
        StoredAnswer answer = (await impact.AskAsync(ask, minCell: 1, _ => { }, Cancel))!;
        ImpactCut area = answer.Result.Cuts.Single(c => c.Key == "area");
        string[] ours =
        [
            .. from row in Enumerable.Range(0, area.Table.Rows)
               from c in Enumerable.Range(0, area.Table.Classes)
               where area.Table[row, c].People > 0
               select string.Create(CultureInfo.InvariantCulture, $"{area.Ids[row]},{area.Names[row]},{c},{area.Table[row, c].People},{area.Table[row, c].Aged65}"),
        ];
        Assert.Equal(File.ReadAllLines(expected).Where(l => char.IsAsciiDigit(l[0])), ours);
        int flooded = File.ReadAllLines(expected).Where(l => char.IsAsciiDigit(l[0])).Select(l => l.Split(',')).Where(f => f[^3] != "0").DistinctBy(f => f[0]).Count();
        Assert.Equal($"想定最大規模で浸水区域内: 49,152人、{flooded}町内会、うち65歳以上 13,631人", ImpactText.Sentence(answer.Result, answer.Question, isJapanese: true));
        Assert.Equal(8, answer.Result.Cuts.Single(c => c.Key == "source").Ids.Count);
        Assert.Same(answer, await impact.AskAsync(ask, minCell: 1, _ => { }, Cancel)); // asked again it stands there

        // Hidden counts must be a few cells, not the table.
        StoredAnswer closed = (await impact.AskAsync(ask, minCell: 5, _ => { }, Cancel))!;
        bool[,] mask = closed.Result.Masks.Of("area", "people")!;
        Assert.InRange(mask.Cast<bool>().Count(h => h), 1, area.Table.Rows * 2);
    }

    private static async Task ImportAsync(LayerDesk layers, LayerImportOptions options)
    {
        LayerImportResult result = await layers.ImportAsync(options, "user:test", null, Cancel);
        Assert.True(result.Layer is not null, string.Join("; ", result.Faults.Select(f => f.En)));
    }

    private static string FieldOf(string path, params string[] names)
    {
        using VectorReader reader = Vectors.Open(path);
        return names.First(n => reader.Layer.Fields.Any(f => f.Name == n));
    }

    private static PolygonSet Districts(string path)
    {
        using VectorReader reader = Vectors.Open(path, new VectorOptions { LooseRings = true });
        PolygonSetBuilder builder = new(PolygonOrder.Lowest);
        while (reader.Read() is { } row)
        {
            Assert.Equal(WkbOutcome.Added, WkbPolygons.Add(builder, row.Wkb, 0, OfficialCrs.Find(reader.Layer.Crs!.Epsg!.Value), reader.HasLooseRings));
        }

        return builder.Build();
    }
}
