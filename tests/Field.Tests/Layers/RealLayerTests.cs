using Field.Ingest.Layers;
using Field.Tests.Store;

namespace Field.Tests.Layers;

/// <summary>Every file of real municipal data comes in, with the number of features that libgdal's own program counts (tests/golden/layers/jp_gis.tsv).</summary>
public sealed class RealLayerTests
{
    private const string NoLayer = "no layer";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string[][] Golden { get; } =
    [
        .. File.ReadAllLines(Path.Combine(SharedData.RepositoryRoot(), "tests/golden/layers/jp_gis.tsv")).Where(l => !l.StartsWith('#')).Select(l => l.Split('\t')),
    ];

    [Fact]
    public void Every_file_that_is_there_is_expected()
    {
        string root = SharedData.Path("jp_gis");
        string[] there =
        [
            .. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Where(f => Path.GetExtension(f) is ".shp" or ".geojson" or ".json" or ".csv" && Path.GetFileName(f) != "attributes.csv")
                .Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(Golden.Select(g => g[0]).Order(StringComparer.Ordinal), there);
    }

    [Fact]
    public async Task Every_real_file_comes_in_with_the_expected_number_of_features()
    {
        string root = SharedData.Path("jp_gis");
        using TempFolder folder = new();
        await using LayerDesk desk = LayerDesk.Open(folder.Path("data"), TimeProvider.System);
        List<string> wrong = [];
        foreach (string[] golden in Golden)
        {
            LayerImportOptions options = Options(Path.Combine(root, golden[0]), golden[1]);
            string expected = $"{golden[2]} {golden[3]}".TrimEnd();
            string was;
            try
            {
                LayerImportResult result = await desk.ImportAsync(options, "user:test", null, Cancel);
                was = result.Layer is { } layer ? $"{layer.FeatureCount} {layer.RefusedCount}" : string.Join("; ", result.Faults.Select(f => f.En));
            }
            catch (FieldException e)
            {
                was = expected == NoLayer ? NoLayer : e.Message;
            }

            if (was != expected)
            {
                wrong.Add($"{golden[0]}: {was}, expected {expected}");
            }
        }

        Assert.Empty(wrong);
        IReadOnlyList<Layer> layers = await desk.ListAsync(withRemoved: false, Cancel);
        Assert.Equal(Golden.Count(g => g[2] != NoLayer), layers.Count); // no file took another's place
        Assert.Contains(layers, l => l.Epsg == 6676); // the GeoJSON in metres
        Assert.Contains(layers, l => l.Fields.Any(f => f.StartsWith("浸水", StringComparison.Ordinal))); // the mojibake name, as its bytes mean it
        Assert.All(layers.Where(l => l.RepairedCount > 0), l => Assert.Contains(l.Notes, n => n.En.Contains("repaired", StringComparison.Ordinal)));
        Assert.All(layers, l => Assert.True(l.Extent is { MinX: > 122, MaxX: < 154, MinY: > 20, MaxY: < 46 }, l.Title));
    }

    private static LayerImportOptions Options(string path, string told)
    {
        Dictionary<string, string> values = told.Split(' ').Where(t => t.Contains('=', StringComparison.Ordinal)).Select(t => t.Split('=')).ToDictionary(t => t[0], t => t[1]);
        return new LayerImportOptions
        {
            Path = path,
            Crs = values.TryGetValue("crs", out string? crs) ? int.Parse(crs, System.Globalization.CultureInfo.InvariantCulture) : null,
            Encoding = values.GetValueOrDefault("encoding"),
            MeshField = values.GetValueOrDefault("mesh"),
        };
    }
}
