using Field.Mqtt;
using Field.Mqtt.Codec;
using Field.Tests.Broker;

namespace Field.Tests.Mqtt;

/// <summary>The client against our broker, over TCP and WebSocket.</summary>
public sealed class MqttClientTests
{
    public static TheoryData<bool, MqttProtocolVersion, int> Ways
    {
        get
        {
            TheoryData<bool, MqttProtocolVersion, int> ways = [];
            foreach (bool webSocket in (bool[])[false, true])
            {
                foreach (MqttProtocolVersion version in Enum.GetValues<MqttProtocolVersion>())
                {
                    for (int qos = 0; qos <= 2; qos++)
                    {
                        ways.Add(webSocket, version, qos);
                    }
                }
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Publish_of_many_at_once_arrives_complete_and_in_order(bool webSocket, MqttProtocolVersion version, int qos)
    {
        const int Count = 1000;
        await using TestBroker broker = await TestBroker.StartAsync();
        Uri server = webSocket ? broker.Web : broker.Tcp;
        await using MqttClient subscriber = await MqttClient.ConnectAsync(broker.Options("s", version) with { Server = server }, TestBroker.Token);
        List<int> got = [];
        TaskCompletionSource all = new();
        await subscriber.SubscribeAsync("t/+", qos, (m, _) =>
        {
            got.Add(BitConverter.ToInt32(m.Payload.Span));
            if (got.Count == Count)
            {
                all.SetResult();
            }

            return default;
        }, TestBroker.Token);
        await using MqttClient publisher = await MqttClient.ConnectAsync(
            broker.Options("p", version) with { Server = server, MaxInFlight = 16 }, TestBroker.Token);
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => publisher.PublishAsync(new("t/x", BitConverter.GetBytes(i), qos), TestBroker.Token)));
        await all.Task.WaitAsync(TimeSpan.FromSeconds(30), TestBroker.Token);
        Assert.Equal(Enumerable.Range(0, Count), got);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Publish_of_the_largest_payload_arrives_equal(bool webSocket)
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        byte[] payload = new byte[1 << 20];
        new Random(1).NextBytes(payload);
        TaskCompletionSource<MqttMessage> got = new();
        await using MqttClient client = await MqttClient.ConnectAsync(
            broker.Options("c") with { Server = webSocket ? broker.Web : broker.Tcp }, TestBroker.Token);
        await client.SubscribeAsync("big", 1, (m, _) => { got.SetResult(m); return default; }, TestBroker.Token);
        await client.PublishAsync(new("big", payload, 1), TestBroker.Token);
        Assert.True((await got.Task.WaitAsync(TestBroker.Token)).Payload.Span.SequenceEqual(payload));
    }

    [Fact]
    public async Task Publish_above_the_servers_packet_size_fails_without_being_sent()
    {
        await using TestBroker broker = await TestBroker.StartAsync(configure: o => o.MaxPacketBytes = 2000);
        await using MqttClient client = await broker.ConnectAsync("c");
        MqttException e = await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync(new("t", new byte[3000], 1), TestBroker.Token));
        Assert.Equal(MqttReasonCode.PacketTooLarge, e.ReasonCode);
        await client.PublishAsync(new("t", new byte[100], 1), TestBroker.Token);
    }

