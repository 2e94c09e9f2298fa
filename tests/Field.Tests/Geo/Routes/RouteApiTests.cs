using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Field.Geo;
using Field.Geo.Routes;
using Field.Ingest.Identity;
using Field.MapApp;
using Field.MapApp.Routes;
using Field.Store;
using Field.Store.Audit;
using Field.Tests.Broker;
using Field.Tests.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NetTopologySuite.Geometries;

namespace Field.Tests.Geo.Routes;

/// <summary>Routes as the map app asks for them, over HTTP, with a synthetic ledger.</summary>
public sealed class RouteApiTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new(new(2026, 11, 22, 14, 59, 0, TimeSpan.Zero)); // a minute before the 23rd in Japan
    private readonly FieldStores _stores;
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    public RouteApiTests()
    {
        _stores = StoreUris.Under(_folder.Path("data")).Open(TimeProvider.System);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, 0);
            k.Limits.MaxRequestBodySize = 64 * 1024;
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new RouteDesk(_stores.Features, _time));
        builder.Services.AddSingleton(_ => new AuditLog(AuditFolder, TimeProvider.System));
        builder.Services.AddSingleton<SecurityAudit>();
        _app = builder.Build();
        _app.UseRefusedCommandAudit();
        _app.MapGroup("/api/v1").MapRoutes();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string AuditFolder => _folder.Path("audit");

    public async ValueTask InitializeAsync()
    {
        await _stores.Features.WriteAsync([.. Ledger().Select(f => new FeatureWrite(f))], Cancel);
        await _app.StartAsync(Cancel);
        _http.BaseAddress = new Uri(_app.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await _stores.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Levee_of_the_ledger_is_planned_as_the_command_plans_its_line()
    {
        (HttpStatusCode status, JsonElement answer) = await PlanAsync(new { kind = "levee", assetId = "levee:L1", widthM = 60, batteryMin = 20 });

        Assert.Equal(HttpStatusCode.OK, status);
        RoutePlan same = RouteSamples.Plan(new LeveeRouteRequest { Camera = RouteSamples.Camera, Line = LeveeLine, WidthM = 60, BatteryMin = 20 });
        JsonElement figures = answer.GetProperty("figures");
        Assert.Equal((same.PhotoCount, same.Flights.Count, same.Legs.Count), (Int(figures, "photos"), Int(figures, "batteries"), Int(figures, "tracks")));
        Assert.Equal(same.Gsd.MeanM * 1000, figures.GetProperty("gsdMeanMm").GetDouble(), 0.01);
        Assert.Equal(1, figures.GetProperty("coverageShare").GetDouble());
        Assert.Equal(same.PhotoCount, answer.GetProperty("preview").GetProperty("features").EnumerateArray().Count(f => f.GetProperty("properties").GetProperty("kind").GetString() == "footprint"));
        Assert.Equal(same.Flights.Select(f => f.Legs.Sum(l => l.Waypoints.Count)), answer.GetProperty("flights").EnumerateArray().Select(f => f.GetProperty("tracks").EnumerateArray().Sum(t => t.GetProperty("waypoints").GetArrayLength())));
        Assert.Equal(["homes-proposed", "level-ground"], Codes(answer, "warnings"));
        Assert.Empty(Codes(answer, "errors"));
        Assert.Equal((3, 4, "left"), (answer.GetProperty("levee").GetProperty("lowKm").GetDouble(), answer.GetProperty("levee").GetProperty("highKm").GetDouble(), answer.GetProperty("levee").GetProperty("riverSide").GetString()));
    }

    [Fact]
    public async Task Distance_marks_cut_the_levee_and_the_river_side_turns_the_offset()
    {
        (_, JsonElement whole) = await PlanAsync(new { kind = "levee", assetId = "levee:L1" });
        (_, JsonElement part) = await PlanAsync(new { kind = "levee", assetId = "levee:L1", fromKm = 3.75, toKm = 3.5, offsetM = 20, side = "river" });

        JsonElement line = Feature(part, "line");
        Assert.InRange(Int(whole.GetProperty("figures"), "photos"), 3 * Int(part.GetProperty("figures"), "photos"), 5 * Int(part.GetProperty("figures"), "photos"));
        double[] lons = [.. line.GetProperty("coordinates").EnumerateArray().Select(c => c[0].GetDouble())];
        Assert.Equal(RouteSamples.Place(0, 0).Lon, lons.Min(), 1e-6); // kilometres grow to the east along 1,000 m
        Assert.Equal(RouteSamples.Place(250, 0).Lon, lons.Max(), 1e-6);

        // Left bank, drawn upstream to the east: looking downstream (west) the river lies to the right, in the north.
        double north = Feature(part, "target").GetProperty("coordinates")[0].EnumerateArray().Skip(1).Average(c => c[1].GetDouble());
        Assert.Equal(RouteSamples.Place(0, 20).Lat, north, 1e-6);
    }

    [Theory]
    [InlineData("bridge:area", null)]
    [InlineData("bridge:axis", 8.0)]
    public async Task Bridge_is_planned_from_its_outline_or_from_its_axis_and_width(string asset, double? width)
    {
        (HttpStatusCode status, JsonElement answer) = await PlanAsync(Bridge(asset, width));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(Int(answer.GetProperty("figures"), "photos") > 20);
        Assert.Contains("not-under-deck", Codes(answer, "warnings"));
        Polygon target = GeometryFactory.Default.CreatePolygon([.. Feature(answer, "target").GetProperty("coordinates")[0].EnumerateArray().Select(c => new Coordinate(c[0].GetDouble(), c[1].GetDouble()))]);
        Assert.Equal(800, RouteSamples.Metres(target).Area, 1.0);
    }

    [Fact]
    public async Task Bridge_that_is_a_point_in_the_ledger_asks_for_its_ends_and_is_planned_with_them()
    {
        (HttpStatusCode status, JsonElement answer) = await PlanAsync(Bridge("bridge:point", 8));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "line"), (status, answer.GetProperty("errors")[0].GetProperty("member").GetString()));

        Dictionary<string, object?> body = Bridge("bridge:point", 8);
        body["line"] = new { type = "LineString", coordinates = Array(RouteSamples.Place(-50, 0), RouteSamples.Place(50, 0)) };
        (status, answer) = await PlanAsync(body);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(Int(answer.GetProperty("figures"), "photos") > 20);
    }

    [Fact]
    public async Task Refused_route_says_every_reason_in_both_languages_and_shows_where()
    {
        (HttpStatusCode status, JsonElement answer) = await PlanAsync(
            new { kind = "levee", assetId = "levee:L1", heightM = 200, speedMps = 15, frontPercent = 98, homes = new[] { Home(0, -30) }, noFly = Zone(-20, -100, 20, 100) }, "en");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(["beyond-sight", "no-fly", "no-fly-transit", "too-fast", "too-high"], Codes(answer, "errors").Distinct().Order());
        foreach (JsonElement error in answer.GetProperty("errors").EnumerateArray())
        {
            Assert.Contains(error.GetProperty("ja").GetString()!, c => c >= 0x3040);
            Assert.DoesNotContain(error.GetProperty("en").GetString()!, c => c >= 0x3040);
            Assert.DoesNotContain("--", error.GetProperty("ja").GetString()!, StringComparison.Ordinal); // no command's option in the map app
        }

        Assert.Equal("heightM", answer.GetProperty("errors").EnumerateArray().First(e => e.GetProperty("code").GetString() == "too-high").GetProperty("member").GetString());
        Assert.StartsWith("200 m above ground", answer.GetProperty("error").GetString()!, StringComparison.Ordinal);
        Assert.Empty(answer.GetProperty("flights").EnumerateArray());
        Assert.Equal("no-fly", Feature(answer, "refused", "no-fly").GetProperty("code").GetString());

        HttpResponseMessage file = await PostAsync("/files?format=kmz&flight=1", new { kind = "levee", assetId = "levee:L1", heightM = 200 });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, file.StatusCode);
    }

    [Fact]
    public async Task Refusals_and_warnings_name_distance_marks_beside_the_metres()
    {
        (_, JsonElement refused) = await PlanAsync(new { kind = "levee", assetId = "levee:L1", fromKm = 3.2, toKm = 3.9, noFly = Zone(-20, -100, 20, 100) });
        JsonElement error = refused.GetProperty("errors").EnumerateArray().First(e => e.GetProperty("code").GetString() == "no-fly");

        // Kilometres grow to the east, 3.0 at -500 m; what is flown begins at 3.2k, at -300 m. The zone is 40 m wide about 0, at 3.5k.
        Assert.StartsWith("左岸 3.4k + 80 m～3.5k + 20 m（280～320 m）: 飛行禁止区域「School yard」", error.GetProperty("ja").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("left bank 3.4k + 80 m to 3.5k + 20 m (280-320 m): enters", error.GetProperty("en").GetString(), StringComparison.Ordinal);
        Assert.Equal((3.4, 80), (error.GetProperty("fromKm").GetDouble(), Math.Round(error.GetProperty("fromOffsetM").GetDouble())));

        (_, JsonElement flown) = await PlanAsync(new { kind = "levee", assetId = "levee:L1", fromKm = 3.2, toKm = 3.9 });
        JsonElement homes = flown.GetProperty("warnings").EnumerateArray().First(e => e.GetProperty("code").GetString() == "homes-proposed");
        Assert.Equal("離着陸地点は提案です（左岸 3.5k + 50 m）。現地で立てるか確かめてください。", homes.GetProperty("ja").GetString());

        (_, JsonElement bare) = await PlanAsync(new { kind = "levee", assetId = "levee:bare", noFly = Zone(-20, -100, 20, 100) });
        error = bare.GetProperty("errors").EnumerateArray().First(e => e.GetProperty("code").GetString() == "no-fly");
        Assert.StartsWith("480～520 m: 飛行禁止区域", error.GetProperty("ja").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, error.GetProperty("fromKm").ValueKind);
    }

    [Fact]
    public async Task Areas_that_are_kept_refuse_a_route_by_their_name_until_they_are_taken_away()
    {
        object body = new { kind = "levee", assetId = "levee:L1" };
        (_, JsonElement free) = await PlanAsync(body);
        Feature drawn = Kept("no-fly:0190aaaa", "青葉小学校", RouteSamples.Box(-20, -100, 20, 100));
        await _stores.Features.WriteAsync([new FeatureWrite(drawn), new FeatureWrite(Kept("no-fly:0190far0", "遠い区域", RouteSamples.Box(9000, 9000, 9100, 9100)))], Cancel);

        (HttpStatusCode status, JsonElement answer) = await PlanAsync(body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        JsonElement error = answer.GetProperty("errors").EnumerateArray().First(e => e.GetProperty("code").GetString() == "no-fly");
        Assert.Contains("飛行禁止区域「青葉小学校」", error.GetProperty("ja").GetString(), StringComparison.Ordinal);
        JsonElement[] zones = [.. answer.GetProperty("preview").GetProperty("features").EnumerateArray().Where(f => f.GetProperty("properties").GetProperty("kind").GetString() == "no-fly")];
        Assert.Equal("no-fly:0190aaaa", Assert.Single(zones).GetProperty("properties").GetProperty("id").GetString()); // the far one does not concern this flight
        HttpResponseMessage file = await PostAsync($"/files?format=kmz&flight=1&planId={free.GetProperty("planId").GetString()}", body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, file.StatusCode); // a plan seen before the area was drawn gives no file any more

        await _stores.Features.WriteAsync([new FeatureWrite(drawn.With(("removedAt", DateTimeOffset.UnixEpoch)))], Cancel);
        (status, answer) = await PlanAsync(body);
        Assert.Equal((HttpStatusCode.OK, free.GetProperty("planId").GetString()), (status, answer.GetProperty("planId").GetString()));
    }

    [Fact]
    public async Task Area_with_a_permit_is_flown_with_its_number_until_its_last_day_is_over()
    {
        Feature Permitted(string id, string title, Geometry area, string number) => Kept(id, title, area).With(("permitNumber", number), ("permitHolder", "青葉市"), ("permitUntil", "2026-11-22"));
        object body = new { kind = "levee", assetId = "levee:L1" };
        await _stores.Features.WriteAsync(
        [
            new FeatureWrite(Permitted("no-fly:0190aaaa", "青葉小学校", RouteSamples.Box(-20, -100, 20, 100), "TKY-123")),
            new FeatureWrite(Permitted("no-fly:0190bbbb", "隣の公園", RouteSamples.Box(600, 600, 700, 700), "TKY-456")),
        ], Cancel);

        (HttpStatusCode status, JsonElement answer) = await PlanAsync(body);
        Assert.Equal(HttpStatusCode.OK, status);
        JsonElement warning = Assert.Single(answer.GetProperty("warnings").EnumerateArray(), w => w.GetProperty("code").GetString() == "no-fly-permit"); // what is not entered is not told
        Assert.StartsWith("飛行禁止区域「青葉小学校」を、許可・承認番号 TKY-123（青葉市、2026-11-22 まで）により飛びます", warning.GetProperty("ja").GetString(), StringComparison.Ordinal);
        Assert.Contains("under permit TKY-123", warning.GetProperty("en").GetString(), StringComparison.Ordinal);
        Assert.Equal("TKY-123", answer.GetProperty("preview").GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties")).First(p => p.GetProperty("kind").GetString() == "no-fly").GetProperty("permit").GetString());

        string planId = answer.GetProperty("planId").GetString()!;
        HttpResponseMessage file = await PostAsync($"/files?format=plan&flight=1&planId={planId}", body);
        JsonElement fence = (await BodyAsync(file)).GetProperty("geoFence").GetProperty("polygons");
        Assert.True(Assert.Single(fence.EnumerateArray()).GetProperty("inclusion").GetBoolean()); // the aircraft is not stopped where the plan leads
        Assert.Contains(AuditLog.Read(AuditFolder), l => l.Contains("route.export", StringComparison.Ordinal) && l.Contains("permit TKY-123 for no-fly:0190aaaa", StringComparison.Ordinal) && !l.Contains("TKY-456", StringComparison.Ordinal));

        _time.Advance(TimeSpan.FromMinutes(1)); // the 23rd
        (status, answer) = await PlanAsync(body);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, true), (status, Codes(answer, "errors").Contains("no-fly")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync($"/files?format=plan&flight=1&planId={planId}", body)).StatusCode);
    }

    [Fact]
    public async Task Permit_opens_the_passes_beside_a_bridge_too_and_no_other_area()
    {
        Feature opened = Kept("no-fly:0190aaaa", "河川敷", RouteSamples.Box(-20, -100, 20, 100)).With(("permitNumber", "TKY-123"), ("permitHolder", "青葉市"), ("permitUntil", "2027-03-31"));
        await _stores.Features.WriteAsync([new FeatureWrite(opened)], Cancel);
        (HttpStatusCode status, JsonElement answer) = await PlanAsync(Bridge("bridge:area", null));
        Assert.Equal((HttpStatusCode.OK, true), (status, Codes(answer, "warnings").Contains("no-fly-permit")));

        await _stores.Features.WriteAsync([new FeatureWrite(Kept("no-fly:0190bbbb", "小学校", RouteSamples.Box(0, -100, 30, 100)))], Cancel);
        (status, answer) = await PlanAsync(Bridge("bridge:area", null));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.All(answer.GetProperty("errors").EnumerateArray(), e => Assert.Contains("小学校", e.GetProperty("ja").GetString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no-fly", "public", null, true)]
    [InlineData("no-fly", "resident", null, false)]
    [InlineData("boundary", "public", null, false)]
    [InlineData("no-fly", "internal", "2026-01-01", false)]
    public async Task Imported_layer_of_no_fly_areas_counts_while_it_is_shown(string kind, string dataClass, string? withdrawnOn, bool refuses)
    {
        Feature layer = new(FieldTables.Layers, "did", null, new Dictionary<string, object?> { ["title"] = "人口集中地区", ["kind"] = kind, ["dataClass"] = dataClass, ["edition"] = "e2", ["withdrawnOn"] = withdrawnOn });
        Feature Row(string edition, int n, string label) => new(FieldTables.LayerFeatures, $"{edition}/{n}", RouteSamples.Box(-20, -100, 20, 100), new Dictionary<string, object?> { ["layerId"] = "did", ["edition"] = edition, ["n"] = (long)n, ["label"] = label });
        await _stores.Features.WriteAsync([new FeatureWrite(layer), new FeatureWrite(Row("e1", 1, "前の版")), new FeatureWrite(Row("e2", 1, "青葉地区"))], Cancel);

        (HttpStatusCode status, JsonElement answer) = await PlanAsync(new { kind = "levee", assetId = "levee:L1" });

        Assert.Equal(refuses ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.OK, status);
        string[] named = [.. answer.GetProperty("preview").GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties")).Where(p => p.GetProperty("kind").GetString() == "no-fly").Select(p => p.GetProperty("name").GetString()!)];
        Assert.Equal(refuses ? ["青葉地区"] : [], named);
    }

    private static Feature Kept(string id, string title, Geometry area) => new(FieldTables.Board, id, area, new Dictionary<string, object?> { ["kind"] = "no-fly", ["title"] = title });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Plan_that_nobody_waits_for_is_given_up_while_it_is_made_and_the_next_has_its_turn(bool isBridge)
    {
        using RouteDesk desk = new(_stores.Features, _time);
        using CancellationTokenSource gone = new();
        RouteAsk ask = new(isBridge, new RouteValues(new Dictionary<string, double> { ["top"] = 12, ["underside"] = 10, ["water"] = 2 })
        {
            Homes = isBridge ? [new RouteHome(RouteSamples.Place(-80, -40), 10)] : [],
        })
        {
            AssetId = isBridge ? "bridge:area" : "levee:L1",
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => desk.PlanAsync(ask with { Values = ask.Values with { NoFly = new Leaving(gone) } }, gone.Token));

        Assert.True(gone.IsCancellationRequested);
        Assert.NotEmpty((await desk.PlanAsync(ask, Cancel)).Plan.Legs);
    }

    [Fact]
    public async Task Files_are_those_of_the_command_and_are_audited()
    {
        object body = new { kind = "levee", assetId = "levee:L1", batteryMin = 12 };
        (_, JsonElement answer) = await PlanAsync(body);
        string planId = answer.GetProperty("planId").GetString()!;
        int flights = Int(answer.GetProperty("figures"), "batteries");
        Assert.True(flights > 1);

        HttpResponseMessage kmz = await PostAsync($"/files?format=kmz&flight=2&planId={planId}", body);
        Assert.Equal("青葉川堤防_flight-02.kmz", kmz.Content.Headers.ContentDisposition!.FileNameStar);
        using (ZipArchive archive = new(await kmz.Content.ReadAsStreamAsync(Cancel)))
        {
            Assert.Equal(["wpmz/template.kml", "wpmz/waylines.wpml"], archive.Entries.Select(e => e.FullName).Order());
        }

        HttpResponseMessage plan = await PostAsync($"/files?format=plan&flight=1&planId={planId}", body);
        Assert.Equal("Plan", JsonDocument.Parse(await plan.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("fileType").GetString());
        HttpResponseMessage all = await PostAsync($"/files?format=zip&planId={planId}", body);
        using (ZipArchive archive = new(await all.Content.ReadAsStreamAsync(Cancel)))
        {
            Assert.Equal((2 * flights) + 2, archive.Entries.Count);
            Assert.NotNull(archive.GetEntry("preview.geojson"));
        }

        await _app.Services.GetRequiredService<SecurityAudit>().FlushAsync(Cancel);
        string[] audit = [.. AuditLog.Read(AuditFolder).Where(l => l.Contains("route.export", StringComparison.Ordinal))];
        Assert.Equal(3, audit.Length);
        Assert.Contains(audit, l => l.Contains("levee:L1 flight-02.kmz", StringComparison.Ordinal) && l.Contains("\"done\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task File_of_a_plan_that_is_another_by_now_is_refused()
    {
        object body = new { kind = "levee", assetId = "levee:L1" };
        string planId = (await PlanAsync(body)).Answer.GetProperty("planId").GetString()!;
        await _stores.Features.WriteAsync([new FeatureWrite(Ledger().First(f => f.Id == "levee:L1") with { Geometry = Line(-500, 5, 500, 5) })], Cancel);

        HttpResponseMessage answer = await PostAsync($"/files?format=plan&flight=1&planId={planId}", body);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("stale", (await BodyAsync(answer)).GetProperty("errors")[0].GetProperty("code").GetString());
    }

    public static TheoryData<string, string, HttpStatusCode, string> Bad => new()
    {
        { "", "[]", HttpStatusCode.BadRequest, "not-an-object" },
        { "", "{", HttpStatusCode.BadRequest, "not-json" },
        { "", """{"kind":"road","assetId":"levee:L1"}""", HttpStatusCode.BadRequest, "kind" },
        { "", """{"kind":"levee"}""", HttpStatusCode.BadRequest, "asset-or-line" },
        { "", """{"kind":"levee","assetId":"levee:none"}""", HttpStatusCode.NotFound, "no-asset" },
        { "", """{"kind":"levee","assetId":"bridge:area"}""", HttpStatusCode.BadRequest, "asset-kind" },
        { "", """{"kind":"levee","assetId":"levee:shapeless"}""", HttpStatusCode.UnprocessableEntity, "asset-shape" },
        { "", """{"kind":"levee","assetId":"levee:L1","fromKm":9}""", HttpStatusCode.UnprocessableEntity, "km-range" },
        { "", """{"kind":"levee","assetId":"levee:bare","fromKm":9}""", HttpStatusCode.UnprocessableEntity, "no-marks" },
        { "", """{"kind":"levee","assetId":"levee:bare","side":"river"}""", HttpStatusCode.UnprocessableEntity, "no-river-side" },
        { "", """{"kind":"levee","assetId":"levee:L1","heightM":"50","speed":1,"camera":"box"}""", HttpStatusCode.BadRequest, "no-such-camera,not-a-number,unknown-member" },
        { "", """{"kind":"levee","assetId":"levee:L1","heightM":1e999}""", HttpStatusCode.BadRequest, "not-a-number" },
        { "", """{"kind":"levee","line":{"type":"Point","coordinates":[139,35]}}""", HttpStatusCode.BadRequest, "geojson" },
        { "", """{"kind":"levee","line":{"type":"LineString","coordinates":[[139,35]]}}""", HttpStatusCode.BadRequest, "geojson" },
        { "", """{"kind":"levee","line":{"type":"LineString","coordinates":[[500,35],[501,35]]}}""", HttpStatusCode.UnprocessableEntity, "not-a-place" },
        { "", """{"kind":"levee","assetId":"levee:L1","noFly":{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}}""", HttpStatusCode.BadRequest, "geojson" },
        { "", """{"kind":"bridge","assetId":"bridge:area"}""", HttpStatusCode.BadRequest, "home-needed,missing" },
        { "", """{"kind":"bridge","assetId":"bridge:area","topM":9,"undersideM":8,"waterM":1}""", HttpStatusCode.UnprocessableEntity, "home-needed" },
        { "/files?format=exe&flight=1", """{"kind":"levee","assetId":"levee:L1"}""", HttpStatusCode.BadRequest, "format" },
        { "/files?format=kmz&flight=99", """{"kind":"levee","assetId":"levee:L1"}""", HttpStatusCode.BadRequest, "no-such-flight" },
        { "/files?format=kmz&flight=1", """{"kind":"levee","assetId":"levee:L1","camera":"phantom4","speedMps":2}""", HttpStatusCode.BadRequest, "no-wpml" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Body_that_cannot_be_used_is_refused_with_its_codes(string path, string body, HttpStatusCode status, string codes)
    {
        HttpResponseMessage answer = await _http.PostAsync(new Uri("/api/v1/routes" + path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"), Cancel);

        Assert.Equal(status, answer.StatusCode);
        JsonElement said = await BodyAsync(answer);
        Assert.Equal(codes, string.Join(',', Codes(said, "errors").Distinct().Order()));
        Assert.All(said.GetProperty("errors").EnumerateArray(), e => Assert.Contains(e.GetProperty("ja").GetString()!, c => c >= 0x3040));
        Assert.All(said.GetProperty("errors").EnumerateArray(), e => Assert.NotEmpty(e.GetProperty("en").GetString()!));
    }

    public static TheoryData<string> Greedy => new()
    {
        """{"kind":"levee","line":{"type":"LineString","coordinates":[[139.8,35.3],[139.9,35.3]]},"heightM":2,"widthM":500,"frontPercent":98.9,"sidePercent":98.9,"speedMps":0.2}""",
        """{"kind":"levee","line":{"type":"LineString","coordinates":[[139.8,35.3],[139.9,35.3]]},"sensorWidthMm":1,"focalMm":1000,"imageWidthPx":100000,"imageHeightPx":16}""",
        """{"kind":"bridge","assetId":"bridge:area","topM":5000,"undersideM":4999,"waterM":-100,"bottomM":-99,"standOffM":2,"marginM":0,"sensorWidthMm":1,"focalMm":1000,"frontPercent":98.9,"sidePercent":98.9,"homes":[{"lon":139.899,"lat":35.33,"groundM":0}]}""",
    };

    [Theory]
    [MemberData(nameof(Greedy))]
    public async Task Request_for_millions_of_photos_is_refused_before_any_is_placed(string body)
    {
        (HttpStatusCode status, JsonElement answer) = await PlanAsync(JsonSerializer.Deserialize<JsonElement>(body));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("too-many-photos", Codes(answer, "errors"));
        Assert.Empty(answer.GetProperty("flights").EnumerateArray());
    }

    [Fact]
    public async Task Body_that_is_too_large_or_of_another_type_is_refused()
    {
        string points = string.Join(',', Enumerable.Range(0, 25_000).Select(i => FormattableString.Invariant($"[{139 + (i * 1e-6)},35]")));
        (HttpStatusCode status, JsonElement answer) = await PlanAsync(JsonSerializer.Deserialize<JsonElement>("{\"kind\":\"levee\",\"line\":{\"type\":\"LineString\",\"coordinates\":[" + points + "]}}"));
        Assert.Equal((HttpStatusCode.BadRequest, "too-many-points"), (status, string.Join(',', Codes(answer, "errors"))));

        (status, answer) = await PlanAsync(new { kind = "levee", assetId = "levee:L1", camera = new string('x', 1_200_000) });
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too-large"), (status, string.Join(',', Codes(answer, "errors"))));

        HttpResponseMessage form = await _http.PostAsync(new Uri("/api/v1/routes", UriKind.Relative), new StringContent("{}", Encoding.UTF8, "text/plain"), Cancel);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, form.StatusCode);
    }

    [Fact]
    public async Task Options_list_every_camera_and_number_with_its_words()
    {
        JsonElement options = await _http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/routes/options", UriKind.Relative), Cancel);

        Assert.Equal(RouteCamera.Presets.Select(c => c.Name), options.GetProperty("cameras").EnumerateArray().Select(c => c.GetProperty("name").GetString()!));
        foreach (JsonElement number in new[] { "shared", "levee", "bridge" }.SelectMany(t => options.GetProperty(t).EnumerateArray()))
        {
            Assert.Contains(number.GetProperty("ja").GetString()!, c => c >= 0x3040);
            Assert.DoesNotContain(number.GetProperty("en").GetString()!, c => c >= 0x3040);
        }
    }

    /// <summary>No areas; whoever asked leaves while they are read, in the middle of the planning.</summary>
    private sealed class Leaving(CancellationTokenSource gone) : IReadOnlyList<NoFlyZone>
    {
        public int Count => 0;

        public NoFlyZone this[int index] => throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<NoFlyZone> GetEnumerator()
        {
            gone.Cancel();
            return Enumerable.Empty<NoFlyZone>().GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private static LonLat[] LeveeLine => [RouteSamples.Place(-500, 0), RouteSamples.Place(500, 0)];

    private static IEnumerable<Feature> Ledger()
    {
        yield return Asset("levee:L1", "levee", "青葉川堤防", Line(-500, 0, 500, 0), ("river", "青葉川"), ("bank", "left"), ("startKm", 3.0), ("endKm", 4.0));
        yield return Asset("levee:bare", "levee", "裸堤", Line(-500, 0, 500, 0));
        yield return Asset("levee:shapeless", "levee", "位置なし", null);
        yield return Asset("bridge:area", "bridge", "青葉橋", RouteSamples.Box(-50, -4, 50, 4));
        yield return Asset("bridge:axis", "bridge", "若葉橋", Line(-50, 0, 50, 0));
        yield return Asset("bridge:point", "bridge", "点橋", GeometryFactory.Default.CreatePoint(new Coordinate(RouteSamples.Origin.Lon, RouteSamples.Origin.Lat)));
    }

    private static Feature Asset(string id, string kind, string name, Geometry? geometry, params (string, object?)[] more) =>
        new Feature(FieldTables.Assets, id, geometry, new Dictionary<string, object?> { ["kind"] = kind, ["name"] = name }).With(more);

    private static LineString Line(double west, double south, double east, double north) =>
        GeometryFactory.Default.CreateLineString([.. new[] { RouteSamples.Place(west, south), RouteSamples.Place(east, north) }.Select(p => new Coordinate(p.Lon, p.Lat))]);

    private static Dictionary<string, object?> Bridge(string asset, double? width) => new()
    {
        ["kind"] = "bridge",
        ["assetId"] = asset,
        ["deckWidthM"] = width,
        ["topM"] = 12,
        ["undersideM"] = 10,
        ["waterM"] = 2,
        ["speedMps"] = 1,
        ["homes"] = new[] { Home(-80, -40, 10) },
    };

    private static object Home(double east, double north, double? ground = null) => new { lon = RouteSamples.Place(east, north).Lon, lat = RouteSamples.Place(east, north).Lat, groundM = ground };

    private static object Zone(double west, double south, double east, double north) => new
    {
        type = "Feature",
        properties = new { name = "School yard" },
        geometry = new { type = "Polygon", coordinates = new[] { RouteSamples.Box(west, south, east, north).Coordinates.Select(c => new[] { c.X, c.Y }) } },
    };

    private static IEnumerable<double[]> Array(params LonLat[] places) => places.Select(p => new[] { p.Lon, p.Lat });

    private static int Int(JsonElement json, string member) => json.GetProperty(member).GetInt32();

    private static string[] Codes(JsonElement answer, string list) => [.. answer.GetProperty(list).EnumerateArray().Select(e => e.GetProperty("code").GetString()!)];

    /// <summary>The geometry of the first feature of a kind; of what is refused, its properties.</summary>
    private static JsonElement Feature(JsonElement answer, string kind, string? code = null)
    {
        JsonElement found = answer.GetProperty("preview").GetProperty("features").EnumerateArray()
            .First(f => f.GetProperty("properties").GetProperty("kind").GetString() == kind && (code is null || f.GetProperty("properties").GetProperty("code").GetString() == code));
        return found.GetProperty(code is null ? "geometry" : "properties");
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PlanAsync(object body, string language = "ja")
    {
        HttpResponseMessage answer = await PostAsync("", body, language);
        return (answer.StatusCode, await BodyAsync(answer));
    }

    private Task<HttpResponseMessage> PostAsync(string path, object body, string language = "ja")
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/routes" + path) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        request.Headers.ExpectContinue = true; // a body that is refused unread is not begun: the line would break before the answer is read
        request.Headers.AcceptLanguage.ParseAdd(language);
        return _http.SendAsync(request, Cancel);
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
}
