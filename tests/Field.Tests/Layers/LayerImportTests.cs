using System.Text;
using System.Text.Json;
using Field.Ingest.Layers;
using Field.Store;
using Field.Store.Audit;
using Field.Tests.Edge;
using Field.Tests.Store;
using NetTopologySuite.Geometries;

namespace Field.Tests.Layers;

public sealed class LayerImportTests : IAsyncDisposable
{
    private const string Squares = """
        {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"名称":"甲","A31a_205":1},"geometry":{"type":"Polygon","coordinates":[[[138.30,34.86],[138.31,34.86],[138.31,34.87],[138.30,34.87],[138.30,34.86]]]}},
        {"type":"Feature","properties":{"名称":"乙","A31a_205":6},"geometry":{"type":"Polygon","coordinates":[[[138.32,34.86],[138.33,34.87],[138.33,34.86],[138.32,34.87],[138.32,34.86]]]}},
        {"type":"Feature","properties":{"名称":"丙","A31a_205":9},"geometry":null}]}
        """;

    private readonly TempFolder _folder = new();
    private readonly LayerDesk _desk;

    public LayerImportTests() => _desk = LayerDesk.Open(_folder.Path("data"), TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Broken_ring_is_repaired_and_listed_and_a_row_without_a_place_is_kept_as_refused()
    {
        LayerImportResult result = await ImportAsync(Write("depth.geojson", Squares));

        Layer layer = result.Layer!;
        Assert.Equal((2, 1, 1), (layer.FeatureCount, layer.RepairedCount, layer.RefusedCount));
        Assert.Contains(result.Notes, n => n is { Row: 2 } && n.Ja.Contains("交差", StringComparison.Ordinal));
        Assert.Contains(result.Notes, n => n is { Row: 3 } && n.En.Contains("no geometry", StringComparison.Ordinal));
        Feature[] features = await FeaturesAsync(layer);
        Assert.True(features[1].Geometry!.IsValid);
        Assert.Equal(("refused", "丙"), (features[2].Text("state"), features[2].Text("label")));
        Assert.Equal("丙", JsonDocument.Parse(features[2].Text("attributes")!).RootElement.GetProperty("名称").GetString());
        Assert.Contains("layer.import", Assert.Single(AuditLog.Read(_folder.Path("data/audit"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Official_field_brings_its_preset_and_values_outside_it_are_said()
    {
        LayerImportResult result = await ImportAsync(Write("depth.geojson", Squares));

        Assert.Equal(("flood-depth", "A31a_205", "flood"), (result.Layer!.Classes!.Preset, result.Layer.Classes.Field, result.Layer.Kind));
        Feature[] features = await FeaturesAsync(result.Layer);
        Assert.Equal(new (string?, long?)[] { ("1", 1), ("6", 6), ("9", null) }, features.Select(f => (f.Text("class"), f.Whole("rank"))));
        Assert.Contains(result.Notes, n => n.En.Contains("class '9' is not in the class table", StringComparison.Ordinal));
        Assert.Equal("#DC7ADC", result.Layer.Classes.Find("6")!.Colour);
    }

    [Fact]
    public async Task Layer_that_one_may_not_see_is_not_replaced()
    {
        Layer layer = (await ImportAsync(Write("depth.geojson", Squares), o => o with { DataClass = LayerDataClass.Resident })).Layer!;

        LayerImportResult refused = await ImportAsync(
            Write("other.geojson", Squares.Replace("甲", "丁", StringComparison.Ordinal)), o => o with { Id = layer.Id, MayReplace = old => old.DataClass != LayerDataClass.Resident });

        Assert.Null(refused.Layer);
        Assert.Contains(layer.Id, Assert.Single(refused.Faults).Ja, StringComparison.Ordinal);
        Assert.Equal(layer.Edition, (await _desk.FindAsync(layer.Id, Cancel))!.Edition);
    }

    [Fact]
    public async Task Pluvial_words_find_their_depth_classes()
    {
        string[] words = ["0.3m未満の区域", "0.3~0.5m未満の区域", "0.5～1.0m未満の区域", "1.0－3.0ｍ未満の区域", "3.0~5.0m未満の区域", "5.0~10.0m未満の区域"];
        string rows = string.Join('\n', words.Select((w, i) => $"138.3{i},34.86,{w}"));
        LayerImportResult result = await ImportAsync(Write("pluvial.csv", $"lon,lat,最大浸水深\n{rows}\n"), o => o with { Crs = 6668, Preset = "pluvial-depth", ClassField = "最大浸水深" });

        Feature[] features = await FeaturesAsync(result.Layer!);
        Assert.Equal([1, 2, 3, 4, 5, 6], features.Select(f => f.Whole("rank") ?? 0));
        Assert.Equal("pluvial", result.Layer!.Kind);
    }

    [Fact]
    public async Task GeoJson_in_metres_is_refused_until_its_system_is_told()
    {
        string path = Write("metres.geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[-18146.1,-124236.5]}}]}""");

        LayerImportResult refused = await ImportAsync(path);
        Assert.Null(refused.Layer);
        Assert.Contains("--crs", Assert.Single(refused.Faults).En, StringComparison.Ordinal);
        Assert.Contains("メートル", refused.Faults[0].Ja, StringComparison.Ordinal);

        Layer layer = (await ImportAsync(path, o => o with { Crs = 6676 })).Layer!;
        Assert.Equal(1, layer.FeatureCount);
        Coordinate at = (await FeaturesAsync(layer))[0].Geometry!.Coordinate;
        Assert.Equal(138.3013, at.X, 0.001); // PROJ: cs2cs EPSG:6676 EPSG:6668
        Assert.Equal(34.8797, at.Y, 0.001);
    }

    [Fact]
    public async Task Table_without_a_system_is_refused_and_names_the_option()
    {
        string path = Write("points.csv", "名称,経度,緯度\n甲,138.31,34.87\n乙,34.87,138.31\n");

        Assert.Contains("--crs", Assert.Single((await ImportAsync(path)).Faults).En, StringComparison.Ordinal);
        LayerImportResult result = await ImportAsync(path, o => o with { Crs = 6668 });
        Assert.Equal((1, 1), (result.Layer!.FeatureCount, result.Layer.RefusedCount));
        Assert.Contains(result.Notes, n => n is { Row: 2 } && n.Ja.Contains("緯度が経度より先", StringComparison.Ordinal));
        Assert.Contains("POINT", (await FeaturesAsync(result.Layer))[1].Text("sourceWkt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Importing_again_changes_nothing_and_a_new_file_replaces_with_a_way_back()
    {
        string path = Write("depth.geojson", Squares);
        Layer first = (await ImportAsync(path)).Layer!;
        Assert.True((await ImportAsync(path)).IsUnchanged);
        Assert.Equal(first.Revision, (await _desk.FindAsync(first.Id, Cancel))!.Revision);

        Write("depth.geojson", Squares.Replace("138.30,34.86", "138.29,34.86", StringComparison.Ordinal));
        Layer second = (await ImportAsync(path)).Layer!;
        Assert.Equal((first.Id, first.Edition), (second.Id, second.Earlier[0].Layer.Edition));
        Assert.Equal(3, (await FeaturesAsync(second)).Length);

        Layer back = await _desk.RestoreAsync(first.Id, "user:test", Cancel);
        Assert.Equal((first.Edition, 3), (back.Edition, (await FeaturesAsync(back)).Length));
        Assert.Equal(second.Edition, (await _desk.RestoreAsync(first.Id, "user:test", Cancel)).Edition);

        Write("depth.geojson", Squares.Replace("138.30,34.86", "138.28,34.86", StringComparison.Ordinal));
        Layer third = (await ImportAsync(path)).Layer!;
        Assert.Equal(second.Edition, third.Earlier[0].Layer.Edition);
        Write("depth.geojson", Squares.Replace("138.30,34.86", "138.27,34.86", StringComparison.Ordinal));
        Layer fourth = (await ImportAsync(path)).Layer!;
        Assert.Equal([third.Edition, second.Edition], fourth.Earlier.Select(v => v.Layer.Edition));
        Assert.Equal(3, (await FeaturesAsync(fourth with { Edition = second.Edition })).Length);
        Assert.Empty(await FeaturesAsync(fourth with { Edition = first.Edition })); // two ways back are kept, each a copy of all features
    }

    [Fact]
    public async Task Cancelled_import_leaves_the_layer_as_it_was_and_nothing_beside_it()
    {
        string path = Write("points.csv", $"名称,経度,緯度\n{string.Join('\n', Enumerable.Range(0, 1200).Select(i => $"p{i},138.31,34.87"))}\n");
        Layer first = (await ImportAsync(path, o => o with { Crs = 6668 })).Layer!;
        File.AppendAllText(path, "もう一つ,138.31,34.87\n");
        using CancellationTokenSource stop = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _desk.ImportAsync(
            new LayerImportOptions { Path = path, Crs = 6668 }, "user:test", new Call(p => { if (p.Rows == 1100) { stop.Cancel(); } }), stop.Token));

        Assert.Equal(first.Revision, (await _desk.FindAsync(first.Id, Cancel))!.Revision);
        using StoreHandle store = new(_folder.Path("data"));
        Assert.Equal([first.Edition], (await store.Store.CountByAsync(FieldTables.LayerFeatures, "edition", null, Cancel)).Keys);
    }

    [Fact]
    public async Task Removed_layer_comes_back_and_a_forgotten_one_leaves_no_feature()
    {
        Layer layer = (await ImportAsync(Write("depth.geojson", Squares))).Layer!;
        await _desk.RemoveAsync(layer.Id, forever: false, "user:test", Cancel);
        Assert.Empty(await _desk.ListAsync(withRemoved: false, Cancel));
        Assert.Null((await _desk.RestoreAsync(layer.Id, "user:test", Cancel)).RemovedAt);

        await _desk.RemoveAsync(layer.Id, forever: true, "user:test", Cancel);
        Assert.Null(await _desk.FindAsync(layer.Id, Cancel));
        Assert.Empty(await FeaturesAsync(layer));
    }

    [Fact]
    public async Task Removed_layer_is_deleted_when_its_time_is_over_and_not_before()
    {
        ManualTime time = new();
        await using LayerDesk desk = LayerDesk.Open(_folder.Path("data"), time);
        Layer layer = (await desk.ImportAsync(new LayerImportOptions { Path = Write("depth.geojson", Squares) }, "user:test", null, Cancel)).Layer!;
        Layer kept = (await desk.ImportAsync(new LayerImportOptions { Path = Write("kept.geojson", Squares) }, "user:test", null, Cancel)).Layer!;
        await desk.RemoveAsync(layer.Id, forever: false, "user:test", Cancel);
        time.Advance(LayerDesk.RemovedKeptFor - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await desk.PurgeAsync(Cancel));
        Assert.Equal(layer.Id, Assert.Single(await desk.ListAsync(withRemoved: true, Cancel), l => l.RemovedAt is not null).Id);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await desk.PurgeAsync(Cancel));
        Assert.Null(await desk.FindAsync(layer.Id, Cancel));
        await Assert.ThrowsAsync<FieldException>(() => desk.RestoreAsync(layer.Id, "user:test", Cancel));
        Assert.Equal(kept.Id, Assert.Single(await desk.ListAsync(withRemoved: true, Cancel)).Id);
        using StoreHandle store = new(_folder.Path("data"));
        Assert.Equal([kept.Edition], (await store.Store.CountByAsync(FieldTables.LayerFeatures, "edition", null, Cancel)).Keys);
    }

    [Fact]
    public async Task Store_that_knew_one_earlier_edition_only_still_gives_it_back()
    {
        string path = Write("depth.geojson", Squares);
        Layer first = (await ImportAsync(path)).Layer!;
        Write("depth.geojson", Squares.Replace("138.30,34.86", "138.29,34.86", StringComparison.Ordinal));
        Layer second = (await ImportAsync(path)).Layer!;
        Feature row = second.ToFeature();
        string before = JsonDocument.Parse(row.Text("previous")!).RootElement[0].GetProperty("row").GetRawText(); // as it was kept then
        Layer read = Layer.Of(row.With(("previous", before)));
        Assert.Equal((first.Edition, first.Title, first.FeatureCount), (read.Earlier[0].Layer.Edition, read.Earlier[0].Layer.Title, read.Earlier[0].Layer.FeatureCount));
    }

    [Fact]
    public async Task Files_of_one_name_in_two_folders_are_two_layers()
    {
        Layer a = (await ImportAsync(Write("emergency/222127.geojson", Squares))).Layer!;
        Layer b = (await ImportAsync(Write("evacuation/222127.geojson", Squares))).Layer!;
        Assert.NotEqual(a.Id, b.Id);
        Assert.Equal(("emergency/222127.geojson", "evacuation/222127.geojson"), (a.FileName, b.FileName));
    }

    [Fact]
    public async Task What_is_known_of_a_layer_can_be_changed_and_is_checked()
    {
        Layer layer = (await ImportAsync(Write("depth.geojson", Squares))).Layer!;
        Assert.Equal(LayerDataClass.Internal, layer.DataClass);
        Layer changed = await _desk.ChangeAsync(layer.Id, l => l with { WithdrawnOn = "2025-03-31", DataClass = LayerDataClass.Public }, "user:test", Cancel);
        Assert.Equal(("2025-03-31", "public"), (changed.WithdrawnOn, changed.DataClass));
        await Assert.ThrowsAsync<FieldException>(() => _desk.ChangeAsync(layer.Id, l => l with { DataClass = "secret" }, "user:test", Cancel));
        LayerImportResult refused = await ImportAsync(_folder.Path("depth.geojson"), o => o with { DataClass = "all", SourceDate = "31.3.2025", Id = "ÄÖ" });
        Assert.Equal(3, refused.Faults.Count);
    }

    [Fact]
    public async Task Kml_comes_in_as_lon_lat()
    {
        string path = Write("shelters.kml", """
            <?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>避難所</name>
            <Placemark><name>第一小学校</name><Point><coordinates>138.31,34.87,0</coordinates></Point></Placemark></Folder></Document></kml>
            """);
        Layer layer = (await ImportAsync(path)).Layer!;
        Feature shelter = Assert.Single(await FeaturesAsync(layer));
        Assert.Equal((4326, "第一小学校", new Coordinate(138.31, 34.87)), (layer.Epsg, shelter.Text("label"), shelter.Geometry!.Coordinate));
    }

    [Fact]
    public async Task Mesh_codes_become_cells_and_a_wrong_code_is_refused()
    {
        string path = Write("mesh.csv", "53394611,100\n533946113,50\n99,1\n");
        LayerImportResult result = await ImportAsync(path, o => o with { MeshField = "field_1" });
        Feature[] cells = await FeaturesAsync(result.Layer!);
        Assert.Equal((2, 1), (result.Layer!.FeatureCount, result.Layer.RefusedCount));
        Assert.True(cells[0].Geometry!.Contains(new Point(139.767125, 35.681236))); // Tokyo Station (DOMAIN.md)
        Assert.True(cells[1].Geometry!.Contains(new Point(139.767125, 35.681236)));
        Assert.Equal(0.25, cells[1].Geometry!.Area / cells[0].Geometry!.Area, 1e-9);
        Assert.Contains(result.Notes, n => n.Ja.Contains("世界測地系", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"classes":[]}""")]
    [InlineData("""{"classes":[{"key":"a","colour":"red"}]}""")]
    [InlineData("not json")]
    public void Class_table_that_is_none_is_refused(string json) => Assert.Throws<FieldException>(() => LayerClasses.Read(json));

    [Fact]
    public async Task Own_class_table_and_generated_legend_hold()
    {
        const string Table = """{"field":"名称","classes":[{"key":"a","values":["甲"],"rank":2,"ja":"こう","en":"first","colour":"#112233","pattern":"dots"},{"key":"b","values":["乙","丙"],"colour":"#445566"}]}""";
        Layer own = (await ImportAsync(Write("depth.geojson", Squares), o => o with { ClassTable = Table })).Layer!;
        Assert.Equal(["a", "b", "b"], (await FeaturesAsync(own)).Select(f => f.Text("class")));
        Layer made = (await ImportAsync(_folder.Path("depth.geojson"), o => o with { ClassField = "名称" })).Layer!;
        Assert.Equal(["丙", "乙", "甲"], made.Classes!.Classes.Select(c => c.Key));
        Assert.Equal(3, made.Classes.Classes.Select(c => c.Colour).Distinct().Count());
        using MemoryStream export = new();
        await _desk.ExportAsync(export, made, Cancel);
        JsonElement exported = JsonDocument.Parse(Encoding.UTF8.GetString(export.ToArray())).RootElement;
        Assert.Equal((2, "甲"), (exported.GetProperty("features").GetArrayLength(), exported.GetProperty("features")[0].GetProperty("properties").GetProperty("field:class").GetString()));
    }

    private async Task<LayerImportResult> ImportAsync(string path, Func<LayerImportOptions, LayerImportOptions>? with = null) =>
        await _desk.ImportAsync((with ?? (o => o))(new LayerImportOptions { Path = path }), "user:test", null, Cancel);

    private async Task<Feature[]> FeaturesAsync(Layer layer)
    {
        List<Feature> features = [];
        await foreach (Feature feature in _desk.FeaturesAsync(layer, Cancel))
        {
            features.Add(feature);
        }

        return [.. features];
    }

    private string Write(string name, string text)
    {
        string path = _folder.Path(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private sealed class Call(Action<LayerProgress> then) : IProgress<LayerProgress>
    {
        public void Report(LayerProgress value) => then(value);
    }

    private sealed class StoreHandle(string folder) : IDisposable
    {
        public IFeatureStore Store { get; } = StoreUris.Under(folder).OpenFeatures(TimeProvider.System);

        public void Dispose() => Store.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
