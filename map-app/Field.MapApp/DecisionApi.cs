using System.Text.Json;
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

    private static async Task FindAsync(HttpContext http, DecisionService decisions, string findingId)
    {
        if (await decisions.FindAsync(findingId, http.RequestAborted).ConfigureAwait(false) is { } finding)
        {
            await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, w => DecisionService.Write(w, finding), JsonAnswer.GeoJson).ConfigureAwait(false);
            return;
        }

        await NotFoundAsync(http).ConfigureAwait(false);
    }

    private static async Task HistoryAsync(HttpContext http, DecisionService decisions, string findingId)
    {
        http.Response.ContentType = JsonAnswer.Json;
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
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status400BadRequest, [new(
                "range",
                "before と after は日付か期間です（2026-05-11、2026-05、2026-05-01..2026-05-31）。before は after より前で、重なってはいけません",
                "before and after are a day or days (2026-05-11, 2026-05, 2026-05-01..2026-05-31), and before ends before after begins")]).ConfigureAwait(false);
            return;
        }

        http.Response.ContentType = JsonAnswer.Json;
        http.Response.Headers.CacheControl = "no-store";
        string id = assetId.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase); // the one character that a route leaves as it came
        if (!await comparison.WriteAsync(http.Response.Body, id, then, now, http.RequestAborted).ConfigureAwait(false))
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status404NotFound, [new("no-asset", "施設がありません", "no such asset")]).ConfigureAwait(false);
        }
    }

    private static async Task DecideAsync(HttpContext http, DecisionService decisions, string findingId)
    {
        http.Response.Headers.CacheControl = "no-store";
        using JsonDocument? body = await JsonAnswer.ReadAsync(http).ConfigureAwait(false);
        if (body is null)
        {
            return;
        }

        List<DecisionError> errors = [];
        DecisionRequest request = DecisionRequest.Read(body.RootElement, errors);
        http.SetAsker(request.Who);
        request = request with { Who = http.Who(request.Who) };
        DecisionResult result = await decisions.DecideAsync(findingId, request, errors, http.RequestAborted).ConfigureAwait(false);
        await AnswerAsync(http, result).ConfigureAwait(false);
    }

    private static Task AnswerAsync(HttpContext http, DecisionResult result) => result.Outcome switch
    {
        DecisionOutcome.Done => JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, w => DecisionService.Write(w, result.Finding!), JsonAnswer.GeoJson),
        DecisionOutcome.Refused => JsonAnswer.RefuseAsync(http, StatusCodes.Status400BadRequest, result.Errors),
        DecisionOutcome.Stale => JsonAnswer.RefuseAsync(
            http, StatusCodes.Status409Conflict,
            [new("stale", "表示したあとにほかの人が変更しました。今の内容を確かめてから、もう一度判断してください", "somebody changed it after you saw it: look at it as it is now, then decide again")],
            result.Finding is { } finding ? w => WriteFinding(w, finding) : null),
        _ => NotFoundAsync(http),
    };

    private static Task NotFoundAsync(HttpContext http) => JsonAnswer.RefuseAsync(http, StatusCodes.Status404NotFound, [new("no-finding", "所見がありません", "no such finding")]);

    private static void WriteFinding(Utf8JsonWriter writer, Feature finding)
    {
        writer.WritePropertyName("finding");
        DecisionService.Write(writer, finding);
    }
}
