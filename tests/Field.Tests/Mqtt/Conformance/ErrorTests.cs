using System.Buffers;
using System.Net.WebSockets;
using Field.Mqtt;
using Field.Mqtt.Codec;
using Field.Tests.Broker;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>Chapters 3.12 to 3.15, 4.2, 4.13 and 6 at the broker: ping, goodbye, authentication, what fits, transports.</summary>
public sealed class ErrorTests(BrokerFixture fixture) : ConformanceTest(fixture)
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.12.4-1")]
    [Normative("5.0", "MQTT-3.12.4-1")]
    public async Task Ping_is_answered_each_time(int v)
    {
        await using Peer peer = await ConnectAsync(v);
        await peer.SendAsync(Frames.PingReq, Frames.PingReq, Frames.PingReq);
        await peer.ExpectAsync(Frames.PingResp, Frames.PingResp, Frames.PingResp);
    }

    [Theory]
    [InlineData("F000")] // AUTH, success
    [InlineData("F00118")] // continue
    [InlineData("F00719041500017800")] // re-authenticate
    [InlineData("20020000")] // CONNACK
    [InlineData("900400010000")] // SUBACK
    [InlineData("D000")] // PINGRESP
    [InlineData("0000")] // no packet type
    [Normative("5.0", "MQTT-4.13.1-1")]
    public async Task Packet_that_a_client_may_not_send_ends_the_connection(string packet)
    {
        await using Peer peer = await ConnectAsync(5);
        await peer.SendAsync(Convert.FromHexString(packet));
        Frame frame = await peer.ReadAsync();
        Assert.Equal(0xE0, frame.First);
        Assert.InRange(frame.Body[0], 0x81, 0x82);
        await peer.ExpectEndAsync();
    }

    [Theory]
    [InlineData("F000")]
    [InlineData("D000")]
    [InlineData("20020000")]
    [InlineData("0000")]
    [InlineData("C00100")] // PINGREQ with a body
    [InlineData("40020001")] // a PUBACK that answers nothing is no error: the last one is
    [Normative("3.1.1", "MQTT-4.8.0-1")]
    public async Task Packet_that_does_not_exist_in_311_closes_the_connection(string packet)
    {
        await using Peer peer = await ConnectAsync(4);
        await peer.SendAsync(Convert.FromHexString(packet), [0xF0, 0x00]);
        await peer.ExpectEndAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.14.2-1", "MQTT-3.14.2-2", "MQTT-3.14.4-1", "MQTT-3.14.4-2", "MQTT-4.13.2-1")]
    public async Task Disconnect_of_the_broker_is_its_last_packet_and_has_no_session_expiry()
    {
        string topic = New("t");
        await using TestBroker broker = await TestBroker.StartAsync();
        await using Peer peer = await ConnectAsync(broker, 5, Kept(5));
        await peer.SubscribeAsync(topic);
        broker.Broker.CloseAll();
        await broker.Broker.PublishAsync(new(topic, new byte[1]), TestBroker.Token);
        Frame goodbye = await peer.ReadAsync();
        Assert.Equal((0xE0, 0x8B), (goodbye.First, goodbye.Body[0]));
        Assert.All(new Cursor(goodbye.Body[1..]).Props(), p => Assert.Equal(Prop.Reason, p[0]));
        await peer.ExpectEndAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Connection_that_comes_while_the_server_shuts_down_is_closed_at_once(int v)
    {
        // The listeners wait for every connection: one that is left open would hold the stop up until its time is over.
        await using TestBroker broker = await TestBroker.StartAsync();
        broker.Broker.ShutDown();
        await using Peer peer = await Peer.OpenAsync(broker.TcpPort, v);
        await peer.SendAsync(Frames.Connect(v, New(), Kept(v)));
        await peer.ExpectEndAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-29")]
    public async Task Client_that_wants_no_problem_information_gets_codes_only()
    {
        // A refusal by the store carries its reason to who wants it.
        HeldStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(store);
        foreach (bool wanted in (bool[])[true, false])
        {
            await using Peer peer = await ConnectAsync(broker, 5, new() { Props = wanted ? [] : [Prop.Byte(Prop.RequestProblem, 0)] });
            await peer.SendAsync(Frames.Publish(5, "t", "x", 1, 1), Frames.Publish(5, "t", "x", 2, 2));
            for (int i = 1; i <= 2; i++)
            {
                (await store.NextAsync()).Verdict.SetResult(Field.Broker.PublishVerdict.Rejected(MqttReasonCode.PayloadFormatInvalid, "not JSON"));
                byte[] code = [0x99], reason = wanted ? Frames.Props(5, Prop.Text(Prop.Reason, "not JSON")) : [];
                await peer.ExpectAsync(Frames.Packet(i == 1 ? Frames.PubAck : Frames.PubRec, Frames.U16(i), code, reason));
            }
        }
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-24", "MQTT-3.2.2-19", "MQTT-3.4.2-2", "MQTT-3.5.2-2", "MQTT-3.14.2-3")]
    public async Task Reason_strings_are_left_out_where_the_packet_would_be_too_large()
    {
        byte[][] small = [Prop.U32(Prop.MaxPacket, 25)];
        ConnAck refused = (await RefusedAsync(5, Frames.Connect(5, New(), new() { User = "refused:87", Props = small })))!;
        Assert.Equal(0x87, refused.Code);
        Assert.Empty(refused.Props);
        await using Peer peer = await ConnectAsync(5, new() { Props = small });
        await peer.SendAsync(Frames.Publish(5, "denied/x", "x", 1, 1), Frames.Publish(5, "denied/x", "x", 2, 2));
        await peer.ExpectAsync(Frames.Ack(Frames.PubAck, 1, 0x87), Frames.Ack(Frames.PubRec, 2, 0x87));
        await peer.SendAsync(Frames.Publish(5, "", "x"));
        await peer.ExpectAsync(Frames.Packet(0xE0, [0x82]));
        await peer.ExpectEndAsync();
        Assert.Equal(0x95, (await RefusedAsync(5, Frames.Connect(5, New(), new() { Props = [Prop.U32(Prop.MaxPacket, 20)] })))!.Code);
    }

    public static TheoryData<string> Diagnosed => ["ConnAck", "PubAck", "PubRec", "PubRel", "PubComp", "SubAck", "UnsubAck", "Disconnect", "Auth"];

    [Theory] // client and broker send through this one encoder
    [MemberData(nameof(Diagnosed))]
    [Normative("5.0", "MQTT-3.2.2-19", "MQTT-3.2.2-20", "MQTT-3.4.2-2", "MQTT-3.4.2-3", "MQTT-3.5.2-2", "MQTT-3.5.2-3", "MQTT-3.6.2-2", "MQTT-3.6.2-3",
        "MQTT-3.7.2.1-2", "MQTT-3.7.2.1-3", "MQTT-3.9.2-1", "MQTT-3.9.2-2", "MQTT-3.11.2-1", "MQTT-3.11.2-2", "MQTT-3.14.2-3", "MQTT-3.14.2-4",
        "MQTT-3.15.2-2", "MQTT-3.15.2-3")]
    public void Reason_string_and_user_properties_never_make_a_packet_too_large(string type)
    {
        PropertyList reason = new() { { PropertyId.ReasonString, "why" } }, user = [];
        user.AddUser("name", "value");
        foreach (PropertyList props in (PropertyList[])[reason, user])
        {
            ArrayBufferWriter<byte> output = new();
            int whole = PacketEncoder.Write(output, Packet(type, props), MqttProtocolVersion.V500);
            int bare = PacketEncoder.Write(new ArrayBufferWriter<byte>(), Packet(type, null), MqttProtocolVersion.V500);
            Assert.Equal(whole, PacketEncoder.Write(new ArrayBufferWriter<byte>(), Packet(type, props), MqttProtocolVersion.V500, whole));
            Assert.Equal(bare, PacketEncoder.Write(new ArrayBufferWriter<byte>(), Packet(type, props), MqttProtocolVersion.V500, whole - 1));
            Assert.Equal(0, PacketEncoder.Write(new ArrayBufferWriter<byte>(), Packet(type, props), MqttProtocolVersion.V500, bare - 1));
        }

        static Packet Packet(string type, PropertyList? props) => type switch
        {
            "ConnAck" => new ConnAckPacket(false, MqttReasonCode.ServerBusy) { Properties = props },
            "PubAck" or "PubRec" => new AckPacket(Enum.Parse<PacketType>(type), 1, MqttReasonCode.QuotaExceeded) { Properties = props },
            "PubRel" or "PubComp" => new AckPacket(Enum.Parse<PacketType>(type), 1, MqttReasonCode.PacketIdentifierNotFound) { Properties = props },
            "SubAck" => new SubAckPacket(1, [MqttReasonCode.NotAuthorized]) { Properties = props },
            "UnsubAck" => new UnsubAckPacket(1, [MqttReasonCode.NotAuthorized]) { Properties = props },
            "Disconnect" => new DisconnectPacket(MqttReasonCode.ServerBusy) { Properties = props },
            _ => new AuthPacket(MqttReasonCode.ContinueAuthentication) { Properties = props },
        };
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-7.0.0-2", "MQTT-7.1.1-1")]
    [Normative("5.0", "MQTT-4.2-1")]
    public async Task Packets_cut_anywhere_in_the_stream_are_the_same_packets(int v)
    {
        string topic = New("t");
        await using Peer peer = await OpenAsync(v);
        byte[] stream = Frames.Join(Frames.Connect(v, New()), Frames.Subscribe(v, 1, topic), Frames.Publish(v, topic, "whole"), Frames.PingReq);
        foreach (byte b in stream)
        {
            await peer.SendAsync([b]);
        }

        Assert.Equal(0, ConnAck.Parse(await peer.ReadAsync(), v).Code);
        await peer.ExpectAsync(Frames.SubAck(v, 1, 0));
        HashSet<string> rest = [Convert.ToHexString((await peer.ReadAsync()).Bytes), Convert.ToHexString((await peer.ReadAsync()).Bytes)];
        Assert.Equal([Convert.ToHexString(Frames.Publish(v, topic, "whole")), Convert.ToHexString(Frames.PingResp)], rest.Order(StringComparer.Ordinal));
    }

    [Fact]
    [Normative("3.1.1", "MQTT-6.0.0-2", "MQTT-6.0.0-4")]
    [Normative("5.0", "MQTT-6.0.0-2", "MQTT-6.0.0-4", "MQTT-4.2-1")]
    public async Task Websocket_frames_need_not_be_packets_and_the_subprotocol_is_mqtt()
    {
        using ClientWebSocket socket = new();
        socket.Options.AddSubProtocol("other");
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(Broker.Web, TestBroker.Token);
        Assert.Equal("mqtt", socket.SubProtocol);
        string topic = New("t");
        byte[] stream = Frames.Join(Frames.Connect(4, New()), Frames.Subscribe(4, 1, topic), Frames.Publish(4, topic, "x", 0));
        foreach (byte[] part in (byte[][])[stream[..1], [], stream[1..20], stream[20..]])
        {
            await socket.SendAsync(part, WebSocketMessageType.Binary, part.Length % 2 == 0, TestBroker.Token);
        }

        byte[] expected = Frames.Join(Frames.ConnAck(4), Frames.SubAck(4, 1, 0), Frames.Publish(4, topic, "x"));
        List<byte> got = [];
        byte[] buffer = new byte[256];
        while (got.Count < expected.Length)
        {
            WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, TestBroker.Token);
            Assert.Equal(WebSocketMessageType.Binary, result.MessageType); // [MQTT-6.0.0-1]
            got.AddRange(buffer[..result.Count]);
        }

        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString([.. got]));
    }

    [Theory]
    [InlineData(false)] // as the first frame
    [InlineData(true)] // after CONNECT
    [Normative("3.1.1", "MQTT-6.0.0-1")]
    [Normative("5.0", "MQTT-6.0.0-1")]
    public async Task Websocket_text_frame_ends_the_connection(bool connected)
    {
        using ClientWebSocket socket = new();
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(Broker.Web, TestBroker.Token);
        byte[] buffer = new byte[256];
        if (connected)
        {
            await socket.SendAsync(Frames.Connect(4, New()), WebSocketMessageType.Binary, true, TestBroker.Token);
            Assert.Equal(4, (await socket.ReceiveAsync(buffer, TestBroker.Token)).Count);
        }

        await socket.SendAsync(connected ? Frames.PingReq : Frames.Connect(4, New()), WebSocketMessageType.Text, true, TestBroker.Token);
        Assert.True(await EndsAsync(socket, buffer), "the broker went on after a text frame");
    }

    /// <summary>A close frame, or a closed connection when the broker had ended it before it read what came after.</summary>
    private static async Task<bool> EndsAsync(ClientWebSocket socket, byte[] buffer)
    {
        try
        {
            return (await socket.ReceiveAsync(buffer, TestBroker.Token)).MessageType == WebSocketMessageType.Close;
        }
        catch (WebSocketException)
        {
            return true;
        }
    }

    [Fact]
    [Normative("3.1.1", "MQTT-6.0.0-4")]
    [Normative("5.0", "MQTT-6.0.0-4")]
    public async Task Websocket_without_the_subprotocol_is_refused()
    {
        using ClientWebSocket socket = new();
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Broker.Web, TestBroker.Token));
    }
}
