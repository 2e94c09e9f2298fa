using Field.Contracts;
using Field.Contracts.Locks;
using Field.Ingest.Locks;
using Field.MapApp.Access;

namespace Field.MapApp;

/// <summary>Bookings of locks. A PIN or code is in the answer to who makes it, and nowhere else.</summary>
internal static class LockApi
{
    public static void MapLocks(this RouteGroupBuilder api)
    {
        RouteGroupBuilder locks = api.MapGroup("/locks/{device}").Needs(Permissions.LocksBook);
        locks.MapGet("/grants", ListAsync);
        locks.MapPost("/grants", GrantAsync).Audited("lock.grant");
        locks.MapPost("/grants/{grantId}/revoke", RevokeAsync).Audited("lock.grant.revoke");
        locks.MapPost("/code", CodeAsync).Audited("lock.code");
    }

    private static Task<IResult> ListAsync(HttpContext http, GrantService grants, string device) => AnswerAsync(http, null, () => Task.FromResult(Results.Ok(grants.List(device).Select(g => new
    {
        grantId = g.GrantId,
        start = WireTime.Format(g.Slot.Start),
        end = WireTime.Format(g.Slot.End),
        pin = g.Pin is null ? "none" : "sealed",
        oneTime = g.OneTime,
        label = g.Label,
    }))));

    private static Task<IResult> GrantAsync(HttpContext http, GrantService grants, string device, Booking body) => AnswerAsync(http, body.Who, async () =>
    {
        if (body.Pin is not (null or "auto" or "none"))
        {
            throw new FieldException("pin: auto or none; people do not choose PINs");
        }

        GrantRequest request = new(device, body.Slot(), body.Pin != "none", http.Who(body.Who) ?? "", body.OneTime, body.Label, body.GrantId);
        IssuedGrant issued = await grants.GrantAsync(request, http.RequestAborted).ConfigureAwait(false);
        return Results.Json(new { grantId = issued.GrantId, code = issued.Code }, statusCode: StatusCodes.Status201Created);
    });

    private static Task<IResult> RevokeAsync(HttpContext http, GrantService grants, string device, string grantId, Booking body) => AnswerAsync(http, body.Who, async () =>
        await grants.RevokeAsync(device, grantId, http.Who(body.Who) ?? "", http.RequestAborted).ConfigureAwait(false)
            ? Results.NoContent()
            : JsonAnswer.Refused(StatusCodes.Status404NotFound, "no such grant"));

    private static Task<IResult> CodeAsync(HttpContext http, GrantService grants, string device, Booking body) => AnswerAsync(http, body.Who, async () =>
        Results.Ok(new { code = await grants.KeyBoxCodeAsync(device, body.Slot(), http.Who(body.Who) ?? "", http.RequestAborted).ConfigureAwait(false) }));

    private static async Task<IResult> AnswerAsync(HttpContext http, string? who, Func<Task<IResult>> work)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.SetAsker(who);
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (FieldException e) when (!e.IsTransient && e is not AccessException)
        {
            return JsonAnswer.Refused(StatusCodes.Status400BadRequest, e.Message);
        }
    }

    /// <summary>The body of a request; <c>pin</c> is <c>auto</c> (default) or <c>none</c>.</summary>
    private sealed record Booking(string? Start, string? End, string? Pin, string? Label, string? GrantId, string? Who, bool OneTime = false)
    {
        public Slot Slot() => WireTime.TryParse(Start ?? "", out DateTimeOffset start) && WireTime.TryParse(End ?? "", out DateTimeOffset end)
            ? new(start.ToUniversalTime(), end.ToUniversalTime())
            : throw new FieldException("start, end: RFC 3339 times with an offset, such as 2026-05-11T09:00:00+09:00");
    }
}
