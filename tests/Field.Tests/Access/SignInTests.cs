using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Field.Ingest.Identity;
using Field.MapApp.Access;
using Field.Store.Accounts;
using Field.Tests.Broker;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Access;

/// <summary>Signing in, as a browser does it over HTTP.</summary>
public sealed class SignInTests
{
    private static CancellationToken Cancel => AccessHost.Token;

    [Fact]
    public async Task Without_an_account_the_user_of_this_machine_needs_none_and_nobody_else_gets_in()
    {
        await using AccessHost host = await AccessHost.StartAsync(o => o with { MapAddress = "127.0.0.1", MapPort = 0 });
        JsonElement session = await host.Browser().GetFromJsonAsync<JsonElement>("/api/v1/session", Cancel);
        Assert.Equal("open", session.GetProperty("signIn").GetString());
        Assert.Equal(Permissions.All.Count(p => !p.IsForPeople), session.GetProperty("may").GetArrayLength());
        Assert.Equal(HttpStatusCode.OK, (await host.Program().GetAsync("/api/v1/summary", Cancel)).StatusCode);

        Assert.Equal("needed", (await host.Browser(host.Outside).GetFromJsonAsync<JsonElement>("/api/v1/session", Cancel)).GetProperty("signIn").GetString());
        Assert.Equal("signed-out", await AccessHost.CodeAsync(await host.Program(host.Outside).GetAsync("/api/v1/summary", Cancel)));

        await host.Administration.AddAsync("yamada", "山田 太郎", ["hq"], null, Cancel);
        await WaitAsync(async () => (await host.Program().GetAsync("/api/v1/summary", Cancel)).StatusCode == HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, (await host.Program().GetAsync("/", Cancel)).StatusCode); // the page itself, to sign in with
        Assert.Equal("""{"serving":true}""", await host.Program().GetStringAsync("/healthz", Cancel));
    }

    [Fact]
    public async Task First_password_opens_nothing_but_the_choice_of_ones_own()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string first = await host.Administration.AddAsync("yamada", "山田 太郎", ["hq"], null, Cancel);
        HttpClient browser = host.Browser();
        JsonElement session = await (await AccessHost.SignInAsync(browser, "Yamada ", first)).Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(("done", "password-first", "山田 太郎"), (session.GetProperty("signIn").GetString(), session.GetProperty("must").GetString(), session.GetProperty("person").GetProperty("displayName").GetString()));
        Assert.Equal("password-first", await AccessHost.CodeAsync(await browser.GetAsync("/api/v1/summary", Cancel)));

        Assert.Equal("wrong", await ChangeAsync(browser, "not the first", AccessHost.Password));
        Assert.Equal("same-again", await ChangeAsync(browser, first, first));
        Assert.Equal("too-short", await ChangeAsync(browser, first, "eleven char"));
        Assert.Equal("too-common", await ChangeAsync(browser, first, "Password1234"));
        Assert.Equal("holds-name", await ChangeAsync(browser, first, "yamada yamada no ki"));
        Assert.Equal("204", await ChangeAsync(browser, first, AccessHost.Password));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/summary", Cancel)).StatusCode);

