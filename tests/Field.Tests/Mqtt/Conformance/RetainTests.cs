namespace Field.Tests.Mqtt.Conformance;

/// <summary>Retained messages (§3.3.1.3, §3.8.3.1).</summary>
public sealed class RetainTests(BrokerFixture fixture) : ConformanceTest(fixture)
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.3.1-5", "MQTT-3.3.1-6", "MQTT-3.3.1-7", "MQTT-3.3.1-8", "MQTT-3.3.1-12")]
    [Normative("5.0", "MQTT-3.3.1-5", "MQTT-3.3.1-8", "MQTT-3.3.1-9")]
    public async Task Last_retained_message_is_stored_with_its_qos_and_sent_to_a_new_subscription(int v)
    {
        string topic = New("t");
        await using Peer publisher = await ConnectAsync(v);
        for (int qos = 2; qos >= 0; qos--)
        {
            await publisher.SendAsync(Frames.Publish(v, topic, $"kept {qos}", qos, qos == 0 ? 0 : 5, retain: true));
            if (qos > 0)
            {
                await publisher.ReadAsync();
            }

            await publisher.PublishAsync(topic, "not kept");
            await publisher.PublishAsync(topic, ""); // empty, but not retained: removes nothing
            await using Peer late = await ConnectAsync(v);
            await late.SubscribeAsync(topic, 2);
            Publication got = await late.ReadPublishAsync();
            Assert.Equal((topic, $"kept {qos}", qos, true, false), (got.Topic, got.Payload, got.Qos, got.Retain, got.Dup));
            await late.ExpectNothingAsync();
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.3.1-9", "MQTT-3.3.1-10", "MQTT-3.3.1-11")]
    [Normative("5.0", "MQTT-3.3.1-6", "MQTT-3.3.1-7", "MQTT-3.3.1-12")]
    public async Task Empty_retained_message_is_passed_on_as_any_other_and_removes_the_stored_one(int v)
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(v);
        await peer.SubscribeAsync(topic);
        await peer.SendAsync(Frames.Publish(v, topic, "kept", retain: true), Frames.Publish(v, topic, "", retain: true));
        await peer.ExpectAsync(Frames.Publish(v, topic, "kept"), Frames.Publish(v, topic, "")); // RETAIN 0: the subscription is established
        await using Peer late = await ConnectAsync(v);
        await late.SubscribeAsync(topic);
        await late.SubscribeAsync(topic + "/#");
        await late.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.1-9", "MQTT-3.3.1-10", "MQTT-3.3.1-11")]
    public async Task Retain_handling_decides_what_a_subscription_gets()
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(5);
        await peer.PublishAsync(topic, "kept", retain: true);
        byte[] kept = Frames.Publish(5, topic, "kept", retain: true);
        await peer.SubscribeAsync(topic, 0x20);
        await peer.SubscribeAsync(topic, 0x20);
        await peer.SubscribeAsync(topic, 0x10); // it exists
        await peer.ExpectNothingAsync();
        await peer.SubscribeAsync(topic, 0x00);
        await peer.ExpectAsync(kept);
        await peer.SubscribeAsync(topic, 0x00);
        await peer.ExpectAsync(kept);
        await peer.SendAsync(Frames.Unsubscribe(5, 3, topic));
        await peer.ExpectAsync(Frames.UnsubAck(5, 3, 0));
        await peer.SubscribeAsync(topic, 0x10);
        await peer.ExpectAsync(kept);
        await peer.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.1-12", "MQTT-3.3.1-13")]
    public async Task Retain_as_published_keeps_the_publishers_flag()
    {
        string topic = New("t");
        await using Peer asPublished = await ConnectAsync(5), not = await ConnectAsync(5);
        await asPublished.SubscribeAsync(topic, 0x08);
        await not.SubscribeAsync(topic, 0x00);
        await not.SendAsync(Frames.Publish(5, topic, "a", retain: true), Frames.Publish(5, topic, "b"));
        await asPublished.ExpectAsync(Frames.Publish(5, topic, "a", retain: true), Frames.Publish(5, topic, "b"));
        await not.ExpectAsync(Frames.Publish(5, topic, "a"), Frames.Publish(5, topic, "b"));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.8.4-3")]
    [Normative("5.0", "MQTT-3.8.4-3", "MQTT-3.8.4-4")]
    public async Task Identical_subscription_replaces_and_gets_the_retained_message_again(int v)
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(v), publisher = await ConnectAsync(v);
        await publisher.PublishAsync(topic, "kept", retain: true);
        await peer.SubscribeAsync(topic, 1);
        Assert.Equal(("kept", 1, true), await TakeAsync(peer));
        await publisher.PublishAsync(topic, "between");
        Assert.Equal(("between", 1, false), await TakeAsync(peer));
        await peer.SubscribeAsync(topic, 0);
        Assert.Equal(("kept", 0, true), await TakeAsync(peer));
        await publisher.PublishAsync(topic, "after");
        Assert.Equal(("after", 0, false), await TakeAsync(peer)); // once, with the new QoS
        await peer.ExpectNothingAsync();
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.3.1-7")]
    [Normative("5.0", "MQTT-3.3.1-5")]
    public async Task Retained_message_that_does_not_fit_still_discards_the_one_before()
    {
        await using Field.Tests.Broker.TestBroker broker = await Field.Tests.Broker.TestBroker.StartAsync(configure: o => o.MaxRetainedBytes = 600);
        await using Peer peer = await ConnectAsync(broker, 4);
        await peer.PublishAsync("t", "small", retain: true);
        await peer.PublishAsync("t", new string('x', 1000), retain: true);
        await peer.SubscribeAsync("t");
        await peer.ExpectNothingAsync();
    }

    private static async Task<(string Payload, int Qos, bool Retain)> TakeAsync(Peer peer)
    {
        Publication p = await peer.ReadPublishAsync();
        if (p.Qos == 1)
        {
            await peer.SendAsync(Frames.Ack(Frames.PubAck, p.Id));
        }

        return (p.Payload, p.Qos, p.Retain);
    }
}
