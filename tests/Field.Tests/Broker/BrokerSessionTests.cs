using System.Text;
using Field.Broker;
using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Tests.Broker;

/// <summary>Connecting, sessions, take-over, wills, keep-alive.</summary>
public sealed class BrokerSessionTests
{
    [Fact]
    public async Task First_packet_other_than_connect_ends_the_connection_MQTT_3_1_0_1()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using RawClient client = await broker.RawAsync();
        await client.SendAsync(PingReqPacket.Instance);
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task Connect_of_version_31_is_told_the_version_is_not_supported_MQTT_3_1_2_2()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using RawClient client = await broker.RawAsync();
        await client.SendBytesAsync(Convert.FromHexString("100F00064D514973647003" + "02000A000161"));
        Assert.Equal(MqttReasonCode.UnsupportedProtocolVersion, (await client.ReadAsync<ConnAckPacket>()).ReasonCode);
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task Second_connect_is_a_protocol_error_MQTT_3_1_0_2()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        ConnectPacket connect = new(MqttProtocolVersion.V500, "c");
        await using RawClient client = await broker.RawAsync(connect);
        await client.SendAsync(connect);
        Assert.Equal(MqttReasonCode.ProtocolError, (await client.ReadAsync<DisconnectPacket>()).ReasonCode);
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task Connect_above_the_limit_is_refused_as_busy_and_transient()
    {
        await using TestBroker broker = await TestBroker.StartAsync(configure: o => o.MaxConnections = 1);
        await using MqttClient first = await broker.ConnectAsync("a");
        MqttException e = await Assert.ThrowsAsync<MqttException>(() => broker.ConnectAsync("b"));
        Assert.Equal(MqttReasonCode.ServerBusy, e.ReasonCode);
        Assert.True(e.IsTransient);
        Assert.Equal(1, broker.Count("field.broker.connections.ended:ServerBusy"));
    }

