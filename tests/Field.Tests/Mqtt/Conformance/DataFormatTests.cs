using System.Text;
using Field.Mqtt.Codec;
using Field.Mqtt.Delivery;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>Chapters 1.5 and 2: data types, flags, packet identifiers, properties.</summary>
public sealed class DataFormatTests(BrokerFixture fixture) : ConformanceTest(fixture)
{
    /// <summary>Where a string stands, and the versions that have it there.</summary>
    private static readonly (string Place, bool In311)[] Places =
    [
        ("client id", true), ("will topic", true), ("user name", true), ("topic", true), ("subscribe filter", true), ("unsubscribe filter", true),
        ("response topic", false), ("content type", false), ("user property name", false), ("user property value", false),
    ];

    public static TheoryData<int, string, string> BadStrings
    {
        get
        {
            TheoryData<int, string, string> data = [];
            // overlong, surrogate U+D800, cut off, not a first byte
            foreach (string bad in (string[])["C080", "61EDA080", "E381", "FF"])
            {
                AddPlaces(data, bad);
            }

            return data;
        }
    }

    public static TheoryData<int, string, string> NulStrings
    {
        get
        {
            TheoryData<int, string, string> data = [];
            AddPlaces(data, "610062");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(BadStrings))]
    [Normative("3.1.1", "MQTT-1.5.3-1", "MQTT-3.1.3-4", "MQTT-3.1.3-10", "MQTT-3.1.3-11", "MQTT-3.3.2-1", "MQTT-3.8.3-1", "MQTT-3.10.3-1")]
    [Normative("5.0", "MQTT-1.5.4-1", "MQTT-1.5.7-1", "MQTT-3.1.3-4", "MQTT-3.1.3-11", "MQTT-3.1.3-12", "MQTT-3.3.2-1", "MQTT-3.3.2-13",
        "MQTT-3.3.2-19", "MQTT-3.8.3-1", "MQTT-3.10.2-1")]
    public Task Ill_formed_utf8_is_malformed(int v, string place, string bad) => ExpectMalformedAsync(v, place, Convert.FromHexString(bad));

    [Theory]
    [MemberData(nameof(NulStrings))]
    [Normative("3.1.1", "MQTT-1.5.3-2", "MQTT-4.7.3-2")]
    [Normative("5.0", "MQTT-1.5.4-2", "MQTT-4.7.3-2")]
    public Task Nul_in_a_string_is_malformed(int v, string place, string bad) => ExpectMalformedAsync(v, place, Convert.FromHexString(bad));

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-1.5.3-3", "MQTT-4.7.3-4")]
    [Normative("5.0", "MQTT-1.5.4-3", "MQTT-4.7.3-4")]
    public async Task Byte_order_mark_and_unusual_characters_are_kept_and_matched_as_they_are(int v)
    {
        string plain = New("t"), marked = "\uFEFF" + plain, composed = plain + "\u00C5", decomposed = plain + "A\u030A";
        await using Peer peer = await ConnectAsync(v);
        await peer.SubscribeAsync(marked, 1);
        await peer.SubscribeAsync(composed, 1);
        await peer.SendAsync(Frames.Publish(v, plain, "not this"), Frames.Publish(v, decomposed, "nor this"));
        await peer.SendAsync(Frames.Publish(v, plain.ToUpperInvariant(), "nor this"), Frames.Publish(v, " " + composed, "nor this"));
        await peer.ExpectNothingAsync();
        await peer.SendAsync(Frames.Publish(v, marked, "this"), Frames.Publish(v, composed, "and this"));
        await peer.ExpectAsync(Frames.Publish(v, marked, "this"), Frames.Publish(v, composed, "and this"));
    }

    [Theory]
    [InlineData("C08000")] // PINGREQ, remaining length 0 in two bytes
    [InlineData("300600017480800000")] // PUBLISH to "t", property length 0 in three bytes
    [InlineData("820A0001030B850000017400")] // SUBSCRIBE, subscription identifier 5 in two bytes
    [InlineData("30FFFFFFFF01")] // remaining length in five bytes
    [Normative("5.0", "MQTT-1.5.5-1")]
    public async Task Variable_byte_integer_that_is_not_minimal_is_malformed(string packet)
    {
        await using Peer peer = await ConnectAsync(5);
        await peer.SendAsync(Convert.FromHexString(packet));
        await peer.ExpectDisconnectAsync(0x81);
    }

