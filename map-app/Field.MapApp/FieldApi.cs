using System.Text.Json;
using System.Text.Json.Nodes;
using Field.Contracts;
using Field.Gdal;
using Field.Ingest;
using Field.Ingest.Health;
using Field.MapApp.Access;
using Field.MapApp.Board;
using Field.MapApp.Bookings;
using Field.MapApp.Forms;
using Field.MapApp.Impact;
using Field.MapApp.Layers;
using Field.MapApp.PublicMap;
using Field.MapApp.Residents;
using Field.MapApp.Review;
using Field.MapApp.Routes;
using Field.MapApp.Tablet;
using Field.Store;

namespace Field.MapApp;

/// <summary>The read-only HTTP API of the map (SPEC.md section 8).</summary>
internal static class FieldApi
{
    public static void MapFieldApi(this IEndpointRouteBuilder app, UpOptions options)
    {
        string version = typeof(FieldApi).Assembly.GetName().Version!.ToString(3);
        RouteGroupBuilder api = app.MapGroup("/api/v1");
        RouteGroupBuilder map = api.MapGroup("").Needs(Permissions.MapView);
        map.MapGet("/config", () => Results.Text(BaseMap.Config(options, version).ToJsonString(), JsonAnswer.Json)).AlsoForThePublic();
        map.MapGet("/base/city.geojson", () => options.BaseDirectory is { } folder
            ? Results.File(Path.Combine(Path.GetFullPath(folder), "city.geojson"), JsonAnswer.GeoJson)
            : Results.NotFound()).AlsoForThePublic();
        map.MapGet("/summary", async (FieldQueries queries, CancellationToken cancel) =>
            Results.Text(SummaryJson(await queries.CountAsync(cancel).ConfigureAwait(false)), JsonAnswer.Json));
        map.MapGet("/features/{collection}", FeaturesAsync);
        map.MapGet("/photos/{photoId}", PhotoAsync);
        map.MapGet("/photos/{photoId}/image", ImageAsync);
        map.MapGet("/telemetry/{device}", TelemetryAsync);
        api.MapSession();
        api.MapAccounts();
        api.MapDeadLetters();
        api.MapAlarms();
        api.MapCommands();
        api.MapLocks();
        api.MapFacilities();
        api.MapBookings();
        api.MapDoors();
        api.MapDecisions();
        api.MapForms();
        api.MapFlights();
        api.MapRoutes();
        api.MapLayers();
        api.MapResidents();
        api.MapBoard();
        api.MapTablet();
        api.MapModels(options);
        api.MapImpact();
        api.MapStatusReport();
        app.MapGet("/healthz", HealthAsync).ForEverybody();
    }

    private static async Task FeaturesAsync(HttpContext http, FieldQueries queries, string collection, long since = 0)
    {
        http.Response.ContentType = JsonAnswer.GeoJson;
        http.Response.Headers.CacheControl = "no-store";
        if (!await queries.WriteFeaturesAsync(http.Response.Body, collection, since, within: null, http.RequestAborted).ConfigureAwait(false))
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status404NotFound, "there is: photos, findings, devices, events, alarms, assets, decisions, board, boardChanges").ConfigureAwait(false);
        }
    }

    /// <summary>200 while what devices send is taken in, else 503; the body says why, to whoever may see the map.</summary>
    private static async Task HealthAsync(HttpContext http, HealthDesk health)
    {
        using MemoryStream body = new();
        http.Response.StatusCode = health.Write(body) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = JsonAnswer.Json;
        http.Response.Headers.CacheControl = "no-store";
        if (!http.May(Permissions.MapView))
        {
            body.SetLength(0);
            await body.WriteAsync(http.Response.StatusCode == StatusCodes.Status200OK ? "{\"serving\":true}"u8.ToArray() : "{\"serving\":false}"u8.ToArray(), http.RequestAborted).ConfigureAwait(false);
        }

        await http.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), http.RequestAborted).ConfigureAwait(false);
    }

    private static async Task PhotoAsync(HttpContext http, FieldQueries queries, string photoId)
    {
        http.Response.ContentType = JsonAnswer.GeoJson;
        http.Response.Headers.CacheControl = "no-store";
        if (!Ids.IsPhoto(photoId) || !await queries.WritePhotoAsync(http.Response.Body, photoId, http.RequestAborted).ConfigureAwait(false))
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status404NotFound, "no such photo").ConfigureAwait(false);
        }
    }

    private static async Task ImageAsync(HttpContext http, FieldQueries queries, PhotoImages images, string photoId, int? width = null)
    {
        using BlobFile? original = await queries.OpenPhotoFileAsync(photoId, http.RequestAborted).ConfigureAwait(false);
        if (original is null)
        {
            if (await queries.ReadThumbnailAsync(photoId, http.RequestAborted).ConfigureAwait(false) is { } thumbnail)
            {
                http.Response.Headers.CacheControl = "no-store"; // the photo itself follows under the same address
                await Results.Bytes(thumbnail, PhotoManifest.MediaType).ExecuteAsync(http).ConfigureAwait(false);
                return;
            }

            await JsonAnswer.RefuseAsync(http, StatusCodes.Status404NotFound, "no such photo").ConfigureAwait(false);
            return;
        }

        try
        {
            string path = width is { } px
                ? await images.SmallerAsync(photoId, original.Path, Math.Max(1, px), http.RequestAborted).ConfigureAwait(false)
                : original.Path;

            // The name of a photo is the hash of its bytes: it never changes.
            http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
            await Results.File(path, PhotoManifest.MediaType, enableRangeProcessing: true).ExecuteAsync(http).ConfigureAwait(false);
        }
        catch (GdalException e)
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status422UnprocessableEntity, $"the photo is stored but cannot be decoded: {e.Message}").ConfigureAwait(false);
        }
    }

    private static async Task TelemetryAsync(HttpContext http, FieldQueries queries, UpOptions options, TimeProvider clock, string device, double hours = 72)
    {
        if (!Ids.IsDevice(device) || hours is not (> 0 and <= 24 * 31))
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status400BadRequest, "a device id, and hours from 0 to 744").ConfigureAwait(false);
            return;
        }

        http.Response.ContentType = JsonAnswer.Json;
        DateTimeOffset now = clock.GetUtcNow();
        TelemetryQuery query = new(options.Site, device, Name: null, now.AddHours(-hours), now);
        await queries.WriteTelemetryAsync(http.Response.Body, query, http.RequestAborted).ConfigureAwait(false);
    }

    private static string SummaryJson(FieldCounts counts) => new JsonObject
    {
        ["photos"] = Counts(counts.PhotosByState),
        ["photosIncoming"] = counts.PhotosIncoming,
        ["findings"] = Counts(counts.FindingsByClass),
        ["devices"] = Counts(counts.DevicesByState),
        ["events"] = counts.Events,
        ["deadLetters"] = JsonSerializer.SerializeToNode(counts.DeadLetters, JsonSerializerOptions.Web),
    }.ToJsonString();

    private static JsonObject Counts(IReadOnlyDictionary<string, long> counts) =>
        new(counts.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value)));
}
