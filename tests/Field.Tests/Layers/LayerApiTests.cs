using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Field.Geo.Tiles;
using Field.Ingest;
using Field.Ingest.Findings;
using Field.Ingest.Layers;
using Field.MapApp.Layers;
using Field.Tests.Ingest;
using Field.Tests.Store;
using Field.Vision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Field.Tests.Layers;

/// <summary>SPEC.md, Layers: over HTTP.</summary>
public sealed class LayerApiTests : IAsyncLifetime
{
    private const string Zones = """
        {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"A31a_205":1,"河川":"瀬戸川"},"geometry":{"type":"Polygon","coordinates":[[[138.30,34.86],[138.33,34.86],[138.33,34.88],[138.30,34.88],[138.30,34.86]]]}},
        {"type":"Feature","properties":{"A31a_205":3,"河川":"瀬戸川"},"geometry":{"type":"Polygon","coordinates":[[[138.31,34.865],[138.32,34.865],[138.32,34.875],[138.31,34.875],[138.31,34.865]]]}}]}
        """;

    private readonly TempFolder _folder = new();
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    public LayerApiTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<IMessageSink>(new RecordingSink());
        builder.Services.AddSingleton(new ScoringModels([new Scorer("test-v1", ["crack"], (_, _) => new PhotoScore(200, 100, "test-v1", []))]));
        builder.Services.AddIngestCore(IngestHost.Defaults with { DataDirectory = _folder.Root });
        builder.Services.AddLayers(_folder.Root);
        _app = builder.Build();
        _app.MapGroup("/api/v1").MapLayers();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private LayerDesk Desk => _app.Services.GetRequiredService<LayerDesk>();

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync(Cancel);
        _http.BaseAddress = new Uri($"{_app.Urls.First()}/api/v1/");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task List_tells_what_is_known_of_each_layer()
    {
        Layer layer = await ImportAsync(Zones);

        JsonElement listed = Assert.Single((await GetAsync("layers")).GetProperty("layers").EnumerateArray().ToArray());
        Assert.Equal(layer.Id, listed.GetProperty("layerId").GetString());
        Assert.Equal(("flood", "2025-03-31"), (listed.GetProperty("kind").GetString(), listed.GetProperty("withdrawnOn").GetString()));
        Assert.Equal("#FFB7B7", listed.GetProperty("classTable").GetProperty("classes")[2].GetProperty("colour").GetString());
        Assert.Equal([138.30, 34.86, 138.33, 34.88], listed.GetProperty("bounds").EnumerateArray().Select(b => b.GetDouble()));
    }

