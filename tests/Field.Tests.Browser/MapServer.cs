using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Field.Broker;
using Field.Ingest.Identity;
using Field.MapApp.Routes;
using Field.Mqtt;
using Field.Store;
using Field.Store.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using NetTopologySuite.Geometries;

namespace Field.Tests.Browser;

/// <summary>Serves the built pages as the real server does, under its security policy, with a <see cref="Scene"/> and the real broker.</summary>
internal sealed class MapServer : IAsyncDisposable
{
    private const string Site = "aoba";
    private const string Policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' ws:; " +
        "worker-src 'self'; object-src 'none'; base-uri 'none'";

    private const string Picture = """
        <svg xmlns="http://www.w3.org/2000/svg" width="400" height="300" viewBox="0 0 400 300"><rect width="400" height="300" fill="#bbb"/></svg>
        """;

    private readonly WebApplication _app;
    private readonly MqttBroker _broker;
    private readonly string _folder;

    private MapServer(WebApplication app, Scene scene, string folder)
    {
        (_app, Scene, _folder) = (app, scene, folder);
        _broker = app.Services.GetRequiredService<MqttBroker>();
    }

    public Scene Scene { get; }

    public Uri Address => new(_app.Urls.First());

    /// <summary>The decisions that arrived, in their order.</summary>
    public ConcurrentQueue<JsonObject> Decisions { get; } = new();

    /// <summary>Whether there is a flight.</summary>
    public bool HasFlights { get; set; } = true;

    /// <summary>Whether no photo of the flight is blurred.</summary>
    public bool IsFlightSharp { get; set; }

    /// <summary>What flights were to be compared with, in the order of asking.</summary>
    public ConcurrentQueue<string> Targets { get; } = new();

    /// <summary>Plans of routes get no answer until the page gives them up.</summary>
    public bool HoldsPlans { get; set; }

    /// <summary>One for each plan that is held.</summary>
    public SemaphoreSlim Held { get; } = new(0);

    /// <summary>One for each plan that was held and that the page gave up.</summary>
    public SemaphoreSlim GivenUp { get; } = new(0);

    /// <summary>The first path segment after /api/v1 that answers 503; <c>*</c> for everything, MQTT too.</summary>
    public string? Failing { get; set; }

