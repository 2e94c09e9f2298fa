using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Field.MapApp.Access;
using Field.Store.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Access;

/// <summary>People and tokens, as an administrator's page changes them.</summary>
public sealed class AccountsApiTests
{
    private static CancellationToken Cancel => AccessHost.Token;

    [Fact]
    public async Task Person_is_made_with_a_password_that_is_shown_once_and_must_choose_another()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient admin = await PersonAsync(host, "kanri", ["admin"]);
        JsonElement made = await JsonAsync(await admin.PostAsJsonAsync("/api/v1/accounts", new { name = "sato", displayName = " 佐藤 次郎 ", roles = new[] { "field", "field" } }, Cancel), HttpStatusCode.Created);
        string first = made.GetProperty("password").GetString()!;
        Assert.Equal(("佐藤 次郎", 1, "field"), (made.GetProperty("account").GetProperty("displayName").GetString(), made.GetProperty("account").GetProperty("revision").GetInt32(), Roles(made.GetProperty("account"))));

        HttpClient sato = host.Browser();
        JsonElement session = await JsonAsync(await AccessHost.SignInAsync(sato, "sato", first), HttpStatusCode.OK);
        Assert.Equal("password-first", session.GetProperty("must").GetString());
        Assert.Equal("204", await AccessHost.CodeAsync(await sato.PostAsJsonAsync("/api/v1/session/password", new { current = first, wanted = AccessHost.Password }, Cancel)));
        Assert.Equal("not-allowed", await AccessHost.CodeAsync(await sato.GetAsync("/api/v1/accounts", Cancel)));

        JsonElement listed = await AccountAsync(admin, "sato");
        Assert.Equal(JsonValueKind.Null, listed.GetProperty("firstPasswordUntil").ValueKind);
        Assert.Equal((1, false), (listed.GetProperty("sessions").GetInt32(), listed.GetProperty("lastAdministrator").GetBoolean()));
        Assert.Matches("^[0-9T:.-]+Z$", listed.GetProperty("signedInAt").GetString());
        Assert.True((await AccountAsync(admin, "kanri")).GetProperty("lastAdministrator").GetBoolean());
        string everything = await admin.GetStringAsync("/api/v1/accounts", Cancel);
        Assert.DoesNotContain(first, everything, StringComparison.Ordinal);
        Assert.DoesNotContain("Hash", everything, StringComparison.OrdinalIgnoreCase);

        foreach ((string name, string displayName, string[] roles, string code) in new[]
        {
            ("sato", "別人", new[] { "hq" }, "name-taken"), ("sato2", "佐藤 次郎", ["hq"], "name-taken"), ("Sato", "別人", ["hq"], "bad-name"), ("sato3", "別\n人", ["hq"], "bad-display-name"),
            ("sato3", "", ["hq"], "bad-display-name"), ("sato3", "別人", [], "bad-roles"), ("sato3", "別人", ["root"], "bad-roles"),
        })
        {
            Assert.Equal(code, await AccessHost.CodeAsync(await admin.PostAsJsonAsync("/api/v1/accounts", new { name, displayName, roles }, Cancel)));
        }

