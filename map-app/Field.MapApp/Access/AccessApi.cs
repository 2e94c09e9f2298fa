using System.Net;
using Field.Contracts;
using Field.Ingest.Identity;
using Field.Store.Accounts;
using Field.Store.Audit;
using Microsoft.AspNetCore.Http.Features;

namespace Field.MapApp.Access;

/// <summary>Signing in and out, one's own password and authenticator (SPEC.md, People and permission).</summary>
internal static class AccessApi
{
    public static void MapSession(this RouteGroupBuilder api)
    {
        api.MapGet("/session", ShowAsync).ForEverybody();
        api.MapPost("/session", SignInAsync).ForEverybody();
        RouteGroupBuilder own = api.MapGroup("/session").NeedsSignIn();
        api.MapBrowserDevices();
        own.MapPost("/end", EndAsync);
        own.MapPost("/proof", ProveAsync);
        own.MapPost("/password", PasswordAsync);
        own.MapPost("/authenticator", OfferAsync);
        own.MapPost("/authenticator/confirm", ConfirmAsync);
    }

    private static async Task ShowAsync(HttpContext http, AccountDirectory directory, UpOptions options)
    {
        Grants grants = http.Features.GetRequiredFeature<Grants>();
        AccountBook book = await directory.ReadAsync(http.RequestAborted).ConfigureAwait(false);
        await WriteAsync(http, grants.Subject, options, isOpen: grants.Subject.IsLocal && book.Accounts.Count == 0).ConfigureAwait(false);
    }

    private static async Task SignInAsync(HttpContext http, SignInDesk desk, AccountStore store, AccountDirectory directory, AccessPolicy policy, SecurityAudit audit, UpOptions options, TimeProvider time, Attempt body)
    {
        IPAddress? address = http.Connection.RemoteIpAddress;
        SignInResult result = await desk.SignInAsync(body.Name, body.Password, body.Code, address, http.RequestAborted).ConfigureAwait(false);
        if (result.Account is not { } account)
        {
            await result.Fault!.WriteAsync(http, time).ConfigureAwait(false);
            return;
        }

        // Never the secret that the browser brought: who planted it there would share the session.
        string secret = SessionCookie.NewSecret();
        string? old = SessionCookie.Read(http) is { } brought ? SessionCookie.IdOf(brought) : null;
        DateTimeOffset now = time.GetUtcNow();
        PersonSession session = new(SessionCookie.IdOf(secret), account.Name, now, now, now, http.AuditFrom());
        await audit.RecordAsync(new AuditEntry("person.sign-in", $"user:{account.Name}", "the map", "done") { From = http.AuditFrom() }, http.RequestAborted).ConfigureAwait(false);
        await store.BeginSessionAsync(session, old, now - SessionLimits.Idle, SessionLimits.PerPerson, http.RequestAborted).ConfigureAwait(false);
        await directory.LookAsync(http.RequestAborted).ConfigureAwait(false);
        SessionCookie.Write(http, secret);
        await WriteAsync(http, Subject.Of(account, session, policy.First(account)), options, isOpen: false).ConfigureAwait(false);
    }

    private static async Task<IResult> EndAsync(HttpContext http, AccountStore store, AccountDirectory directory, SecurityAudit audit, Ending body)
    {
        (Account account, PersonSession session) = Own(http);
        await audit.RecordAsync(
            new AuditEntry("person.sign-out", $"user:{account.Name}", body.Everywhere ? "everywhere" : "the map", "done") { From = http.AuditFrom() }, http.RequestAborted).ConfigureAwait(false);
        if (body.Everywhere)
        {
            await store.EndSessionsAsync(account.Name, http.RequestAborted).ConfigureAwait(false);
        }
        else
        {
            await store.EndSessionAsync(session.Id, http.RequestAborted).ConfigureAwait(false);
        }

        await directory.LookAsync(http.RequestAborted).ConfigureAwait(false);
        SessionCookie.Clear(http);
        http.Response.Headers["Clear-Site-Data"] = "\"cache\""; // photos lie in the browser's cache: the next person must not find them
        return Results.NoContent();
    }

    private static async Task<IResult> ProveAsync(HttpContext http, SignInDesk desk, AccountStore store, AccountDirectory directory, TimeProvider time, Attempt body)
    {
        (Account account, PersonSession session) = Own(http);
        Throw(await desk.ProveAsync(account, body.Password ?? "", body.Code, http.Connection.RemoteIpAddress, http.RequestAborted).ConfigureAwait(false));
        await store.ProveSessionAsync(session.Id, time.GetUtcNow(), http.RequestAborted).ConfigureAwait(false);
        await directory.LookAsync(http.RequestAborted).ConfigureAwait(false);
        return Results.NoContent();
    }

