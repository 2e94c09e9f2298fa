using System.Net;
using System.Security.Principal;
using Field.Ingest.Identity;
using Field.MapApp.PublicMap;
using Field.Store.Accounts;

namespace Field.MapApp.Access;

/// <summary>
/// The one gate: every request is asked where it comes from and who it is of, and gets no further than its endpoint's rule allows. What
/// names no endpoint is the page's own files, or nothing.
/// </summary>
internal sealed class AccessGate(
    AccountDirectory directory, MachineTokens tokens, LocalKey localKey, AccessPolicy policy, PublicMapGuard publicMap, SecurityAudit audit, UpOptions options, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (PublicMapGuard.IsPublic(http))
        {
            await publicMap.InvokeAsync(http, next).ConfigureAwait(false);
            return;
        }

        MapListener? listener = http.Features.Get<MapListener>();
        AccessFault? fault = listener is null && http.AuditFrom() is not null ? AccessFault.NotHere : Origins.Check(http, isLoopback: listener is null);
        try
        {
            if (fault is null)
            {
                AccountBook book = await directory.ReadAsync(http.RequestAborted).ConfigureAwait(false);
                (Subject subject, fault) = await IdentifyAsync(http, book, listener is null).ConfigureAwait(false);
                Grants grants = new(subject, listener?.IsInternetFacing == true, time.GetUtcNow());
                http.Features.Set(grants);
                http.Features.Set<IIdentity>(new MapIdentity(subject, book, options.Site)); // who it is, to MQTT over WebSocket
                fault ??= Check(http, grants);
            }

            if (fault is null)
            {
                await next(http).ConfigureAwait(false);
                return;
            }
        }
        catch (AccessException e) when (!http.Response.HasStarted)
        {
            fault = e.Fault;
        }

        await RefuseAsync(http, fault).ConfigureAwait(false);
    }

    private static AccessFault? Check(HttpContext http, Grants grants)
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return null; // nothing, or the framework's own answer to a wrong method (405) or kind of body (415)
        }

        if (endpoint.Metadata.GetMetadata<AccessRule>() is not { } rule)
        {
            return AccessFault.NoRule;
        }

        return grants.Check(rule);
    }

    private async Task<(Subject Subject, AccessFault? Fault)> IdentifyAsync(HttpContext http, AccountBook book, bool isLoopback)
    {
        string authorization = http.Request.Headers.Authorization.ToString();
        if (authorization.Length > 0)
        {
            return isLoopback && localKey.Matches(authorization) ? (Subject.Local, null)
                : await tokens.FindAsync(authorization, book, time.GetUtcNow()).ConfigureAwait(false) is { } token ? (Subject.Of(token), null)
                : (Subject.Nobody, AccessFault.BadToken);
        }

        if (SessionCookie.Read(http) is { } secret && directory.Alive(book, SessionCookie.IdOf(secret)) is { } session)
        {
            await directory.SeenAsync(session, http.RequestAborted).ConfigureAwait(false);
            Account account = book.Accounts[session.Account];
            return (Subject.Of(account, session, policy.First(account)), null);
        }

        return (isLoopback && book.Accounts.Count == 0 ? Subject.Local : Subject.Nobody, null);
    }

    private Task RefuseAsync(HttpContext http, AccessFault fault)
    {
        if (!http.IsAuditedCommand())
        {
            audit.Refused("map.request", http.AuditName(), http.AuditFrom(), $"{http.Request.Method} {http.Request.Path.Value}", fault.En);
        }

        return fault.WriteAsync(http, time);
    }
}

/// <summary>
/// Whose page a request comes from. No token in the page guards against forged requests: browsers say themselves where a request comes from
/// (<c>Sec-Fetch-Site</c>, before it <c>Origin</c>), the cookie is <c>SameSite=Strict</c>, and what a tablet kept for hours without a line can
/// still be sent, which a token would have outlived.
/// </summary>
internal static class Origins
{
    public static AccessFault? Check(HttpContext http, bool isLoopback)
    {
        HttpRequest request = http.Request;
        string origin = request.Headers.Origin.ToString();
        if (isLoopback && (!IsLoopback(request.Host.Host) || (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.IsLoopback))))
        {
            return AccessFault.NotHere; // a name other than loopback is a DNS rebinding, another Origin another site's page in the user's browser
        }

        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return null; // changes nothing; and its answer is not readable by another site's page
        }

        string site = request.Headers["Sec-Fetch-Site"].ToString();
        bool isOwn = site.Length > 0 ? site is "same-origin" or "none"
            : origin.Length > 0 ? origin == $"{request.Scheme}://{request.Host}"
            : !SessionCookie.IsThere(http); // a program, not a browser, unless it brings a cookie
        return isOwn ? null : AccessFault.CrossSite;
    }

    private static bool IsLoopback(string host) => host is "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