    [Fact]
    public async Task Publish_unacknowledged_when_the_connection_is_lost_fails_as_transient()
    {
        HeldStore store = new();
        TestBroker broker = await TestBroker.StartAsync(store);
        await using MqttClient client = await broker.ConnectAsync("c");
        Task publish = client.PublishAsync(new("t", new byte[1], 1), TestBroker.Token);
        await store.NextAsync();
        broker.Broker.CloseAll();
        MqttException e = await Assert.ThrowsAsync<MqttException>(() => publish.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token));
        Assert.True(e.IsTransient);
        Assert.NotNull(await client.Closed);
        Assert.True((await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync(new("t", new byte[1], 1), TestBroker.Token))).IsTransient);
        Assert.True((await Assert.ThrowsAsync<MqttException>(() => client.SubscribeAsync("t", 1, (_, _) => default, TestBroker.Token))).IsTransient);
    }

    [Fact]
    public async Task Connect_to_nobody_fails_as_transient()
    {
        TestBroker broker = await TestBroker.StartAsync();
        MqttClientOptions options = broker.Options("c");
        await broker.DisposeAsync();
        Assert.True((await Assert.ThrowsAsync<MqttException>(() => MqttClient.ConnectAsync(options, TestBroker.Token))).IsTransient);
        Assert.True((await Assert.ThrowsAsync<MqttException>(
            () => MqttClient.ConnectAsync(options with { Server = new($"ws://127.0.0.1:{broker.WebPort}/mqtt") }, TestBroker.Token))).IsTransient);
    }

    [Fact]
    public async Task Connect_with_options_out_of_range_names_them_all()
    {
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(() => MqttClient.ConnectAsync(
            new() { Server = new("mqtt://127.0.0.1:1"), MaxInFlight = 0, KeepAlive = TimeSpan.FromDays(2) }, TestBroker.Token));
        Assert.Contains("MaxInFlight", e.Message, StringComparison.Ordinal);
        Assert.Contains("KeepAlive", e.Message, StringComparison.Ordinal);
        e = await Assert.ThrowsAsync<ArgumentException>(
            () => MqttClient.ConnectAsync(new() { Server = new("http://127.0.0.1:1") }, TestBroker.Token));
        Assert.Contains("ws://", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_that_throws_leaves_its_message_unacknowledged_and_it_comes_again()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        MqttClientOptions options = broker.Options("c") with { CleanStart = false, SessionExpiry = TimeSpan.FromMinutes(1) };
        await using (MqttClient failing = await MqttClient.ConnectAsync(
            options with { Subscriptions = [new("t", 1, (_, _) => throw new InvalidOperationException("disk full"))] }, TestBroker.Token))
        {
            await broker.Broker.PublishAsync(new("t", new byte[] { 42 }, 1), TestBroker.Token);
            MqttException? why = await failing.Closed.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
            Assert.Contains("disk full", why!.Message, StringComparison.Ordinal);
        }

        TaskCompletionSource<MqttMessage> got = new();
        await using MqttClient again = await MqttClient.ConnectAsync(
            options with { Subscriptions = [new("t", 1, (m, _) => { got.TrySetResult(m); return default; })] }, TestBroker.Token);
        Assert.True(again.SessionPresent);
        MqttMessage message = await got.Task.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
        Assert.Equal((true, 42), (message.Duplicate, (int)message.Payload.Span[0]));
    }

    [Fact]
    public async Task Handler_may_publish_and_await_the_acknowledgement()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using MqttClient client = await broker.ConnectAsync("c");
        TaskCompletionSource<MqttMessage> answered = new();
        await client.SubscribeAsync("answer", 1, (m, _) => { answered.TrySetResult(m); return default; }, TestBroker.Token);
        await client.SubscribeAsync("ask", 1, async (_, ct) => await client.PublishAsync(new("answer", new byte[1], 1), ct), TestBroker.Token);
        await client.PublishAsync(new("ask", new byte[1], 1), TestBroker.Token);
        await answered.Task.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
    }

    [Fact]
    public async Task Unsubscribe_ends_the_handlers_messages()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using MqttClient client = await broker.ConnectAsync("c");
        int a = 0;
        TaskCompletionSource marker = new();
        await client.SubscribeAsync("a", 1, (_, _) => { a++; return default; }, TestBroker.Token);
        await client.SubscribeAsync("b", 1, (_, _) => { marker.SetResult(); return default; }, TestBroker.Token);
        await client.PublishAsync(new("a", new byte[1], 1), TestBroker.Token);
        await client.UnsubscribeAsync("a", TestBroker.Token);
        await client.PublishAsync(new("a", new byte[1], 1), TestBroker.Token);
        await client.PublishAsync(new("b", new byte[1], 1), TestBroker.Token);
        await marker.Task.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
        Assert.InRange(a, 0, 1);
    }

    [Fact]
    public async Task Client_whose_server_falls_silent_closes_after_the_keep_alive()
    {
        await using SilentServer server = new();
        Task<MqttClient> connecting = MqttClient.ConnectAsync(
            new() { Server = new($"mqtt://127.0.0.1:{server.Port}"), KeepAlive = TimeSpan.FromSeconds(1), ProtocolVersion = MqttProtocolVersion.V311 },
            TestBroker.Token);
        await server.AcceptAsync();
        await using MqttClient client = await connecting;
        MqttException? why = await client.Closed.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
        Assert.True(why!.IsTransient);
        Assert.Contains("did not answer", why.Message, StringComparison.Ordinal);
        Assert.True(await server.SawPingAsync());
    }

    /// <summary>Accepts one connection, answers CONNECT with success, then only listens.</summary>
    private sealed class SilentServer : IAsyncDisposable
    {
        private readonly System.Net.Sockets.TcpListener _listener = new(System.Net.IPAddress.Loopback, 0);
        private System.Net.Sockets.TcpClient? _client;

        public SilentServer() => _listener.Start();

        public int Port => ((System.Net.IPEndPoint)_listener.LocalEndpoint).Port;

        public async Task AcceptAsync()
        {
            _client = await _listener.AcceptTcpClientAsync(TestBroker.Token);
            byte[] connect = new byte[256];
            Assert.True(await _client.GetStream().ReadAsync(connect, TestBroker.Token) > 0);
            await _client.GetStream().WriteAsync(PacketSamples.Encode(new ConnAckPacket(false, MqttReasonCode.Success), MqttProtocolVersion.V311), TestBroker.Token);
        }

        public async Task<bool> SawPingAsync()
        {
            byte[] ping = new byte[2];
            await _client!.GetStream().ReadExactlyAsync(ping, TestBroker.Token);
            return ping is [0xC0, 0x00];
        }

        public ValueTask DisposeAsync()
        {
            _client?.Dispose();
            _listener.Stop();
            return ValueTask.CompletedTask;
        }
    }
}
