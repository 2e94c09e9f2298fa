using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Field.Mqtt;
using Field.Tests.Broker;

namespace Field.Tests.Mqtt;

/// <summary>Our client against a broker nobody here wrote.</summary>
public sealed class MosquittoBrokerTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Client_publishes_and_receives_every_qos_through_mosquitto(MqttProtocolVersion version)
    {
        await using Mosquitto mosquitto = await Mosquitto.StartAsync();
        await using MqttClient client = await MqttClient.ConnectAsync(mosquitto.Options("c", version), TestBroker.Token);
        List<string> got = [];
        TaskCompletionSource all = new();
        await client.SubscribeAsync("t/#", 2, (m, _) =>
        {
            got.Add($"{m.Topic} {m.Qos} {Encoding.UTF8.GetString(m.Payload.Span)}");
            if (got.Count == 300)
            {
                all.SetResult();
            }

            return default;
        }, TestBroker.Token);
        for (int i = 0; i < 100; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(
                qos => client.PublishAsync(new($"t/{qos}", Encoding.UTF8.GetBytes($"{i}"), qos), TestBroker.Token)));
        }

        await all.Task.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
        for (int qos = 0; qos <= 2; qos++)
        {
            Assert.Equal(Enumerable.Range(0, 100).Select(i => $"t/{qos} {qos} {i}"), got.Where(g => g.StartsWith($"t/{qos}", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Client_gets_the_retained_message_and_the_will_from_mosquitto(MqttProtocolVersion version)
    {
        await using Mosquitto mosquitto = await Mosquitto.StartAsync();
        await using MqttClient publisher = await MqttClient.ConnectAsync(mosquitto.Options("p", version), TestBroker.Token);
        await publisher.PublishAsync(new("kept", "last"u8.ToArray(), 1, Retain: true), TestBroker.Token);
        TaskCompletionSource<MqttMessage> kept = new(), will = new();
        await using MqttClient client = await MqttClient.ConnectAsync(mosquitto.Options("c", version), TestBroker.Token);
        await client.SubscribeAsync("kept", 1, (m, _) => { kept.TrySetResult(m); return default; }, TestBroker.Token);
        await client.SubscribeAsync("will", 1, (m, _) => { will.TrySetResult(m); return default; }, TestBroker.Token);
        Assert.True((await kept.Task.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token)).Retain);

        MqttClientOptions options = mosquitto.Options("dying", version) with { Will = new("will", "gone"u8.ToArray(), 1) };
        await using MqttClient dying = await MqttClient.ConnectAsync(options, TestBroker.Token);
        await using MqttClient usurper = await MqttClient.ConnectAsync(options with { Will = null }, TestBroker.Token); // take-over breaks the first
        Assert.Equal("gone", Encoding.UTF8.GetString((await will.Task.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token)).Payload.Span));
        Assert.NotNull(await dying.Closed.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token));
    }

    [Fact]
    public async Task Client_with_a_session_delivers_each_qos_2_message_once_over_broken_connections()
    {
        const int Count = 300;
        await using Mosquitto mosquitto = await Mosquitto.StartAsync();
        List<int> got = [];
        TaskCompletionSource all = new();
        await using MqttClient subscriber = await MqttClient.ConnectAsync(mosquitto.Options("s", MqttProtocolVersion.V500), TestBroker.Token);
        await subscriber.SubscribeAsync("t", 2, (m, _) =>
        {
            got.Add(BitConverter.ToInt32(m.Payload.Span));
            if (got.Count == Count)
            {
                all.SetResult();
            }

            return default;
        }, TestBroker.Token);
        MqttClientOptions usurper = mosquitto.Options("p", MqttProtocolVersion.V500) with { CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) };
        MqttClientOptions options = usurper with { Session = new(), MaxInFlight = 8 };
        List<Task> publishes = [];
        for (int round = 0; round < 3; round++)
        {
            await using MqttClient client = await MqttClient.ConnectAsync(options, TestBroker.Token);
            Assert.Equal(round > 0, client.SessionPresent);
            publishes.AddRange(Enumerable.Range(round * 100, 100).Select(i => client.PublishAsync(new("t", BitConverter.GetBytes(i), 2), TestBroker.Token)));
            await publishes[(round * 100) + 20].WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
            await (await MqttClient.ConnectAsync(usurper, TestBroker.Token)).DisposeAsync(); // take-over breaks the connection in the middle
            await client.Closed.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
        }

        await using MqttClient last = await MqttClient.ConnectAsync(options, TestBroker.Token);
        await Task.WhenAll(publishes).WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
        await all.Task.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
        Assert.Equal(Enumerable.Range(0, Count), got);
    }

    [Fact]
    public async Task Client_subscribes_with_options_and_identifier_and_publishes_with_properties_through_mosquitto()
    {
        await using Mosquitto mosquitto = await Mosquitto.StartAsync();
        await using MqttClient client = await MqttClient.ConnectAsync(mosquitto.Options("c", MqttProtocolVersion.V500), TestBroker.Token);
        await using MqttClient other = await MqttClient.ConnectAsync(mosquitto.Options("o", MqttProtocolVersion.V500), TestBroker.Token);
        TaskCompletionSource<MqttMessage> got = new();
        await client.SubscribeAsync(new MqttSubscription("t/#", 1, (m, _) => { got.TrySetResult(m); return default; })
        {
            NoLocal = true,
            RetainAsPublished = true,
            RetainHandling = RetainHandling.SendIfNew,
            Identifier = 300,
        }, TestBroker.Token);
        await client.PublishAsync(new("t/own", default, 1), TestBroker.Token);
        MqttMessageProperties properties = new()
        {
            IsUtf8 = true,
            ContentType = "text/plain",
            ResponseTopic = "answer",
            CorrelationData = new byte[] { 0, 1 },
            ExpirySeconds = 60,
            UserProperties = [new("b", "1"), new("a", "2"), new("b", "3")],
        };
        await other.PublishAsync(new("t/other", "x"u8.ToArray(), 1, Retain: true) { Properties = properties }, TestBroker.Token);
        MqttMessage message = await got.Task.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
        Assert.Equal(("t/other", true), (message.Topic, message.Retain));
        Assert.Equal([300u], message.Properties!.SubscriptionIdentifiers);
        Assert.Equal(properties.UserProperties, message.Properties.UserProperties);
        Assert.Equal(("text/plain", "answer", true), (message.Properties.ContentType!, message.Properties.ResponseTopic!, message.Properties.IsUtf8));
        Assert.Equal([0, 1], message.Properties.CorrelationData!.Value.ToArray());
    }

    [Fact]
    public async Task Client_loses_mosquitto_and_says_so_as_transient()
    {
        Mosquitto mosquitto = await Mosquitto.StartAsync();
        await using MqttClient client = await MqttClient.ConnectAsync(mosquitto.Options("c", MqttProtocolVersion.V500), TestBroker.Token);
        await mosquitto.DisposeAsync();
        Assert.True((await client.Closed.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token))!.IsTransient);
    }

    /// <summary>A mosquitto of our own on a free loopback port.</summary>
    private sealed class Mosquitto(OutsideProgram program, int port, string config) : IAsyncDisposable
    {
        public static async Task<Mosquitto> StartAsync()
        {
            OutsideProgram.Find("mosquitto");
            int port = FreePort();
            string config = Path.GetTempFileName();
            await File.WriteAllTextAsync(
                config, string.Create(CultureInfo.InvariantCulture, $"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n"), TestBroker.Token);
            OutsideProgram program = OutsideProgram.Start("mosquitto", "-c", config);
            await BrokerSessionTests.Eventually(() => Answers(port));
            return new(program, port, config);
        }

        public MqttClientOptions Options(string clientId, MqttProtocolVersion version) =>
            new() { Server = new($"mqtt://127.0.0.1:{port}"), ClientId = clientId, ProtocolVersion = version };

        public async ValueTask DisposeAsync()
        {
            await program.DisposeAsync();
            File.Delete(config);
        }

        private static int FreePort()
        {
            TcpListener listener = new(IPAddress.Loopback, 0);
            listener.Start();
            int port = ((IPEndPoint)listener.LocalEndpoint).Port;
            listener.Stop();
            return port;
        }

        private static bool Answers(int port)
        {
            try
            {
                using TcpClient probe = new();
                probe.Connect(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }
}
