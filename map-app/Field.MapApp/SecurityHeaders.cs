using Field.MapApp.PublicMap;

namespace Field.MapApp;

/// <summary>What a browser may do with our pages: nothing but what comes from this server.</summary>
internal static class SecurityHeaders
{
    private const string Gsi = "https://cyberjapandata.gsi.go.jp";

    /// <summary>The script of the worker that looks at photos, as the build names it. A worker has the policy that its script came with, whatever its page has.</summary>
    private const string HintWorker = "/assets/hintWorker-";

    public static void UseSecurityHeaders(this IApplicationBuilder app, bool gsiTiles)
    {
        string tiles = gsiTiles ? " " + Gsi : "";
        string policy = $"default-src 'self'; img-src 'self' data: blob:{tiles}; connect-src 'self' ws: wss:{tiles}; worker-src 'self' blob:; " +
            "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
        string withWasm = policy + "; script-src 'self' 'wasm-unsafe-eval'";
        app.Use((context, next) =>
        {
            IHeaderDictionary headers = context.Response.Headers;
            headers.ContentSecurityPolicy = IsHintWorker(context) ? withWasm : policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(self), geolocation=(self), clipboard-write=(self), microphone=(), payment=(), usb=(), serial=(), bluetooth=(), display-capture=()";
            if (context.Request.IsHttps)
            {
                headers.StrictTransportSecurity = "max-age=31536000";
            }

            return next(context);
        });
    }

    /// <summary>True for the one script that compiles WebAssembly; on the public map nothing does.</summary>
    private static bool IsHintWorker(HttpContext http) =>
        http.Request.Path.Value?.StartsWith(HintWorker, StringComparison.Ordinal) == true && !PublicMapGuard.IsPublic(http);
}