        IReadOnlyList<string> audit = await host.AuditAsync();
        Assert.Contains(audit, l => Has(l, "user.add", "\"who\":\"user:kanri\"", "\"on\":\"user:sato\"", "\"done\"", "field"));
        Assert.DoesNotContain(audit, l => l.Contains(first, StringComparison.Ordinal));
        Assert.Single(audit, l => Has(l, "user.add", "\"done\""));
        JsonElement change = (await admin.GetFromJsonAsync<JsonElement>("/api/v1/accounts/changes", Cancel)).GetProperty("changes").EnumerateArray().Last();
        Assert.Equal(("user.add", "user:kanri", "user:sato", "done"), (change.GetProperty("what").GetString(), change.GetProperty("who").GetString(), change.GetProperty("on").GetString(), change.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Role_that_is_taken_away_is_gone_from_open_sessions_at_once()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient admin = await PersonAsync(host, "kanri", ["admin"]);
        HttpClient tax = await PersonAsync(host, "zeimu", ["hq", "tax"]);
        Assert.Equal(HttpStatusCode.OK, (await tax.GetAsync("/api/v1/bookings", Cancel)).StatusCode);
        JsonElement changed = await JsonAsync(await admin.PatchAsJsonAsync("/api/v1/accounts/zeimu", new { revision = 1, roles = new[] { "tax" } }, Cancel), HttpStatusCode.OK);
        Assert.Equal(("tax", 2, 0), (Roles(changed.GetProperty("account")), changed.GetProperty("account").GetProperty("revision").GetInt32(), changed.GetProperty("account").GetProperty("sessions").GetInt32()));
        Assert.Equal("signed-out", await AccessHost.CodeAsync(await tax.GetAsync("/api/v1/bookings", Cancel))); // not half a second later

        HttpClient renamed = await PersonAsync(host, "suido", ["water"]);
        await JsonAsync(await admin.PatchAsJsonAsync("/api/v1/accounts/suido", new { revision = 1, displayName = "水道 太郎" }, Cancel), HttpStatusCode.OK);
        Assert.Equal("水道 太郎", (await renamed.GetFromJsonAsync<JsonElement>("/api/v1/session", Cancel)).GetProperty("person").GetProperty("displayName").GetString()); // a name ends nothing
        IReadOnlyList<string> audit = await host.AuditAsync();
        Assert.Contains(audit, l => Has(l, "user.role", "user:zeimu", "hq tax -\\u003E tax"));
        Assert.Contains(audit, l => Has(l, "user.name", "user:suido"));
    }

    [Fact]
    public async Task Change_of_what_somebody_else_changed_meanwhile_is_refused()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient one = await PersonAsync(host, "kanri", ["admin"]), two = await PersonAsync(host, "kanri2", ["admin"]);
        await PersonAsync(host, "sato", ["field"]);
        await JsonAsync(await one.PatchAsJsonAsync("/api/v1/accounts/sato", new { revision = 1, roles = new[] { "hq" } }, Cancel), HttpStatusCode.OK);
        HttpResponseMessage[] late =
        [
            await two.PatchAsJsonAsync("/api/v1/accounts/sato", new { revision = 1, roles = new[] { "tax" } }, Cancel),
            await two.PostAsJsonAsync("/api/v1/accounts/sato/lock", new { revision = 1, reason = "x" }, Cancel),
            await two.PostAsJsonAsync("/api/v1/accounts/sato/unlock", new { revision = 1 }, Cancel),
            await two.PostAsJsonAsync("/api/v1/accounts/sato/password", new { revision = 1 }, Cancel),
            await two.DeleteAsync("/api/v1/accounts/sato/authenticator?revision=1", Cancel),
            await two.DeleteAsync("/api/v1/accounts/sato?revision=1", Cancel),
        ];
        Assert.All(late, r => Assert.Equal(HttpStatusCode.Conflict, r.StatusCode));
        Assert.Equal(["changed"], (await Task.WhenAll(late.Select(AccessHost.CodeAsync))).Distinct());
        Assert.Equal("hq", Roles(await AccountAsync(one, "sato")));
        IReadOnlyList<string> audit = await host.AuditAsync();
        Assert.DoesNotContain(audit, l => Has(l, "user.remove", "\"done\"")); // what was not done is not said to be
        Assert.Contains(audit, l => Has(l, "user.remove", "\"refused\"", "user:kanri2"));
        Assert.Equal(HttpStatusCode.NoContent, (await two.DeleteAsync("/api/v1/accounts/sato?revision=2", Cancel)).StatusCode);
        Assert.Equal("no-account", await AccessHost.CodeAsync(await two.DeleteAsync("/api/v1/accounts/sato?revision=2", Cancel)));
    }

    [Fact]
    public async Task Locking_password_and_authenticator_end_the_persons_sign_in_and_are_undone_by_an_administrator()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient admin = await PersonAsync(host, "kanri", ["admin"]);
        HttpClient sato = await host.SignedInAsync("sato", null, "field");
        AccountStore store = host.Services.GetRequiredService<AccountStore>();
        Assert.Equal("bad-reason", await AccessHost.CodeAsync(await admin.PostAsJsonAsync("/api/v1/accounts/sato/lock", new { revision = 1, reason = " " }, Cancel)));
        JsonElement locked = await JsonAsync(await admin.PostAsJsonAsync("/api/v1/accounts/sato/lock", new { revision = 1, reason = "休職" }, Cancel), HttpStatusCode.OK);
        Assert.NotEqual(JsonValueKind.Null, locked.GetProperty("account").GetProperty("lockedAt").ValueKind);
        Assert.Equal("signed-out", await AccessHost.CodeAsync(await sato.GetAsync("/api/v1/summary", Cancel)));
        Assert.Equal("locked", await AccessHost.CodeAsync(await AccessHost.SignInAsync(sato, "sato", AccessHost.Password)));
        await JsonAsync(await admin.PostAsJsonAsync("/api/v1/accounts/sato/unlock", new { revision = 2 }, Cancel), HttpStatusCode.OK);
        Assert.Equal("200", await AccessHost.CodeAsync(await AccessHost.SignInAsync(sato, "sato", AccessHost.Password)));

