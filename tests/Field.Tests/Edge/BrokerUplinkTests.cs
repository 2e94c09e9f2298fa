using System.Net;
using Field.Broker;
using Field.Contracts;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Uplink;
using Field.Mqtt;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Field.Tests.Edge;

/// <summary>The agent over real MQTT: Field's own broker on port 0, with the server of the other tests behind it.</summary>
public sealed class BrokerUplinkTests : IDisposable
{
    private readonly EdgeBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Flight_over_MQTT_arrives_byte_for_byte(bool webSocket)
    {
        string[] ids = [.. Enumerable.Range(0, 5).Select(i => _bench.AddPhoto($"{i}.jpg", 100 + (i * 700_000), i))];
        await using Host host = await Host.StartAsync(_bench.Server);
        DroneOptions options = _bench.Options with { Broker = webSocket ? host.WebSocket : host.Tcp };
        Assert.Equal(ExitCodes.Ok, await _bench.RunAsync(options, links: new MqttLinkFactory(new Uri(options.Broker))));
        Assert.Equal(ids.Order(), _bench.Server.Stored.Keys.Order());
        Assert.Empty(_bench.Errors.ToString());
    }

    [Fact]
    public async Task Connections_that_the_server_breaks_are_taken_up_where_they_were()
    {
        string[] ids = [.. Enumerable.Range(0, 4).Select(i => _bench.AddPhoto($"{i}.jpg", 1_500_000, i))];
        int breaks = 0;
        int chunks = 0;
        _bench.Server.Script = t => t.Channel == UpChannel.PhotoChunk && ++chunks % 5 == 0 && breaks++ < 3 ? Fault.LoseBefore : Fault.None;
        await using Host host = await Host.StartAsync(_bench.Server);
        List<UploadEvent> events = [];
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, events, links: new MqttLinkFactory(new Uri(host.Tcp)));
        Assert.Equal(ids.Order(), _bench.Server.Stored.Keys.Order());
        Assert.InRange(events.OfType<UploadEvent.Disconnected>().Count(), 1, 3);
    }

    [Fact]
    public async Task Nobody_there_is_transient_and_names_the_server()
    {
        FieldException e = await Assert.ThrowsAnyAsync<FieldException>(() => new MqttLinkFactory(new Uri("mqtt://127.0.0.1:9")).OpenAsync(
            new LinkRequest("c", "will", ReadOnlyMemory<byte>.Empty, []), TestContext.Current.CancellationToken));
        Assert.True(e.IsTransient);
        Assert.Contains("127.0.0.1", e.Message, StringComparison.Ordinal);
    }

    /// <summary>A host with the broker on two free ports.</summary>
    internal sealed class Host(WebApplication app) : IAsyncDisposable
    {
        private string[] Addresses => [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

        public string Tcp => $"mqtt://127.0.0.1:{new Uri(Addresses[0]).Port}";

        public string WebSocket => $"ws://127.0.0.1:{new Uri(Addresses[1]).Port}/mqtt";

        public static async Task<Host> StartAsync(FakeServer server)
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseMqttBroker());
                kestrel.Listen(IPAddress.Loopback, 0);
            });
            builder.Services.AddMqttBroker(o => o.AcknowledgesDurably = true);
            builder.Services.AddSingleton<IPublishInterceptor>(provider => new Interceptor(server, () => provider.GetRequiredService<MqttBroker>()));
            WebApplication app = builder.Build();
            app.MapMqttWebSocket();
            await app.StartAsync();
            return new Host(app);
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    private sealed class Interceptor(FakeServer server, Func<MqttBroker> broker) : IPublishInterceptor
    {
        public async ValueTask<PublishVerdict> StoreAsync(InboundPublish message, CancellationToken cancellationToken)
        {
            (Fault fault, IReadOnlyList<byte[]> receipts) = server.Take(message.Message.Topic, message.Message.Payload);
            if (fault is Fault.LoseBefore or Fault.LoseAfter)
            {
                throw new FieldException("the store failed", isTransient: true);
            }

            foreach (byte[] receipt in receipts)
            {
                await broker().PublishAsync(new MqttMessage(Topics.Receipt("aoba", "drone-01"), receipt, Qos: 1), cancellationToken);
            }

            return PublishVerdict.Accepted;
        }
    }
}