        Assert.Equal("wrong", await AccessHost.CodeAsync(await AccessHost.SignInAsync(host.Browser(), "yamada", first)));
        Assert.Equal("200", await AccessHost.CodeAsync(await AccessHost.SignInAsync(host.Browser(), "ｙａｍａｄａ", AccessHost.Password))); // full width, from a Japanese keyboard
        IReadOnlyList<string> audit = await host.AuditAsync();
        Assert.Contains(audit, l => l.Contains("user.add", StringComparison.Ordinal));
        Assert.Contains(audit, l => l.Contains("person.sign-in", StringComparison.Ordinal) && l.Contains("\"done\"", StringComparison.Ordinal) && l.Contains("user:yamada", StringComparison.Ordinal));
        Assert.Contains(audit, l => l.Contains("person.password", StringComparison.Ordinal));
        Assert.DoesNotContain(audit, l => l.Contains(first, StringComparison.Ordinal) || l.Contains(AccessHost.Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Guessing_is_slowed_down_alike_for_names_that_exist_and_that_do_not_and_says_until_when()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        await host.SignedInAsync("yamada", null, "hq");
        foreach (string name in new[] { "yamada", "nobody" })
        {
            HttpResponseMessage last = await AccessHost.SignInAsync(host.Browser(), name, "guess");
            List<string> answers = [await AccessHost.CodeAsync(last)];
            while (answers.Count < 12 && answers[^1] != "wait")
            {
                last = await AccessHost.SignInAsync(host.Browser(), name, "guess");
                answers.Add(await AccessHost.CodeAsync(last));
            }

            Assert.Equal(["wrong", "wait"], answers.Distinct());
            Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
            Assert.True(last.Headers.RetryAfter!.Delta > TimeSpan.Zero);
            JsonElement body = await last.Content.ReadFromJsonAsync<JsonElement>(Cancel);
            Assert.Matches("^[0-9T:.-]+Z$", body.GetProperty("retryAt").GetString());
        }

        IReadOnlyList<string> audit = await host.AuditAsync();
        Assert.Contains(audit, l => l.Contains("now silenced", StringComparison.Ordinal) && l.Contains("user:yamada", StringComparison.Ordinal));
        Assert.DoesNotContain(audit, l => l.Contains("nobody", StringComparison.Ordinal)); // what is no name may be a password in the wrong field
    }

    [Fact]
    public async Task Each_further_failure_waits_twice_as_long_up_to_a_limit_and_an_administrator_forgives()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        await host.SignedInAsync("yamada", null, "hq");
        ManualTime time = new();
        using SignInDesk desk = new(
            host.Services.GetRequiredService<AccountStore>(), host.Services.GetRequiredService<AccountDirectory>(), host.Services.GetRequiredService<SecurityAudit>(),
            host.Services.GetRequiredService<IdentityOptions>(), time);
        int from = 0;
        Task<SignInResult> TryAsync(string password) => desk.SignInAsync("yamada", password, null, new IPAddress(new byte[] { 10, 0, 0, (byte)++from }), Cancel); // a guesser with many addresses
        List<double> waits = [];
        for (int failure = 1; failure <= 18; failure++)
        {
            Assert.Equal("wrong", (await TryAsync("guess")).Fault!.Code);
            SignInResult next = failure < 6 ? default : await TryAsync(AccessHost.Password);
            waits.Add(next.Fault?.RetryAfter?.TotalSeconds ?? 0);
            time.Advance(next.Fault?.RetryAfter ?? TimeSpan.Zero);
        }

        Assert.Equal([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900], waits);
        Assert.Equal("wrong", (await TryAsync("guess")).Fault!.Code);
        Assert.Equal("wait", (await TryAsync(AccessHost.Password)).Fault!.Code);
        await host.Administration.UnlockAsync("yamada", Cancel);
        Assert.Equal("yamada", (await TryAsync(AccessHost.Password)).Account!.Name);
    }

    [Fact]
    public async Task Address_that_tries_many_names_is_slowed_down_too()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        ManualTime time = new();
        using SignInDesk desk = new(
            host.Services.GetRequiredService<AccountStore>(), host.Services.GetRequiredService<AccountDirectory>(), host.Services.GetRequiredService<SecurityAudit>(),
            host.Services.GetRequiredService<IdentityOptions>(), time);
        List<string> codes = [];
        for (int name = 0; name < 23; name++)
        {
            codes.Add((await desk.SignInAsync($"name-{name}", "the same password", null, IPAddress.Parse("2001:db8::" + name), Cancel)).Fault!.Code); // one /64
        }

