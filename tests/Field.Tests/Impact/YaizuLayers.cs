using Field.Ingest.Layers;
using Field.Tests.Store;

namespace Field.Tests.Impact;

/// <summary>The hazard layers and associations of a real city, imported once for the tests that ask about them: each works on a copy.</summary>
public sealed class YaizuLayers : IAsyncLifetime
{
    /// <summary>Of the associations.</summary>
    public const string Boundaries = "jp_gis/yaizu/自治会区域/自治会区域.shp";

    private readonly TempFolder _folder = new();

    /// <summary>The eight rivers at 想定最大規模, in the order of their ids <c>river0</c> to <c>river7</c>.</summary>
    public static IReadOnlyList<string> Rivers() => [.. Directory.GetFiles(SharedData.Path("jp_gis/yaizu_hazard"), "*（想定最大規模）.shp", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>The one river at 計画規模, imported as <c>old</c>.</summary>
    public static string OldMap() => Directory.GetFiles(SharedData.Path("jp_gis/yaizu_hazard"), "*（計画規模）.shp", SearchOption.AllDirectories).Single();

    public async ValueTask InitializeAsync()
    {
        await using LayerDesk layers = LayerDesk.Open(_folder.Path("data"), TimeProvider.System);
        IReadOnlyList<string> rivers = Rivers();
        for (int i = 0; i < rivers.Count; i++)
        {
            await ImportAsync(layers, Flood(rivers[i], FormattableString.Invariant($"river{i}"), "Max_Rank"));
        }

        await ImportAsync(layers, Flood(OldMap(), "old", "F6Lebel"));
        await ImportAsync(layers, new LayerImportOptions { Path = SharedData.Path(Boundaries), Id = "districts", Kind = "boundary", LabelField = "SAFIELD000", Source = "焼津市オープンデータ", Licence = "CC BY 4.0", Attribution = "焼津市" });
    }

    /// <summary>Puts a copy where a server that was never started keeps its data.</summary>
    public void CopyTo(string dataDirectory)
    {
        foreach (string file in Directory.EnumerateFiles(_folder.Path("data"), "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(dataDirectory, Path.GetRelativePath(_folder.Path("data"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    private static async Task ImportAsync(LayerDesk layers, LayerImportOptions options)
    {
        LayerImportResult result = await layers.ImportAsync(options, "user:test", null, TestContext.Current.CancellationToken);
        Assert.True(result.Layer is not null, string.Join("; ", result.Faults.Select(f => f.En)));
    }

    /// <summary>The city has withdrawn its hazard layers: what is made of them must say so.</summary>
    private static LayerImportOptions Flood(string path, string id, string field) => new()
    {
        Path = path,
        Id = id,
        Preset = LayerPresets.FloodDepth,
        ClassField = field,
        Source = "焼津市オープンデータ",
        Licence = "CC BY 4.0",
        Attribution = "焼津市",
        WithdrawnOn = "2025-03-31",
    };
}

/// <summary>Tests that ask about them, one after the other.</summary>
[CollectionDefinition(nameof(YaizuLayers))]
public sealed class YaizuGroup : ICollectionFixture<YaizuLayers>;
