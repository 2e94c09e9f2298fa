using System.CommandLine;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Field.Ingest;
using Field.Ingest.Findings;
using Field.Ingest.Identity;
using Field.MapApp;
using Field.Store;
using Field.Store.Audit;
using Field.Tests.Ingest;
using Field.Tests.Store;
using Field.Vision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Field.Tests.Decisions;

/// <summary>Two people at two screens, over HTTP.</summary>
public sealed class DecisionApiTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly WebApplication _app;
    private readonly HttpClient _first;
    private readonly HttpClient _second;

    public DecisionApiTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<IMessageSink>(new RecordingSink());
        builder.Services.AddSingleton(new ScoringModels([new Scorer("test-v1", ["crack"], (_, _) => new PhotoScore(200, 100, "test-v1", []))]));
        builder.Services.AddSingleton(_ => new AuditLog(AuditFolder, TimeProvider.System));
        builder.Services.AddSingleton<SecurityAudit>();
        builder.Services.AddIngestCore(IngestHost.Defaults with { DataDirectory = _folder.Root });
        _app = builder.Build();
        _app.UseRefusedCommandAudit();
        _app.MapGroup("/api/v1").MapDecisions();
        (_first, _second) = (new HttpClient(), new HttpClient());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string AuditFolder => _folder.Path("audit");

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync(Cancel);
        (_first.BaseAddress, _second.BaseAddress) = (new Uri(_app.Urls.First()), new Uri(_app.Urls.First()));
        _second.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en-GB, ja;q=0.5");
    }

    public async ValueTask DisposeAsync()
    {
        _first.Dispose();
        _second.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Two_people_decide_the_second_sees_what_the_first_decided_and_decides_again()
    {
        Feature finding = await Scene.StoreAsync(_app.Services.GetRequiredService<FieldStores>().Features);
        string path = $"/api/v1/findings/{finding.Id}";
        long seen = await RevisionAsync(_first, path);
        Assert.Equal(seen, await RevisionAsync(_second, path));

        HttpResponseMessage confirmed = await PostAsync(_first, path, new { action = "confirm", who = "焼津 太郎", revision = seen, degree = "c" });
        Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        JsonElement feature = await BodyAsync(confirmed);
        Assert.Equal("confirmed", feature.GetProperty("properties").GetProperty("status").GetString());
        Assert.Equal(4, feature.GetProperty("properties").GetProperty("pixelRings")[0].GetArrayLength());

        HttpResponseMessage late = await PostAsync(_second, path, new { action = "reject", who = "Ota", revision = seen });
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        JsonElement conflict = await BodyAsync(late);
        Assert.Contains("after you saw it", conflict.GetProperty("error").GetString(), StringComparison.Ordinal);
        JsonElement current = conflict.GetProperty("finding").GetProperty("properties");
        Assert.Equal(("confirmed", "焼津 太郎"), (current.GetProperty("status").GetString(), current.GetProperty("decidedBy").GetString()));

        HttpResponseMessage undo = await PostAsync(_second, path, new { action = "undo", who = "Ota", revision = current.GetProperty("revision").GetInt64() });
        Assert.Equal(HttpStatusCode.OK, undo.StatusCode);
        long undone = (await BodyAsync(undo)).GetProperty("properties").GetProperty("revision").GetInt64();
        HttpResponseMessage again = await PostAsync(_first, path, new { action = "undo", who = "焼津 太郎", revision = undone });
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        Assert.Contains("もう一度", (await BodyAsync(again)).GetProperty("error").GetString(), StringComparison.Ordinal);

        JsonElement history = await _second.GetFromJsonAsync<JsonElement>($"{path}/history", Cancel);
        Assert.Equal(["confirm", "undo"], history.GetProperty("decisions").EnumerateArray().Select(d => d.GetProperty("action").GetString()));
        await _app.Services.GetRequiredService<SecurityAudit>().FlushAsync(Cancel);
        string[] audit = [.. AuditLog.Read(AuditFolder).Where(l => l.Contains("finding.decide", StringComparison.Ordinal))];
        Assert.Equal(2, audit.Count(l => l.Contains("\"done\"", StringComparison.Ordinal)));
        Assert.Equal(2, audit.Count(l => l.Contains("\"refused\"", StringComparison.Ordinal)));
        Assert.Contains(audit, l => l.Contains("409", StringComparison.Ordinal) && l.Contains("user:Ota", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_errors_of_form_and_content_come_at_once_in_the_language_of_the_reader()
    {
        Feature finding = await Scene.StoreAsync(_app.Services.GetRequiredService<FieldStores>().Features);
        string path = $"/api/v1/findings/{finding.Id}";
        object wrong = new { action = "correct", who = "a\nb", revision = "7", degree = "z", pixelRings = new object[] { new object[] { new[] { "NaN", "1" } } } };
        HttpResponseMessage ja = await PostAsync(_first, path, wrong);
        Assert.Equal(HttpStatusCode.BadRequest, ja.StatusCode);
        JsonElement answer = await BodyAsync(ja);
        Assert.Equal(["wrong-type", "wrong-type", "who", "degree"], answer.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("code").GetString()));
        Assert.Equal(4, answer.GetProperty("error").GetString()!.Split('\n').Length);
        Assert.Contains("氏名", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("control characters", (await BodyAsync(await PostAsync(_second, path, wrong))).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"action\":\"confirm\",", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[1]", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("action=reject", "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("{\"action\":\"reject\",\"who\":\"a\",\"revision\":1,\"pixelRings\":[[[1e999,1]]]}", "application/json", HttpStatusCode.BadRequest)]
    public async Task Body_that_is_none_is_refused(string body, string type, HttpStatusCode status)
    {
        Feature finding = await Scene.StoreAsync(_app.Services.GetRequiredService<FieldStores>().Features);
        using StringContent content = new(body, Encoding.UTF8, type);
        HttpResponseMessage answer = await _first.PostAsync($"/api/v1/findings/{finding.Id}/decision", content, Cancel);
        Assert.Equal(status, answer.StatusCode);
        Assert.NotEmpty((await BodyAsync(answer)).GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task Mask_of_as_many_points_as_allowed_passes_and_one_more_is_refused()
    {
        Feature finding = await Scene.StoreAsync(_app.Services.GetRequiredService<FieldStores>().Features);
        string path = $"/api/v1/findings/{finding.Id}";
        double[][] Circle(int n) => [.. Enumerable.Range(0, n).Select(i => (double[])[100 + (40 * Math.Cos(2 * Math.PI * i / n)), 50 + (40 * Math.Sin(2 * Math.PI * i / n))])];
        HttpResponseMessage more = await PostAsync(_first, path, new { action = "correct", who = "a", revision = finding.Revision, pixelRings = new[] { Circle(5001) } });
        Assert.Contains("too-many-points", await more.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        HttpResponseMessage most = await PostAsync(_first, path, new { action = "correct", who = "a", revision = finding.Revision, pixelRings = new[] { Circle(5000) } });
        Assert.True(most.IsSuccessStatusCode, await most.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(Math.PI * 1600 * 0.0025, (await BodyAsync(most)).GetProperty("properties").GetProperty("areaM2").GetDouble(), 0.001);
    }

    [Fact]
    public async Task Command_line_decides_at_the_running_server()
    {
        IFeatureStore store = _app.Services.GetRequiredService<FieldStores>().Features;
        Feature finding = await Scene.StoreAsync(store);
        await File.WriteAllTextAsync(_folder.Path("endpoints.json"), $$"""{"http":"{{_app.Urls.First()}}"}""", Cancel);
        await File.WriteAllTextAsync(_folder.Path("rings.json"), "[[[100,49],[140,49],[140,51],[100,51]]]", Cancel);
        Assert.Equal(1, await FieldAsync("decide", finding.Id, "confirm")); // the draft is open
        Assert.Equal(0, await FieldAsync("decide", finding.Id, "confirm", "--degree", "c", "--who", "a", "--lang", "en"));
        Assert.Equal(1, await FieldAsync("decide", finding.Id, "reject", "--revision", $"{finding.Revision}"));
        Assert.Equal(0, await FieldAsync("decide", finding.Id, "correct", "--rings", _folder.Path("rings.json"), "--class", "rebar"));
        Feature stored = (await store.FindAsync(FieldTables.Findings, finding.Id, Cancel))!;
        Assert.Equal(("corrected", "rebar", 2L), (stored.Text("status"), stored.Text("class"), stored.Whole("decisionCount")!.Value));
        Assert.Equal(0, await FieldAsync("show", finding.Id));
        Assert.Equal(0, await FieldAsync("history", finding.Id));
        Assert.Equal(0, await FieldAsync("compare", "--asset", Scene.Bridge, "--before", "2023", "--after", "2024"));
        Assert.Equal(1, await FieldAsync("compare", "--asset", Scene.Bridge, "--before", "2024", "--after", "2023"));
        Assert.Equal(1, await FieldAsync("show", "none"));
        Assert.Equal(0, await FieldAsync("export", "--format", "csv", "--out", _folder.Path("findings.csv")));
        Assert.Equal(2, await FieldAsync("export", "--format", "training", "--out", _folder.Root)); // not empty
    }

    [Fact]
    public async Task Finding_that_is_not_there_is_not_found()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _first.GetAsync("/api/v1/findings/none/history", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(_first, "/api/v1/findings/none", new { action = "reject", who = "a", revision = 1 })).StatusCode);
    }

    private Task<int> FieldAsync(params string[] arguments) => FindingsCommand.Create().Parse([.. arguments, "--data", _folder.Root]).InvokeAsync(new InvocationConfiguration(), Cancel);

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string path, object body) => http.PostAsJsonAsync($"{path}/decision", body, Cancel);

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer) => JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(Cancel));

    private static async Task<long> RevisionAsync(HttpClient http, string path) =>
        (await http.GetFromJsonAsync<JsonElement>(path, Cancel)).GetProperty("properties").GetProperty("revision").GetInt64();
}
