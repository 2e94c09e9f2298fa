using System.Net;
using System.Text;
using System.Text.Json;
using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>Requests to open, grant or acknowledge that are refused are in the audit log: who, what, on what and why, and no secret of theirs.</summary>
public sealed class RefusedCommandJourneyTests
{
    private const string Pin = "48291377";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Every_refused_command_is_in_the_audit_log_with_its_reason_and_without_its_secret()
    {
        using TemporaryFolder folder = new();
        await using Server server = await Server.StartAsync(folder["data"]);
        using HttpClient http = new() { BaseAddress = server.Http };
        string open = $$$"""{"name":"lock.open","reason":"rounds","who":"mori","args":{"pin":"{{{Pin}}}"}}""";
        await RefusedAsync(http, 400, "devices/lock-07/commands", open);
        await RefusedAsync(http, 400, "devices/lock-07/commands", $"[\"{Pin}\"]");
        await RefusedAsync(http, 415, "devices/lock-07/commands", open, type: "text/plain");
        await RefusedAsync(http, 403, "devices/lock-08/commands", open, origin: "https://elsewhere.example");
        await RefusedAsync(http, 400, "locks/lock-07/grants", $$"""{"pin":"{{Pin}}","who":"sato"}""");
        await RefusedAsync(http, 400, "locks/lock-07/code", $"{Pin} is no JSON");
        await RefusedAsync(http, 404, "alarms/none/acknowledge", """{"who":"kato"}""");
        await RefusedAsync(http, 400, "alarms/none/acknowledge", "{}");
        await RefusedAsync(http, 404, "dead-letters/77/discard", """{"who":"abe","reason":"old"}""");

        (string What, string Who, string On, string Why)[] wanted =
        [
            ("command.send", "user:mori", "devices/lock-07/commands", "400: lock-07 has no lock secret here"),
            ("command.send", "anonymous", "devices/lock-07/commands", "400: the body must be an object"),
            ("command.send", "anonymous", "devices/lock-07/commands", "415: the body must be application/json"),
            ("command.send", "anonymous", "devices/lock-08/commands", "403: a Host or Origin that is not this machine"),
            ("lock.grant", "user:sato", "locks/lock-07/grants", "400: pin: auto or none"),
            ("lock.code", "anonymous", "locks/lock-07/code", "400: the body is not what it must be"),
            ("alarm.acknowledge", "user:kato", "alarms/none/acknowledge", "404: no such alarm"),
            ("alarm.acknowledge", "anonymous", "alarms/none/acknowledge", "400: who: 1 to 100 characters"),
            ("dead-letter.discard", "user:abe", "dead-letters/77/discard", "404: no such dead letter"),
        ];
        string log = "";
        await Wait.UntilAsync(
            async () =>
            {
                await using FieldProcess show = Server.Command("audit", "show", "--data", folder["data"]);
                Assert.Equal(0, await show.ExitAsync(Limit));
                log = show.Output;
                return wanted.All(w => Entries(log).Any(e => Is(e, w)));
            },
            Limit,
            () => $"not all of it is in the audit log:\n{log}");
        Assert.DoesNotContain(Pin, log, StringComparison.Ordinal);
        Assert.DoesNotContain(Pin, server.Output, StringComparison.Ordinal);
    }

    private static bool Is(JsonElement entry, (string What, string Who, string On, string Why) wanted) =>
        Text(entry, "what") == wanted.What && Text(entry, "who") == wanted.Who && Text(entry, "on") == $"/api/v1/{wanted.On}"
        && Text(entry, "outcome") == "refused" && Text(entry, "detail").StartsWith(wanted.Why, StringComparison.Ordinal);

    private static string Text(JsonElement entry, string member) => entry.TryGetProperty(member, out JsonElement value) ? value.GetString() ?? "" : "";

    private static IEnumerable<JsonElement> Entries(string log) => log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonElement.Parse(l));

    private static async Task RefusedAsync(HttpClient http, int status, string path, string body, string type = "application/json", string? origin = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/api/v1/{path}") { Content = new StringContent(body, Encoding.UTF8, type) };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
    }
}
