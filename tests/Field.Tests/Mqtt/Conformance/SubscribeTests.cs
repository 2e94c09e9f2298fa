namespace Field.Tests.Mqtt.Conformance;

/// <summary>Chapters 3.8 to 3.11, SUBSCRIBE and UNSUBSCRIBE, and overlapping subscriptions (§3.3.4).</summary>
public sealed class SubscribeTests(BrokerFixture fixture) : ConformanceTest(fixture)
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.8.3-3", "MQTT-3.10.3-2", "MQTT-4.8.0-1")]
    [Normative("5.0", "MQTT-3.8.3-2", "MQTT-3.10.2-2", "MQTT-4.13.1-1")]
    public async Task Request_without_a_filter_is_a_protocol_error(int v)
    {
        foreach (int first in (int[])[0x82, 0xA2])
        {
            await using Peer peer = await ConnectAsync(v);
            await peer.SendAsync(Frames.Packet(first, Frames.U16(1), Frames.Props(v)));
            await peer.ExpectDisconnectAsync(0x82);
        }
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.8.3-4")]
    [Normative("5.0", "MQTT-3.8.3-5")]
    public async Task Reserved_option_bits_are_malformed()
    {
        foreach ((int v, int options) in ((int, int)[])[(4, 0x03), (4, 0x04), (4, 0x08), (4, 0x10), (4, 0x40), (4, 0x80), (5, 0x03), (5, 0x30), (5, 0x40), (5, 0x80)])
        {
            await using Peer peer = await ConnectAsync(v);
            await peer.SendAsync(Frames.Subscribe(v, 1, "t", options));
            await peer.ExpectDisconnectAsync(0x81);
        }
    }

    [Fact]
    [Normative("5.0", "MQTT-3.8.3-4")]
    public async Task No_local_on_a_shared_subscription_is_a_protocol_error()
    {
        await using Peer peer = await ConnectAsync(5);
        await peer.SendAsync(Frames.Subscribe(5, 1, "$share/g/t", 0x04));
        await peer.ExpectDisconnectAsync(0x82);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.8.3-3")]
    public async Task No_local_keeps_a_clients_own_messages_from_it()
    {
        string topic = New("t");
        await using Peer a = await ConnectAsync(5), b = await ConnectAsync(5);
        await a.SubscribeAsync(topic, 0x04);
        await b.SubscribeAsync(topic, 0x00);
        await a.SendAsync(Frames.Publish(5, topic, "from a"));
        await a.ExpectNothingAsync();
        await b.SendAsync(Frames.Publish(5, topic, "from b"));
        await a.ExpectAsync(Frames.Publish(5, topic, "from b"));
        await b.ExpectAsync(Frames.Publish(5, topic, "from a"), Frames.Publish(5, topic, "from b"));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.8.4-4", "MQTT-3.8.4-5", "MQTT-3.9.3-1", "MQTT-3.9.3-2")]
    [Normative("5.0", "MQTT-3.8.4-5", "MQTT-3.8.4-6", "MQTT-3.8.4-7", "MQTT-3.9.3-1", "MQTT-3.9.3-2")]
    public async Task Many_filters_get_one_suback_with_a_code_for_each_in_order(int v)
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(v);
        await peer.SendAsync(Frames.SubscribeMany(
            v, 77, (topic + "/a", 2), ("denied/x", 1), (topic + "/b", 0), ("wrong/#/x", 0), (topic + "/c", 1), ("wrong+", 2)));
        await peer.ExpectAsync(v == 5 ? Frames.SubAck(5, 77, 2, 0x87, 0, 0x8F, 1, 0x8F) : Frames.SubAck(4, 77, 2, 0x80, 0, 0x80, 1, 0x80));
        await peer.SendAsync(Frames.Publish(v, topic + "/a", "1"), Frames.Publish(v, topic + "/b", "2"), Frames.Publish(v, topic + "/c", "3"));
        await peer.ExpectAsync(Frames.Publish(v, topic + "/a", "1"), Frames.Publish(v, topic + "/b", "2"), Frames.Publish(v, topic + "/c", "3"));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.8.4-6")]
    [Normative("5.0", "MQTT-3.8.4-8")]
    public async Task Message_is_delivered_with_the_lower_of_its_qos_and_the_granted(int v)
    {
        string topic = New("t");
        await using Peer publisher = await ConnectAsync(v);
        for (int granted = 0; granted <= 2; granted++)
        {
            await using Peer peer = await ConnectAsync(v);
            await peer.SubscribeAsync(topic, granted);
            for (int qos = 0; qos <= 2; qos++)
            {
                await publisher.SendAsync(Frames.Publish(v, topic, $"{qos}", qos, 10 + (granted * 3) + qos));
                Publication got = await peer.ReadPublishAsync();
                Assert.Equal(($"{qos}", Math.Min(qos, granted)), (got.Payload, got.Qos));
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.3.5-1")]
    [Normative("5.0", "MQTT-3.3.4-2")]
    public async Task Overlapping_subscriptions_deliver_one_copy_with_the_highest_qos(int v)
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(v);
        await peer.SubscribeAsync(topic + "/#", 2);
        await peer.SubscribeAsync(topic + "/+", 1);
        await peer.SubscribeAsync(topic + "/a", 0);
        await using Peer publisher = await ConnectAsync(v);
        await publisher.SendAsync(Frames.Publish(v, topic + "/a", "x", 2, 1));
        Assert.Equal(2, (await peer.ReadPublishAsync()).Qos);
        await peer.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.4-3", "MQTT-3.3.4-4")]
    public async Task Subscription_identifiers_of_all_matching_subscriptions_are_sent()
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(5);
        await peer.SubscribeAsync(topic + "/#", 0, Prop.Var(Prop.SubscriptionId, 1));
        await peer.SubscribeAsync(topic + "/+", 0, Prop.Var(Prop.SubscriptionId, 268_435_455));
        await peer.SubscribeAsync(topic + "/a", 0); // without one
        await peer.SubscribeAsync(topic + "/b", 0, Prop.Var(Prop.SubscriptionId, 300));
        Assert.Equal(["0B01", "0BFFFFFF7F"], await IdsAsync(topic + "/a"));
        Assert.Equal(["0B01", "0BAC02", "0BFFFFFF7F"], await IdsAsync(topic + "/b"));
        await peer.SubscribeAsync(topic + "/+", 0); // replaced by one without
        Assert.Equal(["0B01"], await IdsAsync(topic + "/a"));

        await peer.SendAsync(Frames.Publish(5, topic + "/b", "kept", retain: true));
        await peer.ReadPublishAsync();
        await peer.SubscribeAsync(topic + "/b", 0, Prop.Var(Prop.SubscriptionId, 5));
        Assert.Equal(["0B05"], (await peer.ReadPublishAsync()).All(Prop.SubscriptionId).Select(Convert.ToHexString)); // retained: the one it is sent for

        async Task<IEnumerable<string>> IdsAsync(string to)
        {
            await peer.SendAsync(Frames.Publish(5, to, "x"));
            return (await peer.ReadPublishAsync()).All(Prop.SubscriptionId).Select(Convert.ToHexString).Order(StringComparer.Ordinal);
        }
    }

    [Fact]
    [Normative("5.0", "MQTT-4.13.1-1")]
    public async Task Subscription_identifier_0_or_two_of_them_is_a_protocol_error()
    {
        foreach (byte[][] props in (byte[][][])[[[Prop.SubscriptionId, 0]], [Prop.Var(Prop.SubscriptionId, 1), Prop.Var(Prop.SubscriptionId, 2)]])
        {
            await using Peer peer = await ConnectAsync(5);
            await peer.SendAsync(Frames.Subscribe(5, 1, "t", 0, props));
            await peer.ExpectDisconnectAsync(0x82);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.10.4-1", "MQTT-3.10.4-2", "MQTT-3.10.4-4", "MQTT-3.10.4-5", "MQTT-3.10.4-6")]
    [Normative("5.0", "MQTT-3.10.4-1", "MQTT-3.10.4-2", "MQTT-3.10.4-4", "MQTT-3.10.4-5", "MQTT-3.10.4-6", "MQTT-3.11.3-1", "MQTT-3.11.3-2")]
    public async Task Unsubscribe_deletes_equal_filters_only_and_answers_once_with_a_code_for_each(int v)
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(v);
        await peer.SubscribeAsync(topic + "/+");
        await peer.SubscribeAsync(topic + "/a/#");
        await peer.SubscribeAsync(topic + "/ü");
        await peer.SendAsync(Frames.Unsubscribe(v, 1, topic + "/a", topic + "/#", topic + "/u\u0308", topic.ToUpperInvariant() + "/+"));
        await peer.ExpectAsync(Frames.UnsubAck(v, 1, 0x11, 0x11, 0x11, 0x11));
        await peer.SendAsync(Frames.Publish(v, topic + "/a", "x"));
        await peer.ExpectAsync(Frames.Publish(v, topic + "/a", "x"));
        await peer.SendAsync(Frames.Unsubscribe(v, 2, topic + "/+", "none", topic + "/a/#", topic + "/ü"));
        await peer.ExpectAsync(Frames.UnsubAck(v, 2, 0x00, 0x11, 0x00, 0x00));
        await peer.SendAsync(Frames.Publish(v, topic + "/a", "x"), Frames.Publish(v, topic + "/ü", "x"), Frames.Publish(v, topic + "/a/b", "x"));
        await peer.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.10.4-3")]
    [Normative("5.0", "MQTT-3.10.4-3")]
    public async Task Unsubscribe_leaves_deliveries_that_began_to_be_completed(int v)
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(v), publisher = await ConnectAsync(v);
        await peer.SubscribeAsync(topic, 2);
        await publisher.SendAsync(Frames.Publish(v, topic, "x", 2, 1));
        Publication began = await peer.ReadPublishAsync();
        await peer.SendAsync(Frames.Unsubscribe(v, 1, topic));
        await peer.ExpectAsync(Frames.UnsubAck(v, 1, 0));
        await peer.SendAsync(Frames.Ack(Frames.PubRec, began.Id));
        await peer.ExpectAsync(Frames.Ack(Frames.PubRel, began.Id));
        await peer.SendAsync(Frames.Ack(Frames.PubComp, began.Id));
        await peer.ExpectNothingAsync();
    }
}
