using System.Text;
using Field.Mqtt;
using Field.Tests.Broker;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>Our client's publishing, receiving, limits and session.</summary>
public sealed class ClientDeliveryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-2.3.1-1", "MQTT-2.3.1-2", "MQTT-2.3.1-5", "MQTT-2.3.1-6", "MQTT-3.3.1-2", "MQTT-3.3.2-1", "MQTT-4.3.1-1", "MQTT-4.3.2-1", "MQTT-4.3.3-1")]
    [Normative("5.0", "MQTT-2.2.1-2", "MQTT-2.2.1-3", "MQTT-2.2.1-5", "MQTT-2.2.2-1", "MQTT-3.3.1-2", "MQTT-3.3.2-1", "MQTT-3.2.2-18", "MQTT-4.3.1-1", "MQTT-4.3.2-1",
        "MQTT-4.3.2-2", "MQTT-4.3.3-1", "MQTT-4.3.3-2", "MQTT-4.3.3-4", "MQTT-4.3.3-6")]
    public async Task Client_publishes_each_qos_by_the_protocol(int v)
    {
        await using ScriptedServer server = new();
        (MqttClient client, Peer peer) = await server.ConnectAsync(v);
        await using MqttClient _ = client;
        await using Peer __ = peer;
        await client.PublishAsync(Message("a", 0), TestBroker.Token);
        await peer.ExpectAsync(Frames.Packet(0x30, Frames.Text("t"), v == 5 ? [0] : [], "a"u8.ToArray()));
        Task one = client.PublishAsync(Message("b", 1), TestBroker.Token);
        await peer.ExpectAsync(Frames.Publish(v, "t", "b", 1, 1));
        Task two = client.PublishAsync(Message("c", 2), TestBroker.Token);
        await peer.ExpectAsync(Frames.Publish(v, "t", "c", 2, 2));
        Assert.False(one.IsCompleted || two.IsCompleted);
        await peer.SendAsync(Frames.Ack(Frames.PubRec, 2));
        await peer.ExpectAsync(Frames.Ack(Frames.PubRel, 2));
        Assert.False(two.IsCompleted);
        await peer.SendAsync(Frames.Ack(Frames.PubComp, 2), Frames.Ack(Frames.PubAck, 1));
        await Task.WhenAll(one, two).WaitAsync(Patience, TestBroker.Token);
    }

    [Fact]
    [Normative("5.0", "MQTT-4.4.0-2", "MQTT-3.6.2-1", "MQTT-3.7.2.1-1")]
    public async Task Client_takes_a_failed_acknowledgement_as_the_end_and_answers_unknown_identifiers()
    {
        await using ScriptedServer server = new();
        (MqttClient client, Peer peer) = await server.ConnectAsync(5);
        await using MqttClient _ = client;
        await using Peer __ = peer;
        Task one = client.PublishAsync(Message("b", 1), TestBroker.Token), two = client.PublishAsync(Message("c", 2), TestBroker.Token);
        await peer.ReadAsync();
        await peer.ReadAsync();
        await peer.SendAsync(Frames.Ack(Frames.PubAck, 1, 0x87), Frames.Ack(Frames.PubRec, 2, 0x97));
        Assert.Equal(MqttReasonCode.NotAuthorized, (await Assert.ThrowsAsync<MqttException>(() => one.WaitAsync(Patience, TestBroker.Token))).ReasonCode);
        Assert.Equal(MqttReasonCode.QuotaExceeded, (await Assert.ThrowsAsync<MqttException>(() => two.WaitAsync(Patience, TestBroker.Token))).ReasonCode);
        await peer.SendAsync(Frames.Ack(Frames.PubRec, 40), Frames.Ack(Frames.PubRel, 41)); // no PUBREL came for the refused one
        await peer.ExpectAsync(Frames.Ack(Frames.PubRel, 40, 0x92), Frames.Ack(Frames.PubComp, 41, 0x92));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.3.4-1", "MQTT-4.3.2-2", "MQTT-4.3.3-2", "MQTT-4.5.0-2", "MQTT-4.6.0-2", "MQTT-4.6.0-3", "MQTT-4.6.0-4")]
    [Normative("5.0", "MQTT-3.3.4-1", "MQTT-3.4.2-1", "MQTT-3.5.2-1", "MQTT-4.3.2-4", "MQTT-4.3.2-5", "MQTT-4.3.3-8", "MQTT-4.3.3-10", "MQTT-4.3.3-11", "MQTT-4.3.3-12",
        "MQTT-4.5.0-2", "MQTT-4.6.0-2", "MQTT-4.6.0-3", "MQTT-4.6.0-4")]
    public async Task Client_acknowledges_everything_in_order_and_handles_qos_2_once(int v)
    {
        await using ScriptedServer server = new();
        List<string> got = [];
        Task<MqttClient> connecting = MqttClient.ConnectAsync(
            server.Options(v) with { Subscriptions = [new("t", 2, (m, _) => { got.Add(Encoding.UTF8.GetString(m.Payload.Span)); return default; })] }, TestBroker.Token);
        await using Peer peer = await server.AcceptAsync(v);
        await peer.ReadAsync();
        await peer.SendAsync(Frames.ConnAck(v));
        Frame subscribe = await peer.ReadAsync();
        Assert.Equal(0x82, subscribe.First); // [MQTT-3.8.1-1]
        await peer.SendAsync(Frames.SubAck(v, (subscribe.Body[0] << 8) | subscribe.Body[1], 2));
        await using MqttClient client = await connecting;

        await peer.SendAsync(
            Frames.Publish(v, "t", "1", 1, 5), Frames.Publish(v, "unwanted", "x", 1, 4), Frames.Publish(v, "t", "2", 2, 9),
            Frames.Publish(v, "unwanted", "x", 2, 8), Frames.Publish(v, "t", "3", 1, 3));
        await peer.ExpectAsync(
            Frames.Ack(Frames.PubAck, 5), Frames.Ack(Frames.PubAck, 4), Frames.Ack(Frames.PubRec, 9), Frames.Ack(Frames.PubRec, 8), Frames.Ack(Frames.PubAck, 3));
        await peer.SendAsync(Frames.Publish(v, "t", "1 again", 1, 5, dup: true)); // after PUBACK a new message
        await peer.SendAsync(Frames.Publish(v, "t", "2", 2, 9, dup: true)); // the same until PUBREL
        await peer.ExpectAsync(Frames.Ack(Frames.PubAck, 5), Frames.Ack(Frames.PubRec, 9));
        await peer.SendAsync(Frames.Ack(Frames.PubRel, 8), Frames.Ack(Frames.PubRel, 9));
        await peer.ExpectAsync(Frames.Ack(Frames.PubComp, 8), Frames.Ack(Frames.PubComp, 9));
        await peer.SendAsync(Frames.Publish(v, "t", "2 new", 2, 9));
        await peer.ExpectAsync(Frames.Ack(Frames.PubRec, 9));
        Assert.Equal(["1", "2", "3", "1 again", "2 new"], got);

        Task[] publishes = [.. Enumerable.Range(0, 3).Select(_ => client.PublishAsync(Message("p", 2), TestBroker.Token))];
        int[] ids = [(await peer.ReadPublishAsync()).Id, (await peer.ReadPublishAsync()).Id, (await peer.ReadPublishAsync()).Id];
        await peer.SendAsync(Frames.Ack(Frames.PubRec, ids[2]), Frames.Ack(Frames.PubRec, ids[0]), Frames.Ack(Frames.PubRec, ids[1]));
        await peer.ExpectAsync(Frames.Ack(Frames.PubRel, ids[2]), Frames.Ack(Frames.PubRel, ids[0]), Frames.Ack(Frames.PubRel, ids[1]));
        await peer.SendAsync([.. ids.Select(id => Frames.Ack(Frames.PubComp, id))]);
        await Task.WhenAll(publishes).WaitAsync(Patience, TestBroker.Token);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-11", "MQTT-3.2.2-14", "MQTT-3.2.2-15")]
    public async Task Client_sends_nothing_that_the_server_does_not_take()
    {
        await using ScriptedServer server = new();
        (MqttClient client, Peer peer) = await server.ConnectAsync(5, Prop.Byte(Prop.MaxQos, 1), Prop.Byte(Prop.RetainAvailable, 0), Prop.U32(Prop.MaxPacket, 60));
        await using MqttClient _ = client;
        await using Peer __ = peer;
        await RefusedAsync(MqttReasonCode.QosNotSupported, client.PublishAsync(Message("x", 2), TestBroker.Token));
        await RefusedAsync(MqttReasonCode.RetainNotSupported, client.PublishAsync(Message("x", 0) with { Retain = true }, TestBroker.Token));
        await RefusedAsync(MqttReasonCode.PacketTooLarge, client.PublishAsync(Message(new('x', 80), 1), TestBroker.Token));
        await RefusedAsync(MqttReasonCode.PacketTooLarge, client.SubscribeAsync(new('x', 80), 0, (_, _) => default, TestBroker.Token));
        await RefusedAsync(MqttReasonCode.PacketTooLarge, client.UnsubscribeAsync(new('x', 80), TestBroker.Token));
        await client.PublishAsync(Message("fits", 0), TestBroker.Token);
        await peer.ExpectAsync(Frames.Publish(5, "t", "fits"));
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.3.2-2", "MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.7.1-3", "MQTT-4.7.3-1", "MQTT-4.7.3-2", "MQTT-4.7.3-3")]
    [Normative("5.0", "MQTT-1.5.7-1", "MQTT-3.3.2-2", "MQTT-3.3.2-14", "MQTT-3.3.4-6", "MQTT-4.7.0-1", "MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.7.3-1", "MQTT-4.7.3-2", "MQTT-4.7.3-3",
        "MQTT-4.8.2-1", "MQTT-4.8.2-2")]
    public async Task Client_sends_no_wrong_topics_filters_or_properties()
    {
        await using ScriptedServer server = new();
        (MqttClient client, Peer peer) = await server.ConnectAsync(5);
        await using MqttClient _ = client;
        await using Peer __ = peer;
        foreach (string topic in (string[])["", "a/+", "#", "a\0b", "\uDC00", new('x', 65_536)])
        {
            await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync(new(topic, default), TestBroker.Token));
        }

        foreach (string filter in (string[])["", "a#", "#/a", "a+", "a\0b", "\uD800x", new('x', 65_536), "$share/g", "$share//t", "$share/g+/t"])
        {
            await Assert.ThrowsAsync<MqttException>(() => client.SubscribeAsync(filter, 0, (_, _) => default, TestBroker.Token));
        }

        MqttMessageProperties[] wrong =
        [
            new() { ResponseTopic = "a/+" }, new() { ContentType = "a\0" }, new() { UserProperties = [new("\uD800", "v")] }, new() { UserProperties = [new("n", "\0")] },
            new() { SubscriptionIdentifiers = [1] }, new() { CorrelationData = new byte[65_536] },
        ];
        foreach (MqttMessageProperties properties in wrong)
        {
            await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync(Message("x", 0) with { Properties = properties }, TestBroker.Token));
        }

        await client.PublishAsync(Message("right", 0), TestBroker.Token);
        await peer.ExpectAsync(Frames.Publish(5, "t", "right"));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-17", "MQTT-3.2.2-18", "MQTT-3.3.2-8", "MQTT-3.3.2-9")]
    public async Task Client_uses_as_many_aliases_as_the_server_allows()
    {
        await using ScriptedServer server = new();
        byte[] alias = Prop.U16(Prop.Alias, 1);
        foreach (int maximum in (int[])[1, 0])
        {
            (MqttClient client, Peer peer) = await server.ConnectAsync(5, Prop.U16(Prop.AliasMax, maximum));
            await using MqttClient _ = client;
            await using Peer __ = peer;
            foreach (string topic in (string[])["t", "t", "u", "t"])
            {
                await client.PublishAsync(new(topic, default), TestBroker.Token);
            }

            byte[][] props = maximum == 1 ? [alias] : [];
            string again = maximum == 1 ? "" : "t";
            await peer.ExpectAsync(
                Frames.Publish(5, "t", "", props: props), Frames.Publish(5, again, "", props: props), Frames.Publish(5, "u", ""), Frames.Publish(5, again, "", props: props));
        }
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.2-7", "MQTT-3.3.2-10")]
    public async Task Client_accepts_every_alias_up_to_its_maximum_until_the_connection_ends()
    {
        await using ScriptedServer server = new();
        List<string> got = [];
        MqttClientOptions options = server.Options(5) with { TopicAliasMaximum = 3 };
        (MqttClient client, Peer peer) = await server.ConnectAsync(options);
        await using (client)
        await using (peer)
        {
            Task subscribing = client.SubscribeAsync("#", 1, (m, _) => { got.Add(m.Topic); return default; }, TestBroker.Token);
            Frame subscribe = await peer.ReadAsync();
            await peer.SendAsync(Frames.SubAck(5, (subscribe.Body[0] << 8) | subscribe.Body[1], 1));
            await subscribing;
            for (int i = 1; i <= 3; i++)
            {
                await peer.SendAsync(Frames.Publish(5, $"t{i}", "", 1, i, props: Prop.U16(Prop.Alias, i)), Frames.Publish(5, "", "", 1, 10 + i, props: Prop.U16(Prop.Alias, i)));
                await peer.ExpectAsync(Frames.Ack(Frames.PubAck, i), Frames.Ack(Frames.PubAck, 10 + i));
            }

            Assert.Equal(["t1", "t1", "t2", "t2", "t3", "t3"], got);
            await peer.SendAsync(Frames.Publish(5, "x", "", props: Prop.U16(Prop.Alias, 4)));
            await peer.ExpectDisconnectAsync(0x94);
        }

        (client, peer) = await server.ConnectAsync(options);
        await using (client)
        await using (peer)
        {
            await peer.SendAsync(Frames.Publish(5, "", "", props: Prop.U16(Prop.Alias, 1)));
            await peer.ExpectDisconnectAsync(0x82);
        }
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.4-7", "MQTT-3.3.4-8", "MQTT-4.9.0-1", "MQTT-4.9.0-2", "MQTT-4.9.0-3")]
    public async Task Client_sends_no_more_than_the_servers_receive_maximum_and_answers_all_else()
    {
        await using ScriptedServer server = new();
        (MqttClient client, Peer peer) = await server.ConnectAsync(5, Prop.U16(Prop.ReceiveMax, 2));
        await using MqttClient _ = client;
        await using Peer __ = peer;
        Task[] publishes = [.. Enumerable.Range(0, 4).Select(i => client.PublishAsync(Message($"{i}", 1 + (i % 2)), TestBroker.Token))];
        await peer.ExpectAsync(Frames.Publish(5, "t", "0", 1, 1), Frames.Publish(5, "t", "1", 2, 2));
        Task subscribing = client.SubscribeAsync("s", 0, (_, _) => default, TestBroker.Token);
        Frame subscribe = await peer.ReadAsync(); // not the third message
        Assert.Equal(0x82, subscribe.First);
        await peer.SendAsync(Frames.SubAck(5, (subscribe.Body[0] << 8) | subscribe.Body[1], 0), Frames.Publish(5, "s", "x", 1, 7), Frames.Ack(Frames.PubRec, 2));
        HashSet<string> both = [Convert.ToHexString((await peer.ReadAsync()).Bytes), Convert.ToHexString((await peer.ReadAsync()).Bytes)];
        Assert.Equal([Convert.ToHexString(Frames.Ack(Frames.PubAck, 7)), Convert.ToHexString(Frames.Ack(Frames.PubRel, 2))], both.Order(StringComparer.Ordinal));
        await subscribing;
        await peer.SendAsync(Frames.Ack(Frames.PubAck, 1));
        await peer.ExpectAsync(Frames.Publish(5, "t", "2", 1, 3)); // for the PUBACK; the PUBREC made no room
        await peer.SendAsync(Frames.Ack(Frames.PubComp, 2));
        await peer.ExpectAsync(Frames.Publish(5, "t", "3", 2, 4));
        await peer.SendAsync(Frames.Ack(Frames.PubAck, 3), Frames.Ack(Frames.PubRec, 4, 0x10), Frames.Ack(Frames.PubComp, 4));
        await Task.WhenAll(publishes).WaitAsync(Patience, TestBroker.Token);
    }

    [Fact]
    [Normative("5.0", "MQTT-4.13.2-1")]
    public async Task Server_that_exceeds_the_clients_receive_maximum_is_disconnected()
    {
        await using ScriptedServer server = new();
        TaskCompletionSource never = new();
        (MqttClient client, Peer peer) = await server.ConnectAsync(server.Options(5) with { ReceiveMaximum = 2 });
        await using MqttClient _ = client;
        await using Peer __ = peer;
        await SubscribeAsync(client, peer, "t", async (_, ct) => await never.Task.WaitAsync(ct));
        await peer.SendAsync([.. Enumerable.Range(1, 3).Select(i => Frames.Publish(5, "t", "x", 1, i))]);
        await peer.ExpectDisconnectAsync(0x93);
    }

    [Fact]
    public async Task Excess_within_the_tolerance_is_taken_and_acknowledged_and_beyond_it_ends_the_connection()
    {
        await using ScriptedServer server = new();
        TaskCompletionSource go = new();
        (MqttClient client, Peer peer) = await server.ConnectAsync(server.Options(5) with { ReceiveMaximum = 2, ReceiveTolerance = 1 });
        await using MqttClient _ = client;
        await using Peer __ = peer;
        await SubscribeAsync(client, peer, "t", async (_, ct) => await go.Task.WaitAsync(ct));
        await peer.SendAsync([.. Enumerable.Range(1, 3).Select(i => Frames.Publish(5, "t", "x", 1, i))]);
        go.SetResult();
        for (int i = 1; i <= 3; i++)
        {
            await peer.ExpectAsync(Frames.Ack(Frames.PubAck, i));
        }

        TaskCompletionSource never = new();
        await SubscribeAsync(client, peer, "u", async (_, ct) => await never.Task.WaitAsync(ct));
        await peer.SendAsync([.. Enumerable.Range(11, 4).Select(i => Frames.Publish(5, "u", "x", 1, i))]);
        await peer.ExpectDisconnectAsync(0x93);
    }

    [Theory]
    [InlineData(4, 500)]
    [InlineData(5, 5)]
    [Normative("5.0", "MQTT-4.9.0-3")]
    public async Task Handlers_that_publish_never_wait_for_the_read_loop(int v, int count)
    {
        await using ScriptedServer server = new();
        (MqttClient client, Peer peer) = await server.ConnectAsync(server.Options(v) with { ReceiveMaximum = 5 });
        await using MqttClient _ = client;
        await using Peer __ = peer;
        await SubscribeAsync(client, peer, "t", async (_, ct) => await client.PublishAsync(new("answer", default, 1), ct));
        await peer.SendAsync([.. Enumerable.Range(1, count).Select(i => Frames.Publish(v, "t", "x", 1, i))]);
        int answers = 0;
        int acknowledged = 0;
        while (answers < count || acknowledged < count)
        {
            // The next handler may publish before the acknowledgement of the one before is written; acknowledgements keep their order.
            Frame frame = await peer.ReadAsync();
            if (frame.Type == 3)
            {
                answers++;
                await peer.SendAsync(Frames.Ack(Frames.PubAck, Publication.Parse(frame, v).Id));
            }
            else
            {
                Assert.Equal(Frames.Ack(Frames.PubAck, ++acknowledged), frame.Bytes);
                Assert.True(acknowledged <= answers, "a message was acknowledged before its handler published");
            }
        }

        Assert.Equal((count, count), (answers, acknowledged));
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.8.1-1", "MQTT-3.8.3-3", "MQTT-3.10.1-1", "MQTT-3.10.3-2")]
    [Normative("5.0", "MQTT-3.8.1-1", "MQTT-3.8.3-2", "MQTT-3.10.1-1", "MQTT-3.10.2-2")]
    public async Task Client_writes_subscribe_and_unsubscribe_to_the_byte()
    {
        await using ScriptedServer server = new();
        foreach (int v in (int[])[4, 5])
        {
            (MqttClient client, Peer peer) = await server.ConnectAsync(server.Options(v));
            await using MqttClient _ = client;
            await using Peer __ = peer;
            Task subscribing = client.SubscribeAsync(new MqttSubscription("t/+", 2, (_, _) => default)
            {
                NoLocal = true,
                RetainAsPublished = true,
                RetainHandling = RetainHandling.DoNotSend,
                Identifier = 300,
            }, TestBroker.Token);
            Frame subscribe = await peer.ReadAsync();
            int id = (subscribe.Body[0] << 8) | subscribe.Body[1];
            Assert.NotEqual(0, id);
            byte[] expected = v == 5 ? Frames.Subscribe(5, id, "t/+", 0x2E, Prop.Var(Prop.SubscriptionId, 300)) : Frames.Subscribe(4, id, "t/+", 2);
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(subscribe.Bytes));
            await peer.SendAsync(Frames.SubAck(v, id, 2));
            await subscribing;
            Task unsubscribing = client.UnsubscribeAsync("t/+", TestBroker.Token);
            Frame unsubscribe = await peer.ReadAsync();
            int other = (unsubscribe.Body[0] << 8) | unsubscribe.Body[1];
            Assert.Equal(Convert.ToHexString(Frames.Unsubscribe(v, other, "t/+")), Convert.ToHexString(unsubscribe.Bytes));
            await peer.SendAsync(Frames.UnsubAck(v, other, 0));
            await unsubscribing;
        }
    }

    private static async Task SubscribeAsync(MqttClient client, Peer peer, string filter, Func<MqttMessage, CancellationToken, ValueTask> handler)
    {
        Task subscribing = client.SubscribeAsync(filter, 1, handler, TestBroker.Token);
        Frame subscribe = await peer.ReadAsync();
        await peer.SendAsync(Frames.SubAck(peer.Version, (subscribe.Body[0] << 8) | subscribe.Body[1], 1));
        await subscribing;
    }

    private static async Task RefusedAsync(MqttReasonCode code, Task call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<MqttException>(() => call.WaitAsync(Patience, TestBroker.Token))).ReasonCode);

    private static MqttMessage Message(string payload, int qos) => new("t", Encoding.UTF8.GetBytes(payload), qos);
}
