using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>From a server that anybody of this machine uses to one where people sign in, by the commands that an administrator types.</summary>
public sealed partial class SignInJourneyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task First_account_closes_the_map_commands_of_this_machine_go_on_and_no_secret_is_told()
    {
        using TemporaryFolder folder = new();
        await using Server server = await Server.StartAsync(folder["data"]);
        using HttpClient http = new() { BaseAddress = server.Http };
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http));

        string added = await RunAsync(0, "user", "add", "yamada", "--name", "山田 太郎", "--role", "hq", "--role", "locks", "--data", folder["data"]);
        string password = FirstPassword().Match(added).Value;
        await Wait.UntilAsync(async () => await StatusAsync(http) == HttpStatusCode.Unauthorized, Limit, () => "the map stays open");
        Assert.Contains("0 件 / alarms", await RunAsync(0, "alarms", "list", "--data", folder["data"]), StringComparison.Ordinal);

        using HttpResponseMessage signedIn = await http.PostAsJsonAsync("/api/v1/session", new { name = "yamada", password }, TestContext.Current.CancellationToken);
        JsonElement session = await signedIn.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(("done", "password-first"), (session.GetProperty("signIn").GetString(), session.GetProperty("must").GetString()));
        Assert.Contains("hq,locks", await RunAsync(0, "user", "list", "--data", folder["data"]), StringComparison.Ordinal);

        string token = Jwt().Match(await RunAsync(0, "token", "issue", "--name", "gauge watch", "--role", "field", "--days", "3", "--data", folder["data"])).Value;
        using HttpClient machine = new() { BaseAddress = server.Http };
        machine.DefaultRequestHeaders.Authorization = new("Bearer", token);
        await Wait.UntilAsync(async () => await StatusAsync(machine) == HttpStatusCode.OK, Limit, () => "the token is not taken");

        await RunAsync(2, "user", "add", "yamada", "--name", "他の人", "--role", "hq", "--data", folder["data"]);
        await RunAsync(2, "user", "lock", "nobody", "--data", folder["data"]);
        await RunAsync(1, "user", "add", "sato", "--name", "佐藤", "--role", "root", "--data", folder["data"]);
        string log = await RunAsync(0, "audit", "show", "--data", folder["data"]);
        Assert.Contains("user.add", log, StringComparison.Ordinal);
        Assert.Contains("token.issue", log, StringComparison.Ordinal);
        foreach (string secret in new[] { password, token })
        {
            Assert.NotEmpty(secret);
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, server.Output, StringComparison.Ordinal);
        }

        await RunAsync(0, "user", "remove", "yamada", "--data", folder["data"]);
        await Wait.UntilAsync(async () => await StatusAsync(http) == HttpStatusCode.OK, Limit, () => "the map stays closed");
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http)
    {
        using HttpResponseMessage response = await http.GetAsync(new Uri("/api/v1/summary", UriKind.Relative), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task<string> RunAsync(int expected, params string[] arguments)
    {
        await using FieldProcess process = Server.Command(arguments);
        int code = await process.ExitAsync(Limit);
        Assert.True(code == expected, $"{string.Join(' ', arguments)}: {code}\n{process.Output}");
        return process.Output;
    }

    [GeneratedRegex("[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}")]
    private static partial Regex FirstPassword();

    [GeneratedRegex(@"[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")]
    private static partial Regex Jwt();
}
