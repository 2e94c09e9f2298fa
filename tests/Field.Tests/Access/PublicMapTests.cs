using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Field.Ingest.Layers;
using Field.MapApp.Access;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Access;

/// <summary>What strangers get from the listener of the public map: the page, public layers and the base map, whoever they say to be.</summary>
public sealed class PublicMapTests
{
    private const string Square = """
        {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"x"},"geometry":{"type":"Polygon","coordinates":[[[138.30,34.86],[138.33,34.86],[138.33,34.88],[138.30,34.88],[138.30,34.86]]]}}]}
        """;

    private static readonly string[] Open = ["GET /api/v1/base/city.geojson", "GET /api/v1/config", "GET /api/v1/layers", "GET /api/v1/layers/{id}/at", "GET /api/v1/layers/{id}/tiles/{z:int}/{x:int}/{y:int}"];

    [Fact]
    public async Task Nothing_but_what_is_meant_for_the_public_answers_there_whoever_asks()
    {
        await using AccessHost host = await StartAsync(rate: 0);
        string admin = await host.PersonAsync("root", [.. Permissions.Roles]);
        (_, string token) = await host.Administration.IssueTokenAsync("aoba", "machine", [.. Permissions.Roles], TimeSpan.FromDays(1), AccessHost.Token);
        string local = LocalKey.Header(host.DataFolder)!;
        await host.Services.GetRequiredService<AccountDirectory>().LookAsync(AccessHost.Token);
        Action<HttpRequestMessage>[] callers =
        [
            _ => { },
            r => r.Headers.Add("Cookie", $"__Host-field={admin}"),
            r => r.Headers.Add("Authorization", $"Bearer {token}"),
            r => r.Headers.Add("Authorization", local),
        ];
        using HttpClient client = host.Program(host.Outside);
        foreach (Action<HttpRequestMessage> caller in callers)
        {
            List<string> answers = [];
            foreach ((string method, string pattern, string path) in Asked(host))
            {
                using HttpRequestMessage request = new(new HttpMethod(method), path);
                request.Headers.Add("Sec-Fetch-Site", "same-origin");
                caller(request);
                using HttpResponseMessage response = await client.SendAsync(request, AccessHost.Token);
                if (IsReached(response, await response.Content.ReadAsStringAsync(AccessHost.Token)))
                {
                    answers.Add($"{method} {pattern}");
                }
            }

            Assert.Subset(Open.ToHashSet(), answers.ToHashSet());
            Assert.Contains("GET /api/v1/config", answers);
            Assert.Contains("GET /api/v1/layers", answers);
        }

        Assert.DoesNotContain(await host.AuditAsync(), l => l.Contains("map.request", StringComparison.Ordinal)); // strangers do not fill the audit log
    }

    [Fact]
    public async Task Of_the_pages_only_the_public_one_is_there()
    {
        await using AccessHost host = await StartAsync();
        await File.WriteAllTextAsync(Path.Combine(host.WebFolder, "public.html"), "public page", AccessHost.Token);
        await File.WriteAllTextAsync(Path.Combine(host.WebFolder, "sw.js"), "1", AccessHost.Token);
        Directory.CreateDirectory(Path.Combine(host.WebFolder, "assets"));
        await File.WriteAllTextAsync(Path.Combine(host.WebFolder, "assets", "app.js"), "script", AccessHost.Token);
        using HttpClient client = host.Program(host.Outside);
        async Task<string> AskAsync(string path)
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(host.Outside.GetLeftPart(UriPartial.Authority) + path), AccessHost.Token);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(AccessHost.Token)}";
        }

        Assert.Equal("200 public page", await AskAsync("/"));
        Assert.Equal("200 public page", await AskAsync("/public.html"));
        Assert.Equal("200 script", await AskAsync("/assets/app.js"));
        string[] absent = ["/index.html", "/assets/../index.html", "/assets/%2e%2e/index.html", "/assets/..%2findex.html", "//index.html", "/sw.js", "/healthz", "/mqtt", "/assets/", "/assets/none.js"];
        Assert.Equal(absent.Select(_ => "404 "), await Task.WhenAll(absent.Select(AskAsync)));
    }

    [Theory]
    [InlineData("public", true)]
    [InlineData("internal", false)]
    [InlineData("resident", false)]
    [InlineData("tax", false)]
    public async Task Layer_is_shown_when_it_is_public_and_else_is_not_there(string dataClass, bool shown)
    {
        await using AccessHost host = await StartAsync();
        Layer layer = await ImportAsync(host, dataClass);
        using HttpClient client = host.Program(host.Outside);

        JsonElement list = JsonElement.Parse(await client.GetStringAsync("/api/v1/layers?removed=true", AccessHost.Token)).GetProperty("layers");
        Assert.Equal(shown ? [layer.Id] : [], list.EnumerateArray().Select(l => l.GetProperty("layerId").GetString()!));
        Assert.All(list.EnumerateArray(), l => Assert.False(l.TryGetProperty("importedBy", out _) || l.TryGetProperty("fileName", out _)));
        foreach (string path in new[] { $"/api/v1/layers/{layer.Id}/tiles/10/905/406", $"/api/v1/layers/{layer.Id}/at?lon=138.31&lat=34.87" })
        {
            using HttpResponseMessage response = await client.GetAsync(path, AccessHost.Token);
            using HttpResponseMessage none = await client.GetAsync(path.Replace(layer.Id, "none", StringComparison.Ordinal), AccessHost.Token);
            Assert.Equal(shown ? HttpStatusCode.OK : HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }
    }

    [Fact]
    public async Task Address_that_asks_too_fast_is_slowed_down_and_told_when_to_come_back()
    {
        await using AccessHost host = await StartAsync(rate: 1);
        using HttpClient client = host.Program(host.Outside);
        List<HttpResponseMessage> answers = [];
        for (int i = 0; i < 40; i++)
        {
            answers.Add(await client.GetAsync("/api/v1/config", AccessHost.Token));
        }

        HttpResponseMessage slowed = answers.First(a => a.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal(TimeSpan.FromSeconds(1), slowed.Headers.RetryAfter!.Delta);
        Assert.InRange(answers.Count(a => a.IsSuccessStatusCode), 10, 39);
        answers.ForEach(a => a.Dispose());
    }

    private static Task<AccessHost> StartAsync(int rate = 60) => AccessHost.StartAsync(o => o with { PublicMapAddress = "127.0.0.1", PublicMapPort = 0, PublicMapRate = rate });

    private static async Task<Layer> ImportAsync(AccessHost host, string dataClass)
    {
        string file = Path.Combine(host.DataFolder, "square.geojson");
        await File.WriteAllTextAsync(file, Square, AccessHost.Token);
        return (await host.Services.GetRequiredService<LayerDesk>().ImportAsync(new LayerImportOptions { Path = file, DataClass = dataClass }, "user:test", null, AccessHost.Token)).Layer!;
    }

    /// <summary>The gate's 404 has no body and the endpoint's own has one, or another status.</summary>
    private static bool IsReached(HttpResponseMessage response, string body) => response.StatusCode != HttpStatusCode.NotFound || body.Length > 0;

    private static IEnumerable<(string Method, string Pattern, string Path)> Asked(AccessHost host) =>
        from endpoint in host.Endpoints
        let pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (method, pattern, Regex.Replace(pattern, @"\{[^}:]+(:int)?\}", m => m.Groups[1].Success ? "7" : "none"));
}
