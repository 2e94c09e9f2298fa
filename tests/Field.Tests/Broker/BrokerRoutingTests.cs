using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Tests.Broker;

/// <summary>Retained messages, subscription options, shared subscriptions, limits.</summary>
public sealed class BrokerRoutingTests
{
    [Fact] // [MQTT-3.3.1-5], [MQTT-3.3.1-6], [MQTT-3.3.1-12]
    public async Task Retained_message_greets_new_subscribers_flagged_until_an_empty_one_removes_it()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using RawClient live = await broker.RawAsync(new(MqttProtocolVersion.V311, "live"));
        await live.SubscribeAsync("a/#", 1);
        await using MqttClient publisher = await broker.ConnectAsync("p");
        await publisher.PublishAsync(new("a/b", new byte[] { 1 }, 1, true), TestBroker.Token);
        await publisher.PublishAsync(new("a/b", new byte[] { 2 }, 1, true), TestBroker.Token);
        Assert.False((await live.ReadAsync<PublishPacket>()).Retain); // to those already subscribed it is a live message
        await using RawClient late = await broker.RawAsync(new(MqttProtocolVersion.V311, "late"));
        await late.SubscribeAsync("a/+", 0);
        PublishPacket greeting = await late.ReadAsync<PublishPacket>();
        Assert.Equal((true, 0, 2), (greeting.Retain, greeting.Qos, (int)greeting.Message.Payload.Span[0]));

