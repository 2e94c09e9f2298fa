using Field.Tests.Broker;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>Chapters 4.3, 4.6 and 4.9 at the broker: the QoS protocols both ways, order, flow control.</summary>
public sealed class DeliveryTests(BrokerFixture fixture) : ConformanceTest(fixture)
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-4.3.2-1", "MQTT-4.3.3-1")]
    [Normative("5.0", "MQTT-4.3.2-2", "MQTT-4.3.3-2", "MQTT-4.3.3-4")]
    public async Task Broker_sends_qos_1_and_2_by_the_protocol(int v)
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(v), publisher = await ConnectAsync(v);
        await peer.SubscribeAsync(topic, 2);
        await publisher.PublishAsync(topic, "one");
        await peer.ExpectAsync(Frames.Publish(v, topic, "one", 1, 1));
        await publisher.SendAsync(Frames.Publish(v, topic, "two", 2, 2));
        await peer.ExpectAsync(Frames.Publish(v, topic, "two", 2, 2));
        await peer.SendAsync(Frames.Ack(Frames.PubRec, 2));
        await peer.ExpectAsync(Frames.Ack(Frames.PubRel, 2));
        await peer.SendAsync(Frames.Ack(Frames.PubRec, 2)); // again, although it should not: PUBREL again, never the message
        await peer.ExpectAsync(Frames.Ack(Frames.PubRel, 2));
        await peer.SendAsync(Frames.Ack(Frames.PubComp, 2), Frames.Ack(Frames.PubAck, 1));
        await peer.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-4.3.2-2", "MQTT-4.3.3-2")]
    [Normative("5.0", "MQTT-4.3.2-5", "MQTT-4.3.3-10", "MQTT-4.3.3-12")]
    public async Task Broker_takes_repeats_of_qos_1_as_new_and_of_qos_2_as_the_same_until_released(int v)
    {
        string topic = New("t");
        await using Peer watcher = await ConnectAsync(v), peer = await ConnectAsync(v);
        await watcher.SubscribeAsync(topic);
        await peer.SendAsync(Frames.Publish(v, topic, "q1", 1, 5), Frames.Publish(v, topic, "q1 dup", 1, 5, dup: true));
        await peer.ExpectAsync(Frames.Ack(Frames.PubAck, 5), Frames.Ack(Frames.PubAck, 5));
        await watcher.ExpectAsync(Frames.Publish(v, topic, "q1"), Frames.Publish(v, topic, "q1 dup"));

        await peer.SendAsync(
            Frames.Publish(v, topic, "q2", 2, 6), Frames.Publish(v, topic, "q2", 2, 6, dup: true), Frames.Publish(v, topic, "q2", 2, 6));
        await peer.ExpectAsync(Frames.Ack(Frames.PubRec, 6), Frames.Ack(Frames.PubRec, 6), Frames.Ack(Frames.PubRec, 6));
        await watcher.ExpectAsync(Frames.Publish(v, topic, "q2"));
        await watcher.ExpectNothingAsync();
        await peer.SendAsync(Frames.Ack(Frames.PubRel, 6));
        await peer.ExpectAsync(Frames.Ack(Frames.PubComp, 6));
        await peer.SendAsync(Frames.Publish(v, topic, "q2 new", 2, 6, dup: true));
        await peer.ExpectAsync(Frames.Ack(Frames.PubRec, 6));
        await watcher.ExpectAsync(Frames.Publish(v, topic, "q2 new"));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-4.3.3-2", "MQTT-4.1.0-1")]
    [Normative("5.0", "MQTT-4.3.3-10", "MQTT-4.3.3-11")]
    public async Task Broker_remembers_an_unreleased_qos_2_message_in_the_session(int v)
    {
        string topic = New("t"), id = New();
        await using Peer watcher = await ConnectAsync(v);
        await watcher.SubscribeAsync(topic);
        Peer peer = await ConnectAsync(v, Kept(v), id);
        await peer.SendAsync(Frames.Publish(v, topic, "once", 2, 6));
        await peer.ExpectAsync(Frames.Ack(Frames.PubRec, 6));
        peer.Break();
        await using Peer again = await ConnectAsync(v, Kept(v), id, present: true);
        await again.SendAsync(Frames.Publish(v, topic, "once", 2, 6, dup: true));
        await again.ExpectAsync(Frames.Ack(Frames.PubRec, 6));
        await again.SendAsync(Frames.Ack(Frames.PubRel, 6));
        await again.ExpectAsync(Frames.Ack(Frames.PubComp, 6));
        await watcher.ExpectAsync(Frames.Publish(v, topic, "once"));
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.6.2-1", "MQTT-3.7.2.1-1", "MQTT-2.2.1-5")]
    public async Task Unknown_identifiers_are_answered_as_not_found()
    {
        await using Peer peer = await ConnectAsync(5);
        await peer.SendAsync(Frames.Ack(Frames.PubRel, 41));
        await peer.ExpectAsync(Frames.Ack(Frames.PubComp, 41, 0x92));
        await peer.SendAsync(Frames.Ack(Frames.PubRec, 42));
        await peer.ExpectAsync(Frames.Ack(Frames.PubRel, 42, 0x92));
        await peer.SendAsync(Frames.Ack(Frames.PubAck, 43), Frames.Ack(Frames.PubComp, 44));
        await peer.ExpectNothingAsync();
        await using Peer old = await ConnectAsync(4);
        await old.SendAsync(Frames.Ack(Frames.PubRel, 41));
        await old.ExpectAsync(Frames.Ack(Frames.PubComp, 41));
    }

    [Theory]
    [InlineData(Frames.PubAck, 0x92)]
    [InlineData(Frames.PubRec, 0x01)]
    [InlineData(Frames.PubRel, 0x80)]
    [InlineData(Frames.PubComp, 0x87)]
    [InlineData(0xE0, 0x91)]
    [Normative("5.0", "MQTT-4.13.1-1")]
    public async Task Reason_code_of_another_packet_is_a_protocol_error(int first, int code)
    {
        await using Peer peer = await ConnectAsync(5);
        await peer.SendAsync(Frames.Packet(first, first == 0xE0 ? [] : Frames.U16(1), [(byte)code]));
        await peer.ExpectDisconnectAsync(0x82);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-4.6.0-2", "MQTT-4.6.0-3", "MQTT-4.6.0-4", "MQTT-4.6.0-5", "MQTT-4.6.0-6")]
    [Normative("5.0", "MQTT-4.6.0-2", "MQTT-4.6.0-3", "MQTT-4.6.0-4", "MQTT-4.6.0-5", "MQTT-4.6.0-6")]
    public async Task Messages_and_acknowledgements_keep_the_order_of_receipt(int v)
    {
        const int Count = 60;
        string topic = New("t");
        HeldStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(store);
        await using Peer peer = await ConnectAsync(broker, v), publisher = await ConnectAsync(broker, v);
        await peer.SubscribeAsync(topic, 2);
        await publisher.SendAsync([.. Enumerable.Range(1, Count).Select(i => Frames.Publish(v, topic, $"{i}", 1 + (i % 2), i))]);
        List<TaskCompletionSource<Field.Broker.PublishVerdict>> stores = [];
        for (int i = 0; i < Count; i++)
        {
            stores.Add((await store.NextAsync()).Verdict);
        }

        stores.Reverse();
        stores.ForEach(s => s.SetResult(Field.Broker.PublishVerdict.Accepted)); // stored in the opposite order
        for (int i = 1; i <= Count; i++)
        {
            await publisher.ExpectAsync(Frames.Ack(i % 2 == 0 ? Frames.PubAck : Frames.PubRec, i));
            Publication got = await peer.ReadPublishAsync();
            Assert.Equal(($"{i}", 1 + (i % 2)), (got.Payload, got.Qos));
        }

        int[] qos2 = [.. Enumerable.Range(1, Count).Where(i => i % 2 == 1)];
        await peer.SendAsync([.. qos2.Reverse().Select(i => Frames.Ack(Frames.PubRec, i))]);
        await peer.ExpectAsync([.. qos2.Reverse().Select(i => Frames.Ack(Frames.PubRel, i))]);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.4-9", "MQTT-3.3.4-10", "MQTT-4.9.0-1", "MQTT-4.9.0-2", "MQTT-4.9.0-3")]
    public async Task Broker_sends_no_more_than_the_clients_receive_maximum_and_answers_all_else()
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(5, new() { Props = [Prop.U16(Prop.ReceiveMax, 2)] });
        await using Peer publisher = await ConnectAsync(5);
        await peer.SubscribeAsync(topic, 2);
        for (int i = 0; i < 6; i++)
        {
            await publisher.SendAsync(Frames.Publish(5, topic, $"{i}", 1 + (i % 2), i + 1));
            await publisher.ReadAsync();
        }

        Publication[] got = [await peer.ReadPublishAsync(), await peer.ReadPublishAsync()];
        Assert.Equal([("0", 1), ("1", 2)], got.Select(g => (g.Payload, g.Qos)));
        await peer.ExpectNothingAsync(); // PINGREQ is answered
        await peer.SubscribeAsync(topic + "/other"); // SUBSCRIBE too
        await peer.SendAsync(Frames.Publish(5, New("t"), "x", 1, 9), Frames.Publish(5, New("t"), "x", 2, 10), Frames.Ack(Frames.PubRel, 10));
        await peer.ExpectAsync(Frames.Ack(Frames.PubAck, 9), Frames.Ack(Frames.PubRec, 10), Frames.Ack(Frames.PubComp, 10));

        await peer.SendAsync(Frames.Ack(Frames.PubRec, got[1].Id));
        await peer.ExpectAsync(Frames.Ack(Frames.PubRel, got[1].Id));
        await peer.ExpectNothingAsync(); // a QoS 2 message counts until PUBCOMP
        await peer.SendAsync(Frames.Ack(Frames.PubComp, got[1].Id));
        Assert.Equal("2", (await peer.ReadPublishAsync()).Payload);
        await peer.ExpectNothingAsync();
        await peer.SendAsync(Frames.Ack(Frames.PubAck, got[0].Id));
        Publication third = await peer.ReadPublishAsync();
        Assert.Equal(("3", 2), (third.Payload, third.Qos));
        await peer.SendAsync(Frames.Ack(Frames.PubRec, third.Id, 0x80)); // refused: over at once
        Assert.Equal("4", (await peer.ReadPublishAsync()).Payload);
        await peer.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(1, false)] // never stored
    [InlineData(2, false)]
    [InlineData(2, true)] // stored, not released
    [Normative("5.0", "MQTT-4.13.1-1")]
    public async Task Client_that_exceeds_the_servers_receive_maximum_is_disconnected(int qos, bool stored)
    {
        HeldStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(stored ? null : store, o => o.ReceiveMaximum = 3);
        await using Peer peer = await ConnectAsync(broker, 5);
        await peer.SendAsync([.. Enumerable.Range(1, 3).Select(i => Frames.Publish(5, "t", "x", qos, i))]);
        if (stored)
        {
            await peer.ExpectAsync([.. Enumerable.Range(1, 3).Select(i => Frames.Ack(Frames.PubRec, i))]);
            await peer.SendAsync(Frames.Publish(5, "t", "x", 2, 3, dup: true), Frames.Ack(Frames.PubRel, 1), Frames.Publish(5, "t", "x", 2, 1));
            await peer.ExpectAsync(Frames.Ack(Frames.PubRec, 3), Frames.Ack(Frames.PubComp, 1), Frames.Ack(Frames.PubRec, 1)); // within it
        }

        await peer.SendAsync(Frames.Publish(5, "t", "x", qos, 4));
        await peer.ExpectDisconnectAsync(0x93);
    }

    [Fact]
    [Normative("5.0", "MQTT-4.9.0-2")]
    public async Task Unreleased_messages_of_an_earlier_connection_do_not_count_for_the_servers_receive_maximum()
    {
        await using TestBroker broker = await TestBroker.StartAsync(configure: o => o.ReceiveMaximum = 2);
        string id = New();
        Peer first = await ConnectAsync(broker, 5, Kept(5), id);
        await first.SendAsync(Frames.Publish(5, "t", "x", 2, 1), Frames.Publish(5, "t", "x", 2, 2));
        await first.ExpectAsync(Frames.Ack(Frames.PubRec, 1), Frames.Ack(Frames.PubRec, 2));
        first.Break();
        await using Peer again = await ConnectAsync(broker, 5, Kept(5), id, present: true);
        await again.SendAsync(Frames.Publish(5, "t", "x", 2, 3), Frames.Publish(5, "t", "x", 2, 4), Frames.Ack(Frames.PubRel, 1));
        await again.ExpectAsync(Frames.Ack(Frames.PubRec, 3), Frames.Ack(Frames.PubRec, 4), Frames.Ack(Frames.PubComp, 1));
        await again.SendAsync(Frames.Publish(5, "t", "x", 2, 5));
        await again.ExpectDisconnectAsync(0x93);
    }
}
