using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Field.Broker;
using Field.Mqtt;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Field.Tests.Security;

/// <summary>The MQTT client over TLS: which servers it trusts, and that it shows its own certificate.</summary>
public sealed class ClientTlsTests : IDisposable
{
    private readonly TestPki _pki = new();
    private readonly TestPki _other = new("another CA");

    [Theory]
    [InlineData("mqtts")]
    [InlineData("wss")]
    public async Task Server_of_the_trusted_root_hears_the_client_and_sees_its_certificate(string scheme)
    {
        using X509Certificate2 own = _pki.Device("aoba", "drone-01");
        await using TlsBroker broker = await TlsBroker.StartAsync(_pki.Server("localhost"));
        await using MqttClient client = await MqttClient.ConnectAsync(
            broker.Options(scheme, "localhost") with { Tls = new() { TrustedRoot = _pki.Root, ClientCertificate = own } }, Token);
        TaskCompletionSource<string> heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await client.SubscribeAsync("a", 1, (m, _) => { heard.TrySetResult(m.Topic); return ValueTask.CompletedTask; }, Token);
        await client.PublishAsync(new MqttMessage("a", new byte[100_000], 1), Token);
        Assert.Equal("a", await heard.Task.WaitAsync(TimeSpan.FromSeconds(20), Token));
        Assert.Equal(own.Thumbprint, broker.Seen);
    }

    [Theory]
    [InlineData("mqtts")]
    [InlineData("wss")]
    public async Task Server_of_another_root_is_not_spoken_to(string scheme)
    {
        await using TlsBroker broker = await TlsBroker.StartAsync(_other.Server("localhost"));
        await RefusesAsync(
            broker.Options(scheme, "localhost") with { Tls = new() { TrustedRoot = _pki.Root } },
            "issued by CN=another CA, which is not trusted here: trust the certificate of that authority");
    }

    [Fact]
    public async Task Server_with_another_name_is_not_spoken_to()
    {
        await using TlsBroker broker = await TlsBroker.StartAsync(_pki.Server("elsewhere.example"));
        await RefusesAsync(
            broker.Options("mqtts", "127.0.0.1") with { Tls = new() { TrustedRoot = _pki.Root } }, "is for elsewhere.example, not for 127.0.0.1: use an address that it names");
    }

    [Fact]
    public async Task Device_that_plays_the_server_is_not_spoken_to()
    {
        // Kestrel itself would refuse to start with such a certificate; an attacker uses something else.
        using X509Certificate2 stolen = _pki.Device("aoba", "drone-02");
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task playing = PlayServerAsync(listener, stolen);
        await RefusesAsync(new()
        {
            Server = new Uri($"mqtts://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}"),
            Tls = new() { TrustedRoot = _pki.Root },
        });
        await playing;
    }

    [Fact]
    public async Task Server_of_a_private_root_is_not_spoken_to_with_the_roots_of_the_machine()
    {
        await using TlsBroker broker = await TlsBroker.StartAsync(_pki.Server("localhost"));
        await RefusesAsync(broker.Options("mqtts", "localhost"));
    }

    public void Dispose()
    {
        _pki.Dispose();
        _other.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task PlayServerAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Token);
        await using SslStream stream = new(client.GetStream());
        await Record.ExceptionAsync(() => stream.AuthenticateAsServerAsync(certificate));
    }

    private static async Task RefusesAsync(MqttClientOptions options, string advice = "the server's certificate")
    {
        MqttException e = await Assert.ThrowsAsync<MqttException>(() => MqttClient.ConnectAsync(options, Token));
        Assert.Contains("no secure connection", e.Message, StringComparison.Ordinal);
        Assert.Contains(advice, e.Message, StringComparison.Ordinal);
        Assert.True(e.IsTransient);
    }

    private sealed class TlsBroker(WebApplication app, X509Certificate2 certificate) : IAsyncDisposable
    {
        private int[] _ports = [];

        public string? Seen { get; private set; }

        public static async Task<TlsBroker> StartAsync(X509Certificate2 certificate)
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            TlsBroker? broker = null;
            builder.Logging.ClearProviders();
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            {
                HttpsConnectionAdapterOptions https = new()
                {
                    ServerCertificate = certificate,
                    ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                    ClientCertificateValidation = (shown, _, _) => (broker!.Seen = shown.Thumbprint) is not null,
                };
                kestrel.Listen(IPAddress.Loopback, 0, l => l.UseHttps(https).UseMqttBroker());
                kestrel.Listen(IPAddress.Loopback, 0, l => l.UseHttps(https));
            });
            builder.Services.AddRouting();
            builder.Services.AddMqttBroker();
            WebApplication app = builder.Build();
            app.MapMqttWebSocket("/mqtt");
            broker = new(app, certificate);
            await app.StartAsync(Token);
            broker._ports = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a).Port)];
            return broker;
        }

        public MqttClientOptions Options(string scheme, string host) =>
            new() { Server = new Uri(scheme == "wss" ? $"wss://{host}:{_ports[1]}/mqtt" : $"mqtts://{host}:{_ports[0]}") };

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
            certificate.Dispose();
        }
    }
}
