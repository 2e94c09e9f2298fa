using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Field.MapApp.Access;
using Field.Store.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Access;

/// <summary>A browser as an edge device (SPEC.md section 21): what it may, and what somebody who means ill tries.</summary>
public sealed class BrowserDeviceTests
{
    private const byte Ok = 0;
    private const byte NotAuthorized = 0x87;
    private const byte FormatInvalid = 0x99;

    private static CancellationToken Cancel => AccessHost.Token;

    [Fact]
    public async Task Browser_device_publishes_under_its_own_up_and_hears_its_own_down_and_nothing_else()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string secret = await host.PersonAsync("sato", ["field"]);
        string mine = await IssueAsync(host, secret);
        string other = await IssueAsync(host, await host.PersonAsync("mori", ["field"]));
        Assert.Matches("^tablet-[0-9a-hjkmnp-tv-z]{8}$", mine);

        using RawLine line = await OpenAsync(host, secret, $"{mine}/tab1");
        Assert.Equal(FormatInvalid, await line.PublishAsync($"field/v1/aoba/{mine}/up/event")); // taken in, and refused for what it says: it is {}
        Assert.Equal(FormatInvalid, await line.PublishAsync($"field/v1/aoba/{mine}/up/photo/{new string('a', 64)}/manifest"));
        Assert.Equal(Ok, await line.SubscribeAsync($"field/v1/aoba/{mine}/down/#"));
        foreach (string topic in new[]
        {
            $"field/v1/aoba/{other}/up/event", $"field/v1/aoba/{mine}/down/receipt", "field/v1/aoba/live/health", $"field/v1/other/{mine}/up/event",
            $"field/v1/aoba/{mine}x/up/event", $"field/v1/aoba/{mine}/upx", "$SYS/x", "else",
        })
        {
            Assert.Equal((topic, NotAuthorized), (topic, await line.PublishAsync(topic)));
        }

