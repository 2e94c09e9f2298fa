using System.Net;
using System.Text.Json;
using Field.Contracts;
using Field.Geo;
using Field.Ingest;
using Field.Ingest.Findings;
using Field.Ingest.Photos;
using Field.MapApp.Review;
using Field.Store;
using Field.Tests.Geo.Routes;
using Field.Tests.Ingest;
using Field.Tests.Store;
using Field.Vision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NetTopologySuite.Geometries;

namespace Field.Tests.Review;

/// <summary>Flights over HTTP. Each photo looks straight down from 50 m and shows 50 m along the flight, eastward; one follows every 35 m.</summary>
public sealed class FlightApiTests : IAsyncLifetime
{
    private const double StepM = 35;
    private static readonly DateTimeOffset Start = new(2026, 5, 11, 0, 30, 0, TimeSpan.Zero);
    private static readonly CameraMetadata Nadir = new()
    {
        CalibratedFocalPx = 3000,
        RelativeAltitudeM = 50,
        GimbalPitchDeg = -90,
        GimbalYawDeg = 90,
        GimbalRollDeg = 0,
        WidthPx = 4000,
        HeightPx = 3000,
        ExifWidthPx = 4000,
    };

    private readonly TempFolder _folder = new();
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();
    private readonly IngestOptions _options;

