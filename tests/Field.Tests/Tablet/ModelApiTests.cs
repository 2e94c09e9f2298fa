using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Field.Tests.Access;

namespace Field.Tests.Tablet;

/// <summary>The models for tablets: the same files as the server scores with.</summary>
public sealed class ModelApiTests
{
    [Fact]
    public async Task Model_lies_under_its_hash_for_good_and_only_the_worker_that_runs_it_may_compile_it()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        Directory.CreateDirectory(Path.Combine(host.WebFolder, "assets"));
        await File.WriteAllTextAsync(Path.Combine(host.WebFolder, "assets", "hintWorker-abc.js"), "//", AccessHost.Token);
        await File.WriteAllTextAsync(Path.Combine(host.WebFolder, "assets", "index-abc.js"), "//", AccessHost.Token);
        HttpClient browser = host.Browser();
        using JsonDocument answer = JsonDocument.Parse(await browser.GetStringAsync("/api/v1/models", AccessHost.Token));
        JsonElement model = Assert.Single(answer.RootElement.GetProperty("models").EnumerateArray());
        string hash = model.GetProperty("sha256").GetString()!;
        Assert.Equal(("crack-v1", "line-segmentation", $"/api/v1/models/crack-v1/{hash}"), (model.GetProperty("name").GetString(), model.GetProperty("task").GetString(), model.GetProperty("url").GetString()));
        Assert.Equal((768, 0.8), (model.GetProperty("input").GetProperty("tilePx").GetInt32(), model.GetProperty("thresholds").GetProperty("high").GetDouble()));

        using HttpResponseMessage file = await browser.GetAsync(model.GetProperty("url").GetString(), AccessHost.Token);
        byte[] bytes = await file.Content.ReadAsByteArrayAsync(AccessHost.Token);
        Assert.Equal((hash, model.GetProperty("sizeBytes").GetInt64()), (Convert.ToHexStringLower(SHA256.HashData(bytes)), (long)bytes.Length));
        Assert.Contains("immutable", file.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using HttpRequestMessage again = new(HttpMethod.Get, model.GetProperty("url").GetString());
        again.Headers.IfNoneMatch.Add(file.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await browser.SendAsync(again, AccessHost.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/api/v1/models/crack-v1/{new string('0', 64)}", AccessHost.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/api/v1/models/..%2Fcrack-v1/{hash}", AccessHost.Token)).StatusCode);

        Assert.EndsWith("; script-src 'self' 'wasm-unsafe-eval'", await PolicyAsync("/assets/hintWorker-abc.js"), StringComparison.Ordinal);
        foreach (string path in (string[])["/", "/index.html", "/assets/index-abc.js", "/api/v1/models"])
        {
            Assert.DoesNotContain("script-src", await PolicyAsync(path), StringComparison.Ordinal); // default-src 'self': nothing compiles, nothing is inline
        }

        async Task<string> PolicyAsync(string path) => (await browser.GetAsync(path, AccessHost.Token)).Headers.GetValues("Content-Security-Policy").Single();
    }
}
