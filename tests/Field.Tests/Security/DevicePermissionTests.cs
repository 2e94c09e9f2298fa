using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Field.Contracts;
using Field.EdgeAgent.Identity;
using Field.Ingest.Identity;
using Field.Mqtt;

namespace Field.Tests.Security;

/// <summary>Issue 3, security list: what a device, or somebody with a device's certificate, tries over MQTT.</summary>
public sealed class DevicePermissionTests
{
    private static CancellationToken Token => SecurityHost.Token;

    [Fact]
    public async Task Enrolled_device_speaks_and_hears_under_its_own_name()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using AgentIdentity drone = await host.EnrolAsync("drone-01");
        await using MqttClient device = await host.ConnectAsync(drone);
        await using MqttClient map = await MqttClient.ConnectAsync(new() { Server = host.Plain }, Token);
        TaskCompletionSource up = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource down = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await map.SubscribeAsync("field/v1/+/+/up/#", 1, (_, _) => { up.TrySetResult(); return ValueTask.CompletedTask; }, Token);
        await device.SubscribeAsync("field/v1/aoba/drone-01/down/#", 1, (_, _) => { down.TrySetResult(); return ValueTask.CompletedTask; }, Token);
        await device.PublishAsync(new MqttMessage("field/v1/aoba/drone-01/up/telemetry", new byte[1], 1), Token);
        await map.PublishAsync(new MqttMessage("field/v1/aoba/drone-01/down/receipt", new byte[1], 1), Token);
        await up.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        await down.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal(0, host.Count("field.security.refused:mqtt.publish"));
    }

    [Theory]
    [InlineData("field/v1/aoba/drone-02/up/telemetry")]
    [InlineData("field/v1/aoba/drone-01/down/receipt")]
    [InlineData("field/v1/aoba/live/photo/x")]
    [InlineData("field/v1/other/drone-01/up/telemetry")]
    [InlineData("field/v1/aoba/drone-01/upper")]
    [InlineData("anything")]
    public async Task Message_on_a_foreign_topic_is_refused(string topic)
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using AgentIdentity drone = await host.EnrolAsync("drone-01");
        await using MqttClient device = await host.ConnectAsync(drone);
        MqttException e = await Assert.ThrowsAsync<MqttException>(() => device.PublishAsync(new MqttMessage(topic, new byte[1], 1), Token));
        Assert.Equal(MqttReasonCode.NotAuthorized, e.ReasonCode);
        Assert.Equal(1, host.Count("field.broker.messages.rejected:NotAuthorized"));
        await host.WasRefusedAsync("mqtt.publish", "device:aoba/drone-01", topic, "127.0.0.1");
    }

    [Theory]
    [InlineData("field/v1/aoba/drone-02/down/#")]
    [InlineData("field/v1/aoba/+/down/#")]
    [InlineData("field/v1/aoba/+/down/grants")]
    [InlineData("field/#")]
    [InlineData("#")]
    [InlineData("+/v1/aoba/drone-01/down/receipt")]
    [InlineData("field/v1/aoba/drone-01/#")]
    [InlineData("$share/all/field/v1/aoba/+/down/#")]
    [InlineData("$SYS/#")]
    public async Task Subscription_that_reaches_further_is_refused(string filter)
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using AgentIdentity drone = await host.EnrolAsync("drone-01");
        await using MqttClient device = await host.ConnectAsync(drone);
        MqttException e = await Assert.ThrowsAsync<MqttException>(() => device.SubscribeAsync(filter, 1, (_, _) => ValueTask.CompletedTask, Token));
        Assert.Equal(MqttReasonCode.NotAuthorized, e.ReasonCode);
        Assert.Equal(1, host.Count("field.broker.subscriptions.refused:NotAuthorized"));
        await host.WasRefusedAsync("mqtt.subscribe", "device:aoba/drone-01", filter);
    }

    [Theory]
    [InlineData("drone-02")]
    [InlineData("drone-02/photos")]
    [InlineData("drone-01x")]
    [InlineData("field-aoba-drone-01")]
    public async Task Client_id_of_another_device_is_refused(string clientId)
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using AgentIdentity victim = await host.EnrolAsync("drone-02");
        await using MqttClient connected = await host.ConnectAsync(victim);
        using AgentIdentity thief = await host.EnrolAsync("drone-01");
        MqttException e = await Assert.ThrowsAsync<MqttException>(() => host.ConnectAsync(thief, clientId));
        Assert.Equal(MqttReasonCode.ClientIdentifierNotValid, e.ReasonCode);
        Assert.False(connected.Closed.IsCompleted);
        Assert.Equal(1, host.Count("field.broker.connections.ended:ClientIdentifierNotValid"));
        await host.WasRefusedAsync("mqtt.connect", "device:aoba/drone-01", clientId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("drone-01")]
    [InlineData("drone-01/photos")]
    public async Task Own_client_id_is_taken(string clientId)
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using AgentIdentity drone = await host.EnrolAsync("drone-01");
        await using MqttClient client = await host.ConnectAsync(drone, clientId);
        Assert.False(client.Closed.IsCompleted);
    }

    [Fact]
    public async Task Session_of_somebody_without_certificate_is_not_handed_to_a_device()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        MqttClientOptions local = new() { Server = host.Plain, ClientId = "drone-01", CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) };
        await using (MqttClient before = await MqttClient.ConnectAsync(local, Token))
        {
            await before.SubscribeAsync("#", 1, (_, _) => ValueTask.CompletedTask, Token);
        }

        using AgentIdentity drone = await host.EnrolAsync("drone-01");
        await using MqttClient device = await MqttClient.ConnectAsync(host.Options(drone) with { CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) }, Token);
        Assert.False(device.SessionPresent);
    }

    [Fact]
    public async Task Will_on_a_foreign_topic_is_refused_with_its_connection()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using AgentIdentity drone = await host.EnrolAsync("drone-01");
        MqttClientOptions options = host.Options(drone) with { Will = new("field/v1/aoba/drone-02/up/status", new byte[1], 1) };
        MqttException e = await Assert.ThrowsAsync<MqttException>(() => MqttClient.ConnectAsync(options, Token));
        Assert.Equal(MqttReasonCode.NotAuthorized, e.ReasonCode);
        Assert.Equal(1, host.Count("field.broker.connections.ended:NotAuthorized"));
        await host.WasRefusedAsync("mqtt.will", "device:aoba/drone-01", "field/v1/aoba/drone-02/up/status");
    }

    [Fact]
    public async Task Revoked_device_is_put_out_and_does_not_come_back()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using AgentIdentity drone = await host.EnrolAsync("drone-01");
        using AgentIdentity other = await host.EnrolAsync("drone-02");
        await using MqttClient device = await host.ConnectAsync(drone);
        await using MqttClient bystander = await host.ConnectAsync(other);
        await using (DeviceAdministration administration = host.Administration())
        {
            Assert.Equal(1, await administration.RevokeAsync("drone-01", "stolen", Token));
        }

        MqttException? end = await device.Closed.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal(MqttReasonCode.AdministrativeAction, end!.ReasonCode);
        await Assert.ThrowsAsync<MqttException>(() => host.ConnectAsync(drone));
        await host.WasRefusedAsync("mqtts.handshake", "device:aoba/drone-01", "certificate revoked");
        Assert.Equal(1, host.Count("field.broker.connections.ended:AdministrativeAction"));
        Assert.False(bystander.Closed.IsCompleted);
    }

    [Fact]
    public async Task Device_is_put_out_when_its_certificate_ends()
    {
        await using SecurityHost host = await SecurityHost.StartAsync(o => o with { DeviceLifetime = TimeSpan.FromSeconds(4) });
        using AgentIdentity drone = await host.EnrolAsync("drone-01");
        await using MqttClient device = await host.ConnectAsync(drone);
        MqttException? end = await device.Closed.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(MqttReasonCode.AdministrativeAction, end!.ReasonCode);
        Assert.Contains("expired", end.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MqttException>(() => host.ConnectAsync(drone));
        await host.WasRefusedAsync("mqtts.handshake", "device:aoba/drone-01", "certificate expired");
    }

    [Fact]
    public async Task Certificate_of_another_authority_is_refused()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using TestPki other = new();
        using X509Certificate2 forged = other.Device("aoba", "drone-01");
        await Assert.ThrowsAsync<MqttException>(() => MqttClient.ConnectAsync(host.Options(forged, "drone-01"), Token));
        await host.WasRefusedAsync("mqtts.handshake", "anonymous", "another CA");
    }

    [Theory]
    [InlineData(-30, "aoba", "certificate expired")]
    [InlineData(60, "other", "another site")]
    [InlineData(60, "aoba", "certificate revoked")] // issued by the CA, and in no list: a key of the CA that was misused
    public async Task Certificate_that_does_not_count_is_refused(int validMinutes, string site, string why)
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 issued = host.Get<SiteCa>().IssueDevice(
            site, "drone-01", new PublicKey(key), TimeSpan.FromMinutes(validMinutes));
        using X509Certificate2 certificate = issued.CopyWithPrivateKey(key);
        await Assert.ThrowsAsync<MqttException>(() => MqttClient.ConnectAsync(host.Options(certificate, "drone-01"), Token));
        await host.WasRefusedAsync("mqtts.handshake", $"device:{site}/drone-01", why);
    }

    [Fact]
    public async Task Nobody_comes_in_without_a_certificate()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        await Assert.ThrowsAsync<MqttException>(() => MqttClient.ConnectAsync(host.Options((X509Certificate2?)null, "drone-01"), Token));
        await host.WasRefusedAsync("mqtts.handshake", "anonymous", "no certificate");
    }

    [Fact]
    public async Task Keys_and_records_are_for_the_server_alone()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using AgentIdentity drone = await host.EnrolAsync("drone-01");
        string[] folders = [Path.Combine(host.Folder, "identity"), host.AuditFolder];
        string[] keys = [.. Directory.GetFiles(host.Folder, "*.key", SearchOption.AllDirectories), .. Directory.GetFiles(host.Folder, AgentIdentity.CertificateFile, SearchOption.AllDirectories)];
        Assert.True(keys.Length >= 3);
        Assert.All(folders.Concat(keys), AssertPrivate);
        Assert.Equal(("aoba", "drone-01"), DeviceUri.Read(drone.Certificate));
    }

    private static void AssertPrivate(string path)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others);
        }
    }
}
