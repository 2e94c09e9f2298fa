namespace Field.MapApp;

/// <summary>What a browser may do with our pages: nothing but what comes from this server.</summary>
internal static class SecurityHeaders
{
    private const string Gsi = "https://cyberjapandata.gsi.go.jp";

    public static void UseSecurityHeaders(this IApplicationBuilder app, bool gsiTiles)
    {
        string tiles = gsiTiles ? " " + Gsi : "";
        string policy = $"default-src 'self'; img-src 'self' data: blob:{tiles}; connect-src 'self' ws: wss:{tiles}; worker-src 'self' blob:; " +
            "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
        app.Use((context, next) =>
        {
            IHeaderDictionary headers = context.Response.Headers;
            headers.ContentSecurityPolicy = policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            return next(context);
        });
    }

    /// <summary>
    /// Without a sign-in (it comes with the next step) only this machine may ask: a name other than loopback in Host is a DNS
    /// rebinding, and a foreign Origin is another site's page in the user's browser.
    /// </summary>
    public static void UseLoopbackOnly(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        string? origin = context.Request.Headers.Origin;
        bool foreignOrigin = origin is { Length: > 0 } && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.IsLoopback);
        if (foreignOrigin || !IsLoopback(context.Request.Host.Host))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.SetRefusal("a Host or Origin that is not this machine");
            return Task.CompletedTask;
        }

        return next(context);
    });

    private static bool IsLoopback(string host) =>
        host is "localhost" || (System.Net.IPAddress.TryParse(host.Trim('[', ']'), out System.Net.IPAddress? address) && System.Net.IPAddress.IsLoopback(address));
}
