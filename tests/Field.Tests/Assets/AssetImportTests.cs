using System.Text;
using System.Text.Json;
using Field.Ingest.Assets;
using Field.Store;
using Field.Store.Audit;
using Field.Tests.Store;
using NetTopologySuite.Geometries;

namespace Field.Tests.Assets;

public sealed class AssetImportTests : IAsyncDisposable
{
    private const string Bridges = "橋梁番号,橋梁名,経度,緯度,架設年度\n0012,当目大橋,138.31,34.88,1974\n0013,髙草橋,138.30,34.87,\n";
    private readonly TempFolder _folder = new();
    private readonly AssetAdministration _assets;

    public AssetImportTests() => _assets = AssetAdministration.Open(_folder.Path("data"), TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _assets.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Bridges_of_a_shift_jis_csv_keep_their_ledger()
    {
        string path = Write("bridges.csv", Bridges, "Shift_JIS");
        AssetImportResult result = await ImportAsync(path, "bridge", 6668, encoding: "Shift_JIS");

        Assert.Equal((2, 2, 0), (result.Rows, result.Imported, result.Unchanged));
        Feature bridge = (await _assets.FindAsync("bridge:0012", Cancel))!;
        Assert.Equal(("bridge", "0012", "当目大橋", "bridges.csv"), (bridge.Text("kind"), bridge.Text("ledgerId"), bridge.Text("name"), bridge.Text("source")));
        Assert.Equal(new Coordinate(138.31, 34.88), bridge.Geometry!.Coordinate);
        Assert.Equal("1974", JsonDocument.Parse(bridge.Text("attributes")!).RootElement.GetProperty("架設年度").GetString());
        Assert.Equal("髙草橋", (await _assets.FindAsync("bridge:0013", Cancel))!.Text("name"));
        Assert.Contains("asset.import", Assert.Single(AuditLog.Read(_folder.Path("data/audit"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Importing_again_changes_only_what_differs()
    {
        await ImportAsync(Write("a.csv", Bridges), "bridge", 6668);
        long revision = (await _assets.FindAsync("bridge:0013", Cancel))!.Revision;

        AssetImportResult same = await ImportAsync(Write("a.csv", Bridges), "bridge", 6668);
        AssetImportResult changed = await ImportAsync(Write("a.csv", Bridges.Replace("1974", "1975", StringComparison.Ordinal)), "bridge", 6668);

        Assert.Equal((0, 2), (same.Imported, same.Unchanged));
        Assert.Equal((1, 1), (changed.Imported, changed.Unchanged));
        Assert.Equal(revision, (await _assets.FindAsync("bridge:0013", Cancel))!.Revision);
        Assert.Empty(changed.Warnings);
        AssetImportResult other = await ImportAsync(Write("other.csv", Bridges.Replace("1974", "1976", StringComparison.Ordinal)), "bridge", 6668);
        Assert.Contains("came from another file", Assert.Single(other.Warnings).En, StringComparison.Ordinal);
        Assert.Equal(2, (await _assets.ListAsync("bridge", Cancel)).Count);
    }

    [Fact]
    public async Task Elements_belong_to_their_bridge_and_every_error_of_the_file_is_told_at_once()
    {
        await ImportAsync(Write("a.csv", Bridges), "bridge", 6668);
        string path = Write("e.csv", "橋梁番号,部材番号,lon,lat\n0012,Mg0101,138.31,34.88\n0012,XX01,138.31,34.88\n9999,Mg0102,138.31,34.88\n,Ds01,34.88,138.31\n0012,Mg0101,,\n0013,Mg0101,,\n");

        AssetImportResult refused = await ImportAsync(path, "element", 6668);

        Assert.Equal((0L, 6L), (refused.Imported, refused.Rows));
        Assert.Equal([2, 3, 4, 4, 5], refused.Faults.Select(f => f.Row));
        Assert.Contains("Mg, Cr, Ds, P, A, Bh", refused.Faults[0].En, StringComparison.Ordinal);
        Assert.Contains("there is no bridge '9999'", refused.Faults[1].En, StringComparison.Ordinal);
        Assert.Equal(("橋梁番号", "値がありません"), (refused.Faults[2].Field, refused.Faults[2].Ja));
        Assert.Contains("holds latitude before longitude", refused.Faults[3].En, StringComparison.Ordinal); // lat above 90: swapped
        Assert.Contains("twice", refused.Faults[4].En, StringComparison.Ordinal);
        Assert.Empty(await _assets.ListAsync("element", Cancel));

        AssetImportResult skipped = await ImportAsync(path, "element", 6668, skip: true);
        Assert.Equal((2L, 5), (skipped.Imported, skipped.Faults.Count));
        Assert.Equal("bridge:0012", (await _assets.FindAsync("element:0012/Mg0101", Cancel))!.Text("parent"));
        Assert.Null((await _assets.FindAsync("element:0013/Mg0101", Cancel))!.Geometry); // an element need not have a place
    }

    [Theory]
    [InlineData(null, "--crs", "138.3,34.8")]
    [InlineData(4301, "Tokyo datum", "138.3,34.8")]
    [InlineData(3857, "cannot be taken", "138.3,34.8")]
    [InlineData(6676, "not of JGD2011 / Japan Plane", "999999,34")]
    [InlineData(6676, "outside Japan", "0,1500000")]
    [InlineData(6668, "outside Japan", "0,0")]
    public async Task Coordinates_without_a_usable_system_are_refused(int? crs, string reason, string place)
    {
        AssetImportResult result = await ImportAsync(Write("a.csv", $"id,lon,lat\n1,{place}\n"), "bridge", crs);
        Assert.Contains(reason, Assert.Single(result.Faults).En, StringComparison.Ordinal);
        Assert.Equal(0, result.Imported);
    }

    [Fact]
    public async Task Jgd2000_in_the_east_is_taken_with_a_warning()
    {
        AssetImportResult east = await ImportAsync(Write("a.csv", "id,lon,lat\n1,141.03,38.32\n"), "bridge", 4612);
        AssetImportResult west = await ImportAsync(Write("b.csv", "id,lon,lat\n2,138.3,34.8\n"), "bridge", 4612);
        Assert.Contains("5.3 m", Assert.Single(east.Warnings).En, StringComparison.Ordinal);
        Assert.Empty(west.Warnings);
    }

    [Fact]
    public async Task Column_that_is_not_found_is_asked_for_with_those_that_are_there()
    {
        AssetImportResult result = await ImportAsync(Write("a.csv", "河,番,lon,lat\nx,1,138.3,34.8\n"), "mark", 6668);
        Assert.Equal(["--id", "--river", "--km"], result.Faults.Select(f => f.En.Split(' ').First(w => w.StartsWith("--", StringComparison.Ordinal)).TrimEnd(';')));
        Assert.Contains("河, 番, lon, lat", result.Faults[0].Ja, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Levees_and_marks_come_with_river_bank_and_kilometres()
    {
        AssetImportResult levees = await ImportAsync(Write("l.geojson", """
            {"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"id":"L1","河川名":"瀬戸川","左右岸":"左岸","startKm":"2.0k","endKm":3.5},"geometry":{"type":"MultiLineString","coordinates":[[[138.3,34.86],[138.3,34.87]],[[138.3,34.85],[138.3,34.86]]]}},
            {"type":"Feature","properties":{"id":"L2","河川名":"瀬戸川","左右岸":"右","startKm":null,"endKm":null},"geometry":{"type":"LineString","coordinates":[[138.31,34.85],[138.31,34.87]]}}]}
            """), "levee", null);
        AssetImportResult marks = await ImportAsync(Write("m.csv", "id,river,bank,km,lon,lat\nm1,瀬戸川,右岸,2k200,138.31,34.851\nm2,瀬戸川,,2.4k,138.31,34.853\n"), "mark", 6668);

        Assert.Empty(levees.Faults.Concat(marks.Faults).Select(f => f.En));
        Feature first = (await _assets.FindAsync("levee:L1", Cancel))!;
        Assert.Equal(("瀬戸川", "left", 2.0, 3.5), (first.Text("river"), first.Text("bank"), first.Real("startKm"), first.Real("endKm")));
        Assert.Equal(3, Assert.IsType<LineString>(first.Geometry).NumPoints);
        Assert.Equal((2.2, "right"), ((await _assets.FindAsync("mark:m1", Cancel))!.Real("km"), (await _assets.FindAsync("mark:m1", Cancel))!.Text("bank")));
        Assert.Null((await _assets.FindAsync("mark:m2", Cancel))!.Text("bank"));
    }

    [Fact]
    public async Task Levee_in_two_pieces_without_a_bank_is_refused()
    {
        AssetImportResult result = await ImportAsync(Write("l.geojson", """
            {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"L1","river":"瀬戸川","bank":"中","km":1},"geometry":
            {"type":"MultiLineString","coordinates":[[[138.3,34.86],[138.3,34.87]],[[138.3,34.85],[138.3,34.859]]]}}]}
            """), "levee", null);
        Assert.Equal(["is a MultiLineString, not one line", "bank '中' must be 左岸/left or 右岸/right"], result.Faults.Select(f => f.En));
    }

    [Fact]
    public async Task Outline_that_crosses_itself_is_repaired_and_listed()
    {
        AssetImportResult result = await ImportAsync(Write("b.geojson", """
            {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"B1"},"geometry":
            {"type":"Polygon","coordinates":[[[138.3,34.8],[138.301,34.801],[138.301,34.8],[138.3,34.801],[138.3,34.8]]]}}]}
            """), "bridge", null);
        Assert.Equal("its outline crosses itself and was repaired (at 138.300500, 34.800500)", Assert.Single(result.Warnings).En);
        Assert.True((await _assets.FindAsync("bridge:B1", Cancel))!.Geometry!.IsValid);
    }

    [Fact]
    public async Task Real_shapefile_of_farm_roads_comes_in_and_goes_out()
    {
        AssetImportOptions options = new() { Path = SharedData.Path("jp_gis/yaizu/農道一般平面図_農道/農道.shp"), Kind = "road", IdField = "item1", NameField = "item2" };
        List<long> progress = [];
        AssetImportResult result = await _assets.ImportAsync(options, new Recorded(progress), Cancel);
        MemoryStream output = new();
        await _assets.ExportAsync(output, "road", Cancel);

        Assert.Empty(result.Faults);
        Assert.Equal(26, result.Imported);
        Assert.Equal(26, progress[^1]);
        Assert.Equal("第8号水路兼農道", (await _assets.FindAsync("road:27", Cancel))!.Text("name"));
        JsonElement features = JsonDocument.Parse(output.ToArray()).RootElement.GetProperty("features");
        Assert.Equal(26, features.GetArrayLength());
        Assert.Contains("農道は一般道ではないため", features[0].GetProperty("properties").GetProperty("attributes").GetProperty("item3").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_cannot_be_read_and_unknown_kind_say_so()
    {
        await Assert.ThrowsAsync<FieldException>(() => ImportAsync(_folder.Path("none.csv"), "bridge", 6668));
        await Assert.ThrowsAsync<FieldException>(() => ImportAsync(Write("a.csv", Bridges), "pipe", 6668));
        FieldException e = await Assert.ThrowsAsync<FieldException>(() => ImportAsync(Write("a.csv", Bridges, "Shift_JIS"), "bridge", 6668));
        Assert.Contains("probably Shift_JIS", e.Message, StringComparison.Ordinal);
    }

    private Task<AssetImportResult> ImportAsync(string path, string kind, int? crs, string? encoding = null, bool skip = false) => _assets.ImportAsync(
        new AssetImportOptions { Path = path, Kind = kind, Crs = crs, SkipErrors = skip, Vector = new() { Encoding = encoding } }, null, Cancel);

    private string Write(string name, string content, string encoding = "UTF-8")
    {
        Encoding code = encoding == "UTF-8" ? new UTF8Encoding(false) : CodePagesEncodingProvider.Instance.GetEncoding(932)!;
        File.WriteAllBytes(_folder.Path(name), code.GetBytes(content));
        return _folder.Path(name);
    }

    private sealed class Recorded(List<long> rows) : IProgress<(long Done, long Total)>
    {
        public void Report((long Done, long Total) value) => rows.Add(value.Done);
    }
}
