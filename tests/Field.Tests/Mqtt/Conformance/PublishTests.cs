using Field.Broker;
using Field.Mqtt;
using Field.Tests.Broker;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>Chapter 3.3 at the broker: flags, properties, expiry, topic aliases, packet size, acknowledgements.</summary>
public sealed class PublishTests(BrokerFixture fixture) : ConformanceTest(fixture)
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.3.1-4", "MQTT-4.8.0-1")]
    [Normative("5.0", "MQTT-3.3.1-4", "MQTT-4.13.1-1")]
    public async Task Qos_3_is_malformed(int v)
    {
        await using Peer peer = await ConnectAsync(v);
        await peer.SendAsync(Frames.Publish(v, "t", "x", 3, 1));
        await peer.ExpectDisconnectAsync(0x81);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.3.1-2")]
    [Normative("5.0", "MQTT-3.3.1-2")]
    public async Task Dup_with_qos_0_is_malformed(int v)
    {
        await using Peer peer = await ConnectAsync(v);
        await peer.SendAsync(Frames.Publish(v, "t", "x", dup: true));
        await peer.ExpectDisconnectAsync(0x81);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.3.1-3")]
    [Normative("5.0", "MQTT-3.3.1-3")]
    public async Task Dup_is_not_passed_on(int v)
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(v), publisher = await ConnectAsync(v);
        await peer.SubscribeAsync(topic, 2);
        await publisher.SendAsync(Frames.Publish(v, topic, "x", 1, 1, dup: true), Frames.Publish(v, topic, "y", 2, 2, dup: true));
        Assert.Equal([("x", 1, false), ("y", 2, false)], [Kind(await peer.ReadPublishAsync()), Kind(await peer.ReadPublishAsync())]);

        static (string, int, bool) Kind(Publication p) => (p.Payload, p.Qos, p.Dup);
    }

    [Theory]
    [InlineData("a/+")]
    [InlineData("#")]
    [InlineData("a+b")]
    [Normative("3.1.1", "MQTT-3.3.2-2", "MQTT-4.7.1-1")]
    [Normative("5.0", "MQTT-3.3.2-2", "MQTT-4.7.0-1")]
    public async Task Topic_with_a_wildcard_is_refused(string topic)
    {
        foreach (int v in (int[])[4, 5])
        {
            await using Peer peer = await ConnectAsync(v);
            await peer.SendAsync(Frames.Publish(v, topic, "x"));
            await peer.ExpectDisconnectAsync(0x90);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-4.7.3-1")]
    [Normative("5.0", "MQTT-4.7.3-1")]
    public async Task Empty_topic_is_a_protocol_error(int v)
    {
        await using Peer peer = await ConnectAsync(v);
        await peer.SendAsync(Frames.Publish(v, "", "x"));
        await peer.ExpectDisconnectAsync(0x82);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.3.2-1", "MQTT-3.3.2-3", "MQTT-4.7.3-3")]
    [Normative("5.0", "MQTT-3.3.2-1", "MQTT-3.3.2-3", "MQTT-4.7.3-3")]
    public async Task Topic_of_the_longest_length_comes_first_and_matches(int v)
    {
        string topic = New("橋/") + "/" + new string('x', 65_000);
        topic += new string('y', 65_535 - System.Text.Encoding.UTF8.GetByteCount(topic));
        await using Peer peer = await ConnectAsync(v);
        await peer.SubscribeAsync(topic[..^1] + "z");
        await peer.SubscribeAsync(topic);
        await peer.SendAsync(Frames.Publish(v, topic, "x"));
        await peer.ExpectAsync(Frames.Publish(v, topic, "x"));
        await peer.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.2-4", "MQTT-3.3.2-15", "MQTT-3.3.2-16", "MQTT-3.3.2-17", "MQTT-3.3.2-18", "MQTT-3.3.2-20")]
    public async Task Properties_of_the_message_are_passed_on_unaltered()
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(5), old = await ConnectAsync(4);
        await peer.SubscribeAsync(topic, 1);
        await old.SubscribeAsync(topic, 1);
        foreach (int format in (int[])[0, 1])
        {
            byte[][] props =
            [
                Prop.Byte(Prop.Format, format), Prop.Text(Prop.ContentType, ""), Prop.Text(Prop.ResponseTopic, "answer/ここ"),
                Frames.Join([Prop.Correlation], Frames.Data([0, 255, 0])), Prop.User("z", ""), Prop.User("a", "1"), Prop.User("z", "2"), Prop.User("", "3"),
            ];
            await using Peer publisher = await ConnectAsync(5);
            await publisher.PublishAsync(topic, "x", false, props);
            Publication got = await peer.ReadPublishAsync();
            Assert.Equal(props.Select(Convert.ToHexString), got.Props.Select(Convert.ToHexString));
            Publication plain = await old.ReadPublishAsync();
            await old.SendAsync(Frames.Ack(Frames.PubAck, plain.Id));
            Assert.Equal("x", plain.Payload);
        }
    }

    [Theory]
    [InlineData("a/+/b")]
    [InlineData("#")]
    [Normative("5.0", "MQTT-3.3.2-14")]
    public async Task Response_topic_with_a_wildcard_is_a_protocol_error(string responseTopic)
    {
        await using Peer peer = await ConnectAsync(5);
        await peer.SendAsync(Frames.Publish(5, "t", "x", props: [Prop.Text(Prop.ResponseTopic, responseTopic)]));
        await peer.ExpectDisconnectAsync(0x82);
    }

    [Fact]
    [Normative("5.0", "MQTT-4.13.1-1")]
    public async Task Property_that_is_twice_foreign_or_out_of_range_is_refused()
    {
        (int Code, byte[][] Props)[] wrong =
        [
            (0x82, [Prop.Byte(Prop.Format, 1), Prop.Byte(Prop.Format, 1)]),
            (0x82, [Prop.U32(Prop.Expiry, 1), Prop.U32(Prop.Expiry, 1)]),
            (0x82, [Prop.Text(Prop.ContentType, "a"), Prop.Text(Prop.ContentType, "a")]),
            (0x82, [Prop.U16(Prop.Alias, 1), Prop.U16(Prop.Alias, 1)]),
            (0x82, [Prop.Byte(Prop.Format, 2)]),
            (0x82, [Prop.Var(Prop.SubscriptionId, 7)]), // [MQTT-3.3.4-6]
            (0x81, [Prop.U16(Prop.ReceiveMax, 7)]),
            (0x81, [[0x00, 0x00]]),
        ];
        foreach ((int code, byte[][] props) in wrong)
        {
            await using Peer peer = await ConnectAsync(5);
            await peer.SendAsync(Frames.Publish(5, "t", "x", props: props));
            await peer.ExpectDisconnectAsync(code);
        }
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.4-6")]
    public async Task Subscription_identifier_from_a_client_is_a_protocol_error()
    {
        await using Peer peer = await ConnectAsync(5);
        await peer.SendAsync(Frames.Publish(5, "t", "x", props: [Prop.Var(Prop.SubscriptionId, 1)]));
        await peer.ExpectDisconnectAsync(0x82);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.2-5", "MQTT-3.3.2-6", "MQTT-4.3.3-7", "MQTT-4.3.3-13")]
    public async Task Message_expires_while_it_waits_but_not_once_it_was_sent_and_carries_what_is_left()
    {
        ManualTime time = new();
        await using TestBroker broker = await TestBroker.StartAsync(time: time);
        string id = New();
        Connect kept = new() { Clean = false, Props = [Prop.U32(Prop.SessionExpiry, 1000)] };
        await using Peer publisher = await ConnectAsync(broker, 5);
        Peer subscriber = await ConnectAsync(broker, 5, kept, id);
        await subscriber.SubscribeAsync("t", 2);
        await publisher.SendAsync(Frames.Publish(5, "t", "sent", 2, 1, props: [Prop.U32(Prop.Expiry, 5)]));
        await publisher.ExpectAsync(Frames.Ack(Frames.PubRec, 1));
        Publication sent = await subscriber.ReadPublishAsync();
        Assert.Equal(Prop.U32(Prop.Expiry, 5), sent.Find(Prop.Expiry));
        await subscriber.DisposeAsync();
        await BrokerSessionTests.Eventually(() => broker.Broker.ConnectionCount == 1);
        await publisher.PublishAsync("t", "short", true, Prop.U32(Prop.Expiry, 5));
        await publisher.PublishAsync("t", "long", false, Prop.U32(Prop.Expiry, 60));
        await publisher.PublishAsync("kept", "long", true, Prop.U32(Prop.Expiry, 60));
        time.Advance(TimeSpan.FromSeconds(20));

        await using Peer again = await ConnectAsync(broker, 5, kept, id, present: true);
        Publication first = await again.ReadPublishAsync(), second = await again.ReadPublishAsync();
        Assert.Equal(("sent", true, sent.Id), (first.Payload, first.Dup, first.Id)); // the exchange goes on although it expired
        Assert.Equal("long", second.Payload);
        Assert.Equal(Prop.U32(Prop.Expiry, 40), second.Find(Prop.Expiry));
        await again.SendAsync(Frames.Ack(Frames.PubRec, first.Id), Frames.Ack(Frames.PubAck, second.Id));
        await again.ExpectAsync(Frames.Ack(Frames.PubRel, first.Id));
        await again.SendAsync(Frames.Ack(Frames.PubComp, first.Id));
        await again.SubscribeAsync("t"); // its retained message has expired
        await again.SubscribeAsync("kept");
        Publication retained = await again.ReadPublishAsync();
        Assert.Equal(Prop.U32(Prop.Expiry, 40), retained.Find(Prop.Expiry));
        await again.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.2-7", "MQTT-3.3.2-12")]
    public async Task Every_topic_alias_up_to_the_maximum_is_accepted_until_the_connection_ends()
    {
        string topic = New("t"), id = New();
        await using Peer watcher = await ConnectAsync(5);
        await watcher.SubscribeAsync(topic + "/#");
        await using (Peer peer = await OpenAsync(5))
        {
            await peer.SendAsync(Frames.Connect(5, id, Kept(5)));
            byte[] maximum = ConnAck.Parse(await peer.ReadAsync(), 5).Find(Prop.AliasMax)!;
            int last = (maximum[1] << 8) | maximum[2];
            for (int alias = 1; alias <= last; alias++)
            {
                await peer.SendAsync(Frames.Publish(5, $"{topic}/{alias}", "set", props: [Prop.U16(Prop.Alias, alias)]));
                await watcher.ExpectAsync(Frames.Publish(5, $"{topic}/{alias}", "set"));
            }

            for (int alias = 1; alias <= last; alias++)
            {
                await peer.SendAsync(Frames.Publish(5, "", "used", props: [Prop.U16(Prop.Alias, alias)]));
                await watcher.ExpectAsync(Frames.Publish(5, $"{topic}/{alias}", "used"));
            }

            await peer.SendAsync(Frames.Publish(5, topic + "/new", "set", props: [Prop.U16(Prop.Alias, 1)]));
            await peer.SendAsync(Frames.Publish(5, "", "used", props: [Prop.U16(Prop.Alias, 1)]));
            await watcher.ExpectAsync(Frames.Publish(5, topic + "/new", "set"), Frames.Publish(5, topic + "/new", "used"));
            await peer.SendAsync(Frames.Publish(5, topic, "x", props: [Prop.U16(Prop.Alias, last + 1)]));
            await peer.ExpectDisconnectAsync(0x94);
        }

        await using Peer again = await ConnectAsync(5, Kept(5), id, present: true);
        await again.SendAsync(Frames.Publish(5, "", "x", props: [Prop.U16(Prop.Alias, 1)]));
        await again.ExpectDisconnectAsync(0x82);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.2-8")]
    public async Task Topic_alias_0_is_invalid()
    {
        await using Peer peer = await ConnectAsync(5);
        await peer.SendAsync(Frames.Publish(5, "t", "x", props: [Prop.U16(Prop.Alias, 0)]));
        await peer.ExpectDisconnectAsync(0x94);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-26", "MQTT-3.1.2-27", "MQTT-3.3.2-7", "MQTT-3.3.2-8", "MQTT-3.3.2-11")]
    public async Task Broker_uses_as_many_aliases_as_the_client_allows()
    {
        string one = New("t"), two = New("t"), id = New();
        Connect with(int aliases) => new() { Clean = false, Props = [Prop.U32(Prop.SessionExpiry, 100), Prop.U16(Prop.AliasMax, aliases)] };
        for (int round = 0; round < 2; round++)
        {
            await using Peer peer = await ConnectAsync(5, with(1), id, present: round > 0);
            await peer.SubscribeAsync(one);
            await peer.SubscribeAsync(two);
            await peer.SendAsync(Frames.Publish(5, one, "a"), Frames.Publish(5, one, "b"), Frames.Publish(5, two, "c"), Frames.Publish(5, one, "d"));
            byte[] alias = Prop.U16(Prop.Alias, 1);
            await peer.ExpectAsync(
                Frames.Publish(5, one, "a", props: [alias]), Frames.Publish(5, "", "b", props: [alias]), Frames.Publish(5, two, "c"),
                Frames.Publish(5, "", "d", props: [alias]));
            await peer.SendAsync(Frames.Goodbye);
            await peer.ExpectEndAsync();
        }

        await using Peer none = await ConnectAsync(5, with(0), id, present: true);
        await none.SendAsync(Frames.Publish(5, one, "a"), Frames.Publish(5, one, "b"));
        await none.ExpectAsync(Frames.Publish(5, one, "a"), Frames.Publish(5, one, "b"));
        await using Peer silent = await ConnectAsync(5);
        await silent.SubscribeAsync(one);
        await silent.SendAsync(Frames.Publish(5, one, "c"), Frames.Publish(5, one, "d"));
        await silent.ExpectAsync(Frames.Publish(5, one, "c"), Frames.Publish(5, one, "d"));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-24", "MQTT-3.1.2-25")]
    public async Task Message_above_the_clients_packet_size_is_discarded_as_if_it_were_sent()
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(5, new() { Props = [Prop.U32(Prop.MaxPacket, 64), Prop.U16(Prop.ReceiveMax, 1), Prop.U16(Prop.AliasMax, 5)] });
        await peer.SubscribeAsync(topic, 2);
        await using Peer publisher = await ConnectAsync(5);
        int spare = 64 - Frames.Publish(5, topic, "", 1, 1).Length;
        await publisher.PublishAsync(topic, new string('x', spare + 1));
        await publisher.PublishAsync(topic, new string('y', spare)); // fits to the byte, if it is sent without an alias
        Publication got = await peer.ReadPublishAsync();
        Assert.Equal((topic, new string('y', spare)), (got.Topic, got.Payload));
        await peer.SendAsync(Frames.Ack(Frames.PubAck, got.Id));
        await publisher.PublishAsync(topic, "z");
        await peer.ExpectAsync(Frames.Publish(5, topic, "z", 1, 3, props: [Prop.U16(Prop.Alias, 1)])); // identifier 1 went with the discarded one
    }

    [Fact]
    [Normative("5.0", "MQTT-4.13.1-1")]
    public async Task Packet_above_the_servers_size_is_refused_before_it_has_arrived()
    {
        await using Peer peer = await ConnectAsync(5);
        await peer.SendAsync([0x30, 0xFF, 0xFF, 0xFF, 0x7F]);
        await peer.ExpectDisconnectAsync(0x95);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.3.5-2")]
    [Normative("5.0", "MQTT-3.4.2-1", "MQTT-3.5.2-1", "MQTT-4.3.3-9")]
    public async Task Message_not_permitted_is_acknowledged_with_the_reason_and_not_delivered(int v)
    {
        string topic = New("denied/t");
        await using Peer watcher = await ConnectAsync(v), peer = await ConnectAsync(v);
        await watcher.SubscribeAsync("#");
        await peer.SendAsync(Frames.Publish(v, topic, "x"), Frames.Publish(v, topic, "x", 1, 1), Frames.Publish(v, topic, "x", 2, 2));
        foreach ((int first, int id) in ((int, int)[])[(Frames.PubAck, 1), (Frames.PubRec, 2)])
        {
            Frame ack = await peer.ReadAsync();
            Assert.Equal(first, ack.First);
            Assert.Equal(v == 5 ? [0, (byte)id, 0x87] : [0, (byte)id], ack.Body[..(v == 5 ? 3 : 2)]);
        }

        string free = New("t");
        await peer.SendAsync(Frames.Publish(v, free, "new", 2, 2)); // in 5.0 the refused exchange is over
        await peer.ExpectAsync(Frames.Ack(Frames.PubRec, 2));
        if (v == 5)
        {
            await watcher.ExpectAsync(Frames.Publish(v, free, "new"));
        }

        await watcher.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.4.2-1", "MQTT-3.5.2-1")]
    public void Interceptor_can_reject_only_with_a_code_of_puback() =>
        Assert.All(
            Enumerable.Range(0, 256).Where(code => !((int[])[0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]).Contains(code)),
            code => Assert.Throws<ArgumentOutOfRangeException>(() => PublishVerdict.Rejected((MqttReasonCode)code, "")));

    [Fact]
    [Normative("3.1.1", "MQTT-4.8.0-2")]
    public async Task Message_that_could_not_be_stored_closes_the_connection_without_acknowledgement()
    {
        HeldStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(store);
        foreach (int v in (int[])[4, 5])
        {
            await using Peer peer = await ConnectAsync(broker, v);
            await peer.SendAsync(Frames.Publish(v, "t", "x", 1, 1));
            (await store.NextAsync()).Verdict.SetException(new IOException("disk full"));
            await peer.ExpectDisconnectAsync(0x89);
        }
    }
}
