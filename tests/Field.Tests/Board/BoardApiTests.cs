using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Field.Contracts;
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
        builder.Services.AddSingleton<ReplayGate>();
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

    [Fact]
    public async Task Photo_is_chosen_as_a_general_view_of_a_bridge_by_those_who_decide_on_findings()
    {
        string photo = new('a', 64);
        await Store.WriteAsync([new FeatureWrite(new Feature(FieldTables.Photos, photo, null, new Dictionary<string, object?> { ["name"] = "DJI_0001.JPG" }))], Cancel);
        string view = $"/api/v1/photos/{photo}/view";
        JsonElement chosen = await DoneAsync(await PutAsync(view, new { who = "点検 花子", revision = 0, state = "side", assetId = "bridge:aoba" }));
        Assert.Equal(("view", "side", "bridge:aoba", "点検 花子"), (Text(chosen, "kind"), Text(chosen, "state"), Text(chosen, "assetId"), Text(chosen, "changedBy")));
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync(view, new { who = "点検 次郎", revision = 0, state = "deck", assetId = "bridge:aoba" })).StatusCode);
        JsonElement deck = await DoneAsync(await PutAsync(view, new { who = "点検 次郎", revision = Revision(chosen), state = "deck", assetId = "bridge:aoba" }));
        Assert.Equal("side", Text(await DoneAsync(await PostAsync($"{view}/undo", new { who = "点検 花子", revision = Revision(deck) })), "state"));

        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(view, new { who = "A", revision = 0, state = "open", assetId = "bridge:aoba" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(view, new { who = "A", revision = 0, state = "side", assetId = "levee:L1" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync($"/api/v1/photos/{new string('b', 64)}/view", new { who = "A", revision = 0, state = "side", assetId = "bridge:aoba" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync($"/api/v1/board/view:{photo}", new { who = "A", revision = 0, removed = true })).StatusCode);
    }

    [Fact]
    public async Task No_fly_area_is_kept_changed_and_taken_back_by_those_who_plan_flights_and_not_as_a_drawing()
    {
        const string Area = "/api/v1/routes/no-fly/0190aaaa-bbbb";
        object Ring(double east) => new { type = "Polygon", coordinates = new[] { new[] { new[] { 138.3, 34.8 }, [east, 34.8], [east, 34.81], [138.3, 34.8] } } };
        JsonElement kept = await DoneAsync(await PutAsync(Area, new { who = "操縦 一郎", revision = 0, title = "青葉小学校", note = "登下校", geometry = Ring(138.31) }));
        Assert.Equal(("no-fly", "青葉小学校", "登下校", "操縦 一郎"), (Text(kept, "kind"), Text(kept, "title"), Text(kept, "note"), Text(kept, "changedBy")));
        Assert.Equal("no-fly:0190aaaa-bbbb", Text(kept, "boardId"));

        HttpResponseMessage late = await PutAsync(Area, new { who = "操縦 二郎", revision = 0, title = "別の名", geometry = Ring(138.32) });
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        JsonElement moved = await DoneAsync(await PutAsync(Area, new { who = "操縦 二郎", revision = Revision(kept), title = "青葉小学校", geometry = Ring(138.32) }));
        JsonElement back = await DoneAsync(await PostAsync($"{Area}/undo", new { who = "操縦 一郎", revision = Revision(moved) }));
        Assert.Equal(kept.GetProperty("geometry").GetRawText(), back.GetProperty("geometry").GetRawText());

        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync("/api/v1/board/no-fly:0190aaaa-bbbb", new { who = "本部", revision = Revision(back), removed = true })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync("/api/v1/routes/no-fly/drawing:0190aaaa", new { who = "操縦", revision = 0, removed = true })).StatusCode);
        object bow = new { type = "Polygon", coordinates = new[] { new[] { new[] { 0.0, 0 }, [1, 1], [1, 0], [0, 1], [0, 0] } } };
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync("/api/v1/routes/no-fly/0190cccc", new { who = "操縦", revision = 0, title = "蝶", geometry = bow })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync("/api/v1/routes/no-fly/0190cccc", new { who = "操縦", revision = 0, geometry = Ring(138.31) })).StatusCode);
    }

    [Fact]
    public async Task Permit_is_kept_with_its_area_whole_or_not_at_all_and_stands_in_the_audit_log()
    {
        const string Area = "/api/v1/routes/no-fly/0190aaaa-bbbb";
        object ring = new { type = "Polygon", coordinates = new[] { new[] { new[] { 138.3, 34.8 }, [138.31, 34.8], [138.31, 34.81], [138.3, 34.8] } } };
        JsonElement kept = await DoneAsync(await PutAsync(Area, new { who = "A", revision = 0, title = "School", geometry = ring, permitNumber = "TKY-123", permitHolder = "Aoba", permitUntil = "2027-03-31" }));
        Assert.Equal(("TKY-123", "Aoba", "2027-03-31"), (Text(kept, "permitNumber"), Text(kept, "permitHolder"), Text(kept, "permitUntil")));
        foreach ((string? number, string? holder, string? until, string member) in new (string?, string?, string?, string)[]
        {
            (null, "Aoba", "2027-03-31", "permitNumber"), ("TKY-123", null, "2027-03-31", "permitHolder"), ("TKY-123", "Aoba", null, "permitUntil"), ("TKY-123", "Aoba", "2027-02-29", "permitUntil"),
        })
        {
            HttpResponseMessage refused = await PutAsync(Area, new { who = "A", revision = Revision(kept), title = "School", geometry = ring, permitNumber = number, permitHolder = holder, permitUntil = until });
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Equal([member], (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("code").GetString()));
        }

        JsonElement without = await DoneAsync(await PutAsync(Area, new { who = "A", revision = Revision(kept), title = "School", geometry = ring }));
        Assert.Null(Text(without, "permitNumber"));
        JsonElement back = await DoneAsync(await PostAsync($"{Area}/undo", new { who = "B", revision = Revision(without) }));
        Assert.Equal("TKY-123", Text(back, "permitNumber"));
        string[] audit = [.. AuditLog.Read(AuditFolder).Where(l => l.Contains("permit TKY-123 of Aoba until 2027-03-31", StringComparison.Ordinal))];
        Assert.Equal(["board.set", "board.undo"], audit.Select(l => l.Split("\"what\":\"")[1].Split('"')[0]));
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

    [Fact]
    public async Task State_of_a_moment_is_what_had_been_said_and_written_by_then()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        FieldStores stores = _app.Services.GetRequiredService<FieldStores>();
        string[] devices = ["drone-1", "river-1", "tablet-1"];
        await Store.WriteAsync([.. devices.Select(d => new FeatureWrite(new Feature(FieldTables.Devices, d, null, new Dictionary<string, object?>())))], Cancel);
        await stores.Telemetry.AppendAsync(
        [
            Pack("drone-1", now.AddHours(-3), 1, ("lon", "lon", 138.1), ("lat", "lat", 34.1)),
            Pack("drone-1", now.AddHours(-2), 2, ("lon", "lon", 138.2), ("lat", "lat", 34.2), ("battery", "%EL", 40)),
            Pack("drone-1", now.AddHours(-1), 3, ("lon", "lon", 138.3), ("lat", "lat", 34.3)),
            Pack("river-1", now.AddHours(-2).AddMinutes(-10), 1, ("level", "m", 3.4)), Pack("river-1", now.AddHours(-2).AddMinutes(-12), 2, ("level", "m", 3.3)),
            Pack("tablet-1", now.AddHours(-20), 1, ("lon", "lon", 138.4), ("lat", "lat", 34.4)),
        ], Cancel);
        await DoneAsync(await PutAsync(Follow, new { who = "本部 一郎", revision = 0, state = "working" }));

        JsonElement then = await AtAsync(now.AddHours(-2).AddSeconds(30));
        Assert.Equal((138.2, 34.2, 40), (Of(then, "drone-1").GetProperty("lon").GetDouble(), Of(then, "drone-1").GetProperty("lat").GetDouble(), Of(then, "drone-1").GetProperty("batteryPercent").GetDouble()));
        Assert.Equal(3.4, Of(then, "river-1").GetProperty("pack")[0].GetProperty("v").GetDouble());
        Assert.False(Of(then, "river-1").TryGetProperty("lon", out _));
        Assert.False(Of(then, "tablet-1").TryGetProperty("heardAt", out _));
        Assert.Empty(then.GetProperty("board").EnumerateArray());

        JsonElement after = await AtAsync(TimeProvider.System.GetUtcNow());
        Assert.Equal(138.3, Of(after, "drone-1").GetProperty("lon").GetDouble());
        Assert.Equal("working", after.GetProperty("board")[0].GetProperty("properties").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Finding_of_a_moment_is_as_the_decisions_until_then_left_it()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Feature finding = new(FieldTables.Findings, new string('f', 32), null, new Dictionary<string, object?> { ["status"] = "corrected", ["degree"] = "e", ["decidedBy"] = "B", ["decisionCount"] = 2L });
        await Store.WriteAsync(
        [
            new FeatureWrite(finding), new FeatureWrite(new Feature(FieldTables.Findings, new string('a', 32), null, new Dictionary<string, object?> { ["status"] = "draft" })),
            new FeatureWrite(Decision(1, now.AddHours(-3), "{\"status\":\"draft\",\"degree\":null,\"decidedBy\":null}", "{\"status\":\"confirmed\",\"degree\":\"c\",\"decidedBy\":\"A\"}")),
            new FeatureWrite(Decision(2, now.AddHours(-1), "{\"status\":\"confirmed\",\"degree\":\"c\",\"decidedBy\":\"A\"}", "{\"status\":\"corrected\",\"degree\":\"e\",\"decidedBy\":\"B\"}")),
        ], Cancel);
        Assert.Equal([("confirmed", "c", 1L)], Findings(await AtAsync(now.AddHours(-2))));
        Assert.Equal([("draft", null, 0L)], Findings(await AtAsync(now.AddHours(-4))));
        Assert.Empty(Findings(await AtAsync(now.AddMinutes(-30)))); // as it is today
    }

    private static Feature Decision(long n, DateTimeOffset at, string before, string after) => new(FieldTables.Decisions, $"{new string('f', 32)}:{n}", null, new Dictionary<string, object?>
    {
        ["findingId"] = new string('f', 32),
        ["n"] = n,
        ["action"] = "correct",
        ["at"] = at,
        ["before"] = before,
        ["after"] = after,
    });

    private static IEnumerable<(string? Status, string? Degree, long Count)> Findings(JsonElement state) => state.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("properties"))
        .Select(p => (p.GetProperty("status").GetString(), p.GetProperty("degree").GetString(), p.GetProperty("decisionCount").GetInt64()));

    [Theory]
    [InlineData("")]
    [InlineData("time=yesterday")]
    [InlineData("time=2020-01-01T00:00:00Z")]
    [InlineData("time=2199-01-01T00:00:00Z")]
    public async Task State_of_no_moment_is_refused(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.GetAsync($"/api/v1/board/at?{query}", Cancel)).StatusCode);

    private static TelemetryPack Pack(string device, DateTimeOffset at, long sequence, params (string Name, string Unit, double Value)[] said) =>
        new(IngestHost.Defaults.Site, device, new SenMLPack([.. said.Select(s => new Measurement($"{device}/{s.Name}", at, s.Unit, s.Value))], sequence));

    private static JsonElement Of(JsonElement state, string device) => state.GetProperty("devices").EnumerateArray().Single(d => d.GetProperty("device").GetString() == device);

    private Task<JsonElement> AtAsync(DateTimeOffset at) => _http.GetFromJsonAsync<JsonElement>($"/api/v1/board/at?time={Uri.EscapeDataString(WireTime.Format(at))}", Cancel);

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