    public FlightApiTests()
    {
        _options = IngestHost.Defaults with { DataDirectory = _folder.Root };
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<IMessageSink>(new RecordingSink());
        builder.Services.AddSingleton(new ScoringModels([new Scorer("test-v1", ["crack"], (_, _) => new PhotoScore(200, 100, "test-v1", []))]));
        builder.Services.AddIngestCore(_options);
        builder.Services.AddFlights(_options);
        _app = builder.Build();
        _app.MapGroup("/api/v1").MapFlights();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IFeatureStore Store => _app.Services.GetRequiredService<FieldStores>().Features;

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync(Cancel);
        _http.BaseAddress = new Uri(_app.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Photos_of_a_device_without_a_long_pause_are_one_flight()
    {
        await WriteAsync([.. Enumerable.Range(0, 4).Select(i => Photo(i, minutes: i * 9)), Photo(4, minutes: 80), Photo(5, minutes: 5, device: "drone-2")]);
        await WriteAsync([Photo(1, 9).With(("quality", """["blurred"]""")), Photo(2, 18, state: "announced"), Photo(3, 27, state: "unreadable")]);

        JsonElement flights = (await GetAsync("/api/v1/flights")).GetProperty("flights");

        Assert.Equal([("drone-1", 1), ("drone-1", 4), ("drone-2", 1)], flights.EnumerateArray().Select(f => (f.GetProperty("device").GetString()!, f.GetProperty("photoCount").GetInt32())));
        JsonElement states = flights[1].GetProperty("states");
        Assert.Equal((1, 0, 2, 1), (states.GetProperty("announced").GetInt32(), states.GetProperty("stored").GetInt32(), states.GetProperty("scored").GetInt32(), states.GetProperty("unreadable").GetInt32()));
        Assert.Equal(1, flights[1].GetProperty("useless").GetProperty("blurred").GetInt32());
        Assert.Equal("drone-1:20260511T003000000Z", flights[1].GetProperty("flightId").GetString());
    }

    [Fact]
    public async Task Id_of_a_flight_still_names_it_when_an_earlier_photo_comes_later()
    {
        await WriteAsync([Photo(1, 5)]);
        string id = (await GetAsync("/api/v1/flights")).GetProperty("flights")[0].GetProperty("flightId").GetString()!;
        await WriteAsync([Photo(0, 0), Photo(2, 6)]);

        JsonElement review = await GetAsync($"/api/v1/flights/{id}/review");

        Assert.Equal(3, review.GetProperty("photoCount").GetInt32());
        Assert.NotEqual(id, review.GetProperty("flightId").GetString());
    }

    [Fact]
    public async Task Review_compares_with_the_bridge_that_most_photos_show_and_says_what_is_missing()
    {
        string id = await FlyAsync(i => i == 2 ? null : Photo(i, i));
        await WriteAsync(Bridge());

        JsonElement review = await GetAsync($"/api/v1/flights/{id}/review");

        Assert.Equal("bridge:B-001", review.GetProperty("targetId").GetString());
        Assert.Equal(["bridge:B-001"], review.GetProperty("targets").EnumerateArray().Select(t => t.GetProperty("assetId").GetString()));
        Assert.Equal(("again", false), (review.GetProperty("verdict").GetString(), review.GetProperty("complete").GetBoolean()));
        Assert.Matches("^青葉大橋の[0-9.]+%を撮影。橋脚P0101、.*床版Ds0101.*が写っていません。もう一度飛んでください。$", review.GetProperty("sentenceJa").GetString());
        Assert.Matches("^[0-9.]+% of 青葉大橋 is there\\. Not shown: pier P0101, .*deck slab Ds0101\\. Fly again\\.$", review.GetProperty("sentenceEn").GetString());

        // Between photos 70 m apart that show 50 m each 20 m are missing, over the bridge's 10 m, of 150 m.
        JsonElement gap = Assert.Single(review.GetProperty("gaps").EnumerateArray());
        Assert.Equal(20 * 10, gap.GetProperty("areaM2").GetDouble(), 3.0);
        Assert.Equal(1 - (20.0 / 150), review.GetProperty("coverageShare").GetDouble(), 0.003);
        var kinds = review.GetProperty("map").GetProperty("features").EnumerateArray().CountBy(f => f.GetProperty("properties").GetProperty("kind").GetString()!).ToDictionary();
        Assert.Equal([("gap", 1), ("target", 1)], kinds.Select(k => (k.Key, k.Value)).Order());
    }

    [Fact]
    public async Task Blurred_photo_leaves_a_gap_and_is_a_point_on_the_map()
    {
        string id = await FlyAsync(i => i == 2 ? Photo(i, i).With(("quality", """["blurred"]"""), ("sharpness", 0.1)) : Photo(i, i));
        await WriteAsync(Bridge());

        JsonElement review = await GetAsync($"/api/v1/flights/{id}/review");

        Assert.Contains("ぶれた写真1枚。もう一度飛んでください。", review.GetProperty("sentenceJa").GetString(), StringComparison.Ordinal);
        JsonElement point = review.GetProperty("map").GetProperty("features").EnumerateArray().Single(f => f.GetProperty("properties").GetProperty("kind").GetString() == "photo");
        Assert.Equal("Point", point.GetProperty("geometry").GetProperty("type").GetString());
        Assert.Equal("""["blurred"]""", point.GetProperty("properties").GetProperty("quality").GetRawText());
        JsonElement photo = review.GetProperty("photos").EnumerateArray().Single(p => p.GetProperty("quality").GetArrayLength() > 0);
        Assert.Equal(point.GetProperty("properties").GetProperty("photoId").GetString(), photo.GetProperty("photoId").GetString());
    }

    [Fact]
    public async Task Photos_that_nobody_has_looked_at_yet_keep_the_crew_waiting()
    {
        string id = await FlyAsync(i => Photo(i, i, state: i < 2 ? "announced" : "scored"));
        await WriteAsync(Bridge());

        JsonElement review = await GetAsync($"/api/v1/flights/{id}/review");

        Assert.Equal(("wait", false, 2), (review.GetProperty("verdict").GetString(), review.GetProperty("complete").GetBoolean(), review.GetProperty("waiting").GetInt32()));
        Assert.Equal("まだ調べていない写真が2枚あります。結果が出るまで片付けないでください。", review.GetProperty("sentenceJa").GetString());
        await WriteAsync([Photo(0, 0), Photo(1, 1)]);
        review = await GetAsync($"/api/v1/flights/{id}/review");
        Assert.Equal(("done", true, "すべて撮れています。片付けて構いません。"), (review.GetProperty("verdict").GetString(), review.GetProperty("complete").GetBoolean(), review.GetProperty("sentenceJa").GetString()));
    }

    [Fact]
    public async Task Levee_target_names_gaps_by_distance_mark_and_none_looks_at_the_photos_alone()
    {
        string id = await FlyAsync(i => i == 2 ? null : Photo(i, i));
        LonLat from = RouteSamples.Place(0, 0), to = RouteSamples.Place(150, 0);
        await WriteAsync(new Feature(FieldTables.Assets, "levee:L-1", new LineString([new(from.Lon, from.Lat), new(to.Lon, to.Lat)]), new Dictionary<string, object?>
        {
            ["kind"] = "levee",
            ["ledgerId"] = "L-1",
            ["river"] = "境川",
            ["bank"] = "left",
            ["startKm"] = 3.0,
            ["endKm"] = 3.15,
        }));

        JsonElement levee = await GetAsync($"/api/v1/flights/{id}/review?target=asset:levee:L-1");
        JsonElement none = await GetAsync($"/api/v1/flights/{id}/review?target=none");

        Assert.Matches(@"左岸 3\.0k \+ [0-9]+ m～3\.(0k \+ [0-9]+ m|1k.*)", levee.GetProperty("gaps")[0].GetProperty("nameJa").GetString());
        Assert.Equal(JsonValueKind.Null, none.GetProperty("targetId").ValueKind);
        Assert.Equal(("photos-only", false), (none.GetProperty("verdict").GetString(), none.GetProperty("complete").GetBoolean()));
        Assert.StartsWith("ぶれや露出の失敗はありません。撮り残しは調べていません。対象（橋・堤防・道路か計画）を選んで", none.GetProperty("sentenceJa").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drone-9:20260511T003000000Z", "auto", 404, "その飛行はありません", "no such flight")]
    [InlineData("drone-1", "auto", 404, "その飛行はありません", "no such flight")]
    [InlineData("drone-1:20260511T003000000Z", "bridge:B-001", 400, "auto、none、asset:ID", "must be auto, none or asset:ID")]
    [InlineData("drone-1:20260511T003000000Z", "asset:bridge:B-002", 400, "台帳にありません", "no such bridge, levee or road")]
    [InlineData("drone-1:20260511T003000000Z", "asset:element:B-001/P0101", 400, "台帳にありません", "no such bridge, levee or road")]
    public async Task What_cannot_be_reviewed_is_refused_in_both_languages(string id, string target, int status, string japanese, string english)
    {
        await WriteAsync([Photo(0, 0), .. Bridge()]);

        HttpResponseMessage answer = await _http.GetAsync(new Uri($"/api/v1/flights/{id}/review?target={Uri.EscapeDataString(target)}", UriKind.Relative), Cancel);

        using JsonDocument body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(japanese, body.RootElement.GetProperty("ja").GetString(), StringComparison.Ordinal);
        Assert.Contains(english, body.RootElement.GetProperty("en").GetString(), StringComparison.Ordinal);
    }

    private async Task<string> FlyAsync(Func<int, Feature?> photo)
    {
        await WriteAsync([.. Enumerable.Range(0, 5).Select(photo).OfType<Feature>()]);
        return (await GetAsync("/api/v1/flights")).GetProperty("flights")[0].GetProperty("flightId").GetString()!;
    }

    /// <summary>Photo i, 35 m after the one before, the first 10 m inside the bridge's western end.</summary>
    private Feature Photo(int i, double minutes, string device = "drone-1", string state = "scored")
    {
        LonLat place = RouteSamples.Place(10 + (i * StepM), 0);
        string id = Ids.Photo(System.Security.Cryptography.SHA256.HashData([(byte)i, (byte)device[^1]]));
        PhotoManifest manifest = new(id, $"FLD_{i:0000}.JPG", 5000, 1024, new GeoPoint(place.Lon, place.Lat, 60), Start.AddMinutes(minutes), false, Nadir);
        return PhotoRow.From(state, manifest, device, Start.AddHours(2), 0, _options);
    }

    /// <summary>150 m of bridge under the flight, with a deck over the first two thirds and a pier under photo 2.</summary>
    private static Feature[] Bridge() =>
    [
        Asset("bridge:B-001", RouteSamples.Box(0, -5, 150, 5), ("kind", "bridge"), ("ledgerId", "B-001"), ("name", "青葉大橋")),
        Asset("element:B-001/Ds0101", RouteSamples.Box(0, -5, 100, 5), ("kind", "element"), ("ledgerId", "Ds0101"), ("parent", "bridge:B-001")),
        Asset("element:B-001/P0101", RouteSamples.Box(79, -5, 81, 5), ("kind", "element"), ("ledgerId", "P0101"), ("parent", "bridge:B-001")),
    ];

    private static Feature Asset(string id, Geometry shape, params (string, object?)[] properties) => new(FieldTables.Assets, id, shape, properties.ToDictionary(p => p.Item1, p => p.Item2));

    private async Task WriteAsync(params Feature[] features) => await Store.WriteAsync([.. features.Select(f => new FeatureWrite(f))], Cancel);

    private async Task<JsonElement> GetAsync(string path)
    {
        using JsonDocument answer = JsonDocument.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative), Cancel));
        return answer.RootElement.Clone();
    }
}
