using System.Text.Json;
using Field.Ingest;
using Field.MapApp.Access;
using Field.Store;
using Field.Vision.Quality;

namespace Field.MapApp.Review;

/// <summary><c>GET /api/v1/flights</c> and <c>/flights/{id}/review</c>: whether the crew has to fly again, for photos that are here (SPEC.md, flights).</summary>
internal static class FlightApi
{
    private const int MostFlights = 200;

    /// <summary>What the routes need.</summary>
    public static void AddFlights(this IServiceCollection services, IngestOptions options)
    {
        services.AddSingleton(p => new FlightBook(p.GetRequiredService<FieldStores>().Features));
        services.AddSingleton(p => new FlightDesk(p.GetRequiredService<FieldStores>().Features, p.GetRequiredService<FlightBook>(), options));
    }

    public static void MapFlights(this RouteGroupBuilder api)
    {
        api.MapGet("/flights", ListAsync).Needs(Permissions.MapView);
        api.MapGet("/flights/{flightId}/review", ReviewAsync).Needs(Permissions.MapView);
    }

    private static async Task ListAsync(HttpContext http, FlightBook book, FieldStores stores)
    {
        IReadOnlyList<StoredFlight> flights = await book.ListAsync(http.RequestAborted).ConfigureAwait(false);
        StoredFlight[] shown = [.. flights.Take(MostFlights)];
        Dictionary<string, long?> queued = new(StringComparer.Ordinal);
        foreach (string device in shown.Select(f => f.Device).Distinct())
        {
            queued[device] = (await stores.Features.FindAsync(FieldTables.Devices, device, http.RequestAborted).ConfigureAwait(false))?.Whole("queueDepth");
        }

        await WriteAsync(http, w =>
        {
            w.WriteNumber("total", flights.Count);
            w.WriteStartArray("flights");
            foreach (StoredFlight flight in shown)
            {
                w.WriteStartObject();
                Facts(w, flight);

                // The device's queue is that of its latest flight: it does not say whose photos wait in it.
                bool isLatest = flight == shown.First(f => f.Device == flight.Device);
                if (isLatest && queued[flight.Device] is { } depth)
                {
                    w.WriteNumber("queueDepth", depth);
                }

                w.WriteEndObject();
            }

            w.WriteEndArray();
        }).ConfigureAwait(false);
    }

    private static async Task ReviewAsync(HttpContext http, FlightDesk desk, string flightId, string target = FlightDesk.Auto)
    {
        ReviewedFlight? answer;
        try
        {
            answer = await desk.ReviewAsync(flightId, target, http.RequestAborted).ConfigureAwait(false);
        }
        catch (FlightInputException e)
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status400BadRequest, e.Fault).ConfigureAwait(false);
            return;
        }

        if (answer is null)
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status404NotFound, FlightFault.NoFlight).ConfigureAwait(false);
            return;
        }

        await WriteAsync(http, w =>
        {
            Facts(w, answer.Flight);
            w.WriteString("targetId", answer.TargetId);
            w.WriteStartArray("targets");
            foreach (FlightTarget target in answer.Targets)
            {
                w.WriteStartObject();
                w.WriteString("assetId", target.Asset.Id);
                w.WriteString("kind", target.Asset.Kind);
                w.WriteString("name", target.Asset.Title);
                w.WriteNumber("photos", target.Photos);
                w.WriteEndObject();
            }

            w.WriteEndArray();
            ReviewJson.Report(w, answer.Review, new ReviewText(japanese: true, TimeZoneInfo.Local), new ReviewText(japanese: false, TimeZoneInfo.Local));
            w.WritePropertyName("map");
            ReviewJson.Map(w, answer.Review, hasFootprints: false);
        }).ConfigureAwait(false);
    }

    private static void Facts(Utf8JsonWriter w, StoredFlight flight)
    {
        w.WriteString("flightId", flight.Id);
        w.WriteString("device", flight.Device);
        w.WriteString("firstAt", flight.First);
        w.WriteString("lastAt", flight.Last);
        w.WriteNumber("photoCount", flight.Photos.Count);
        w.WriteStartObject("states");
        foreach (string state in (string[])["announced", "stored", "scored", "unreadable"])
        {
            w.WriteNumber(state, flight.Count(state));
        }

        w.WriteEndObject();
        w.WriteStartObject("useless");
        foreach (string code in (string[])[QualityCodes.Blurred, QualityCodes.OverExposed, QualityCodes.UnderExposed])
        {
            w.WriteNumber(code, flight.Useless(code));
        }

        w.WriteEndObject();
    }

    private static Task WriteAsync(HttpContext http, Action<Utf8JsonWriter> members) => JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, w =>
    {
        w.WriteStartObject();
        members(w);
        w.WriteEndObject();
    });
}
