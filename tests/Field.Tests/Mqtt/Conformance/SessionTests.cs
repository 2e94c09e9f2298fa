using Field.Tests.Broker;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>Sessions at the broker: clean start, resuming, expiry, sending again (§3.1.2.4, §3.2.2.1, §4.1, §4.4).</summary>
public sealed class SessionTests(BrokerFixture fixture) : ConformanceTest(fixture)
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.1.2-4", "MQTT-3.1.2-5", "MQTT-3.1.3-2", "MQTT-3.2.0-1", "MQTT-3.2.2-2", "MQTT-3.2.2-3", "MQTT-4.1.0-1", "MQTT-4.5.0-1")]
    [Normative("5.0", "MQTT-3.1.2-5", "MQTT-3.1.2-6", "MQTT-3.1.2-23", "MQTT-3.1.3-2", "MQTT-3.2.0-1", "MQTT-3.2.2-1", "MQTT-3.2.2-3", "MQTT-4.1.0-1",
        "MQTT-4.5.0-1")]
    public async Task Session_is_made_kept_and_resumed_with_what_came_meanwhile(int v)
    {
        string id = New(), topic = New("t");
        await using (Peer first = await ConnectAsync(v, Kept(v), id, present: false))
        {
            await first.SubscribeAsync(topic, 2);
            await first.SendAsync(Frames.Goodbye);
            await first.ExpectEndAsync();
        }

        await using (Peer other = await ConnectAsync(v, Kept(v), New(), present: false)) // another identifier, another session
        {
            await other.PublishAsync(topic, "one");
            await other.SendAsync(Frames.Publish(v, topic, "two", 2, 7));
            await other.ExpectAsync(Frames.Ack(Frames.PubRec, 7));
            await other.ExpectNothingAsync();
        }

        await using Peer again = await ConnectAsync(v, Kept(v), id, present: true); // which reads CONNACK first
        Publication one = await again.ReadPublishAsync(), two = await again.ReadPublishAsync();
        Assert.Equal((topic, "one", 1, false), (one.Topic, one.Payload, one.Qos, one.Dup));
        Assert.Equal((topic, "two", 2, false), (two.Topic, two.Payload, two.Qos, two.Dup));
        await again.PublishAsync(topic + "/other", "not subscribed");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.1.2-6", "MQTT-3.1.2-7", "MQTT-3.1.4-3", "MQTT-3.2.2-1")]
    [Normative("5.0", "MQTT-3.1.2-4", "MQTT-3.1.4-4", "MQTT-3.2.2-2")]
    public async Task Clean_start_discards_the_session_but_not_retained_messages(int v)
    {
        string id = New(), topic = New("t");
        await using (Peer first = await ConnectAsync(v, Kept(v), id))
        {
            await first.SubscribeAsync(topic, 1);
            await first.SendAsync(Frames.Goodbye);
            await first.ExpectEndAsync();
        }

        await using Peer publisher = await ConnectAsync(v);
        await publisher.PublishAsync(topic, "kept", retain: true);
        await using Peer again = await ConnectAsync(v, Kept(v, clean: true), id, present: false);
        await again.ExpectNothingAsync(); // neither the message nor the subscription is left
        await publisher.PublishAsync(topic, "kept too", retain: true);
        await again.ExpectNothingAsync();
        await again.SubscribeAsync(topic);
        await again.ExpectAsync(Frames.Publish(v, topic, "kept too", retain: true));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.1.2-6", "MQTT-4.1.0-2")]
    [Normative("5.0", "MQTT-4.1.0-1", "MQTT-4.1.0-2")]
    public async Task Session_without_expiry_ends_with_its_connection_and_not_before(int v)
    {
        ManualTime time = new();
        await using TestBroker broker = await TestBroker.StartAsync(time: time);
        string id = New(), topic = New("t");
        await using (Peer first = await ConnectAsync(broker, v, id: id))
        {
            await first.SubscribeAsync(topic);
            time.Advance(TimeSpan.FromDays(100));
            await broker.Broker.SweepAsync();
            await first.SendAsync(Frames.Publish(v, topic, "x"));
            await first.ExpectAsync(Frames.Publish(v, topic, "x"));
            await first.SendAsync(Frames.Goodbye);
            await first.ExpectEndAsync();
        }

        await using Peer again = await ConnectAsync(broker, v, new() { Clean = false }, id, present: false);
        await again.PublishAsync(topic, "y");
        await again.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-23", "MQTT-4.1.0-2")]
    public async Task Session_is_discarded_when_its_expiry_has_passed_and_disconnect_may_change_it()
    {
        ManualTime time = new();
        await using TestBroker broker = await TestBroker.StartAsync(time: time);
        string id = New();
        Connect tenSeconds = new() { Clean = false, Props = [Prop.U32(Prop.SessionExpiry, 10)] };
        async Task Leave(Peer peer, params byte[][] props)
        {
            await peer.SendAsync(Frames.Disconnect(0, props));
            await peer.ExpectEndAsync();
        }

        await Leave(await ConnectAsync(broker, 5, tenSeconds, id));
        time.Advance(TimeSpan.FromSeconds(9));
        await Leave(await ConnectAsync(broker, 5, tenSeconds, id, present: true));
        time.Advance(TimeSpan.FromSeconds(11));
        await Leave(await ConnectAsync(broker, 5, tenSeconds, id, present: false), Prop.U32(Prop.SessionExpiry, 60));
        time.Advance(TimeSpan.FromSeconds(50));
        await Leave(await ConnectAsync(broker, 5, tenSeconds, id, present: true), Prop.U32(Prop.SessionExpiry, 0));
        await Leave(await ConnectAsync(broker, 5, tenSeconds, id, present: false));
    }

    [Fact]
    [Normative("5.0", "MQTT-4.13.1-1")]
    public async Task Disconnect_may_not_keep_a_session_that_was_to_end()
    {
        await using Peer peer = await ConnectAsync(5);
        await peer.SendAsync(Frames.Disconnect(0, Prop.U32(Prop.SessionExpiry, 10)));
        await peer.ExpectDisconnectAsync(0x82);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.3.1-1", "MQTT-4.3.3-1", "MQTT-4.4.0-1", "MQTT-4.6.0-1")]
    [Normative("5.0", "MQTT-3.3.1-1", "MQTT-4.3.2-3", "MQTT-4.3.3-3", "MQTT-4.3.3-5", "MQTT-4.3.3-6", "MQTT-4.4.0-1", "MQTT-4.6.0-1")]
    public async Task Unacknowledged_messages_are_sent_again_on_resuming_in_order_with_dup_and_released_ones_as_pubrel(int v)
    {
        string id = New(), topic = New("t");
        await using Peer publisher = await ConnectAsync(v);
        List<Publication> first = [];
        await using (Peer peer = await ConnectAsync(v, Kept(v), id))
        {
            await peer.SubscribeAsync(topic, 2);
            for (int i = 0; i < 6; i++)
            {
                await publisher.SendAsync(Frames.Publish(v, topic, $"{i}", 1 + (i % 2), 100 + i));
                await publisher.ReadAsync();
                first.Add(await peer.ReadPublishAsync());
            }

            await peer.SendAsync(Frames.Ack(Frames.PubAck, first[2].Id), Frames.Ack(Frames.PubRec, first[1].Id), Frames.Ack(Frames.PubRec, first[3].Id));
            await peer.ExpectAsync(Frames.Ack(Frames.PubRel, first[1].Id), Frames.Ack(Frames.PubRel, first[3].Id));
            await peer.SendAsync(Frames.Ack(Frames.PubComp, first[3].Id));
            await peer.ExpectNothingAsync(); // and nothing is sent again while the connection lasts
            peer.Break();
        }

        await using Peer again = await ConnectAsync(v, Kept(v), id, present: true);
        await again.ExpectAsync(Frames.Ack(Frames.PubRel, first[1].Id));
        foreach (Publication p in (Publication[])[first[0], first[4], first[5]])
        {
            await again.ExpectAsync(Frames.Publish(v, topic, p.Payload, p.Qos, p.Id, dup: true));
        }

        await again.SendAsync(Frames.Ack(Frames.PubComp, first[1].Id), Frames.Ack(Frames.PubAck, first[0].Id), Frames.Ack(Frames.PubAck, first[4].Id));
        await again.SendAsync(Frames.Ack(Frames.PubRec, first[5].Id));
        await again.ExpectAsync(Frames.Ack(Frames.PubRel, first[5].Id));
        await again.SendAsync(Frames.Ack(Frames.PubComp, first[5].Id));
        await again.ExpectNothingAsync();
        await again.DisposeAsync();
        await using Peer last = await ConnectAsync(v, Kept(v), id, present: true);
        await last.ExpectNothingAsync(); // all is acknowledged
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.4-9", "MQTT-4.9.0-2")]
    public async Task Messages_sent_again_respect_the_new_receive_maximum()
    {
        string id = New(), topic = New("t"), gone = New("gone");
        await using Peer publisher = await ConnectAsync(5);
        await publisher.SubscribeAsync(gone);
        await using (Peer peer = await ConnectAsync(5, Kept(5) with { Will = new(gone, "now") }, id))
        {
            await peer.SubscribeAsync(topic, 2);
            for (int i = 0; i < 4; i++)
            {
                await publisher.PublishAsync(topic, $"{i}");
                await peer.ReadPublishAsync();
            }

            peer.Break();
        }

        await publisher.ReadPublishAsync(); // the will: from now on the broker knows that nobody is there, and "4" is not begun
        await publisher.PublishAsync(topic, "4");
        await using Peer again = await ConnectAsync(
            5, new() { Clean = false, Props = [Prop.U32(Prop.SessionExpiry, 60), Prop.U16(Prop.ReceiveMax, 2)] }, id, present: true);
        Publication first = await again.ReadPublishAsync(), second = await again.ReadPublishAsync();
        Assert.Equal(("0", "1"), (first.Payload, second.Payload));
        await again.ExpectNothingAsync();
        await again.SendAsync(Frames.Ack(Frames.PubAck, second.Id));
        Assert.Equal("2", (await again.ReadPublishAsync()).Payload);
        await again.ExpectNothingAsync();
        await again.SendAsync(Frames.Ack(Frames.PubAck, first.Id));
        Publication third = await again.ReadPublishAsync();
        Assert.Equal(("3", true), (third.Payload, third.Dup));
        await again.ExpectNothingAsync();
        await again.SendAsync(Frames.Ack(Frames.PubAck, third.Id));
        Publication fourth = await again.ReadPublishAsync();
        Assert.Equal(("4", false), (fourth.Payload, fourth.Dup));
    }

    [Fact]
    [Normative("5.0", "MQTT-4.4.0-2")]
    public async Task Message_refused_by_its_receiver_is_not_sent_again()
    {
        string id = New(), topic = New("t");
        await using Peer publisher = await ConnectAsync(5);
        await using (Peer peer = await ConnectAsync(5, Kept(5), id))
        {
            await peer.SubscribeAsync(topic, 2);
            await publisher.PublishAsync(topic, "one");
            await publisher.SendAsync(Frames.Publish(5, topic, "two", 2, 9));
            await publisher.ReadAsync();
            await peer.SendAsync(
                Frames.Ack(Frames.PubAck, (await peer.ReadPublishAsync()).Id, 0x83), Frames.Ack(Frames.PubRec, (await peer.ReadPublishAsync()).Id, 0x97));
            await peer.ExpectNothingAsync(); // no PUBREL for it either
            peer.Break();
        }

        await using Peer again = await ConnectAsync(5, Kept(5), id, present: true);
        await again.ExpectNothingAsync();
    }
}