    [Fact]
    public async Task Connect_without_identifier_is_given_one_in_500_and_refused_in_311_without_clean_session()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using MqttClient client = await broker.ConnectAsync("");
        Assert.StartsWith("auto-", client.ClientId, StringComparison.Ordinal);
        await using RawClient old = await broker.RawAsync();
        await old.SendAsync(new ConnectPacket(MqttProtocolVersion.V311, "") { CleanStart = false });
        Assert.Equal(MqttReasonCode.ClientIdentifierNotValid, (await old.ReadAsync<ConnAckPacket>()).ReasonCode);
    }

    [Fact]
    public async Task Packet_above_the_limit_ends_the_connection_with_packet_too_large()
    {
        await using TestBroker broker = await TestBroker.StartAsync(configure: o => o.MaxPacketBytes = 2000);
        await using RawClient client = await broker.RawAsync(new(MqttProtocolVersion.V500, "c"));
        await client.SendAsync(new PublishPacket(new("t", new byte[2000]), 0, false));
        Assert.Equal(MqttReasonCode.PacketTooLarge, (await client.ReadAsync<DisconnectPacket>()).ReasonCode);
        await client.ExpectEndAsync();
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Connect_with_an_identifier_in_use_takes_over_MQTT_3_1_4_3(MqttProtocolVersion version)
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using MqttClient first = await broker.ConnectAsync("same", version);
        await using MqttClient second = await broker.ConnectAsync("same", version);
        MqttException? why = await first.Closed.WaitAsync(TestBroker.Token);
        Assert.Equal(version == MqttProtocolVersion.V500 ? MqttReasonCode.SessionTakenOver : MqttReasonCode.ServerUnavailable, why!.ReasonCode);
        await second.PublishAsync(new("t", new byte[1], 1), TestBroker.Token);
    }

    [Fact]
    public async Task Connect_of_one_identifier_from_many_at_once_leaves_exactly_one()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        MqttClient[] clients = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => MqttClient.ConnectAsync(broker.Options("same"), TestBroker.Token)));
        List<Task<MqttException?>> open = [.. clients.Select(c => c.Closed)];
        while (open.Count > 1)
        {
            Task<MqttException?> ended = await Task.WhenAny(open).WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
            Assert.Equal(MqttReasonCode.SessionTakenOver, (await ended)!.ReasonCode);
            open.Remove(ended);
        }

        MqttClient last = clients.Single(c => !c.Closed.IsCompleted);
        await last.PublishAsync(new("t", new byte[1], 1), TestBroker.Token);
        foreach (MqttClient client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Session_kept_delivers_what_came_meanwhile_and_again_what_was_not_acknowledged(MqttProtocolVersion version)
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        ConnectPacket connect = new(version, "s")
        {
            CleanStart = false,
            Properties = version == MqttProtocolVersion.V500 ? new() { { PropertyId.SessionExpiryInterval, 100 } } : null,
        };
        RawClient subscriber = await broker.RawAsync(connect);
        Assert.False(subscriber.SessionPresent);
        await subscriber.SubscribeAsync("t", 1);
        await broker.Broker.PublishAsync(new("t", new byte[] { 1 }, 1), TestBroker.Token);
        PublishPacket first = await subscriber.ReadAsync<PublishPacket>();
        Assert.False(first.Duplicate);
        subscriber.Break(); // not acknowledged
        await Eventually(() => broker.Broker.ConnectionCount == 0);
        await broker.Broker.PublishAsync(new("t", new byte[] { 2 }, 1), TestBroker.Token);
        await broker.Broker.PublishAsync(new("t", new byte[] { 3 }, 0), TestBroker.Token); // QoS 0 is not kept

        await using RawClient again = await broker.RawAsync(connect);
        Assert.True(again.SessionPresent);
        PublishPacket repeated = await again.ReadAsync<PublishPacket>();
        Assert.Equal((true, first.PacketId, 1), (repeated.Duplicate, repeated.PacketId, (int)repeated.Message.Payload.Span[0])); // [MQTT-4.4.0-1]
        PublishPacket second = await again.ReadAsync<PublishPacket>();
        Assert.Equal((false, 2), (second.Duplicate, (int)second.Message.Payload.Span[0]));
        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task Session_expired_is_not_present_and_gives_nothing()
    {
        ManualTime time = new();
        await using TestBroker broker = await TestBroker.StartAsync(time: time);
        ConnectPacket connect = new(MqttProtocolVersion.V500, "s")
        {
            CleanStart = false,
            Properties = new() { { PropertyId.SessionExpiryInterval, 10 } },
        };
        RawClient first = await broker.RawAsync(connect);
        await first.SubscribeAsync("t", 1);
        first.Break();
        await Eventually(() => broker.Broker.ConnectionCount == 0);
        time.Advance(TimeSpan.FromSeconds(11));
        await broker.Broker.SweepAsync();
        await broker.Broker.PublishAsync(new("t", new byte[1], 1), TestBroker.Token);
        await using RawClient second = await broker.RawAsync(connect);
        Assert.False(second.SessionPresent);
        await second.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Will_is_published_when_the_connection_breaks_and_not_after_disconnect_MQTT_3_1_2_8(bool breaks, bool expected)
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using RawClient watcher = await broker.RawAsync(new(MqttProtocolVersion.V500, "w"));
        await watcher.SubscribeAsync("will", 1);
        await using RawClient client = await broker.RawAsync(
            new(MqttProtocolVersion.V311, "c") { Will = new("will", Encoding.UTF8.GetBytes("gone"), 1, true) });
        if (breaks)
        {
            client.Break();
        }
        else
        {
            await client.SendAsync(new DisconnectPacket());
            await client.ExpectEndAsync();
        }

        if (expected)
        {
            Assert.Equal("gone", Encoding.UTF8.GetString((await watcher.ReadAsync<PublishPacket>()).Message.Payload.Span));
            await using RawClient late = await broker.RawAsync(new(MqttProtocolVersion.V311, "late"));
            await late.SubscribeAsync("will", 0);
            Assert.True((await late.ReadAsync<PublishPacket>()).Retain);
        }
        else
        {
            await watcher.ExpectNothingAsync();
        }
    }

    [Fact] // §3.1.3.2.2
    public async Task Will_with_a_delay_waits_for_it_and_is_called_off_by_a_return()
    {
        ManualTime time = new();
        await using TestBroker broker = await TestBroker.StartAsync(time: time);
        await using RawClient watcher = await broker.RawAsync(new(MqttProtocolVersion.V500, "w"));
        await watcher.SubscribeAsync("will", 1);
        ConnectPacket connect = new(MqttProtocolVersion.V500, "c")
        {
            CleanStart = false,
            Will = new("will", new byte[] { 1 }, 1),
            WillDelaySeconds = 5,
            Properties = new() { { PropertyId.SessionExpiryInterval, 100 } },
        };
        RawClient first = await broker.RawAsync(connect);
        first.Break();
        await Eventually(() => broker.Broker.ConnectionCount == 1);
        time.Advance(TimeSpan.FromSeconds(4));
        await broker.Broker.SweepAsync();
        RawClient second = await broker.RawAsync(connect);
        time.Advance(TimeSpan.FromSeconds(4));
        await broker.Broker.SweepAsync();
        await watcher.ExpectNothingAsync();

        second.Break();
        await Eventually(() => broker.Broker.ConnectionCount == 1);
        time.Advance(TimeSpan.FromSeconds(6));
        await broker.Broker.SweepAsync();
        Assert.Equal("will", (await watcher.ReadAsync<PublishPacket>()).Message.Topic);
    }

    [Fact] // 3.1.1 [MQTT-3.1.2-24]
    public async Task Client_silent_for_one_and_a_half_keep_alives_is_disconnected()
    {
        ManualTime time = new();
        await using TestBroker broker = await TestBroker.StartAsync(time: time);
        await using RawClient client = await broker.RawAsync(new(MqttProtocolVersion.V500, "c") { KeepAliveSeconds = 10 });
        time.Advance(TimeSpan.FromSeconds(14.9));
        await broker.Broker.SweepAsync();
        await client.ExpectNothingAsync(); // this ping counts as life
        time.Advance(TimeSpan.FromSeconds(15.1));
        await broker.Broker.SweepAsync();
        Assert.Equal(MqttReasonCode.KeepAliveTimeout, (await client.ReadAsync<DisconnectPacket>()).ReasonCode);
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task Authorizer_refusals_reach_the_client_as_not_authorized()
    {
        await using TestBroker broker = await TestBroker.StartAsync(authorizer: new OnlyOwnTopics());
        MqttException refused = await Assert.ThrowsAsync<MqttException>(() => broker.ConnectAsync("stranger"));
        Assert.Equal(MqttReasonCode.NotAuthorized, refused.ReasonCode);
        await using MqttClient client = await broker.ConnectAsync("dev1");
        await client.PublishAsync(new("dev1/up", new byte[1], 1), TestBroker.Token);
        Assert.Equal(MqttReasonCode.NotAuthorized,
            (await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync(new("dev2/up", new byte[1], 1), TestBroker.Token))).ReasonCode);
        Assert.Equal(MqttReasonCode.NotAuthorized,
            (await Assert.ThrowsAsync<MqttException>(() => client.SubscribeAsync("#", 1, (_, _) => default, TestBroker.Token))).ReasonCode);
    }

    [Fact]
    public async Task Stopping_the_host_tells_clients_and_does_not_wait_for_them()
    {
        TestBroker broker = await TestBroker.StartAsync();
        await using MqttClient client = await broker.ConnectAsync("c");
        await broker.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(15), TestBroker.Token);
        Assert.Equal(MqttReasonCode.ServerShuttingDown, (await client.Closed.WaitAsync(TestBroker.Token))!.ReasonCode);
    }

    internal static async Task Eventually(Func<bool> condition)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestBroker.Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class OnlyOwnTopics : IMqttAuthorizer
    {
        public ValueTask<MqttReasonCode> ConnectAsync(MqttClientIdentity client, CancellationToken cancellationToken) =>
            new(client.ClientId == "stranger" ? MqttReasonCode.NotAuthorized : MqttReasonCode.Success);

        public bool MayPublish(MqttClientIdentity client, string topic) => topic.StartsWith(client.ClientId + "/", StringComparison.Ordinal);

        public bool MaySubscribe(MqttClientIdentity client, string filter) => MayPublish(client, filter);
    }
}
