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
[Collection(nameof(YaizuLayers))]
public sealed class YaizuStoredTests(YaizuLayers yaizu)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stored_layers_and_residents_give_the_peers_counts_row_for_row()
    {
        string expected = Path.Combine(SharedData.Path("jp_gis"), "..", "..", "peers", "expected", "impact_yaizu.csv");
        Assert.SkipUnless(File.Exists(expected), "the peers' expected counts are not beside the shared data");
        using TempFolder folder = new();
        yaizu.CopyTo(folder.Path("data"));
        await using LayerDesk layers = LayerDesk.Open(folder.Path("data"), TimeProvider.System);
        await using ResidentDesk desk = ResidentDesk.Open(folder.Path("data"), TimeProvider.System);
        string points = folder.Path("points.csv");
        await using (FileStream file = File.Create(points))
        {
            ResidentRecipe.Write(ResidentRecipe.Points(140_000, Districts()), file);
        }

        ResidentImportResult imported = await desk.ImportAsync(new ResidentImportOptions { Points = points, Crs = 6668, Encoding = "UTF-8", IsSynthetic = true }, "user:test", Cancel);
        Assert.Equal(140_000, imported.Register!.People);

        StoredImpact impact = new(layers, new ResidentCache(desk), new PreparedLayers(layers));
        ImpactAsk ask = new() { Layers = [.. Enumerable.Range(0, 8).Select(i => $"river{i}")], By = "districts", ById = "SAUID" };
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

    internal static PolygonSet Districts()
    {
        using VectorReader reader = Vectors.Open(SharedData.Path(YaizuLayers.Boundaries), new VectorOptions { LooseRings = true });
        PolygonSetBuilder builder = new(PolygonOrder.Lowest);
        while (reader.Read() is { } row)
        {
            Assert.Equal(WkbOutcome.Added, WkbPolygons.Add(builder, row.Wkb, 0, OfficialCrs.Find(reader.Layer.Crs!.Epsg!.Value), reader.HasLooseRings));
        }

        return builder.Build();
    }
}
