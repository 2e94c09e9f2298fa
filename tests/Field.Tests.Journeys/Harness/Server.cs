using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace Field.Tests.Journeys.Harness;

/// <summary>Field's server as its users meet it: a process, a port for MQTT and one for HTTP.</summary>
internal sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    private readonly FieldProcess _process;
    private readonly HttpClient _http;

    private Server(FieldProcess process, Uri http, Uri mqtt)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = http };
        MqttPort = mqtt.Port;
        Mqtt = mqtt;
        Http = http;
    }

    public int MqttPort { get; }

    public Uri Mqtt { get; }

    public Uri Http { get; }

    public static async Task<Server> StartAsync(string dataFolder)
    {
        string endpoints = Path.Combine(dataFolder, "endpoints.json");
        Directory.CreateDirectory(dataFolder);
        File.Delete(endpoints);
        FieldProcess process = FieldProcess.StartField("map-app", "Field.MapApp", "up", "--data", dataFolder, "--http", "0", "--mqtt", "0", "--site", "demo");
        using CancellationTokenSource limit = new(ReadyWithin);
        while (!File.Exists(endpoints))
        {
            Assert.False(process.HasExited, $"the server ended at its start:\n{process.Output}");
            Assert.False(limit.IsCancellationRequested, $"the server was not ready in {ReadyWithin}:\n{process.Output}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        JsonElement where = JsonElement.Parse(await File.ReadAllBytesAsync(endpoints, TestContext.Current.CancellationToken));
        return new Server(process, new Uri(where.GetProperty("http").GetString()!), new Uri(where.GetProperty("mqtt").GetString()!));
    }

    public Task KillAsync() => _process.KillAsync();

    public string Output => _process.Output;

    public async Task<IReadOnlyList<JsonElement>> FeaturesAsync(string collection)
    {
        JsonElement all = await _http.GetFromJsonAsync<JsonElement>($"/api/v1/features/{collection}", TestContext.Current.CancellationToken);
        return [.. all.GetProperty("features").EnumerateArray()];
    }

    /// <summary>The photos once none of them waits for scoring.</summary>
    public async Task<IReadOnlyList<JsonElement>> ScoredPhotosAsync(TimeSpan within)
    {
        using CancellationTokenSource limit = new(within);
        while (true)
        {
            IReadOnlyList<JsonElement> photos = await FeaturesAsync("photos");
            if (photos.Count > 0 && photos.All(p => p.GetProperty("properties").GetProperty("state").GetString() != "stored"))
            {
                return photos;
            }

            Assert.False(limit.IsCancellationRequested, $"photos still wait for scoring after {within}:\n{_process.Output}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>SHA-256 of the original bytes that the server gives back.</summary>
    public async Task<string> StoredSha256Async(string photoId)
    {
        byte[] bytes = await _http.GetByteArrayAsync($"/api/v1/photos/{photoId}/image", TestContext.Current.CancellationToken);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }
}
