using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>
/// Issue 3, a lock's day over real processes: enrolled with a code, booked from the command line, opened by the PIN, guessed at, opened from
/// afar with a reason; and afterwards nothing holds a PIN, and only the two secret files hold the secret.
/// </summary>
public sealed partial class LockJourneyTests
{
    private const string Device = "lock-07";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _said = new();

    [Fact]
    public async Task Lock_opens_to_who_may_and_tells_of_who_may_not()
    {
        using TemporaryFolder folder = new();
        string data = folder["data"];
        string identity = folder["identity"];
        await using Server server = await Server.StartAsync(data, null, "--public", "127.0.0.1", "--mqtts", "0", "--https", "0");
        await EnrolAsync(server, data, identity);
        await using FieldProcess agent = FieldProcess.StartField(
            Launch.Typed, "edge-agent", "Field.EdgeAgent", "lock", "--broker", server.Endpoints.GetProperty("mqtts").GetString()!, "--site", Server.Site,
            "--device", Device, "--identity", identity, "--outbox", folder["outbox"], "--lang", "en");

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string granted = await FieldAsync(0, isSaid: false, "lock", "grant", "--device", Device, "--data", data, "--label", "gym", "--from", Time(now.AddMinutes(-5)), "--to", Time(now.AddHours(1)));
        string pin = CodeLine().Match(granted).Groups[1].Value;
        Assert.Equal(6, pin.Length);
        await agent.SaysAsync("bookings taken", Limit);
        await agent.TypeAsync($"pin {pin}");
        JsonElement unlocked = Assert.Single(await EventsAsync(server, "lock-unlocked", 1));
        Assert.Contains("gym", await FieldAsync(0, isSaid: true, "lock", "grants", "--device", Device, "--data", data), StringComparison.Ordinal);
        Assert.Equal("grant", unlocked.GetProperty("by").GetString());

        await agent.TypeAsync("lock");
        await EventsAsync(server, "lock-locked", 1);
        string wrong = string.Concat(pin.Select(c => (char)('0' + ((c - '0' + 5) % 10))));
        for (int i = 0; i < 6; i++) // the sixth falls into the silence that the fifth earned
        {
            await agent.TypeAsync($"pin {wrong}");
        }

        Assert.Equal(6, (await EventsAsync(server, "lock-denied", 6)).Count);
        Assert.Equal("pin-guessing", Assert.Single(await EventsAsync(server, "lock-tamper", 1)).GetProperty("cause").GetString());

        Assert.Contains("done", await FieldAsync(0, isSaid: true, "lock", "open", "--device", Device, "--data", data, "--reason", "fire drill"), StringComparison.Ordinal);
        await FieldAsync(1, isSaid: true, "lock", "open", "--device", Device, "--data", data); // no reason
        Assert.Contains("/data/reason", await FieldAsync(1, isSaid: true, "lock", "open", "--device", Device, "--data", data, "--reason", " "), StringComparison.Ordinal);
        Assert.Equal("command", (await EventsAsync(server, "lock-unlocked", 2))[1].GetProperty("by").GetString());

        await Wait.UntilAsync(() => new[] { "locked-out", "pin-guessing" }.All(w => Audit(data).Contains(w, StringComparison.Ordinal)), Limit, () => $"not audited:\n{Audit(data)}");
        await agent.KillAsync();
        await server.KillAsync();
        _said.AppendLine(agent.Output).AppendLine(server.Output);
        AssertAudited(data);
        await FieldAsync(0, isSaid: true, "audit", "verify", "--data", data);
        AssertSecretsKept(folder, [data, identity], pin, wrong);
    }

    [GeneratedRegex(@"code\s+(\d+)")]
    private static partial Regex CodeLine();

    [GeneratedRegex("[0-9A-Z]{5}(-[0-9A-Z]{5}){8}")]
    private static partial Regex EnrolmentCode();

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Audit(string data) => string.Concat(Directory.GetFiles(Path.Combine(data, "audit"), "*.jsonl").Order(StringComparer.Ordinal).Select(Read));

