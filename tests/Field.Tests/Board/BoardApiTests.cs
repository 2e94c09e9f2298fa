using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Field.Ingest;
using Field.Ingest.Findings;
using Field.Ingest.Identity;
using Field.MapApp;
using Field.MapApp.Board;
using Field.Store;
using Field.Store.Audit;
using Field.Tests.Ingest;
using Field.Tests.Store;
using Field.Vision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NetTopologySuite.Geometries;

namespace Field.Tests.Board;

/// <summary>Two officers at one board, over HTTP.</summary>
public sealed class BoardApiTests : IAsyncLifetime
{
    private const string Follow = "/api/v1/board/follow:event:tablet-1:7";
    private readonly TempFolder _folder = new();
    private readonly RecordingSink _sink = new();
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    public BoardApiTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<IMessageSink>(_sink);
        builder.Services.AddSingleton(new ScoringModels([new Scorer("test-v1", ["crack"], (_, _) => new PhotoScore(200, 100, "test-v1", []))]));
        builder.Services.AddSingleton(_ => new AuditLog(AuditFolder, TimeProvider.System));
        builder.Services.AddSingleton<SecurityAudit>();
        builder.Services.AddIngestCore(IngestHost.Defaults with { DataDirectory = _folder.Root });
        _app = builder.Build();
        _app.UseRefusedCommandAudit();
        _app.MapGroup("/api/v1").MapBoard();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string AuditFolder => _folder.Path("audit");

    private IFeatureStore Store => _app.Services.GetRequiredService<FieldStores>().Features;

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync(Cancel);
        _http.BaseAddress = new Uri(_app.Urls.First());
        Feature report = new(FieldTables.Events, "tablet-1:7", GeometryFactory.Default.CreatePoint(new Coordinate(138.3, 34.8)), new Dictionary<string, object?>
        {
            ["device"] = "tablet-1",
            ["sequence"] = 7L,
            ["kind"] = "report",
            ["time"] = DateTimeOffset.UnixEpoch,
        });
        await Store.WriteAsync([new FeatureWrite(report)], Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Two_officers_follow_a_report_the_second_sees_what_the_first_wrote_and_nothing_is_lost()
    {
        JsonElement first = await DoneAsync(await PutAsync(Follow, new { who = "本部 一郎", revision = 0, state = "working", crew = "第2分団", note = "土のう" }));
        Assert.Equal(("follow", "working", "第2分団", "本部 一郎"), (Text(first, "kind"), Text(first, "state"), Text(first, "crew"), Text(first, "changedBy")));

        HttpResponseMessage late = await PutAsync(Follow, new { who = "本部 二郎", revision = 0, state = "done" });
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        JsonElement now = (await BodyAsync(late)).GetProperty("row").GetProperty("properties");
        Assert.Equal(("working", "第2分団"), (now.GetProperty("state").GetString(), now.GetProperty("crew").GetString()));

        long revision = now.GetProperty("revision").GetInt64();
        JsonElement second = await DoneAsync(await PutAsync(Follow, new { who = "本部 二郎", revision, state = "done", crew = "第2分団" }));
        JsonElement undone = await DoneAsync(await PostAsync($"{Follow}/undo", new { who = "本部 一郎", revision = Revision(second) }));
        Assert.Equal(("working", "土のう", "本部 一郎"), (Text(undone, "state"), Text(undone, "note"), Text(undone, "changedBy")));

        JsonElement gone = await DoneAsync(await PostAsync($"{Follow}/undo", new { who = "本部 一郎", revision = Revision(undone) }));
        Assert.NotNull(Text(gone, "removedAt"));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync($"{Follow}/undo", new { who = "本部 一郎", revision = Revision(gone) })).StatusCode);
        JsonElement again = await DoneAsync(await PutAsync(Follow, new { who = "本部 一郎", revision = 0, state = "open" }));
        Assert.Null(Text(again, "removedAt"));

