using System.Net;
using System.Net.Http.Json;
using System.Text;
using Field.MapApp.Access;
using Field.Store.Accounts;
using Field.Tests.Broker;
using Field.Tests.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Access;

/// <summary>What becomes of a sign-in, and what an attacker would try with one.</summary>
public sealed class SessionTests
{
    private static CancellationToken Cancel => AccessHost.Token;

    [Fact]
    public async Task Cookie_is_for_this_host_only_and_out_of_reach_of_scripts_and_other_sites()
    {
        await using AccessHost host = await AccessHost.StartAsync(o => o with { MapAddress = "127.0.0.1", MapPort = 0 });
        string first = await host.Administration.AddAsync("yamada", "山田", ["hq"], null, Cancel);
        using HttpResponseMessage plain = await AccessHost.SignInAsync(host.Browser(), "yamada", first);
        Assert.Matches("^field-session=[0-9a-f]{64}; max-age=604800; path=/; samesite=strict; httponly$", Cookie(plain));
        using HttpResponseMessage tls = await AccessHost.SignInAsync(host.Browser(host.Outside), "yamada", first);
        Assert.Matches("^__Host-field=[0-9a-f]{64}; max-age=604800; path=/; secure; samesite=strict; httponly$", Cookie(tls));

        Assert.Equal("max-age=31536000", tls.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.False(plain.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal("same-origin", tls.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.Contains("payment=()", tls.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", tls.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal); // default-src 'self': no inline script
    }

    [Fact]
    public async Task Secret_that_was_planted_before_the_sign_in_is_worth_nothing_after_it()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string first = await host.Administration.AddAsync("yamada", "山田", ["hq"], null, Cancel);
        string planted = SessionCookie.NewSecret();
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/session") { Content = JsonContent.Create(new { name = "yamada", password = first }) };
        request.Headers.Add("Cookie", $"field-session={planted}");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        using HttpResponseMessage response = await host.Program().SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(planted, Cookie(response), StringComparison.Ordinal);
        Assert.Equal("signed-out", await CodeWithAsync(host, planted));
    }

    [Fact]
    public async Task Signing_in_again_and_changing_the_password_end_the_secrets_of_before()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string first = await host.Administration.AddAsync("yamada", "山田", ["hq"], null, Cancel);
        HttpClient browser = host.Browser();
        string one = Secret(await AccessHost.SignInAsync(browser, "yamada", first));
        string two = Secret(await AccessHost.SignInAsync(browser, "yamada", first));
        string elsewhere = Secret(await AccessHost.SignInAsync(host.Browser(), "yamada", first));
        Assert.Equal("signed-out", await CodeWithAsync(host, one));
        string three = Secret(await browser.PostAsJsonAsync("/api/v1/session/password", new { current = first, wanted = AccessHost.Password }, Cancel));
        Assert.Equal("signed-out", await CodeWithAsync(host, two));
        Assert.Equal("signed-out", await CodeWithAsync(host, elsewhere));
        Assert.Equal("200", await CodeWithAsync(host, three));
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_every_session_and_clears_what_the_browser_kept()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient browser = await host.SignedInAsync("yamada", null, "hq");
        string other = Secret(await AccessHost.SignInAsync(host.Browser(), "yamada", AccessHost.Password));
        using HttpResponseMessage ended = await browser.PostAsJsonAsync("/api/v1/session/end", new { everywhere = true }, Cancel);
        Assert.Equal(("\"cache\"", HttpStatusCode.NoContent), (ended.Headers.GetValues("Clear-Site-Data").Single(), ended.StatusCode));
        Assert.Equal("signed-out", await CodeWithAsync(host, other));
        Assert.Equal("signed-out", await AccessHost.CodeAsync(await browser.GetAsync("/api/v1/summary", Cancel)));
        Assert.Contains(await host.AuditAsync(), l => l.Contains("person.sign-out", StringComparison.Ordinal) && l.Contains("everywhere", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cross-site", null, "cross-site")]
    [InlineData("same-site", null, "cross-site")] // another port of this machine
    [InlineData(null, "http://127.0.0.1:9", "cross-site")]
    [InlineData(null, null, "cross-site")] // a browser always says one of the two
    [InlineData(null, "null", "not-this-machine")]
    [InlineData(null, "https://evil.example", "not-this-machine")]
    [InlineData("same-origin", null, "415")]
    public async Task Request_of_another_sites_page_changes_nothing(string? site, string? origin, string expected)
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string secret = await host.PersonAsync("yamada", ["hq"]);
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/alarms/none/acknowledge") { Content = new StringContent("", Encoding.UTF8, "text/plain") };
        request.Headers.Add("Cookie", $"field-session={secret}");
        foreach ((string name, string? value) in new[] { ("Sec-Fetch-Site", site), ("Origin", origin) })
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }

        Assert.Equal(expected, await AccessHost.CodeAsync(await host.Program().SendAsync(request, Cancel)));
    }

    [Fact]
    public async Task Session_ends_after_a_shift_without_use_and_after_a_week_however_it_is_used()
    {
        using TempFolder folder = new();
        ManualTime time = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        await using AccountStore store = AccountFolder.OpenStore(folder.Root, time);
        using AccountDirectory directory = new(store, time);
        await store.AddAsync(new Account("yamada", "山田", ["hq"], "", time.GetUtcNow()), Cancel);
        PersonSession session = new("id", "yamada", time.GetUtcNow(), time.GetUtcNow(), time.GetUtcNow(), null);
        await store.BeginSessionAsync(session, null, default, SessionLimits.PerPerson, Cancel);
        AccountBook book = await directory.LookAsync(Cancel);

        for (int shift = 0; shift < 15; shift++)
        {
            time.Advance(TimeSpan.FromHours(11));
            Assert.NotNull(directory.Alive(book, "id"));
            await directory.SeenAsync(session, Cancel);
        }

        time.Advance(TimeSpan.FromHours(3)); // 168 h since it began, 3 since it was used
        Assert.Null(directory.Alive(book, "id"));
        await store.BeginSessionAsync(session with { Id = "id-2", CreatedAt = time.GetUtcNow(), SeenAt = time.GetUtcNow() }, "id", default, SessionLimits.PerPerson, Cancel);
        book = await directory.LookAsync(Cancel);
        time.Advance(SessionLimits.Idle);
        Assert.Null(directory.Alive(book, "id-2"));
    }

    [Fact]
    public async Task Person_has_so_many_sessions_and_the_file_of_accounts_is_its_users_only()
    {
        using TempFolder folder = new();
        await using AccountStore store = AccountFolder.OpenStore(folder.Root, TimeProvider.System);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await store.AddAsync(new Account("yamada", "山田", ["hq"], "", now), Cancel);
        Assert.False(await store.AddAsync(new Account("yamada2", "山田", ["hq"], "", now), Cancel)); // one name, one person
        for (int i = 0; i < SessionLimits.PerPerson + 5; i++)
        {
            await store.BeginSessionAsync(new PersonSession($"id-{i}", "yamada", now, now.AddSeconds(i), now, null), null, default, SessionLimits.PerPerson, Cancel);
        }

        AccountBook book = await store.ReadAsync(Cancel);
        Assert.Equal(SessionLimits.PerPerson, book.Sessions.Count);
        Assert.DoesNotContain("id-0", book.Sessions.Keys);
        Assert.All(Directory.GetFiles(Path.Combine(folder.Root, "identity"), "accounts.sqlite*"), AccessHost.AssertItsUsersOnly);

        Assert.True(await store.EditAsync("yamada", (_, _) => null, TimeProvider.System.GetUtcNow(), Cancel));
        Assert.Empty((await store.ReadAsync(Cancel)).Sessions);
    }

    [Fact]
    public async Task Live_line_of_a_person_hears_only_live_says_nothing_and_ends_with_the_sign_in()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string secret = await host.PersonAsync("yamada", ["hq"]);
        using System.Net.WebSockets.ClientWebSocket denied = new();
        denied.Options.AddSubProtocol("mqtt");
        Uri web = new UriBuilder(host.Loopback) { Scheme = "ws", Path = "/mqtt" }.Uri;
        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => denied.ConnectAsync(web, Cancel));

        using RawLine line = await RawLine.OpenAsync(web, secret, "map:1");
        Assert.Equal(0, await line.SubscribeAsync("field/v1/aoba/live/#"));
        Assert.Equal(0x87, await line.SubscribeAsync("field/v1/aoba/+/up/#"));
        Assert.Equal(0x87, await line.SubscribeAsync("field/v1/other/live/#"));
        Assert.Equal(0x87, await line.PublishAsync("field/v1/aoba/gauge/up/telemetry"));
        await Assert.ThrowsAnyAsync<Exception>(() => RawLine.OpenAsync(web, secret, "drone-01")); // a device's name

        await host.Services.GetRequiredService<AccountStore>().EndSessionsAsync("yamada", Cancel);
        await line.EndAsync();
    }

    private static string Cookie(HttpResponseMessage response) => response.Headers.GetValues("Set-Cookie").Single();

    private static string Secret(HttpResponseMessage response) => Cookie(response).Split('=', ';')[1];

    private static async Task<string> CodeWithAsync(AccessHost host, string secret)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/summary");
        request.Headers.Add("Cookie", $"field-session={secret}");
        return await AccessHost.CodeAsync(await host.Program().SendAsync(request, Cancel));
    }
}