    private static void AssertAudited(string data)
    {
        string[] lines = Audit(data).Split('\n');
        void Has(params string[] parts) => Assert.Contains(lines, l => parts.All(p => l.Contains(p, StringComparison.Ordinal)));
        Has("\"what\":\"lock.grant\"", $"{Server.Site}/{Device}", "\"outcome\":\"done\"");
        Has("\"what\":\"command.send\"", "lock.open", "fire drill", "\"outcome\":\"done\"");
        Has("\"what\":\"lock.pin\"", "wrong-pin", "\"outcome\":\"refused\"");
        Has("\"what\":\"lock.pin\"", "locked-out", "\"outcome\":\"refused\"");
        Has("\"what\":\"lock.tamper\"", "pin-guessing", "\"outcome\":\"refused\"");
        Has("\"what\":\"command.send\"", "/data/reason", "\"outcome\":\"refused\"");
        Assert.Single(lines, l => l.Contains("\"what\":\"command.send\"", StringComparison.Ordinal) && l.Contains("\"outcome\":\"done\"", StringComparison.Ordinal)); // what had no reason was not sent
    }

    private static string Read(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    /// <summary>The events of a kind, oldest first, once there are so many attempts of them.</summary>
    private static async Task<IReadOnlyList<JsonElement>> EventsAsync(Server server, string kind, int count)
    {
        IReadOnlyList<JsonElement> found = [];
        await Wait.UntilAsync(
            async () =>
            {
                found = [.. (await server.FeaturesAsync("events")).Select(f => f.GetProperty("properties")).Where(p => p.GetProperty("kind").GetString() == kind)
                    .Select(p => p.GetProperty("details"))];
                return found.Count >= count;
            },
            Limit,
            () => $"{found.Count} of {count} {kind}:\n{server.Output}");
        return found;
    }

    private async Task EnrolAsync(Server server, string data, string identity)
    {
        string code = EnrolmentCode().Match(await FieldAsync(0, isSaid: false, "device", "enrol", "--kind", "lock", "--device", Device, "--site", Server.Site, "--data", data)).Value;
        string https = server.Endpoints.GetProperty("https").GetString()!;
        await RunAsync(0, isSaid: true, FieldProcess.StartField(
            Launch.Plain, "edge-agent", "Field.EdgeAgent", "enrol", "--server", https, "--code", code, "--identity", identity, "--lang", "en"));
    }

    private Task<string> FieldAsync(int exit, bool isSaid, params string[] arguments) => RunAsync(exit, isSaid, Server.Command(arguments));

    private async Task<string> RunAsync(int exit, bool isSaid, FieldProcess process)
    {
        await using (process)
        {
            int code = await process.ExitAsync(Limit);
            Assert.True(code == exit, process.Output);
            if (isSaid)
            {
                _said.AppendLine(process.Output);
            }

            return process.Output;
        }
    }

    private void AssertSecretsKept(TemporaryFolder folder, string[] holders, params string[] pins)
    {
        string secretFile = Path.Combine(holders[0], "secrets", $"{Device}.lock-secret");
        string agentFile = Path.Combine(holders[1], "lock.secret");
        string secret = Read(secretFile).Trim();
        Assert.Equal(secret, Read(agentFile).Trim());
        Assert.DoesNotContain(secret, _said.ToString(), StringComparison.OrdinalIgnoreCase);
        string[] files = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
        Assert.Equal([agentFile, secretFile], files.Where(f => Read(f).Contains(secret, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).Reverse());
        Assert.All((string[])[secretFile, agentFile], f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
        foreach (string pin in pins)
        {
            // As a word: six digits may stand in a time, a hash or a key by chance.
            Regex word = new($"(?<![0-9A-Za-z.+/=:-]){pin}(?![0-9A-Za-z.+/=:-])");
            Assert.DoesNotMatch(word, _said.ToString());
            Assert.DoesNotContain(files, f => word.IsMatch(Read(f)));
        }
    }
}