        foreach (string filter in new[]
        {
            $"field/v1/aoba/{other}/down/#", $"field/v1/aoba/{mine}/up/#", "field/v1/aoba/+/down/#", "field/v1/aoba/live/#", "#", $"$share/g/field/v1/aoba/{other}/down/#",
        })
        {
            Assert.Equal((filter, NotAuthorized), (filter, await line.SubscribeAsync(filter)));
        }
    }

    [Fact]
    public async Task Nobody_connects_as_a_device_that_was_not_issued_to_them()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string sato = await host.PersonAsync("sato", ["field"]);
        string mori = await host.PersonAsync("mori", ["field", "admin"]);
        string id = await IssueAsync(host, sato);
        await AssertNoLineAsync(host, mori, id);
        await AssertNoLineAsync(host, mori, $"{id}/x");
        await AssertNoLineAsync(host, sato, $"{id}x");
        await AssertNoLineAsync(host, sato, "tablet-00000000");
        await AssertNoLineAsync(host, sato, "drone-01");
        Assert.Equal("not-your-device", await AccessHost.CodeAsync(await SendAsync(host, mori, HttpMethod.Post, "/api/v1/session/device", new { id })));
        Assert.Equal("not-your-device", await AccessHost.CodeAsync(await SendAsync(host, mori, HttpMethod.Delete, $"/api/v1/session/devices/{id}")));
        Assert.DoesNotContain(id, await (await SendAsync(host, mori, HttpMethod.Get, "/api/v1/session/devices")).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Own_id_is_given_again_and_labels_are_checked()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string secret = await host.PersonAsync("sato", ["field"]);
        string id = await IssueAsync(host, secret);
        HttpResponseMessage again = await SendAsync(host, secret, HttpMethod.Post, "/api/v1/session/device", new { id });
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(id, (await again.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("id").GetString());
        Assert.Equal("bad-label", await AccessHost.CodeAsync(await SendAsync(host, secret, HttpMethod.Post, "/api/v1/session/device", new { label = "a\nb" })));
        string labels = await (await SendAsync(host, secret, HttpMethod.Get, "/api/v1/tablets")).Content.ReadAsStringAsync(Cancel);
        Assert.Contains("sato さん", labels, StringComparison.Ordinal);
        Assert.DoesNotContain("account", labels, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoking_a_device_ends_its_line_and_nobody_opens_another()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string secret = await host.PersonAsync("sato", ["field"]);
        string id = await IssueAsync(host, secret);
        using RawLine line = await OpenAsync(host, secret, id);
        using RawLine map = await OpenAsync(host, secret, "map:1");
        await host.Administration.RevokeBrowserDeviceAsync(id, Cancel); // the command line: the tablet was lost
        await line.EndAsync();
        await AssertNoLineAsync(host, secret, id);
        Assert.Equal(Ok, await map.SubscribeAsync("field/v1/aoba/live/#")); // the person's map goes on
        Assert.Equal("not-your-device", await AccessHost.CodeAsync(await SendAsync(host, secret, HttpMethod.Post, "/api/v1/session/device", new { id })));
        Assert.Contains(await host.AuditAsync(), l => l.Contains("tablet.issue", StringComparison.Ordinal) && l.Contains(id, StringComparison.Ordinal));
        Assert.Contains(await host.AuditAsync(), l => l.Contains("tablet.revoke", StringComparison.Ordinal) && l.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sign_out_ends_the_line_and_a_removed_account_leaves_its_devices_to_nobody()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string secret = await host.PersonAsync("sato", ["field"]);
        await host.PersonAsync("hq", ["hq"]);
        string id = await IssueAsync(host, secret);
        using (RawLine line = await OpenAsync(host, secret, id))
        {
            await host.Services.GetRequiredService<AccountStore>().EndSessionsAsync("sato", Cancel);
            await line.EndAsync();
        }

        await host.Administration.RemoveAsync("sato", Cancel);
        await AssertNoLineAsync(host, await host.PersonAsync("sato", ["field"]), id); // another person of the same name
    }

    [Fact]
    public async Task Role_without_photos_sends_reports_only_and_one_without_both_is_no_device()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string water = await host.PersonAsync("mizu", ["water"]);
        string id = await IssueAsync(host, water);
        using RawLine line = await OpenAsync(host, water, id);
        Assert.Equal(FormatInvalid, await line.PublishAsync($"field/v1/aoba/{id}/up/event"));
        Assert.Equal(NotAuthorized, await line.PublishAsync($"field/v1/aoba/{id}/up/photo/{new string('a', 64)}/manifest"));
        string admin = await host.PersonAsync("kanri", ["admin"]);
        Assert.Equal("not-allowed", await AccessHost.CodeAsync(await SendAsync(host, admin, HttpMethod.Post, "/api/v1/session/device", new { })));
        await host.Administration.ChangeAsync("mizu", null, ["admin"], Cancel); // ends the sign-in too
        await line.EndAsync();
        string after = SessionCookie.NewSecret();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await host.Services.GetRequiredService<AccountStore>().BeginSessionAsync(new PersonSession(SessionCookie.IdOf(after), "mizu", now, now, now, null), null, default, 5, Cancel);
        await host.Services.GetRequiredService<AccountDirectory>().LookAsync(Cancel);
        await AssertNoLineAsync(host, after, id);
    }

    [Fact]
    public async Task Person_has_so_many_devices_and_an_earlier_one_makes_room()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string secret = await host.PersonAsync("sato", ["field"]);
        string first = await IssueAsync(host, secret);
        for (int i = 1; i < BrowserDevices.PerPerson; i++)
        {
            await host.Services.GetRequiredService<AccountStore>().AddBrowserDeviceAsync(new BrowserDevice($"tablet-{i:D8}", "sato", "x", default), BrowserDevices.PerPerson, Cancel);
        }

        Assert.Equal("too-many-devices", await AccessHost.CodeAsync(await SendAsync(host, secret, HttpMethod.Post, "/api/v1/session/device", new { })));
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(host, secret, HttpMethod.Delete, $"/api/v1/session/devices/{first}")).StatusCode);
        await IssueAsync(host, secret);
    }

    [Fact]
    public async Task Without_accounts_the_id_is_of_this_machine_and_the_first_account_ends_it()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string id = await IssueAsync(host, "");
        using RawLine line = await OpenAsync(host, "", id);
        Assert.Equal(FormatInvalid, await line.PublishAsync($"field/v1/aoba/{id}/up/event"));
        Assert.Equal(NotAuthorized, await line.PublishAsync("field/v1/aoba/gauge/up/event"));
        string secret = await host.PersonAsync("sato", ["hq"]);
        await line.EndAsync();
        await AssertNoLineAsync(host, secret, id);
    }

    private static async Task<string> IssueAsync(AccessHost host, string secret)
    {
        HttpResponseMessage answer = await SendAsync(host, secret, HttpMethod.Post, "/api/v1/session/device", new { });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        JsonElement json = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal("aoba", json.GetProperty("site").GetString());
        return json.GetProperty("id").GetString()!;
    }

    private static async Task<HttpResponseMessage> SendAsync(AccessHost host, string secret, HttpMethod method, string path, object? body = null)
    {
        using HttpRequestMessage request = new(method, path);
        request.Headers.Add("Cookie", $"field-session={secret}");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Content = body is null ? null : JsonContent.Create(body);
        return await host.Program().SendAsync(request, Cancel);
    }

    private static Task<RawLine> OpenAsync(AccessHost host, string secret, string client) =>
        RawLine.OpenAsync(new UriBuilder(host.Loopback) { Scheme = "ws", Path = "/mqtt" }.Uri, secret, client);

    private static async Task AssertNoLineAsync(AccessHost host, string secret, string client) =>
        Assert.Contains("CONNACK 0x85", (await Assert.ThrowsAsync<InvalidOperationException>(() => OpenAsync(host, secret, client))).Message, StringComparison.Ordinal);
}
