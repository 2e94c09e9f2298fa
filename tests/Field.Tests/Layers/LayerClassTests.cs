using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Ingest.Layers;
using Field.Store;
using Field.Tests.Store;

namespace Field.Tests.Layers;

/// <summary>Class tables that a person writes: what may stand in them, what they make of the data, and a layer whose table is changed.</summary>
public sealed class LayerClassTests : IAsyncDisposable
{
    private const string Depths = """
        {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"depth":0.2,"種別":"床下"},"geometry":{"type":"Point","coordinates":[138.30,34.86]}},
        {"type":"Feature","properties":{"depth":0.5,"種別":"床上"},"geometry":{"type":"Point","coordinates":[138.31,34.86]}},
        {"type":"Feature","properties":{"depth":2.99,"種別":"床上"},"geometry":{"type":"Point","coordinates":[138.32,34.86]}},
        {"type":"Feature","properties":{"depth":7,"種別":"道路冠水"},"geometry":{"type":"Point","coordinates":[138.33,34.86]}},
        {"type":"Feature","properties":{"depth":null,"種別":null},"geometry":{"type":"Point","coordinates":[138.34,34.86]}}]}
        """;

    private const string Ranges = """{"field":"depth","isDepthM":true,"classes":[{"key":"a","rank":1,"ja":"浅い","colour":"#F7F5A9","values":[],"to":0.5},{"key":"b","rank":2,"ja":"中くらい","colour":"#FFD8C0","values":[],"from":0.5,"to":3}]}""";

    private readonly TempFolder _folder = new();
    private readonly LayerDesk _desk;

