using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Field.Ingest.Identity;
using Field.MapApp;
using Field.MapApp.Access;
using Field.Store.Accounts;
using Field.Store.Audit;
using Field.Tests.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Access;

/// <summary>The whole server as <c>./field up</c> builds it, and people with and without accounts in front of it.</summary>
internal sealed class AccessHost : IAsyncDisposable
{
    public const string Password = "hashi no shita ni 7 wa";

    private readonly TempFolder _folder = new();
    private readonly WebApplication _app;
    private readonly AccountFolder _accounts;
    private readonly List<HttpClient> _clients = [];

    private AccessHost(Func<UpOptions, UpOptions>? change, Action<WebApplication>? more)
    {
        File.WriteAllText(_folder.Path("index.html"), "<!doctype html><title>map</title>");
        UpOptions options = new()
        {
            DataDirectory = _folder.Path("data"),
            Site = "aoba",
            HttpPort = 0,
            MqttPort = 0,
            WebDirectory = _folder.Root,
            ModelCardPaths = [Path.Combine(SharedData.RepositoryRoot(), "models", "crack-v1.json")],
        };
        options = change?.Invoke(options) ?? options;
        Assert.Empty(options.Validate());
        _app = Server.Build(options, new StrongBox<bool>());
        more?.Invoke(_app);
        _accounts = AccountFolder.Open(options.DataDirectory, TimeProvider.System);
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The command line's hand on the accounts.</summary>
    public AccountAdministration Administration => _accounts.Administration;

    public string DataFolder => _folder.Path("data");

    /// <summary>The folder of the built pages.</summary>
    public string WebFolder => _folder.Root;

    public IServiceProvider Services => _app.Services;

    public IEnumerable<RouteEndpoint> Endpoints => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>();

    public Uri Loopback => new(_app.Urls.First());

    /// <summary>The listener of <c>--map-address</c>.</summary>
    public Uri Outside => new(_app.Urls.Last());

    /// <summary>MQTT on loopback, as devices of this machine use it.</summary>
    public Uri Mqtt => new UriBuilder(_app.Urls.ElementAt(1)) { Scheme = "mqtt" }.Uri;

    public static async Task<AccessHost> StartAsync(Func<UpOptions, UpOptions>? change = null, Action<WebApplication>? more = null)
    {
        AccessHost host = new(change, more);
        await host._app.StartAsync(Token);
        return host;
    }

    /// <summary>A browser at the address; it keeps cookies, and says of its requests that they are the page's own.</summary>
    public HttpClient Browser(Uri? at = null)
    {
        HttpClient client = Program(at, keepsCookies: true);
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        return client;
    }

    /// <summary>A program without cookies.</summary>
    public HttpClient Program(Uri? at = null, bool keepsCookies = false)
    {
        HttpClient client = new(new SocketsHttpHandler
        {
            UseCookies = keepsCookies,
            AllowAutoRedirect = false,
            SslOptions = { CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { Services.GetRequiredService<SiteCa>().Certificate }, RevocationMode = X509RevocationMode.NoCheck } },
        })
        { BaseAddress = at ?? Loopback };
        _clients.Add(client);
        return client;
    }

    /// <summary>Somebody with an account and a sign-in of their own, without the hashing of passwords.</summary>
    /// <returns>The secret of the cookie.</returns>
    public async Task<string> PersonAsync(string name, string[] roles, TimeSpan provedBefore = default)
    {
        AccountStore store = Services.GetRequiredService<AccountStore>();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await store.AddAsync(new Account(name, $"{name} さん", roles, "", now), Token);
        string secret = SessionCookie.NewSecret();
        await store.BeginSessionAsync(new PersonSession(SessionCookie.IdOf(secret), name, now, now, now - provedBefore, null), null, default, SessionLimits.PerPerson, Token);
        await Services.GetRequiredService<AccountDirectory>().LookAsync(Token);
        return secret;
    }

    /// <summary>An account whose first password was changed to <see cref="Password"/>, signed in.</summary>
    public async Task<HttpClient> SignedInAsync(string name, Uri? at = null, params string[] roles)
    {
        string first = await Administration.AddAsync(name, $"{name} 氏名", roles, null, Token);
        HttpClient browser = Browser(at);
        (await SignInAsync(browser, name, first)).EnsureSuccessStatusCode();
        (await browser.PostAsJsonAsync("/api/v1/session/password", new { current = first, wanted = Password }, Token)).EnsureSuccessStatusCode();
        return browser;
    }

    public static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string name, string password, string? code = null) =>
        browser.PostAsJsonAsync("/api/v1/session", new { name, password, code }, Token);

    /// <summary>The code of a refusal, or the status when it is none.</summary>
    public static async Task<string> CodeAsync(HttpResponseMessage response)
    {
        string body = await response.Content.ReadAsStringAsync(Token);
        return response.Content.Headers.ContentType?.MediaType == "application/json" && JsonElement.Parse(body) is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("code", out JsonElement code)
            ? code.GetString()!
            : ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    public static void AssertItsUsersOnly(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    public async Task<IReadOnlyList<string>> AuditAsync()
    {
        await Services.GetRequiredService<SecurityAudit>().FlushAsync(Token);
        return [.. AuditLog.Read(IdentityOptions.AuditFolderOf(DataFolder))];
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());
        await _accounts.DisposeAsync();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