        await publisher.PublishAsync(new("a/b", ReadOnlyMemory<byte>.Empty, 1, true), TestBroker.Token);
        await using RawClient later = await broker.RawAsync(new(MqttProtocolVersion.V311, "later"));
        await later.SubscribeAsync("a/+", 0);
        await later.ExpectNothingAsync();
    }

    [Fact]
    public async Task Retained_message_above_the_limit_is_delivered_not_retained_and_counted()
    {
        await using TestBroker broker = await TestBroker.StartAsync(configure: o => o.MaxRetainedMessages = 1);
        await using RawClient live = await broker.RawAsync(new(MqttProtocolVersion.V500, "live"));
        await live.SubscribeAsync("#", 0);
        await broker.Broker.PublishAsync(new("kept", new byte[1], 0, true), TestBroker.Token);
        await broker.Broker.PublishAsync(new("not-kept", new byte[1], 0, true), TestBroker.Token);
        await live.ReadAsync<PublishPacket>();
        Assert.Equal("not-kept", (await live.ReadAsync<PublishPacket>()).Message.Topic);
        Assert.Equal(1, broker.Count("field.broker.messages.dropped:retained-full"));
        await using RawClient late = await broker.RawAsync(new(MqttProtocolVersion.V500, "late"));
        await late.SubscribeAsync("#", 0);
        Assert.Equal("kept", (await late.ReadAsync<PublishPacket>()).Message.Topic);
        await late.ExpectNothingAsync();
    }

    [Fact] // [MQTT-3.3.2-5], [MQTT-3.3.2-6]
    public async Task Message_expiry_counts_down_while_waiting_and_then_drops()
    {
        ManualTime time = new();
        await using TestBroker broker = await TestBroker.StartAsync(time: time);
        await broker.Broker.PublishAsync(
            new("t", new byte[1], 0, true) { Properties = new() { ExpirySeconds = 100 } }, TestBroker.Token);
        time.Advance(TimeSpan.FromSeconds(40));
        await using RawClient first = await broker.RawAsync(new(MqttProtocolVersion.V500, "a"));
        await first.SubscribeAsync("t", 0);
        Assert.Equal(60u, (await first.ReadAsync<PublishPacket>()).Message.Properties!.ExpirySeconds);
        time.Advance(TimeSpan.FromSeconds(61));
        await using RawClient second = await broker.RawAsync(new(MqttProtocolVersion.V500, "b"));
        await second.SubscribeAsync("t", 0);
        await second.ExpectNothingAsync();
    }

    [Theory] // §3.8.3.1
    [InlineData(RetainHandling.Send, true, true)]
    [InlineData(RetainHandling.SendIfNew, true, false)]
    [InlineData(RetainHandling.DoNotSend, false, false)]
    public async Task Retain_handling_says_which_subscribe_is_greeted(object handling, bool first, bool second)
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await broker.Broker.PublishAsync(new("t", new byte[1], 0, true), TestBroker.Token);
        await using RawClient client = await broker.RawAsync(new(MqttProtocolVersion.V500, "c"));
        foreach (bool expected in (bool[])[first, second])
        {
            await client.SendAsync(new SubscribePacket(5, [new("t", 0) { RetainHandling = (RetainHandling)handling }]));
            await client.ReadAsync<SubAckPacket>();
            if (expected)
            {
                Assert.True((await client.ReadAsync<PublishPacket>()).Retain);
            }

            await client.ExpectNothingAsync();
        }
    }

    [Fact]
    public async Task Subscription_options_no_local_retain_as_published_and_identifiers_hold()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using RawClient client = await broker.RawAsync(new(MqttProtocolVersion.V500, "c"));
        await client.SendAsync(new SubscribePacket(1, [new("t", 0) { NoLocal = true }]));
        await client.ReadAsync<SubAckPacket>();
        await client.SendAsync(new PublishPacket(new("t", new byte[1]), 0, false));
        await client.ExpectNothingAsync(); // [MQTT-3.8.3-3]

        await client.SendAsync(
            new SubscribePacket(2, [new("t", 1) { RetainAsPublished = true, RetainHandling = RetainHandling.DoNotSend }])
            { Properties = new() { { PropertyId.SubscriptionIdentifier, 11 } } },
            new SubscribePacket(3, [new("+", 0)]) { Properties = new() { { PropertyId.SubscriptionIdentifier, 12 } } });
        await client.ReadAsync<SubAckPacket>();
        await client.ReadAsync<SubAckPacket>();
        await broker.Broker.PublishAsync(new("t", new byte[1], 2, true), TestBroker.Token);
        PublishPacket one = await client.ReadAsync<PublishPacket>();
        Assert.Equal((1, true), (one.Qos, one.Retain)); // one copy at the highest granted QoS [MQTT-3.3.4-2]
        Assert.Equal([11u, 12u], one.Message.Properties!.SubscriptionIdentifiers.Order());
        await client.ExpectNothingAsync();
    }

    [Fact] // §4.8.2
    public async Task Shared_subscription_gives_each_message_to_one_member()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using RawClient a = await broker.RawAsync(new(MqttProtocolVersion.V500, "a"));
        await using RawClient b = await broker.RawAsync(new(MqttProtocolVersion.V500, "b"));
        await a.SubscribeAsync("$share/g/t/+", 1);
        await b.SubscribeAsync("$share/g/t/+", 1);
        for (byte i = 0; i < 10; i++)
        {
            await broker.Broker.PublishAsync(new("t/x", new[] { i }, 1), TestBroker.Token);
        }

        List<byte> got = [];
        foreach (RawClient member in (RawClient[])[a, b])
        {
            for (int i = 0; i < 5; i++)
            {
                got.Add((await member.ReadAsync<PublishPacket>()).Message.Payload.Span[0]);
            }

            await member.ExpectNothingAsync();
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => (byte)i), got.Order());
    }

    [Fact]
    public async Task Subscribe_answers_each_filter_and_unsubscribe_ends_delivery()
    {
        await using TestBroker broker = await TestBroker.StartAsync(configure: o => o.MaxSubscriptionsPerClient = 2);
        await using RawClient client = await broker.RawAsync(new(MqttProtocolVersion.V500, "c"));
        string deep = string.Join('/', Enumerable.Repeat("x", 200));
        await client.SendAsync(new SubscribePacket(1, [new("a", 2), new("b#", 0), new(deep, 0), new("c", 0), new("d", 0)]));
        Assert.Equal(
            [MqttReasonCode.GrantedQos2, MqttReasonCode.TopicFilterInvalid, MqttReasonCode.TopicFilterInvalid, MqttReasonCode.Success, MqttReasonCode.QuotaExceeded],
            (await client.ReadAsync<SubAckPacket>()).ReasonCodes);
        await client.SendAsync(new UnsubscribePacket(2, ["a", "never"]));
        Assert.Equal(
            [MqttReasonCode.Success, MqttReasonCode.NoSubscriptionExisted], (await client.ReadAsync<UnsubAckPacket>()).ReasonCodes);
        await broker.Broker.PublishAsync(new("a", new byte[1]), TestBroker.Token);
        await client.ExpectNothingAsync();
    }

    [Fact] // [MQTT-3.3.4-9]
    public async Task Receive_maximum_of_the_client_bounds_what_is_in_flight()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using RawClient client = await broker.RawAsync(
            new(MqttProtocolVersion.V500, "c") { Properties = new() { { PropertyId.ReceiveMaximum, 2 } } });
        await client.SubscribeAsync("t", 1);
        for (byte i = 1; i <= 4; i++)
        {
            await broker.Broker.PublishAsync(new("t", new[] { i }, 1), TestBroker.Token);
        }

        PublishPacket first = await client.ReadAsync<PublishPacket>();
        await client.ReadAsync<PublishPacket>();
        await client.ExpectNothingAsync();
        await client.SendAsync(new AckPacket(PacketType.PubAck, first.PacketId));
        Assert.Equal(3, (await client.ReadAsync<PublishPacket>()).Message.Payload.Span[0]);
        await client.ExpectNothingAsync();
    }

    [Fact] // [MQTT-3.1.2-24], [MQTT-3.1.2-25]
    public async Task Maximum_packet_size_of_the_client_skips_larger_messages()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using RawClient client = await broker.RawAsync(
            new(MqttProtocolVersion.V500, "c") { Properties = new() { { PropertyId.MaximumPacketSize, 100 }, { PropertyId.ReceiveMaximum, 1 } } });
        await client.SubscribeAsync("t", 1);
        await broker.Broker.PublishAsync(new("t", new byte[200], 1), TestBroker.Token);
        await broker.Broker.PublishAsync(new("t", new byte[10], 1), TestBroker.Token);
        Assert.Equal(10, (await client.ReadAsync<PublishPacket>()).Message.Payload.Length);
    }

    [Fact]
    public async Task Slow_consumer_loses_qos_0_counted_and_stays_connected()
    {
        await using TestBroker broker = await TestBroker.StartAsync(configure: o => o.MaxQueuedMessagesPerClient = 10);
        await using RawClient slow = await broker.RawAsync(new(MqttProtocolVersion.V500, "slow"));
        await slow.SubscribeAsync("t", 0);
        byte[] payload = new byte[100_000];
        for (int i = 0; broker.Count("field.broker.messages.dropped:slow-qos0") == 0; i++)
        {
            Assert.True(i < 10_000, "the queue has no bound");
            await broker.Broker.PublishAsync(new("t", payload), TestBroker.Token);
        }

        Assert.Equal(1, broker.Broker.ConnectionCount);
        await slow.ReadAsync<PublishPacket>();
    }

    [Fact]
    public async Task Slow_consumer_of_qos_1_is_disconnected_and_its_neighbour_gets_everything()
    {
        await using TestBroker broker = await TestBroker.StartAsync(configure: o => o.MaxQueuedMessagesPerClient = 50);
        await using RawClient slow = await broker.RawAsync(
            new(MqttProtocolVersion.V500, "slow") { Properties = new() { { PropertyId.ReceiveMaximum, 1 } } });
        await slow.SubscribeAsync("t", 1);
        int received = 0;
        await using MqttClient good = await broker.ConnectAsync("good");
        await good.SubscribeAsync("t", 1, (_, _) => { Interlocked.Increment(ref received); return default; }, TestBroker.Token);
        await using MqttClient publisher = await broker.ConnectAsync("p");
        for (int i = 0; i < 60; i++)
        {
            await publisher.PublishAsync(new("t", new byte[10], 1), TestBroker.Token);
        }

        await slow.ReadAsync<PublishPacket>();
        Assert.Equal(MqttReasonCode.QuotaExceeded, (await slow.ReadAsync<DisconnectPacket>()).ReasonCode);
        await BrokerSessionTests.Eventually(() => Volatile.Read(ref received) == 60);
        Assert.True(broker.Count("field.broker.messages.dropped:slow") > 0);
    }

    [Fact] // §3.3.2.3.4
    public async Task Topic_alias_stands_for_the_topic_set_with_it_and_not_above_the_maximum()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using RawClient subscriber = await broker.RawAsync(new(MqttProtocolVersion.V500, "s"));
        await subscriber.SubscribeAsync("#", 0);
        await using RawClient client = await broker.RawAsync(new(MqttProtocolVersion.V500, "c"));
        await client.SendAsync(
            new PublishPacket(new("long/topic", new byte[] { 1 }), 0, false) { TopicAlias = 5 },
            new PublishPacket(new("", new byte[] { 2 }), 0, false) { TopicAlias = 5 });
        await subscriber.ReadAsync<PublishPacket>();
        Assert.Equal("long/topic", (await subscriber.ReadAsync<PublishPacket>()).Message.Topic);
        await client.SendAsync(new PublishPacket(new("t", new byte[1]), 0, false) { TopicAlias = 33 });
        Assert.Equal(MqttReasonCode.TopicAliasInvalid, (await client.ReadAsync<DisconnectPacket>()).ReasonCode);
    }

    [Fact]
    public async Task Message_properties_travel_from_publisher_to_subscriber()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        TaskCompletionSource<MqttMessage> got = new();
        await using MqttClient client = await broker.ConnectAsync("c");
        await client.SubscribeAsync("t", 2, (m, _) => { got.TrySetResult(m); return default; }, TestBroker.Token);
        MqttMessageProperties properties = new()
        {
            IsUtf8 = true,
            ContentType = "application/senml+json",
            ResponseTopic = "answer",
            CorrelationData = new byte[] { 1, 2 },
            UserProperties = [new("a", "1"), new("a", "2")],
        };
        await client.PublishAsync(new("t", "[]"u8.ToArray(), 2) { Properties = properties }, TestBroker.Token);
        MqttMessageProperties received = (await got.Task.WaitAsync(TestBroker.Token)).Properties!;
        Assert.Equal(Mqtt.PacketSamples.Describe(properties), Mqtt.PacketSamples.Describe(received));
    }
}