    [Fact]
    public async Task Place_is_told_its_deepest_class_with_the_attributes_of_the_file()
    {
        Layer layer = await ImportAsync(Zones);

        JsonElement at = await GetAsync($"layers/{layer.Id}/at?lon=138.315&lat=34.87");
        Assert.Equal([3, 1], at.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("rank").GetInt32()));
        Assert.Equal(("3.0～5.0m", "瀬戸川"), (at.GetProperty("features")[0].GetProperty("classJa").GetString(), at.GetProperty("features")[0].GetProperty("attributes").GetProperty("河川").GetString()));
        Assert.Equal("2025-03-31", at.GetProperty("withdrawnOn").GetString()); // never told without it
        Assert.Empty((await GetAsync($"layers/{layer.Id}/at?lon=138.4&lat=34.87")).GetProperty("features").EnumerateArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.GetAsync($"layers/{layer.Id}/at?lon=138.4", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.GetAsync($"layers/{layer.Id}/at?lon=NaN&lat=34", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Tile_is_kept_by_the_browser_until_the_layer_changes()
    {
        Layer layer = await ImportAsync(Zones);
        string path = TilePath(layer);
        using HttpResponseMessage first = await _http.GetAsync(path, Cancel);
        Assert.Equal(("gzip", "application/vnd.mapbox-vector-tile"), (Assert.Single(first.Content.Headers.ContentEncoding), first.Content.Headers.ContentType!.MediaType));
        Assert.Equal(0x1f, (await first.Content.ReadAsByteArrayAsync(Cancel))[0]);

        Assert.Equal(HttpStatusCode.NotModified, (await AskAsync(path, first.Headers.ETag!.Tag)).StatusCode);
        Layer next = await ImportAsync(Zones.Replace("138.33", "138.34", StringComparison.Ordinal));
        Assert.Equal(layer.Id, next.Id);
        using HttpResponseMessage changed = await AskAsync(path, first.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await _http.GetAsync($"layers/{layer.Id}/tiles/12/0/0", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync($"layers/{layer.Id}/tiles/12/99999/0", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Removed_layer_gives_no_tile_and_no_answer_until_it_is_restored()
    {
        Layer layer = await ImportAsync(Zones);
        Assert.Equal(HttpStatusCode.OK, (await _http.DeleteAsync($"layers/{layer.Id}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(TilePath(layer), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync($"layers/{layer.Id}/at?lon=138.315&lat=34.87", Cancel)).StatusCode);
        Assert.Empty((await GetAsync("layers")).GetProperty("layers").EnumerateArray());
        Assert.Equal(HttpStatusCode.OK, (await _http.PostAsync($"layers/{layer.Id}/restore", null, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(TilePath(layer), Cancel)).StatusCode);
    }

    [Fact]
    public async Task Change_is_checked_and_told_in_both_languages()
    {
        Layer layer = await ImportAsync(Zones);
        using HttpResponseMessage changed = await _http.PatchAsJsonAsync($"layers/{layer.Id}", new { title = "瀬戸川", withdrawnOn = (string?)null }, Cancel);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Layer now = (await Desk.FindAsync(layer.Id, Cancel))!;
        Assert.Equal(("瀬戸川", null), (now.Title, now.WithdrawnOn));

        using HttpResponseMessage refused = await _http.PatchAsJsonAsync($"layers/{layer.Id}", new { dataClass = "secret" }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains(" / ", (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.PatchAsJsonAsync("layers/none", new { title = "a" }, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Change_on_top_of_somebody_elses_is_refused_with_the_layer_as_it_is()
    {
        Layer layer = await ImportAsync(Zones);
        Assert.Equal(HttpStatusCode.OK, (await _http.PatchAsJsonAsync($"layers/{layer.Id}", new { title = "甲", revision = layer.Revision }, Cancel)).StatusCode);
        using HttpResponseMessage stale = await _http.PatchAsJsonAsync($"layers/{layer.Id}", new { title = "乙", revision = layer.Revision }, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
        Assert.Equal("甲", (await stale.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("layer").GetProperty("title").GetString());
        Assert.Equal("甲", (await Desk.FindAsync(layer.Id, Cancel))!.Title);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _http.PatchAsJsonAsync($"layers/{layer.Id}", new { title = "乙", revision = "7" }, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Class_table_is_looked_at_before_it_is_saved_and_then_holds_on_the_map()
    {
        Layer layer = await ImportAsync(Zones);
        object Table(params object[] classes) => new { classTable = new { field = "A31a_205", classes } };
        object shallow = new { key = "own-1", rank = 1, ja = "浅い", colour = "#0072B2", pattern = "dots", values = new[] { "1" } };
        object deep = new { key = "own-2", rank = 2, ja = "深い", colour = "#D55E00", pattern = "none", values = Array.Empty<string>(), from = 2 };

        JsonElement none = await CheckAsync(Table());
        Assert.Equal(["1", "3"], none.GetProperty("unclassed").EnumerateArray().Select(u => u.GetProperty("value").GetString()));
        JsonElement half = await CheckAsync(Table(shallow));
        Assert.Equal((1, 1, 2), (half.GetProperty("counts").GetProperty("own-1").GetInt32(), half.GetProperty("unclassedRows").GetInt32(), half.GetProperty("rows").GetInt32()));
        Assert.Equal(2, (await CheckAsync(Table(shallow, shallow))).GetProperty("faults")[0].GetProperty("row").GetInt32());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _http.PostAsJsonAsync($"layers/{layer.Id}/classes", new { }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.PostAsJsonAsync("layers/none/classes", Table(shallow), Cancel)).StatusCode);
        Assert.Equal(layer.Edition, (await Desk.FindAsync(layer.Id, Cancel))!.Edition); // looking changes nothing

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _http.PatchAsJsonAsync($"layers/{layer.Id}", Table(shallow, shallow), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.PatchAsJsonAsync($"layers/{layer.Id}", Table(shallow, deep), Cancel)).StatusCode);
        JsonElement at = await GetAsync($"layers/{layer.Id}/at?lon=138.315&lat=34.87");
        Assert.Equal(["深い", "浅い"], at.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("classJa").GetString()));
        Assert.Equal("#D55E00", at.GetProperty("features")[0].GetProperty("colour").GetString());

        async Task<JsonElement> CheckAsync(object body)
        {
            using HttpResponseMessage answer = await _http.PostAsJsonAsync($"layers/{layer.Id}/classes", body, Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        }
    }

    [Fact]
    public async Task Legend_of_a_layer_with_one_class_for_all_is_looked_at_changed_and_taken_back()
    {
        string path = _folder.Path("zones.geojson");
        await File.WriteAllTextAsync(path, Zones.Replace("A31a_205", "n", StringComparison.Ordinal), Cancel);
        Layer layer = (await Desk.ImportAsync(new LayerImportOptions { Path = path, ClassValue = "立入禁止" }, "user:test", null, Cancel)).Layer!;
        object Table(string constant, string ja, string colour, int rank) => new { classTable = new { constant, classes = new object[] { new { key = "立入禁止", rank, ja, colour, values = new[] { "立入禁止" } } } } };
        using HttpResponseMessage looked = await _http.PostAsJsonAsync($"layers/{layer.Id}/classes", Table("立入禁止", "立入禁止区域", "#D55E00", 1), Cancel);
        JsonElement check = await looked.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal((2, 2, 0), (check.GetProperty("rows").GetInt32(), check.GetProperty("counts").GetProperty("立入禁止").GetInt32(), check.GetProperty("unclassedRows").GetInt32()));

        using HttpResponseMessage wrong = await _http.PatchAsJsonAsync($"layers/{layer.Id}", Table("通行止め", "立入禁止区域", "#D55E00", 1), Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode); // no class would be left for its rows
        Assert.Contains("通行止め", await wrong.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _http.PatchAsJsonAsync($"layers/{layer.Id}", Table("立入禁止", "立入禁止区域", "#D55E00", 7), Cancel)).StatusCode);
        JsonElement at = (await GetAsync($"layers/{layer.Id}/at?lon=138.315&lat=34.87")).GetProperty("features")[0];
        Assert.Equal(("立入禁止区域", "#D55E00", 7), (at.GetProperty("classJa").GetString(), at.GetProperty("colour").GetString(), at.GetProperty("rank").GetInt32()));

        Assert.Equal(HttpStatusCode.OK, (await _http.PostAsync($"layers/{layer.Id}/restore", null, Cancel)).StatusCode);
        at = (await GetAsync($"layers/{layer.Id}/at?lon=138.315&lat=34.87")).GetProperty("features")[0];
        Assert.Equal(("立入禁止", layer.Classes!.Classes[0].Colour), (at.GetProperty("classJa").GetString(), at.GetProperty("colour").GetString()));
    }

    [Fact]
    public async Task Own_class_table_of_an_upload_is_looked_at_and_imported()
    {
        JsonElement seen = await UploadAsync("zones.geojson", Encoding.UTF8.GetBytes(Zones), HttpStatusCode.OK);
        string upload = seen.GetProperty("uploadId").GetString()!;
        object table = new { field = "河川", classes = new object[] { new { key = "own-1", ja = "瀬戸川の区域", colour = "#0072B2", values = new[] { "瀬戸川" } } } };
        using HttpResponseMessage answer = await _http.PostAsJsonAsync($"layers/uploads/{upload}/classes", new { classTable = table }, Cancel);
        Assert.Equal(2, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("counts").GetProperty("own-1").GetInt32());

        using HttpResponseMessage started = await _http.PostAsJsonAsync("layers", new { uploadId = upload, title = "区域", classField = "河川", classTable = table }, Cancel);
        JsonElement done = await DoneAsync((await started.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("importId").GetString()!);
        Assert.Equal("done", done.GetProperty("state").GetString());
        Assert.Equal("瀬戸川の区域", Assert.Single(await Desk.ListAsync(false, Cancel)).Classes!.Classes[0].Ja);
    }

    [Fact]
    public async Task Every_earlier_state_is_listed_with_what_differs_and_comes_back_by_its_revision()
    {
        Layer layer = await ImportAsync(Zones);
        await _http.PatchAsJsonAsync($"layers/{layer.Id}", new { title = "甲", source = "県" }, Cancel);
        await _http.PatchAsJsonAsync($"layers/{layer.Id}", new { dataClass = "public" }, Cancel);
        await _http.PatchAsJsonAsync($"layers/{layer.Id}", new { dataClass = "public" }, Cancel); // changes nothing: no version of its own

        JsonElement[] earlier = [.. (await GetAsync($"layers/{layer.Id}")).GetProperty("earlier").EnumerateArray()];
        Assert.Equal(2, earlier.Length);
        Assert.Equal(["dataClass"], earlier[0].GetProperty("differs").EnumerateArray().Select(d => d.GetString()));
        Assert.Equal(["title", "dataClass", "source"], earlier[1].GetProperty("differs").EnumerateArray().Select(d => d.GetString()));
        Assert.Equal(layer.Revision, earlier[1].GetProperty("revision").GetInt64());

        Assert.Equal(HttpStatusCode.OK, (await _http.PostAsync($"layers/{layer.Id}/restore?revision={layer.Revision}", null, Cancel)).StatusCode);
        Layer back = (await Desk.FindAsync(layer.Id, Cancel))!;
        Assert.Equal((layer.Title, null, "internal"), (back.Title, back.Source, back.DataClass));
        Assert.Equal(["甲", "甲"], back.Earlier.Select(v => v.Layer.Title)); // what was undone can be brought back too
        Assert.Equal(HttpStatusCode.OK, (await _http.PostAsync($"layers/{layer.Id}/restore", null, Cancel)).StatusCode);
        Assert.Equal(("甲", "public"), ((await Desk.FindAsync(layer.Id, Cancel))!.Title, (await Desk.FindAsync(layer.Id, Cancel))!.DataClass));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _http.PostAsync($"layers/{layer.Id}/restore?revision=1000000", null, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Pages_hear_of_every_change_but_nothing_of_what_a_layer_that_was_shut_away_says()
    {
        Layer layer = await ImportAsync(Zones);
        RecordingSink sink = (RecordingSink)_app.Services.GetRequiredService<IMessageSink>();
        async Task<string[]> HeardAsync(Func<Layer, Layer> change)
        {
            int before = sink.Messages.Count();
            await Desk.ChangeAsync(layer.Id, change, "user:test", Cancel);
            return [.. sink.Messages.Skip(before).Where(m => m.Topic.EndsWith($"/live/layer/{layer.Id}", StringComparison.Ordinal)).Select(m => Encoding.UTF8.GetString(m.Payload))];
        }

        Assert.Contains("瀬戸川の区域", Assert.Single(await HeardAsync(l => l with { Title = "瀬戸川の区域" })), StringComparison.Ordinal);
        string shut = Assert.Single(await HeardAsync(l => l with { DataClass = "resident" }));
        Assert.DoesNotContain("瀬戸川", shut, StringComparison.Ordinal);
        Assert.DoesNotContain("resident", shut, StringComparison.Ordinal);
        Assert.Empty(await HeardAsync(l => l with { Title = "名簿" }));
        Assert.Contains("名簿", Assert.Single(await HeardAsync(l => l with { DataClass = "internal" })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Zipped_shapefile_with_a_name_of_japanese_windows_is_looked_into_and_imported()
    {
        string zip = _folder.Path("a.zip");
        string source = SharedData.Path("jp_gis/yaizu/小学校区");
        using (ZipArchive archive = new(File.Create(zip), ZipArchiveMode.Create, leaveOpen: false, CodePagesEncodingProvider.Instance.GetEncoding(932)))
        {
            foreach (string file in Directory.EnumerateFiles(source))
            {
                archive.CreateEntryFromFile(file, Path.GetFileName(file));
            }
        }

        JsonElement seen = await UploadAsync("小学校区.zip", await File.ReadAllBytesAsync(zip, Cancel), HttpStatusCode.OK);
        JsonElement layer = Assert.Single(seen.GetProperty("layers").EnumerateArray().ToArray());
        Assert.Equal((13, 2450), (layer.GetProperty("featureCount").GetInt32(), layer.GetProperty("epsg").GetInt32()));

        using HttpResponseMessage started = await _http.PostAsJsonAsync("layers", new { uploadId = seen.GetProperty("uploadId").GetString(), title = "小学校区", kind = "boundary", dataClass = "public" }, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        JsonElement done = await DoneAsync((await started.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("importId").GetString()!);
        Assert.Equal(("done", 13), (done.GetProperty("state").GetString(), done.GetProperty("layer").GetProperty("featureCount").GetInt32()));
        Assert.Equal("小学校区", Assert.Single(await Desk.ListAsync(false, Cancel)).Title);
    }

    [Fact]
    public async Task Upload_in_metres_asks_for_the_system_and_takes_the_answer()
    {
        byte[] metres = """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[-18146.1,-124236.5]}}]}"""u8.ToArray();
        JsonElement seen = await UploadAsync("metres.geojson", metres, HttpStatusCode.OK);
        JsonElement layer = seen.GetProperty("layers")[0];
        Assert.False(layer.TryGetProperty("epsg", out _));
        Assert.Contains("メートル", layer.GetProperty("problems")[0].GetProperty("ja").GetString(), StringComparison.Ordinal);

        using HttpResponseMessage again = await _http.PostAsJsonAsync($"layers/uploads/{seen.GetProperty("uploadId").GetString()}/inspect", new { crs = 6676 }, Cancel);
        Assert.Equal(6676, (await again.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("layers")[0].GetProperty("epsg").GetInt32());
    }

    [Theory]
    [InlineData("../../escape.geojson")]
    [InlineData("C:\\temp\\escape.geojson")]
    public async Task Path_in_a_name_leads_nowhere(string name)
    {
        await UploadAsync(name, Encoding.UTF8.GetBytes(Zones), HttpStatusCode.OK);
        Assert.Equal(["escape.geojson"], Directory.EnumerateFiles(_folder.Root, "*.geojson", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)!));
        Assert.StartsWith(_folder.Path("uploads"), Directory.EnumerateFiles(_folder.Root, "*.geojson", SearchOption.AllDirectories).Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Zip_that_leads_out_lies_about_its_size_or_is_none_is_refused_and_nothing_is_kept()
    {
        byte[] bomb = Zip(("big.csv", new byte[1 << 20], 513)); // 513 MiB of zeros in a few
        Assert.True(bomb.Length < 16 << 20);
        await UploadAsync("bomb.zip", bomb, HttpStatusCode.UnprocessableEntity);
        await UploadAsync("none.zip", [1, 2, 3], HttpStatusCode.UnprocessableEntity);
        await UploadAsync("two.zip", Zip(("a.geojson", Encoding.UTF8.GetBytes(Zones), 1), ("b.geojson", Encoding.UTF8.GetBytes(Zones), 1)), HttpStatusCode.UnprocessableEntity);
        await UploadAsync("program.exe", [77, 90], HttpStatusCode.UnprocessableEntity);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path("uploads")));

        await UploadAsync("slip.zip", Zip(("../../../slip.geojson", Encoding.UTF8.GetBytes(Zones), 1)), HttpStatusCode.OK);
        Assert.StartsWith(_folder.Path("uploads"), Directory.EnumerateFiles(_folder.Root, "slip.geojson", SearchOption.AllDirectories).Single(), StringComparison.Ordinal);
    }

    private static byte[] Zip(params (string Name, byte[] Content, int Times)[] files)
    {
        using MemoryStream buffer = new();
        using (ZipArchive archive = new(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content, int times) in files)
            {
                using Stream entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                for (int i = 0; i < times; i++)
                {
                    entry.Write(content);
                }
            }
        }

        return buffer.ToArray();
    }

    private async Task<JsonElement> UploadAsync(string name, byte[] content, HttpStatusCode expected)
    {
        using MultipartFormDataContent form = new();
        using ByteArrayContent file = new(content);
        form.Add(file, "file", name);
        using HttpResponseMessage answer = await _http.PostAsync("layers/uploads", form, Cancel);
        string body = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(expected == answer.StatusCode, $"{answer.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    private async Task<JsonElement> DoneAsync(string importId)
    {
        JsonElement job;
        do
        {
            job = await GetAsync($"layers/imports/{importId}");
            await Task.Yield();
        }
        while (job.GetProperty("state").GetString() == "running");
        return job;
    }

    private async Task<Layer> ImportAsync(string geoJson)
    {
        string path = _folder.Path("zones.geojson");
        await File.WriteAllTextAsync(path, geoJson, Cancel);
        return (await Desk.ImportAsync(new LayerImportOptions { Path = path, WithdrawnOn = "2025-03-31" }, "user:test", null, Cancel)).Layer!;
    }

    private static string TilePath(Layer layer)
    {
        (double x, double y) = WebMercator.FromLonLat(138.315, 34.87);
        return FormattableString.Invariant($"layers/{layer.Id}/tiles/12/{(int)(x * 4096)}/{(int)(y * 4096)}");
    }

    private async Task<JsonElement> GetAsync(string path) => await _http.GetFromJsonAsync<JsonElement>(path, Cancel);

    private async Task<HttpResponseMessage> AskAsync(string path, string tag)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Add("If-None-Match", tag);
        return await _http.SendAsync(request, Cancel);
    }
}