    [Theory]
    [InlineData(0x41)]
    [InlineData(0x51)]
    [InlineData(0x60)]
    [InlineData(0x63)]
    [InlineData(0x71)]
    [InlineData(0x80)]
    [InlineData(0x8A)]
    [InlineData(0xA0)]
    [InlineData(0xA3)]
    [InlineData(0xC1)]
    [InlineData(0xE1)]
    [InlineData(0xF1)]
    [Normative("3.1.1", "MQTT-2.2.2-1", "MQTT-2.2.2-2", "MQTT-3.6.1-1", "MQTT-3.8.1-1", "MQTT-3.10.1-1", "MQTT-3.14.1-1")]
    [Normative("5.0", "MQTT-2.1.3-1", "MQTT-3.6.1-1", "MQTT-3.8.1-1", "MQTT-3.10.1-1", "MQTT-3.14.1-1", "MQTT-3.15.1-1")]
    public async Task Packet_with_other_reserved_flags_is_malformed(int first)
    {
        foreach (int v in (int[])[4, 5])
        {
            byte[] body = (first >> 4) switch
            {
                8 => Frames.Subscribe(v, 1, "t")[2..],
                10 => Frames.Unsubscribe(v, 1, "t")[2..],
                12 or 14 or 15 => [],
                _ => Frames.U16(1),
            };
            await using Peer peer = await ConnectAsync(v);
            await peer.SendAsync(Frames.Packet(first, body));
            await peer.ExpectDisconnectAsync(0x81);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-2.3.1-1")]
    public async Task Packet_identifier_zero_ends_the_connection(int v)
    {
        foreach (byte[] packet in (byte[][])[Frames.Publish(v, "t", "x", 1, 0), Frames.Publish(v, "t", "x", 2, 0), Frames.Subscribe(v, 0, "t"), Frames.Unsubscribe(v, 0, "t")])
        {
            await using Peer peer = await ConnectAsync(v);
            await peer.SendAsync(packet);
            await peer.ExpectDisconnectAsync(0x82);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-2.3.1-5", "MQTT-3.3.1-2", "MQTT-4.3.1-1")]
    [Normative("5.0", "MQTT-2.2.1-2", "MQTT-2.2.2-1", "MQTT-3.3.1-2", "MQTT-4.3.1-1")]
    public async Task Qos_0_goes_out_without_identifier_without_dup_and_with_property_length_0(int v)
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(v);
        await peer.SubscribeAsync(topic, 2);
        await peer.SendAsync(Frames.Publish(v, topic, "x"));
        await peer.ExpectAsync(Frames.Packet(0x30, Frames.Text(topic), v == 5 ? [0] : [], "x"u8.ToArray()));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-2.3.1-4")]
    [Normative("5.0", "MQTT-2.2.1-4")]
    public async Task Server_gives_every_open_message_its_own_identifier(int v)
    {
        string topic = New("t");
        await using Peer peer = await ConnectAsync(v);
        await peer.SubscribeAsync(topic, 2);
        List<int> ids = [];
        for (int i = 0; i < 20; i++)
        {
            await Broker.Broker.PublishAsync(new(topic, new byte[1], 1 + (i % 2)), Field.Tests.Broker.TestBroker.Token);
            ids.Add((await peer.ReadPublishAsync()).Id);
        }

        Assert.DoesNotContain(0, ids);
        Assert.Equal(20, ids.Distinct().Count());
    }

    [Fact] // the queue is the sender of both client and broker
    [Normative("3.1.1", "MQTT-2.3.1-2", "MQTT-2.3.1-4")]
    [Normative("5.0", "MQTT-2.2.1-3", "MQTT-2.2.1-4", "MQTT-4.3.2-1", "MQTT-4.3.3-1")]
    public void Identifiers_wrap_around_and_skip_those_in_use()
    {
        DeliveryQueue queue = new(10, 1 << 20, TimeProvider.System);
        queue.Attach(3);
        queue.TryAdd(Message(1));
        queue.TryAdd(Message(2));
        List<Packet> batch = [];
        queue.Take(batch, out _);
        ushort[] held = [.. batch.Cast<PublishPacket>().Select(p => p.PacketId)];
        Assert.Equal([1, 2], held);
        Assert.Null(queue.Acknowledge(new(PacketType.PubRec, 2))); // released, and still in use until PUBCOMP
        HashSet<ushort> seen = [];
        for (int i = 0; i < DeliveryQueue.MaxMessageId + 10; i++)
        {
            batch.Clear();
            queue.TryAdd(Message(1));
            Assert.True(queue.Take(batch, out _));
            ushort id = batch.OfType<PublishPacket>().Single().PacketId;
            Assert.DoesNotContain(id, held);
            Assert.NotEqual(0, id);
            seen.Add(id);
            Assert.NotNull(queue.Acknowledge(new(PacketType.PubAck, id)));
        }

        Assert.Equal(DeliveryQueue.MaxMessageId - 2, seen.Count);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-2.3.1-6", "MQTT-2.3.1-7", "MQTT-3.3.4-1", "MQTT-3.8.4-1", "MQTT-3.8.4-2", "MQTT-3.10.4-4", "MQTT-3.10.4-5")]
    [Normative("5.0", "MQTT-2.2.1-5", "MQTT-2.2.1-6", "MQTT-3.3.4-1", "MQTT-3.8.4-1", "MQTT-3.8.4-2", "MQTT-3.10.4-4", "MQTT-3.10.4-5",
        "MQTT-4.3.2-4", "MQTT-4.3.3-8", "MQTT-4.3.3-11")]
    public async Task Every_answer_repeats_the_identifier_of_its_packet(int v)
    {
        await using Peer peer = await ConnectAsync(v);
        string topic = New("t");
        await peer.SendAsync(Frames.Publish(v, topic, "x"));
        await peer.ExpectNothingAsync();
        await peer.SendAsync(Frames.Publish(v, topic, "x", 1, 0xBEEF));
        await peer.ExpectAsync(Frames.Ack(Frames.PubAck, 0xBEEF));
        await peer.SendAsync(Frames.Publish(v, topic, "x", 2, 0xCAFE));
        await peer.ExpectAsync(Frames.Ack(Frames.PubRec, 0xCAFE));
        await peer.SendAsync(Frames.Ack(Frames.PubRel, 0xCAFE));
        await peer.ExpectAsync(Frames.Ack(Frames.PubComp, 0xCAFE));
        await peer.SendAsync(Frames.Subscribe(v, 0xFFFF, topic, 2));
        await peer.ExpectAsync(Frames.SubAck(v, 0xFFFF, 2));
        await peer.SendAsync(Frames.Unsubscribe(v, 0x0100, "nothing/here"));
        await peer.ExpectAsync(Frames.UnsubAck(v, 0x0100, 0x11));
    }

    private static OutgoingMessage Message(int qos) => new(new("t", new byte[1], qos), qos, false);

    private static void AddPlaces(TheoryData<int, string, string> data, string bad)
    {
        foreach ((string place, bool in311) in Places)
        {
            data.Add(5, place, bad);
            if (in311)
            {
                data.Add(4, place, bad);
            }
        }
    }

    private async Task ExpectMalformedAsync(int v, string place, byte[] bad)
    {
        if (place is "client id" or "will topic" or "user name")
        {
            byte[] will = place == "will topic" ? bad : "w"u8.ToArray(), user = place == "user name" ? bad : "u"u8.ToArray();
            byte[] connect = Frames.Packet(
                0x10, Frames.Text("MQTT"), [(byte)v, 0x86], Frames.U16(0), Frames.Props(v),
                Frames.Data(place == "client id" ? bad : Encoding.UTF8.GetBytes(New())), Frames.Props(v), Frames.Data(will), Frames.Data([]), Frames.Data(user));
            ConnAck? ack = await RefusedAsync(v, connect);
            Assert.Equal(v == 5 ? 0x81 : null, ack?.Code); // 3.1.1: closed without CONNACK [MQTT-3.1.4-1]
            return;
        }

        await using Peer peer = await ConnectAsync(v);
        byte[] value = Frames.Data(bad);
        await peer.SendAsync(place switch
        {
            "topic" => Frames.Publish(v, bad, "x"),
            "subscribe filter" => Frames.Packet(0x82, Frames.U16(1), Frames.Props(v), value, [0]),
            "unsubscribe filter" => Frames.Packet(0xA2, Frames.U16(1), Frames.Props(v), value),
            "response topic" => Frames.Publish(v, "t", "x", props: [Frames.Join([Prop.ResponseTopic], value)]),
            "content type" => Frames.Publish(v, "t", "x", props: [Frames.Join([Prop.ContentType], value)]),
            "user property name" => Frames.Publish(v, "t", "x", props: [Frames.Join([Prop.UserPair], value, Frames.Text("v"))]),
            _ => Frames.Publish(v, "t", "x", props: [Frames.Join([Prop.UserPair], Frames.Text("n"), value)]),
        });
        await peer.ExpectDisconnectAsync(0x81);
    }
}
