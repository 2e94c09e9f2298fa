using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Field.Harness;
using Field.Mqtt;
using Field.Tests.Security;

namespace Field.Tests.Journeys;

/// <summary>
/// A mosquitto that speaks TLS only, wants a client certificate and has the rules of the README: Field's server and a sensor work through
/// it, and whoever is at the wrong broker, or has the wrong papers, is told what to do.
/// </summary>
public sealed class ExternalTlsJourneyTests : IDisposable
{
    private const string Device = "river-1";
    private const int Samples = 20;

    private static readonly TimeSpan Finish = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly TestPki _pki = new("the site's CA");
    private readonly TestPki _other = new("another CA");

    [Fact]
    public async Task Server_and_sensor_work_through_mosquitto_over_TLS_each_under_its_own_topics()
    {
        await using Mosquitto mosquitto = await StartMosquittoAsync();
        await using Server server = await Server.StartAsync(
            _folder["data"], null, "--broker", mosquitto.Tls("localhost").ToString(), "--broker-ca", _folder["ca.pem"], "--broker-cert", _folder["ingest.pem"]);
        await File.WriteAllLinesAsync(
            _folder["lines"], Enumerable.Range(1, Samples).Select(i => string.Create(CultureInfo.InvariantCulture, $"{1_777_593_600 + i},{TelemetryLoad.Quantity},{i},m")), Cancel);
        using X509Certificate2 own = Identity(Device);
        await using FieldProcess agent = Agent.Sensor(
            Device, _folder["lines"], mosquitto.Tls("localhost"), _folder["outbox"], _folder["summary"], Launch.With("FIELD_IDENTITY", _folder[Device]));
        Assert.True(await agent.ExitAsync(Finish) == 0, $"{agent.Output}\n{server.Output}");
        await RefusesAnothersTopicAsync(mosquitto, own);
        await server.KillAsync();

        await using StoredTelemetry store = StoredTelemetry.Open(_folder["data"]);
        Dictionary<long, int> times = await store.TimesStoredAsync(Device);
        Assert.Equal(Enumerable.Range(1, Samples).Select(i => ((long)i, 1)), times.Select(t => (t.Key, t.Value)).Order());
    }

    [Theory]
    [InlineData("localhost", "other.pem", "ingest.pem", "issued by CN=the site's CA, which is not trusted here", "--broker-ca")]
    [InlineData("127.0.0.1", "ca.pem", "ingest.pem", "is for localhost, not for 127.0.0.1: use an address that it names", "--broker-ca")]
    [InlineData("localhost", "ca.pem", null, "It may want a certificate", "--broker-cert")]
    public async Task Server_with_the_wrong_papers_is_not_connected_and_says_what_to_do(string host, string authority, string? certificate, string reason, string option)
    {
        await using Mosquitto mosquitto = await StartMosquittoAsync();
        string[] own = certificate is null ? [] : ["--broker-cert", _folder[certificate]];
        await using Server server = await Server.StartAsync(
            _folder["data"], null, ["--broker", mosquitto.Tls(host).ToString(), "--broker-ca", _folder[authority], .. own]);
        await server.Process.SaysAsync("No connection to the broker", Finish);
        Assert.Contains(server.Output.Split('\n'), l => l.Contains(reason, StringComparison.Ordinal) && l.Contains(option, StringComparison.Ordinal));
        Assert.DoesNotContain("Connected to the broker", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sensor_at_a_broker_of_another_authority_sends_nothing_and_says_why()
    {
        await using Mosquitto mosquitto = await StartMosquittoAsync();
        using X509Certificate2 own = Identity(Device, _other);
        await File.WriteAllTextAsync(_folder["lines"], $",{TelemetryLoad.Quantity},1,m\n", Cancel);
        await using FieldProcess agent = Agent.Sensor(
            Device, _folder["lines"], mosquitto.Tls("localhost"), _folder["outbox"], _folder["summary"], Launch.With("FIELD_IDENTITY", _folder[Device]));
        await agent.SaysAsync("issued by CN=the site's CA, which is not trusted here", Finish);
        Assert.False(agent.HasExited, agent.Output);
        Assert.DoesNotContain("New client connected", mosquitto.Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _pki.Dispose();
        _other.Dispose();
        _folder.Dispose();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<Mosquitto> StartMosquittoAsync()
    {
        Requirement.Holds(Mosquitto.IsInstalled, "mosquitto");
        await File.WriteAllTextAsync(_folder["ca.pem"], _pki.Root.ExportCertificatePem(), Cancel);
        await File.WriteAllTextAsync(_folder["other.pem"], _other.Root.ExportCertificatePem(), Cancel);
        Write(_folder["broker.pem"], _pki.Server("localhost"));
        Write(_folder["ingest.pem"], _pki.Device(Server.Site, "field-ingest"));
        await File.WriteAllTextAsync(
            _folder["acl"],
            $"""
            user field-ingest
            topic read field/v1/{Server.Site}/+/up/#
            topic write field/v1/{Server.Site}/+/down/#
            topic write field/v1/{Server.Site}/live/#

            pattern write field/v1/{Server.Site}/%u/up/#
            pattern read field/v1/{Server.Site}/%u/down/#

            """,
            Cancel);
        return await Mosquitto.StartAsync(
            _folder.Path,
            $"cafile {_folder["ca.pem"]}",
            $"certfile {_folder["broker.pem"]}",
            $"keyfile {_folder["broker.pem"]}",
            "require_certificate true",
            "use_identity_as_username true",
            $"acl_file {_folder["acl"]}");
    }

    private async Task RefusesAnothersTopicAsync(Mosquitto mosquitto, X509Certificate2 own)
    {
        await using MqttClient device = await MqttClient.ConnectAsync(
            new() { Server = mosquitto.Tls("localhost"), Tls = new() { TrustedRoot = _pki.Root, ClientCertificate = own } }, Cancel);
        MqttException refused = await Assert.ThrowsAsync<MqttException>(
            () => device.PublishAsync(new MqttMessage($"field/v1/{Server.Site}/river-2/up/telemetry", "[]"u8.ToArray(), 1), Cancel));
        Assert.Equal(MqttReasonCode.NotAuthorized, refused.ReasonCode);
    }

    /// <summary>A device's identity as enrolment leaves it; it trusts the authority that issued it.</summary>
    private X509Certificate2 Identity(string device, TestPki? pki = null)
    {
        Directory.CreateDirectory(_folder[device]);
        X509Certificate2 certificate = (pki ?? _pki).Device(Server.Site, device);
        Write(Path.Combine(_folder[device], "device.pem"), certificate, keep: true);
        File.WriteAllText(Path.Combine(_folder[device], "ca.pem"), (pki ?? _pki).Root.ExportCertificatePem());
        return certificate;
    }

    /// <summary>Certificate and private key in one file.</summary>
    private static void Write(string path, X509Certificate2 certificate, bool keep = false)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        if (!keep)
        {
            certificate.Dispose();
        }
    }
}