    public LayerClassTests() => _desk = LayerDesk.Open(_folder.Path("data"), TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("""[{"key":"a","ja":"あ","colour":"#000000","values":["1"]},{"key":"b","ja":"い","colour":"#000000","values":["１"]}]""", 2, "values", "1 番目")] // full and half width are one
    [InlineData("""[{"key":"a","ja":"あ","colour":"#000000","values":["1"]},{"key":"a","ja":"い","colour":"#000000","values":["2"]}]""", 2, "key", "二つ")]
    [InlineData("""[{"key":"a","ja":" ","colour":"#000000","values":["1"]}]""", 1, "ja", "名前")]
    [InlineData("""[{"key":"a","ja":"あ","colour":"#000000","values":[]}]""", 1, "values", "値か範囲")]
    [InlineData("""[{"key":"a","ja":"あ","colour":"#000000","values":[],"from":3,"to":3}]""", 1, "from", "小さい数から")]
    [InlineData("""[{"key":"a","ja":"あ","colour":"#000000","values":[],"to":1},{"key":"b","ja":"い","colour":"#000000","values":[],"from":0.5}]""", 2, "from", "重なって")]
    [InlineData("""[{"key":"b","ja":"い","colour":"#000000","values":[],"from":2},{"key":"a","ja":"あ","colour":"#000000","values":[],"to":1}]""", 1, "from", "1 から 2 まで")] // whatever order they stand in
    [InlineData("""[{"key":"a","ja":"あ","colour":"#000000","values":[],"from":1},{"key":"b","ja":"い","colour":"#000000","values":[],"from":2}]""", 2, "from", "重なって")] // the first has no end
    public void Table_with_a_mistake_says_where_it_is(string classes, int row, string field, string says)
    {
        LayerClassCheck check = LayerClassCheck.Of(LayerClasses.Read($$"""{"field":"f","classes":{{classes}}}"""), new LayerValues(0, 0, new Dictionary<string, long>(), 0));
        Field.Ingest.Import.ImportNote fault = Assert.Single(check.Faults);
        Assert.Equal((row, field), (fault.Row, fault.Field));
        Assert.Contains(says, fault.Ja, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_preset_keeps_the_rules() =>
        Assert.All(LayerPresets.All, p => Assert.Empty(LayerClassCheck.Of(new LayerClasses { Field = "f", Classes = p.Classes }, new LayerValues(0, 0, new Dictionary<string, long>(), 0)).Faults));

    [Fact]
    public void Range_holds_its_lower_end_and_not_its_upper_and_named_values_come_first()
    {
        LayerClasses table = LayerClasses.Read("""{"field":"f","classes":[{"key":"a","ja":"あ","colour":"#000000","values":[],"to":0.5},{"key":"b","ja":"い","colour":"#000000","values":["0.2"],"from":0.5}]}""");
        Assert.Equal(["a", "b", "b", "b", "-", "-"], new[] { "-3", "0.5", "1e3", "0.2", "NaN", "深い" }.Select(v => table.Of(v)?.Key ?? "-"));
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            table.Write(writer);
        }

        LayerClasses read = LayerClasses.Read(Encoding.UTF8.GetString(buffer.ToArray()));
        Assert.Equal(table.Classes.Select(c => (c.Key, c.From, c.To)), read.Classes.Select(c => (c.Key, c.From, c.To)));
    }

    [Fact]
    public async Task Values_of_a_file_that_no_class_has_are_counted()
    {
        LayerValues values = LayerValues.OfFile(new LayerImportOptions { Path = Write(Depths) }, "depth", Cancel);
        LayerClassCheck check = LayerClassCheck.Of(LayerClasses.Read(Ranges), values);
        Assert.Empty(check.Faults);
        Assert.Equal((5L, 1L), (values.Rows, check.Empty));
        Assert.Equal([("a", 1L), ("b", 2L)], check.Counts.Select(c => (c.Key, c.Value)));
        Assert.Equal([("7", 1L)], check.Unclassed);

        Layer layer = (await _desk.ImportAsync(new LayerImportOptions { Path = Write(Depths), ClassTable = Ranges }, "user:test", null, Cancel)).Layer!;
        Assert.Equal(2, layer.Classes!.UnclassedCount); // 7 m and the one without
        LayerValues stored = await LayerValues.OfFeaturesAsync(_desk.FeaturesAsync(layer, Cancel), "depth", Cancel);
        Assert.Equal(values.Counts.OrderBy(c => c.Key), stored.Counts.OrderBy(c => c.Key)); // the same of the store as of the file
        Assert.True((await _desk.ImportAsync(new LayerImportOptions { Path = Write(Depths), ClassTable = Ranges }, "user:test", null, Cancel)).IsUnchanged);
    }

    [Fact]
    public async Task Changed_table_gives_every_feature_its_new_class_and_can_be_taken_back()
    {
        Layer layer = (await _desk.ImportAsync(new LayerImportOptions { Path = Write(Depths) }, "user:test", null, Cancel)).Layer!;
        Assert.Null(layer.Classes);
        LayerClasses kinds = LayerClasses.Read("""{"field":"種別","classes":[{"key":"own-1","rank":2,"ja":"床上","colour":"#D55E00","values":["床上"]},{"key":"own-2","rank":1,"ja":"床下","colour":"#E69F00","values":["床下"]}]}""");

        Layer changed = await _desk.ChangeAsync(layer.Id, l => l with { Classes = kinds }, "user:test", Cancel);
        Assert.NotEqual(layer.Edition, changed.Edition); // so that every tile and count is made anew
        Assert.Equal(["own-2", "own-1", "own-1", "道路冠水", "-"], await ClassesAsync(changed));
        Assert.Equal(2, changed.Classes!.UnclassedCount);
        Assert.Contains(changed.Notes, n => n.Ja.Contains("道路冠水", StringComparison.Ordinal));
        Assert.Equal(layer.FeatureCount, changed.FeatureCount);

        Layer ranged = await _desk.ChangeAsync(layer.Id, l => l with { Classes = LayerClasses.Read(Ranges) }, "user:test", Cancel);
        Assert.Equal(["a", "b", "b", "7", "-"], await ClassesAsync(ranged));
        Assert.DoesNotContain(ranged.Notes, n => n.Ja.Contains("道路冠水", StringComparison.Ordinal));

        Layer renamed = await _desk.ChangeAsync(layer.Id, l => l with { Classes = ranged.Classes! with { Classes = [.. ranged.Classes.Classes.Select(c => c with { Ja = $"{c.Ja}水", Colour = "#123456" })] } }, "user:test", Cancel);
        Assert.Equal((ranged.Edition, 2L), (renamed.Edition, renamed.Classes!.UnclassedCount)); // names and colours are none of the features' business

        Layer back = await _desk.RestoreAsync(layer.Id, "user:test", Cancel, changed.Revision);
        Assert.Equal(["own-2", "own-1", "own-1", "道路冠水", "-"], await ClassesAsync(back));
        await Assert.ThrowsAsync<FieldException>(() => _desk.ChangeAsync(layer.Id, l => l with { Classes = kinds with { Field = "ない" } }, "user:test", Cancel));
        await Assert.ThrowsAsync<FieldException>(() => _desk.ChangeAsync(layer.Id, l => l with { Classes = kinds with { Classes = [kinds.Classes[0], kinds.Classes[0]] } }, "user:test", Cancel));
        Assert.Equal(back.Edition, (await _desk.FindAsync(layer.Id, Cancel))!.Edition);
    }

    private async Task<IReadOnlyList<string>> ClassesAsync(Layer layer)
    {
        List<string> classes = [];
        await foreach (Feature feature in _desk.FeaturesAsync(layer, Cancel))
        {
            classes.Add(feature.Text("class") ?? "-");
        }

        return classes;
    }

    private string Write(string text)
    {
        string path = _folder.Path("depths.geojson");
        File.WriteAllText(path, text);
        return path;
    }
}
