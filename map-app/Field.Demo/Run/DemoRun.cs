using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Field.Demo.Synthetic;

namespace Field.Demo.Run;

/// <summary>The whole line, as two machines would run it: a server process, an agent process, and only MQTT and HTTP between them.</summary>
internal sealed class DemoRun(DemoOptions options)
{
    private const int MapPort = 8080;
    private const string Device = "drone-01";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stages _stages = new();

    private string RunDir => Path.Combine(options.OutDir, "run");

    private string DataDir => Path.Combine(options.Installation.State, "data");

    public static Task RunAsync(DemoOptions options, CancellationToken cancel) => new DemoRun(options).RunAsync(cancel);

    private async Task RunAsync(CancellationToken cancel)
    {
        if (options.FlightDir is { } given && !Directory.Exists(given))
        {
            throw new FieldException($"no folder {given}: give --flight the folder that holds the photos");
        }

        PrepareFolders();
        string flight = await _stages.RunAsync("generate", options.FlightDir is null ? "[1/5] 架空の街と飛行の準備 / synthetic city and flight" : $"[1/5] 飛行の写真 / photos of {options.FlightDir}", () => FlightAsync(cancel)).ConfigureAwait(false);
        ChildProcess server = StartServer();
        await using ConfiguredAsyncDisposable _ = server.ConfigureAwait(false);
        using ServerApi api = await _stages.RunAsync("start", "[2/5] サーバー起動 / server", () =>
            ServerApi.WhenReadyAsync(Path.Combine(RunDir, "data", "endpoints.json"), server, cancel)).ConfigureAwait(false);
        JsonObject upload = await _stages.RunAsync("upload", "[3/5] 写真の送信 / uploading", () => UploadAsync(api, flight, cancel)).ConfigureAwait(false);
        Results results = await _stages.RunAsync("score", "[4/5] 解析 / scoring", () => WhenScoredAsync(api, server, cancel)).ConfigureAwait(false);
        JsonObject summary = await _stages.RunAsync("check", "[5/5] 照合と地図 / checking and drawing", () => SummaryAsync(api, upload, results, flight, cancel)).ConfigureAwait(false);
        summary["seconds"] = _stages.ToJson();
        await File.WriteAllTextAsync(Path.Combine(options.OutDir, "summary.json"), summary.ToJsonString(Indented) + "\n", cancel).ConfigureAwait(false);
        Console.WriteLine(summary.ToJsonString(Indented));
        if (!options.Headless)
        {
            Console.Error.WriteLine($"\n地図を開いてください / open the map: {api.Http}\nCtrl+C で終了 / to stop");
            await server.ExitAsync(cancel).ConfigureAwait(false);
        }
    }

    private sealed record Results(JsonElement Photos, JsonElement Findings);

    private void PrepareFolders()
    {
        if (Directory.Exists(RunDir))
        {
            Directory.Delete(RunDir, recursive: true);
        }

        Directory.CreateDirectory(RunDir);
        Directory.CreateDirectory(options.Installation.State);
    }

    private async Task<string> FlightAsync(CancellationToken cancel)
    {
        if (options.FlightDir is { } given)
        {
            return given;
        }

        DemoDataSummary data = await DemoData.EnsureAsync(DataDir, new DemoDataOptions(), progress: null, cancel).ConfigureAwait(false);
        return data.FlightDirectory;
    }

    private ChildProcess StartServer()
    {
        List<string> arguments =
        [
            "up", "--data", Path.Combine(RunDir, "data"), "--mqtt", "0", "--site", "demo",
            "--http", options.Headless ? "0" : MapPort.ToString(CultureInfo.InvariantCulture),
        ];
        if (options.FlightDir is null)
        {
            arguments.AddRange(["--base", DataDir]);
        }

        return ChildProcess.Start("server", options.Installation.Server, arguments, Path.Combine(RunDir, "server.log"));
    }