    private static async Task<IResult> PasswordAsync(HttpContext http, SignInDesk desk, AccountStore store, AccountDirectory directory, TimeProvider time, NewPassword body)
    {
        (Account account, PersonSession session) = Own(http);
        Throw(await desk.ChangePasswordAsync(account, session, body.Current ?? "", body.Wanted ?? "", http.Connection.RemoteIpAddress, http.RequestAborted).ConfigureAwait(false));
        await RotateAsync(http, store, directory, session, account.TotpKey is null ? time.GetUtcNow() : session.ProvenAt, time).ConfigureAwait(false); // without the code it is no proof
        return Results.NoContent();
    }

    private static async Task<IResult> OfferAsync(HttpContext http, SignInDesk desk, UpOptions options, TimeProvider time)
    {
        (Account account, PersonSession session) = Own(http);
        Throw(account.FirstPasswordUntil is not null ? AccessFault.PasswordFirst : time.GetUtcNow() - session.ProvenAt >= SessionLimits.Proof ? AccessFault.ProveAgain : null);
        string key = await desk.OfferTotpAsync(account, http.RequestAborted).ConfigureAwait(false);
        return Results.Ok(new { key, uri = Totp.Uri(key, options.Site, account.Name) });
    }

    private static async Task<IResult> ConfirmAsync(HttpContext http, SignInDesk desk, AccountStore store, AccountDirectory directory, TimeProvider time, Attempt body)
    {
        (Account account, PersonSession session) = Own(http);
        (IReadOnlyList<string>? recovery, AccessFault? fault) = await desk.ConfirmTotpAsync(account, session, body.Code ?? "", http.Connection.RemoteIpAddress, http.RequestAborted).ConfigureAwait(false);
        Throw(fault);
        await RotateAsync(http, store, directory, session, time.GetUtcNow(), time).ConfigureAwait(false);
        return Results.Ok(new { recoveryCodes = recovery });
    }

    /// <summary>A new secret for the same sign-in: what somebody may have copied before is worth nothing.</summary>
    private static async Task RotateAsync(HttpContext http, AccountStore store, AccountDirectory directory, PersonSession session, DateTimeOffset provenAt, TimeProvider time)
    {
        string secret = SessionCookie.NewSecret();
        DateTimeOffset now = time.GetUtcNow();
        PersonSession next = session with { Id = SessionCookie.IdOf(secret), SeenAt = now, ProvenAt = provenAt };
        await store.BeginSessionAsync(next, session.Id, now - SessionLimits.Idle, SessionLimits.PerPerson, http.RequestAborted).ConfigureAwait(false);
        await directory.LookAsync(http.RequestAborted).ConfigureAwait(false);
        SessionCookie.Write(http, secret);
    }

    private static (Account Account, PersonSession Session) Own(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        Subject subject = http.Features.GetRequiredFeature<Grants>().Subject;
        return (subject.Account!, subject.Session!); // the endpoints' rule has asked for them
    }

    private static void Throw(AccessFault? fault)
    {
        if (fault is not null)
        {
            throw new AccessException(fault);
        }
    }

    private static Task WriteAsync(HttpContext http, Subject subject, UpOptions options, bool isOpen)
    {
        http.Response.Headers.CacheControl = "no-store";
        (string name, string nameEn) = BaseMap.Names(options);
        return http.Response.WriteAsJsonAsync(
            new
            {
                signIn = isOpen ? "open" : subject == Subject.Nobody ? "needed" : "done",
                siteName = name,
                siteNameEn = nameEn,
                person = subject.Account is not { } account ? null : new
                {
                    name = account.Name,
                    displayName = account.DisplayName,
                    roles = account.Roles,
                    authenticator = account.TotpKey is not null,
                    until = WireTime.Format(subject.Session!.CreatedAt + SessionLimits.Longest),
                },
                must = subject.Must?.Code,
                may = Permissions.All.Where(subject.Permissions.Contains).Select(p => p.Name),
            },
            http.RequestAborted);
    }

    private sealed record Attempt(string? Name, string? Password, string? Code);

    private sealed record NewPassword(string? Current, string? Wanted);

    private sealed record Ending(bool Everywhere);
}