        Assert.Equal([.. Enumerable.Repeat("wrong", 21), "wait", "wait"], codes);
    }

    [Fact]
    public async Task Locking_ends_sessions_at_once_and_only_the_right_password_hears_of_it()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient browser = await host.SignedInAsync("sato", null, "locks");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/summary", Cancel)).StatusCode);
        await host.Administration.LockAsync("sato", "left the office", Cancel);
        await WaitAsync(async () => (await browser.GetAsync("/api/v1/summary", Cancel)).StatusCode == HttpStatusCode.Unauthorized);
        Assert.Equal("wrong", await AccessHost.CodeAsync(await AccessHost.SignInAsync(browser, "sato", "a wrong password")));
        Assert.Equal("locked", await AccessHost.CodeAsync(await AccessHost.SignInAsync(browser, "sato", AccessHost.Password)));
        await host.Administration.UnlockAsync("sato", Cancel);
        Assert.Equal("200", await AccessHost.CodeAsync(await AccessHost.SignInAsync(browser, "sato", AccessHost.Password)));
    }

    [Fact]
    public async Task Authenticator_is_asked_for_where_the_role_needs_one_and_no_code_works_twice()
    {
        await using AccessHost host = await AccessHost.StartAsync(o => o with { TotpRoles = ["admin"] });
        HttpClient browser = await host.SignedInAsync("kanri", null, "admin");
        Assert.Equal("totp-first", await AccessHost.CodeAsync(await browser.GetAsync("/api/v1/summary", Cancel)));

        JsonElement offer = await (await browser.PostAsync("/api/v1/session/authenticator", null, Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel);
        string key = offer.GetProperty("key").GetString()!;
        Assert.StartsWith("otpauth://totp/Field%20aoba:kanri?secret=" + key, offer.GetProperty("uri").GetString(), StringComparison.Ordinal);
        Assert.Equal("code-wrong", await AccessHost.CodeAsync(await browser.PostAsJsonAsync("/api/v1/session/authenticator/confirm", new { code = "12345" }, Cancel)));
        string code = TotpTests.CodeNow(key);
        JsonElement confirmed = await (await browser.PostAsJsonAsync("/api/v1/session/authenticator/confirm", new { code }, Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel);
        string[] recovery = [.. confirmed.GetProperty("recoveryCodes").EnumerateArray().Select(c => c.GetString()!)];
        Assert.Equal(10, recovery.Distinct().Count());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/summary", Cancel)).StatusCode);

        HttpClient other = host.Browser();
        Assert.Equal("code-needed", await AccessHost.CodeAsync(await AccessHost.SignInAsync(other, "kanri", AccessHost.Password)));
        Assert.Equal("code-wrong", await AccessHost.CodeAsync(await AccessHost.SignInAsync(other, "kanri", AccessHost.Password, code))); // used at the set-up
        Assert.Equal("200", await AccessHost.CodeAsync(await AccessHost.SignInAsync(other, "kanri", AccessHost.Password, recovery[3].ToLowerInvariant())));
        Assert.Equal("code-wrong", await AccessHost.CodeAsync(await AccessHost.SignInAsync(other, "kanri", AccessHost.Password, recovery[3])));

        // The proof before what cannot be undone is the same two things; a password alone, though changed, is none.
        AccountStore store = host.Services.GetRequiredService<AccountStore>();
        DateTimeOffset before = TimeProvider.System.GetUtcNow() - SessionLimits.Proof;
        foreach (string id in (await store.ReadAsync(Cancel)).Sessions.Keys)
        {
            await store.ProveSessionAsync(id, before, Cancel);
        }

        Task<HttpResponseMessage> ProveAsync(string password, string? proof) => other.PostAsJsonAsync("/api/v1/session/proof", new { password, code = proof }, Cancel);
        async Task<bool> IsProvenAsync() => (await store.ReadAsync(Cancel)).Sessions.Values.Any(s => s.ProvenAt > before);
        Assert.Equal("wrong", await AccessHost.CodeAsync(await ProveAsync("not the password", recovery[4])));
        Assert.Equal("code-needed", await AccessHost.CodeAsync(await ProveAsync(AccessHost.Password, null)));
        Assert.Equal("code-wrong", await AccessHost.CodeAsync(await ProveAsync(AccessHost.Password, recovery[3])));
        Assert.Equal("204", await AccessHost.CodeAsync(await other.PostAsJsonAsync("/api/v1/session/password", new { current = AccessHost.Password, wanted = AccessHost.Password + " 8" }, Cancel)));
        Assert.False(await IsProvenAsync());
        Assert.Equal("204", await AccessHost.CodeAsync(await ProveAsync(AccessHost.Password + " 8", recovery[4])));
        Assert.True(await IsProvenAsync());
        await host.Administration.ResetAsync("kanri", null, dropTotp: true, Cancel);
        Assert.Null((await host.Administration.ReadAsync(Cancel)).Accounts["kanri"].TotpKey);
    }

    [Fact]
    public async Task What_a_person_does_bears_their_name_and_not_what_the_body_says()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient browser = await host.SignedInAsync("yamada", null, "hq");
        Task<HttpResponseMessage> OpenAsync(string? who) =>
            browser.PostAsJsonAsync("/api/v1/devices/drone-01/commands", new { name = "drone.return-home", reason = "rain", who }, Cancel);

        Assert.Equal("other-person", await AccessHost.CodeAsync(await OpenAsync("suzuki")));
        Assert.Equal(HttpStatusCode.Accepted, (await OpenAsync(null)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await OpenAsync("yamada 氏名")).StatusCode);
        IReadOnlyList<string> audit = await host.AuditAsync();
        Assert.Equal(2, audit.Count(l => l.Contains("command.send", StringComparison.Ordinal) && l.Contains("user:yamada", StringComparison.Ordinal) && l.Contains("\"done\"", StringComparison.Ordinal)));
        Assert.Contains(audit, l => l.Contains("command.send", StringComparison.Ordinal) && l.Contains("\"refused\"", StringComparison.Ordinal) && l.Contains("somebody else", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Command_is_allowed_by_its_name()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string drone = await host.PersonAsync("pilot", ["drone"]);
        HttpClient browser = host.Program();
        browser.DefaultRequestHeaders.Add("Cookie", $"field-session={drone}");
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        async Task<string> SendAsync(string name) => await AccessHost.CodeAsync(await browser.PostAsJsonAsync("/api/v1/devices/thing/commands", new { name, reason = "test" }, Cancel));
        Assert.Equal(("not-allowed", "202", "not-allowed"), (await SendAsync("lock.open"), await SendAsync("drone.return-home"), await SendAsync("sensor.restart")));
    }

    private static async Task<string> ChangeAsync(HttpClient browser, string current, string wanted) =>
        await AccessHost.CodeAsync(await browser.PostAsJsonAsync("/api/v1/session/password", new { current, wanted }, Cancel));

    /// <summary>What another process did is seen within half a second.</summary>
    internal static async Task WaitAsync(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await isSo())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
