using Field.Contracts;
using Field.Ingest;
using Field.MapApp.Access;
using Field.Store;

namespace Field.MapApp;

/// <summary>The refused messages: look, fetch, bring again, discard.</summary>
internal static class DeadLetterApi
{
    private const int MaxLetters = 200;
    private const int MaxWho = 100;
    private const int MaxReason = 500;

    public static void MapDeadLetters(this RouteGroupBuilder api)
    {
        RouteGroupBuilder letters = api.MapGroup("/dead-letters").Needs(Permissions.DeadLettersManage);
        letters.MapGet("", ListAsync);
        letters.MapGet("/export", ExportAsync);
        letters.MapGet("/{id:long}", ShowAsync);
        letters.MapGet("/{id:long}/payload", PayloadAsync);
        letters.MapPost("/{id:long}/replay", ReplayAsync).Audited("dead-letter.replay");
        letters.MapPost("/{id:long}/discard", DiscardAsync).Audited("dead-letter.discard");
    }

    private static async Task<IResult> ListAsync(HttpContext http, DeadLetterDesk desk, [AsParameters] Filter filter)
    {
        if (filter.Query(MaxLetters) is not { } query)
        {
            return JsonAnswer.Refused(StatusCodes.Status400BadRequest, Filter.Form);
        }

        http.Response.ContentType = JsonAnswer.Json;
        await desk.WriteAsync(http.Response.Body, query, http.RequestAborted).ConfigureAwait(false);
        return Results.Empty;
    }

    private static async Task<IResult> ExportAsync(HttpContext http, DeadLetterDesk desk, [AsParameters] Filter filter)
    {
        if (filter.Query(MaxLetters) is not { } query)
        {
            return JsonAnswer.Refused(StatusCodes.Status400BadRequest, Filter.Form);
        }

        http.Response.ContentType = "application/x-ndjson";
        await desk.ExportAsync(http.Response.Body, query, http.RequestAborted).ConfigureAwait(false);
        return Results.Empty;
    }

    private static async Task<IResult> ShowAsync(HttpContext http, DeadLetterDesk desk, long id)
    {
        http.Response.ContentType = JsonAnswer.Json;
        return await desk.WriteAsync(http.Response.Body, id, http.RequestAborted).ConfigureAwait(false) ? Results.Empty : NoLetter;
    }

    /// <summary>As a download of unknown type: what a stranger sent is never shown by the browser.</summary>
    private static async Task<IResult> PayloadAsync(DeadLetterDesk desk, long id, CancellationToken cancel) =>
        await desk.OpenPayloadAsync(id, cancel).ConfigureAwait(false) is { } payload
            ? Results.Stream(payload, "application/octet-stream", $"dead-letter-{id}.bin")
            : NoLetter;

    private static async Task<IResult> ReplayAsync(HttpContext http, DeadLetterDesk desk, long id, Decision body, CancellationToken cancel)
    {
        http.SetAsker(body.Who);
        string? who = http.Who(body.Who)?.Trim();
        if (!IsWho(who))
        {
            return JsonAnswer.Refused(StatusCodes.Status400BadRequest, $"who: 1 to {MaxWho} characters");
        }

        ReplayResult result = await desk.ReplayAsync(id, who!, cancel).ConfigureAwait(false);
        return result.IsFound ? Results.Ok(new { stored = result.IsStored, reason = result.Reason }) : NoLetter;
    }

    private static async Task<IResult> DiscardAsync(HttpContext http, DeadLetterDesk desk, long id, Decision body, CancellationToken cancel)
    {
        http.SetAsker(body.Who);
        string? who = http.Who(body.Who)?.Trim();
        if (!IsWho(who) || body.Reason?.Trim() is not { Length: > 0 and <= MaxReason } reason)
        {
            return JsonAnswer.Refused(StatusCodes.Status400BadRequest, $"who: 1 to {MaxWho} characters; reason: 1 to {MaxReason}");
        }

        return await desk.DiscardAsync(id, who!, reason, cancel).ConfigureAwait(false) ? Results.NoContent() : NoLetter;
    }

    private static IResult NoLetter => JsonAnswer.Refused(StatusCodes.Status404NotFound, "no such dead letter");

    private static bool IsWho(string? who) => who?.Trim() is { Length: > 0 and <= MaxWho };

    private sealed record Decision(string? Who, string? Reason);

    /// <summary>The query string.</summary>
    private sealed record Filter(string? Device, string? Code, string? From, string? To, long? Before, int? Limit)
    {
        public const string Form = "device: a device id; code: a code of SPEC.md section 9; from, to: RFC 3339 times with an offset; before: an id; limit: 1 to 200";

        public DeadLetterQuery? Query(int most)
        {
            bool isGood = (Device is null || Ids.IsDevice(Device)) && (Code is null || Code.All(c => char.IsAsciiLetterLower(c) || c is '-' || char.IsAsciiDigit(c)));
            return isGood & TryTime(From, out DateTimeOffset? from) & TryTime(To, out DateTimeOffset? to) && (Limit is null || (Limit >= 1 && Limit <= most))
                ? new DeadLetterQuery { Device = Device, Code = Code, From = from, To = to, BeforeId = Before ?? long.MaxValue, Limit = Limit ?? most }
                : null;
        }

        private static bool TryTime(string? text, out DateTimeOffset? time)
        {
            bool isGood = text is null | WireTime.TryParse(text ?? "", out DateTimeOffset parsed);
            time = text is null ? null : parsed;
            return isGood;
        }
    }
}