    public static async Task<MapServer> StartAsync(int findings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRouting();
        builder.Services.AddMqttBroker();
        string folder = Directory.CreateTempSubdirectory("field-browser").FullName;
        FieldStores stores = StoreUris.Under(Path.Combine(folder, "data")).Open(TimeProvider.System);
        builder.Services.AddSingleton(_ => stores);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(p => new RouteDesk(p.GetRequiredService<FieldStores>().Features, p.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(_ => new AuditLog(Path.Combine(folder, "audit"), TimeProvider.System));
        builder.Services.AddSingleton<SecurityAudit>();
        WebApplication app = builder.Build();
        MapServer server = new(app, new Scene(findings), folder);
        app.Use(server.GuardAsync);
        app.UseFileServer(new FileServerOptions { FileProvider = new PhysicalFileProvider(WebFolder.Dist()), StaticFileOptions = { ServeUnknownFileTypes = true, ContentTypeProvider = Types() } });
        app.MapMqttWebSocket();
        server.MapApi();
        app.MapGroup("/api/v1").MapRoutes();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Everything fails from now on, and open lines are cut.</summary>
    public void GoDown()
    {
        Failing = "*";
        _broker.CloseAll();
    }

    /// <summary>Publishes a finding as ingest does.</summary>
    public async Task PublishAsync(JsonObject finding)
    {
        JsonObject cloudEvent = new()
        {
            ["specversion"] = "1.0",
            ["id"] = Guid.NewGuid().ToString(),
            ["source"] = $"/field/{Site}/live",
            ["type"] = "field.live.finding.v1",
            ["data"] = finding,
        };
        byte[] payload = Encoding.UTF8.GetBytes(cloudEvent.ToJsonString());
        await _broker.PublishAsync(new MqttMessage($"field/v1/{Site}/live/finding/{(string)finding["id"]!}", payload), TestContext.Current.CancellationToken);
    }

    /// <summary>An asset of the ledger, on the map and in the store that routes are planned from.</summary>
    public async Task AddAssetAsync(string id, string kind, string name, Geometry geometry, params (string Column, object? Value)[] more)
    {
        Feature row = new Feature(FieldTables.Assets, id, geometry, new Dictionary<string, object?> { ["kind"] = kind, ["name"] = name, ["ledgerId"] = id }).With(more);
        await _app.Services.GetRequiredService<FieldStores>().Features.WriteAsync([new FeatureWrite(row)], TestContext.Current.CancellationToken);
        Scene.Add(row);
    }

    /// <summary>The lines of the audit log.</summary>
    public IEnumerable<string> Audit() => AuditLog.Read(Path.Combine(_folder, "audit"));

    public async ValueTask DisposeAsync()
    {
        FieldStores stores = _app.Services.GetRequiredService<FieldStores>();
        await _app.DisposeAsync();
        await stores.DisposeAsync();
        Held.Dispose();
        GivenUp.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Microsoft.AspNetCore.StaticFiles.FileExtensionContentTypeProvider Types()
    {
        Microsoft.AspNetCore.StaticFiles.FileExtensionContentTypeProvider types = new();
        types.Mappings[".mjs"] = "text/javascript";
        return types;
    }

    private Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        if (HoldsPlans && HttpMethods.IsPost(http.Request.Method) && http.Request.Path == "/api/v1/routes")
        {
            http.RequestAborted.Register(() => GivenUp.Release());
            Held.Release();
            return Task.Delay(Timeout.Infinite, http.RequestAborted);
        }

        bool fails = Failing is { } part && (part == "*" || http.Request.Path.StartsWithSegments($"/api/v1/{part}", StringComparison.Ordinal));
        if (!fails)
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    private void MapApi()
    {
        _app.MapGet("/api/v1/config", () => Json(JsonNode.Parse(
            """
            {"site":"aoba","siteName":"青葉市","siteNameEn":"Aoba City","synthetic":true,"mqttPath":"/mqtt","gsiTiles":null,"version":"test",
             "base":{"kind":"none","attribution":null,"attributionEn":null,"bounds":null,"center":[138.4493,34.7503],"zoom":16}}
            """)));
        _app.MapGet("/api/v1/session", () => Json(JsonNode.Parse(
            """
            {"signIn":"open","siteName":"青葉市","siteNameEn":"Aoba City","person":null,"must":null,
             "may":["map.view","findings.decide","forms.export","routes.plan","alarms.acknowledge"]}
            """)));
        _app.MapGet("/api/v1/features/{kind}", (string kind, long since = 0) => Json(Scene.Collection(kind, since)));
        _app.MapGet("/api/v1/photos/{id}", (string id) => Json(Scene.Detail(id)));
        _app.MapPost("/api/v1/findings/{id}/decision", async (string id, HttpRequest request) =>
        {
            JsonNode sent = (await JsonNode.ParseAsync(request.Body))!;
            Decisions.Enqueue(sent.AsObject());
            (int status, JsonObject answer) = Scene.Decide(id, sent.AsObject());
            return Results.Text(answer.ToJsonString(), "application/json", statusCode: status);
        });
        _app.MapGet("/api/v1/findings/{id}/history", (string id) => Json(Scene.History(id)));
        _app.MapGet("/api/v1/flights", () => Json(FlightScene.List(HasFlights)));
        _app.MapGet("/api/v1/flights/{id}/review", (string id, string target = "auto") =>
        {
            Targets.Enqueue(target);
            return Json(FlightScene.Review(target, IsFlightSharp));
        });
        _app.MapGet("/api/v1/photos/{id}/image", () => Results.Text(Picture, "image/svg+xml"));
    }

    private static IResult Json(JsonNode? body) => body is null ? Results.NotFound() : Results.Text(body.ToJsonString(), "application/json");
}