    private async Task<JsonObject> UploadAsync(ServerApi api, string flight, CancellationToken cancel)
    {
        string summary = Path.Combine(RunDir, "upload.json");
        ChildProcess agent = ChildProcess.Start(
            "agent",
            options.Installation.Agent,
            [
                "drone", "--flight", flight, "--broker", api.Mqtt.ToString(), "--site", "demo", "--device", Device,
                "--outbox", Path.Combine(RunDir, "outbox"), "--once", "--summary", summary, .. Surface(),
            ],
            Path.Combine(RunDir, "agent.log"));
        await using (agent.ConfigureAwait(false))
        {
            int code = await agent.ExitAsync(cancel).ConfigureAwait(false);
            if (!File.Exists(summary))
            {
                throw await agent.FailureAsync().ConfigureAwait(false);
            }

            if (code != 0)
            {
                await Console.Error.WriteLineAsync($"      the agent reports problems (code {code}); see {RunDir}/agent.log").ConfigureAwait(false);
            }

            return JsonNode.Parse(await File.ReadAllTextAsync(summary, cancel).ConfigureAwait(false))!.AsObject();
        }
    }

    /// <summary>What a crew knows that had its drone stand on the deck once; of other people's flights nothing.</summary>
    private IEnumerable<string> Surface() => options.FlightDir is not null
        ? []
        : ["--surface", FlightPlan.SurfaceHeightM.ToString(CultureInfo.InvariantCulture), "--surface-error", FlightPlan.SurfaceErrorM.ToString(CultureInfo.InvariantCulture)];

    private static async Task<Results> WhenScoredAsync(ServerApi api, ChildProcess server, CancellationToken cancel)
    {
        while (true)
        {
            JsonElement photos = await api.FeaturesAsync("photos", cancel).ConfigureAwait(false);
            if (!States(photos).Any(s => s is "announced" or "stored"))
            {
                return new Results(photos, await api.FeaturesAsync("findings", cancel).ConfigureAwait(false));
            }

            if (server.HasExited)
            {
                throw await server.FailureAsync().ConfigureAwait(false);
            }

            await Task.Delay(200, cancel).ConfigureAwait(false);
        }
    }

    private async Task<JsonObject> SummaryAsync(ServerApi api, JsonObject upload, Results results, string flight, CancellationToken cancel)
    {
        await WriteAsync("footprints.geojson", results.Photos, cancel).ConfigureAwait(false);
        await WriteAsync("findings.geojson", results.Findings, cancel).ConfigureAwait(false);
        int sent = upload["photosSent"]!.GetValue<int>();
        int stored = await StoredWithEqualBytesAsync(api, flight, cancel).ConfigureAwait(false);
        JsonObject summary = new()
        {
            ["flight"] = flight,
            ["synthetic"] = options.FlightDir is null,
            ["photosSent"] = sent,
            ["photosStored"] = stored,
            ["photosScored"] = States(results.Photos).Count(s => s == "scored"),
            ["photosUnreadable"] = States(results.Photos).Count(s => s == "unreadable"),
            ["findings"] = results.Findings.GetProperty("features").GetArrayLength(),
            ["damages"] = PlantedCracks.Damages(results.Findings).Count(),
            ["lost"] = sent - stored,
            ["placement"] = Counts(results.Photos, "placement"),
            ["upload"] = upload.DeepClone(),
        };
        if (options.FlightDir is null)
        {
            using JsonDocument truth = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(DataDir, "truth.geojson"), cancel).ConfigureAwait(false));
            (summary["planted"], int falseFindings) = PlantedCracks.Compare(truth.RootElement, results.Findings);
            summary["falseFindings"] = falseFindings;
        }

        if (options.Headless)
        {
            await MapPicture.TakeAsync(api.Http, Path.Combine(options.OutDir, "map.png")).ConfigureAwait(false);
        }

        return summary;
    }

    /// <summary>Photos of the folder that the server gives back byte for byte.</summary>
    private static async Task<int> StoredWithEqualBytesAsync(ServerApi api, string flight, CancellationToken cancel)
    {
        int equal = 0;
        foreach (string photoId in await FlightFolder.PhotoIdsAsync(flight, cancel).ConfigureAwait(false))
        {
            equal += await api.StoredSha256Async(photoId, cancel).ConfigureAwait(false) == photoId ? 1 : 0;
        }

        return equal;
    }

    private static IEnumerable<string> States(JsonElement photos) =>
        photos.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties").GetProperty("state").GetString()!);

    private static JsonObject Counts(JsonElement photos, string property) =>
        new(photos.GetProperty("features").EnumerateArray()
            .GroupBy(f => f.GetProperty("properties").GetProperty(property).GetString()!)
            .Select(g => KeyValuePair.Create(g.Key, (JsonNode?)g.Count())));

    private Task WriteAsync(string name, JsonElement json, CancellationToken cancel) =>
        File.WriteAllTextAsync(Path.Combine(options.OutDir, name), json.GetRawText() + "\n", cancel);
}
