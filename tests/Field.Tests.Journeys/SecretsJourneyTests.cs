using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>
/// Issue 3, Build 6: a device's whole life over real processes (code, certificate, upload over TLS, replay, revocation), with secrets
/// planted on the way; afterwards everything that was written or said is searched for them.
/// </summary>
public sealed partial class SecretsJourneyTests
{
    private const string Device = "drone-07";
    private const string Password = "planted-password-5f2c";
    private const string Pin = "82419377";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _said = new();

    [Fact]
    public async Task Full_run_leaves_no_secret_in_logs_dead_letters_or_data()
    {
        Requirement.Program("mosquitto_pub");
        using TemporaryFolder folder = new();
        string data = folder["data"];
        string identity = folder["identity"];
        await using Server server = await Server.StartAsync(data, null, "--public", "127.0.0.1", "--mqtts", "0", "--https", "0");
        string handedOut = await RunAsync(0, isSaid: false, Server.Command("device", "enrol", "--device", Device, "--site", Server.Site, "--data", data));
        string code = handedOut.Split('\n').Single(l => CodeLine().IsMatch(l)).Trim();

        await EnrolAsync(server, code, identity, exit: 0);
        await EnrolAsync(server, code, folder["thief"], exit: null); // the same code and another key
        string flight = folder["flight"];
        TestPhotos.Write(flight, count: 2, sizeBytes: 40_000, seed: 1);
        string mqtts = server.Endpoints.GetProperty("mqtts").GetString()!;
        await RunAsync(0, isSaid: true, Upload(flight, mqtts, identity, folder["outbox"]));
        Assert.Equal(2, (await server.FeaturesAsync("photos")).Count);
        await PlantAsync(server.MqttPort);

        await RunAsync(0, isSaid: true, Server.Command("device", "revoke", "--device", Device, "--site", Server.Site, "--data", data));
        TestPhotos.Write(flight, count: 1, sizeBytes: 40_000, seed: 2);
        await using FieldProcess refused = Upload(flight, mqtts, identity, folder["outbox"]);
        await Wait.UntilAsync(
            () => AuditHas(data, "certificate revoked"), Limit, () => $"the revoked device was not refused:\n{refused.Output}\n{server.Output}");
        await refused.KillAsync();
        _said.AppendLine(refused.Output);
        Assert.Equal(2, (await server.FeaturesAsync("photos")).Count);

        await server.KillAsync();
        string verified = await RunAsync(0, isSaid: true, Server.Command("audit", "verify", "--data", data));
        Assert.Contains("OK", verified, StringComparison.Ordinal);
        _said.AppendLine(server.Output);
        Search(folder, data, code, identity);
    }

    [GeneratedRegex("^[0-9A-Z]{5}(-[0-9A-Z]{5}){8}$")]
    private static partial Regex CodeLine();

    private static FieldProcess Upload(string flight, string broker, string identity, string outbox) => FieldProcess.StartField(
        Launch.Plain, "edge-agent", "Field.EdgeAgent", "drone", "--flight", flight, "--broker", broker, "--site", Server.Site, "--device", Device,
        "--identity", identity, "--outbox", outbox, "--lang", "en", "--once");

    private static bool AuditHas(string data, string text) =>
        Directory.EnumerateFiles(Path.Combine(data, "audit")).Where(f => Path.GetExtension(f) != ".lock").Any(f => ReadShared(f).Contains(text, StringComparison.Ordinal));

    private static string ReadShared(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private async Task EnrolAsync(Server server, string code, string identity, int? exit)
    {
        string https = server.Endpoints.GetProperty("https").GetString()!;
        FieldProcess enrol = FieldProcess.StartField(
            Launch.Plain, "edge-agent", "Field.EdgeAgent", "enrol", "--server", https, "--code", code, "--identity", identity, "--lang", "en");
        await RunAsync(exit, isSaid: true, enrol);
    }

    /// <summary>A password in CONNECT, and a PIN as a lock's bridge would send it, in a message that is refused.</summary>
    private async Task PlantAsync(int port)
    {
        string message = $$$"""{"specversion":"1.0","type":"field.event.v1","data":{"action":"unlock","last_used_pincode":"{{{Pin}}}","pin_code":{"user":1,"pin_code":"{{{Pin}}}"} } }""";
        await RunAsync(null, isSaid: true, FieldProcess.Start(
            "mosquitto_pub", "mosquitto_pub", "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-V", "mqttv5", "-q", "1",
            "-u", "operator", "-P", Password, "-i", "bridge-1", "-t", "field/v1/demo/lock-1/up/event", "-m", message));
    }

    /// <param name="exit">The exit code that is expected; null for any but 0 is not known.</param>
    /// <param name="isSaid">What it says must hold no secret; the command that hands out the code must say it.</param>
    /// <param name="process">The process.</param>
    private async Task<string> RunAsync(int? exit, bool isSaid, FieldProcess process)
    {
        await using (process)
        {
            int code = await process.ExitAsync(Limit);
            Assert.True(exit is null || code == exit, process.Output);
            if (isSaid)
            {
                _said.AppendLine(process.Output);
            }

            return process.Output;
        }
    }

    private void Search(TemporaryFolder folder, string data, string code, string identity)
    {
        string[] secrets = [Password, Pin, code, .. Secrets(code)];
        foreach (string secret in secrets)
        {
            Assert.DoesNotContain(secret, _said.ToString(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("PRIVATE KEY", _said.ToString(), StringComparison.Ordinal);
        int searched = 0;
        foreach (string file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            string content = ReadShared(file);
            Assert.All(secrets, secret => Assert.False(content.Contains(secret, StringComparison.Ordinal), $"{file} holds a planted secret"));
            if (content.Contains("PRIVATE KEY", StringComparison.Ordinal))
            {
                Assert.Contains([data, identity, folder["thief"]], at => file.StartsWith(at, StringComparison.Ordinal)); // each made its own
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }

            searched++;
        }

        Assert.DoesNotContain(Directory.EnumerateFiles(folder["thief"]), f => ReadShared(f).Contains("BEGIN CERTIFICATE", StringComparison.Ordinal));
        Assert.True(searched > 8, "too few files to have been a full run");
    }

    /// <summary>The secret of the code with and without its groups; the CA's fingerprint in it is public.</summary>
    private static IEnumerable<string> Secrets(string code)
    {
        string plain = code.Replace("-", "", StringComparison.Ordinal);
        yield return plain;
        yield return plain[5..21];
        yield return code[6..24];
    }
}
