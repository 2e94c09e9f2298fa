using System.Security.Cryptography;
using System.Text;
using Field.Mqtt;
using Field.Tests.Broker;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>Our client's CONNECT, keep-alive, goodbye and what it does with a server that breaks the rules.</summary>
public sealed class ClientConnectTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.1.0-1", "MQTT-3.1.2-9", "MQTT-3.1.2-11", "MQTT-3.1.2-13", "MQTT-3.1.2-14", "MQTT-3.1.2-15", "MQTT-3.1.2-18", "MQTT-3.1.2-19",
        "MQTT-3.1.2-20", "MQTT-3.1.2-21", "MQTT-3.1.3-1", "MQTT-3.1.3-3")]
    [Normative("5.0", "MQTT-3.1.0-1", "MQTT-3.1.2-9", "MQTT-3.1.2-11", "MQTT-3.1.2-12", "MQTT-3.1.2-13", "MQTT-3.1.2-16", "MQTT-3.1.2-17", "MQTT-3.1.2-18",
        "MQTT-3.1.2-19", "MQTT-3.1.3-1", "MQTT-3.1.3-3")]
    public async Task Connect_is_the_first_packet_with_its_fields_in_order_and_no_others(int v)
    {
        await using ScriptedServer server = new();
        byte[][] props =
        [
            Prop.U32(Prop.SessionExpiry, 70), Prop.U16(Prop.ReceiveMax, 20), Prop.U32(Prop.MaxPacket, 3000), Prop.U16(Prop.AliasMax, 4),
        ];
        MqttClientOptions options = server.Options(v) with
        {
            CleanStart = false,
            SessionExpiry = TimeSpan.FromSeconds(70),
            ReceiveMaximum = 20,
            MaxPacketBytes = 3000,
            TopicAliasMaximum = 4,
            KeepAlive = TimeSpan.FromSeconds(100),
        };
        await ExpectAsync(options, Frames.Connect(v, "c", new() { Clean = false, KeepAlive = 100, Props = props }));
        foreach (int qos in (int[])[0, 1, 2])
        {
            MqttClientOptions all = options with
            {
                CleanStart = true,
                UserName = "u",
                Password = "p",
                WillDelay = TimeSpan.FromSeconds(5),
                Will = new("w", "gone"u8.ToArray(), qos, qos == 1) { Properties = new() { ContentType = "t" } },
            };
            Will will = new("w", "gone", qos, qos == 1, Prop.U32(Prop.WillDelay, 5), Prop.Text(Prop.ContentType, "t"));
            await ExpectAsync(all, Frames.Connect(v, "c", new() { KeepAlive = 100, Props = props, Will = will, User = "u", Password = "p" }));
        }

        async Task ExpectAsync(MqttClientOptions with, byte[] connect)
        {
            Task<MqttClient> connecting = MqttClient.ConnectAsync(with, TestBroker.Token);
            await using Peer peer = await server.AcceptAsync(v);
            await peer.ExpectAsync(connect);
            await peer.SendAsync(Frames.ConnAck(v));
            await using MqttClient client = await connecting;
        }
    }

    [Fact]
    [Normative("3.1.1", "MQTT-1.5.3-2", "MQTT-3.1.2-14", "MQTT-3.1.2-22", "MQTT-3.1.3-7", "MQTT-4.7.1-1")]
    [Normative("5.0", "MQTT-1.5.4-1", "MQTT-1.5.4-2", "MQTT-3.1.2-12", "MQTT-4.7.0-1")]
    public async Task Options_that_make_no_valid_connect_are_refused_before_anything_is_sent()
    {
        MqttClientOptions v4 = new() { Server = new("mqtt://127.0.0.1:1"), ClientId = "c", ProtocolVersion = MqttProtocolVersion.V311 };
        MqttClientOptions v5 = v4 with { ProtocolVersion = MqttProtocolVersion.V500 };
        MqttClientOptions[] wrong =
        [
            v4 with { Password = "p" }, v4 with { ClientId = "", CleanStart = false }, v5 with { ClientId = "a\0b" }, v5 with { UserName = "\uD800" },
            v5 with { Will = new("w", default, 3) }, v5 with { Will = new("w/+", default) }, v5 with { Will = new("w", new byte[70_000]) },
        ];
        foreach (MqttClientOptions options in wrong)
        {
            await Assert.ThrowsAsync<ArgumentException>(() => MqttClient.ConnectAsync(options, TestBroker.Token));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.1.2-23")]
    [Normative("5.0", "MQTT-3.1.2-20", "MQTT-3.1.2-21", "MQTT-3.2.2-21")]
    public async Task Silent_client_pings_within_the_keep_alive_that_holds(int v)
    {
        await using ScriptedServer server = new();
        MqttClientOptions options = server.Options(v) with { KeepAlive = v == 5 ? TimeSpan.FromHours(18) : TimeSpan.FromSeconds(1) };
        (MqttClient client, Peer peer) = await server.ConnectAsync(options, Frames.ConnAck(v, props: Prop.U16(Prop.ServerKeepAlive, 1)));
        await using MqttClient _ = client;
        await using Peer __ = peer;
        await peer.ExpectAsync(Frames.PingReq).WaitAsync(Patience, TestBroker.Token);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-4")]
    public async Task Session_present_that_the_client_did_not_ask_for_closes_the_connection()
    {
        await using ScriptedServer server = new();
        Task<MqttClient> connecting = MqttClient.ConnectAsync(server.Options(5), TestBroker.Token);
        await using Peer peer = await server.AcceptAsync(5);
        await peer.ReadAsync();
        await peer.SendAsync(Frames.ConnAck(5, present: true));
        await peer.ExpectEndAsync();
        Assert.Equal(MqttReasonCode.ProtocolError, (await Assert.ThrowsAsync<MalformedPacketException>(() => connecting)).ReasonCode);
    }

    [Theory]
    [InlineData(4, 3, MqttReasonCode.ServerUnavailable)]
    [InlineData(5, 0x89, MqttReasonCode.ServerBusy)]
    [Normative("5.0", "MQTT-4.13.2-1")]
    public async Task Refusal_closes_the_clients_end_too(int v, int code, MqttReasonCode expected)
    {
        await using ScriptedServer server = new();
        Task<MqttClient> connecting = MqttClient.ConnectAsync(server.Options(v), TestBroker.Token);
        await using Peer peer = await server.AcceptAsync(v);
        await peer.ReadAsync();
        await peer.SendAsync(Frames.ConnAck(v, code));
        await peer.ExpectEndAsync();
        Assert.Equal(expected, (await Assert.ThrowsAsync<MqttException>(() => connecting)).ReasonCode);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.14.4-1", "MQTT-3.14.4-2", "MQTT-7.1.2-1")]
    [Normative("5.0", "MQTT-3.14.4-1", "MQTT-3.14.4-2", "MQTT-3.14.2-1")]
    public async Task Goodbye_is_the_last_packet_and_then_the_connection_is_closed(int v)
    {
        await using ScriptedServer server = new();
        (MqttClient client, Peer peer) = await server.ConnectAsync(v);
        await using Peer _ = peer;
        await client.DisposeAsync();
        await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync(new("t", default), TestBroker.Token));
        await peer.ExpectAsync(Frames.Goodbye);
        await peer.ExpectEndAsync();
    }

    public static TheoryData<string, int> Wrong => new()
    {
        { "300400017478FF", 0 }, // well-formed: the control of this theory
        { "360500017400017878", 0x81 }, // QoS 3
        { "3803000174", 0x81 }, // DUP with QoS 0
        { "30050003C08061", 0x81 }, // ill-formed UTF-8
        { "30060003EDA08061", 0x81 }, // a surrogate
        { "30050003610062", 0x81 }, // U+0000
        { "3003000123", 0x90 }, // topic "#"
        { "41020001", 0x81 }, // flags of PUBACK
        { "60020001", 0x81 }, // flags of PUBREL
        { "D100", 0x81 }, // flags of PINGRESP
        { "20020000", 0x82 }, // a second CONNACK
        { "C000", 0x82 }, // PINGREQ is for servers
        { "0000", 0x81 }, // no packet type
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    [Normative("3.1.1", "MQTT-1.5.3-1", "MQTT-1.5.3-2", "MQTT-2.2.2-2", "MQTT-3.3.1-4", "MQTT-4.8.0-1")]
    [Normative("5.0", "MQTT-1.5.4-1", "MQTT-1.5.4-2", "MQTT-2.1.3-1", "MQTT-3.3.1-4", "MQTT-3.14.1-1")]
    public async Task Client_closes_a_connection_on_which_the_server_breaks_the_rules(string packet, int code)
    {
        foreach (int v in (int[])[4, 5])
        {
            await using ScriptedServer server = new();
            (MqttClient client, Peer peer) = await server.ConnectAsync(v);
            await using MqttClient _ = client;
            await using Peer __ = peer;
            byte[] bytes = Convert.FromHexString(packet);
            if (code == 0)
            {
                await peer.SendAsync(Frames.Publish(v, "t", "x", 1, 1));
                await peer.ExpectAsync(Frames.Ack(Frames.PubAck, 1));
                continue;
            }

            byte[] in5 = (bytes[0] >> 4) == 3 ? Frames.Packet(bytes[0], bytes[2..], [0]) : bytes[0] == 0x20 ? Frames.ConnAck(5) : bytes;
            await peer.SendAsync(v == 5 ? in5 : bytes);
            await peer.ExpectDisconnectAsync(code);
            Assert.IsType<MalformedPacketException>(await client.Closed.WaitAsync(Patience, TestBroker.Token));
        }
    }

    [Theory]
    [InlineData("E100")] // flags of DISCONNECT
    [InlineData("F100")] // flags of AUTH
    [Normative("5.0", "MQTT-3.14.1-1", "MQTT-3.15.1-1")]
    public async Task Client_checks_the_flags_of_disconnect_and_auth(string packet)
    {
        await using ScriptedServer server = new();
        (MqttClient client, Peer peer) = await server.ConnectAsync(5);
        await using MqttClient _ = client;
        await using Peer __ = peer;
        await peer.SendAsync(Convert.FromHexString(packet));
        await peer.ExpectDisconnectAsync(0x81);
    }

    [Fact]
    [Normative("5.0", "MQTT-4.12.0-7")]
    public async Task Client_that_named_no_authentication_method_answers_auth_with_a_protocol_error()
    {
        await using ScriptedServer server = new();
        (MqttClient client, Peer peer) = await server.ConnectAsync(5);
        await using MqttClient _ = client;
        await using Peer __ = peer;
        await peer.SendAsync(Frames.Packet(0xF0, [0x18], Frames.Props(5, Prop.Text(Prop.AuthMethod, "x"))));
        await peer.ExpectDisconnectAsync(0x82);
    }

    [Fact]
    [Normative("5.0", "MQTT-4.13.2-1", "MQTT-3.14.4-2")]
    public async Task Disconnect_of_the_server_closes_the_client_with_its_reason()
    {
        await using ScriptedServer server = new();
        (MqttClient client, Peer peer) = await server.ConnectAsync(5);
        await using MqttClient _ = client;
        await using Peer __ = peer;
        await peer.SendAsync(Frames.Disconnect(0x8B));
        MqttException? why = await client.Closed.WaitAsync(Patience, TestBroker.Token);
        Assert.Equal((MqttReasonCode.ServerShuttingDown, true), (why!.ReasonCode, why.IsTransient));
        await peer.ExpectEndAsync();
    }

    [Fact]
    [Normative("3.1.1", "MQTT-6.0.0-1", "MQTT-6.0.0-3", "MQTT-7.1.2-1")]
    [Normative("5.0", "MQTT-6.0.0-1", "MQTT-6.0.0-3", "MQTT-4.2-1")]
    public async Task Client_over_websocket_offers_mqtt_and_sends_binary_frames()
    {
        using System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        int port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestBroker.Token);
        Task connecting = MqttClient.ConnectAsync(new() { Server = new($"ws://127.0.0.1:{port}/mqtt") }, stop.Token);
        using System.Net.Sockets.TcpClient peer = await listener.AcceptTcpClientAsync(TestBroker.Token);
        Stream stream = peer.GetStream();
        StringBuilder request = new();
        byte[] one = new byte[1];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, TestBroker.Token);
            request.Append((char)one[0]);
        }

        string Header(string name) => request.ToString().Split("\r\n").Single(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))[(name.Length + 1)..].Trim();
        Assert.Contains("mqtt", Header("Sec-WebSocket-Protocol").Split(',', StringSplitOptions.TrimEntries));
#pragma warning disable CA5350 // RFC 6455 asks for SHA-1
        string accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(Header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"), TestBroker.Token);
        await stream.ReadExactlyAsync(one, TestBroker.Token);
        Assert.Equal(0x82, one[0]); // final frame, binary
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }
}
