using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace Field.Harness;

/// <summary>Field's server as its users meet it: a process, a port for MQTT and one for HTTP.</summary>
public sealed class Server : IAsyncDisposable
{
    /// <summary>The site that it serves.</summary>
    public const string Site = "demo";

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    private Server(FieldProcess process, string dataFolder, JsonElement where)
    {
        Uri http = new(where.GetProperty("http").GetString()!);
        Uri mqtt = new(where.GetProperty("mqtt").GetString()!);
        Endpoints = where;
        Process = process;
        DataFolder = dataFolder;
        _http = new HttpClient { BaseAddress = http };
        MqttPort = mqtt.Port;
        Mqtt = mqtt;
        Http = http;
    }

    public FieldProcess Process { get; }

    public string DataFolder { get; }

    public int MqttPort { get; }

    public Uri Mqtt { get; }

    public Uri Http { get; }

    /// <summary>What the server announces of itself: <c>http</c>, <c>mqtt</c> and, with <c>--public</c>, <c>mqtts</c> and <c>https</c>.</summary>
    public JsonElement Endpoints { get; }

    public string Output => Process.Output;

    /// <summary>The process, which may not become ready.</summary>
    public static FieldProcess StartProcess(string dataFolder, Launch? launch = null, params string[] more) => FieldProcess.StartField(
        launch ?? Launch.Plain, "map-app", "Field.MapApp", ["up", "--data", dataFolder, "--http", "0", "--mqtt", "0", "--site", Site, .. more]);

    /// <summary>Runs a command on a server's data folder, whether the server runs or not.</summary>
    public static FieldProcess Command(params string[] arguments) =>
        FieldProcess.StartField(Launch.Plain, "map-app", "Field.MapApp", arguments);

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<Server> StartAsync(string dataFolder, Launch? launch = null, params string[] more)
    {
        string endpoints = Path.Combine(dataFolder, "endpoints.json");
        Directory.CreateDirectory(dataFolder);
        File.Delete(endpoints);
        FieldProcess process = StartProcess(dataFolder, launch, more);
        await Wait.UntilAsync(() => File.Exists(endpoints) || process.HasExited, ReadyWithin, () => $"the server was not ready:\n{process.Output}");
        if (process.HasExited)
        {
            await process.ExitAsync(ReadyWithin);
            throw new HarnessException($"the server ended at its start:\n{process.Output}");
        }

        JsonElement where = JsonElement.Parse(await File.ReadAllBytesAsync(endpoints));
        return new Server(process, dataFolder, where);
    }

    public Task KillAsync() => Process.KillAsync();

    public async Task<IReadOnlyList<JsonElement>> FeaturesAsync(string collection)
    {
        JsonElement all = await _http.GetFromJsonAsync<JsonElement>($"/api/v1/features/{collection}");
        return [.. all.GetProperty("features").EnumerateArray()];
    }

    /// <summary>The photos once none of them waits for scoring.</summary>
    /// <param name="standstill">The longest time in which not one of them is done.</param>
    public async Task<IReadOnlyList<JsonElement>> ScoredPhotosAsync(TimeSpan standstill)
    {
        IReadOnlyList<JsonElement> photos = [];
        static string State(JsonElement photo) => photo.GetProperty("properties").GetProperty("state").GetString()!;
        await Wait.UntilNoneAsync(
            async () =>
            {
                photos = await FeaturesAsync("photos");
                return photos.Count == 0 ? int.MaxValue : photos.Count(p => State(p) is "announced" or "stored");
            },
            standstill,
            () => $"photos still wait for scoring: {string.Join(", ", photos.CountBy(State))}\n{Process.Output}");
        return photos;
    }

    /// <summary>SHA-256 of the original bytes that the server gives back.</summary>
    public async Task<string> StoredSha256Async(string photoId)
    {
        await using Stream bytes = await _http.GetStreamAsync($"/api/v1/photos/{photoId}/image");
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
    }
}