        await store.ChangeAsync("sato", a => a with { TotpKey = "JBSWY3DPEHPK3PXP", RecoveryHashes = ["x"] }, endSessions: false, null, Cancel);
        JsonElement without = await JsonAsync(await admin.DeleteAsync("/api/v1/accounts/sato/authenticator?revision=3", Cancel), HttpStatusCode.OK);
        Assert.False(without.GetProperty("account").GetProperty("authenticator").GetBoolean());
        Assert.Equal("signed-out", await AccessHost.CodeAsync(await sato.GetAsync("/api/v1/summary", Cancel)));
        Assert.Equal("200", await AccessHost.CodeAsync(await AccessHost.SignInAsync(sato, "sato", AccessHost.Password))); // the password alone again

        JsonElement reset = await JsonAsync(await admin.PostAsJsonAsync("/api/v1/accounts/sato/password", new { revision = 4 }, Cancel), HttpStatusCode.OK);
        Assert.Equal("signed-out", await AccessHost.CodeAsync(await sato.GetAsync("/api/v1/summary", Cancel)));
        Assert.Equal("wrong", await AccessHost.CodeAsync(await AccessHost.SignInAsync(sato, "sato", AccessHost.Password)));
        Assert.Equal("200", await AccessHost.CodeAsync(await AccessHost.SignInAsync(sato, "sato", reset.GetProperty("password").GetString()!)));
        IReadOnlyList<string> audit = await host.AuditAsync();
        Assert.DoesNotContain(audit, l => l.Contains(reset.GetProperty("password").GetString()!, StringComparison.Ordinal));
        Assert.Single(audit, l => Has(l, "user.authenticator", "user:sato", "\"done\""));
        Assert.Single(audit, l => Has(l, "user.reset", "user:sato", "\"done\""));
    }

    [Fact]
    public async Task Waiting_after_failures_is_shown_and_an_administrator_ends_it()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient admin = await PersonAsync(host, "kanri", ["admin"]);
        await host.SignedInAsync("sato", null, "field");
        for (int guess = 0; guess < 9; guess++)
        {
            await AccessHost.SignInAsync(host.Browser(), "sato", "guess");
        }

        SignInDesk desk = host.Services.GetRequiredService<SignInDesk>();
        AccountBook book = await host.Administration.ReadAsync(Cancel);
        Assert.NotNull(desk.SilencedUntil(book.Accounts["sato"]));
        await JsonAsync(await admin.PostAsJsonAsync("/api/v1/accounts/sato/unlock", new { revision = 1 }, Cancel), HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Null, (await AccountAsync(admin, "sato")).GetProperty("silencedUntil").ValueKind);
    }

    [Fact]
    public async Task Last_administrator_stays_and_nobody_raises_themselves_by_the_page_or_by_command()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient admin = await PersonAsync(host, "kanri", ["admin", "hq"]);
        HttpResponseMessage refused = await admin.PatchAsJsonAsync("/api/v1/accounts/kanri", new { revision = 1, roles = new[] { "hq" } }, Cancel);
        Assert.Equal((HttpStatusCode.Conflict, "last-administrator"), (refused.StatusCode, await AccessHost.CodeAsync(refused)));
        Assert.Equal("last-administrator", await AccessHost.CodeAsync(await admin.DeleteAsync("/api/v1/accounts/kanri?revision=1", Cancel)));
        Assert.Equal("own-roles", await AccessHost.CodeAsync(await admin.PatchAsJsonAsync("/api/v1/accounts/kanri", new { revision = 1, roles = new[] { "admin", "hq", "tax" } }, Cancel)));
        Assert.Equal("own-account", await AccessHost.CodeAsync(await admin.PostAsJsonAsync("/api/v1/accounts/kanri/password", new { revision = 1 }, Cancel)));
        foreach (Func<Task> command in new Func<Task>[]
        {
            () => host.Administration.RemoveAsync("kanri", Cancel), () => host.Administration.LockAsync("kanri", "x", Cancel), () => host.Administration.ChangeAsync("kanri", null, ["hq"], Cancel),
        })
        {
            Assert.Equal("last-administrator", (await Assert.ThrowsAsync<AccessException>(command)).Fault.Code);
        }

        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/api/v1/accounts", Cancel)).StatusCode); // still signed in
        Assert.DoesNotContain(await host.AuditAsync(), l => Has(l, "user:kanri", "\"done\"", "user.remove"));
        await PersonAsync(host, "kanri2", ["admin"]);
        Assert.Equal("own-account", await AccessHost.CodeAsync(await admin.DeleteAsync("/api/v1/accounts/kanri?revision=1", Cancel)));
        await host.Administration.RemoveAsync("kanri", Cancel);
    }

    [Fact]
    public async Task Change_needs_the_password_again_and_the_page_of_the_server_itself()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        await PersonAsync(host, "sato", ["field"]);
        HttpClient stale = await PersonAsync(host, "kanri", ["admin"], provedBefore: TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.OK, (await stale.GetAsync("/api/v1/accounts", Cancel)).StatusCode);
        Assert.Equal("prove-again", await AccessHost.CodeAsync(await stale.DeleteAsync("/api/v1/accounts/sato?revision=1", Cancel)));
        Assert.Equal("prove-again", await AccessHost.CodeAsync(await stale.PostAsJsonAsync("/api/v1/tokens", new { name = "x", roles = new[] { "hq" }, days = 1 }, Cancel)));

        HttpClient foreign = await PersonAsync(host, "kanri2", ["admin"]);
        foreign.DefaultRequestHeaders.Remove("Sec-Fetch-Site");
        foreign.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        Assert.Equal("cross-site", await AccessHost.CodeAsync(await foreign.DeleteAsync("/api/v1/accounts/sato?revision=1", Cancel)));
        Assert.Equal("cross-site", await AccessHost.CodeAsync(await foreign.PostAsJsonAsync("/api/v1/accounts", new { name = "x2", displayName = "x", roles = new[] { "admin" } }, Cancel)));
        Assert.Contains("sato", (await host.Administration.ReadAsync(Cancel)).Accounts.Keys);
    }

    [Fact]
    public async Task Token_is_issued_once_works_manages_nobody_and_is_revoked_at_once()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient admin = await PersonAsync(host, "kanri", ["admin"]);
        foreach (object wrong in new object[] { new { name = "x", roles = new[] { "hq" }, days = 0 }, new { name = "x", roles = new[] { "hq" }, days = int.MaxValue } })
        {
            Assert.Equal("bad-days", await AccessHost.CodeAsync(await admin.PostAsJsonAsync("/api/v1/tokens", wrong, Cancel)));
        }

        JsonElement issued = await JsonAsync(await admin.PostAsJsonAsync("/api/v1/tokens", new { name = "予約システム", roles = new[] { "locks", "admin" }, days = 30 }, Cancel), HttpStatusCode.Created);
        string secret = issued.GetProperty("secret").GetString()!, id = issued.GetProperty("token").GetProperty("id").GetString()!;
        HttpClient machine = host.Program();
        machine.DefaultRequestHeaders.Add("Authorization", $"Bearer {secret}");
        Assert.Equal(HttpStatusCode.OK, (await machine.GetAsync("/api/v1/bookings", Cancel)).StatusCode);
        Assert.Equal("not-allowed", await AccessHost.CodeAsync(await machine.GetAsync("/api/v1/accounts", Cancel)));
        Assert.Equal("not-allowed", await AccessHost.CodeAsync(await machine.PostAsJsonAsync("/api/v1/tokens", new { name = "x", roles = new[] { "hq" }, days = 1 }, Cancel)));
        string listed = await admin.GetStringAsync("/api/v1/tokens", Cancel);
        Assert.Contains(id, listed, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, listed, StringComparison.Ordinal);
        Assert.Equal("user:kanri", JsonElement.Parse(listed).GetProperty("tokens")[0].GetProperty("by").GetString());

        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/api/v1/tokens/{id}", Cancel)).StatusCode);
        Assert.Equal("bad-token", await AccessHost.CodeAsync(await machine.GetAsync("/api/v1/bookings", Cancel)));
        Assert.Equal("no-token", await AccessHost.CodeAsync(await admin.DeleteAsync($"/api/v1/tokens/{id}", Cancel)));
        IReadOnlyList<string> audit = await host.AuditAsync();
        Assert.Contains(audit, l => Has(l, "token.issue", "user:kanri", id, "locks admin"));
        Assert.Contains(audit, l => Has(l, "token.revoke", "user:kanri", id, "\"done\""));
        Assert.DoesNotContain(audit, l => l.Contains(secret[^20..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_nobody_has_an_account_the_page_makes_none()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        Assert.Equal("not-allowed", await AccessHost.CodeAsync(await host.Browser().PostAsJsonAsync("/api/v1/accounts", new { name = "sato", displayName = "佐藤", roles = new[] { "admin" } }, Cancel)));
        Assert.Empty((await host.Administration.ReadAsync(Cancel)).Accounts);
    }

    [Fact]
    public async Task Refused_change_is_recorded_with_whom_it_was_of_what_it_was_and_why()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient admin = await PersonAsync(host, "kanri", ["admin"]);
        HttpClient sato = await PersonAsync(host, "sato", ["field"]);
        (HttpResponseMessage Answer, string Record)[] attempts =
        [
            (await admin.PatchAsJsonAsync("/api/v1/accounts/sato", new { revision = 9, displayName = "別人" }, Cancel), "user.name user:kanri user:sato changed"),
            (await admin.PatchAsJsonAsync("/api/v1/accounts/sato", new { revision = 9, roles = new[] { "hq" } }, Cancel), "user.role user:kanri user:sato changed"),
            (await admin.PatchAsync("/api/v1/accounts/sato", new StringContent("{", Encoding.UTF8, "application/json"), Cancel), "user.change user:kanri user:sato bad-body"),
            (await sato.PatchAsJsonAsync("/api/v1/accounts/kanri", new { revision = 1, displayName = "別人" }, Cancel), "user.change user:sato user:kanri not-allowed"),
            (await admin.DeleteAsync("/api/v1/accounts/kanri/authenticator?revision=9", Cancel), "user.authenticator user:kanri user:kanri changed"),
            (await admin.PostAsJsonAsync("/api/v1/accounts/kanri/password", new { revision = 1 }, Cancel), "user.reset user:kanri user:kanri own-account"),
            (await admin.PostAsJsonAsync("/api/v1/accounts", new { name = "sato", displayName = "別人", roles = new[] { "hq" } }, Cancel), "user.add user:kanri user:sato name-taken"),
            (await sato.PostAsJsonAsync("/api/v1/accounts", new { name = "goto", displayName = "別人", roles = new[] { "hq" } }, Cancel), "user.add user:sato user: not-allowed"),
            (await admin.PostAsJsonAsync("/api/v1/tokens", new { name = "雨量計", roles = new[] { "hq" }, days = 0 }, Cancel), "token.issue user:kanri token:雨量計 bad-days"),
            (await admin.DeleteAsync("/api/v1/tokens/none", Cancel), "token.revoke user:kanri token:none no-token"),
        ];
        Assert.All(attempts, a => Assert.False(a.Answer.IsSuccessStatusCode));
        await host.AuditAsync();
        JsonElement[] changes = [.. (await admin.GetFromJsonAsync<JsonElement>("/api/v1/accounts/changes", Cancel)).GetProperty("changes").EnumerateArray().Where(c => c.GetProperty("outcome").GetString() == "refused").Reverse()];
        Assert.Equal(attempts.Select(a => a.Record), changes.Select(c => string.Join(' ', new[] { "what", "who", "on", "code" }.Select(m => c.GetProperty(m).GetString()))));
        Assert.StartsWith("409: another administrator", changes[0].GetProperty("detail").GetString(), StringComparison.Ordinal); // who reads the log itself needs no table of codes
    }

    private static async Task<HttpClient> PersonAsync(AccessHost host, string name, string[] roles, TimeSpan provedBefore = default)
    {
        string secret = await host.PersonAsync(name, roles, provedBefore);
        HttpClient client = host.Program();
        client.DefaultRequestHeaders.Add("Cookie", $"field-session={secret}");
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        return client;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        string body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == expected, $"{response.StatusCode}: {body}");
        return JsonElement.Parse(body);
    }

    private static async Task<JsonElement> AccountAsync(HttpClient admin, string name) =>
        (await admin.GetFromJsonAsync<JsonElement>("/api/v1/accounts", Cancel)).GetProperty("accounts").EnumerateArray().Single(a => a.GetProperty("name").GetString() == name);

    private static string Roles(JsonElement account) => string.Join(' ', account.GetProperty("roles").EnumerateArray().Select(r => r.GetString()));

    private static bool Has(string line, params string[] parts) => parts.All(p => line.Contains(p, StringComparison.Ordinal));
}