        JsonElement[] history = [.. (await _http.GetFromJsonAsync<JsonElement>($"{Follow}/history", Cancel)).GetProperty("changes").EnumerateArray()];
        Assert.Equal(["set", "set", "undo", "undo", "set"], history.Select(c => c.GetProperty("action").GetString()));
        Assert.Equal("done", history[1].GetProperty("row").GetProperty("properties").GetProperty("state").GetString());
        Assert.Equal(5, _sink.Messages.Count(m => m.Topic == $"field/v1/{IngestHost.Defaults.Site}/live/board/follow:event:tablet-1:7"));
    }

    [Fact]
    public async Task Every_change_and_every_refusal_is_in_the_audit_log_without_what_was_written()
    {
        await DoneAsync(await PutAsync(Follow, new { who = "本部 一郎", revision = 0, state = "open", note = "SECRET-NOTE" }));
        await PutAsync(Follow, new { who = "本部 二郎", revision = 0, state = "open", note = "SECRET-NOTE" });
        await _app.Services.GetRequiredService<SecurityAudit>().FlushAsync(Cancel);
        string[] audit = [.. AuditLog.Read(AuditFolder).Where(l => l.Contains("board.set", StringComparison.Ordinal))];
        Assert.Equal(1, audit.Count(l => l.Contains("\"done\"", StringComparison.Ordinal)));
        Assert.Equal(1, audit.Count(l => l.Contains("\"refused\"", StringComparison.Ordinal) && l.Contains("409", StringComparison.Ordinal)));
        Assert.DoesNotContain(audit, l => l.Contains("SECRET-NOTE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_drawing_is_kept_as_it_was_drawn_and_comes_back_when_it_was_taken_away()
    {
        const string Drawing = "/api/v1/board/drawing:0190aaaa-bbbb";
        object polygon = new { type = "Polygon", coordinates = new[] { new[] { new[] { 138.3, 34.8 }, [138.31, 34.8], [138.31, 34.81], [138.3, 34.8] } } };
        JsonElement drawn = await DoneAsync(await PutAsync(Drawing, new { who = "A", revision = 0, shape = "polygon", colour = "red", pattern = "diagonal", title = "立入禁止", geometry = polygon }));
        JsonElement removed = await DoneAsync(await PutAsync(Drawing, new { who = "A", revision = Revision(drawn), removed = true }));
        Assert.Equal(JsonValueKind.Null, removed.GetProperty("geometry").ValueKind);
        JsonElement back = await DoneAsync(await PostAsync($"{Drawing}/undo", new { who = "B", revision = Revision(removed) }));
        Assert.Equal(drawn.GetProperty("geometry").GetRawText(), back.GetProperty("geometry").GetRawText());
        Assert.Equal(("立入禁止", "red", "diagonal", (string?)null), (Text(back, "title"), Text(back, "colour"), Text(back, "pattern"), Text(back, "removedAt")));
    }

    [Theory]
    [InlineData("follow:event:tablet-1:7", "{\"who\":\"A\",\"revision\":0,\"state\":\"finished\"}", HttpStatusCode.BadRequest)]
    [InlineData("follow:event:tablet-1:7", "{\"revision\":0,\"state\":\"open\"}", HttpStatusCode.BadRequest)]
    [InlineData("follow:event:tablet-1:7", "{\"who\":\"A\",\"state\":\"open\"}", HttpStatusCode.BadRequest)]
    [InlineData("follow:event:tablet-1:8", "{\"who\":\"A\",\"revision\":0,\"state\":\"open\"}", HttpStatusCode.NotFound)]
    [InlineData("follow:photo:1", "{\"who\":\"A\",\"revision\":0,\"state\":\"open\"}", HttpStatusCode.NotFound)]
    [InlineData("situation", "{\"who\":\"A\",\"revision\":0}", HttpStatusCode.BadRequest)]
    [InlineData("situation", "{\"who\":\"A\",\"revision\":0,\"title\":\"a\\u0000b\"}", HttpStatusCode.BadRequest)]
    [InlineData("situation", "[1]", HttpStatusCode.BadRequest)]
    [InlineData("situation", "{", HttpStatusCode.BadRequest)]
    [InlineData("drawing:12345678", "{\"who\":\"A\",\"revision\":0,\"shape\":\"line\",\"colour\":\"red\",\"pattern\":\"none\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]}}", HttpStatusCode.BadRequest)]
    [InlineData("drawing:12345678", "{\"who\":\"A\",\"revision\":0,\"shape\":\"point\",\"colour\":\"#f00\",\"pattern\":\"none\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]}}", HttpStatusCode.BadRequest)]
    [InlineData("drawing:12345678", "{\"who\":\"A\",\"revision\":0,\"shape\":\"point\",\"colour\":\"red\",\"pattern\":\"none\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[181,2]}}", HttpStatusCode.BadRequest)]
    [InlineData("drawing:12345678", "{\"who\":\"A\",\"revision\":0,\"shape\":\"point\",\"colour\":\"red\",\"pattern\":\"none\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[\"1\",{}]}}", HttpStatusCode.BadRequest)]
    public async Task What_a_row_may_not_be_is_refused_and_changes_nothing(string boardId, string body, HttpStatusCode status)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        Assert.Equal(status, (await _http.PutAsync($"/api/v1/board/{boardId}", content, Cancel)).StatusCode);
        Assert.Empty((await Store.QueryAsync(FieldTables.Board, new FeatureQuery(), Cancel)).Features);
        Assert.Empty((await Store.QueryAsync(FieldTables.BoardChanges, new FeatureQuery(), Cancel)).Features);
    }

    [Fact]
    public async Task A_hundred_people_at_once_each_change_is_kept_or_refused_and_none_is_half_done()
    {
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => PutAsync("/api/v1/board/situation", new { who = $"P{i}", revision = 0, title = $"対応 {i}" })));
        Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.Equal(99, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
        Assert.Single((await Store.QueryAsync(FieldTables.BoardChanges, new FeatureQuery(), Cancel)).Features);
    }

    private static string? Text(JsonElement feature, string name) => feature.GetProperty("properties").GetProperty(name).GetString();

    private static long Revision(JsonElement feature) => feature.GetProperty("properties").GetProperty("revision").GetInt64();

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);

    private static async Task<JsonElement> DoneAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        return await BodyAsync(answer);
    }

    private Task<HttpResponseMessage> PutAsync(string path, object body) => _http.PutAsJsonAsync(path, body, Cancel);

    private Task<HttpResponseMessage> PostAsync(string path, object body) => _http.PostAsJsonAsync(path, body, Cancel);
}
