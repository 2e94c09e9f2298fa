using System.Text.Json;
using Field.Geo.Routes;
using Field.Ingest.Identity;
using Field.MapApp.Access;
using Field.MapApp.Forms;
using Field.Store.Audit;
using Microsoft.Net.Http.Headers;

namespace Field.MapApp.Routes;

/// <summary>
/// Routes for the map (SPEC.md, Routes). Nothing is kept: a file is planned again from the same
/// body, and <c>planId</c> tells whether it is still the plan that the person saw.
/// </summary>
internal static class RouteApi
{
    private const string Export = "route.export";
    private const long MostBytes = 1024 * 1024;

    public static void MapRoutes(this RouteGroupBuilder api)
    {
        RouteGroupBuilder routes = api.MapGroup("/routes").Needs(Permissions.RoutesPlan);
        routes.MapGet("/options", (HttpContext http) => JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, RouteAnswer.WriteOptions));
        routes.MapPost("", PlanAsync).WithMetadata(new BodyLimit(MostBytes));
        RouteHandlerBuilder export = routes.MapPost("/files", ExportAsync);
        export.WithMetadata(new BodyLimit(MostBytes));
        export.Audited(Export);
    }

    private static Task PlanAsync(HttpContext http, RouteDesk desk) => AnswerAsync(http, async ask =>
    {
        RoutePlanned planned = await desk.PlanAsync(ask, http.RequestAborted).ConfigureAwait(false);
        int status = planned.Plan.Refusals.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
        bool english = http.Request.PrefersEnglish();
        await JsonAnswer.WriteAsync(http, status, json => RouteAnswer.Write(json, planned, english)).ConfigureAwait(false);
    });

    private static Task ExportAsync(HttpContext http, RouteDesk desk, SecurityAudit audit, TimeProvider time, [AsParameters] Query query) => AnswerAsync(http, async ask =>
    {
        RoutePlanned planned = await desk.PlanAsync(ask, http.RequestAborted).ConfigureAwait(false);
        (string type, RouteFile file) = Make(planned, query, new RouteFiles(!http.Request.PrefersEnglish(), time));

        // Who took a route away is written before it goes.
        string what = $"{ask.AssetId ?? (ask.IsBridge ? "bridge" : "levee")} {file.Name}";
        string permits = string.Concat(planned.Plan.Permitted.Select(z => $"; permit {z.Permit!.Number} for {z.Id}"));
        AuditEntry entry = new(Export, http.AuditName(), what, "done") { From = http.Connection.RemoteIpAddress?.ToString(), Detail = $"plan {planned.PlanId}, {planned.Plan.Flights.Count} flights{permits}" };
        await audit.RecordAsync(entry, http.RequestAborted).ConfigureAwait(false);
        ContentDispositionHeaderValue disposition = new("attachment");
        disposition.SetHttpFileName(planned.Asset is { } asset ? $"{FormText.FileName(asset.Text("name") ?? asset.Text("ledgerId") ?? asset.Id)}_{file.Name}" : file.Name);
        http.Response.Headers.ContentDisposition = disposition.ToString();
        await Results.Bytes(file.Bytes, type).ExecuteAsync(http).ConfigureAwait(false);
    });

    private static (string Type, RouteFile File) Make(RoutePlanned planned, Query query, RouteFiles files)
    {
        RoutePlan plan = planned.Plan;
        if (plan.Refusals.Count > 0)
        {
            throw new RouteAskException(StatusCodes.Status422UnprocessableEntity, [.. plan.Refusals.Select(RouteError.Of)]);
        }

        if (query.PlanId is { } seen && seen != planned.PlanId)
        {
            throw new RouteAskException(StatusCodes.Status409Conflict, RouteError.Stale);
        }

        if (query.Format == "zip")
        {
            return ("application/zip", new RouteFile("flights.zip", files.Zip(plan)));
        }

        RouteFlight flight = plan.Flights.FirstOrDefault(f => f.Number == query.Flight) ?? throw new RouteAskException(StatusCodes.Status400BadRequest, RouteError.NoSuchFlight(plan.Flights.Count));
        return (query.Format, plan.Request.Camera.Wpml) switch
        {
            ("plan", _) => ("application/json", RouteFiles.Plan(plan, flight)),
            ("kmz", not null) => ("application/vnd.google-earth.kmz", files.Kmz(plan, flight)),
            ("kmz", null) => throw new RouteAskException(StatusCodes.Status400BadRequest, RouteError.NoWpml),
            _ => throw new RouteAskException(StatusCodes.Status400BadRequest, RouteError.Format),
        };
    }

    private static async Task AnswerAsync(HttpContext http, Func<RouteAsk, Task> answer)
    {
        try
        {
            if (!http.Request.HasJsonContentType())
            {
                throw new RouteAskException(StatusCodes.Status415UnsupportedMediaType, RouteError.MediaType);
            }

            using JsonDocument body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted).ConfigureAwait(false);
            await answer(RouteBody.Read(body.RootElement)).ConfigureAwait(false);
        }
        catch (RouteAskException e)
        {
            await RefuseAsync(http, e.Status, e.Errors).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, [RouteError.NotJson]).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await RefuseAsync(http, e.StatusCode, [RouteError.TooLarge]).ConfigureAwait(false);
        }
    }

    private static Task RefuseAsync(HttpContext http, int status, IReadOnlyList<RouteError> errors)
    {
        http.SetRefusal(string.Join("; ", errors.Select(e => e.En)));
        bool english = http.Request.PrefersEnglish();
        return JsonAnswer.WriteAsync(http, status, json => RouteAnswer.Write(json, errors, english));
    }

    private sealed record Query(string? Format, int? Flight, string? PlanId);
}
