using System.Text.Json;
using Field.Contracts;
using Field.Ingest.Decisions;
using Field.MapApp.Access;
using Field.Store;

namespace Field.MapApp;

/// <summary>
/// What people decide on findings (SPEC.md, Inspection, Decisions). Texts are Japanese, or English
/// when <c>Accept-Language</c> prefers it.
/// </summary>
internal static class DecisionApi
{
    private const string Json = "application/json; charset=utf-8";
    private const string GeoJson = "application/geo+json; charset=utf-8";

    public static void MapDecisions(this RouteGroupBuilder api)
    {
        RouteGroupBuilder map = api.MapGroup("").Needs(Permissions.MapView);
        map.MapGet("/findings/{findingId}", FindAsync);
        map.MapGet("/findings/{findingId}/history", HistoryAsync);
        map.MapGet("/assets/{assetId}/comparison", CompareAsync);
        RouteHandlerBuilder decide = api.MapPost("/findings/{findingId}/decision", DecideAsync).Needs(Permissions.FindingsDecide);
        decide.WithMetadata(new BodyLimit(512 * 1024));
        decide.Audited("finding.decide");
    }

    /// <summary>True when the request prefers English to Japanese.</summary>
    public static bool PrefersEnglish(this HttpRequest request) => request.GetTypedHeaders().AcceptLanguage
        .Where(l => l.Quality is not 0)
        .OrderByDescending(l => l.Quality ?? 1)
        .Select(l => l.Value.Value ?? "")
        .FirstOrDefault(l => l.StartsWith("ja", StringComparison.OrdinalIgnoreCase) || l.StartsWith("en", StringComparison.OrdinalIgnoreCase))
        ?.StartsWith("en", StringComparison.OrdinalIgnoreCase) == true;

    private static async Task FindAsync(HttpContext http, DecisionService decisions, string findingId)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (await decisions.FindAsync(findingId, http.RequestAborted).ConfigureAwait(false) is { } finding)
        {
            await WriteAsync(http, StatusCodes.Status200OK, GeoJson, w => DecisionService.Write(w, finding)).ConfigureAwait(false);
            return;
        }

        await NotFoundAsync(http).ConfigureAwait(false);
    }

    private static async Task HistoryAsync(HttpContext http, DecisionService decisions, string findingId)
    {
        http.Response.ContentType = Json;
        http.Response.Headers.CacheControl = "no-store";
        if (!await decisions.WriteHistoryAsync(http.Response.Body, findingId, http.RequestAborted).ConfigureAwait(false))
        {
            await NotFoundAsync(http).ConfigureAwait(false);
        }
    }

    private static async Task CompareAsync(HttpContext http, InspectionComparison comparison, string assetId, string? before = null, string? after = null)
    {
        (InspectionRange? then, InspectionRange? now) = (InspectionRange.Parse(before), InspectionRange.Parse(after));
        if (then is null || now is null || then.To > now.From)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, [new(
                "range",
                "before と after は日付か期間です（2026-05-11、2026-05、2026-05-01..2026-05-31）。before は after より前で、重なってはいけません",
                "before and after are a day or days (2026-05-11, 2026-05, 2026-05-01..2026-05-31), and before ends before after begins")]).ConfigureAwait(false);
            return;
        }

        http.Response.ContentType = Json;
        http.Response.Headers.CacheControl = "no-store";
        string id = assetId.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase); // the one character that a route leaves as it came
        if (!await comparison.WriteAsync(http.Response.Body, id, then, now, http.RequestAborted).ConfigureAwait(false))
        {
            await RefuseAsync(http, StatusCodes.Status404NotFound, [new("no-asset", "施設がありません", "no such asset")]).ConfigureAwait(false);
        }
    }

    private static async Task DecideAsync(HttpContext http, DecisionService decisions, string findingId)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!http.Request.HasJsonContentType())
        {
            // A form of a foreign page cannot send this type without being asked first.
            await RefuseAsync(http, StatusCodes.Status415UnsupportedMediaType, [new("media-type", "本文は application/json で送ってください", "the body must be application/json")]).ConfigureAwait(false);
            return;
        }

        List<DecisionError> errors = [];
        DecisionRequest request;
        try
        {
            using JsonDocument body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted).ConfigureAwait(false);
            request = DecisionRequest.Read(body.RootElement, errors);
        }
        catch (JsonException)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, [new("not-json", "本文が JSON ではありません", "the body is not JSON")]).ConfigureAwait(false);
            return;
        }

        http.SetAsker(request.Who);
        request = request with { Who = http.Who(request.Who) };
        DecisionResult result = await decisions.DecideAsync(findingId, request, errors, http.RequestAborted).ConfigureAwait(false);
        await AnswerAsync(http, result).ConfigureAwait(false);
    }

    private static Task AnswerAsync(HttpContext http, DecisionResult result) => result.Outcome switch
    {
        DecisionOutcome.Done => WriteAsync(http, StatusCodes.Status200OK, GeoJson, w => DecisionService.Write(w, result.Finding!)),
        DecisionOutcome.Refused => RefuseAsync(http, StatusCodes.Status400BadRequest, result.Errors),
        DecisionOutcome.Stale => RefuseAsync(
            http, StatusCodes.Status409Conflict,
            [new("stale", "表示したあとにほかの人が変更しました。今の内容を確かめてから、もう一度判断してください", "somebody changed it after you saw it: look at it as it is now, then decide again")],
            result.Finding),
        _ => NotFoundAsync(http),
    };

    private static Task NotFoundAsync(HttpContext http) => RefuseAsync(http, StatusCodes.Status404NotFound, [new("no-finding", "所見がありません", "no such finding")]);

    private static Task RefuseAsync(HttpContext http, int status, IReadOnlyList<DecisionError> errors, Feature? finding = null)
    {
        http.SetRefusal(string.Join("; ", errors.Select(e => e.En)));
        bool english = http.Request.PrefersEnglish();
        return WriteAsync(http, status, Json, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("error", string.Join('\n', errors.Select(e => english ? e.En : e.Ja)));
            writer.WriteStartArray("errors");
            foreach (DecisionError error in errors)
            {
                writer.WriteStartObject();
                writer.WriteString("code", error.Code);
                writer.WriteString("ja", error.Ja);
                writer.WriteString("en", error.En);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            if (finding is not null)
            {
                writer.WritePropertyName("finding");
                DecisionService.Write(writer, finding);
            }

            writer.WriteEndObject();
        });
    }

    private static async Task WriteAsync(HttpContext http, int status, string contentType, Action<Utf8JsonWriter> body)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            body(writer);
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        await http.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), http.RequestAborted).ConfigureAwait(false);
    }
}
