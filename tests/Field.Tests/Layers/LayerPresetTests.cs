using System.Globalization;
using System.Text.Json;
using Field.Ingest.Layers;
using Field.Store;
using Field.Tests.Store;

namespace Field.Tests.Layers;

/// <summary>Every preset on the real files that it is for: each row has a class, and the one that the file means.</summary>
public sealed class LayerPresetTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LayerDesk _desk;

    public LayerPresetTests() => _desk = LayerDesk.Open(_folder.Path("data"), TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("高草川_洪水浸水想定区域（想定最大規模）", "flood-depth", "Max_Rank", null, "1 2 3 4 5 6")]
    [InlineData("木屋川_洪水浸水想定区域（計画規模）", "flood-depth", "F6Lebel", null, "1 2 3 4")]
    [InlineData("焼津市全域_洪水浸水想定区域（浸水継続時間）", "flood-duration", "Max_Time", null, "1 2 3")]
    [InlineData("大井川_家屋倒壊等氾濫想定（氾濫流）", "collapse", "危険区域", null, "flow")]
    [InlineData("大井川_家屋倒壊等氾濫想定（河岸侵食）", "collapse", "危険区域", null, "both erosion")]
    [InlineData("瀬戸川_家屋倒壊等氾濫想定（河岸侵食）", "collapse", null, "河岸侵食", "erosion")]
    [InlineData("土砂災害-警戒区域・地すべり", "landslide", null, "警戒区域", "warning")]
    [InlineData("土砂災害-特別警戒区域・土石流", "landslide", null, "特別警戒区域", "special")]
    public async Task Real_file_has_a_class_in_every_row(string folder, string preset, string? field, string? value, string classes)
    {
        string path = Directory.EnumerateFiles(SharedData.Path($"jp_gis/yaizu_hazard/{folder}")).Single(f => Path.GetExtension(f) is ".shp" or ".geojson");
        await CheckAsync(new LayerImportOptions { Path = path, Preset = preset, ClassField = field, ClassValue = value }, classes);
    }

    [Fact]
    public async Task Pluvial_map_of_a_city_has_the_classes_and_the_very_colours_that_it_is_published_with()
    {
        string path = SharedData.Path("jp_gis/yaizu/内水浸水想定区域(公共下水道区域内)/内水浸水想定区域.geojson");
        (Layer layer, Feature[] rows) = await CheckAsync(new LayerImportOptions { Path = path, Preset = "pluvial-depth", ClassField = "最大浸水深" }, "p1 p2 p3 p4 p5 p6");
        foreach (Feature row in rows)
        {
            string[] published = JsonDocument.Parse(row.Text("attributes")!).RootElement.GetProperty("fill").GetString()!.Split('(', ',');
            string colour = "#" + string.Concat(published[1..4].Select(p => int.Parse(p, CultureInfo.InvariantCulture).ToString("X2", CultureInfo.InvariantCulture)));
            Assert.Equal(colour, layer.Classes!.Find(row.Text("class"))!.Colour);
        }
    }

    [Theory]
    [InlineData("A31a_205", "flood-depth")]
    [InlineData("A31a_105", "flood-depth")]
    [InlineData("A31b_201", "flood-depth")]
    [InlineData("A31_205", "flood-depth")]
    [InlineData("A31a_305", "flood-duration")]
    [InlineData("A31b_301", "flood-duration")]
    [InlineData("A31a_405", "collapse")] // not the duration: its codes 1 to 3 would be read as hours
    [InlineData("A31b_401", "collapse")]
    [InlineData("A31_001", "flood-depth-old")]
    [InlineData("A33_002", "landslide")]
    public void Field_of_the_national_specification_calls_for_its_own_table(string field, string preset) =>
        Assert.Equal(preset, LayerPresets.OfField(["A31a_201", field])!.Value.Preset.Name);

    [Theory]
    [InlineData("11", 0)]
    [InlineData("12", 0.5)]
    [InlineData("13", 1)]
    [InlineData("14", 2)]
    [InlineData("15", 5)]
    [InlineData("21", 0)]
    [InlineData("22", 0.5)]
    [InlineData("23", 1)]
    [InlineData("24", 2)]
    [InlineData("25", 3)]
    [InlineData("26", 4)]
    [InlineData("27", 5)]
    public void Older_edition_begins_at_its_metres_and_gets_worse_with_them(string code, double fromM)
    {
        IReadOnlyList<LayerClass> all = LayerPresets.Find("flood-depth-old")!.Classes;
        LayerClass known = all.Single(c => c.Values.Contains(code));
        Assert.StartsWith(fromM == 0 ? "0.5m未満" : fromM.ToString("0.0", CultureInfo.InvariantCulture), known.Ja, StringComparison.Ordinal);
        Assert.All(all.Where(c => c.Key[0] == code[0] && string.CompareOrdinal(c.Key, code) > 0), worse => Assert.True(worse.Rank > known.Rank));
    }

    private async Task<(Layer Layer, Feature[] Rows)> CheckAsync(LayerImportOptions options, string classes)
    {
        LayerImportResult result = await _desk.ImportAsync(options, "user:test", null, Cancel);
        Layer layer = result.Layer!;
        List<Feature> rows = [];
        await foreach (Feature row in _desk.FeaturesAsync(layer, Cancel))
        {
            rows.Add(row);
        }

        Assert.Equal(classes.Split(' '), rows.Select(r => r.Text("class")).Distinct().Order(StringComparer.Ordinal));
        Assert.All(rows, r => Assert.Equal(layer.Classes!.Find(r.Text("class"))?.Rank, (int?)r.Whole("rank")));
        Assert.All(rows, r => Assert.NotNull(r.Whole("rank")));
        return (layer, [.. rows]);
    }
}
