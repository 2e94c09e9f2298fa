using System.Security.Cryptography;
using System.Text;

namespace Field.MapApp.Access;

/// <summary>The cookie that holds a session's secret. The server keeps its hash only.</summary>
internal static class SessionCookie
{
    // A browser takes a cookie of this prefix over TLS only, for this host only, and from no subdomain. Loopback has no TLS.
    private const string Tls = "__Host-field";
    private const string Loopback = "field-session";
    private const int SecretBytes = 32;

    public static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));

    public static string IdOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));

    public static bool IsThere(HttpContext http) => http.Request.Cookies.ContainsKey(Name(http));

    public static string? Read(HttpContext http) => http.Request.Cookies.TryGetValue(Name(http), out string? secret) && secret?.Length == 2 * SecretBytes ? secret : null;

    /// <summary>Outlives the browser's window: a tablet that is restarted without a line must not lose its sign-in.</summary>
    public static void Write(HttpContext http, string secret) => http.Response.Cookies.Append(Name(http), secret, Options(http, SessionLimits.Longest));

    public static void Clear(HttpContext http) => http.Response.Cookies.Delete(Name(http), Options(http, null));

    private static string Name(HttpContext http) => http.Request.IsHttps ? Tls : Loopback;

    private static CookieOptions Options(HttpContext http, TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        Secure = http.Request.IsHttps,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        MaxAge = maxAge,
        IsEssential = true,
    };
}
