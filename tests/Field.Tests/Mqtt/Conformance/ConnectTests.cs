using System.Text;
using Field.Broker;
using Field.Tests.Broker;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>Chapter 3.1, CONNECT at the broker; the will is in <see cref="WillTests"/>.</summary>
public sealed class ConnectTests(BrokerFixture fixture) : ConformanceTest(fixture)
{
    [Theory]
    [InlineData("C000")] // PINGREQ
    [InlineData("300300017478")] // PUBLISH
    [InlineData("E000")] // DISCONNECT
    [InlineData("F000")] // AUTH
    [InlineData("474554202F20")] // "GET / "
    [Normative("3.1.1", "MQTT-3.1.0-1")]
    [Normative("5.0", "MQTT-3.1.0-1", "MQTT-3.14.0-1")]
    public async Task First_packet_other_than_connect_is_closed_without_an_answer(string packet) =>
        Assert.Null(await RefusedAsync(5, Convert.FromHexString(packet)));

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.1.0-2", "MQTT-4.8.0-1")]
    [Normative("5.0", "MQTT-3.1.0-2", "MQTT-3.2.0-2")]
    public async Task Second_connect_is_a_protocol_error(int v)
    {
        string id = New();
        await using Peer peer = await ConnectAsync(v, id: id);
        await peer.SendAsync(Frames.Connect(v, id));
        await peer.ExpectDisconnectAsync(0x82);
    }

    [Theory]
    [InlineData("MQTX", 4, 0x01)]
    [InlineData("mqtt", 4, 0x01)]
    [InlineData("MQIsdp", 3, 0x01)]
    [InlineData("MQTT", 3, 0x01)]
    [InlineData("MQTT", 0, 0x01)]
    [InlineData("MQTX", 5, 0x84)]
    [InlineData("MQTT", 6, 0x84)]
    [Normative("3.1.1", "MQTT-3.1.2-1", "MQTT-3.1.2-2")]
    [Normative("5.0", "MQTT-3.1.2-1", "MQTT-3.1.2-2", "MQTT-3.2.2-8")]
    public async Task Other_protocol_or_version_is_told_so_and_closed(string name, int level, int code)
    {
        int form = level < 5 ? 4 : 5;
        byte[] connect = Frames.Packet(0x10, Frames.Text(name), [(byte)level, 2], Frames.U16(0), Frames.Props(form), Frames.Text(New()));
        Assert.Equal(code, (await RefusedAsync(form, connect))!.Code);
    }

    [Theory]
    [InlineData(0x01)] // reserved
    [InlineData(0x08)] // will QoS 1 without will
    [InlineData(0x10)] // will QoS 2 without will
    [InlineData(0x20)] // will retain without will
    [Normative("3.1.1", "MQTT-3.1.2-3", "MQTT-3.1.2-11", "MQTT-3.1.2-13", "MQTT-3.1.2-15", "MQTT-3.1.4-1")]
    [Normative("5.0", "MQTT-3.1.2-3", "MQTT-3.1.2-11", "MQTT-3.1.2-13", "MQTT-3.1.4-1")]
    public async Task Wrong_connect_flags_are_malformed(int flip)
    {
        Assert.Null(await RefusedAsync(4, Frames.Connect(4, New(), new() { FlagsXor = flip })));
        Assert.Equal(0x81, (await RefusedAsync(5, Frames.Connect(5, New(), new() { FlagsXor = flip })))!.Code);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.1.2-14")]
    [Normative("5.0", "MQTT-3.1.2-12")]
    public async Task Will_qos_3_is_malformed(int v) =>
        Assert.Equal(v == 5 ? 0x81 : null, (await RefusedAsync(v, Frames.Connect(v, New(), new() { Will = new("w", "x", 3) })))?.Code);

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.1.2-9", "MQTT-3.1.2-18", "MQTT-3.1.2-19", "MQTT-3.1.2-20", "MQTT-3.1.2-21", "MQTT-3.1.3-3")]
    [Normative("5.0", "MQTT-3.1.2-9", "MQTT-3.1.2-16", "MQTT-3.1.2-17", "MQTT-3.1.2-18", "MQTT-3.1.2-19", "MQTT-3.1.3-3")]
    public async Task Payload_fields_are_there_exactly_when_their_flags_say_so(int v)
    {
        byte[] one = Frames.Text("x");
        Connect[] wrong =
        [
            new() { FlagsXor = 0x04 }, // a will that is not there
            new() { FlagsXor = 0x80 }, // a user name that is not there
            new() { User = "u", FlagsXor = 0x40 }, // a password that is not there
            new() { More = one }, // a user name without its flag
            new() { User = "u", More = one }, // a password without its flag
            new() { Will = new("w", "x"), FlagsXor = 0x04 }, // will fields without the flag
        ];
        foreach (Connect connect in wrong)
        {
            Assert.Equal(v == 5 ? 0x81 : null, (await RefusedAsync(v, Frames.Connect(v, New(), connect)))?.Code);
        }

        byte[] withoutId = Frames.Packet(0x10, Frames.Text("MQTT"), [(byte)v, 2], Frames.U16(0), Frames.Props(v));
        Assert.Equal(v == 5 ? 0x81 : null, (await RefusedAsync(v, withoutId))?.Code);
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.2-22")]
    public async Task Password_without_user_name_closes_in_311_and_is_accepted_in_500()
    {
        Assert.Null(await RefusedAsync(4, Frames.Connect(4, New(), new() { Password = "p" })));
        await using Peer peer = await ConnectAsync(5, new() { Password = "p" });
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.1.3-1", "MQTT-3.1.4-4")]
    [Normative("5.0", "MQTT-3.1.3-1", "MQTT-3.1.4-5")]
    public async Task Payload_fields_are_taken_in_their_order(int v)
    {
        string id = New(), topic = New("will");
        await using Peer watcher = await ConnectAsync(v);
        await watcher.SubscribeAsync(topic);
        Peer peer = await ConnectAsync(v, new() { Will = new(topic, "gone"), User = "user", Password = "secret" }, id);
        MqttClientIdentity seen = Authorizer.Last!;
        Assert.Equal((id, "user", "secret"), (seen.ClientId, seen.UserName!, Encoding.UTF8.GetString(seen.Password!.Value.Span)));
        peer.Break();
        await watcher.ExpectAsync(Frames.Publish(v, topic, "gone"));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.1.3-5")]
    [Normative("5.0", "MQTT-3.1.3-5")]
    public async Task Identifiers_of_1_to_23_letters_and_digits_are_accepted(int v)
    {
        const string All = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        for (int length = 1; length <= 23; length++)
        {
            string id = All.Substring(length * 7 % 39, length);
            await using Peer peer = await ConnectAsync(v, id: id);
            Assert.Equal(id, Authorizer.Last!.ClientId);
        }
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.3-6", "MQTT-3.1.3-7", "MQTT-3.2.2-16")]
    public async Task Empty_identifier_is_given_a_new_one_that_names_the_session()
    {
        await using Peer first = await OpenAsync(5);
        await first.SendAsync(Frames.Connect(5, "", Kept(5, clean: true)));
        ConnAck ack = ConnAck.Parse(await first.ReadAsync(), 5);
        string id = Encoding.UTF8.GetString(ack.Find(Prop.AssignedId)![3..]);
        await using Peer second = await OpenAsync(5);
        await second.SendAsync(Frames.Connect(5, "", new() { Clean = false }));
        ConnAck other = ConnAck.Parse(await second.ReadAsync(), 5);
        Assert.Equal((0, 0, false), (ack.Code, other.Code, other.Present));
        Assert.NotEqual(id, Encoding.UTF8.GetString(other.Find(Prop.AssignedId)![3..]));
        await first.SendAsync(Frames.Goodbye);
        await first.ExpectEndAsync();
        await using Peer again = await ConnectAsync(5, Kept(5), id, present: true);
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.3-6")]
    public async Task Empty_identifiers_in_311_are_different_clients()
    {
        await using Peer first = await ConnectAsync(4, id: "");
        string id = Authorizer.Last!.ClientId;
        await using Peer second = await ConnectAsync(4, id: "");
        Assert.NotEqual(id, Authorizer.Last!.ClientId);
        await first.ExpectNothingAsync(); // not taken over
        await second.ExpectNothingAsync();
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.3-8", "MQTT-3.1.3-9", "MQTT-3.2.2-4", "MQTT-3.2.2-5")]
    [Normative("5.0", "MQTT-3.1.3-8", "MQTT-3.2.2-7")]
    public async Task Identifier_that_is_not_accepted_is_refused_and_closed()
    {
        Assert.Equal(0x02, (await RefusedAsync(4, Frames.Connect(4, "", new() { Clean = false })))!.Code);
        string tooLong = new('x', 257);
        Assert.Equal(0x02, (await RefusedAsync(4, Frames.Connect(4, tooLong)))!.Code);
        Assert.Equal(0x85, (await RefusedAsync(5, Frames.Connect(5, tooLong)))!.Code);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.4-1", "MQTT-4.13.1-1")]
    public async Task Connect_that_breaks_the_rules_of_properties_is_told_why()
    {
        (int Code, byte[][] Props)[] wrong =
        [
            (0x82, [Prop.U32(Prop.SessionExpiry, 1), Prop.U32(Prop.SessionExpiry, 1)]), // twice
            (0x82, [Prop.U16(Prop.ReceiveMax, 0)]),
            (0x82, [Prop.U32(Prop.MaxPacket, 0)]),
            (0x82, [Prop.Byte(Prop.RequestProblem, 2)]),
            (0x82, [Prop.Byte(Prop.RequestResponse, 2)]),
            (0x82, [Frames.Join([Prop.AuthData], Frames.Data([1]))]), // data without a method
            (0x81, [Prop.U16(Prop.Alias, 1)]), // not a property of CONNECT
            (0x81, [[0x7F, 1]]), // no property at all
        ];
        foreach ((int code, byte[][] props) in wrong)
        {
            Assert.Equal(code, (await RefusedAsync(5, Frames.Connect(5, New(), new() { Props = props })))!.Code);
        }
    }

    [Theory]
    [InlineData(4, 0x87, 0x05)]
    [InlineData(4, 0x86, 0x04)]
    [InlineData(4, 0x88, 0x03)]
    [InlineData(4, 0x99, null)] // no return code of 3.1.1 means that
    [InlineData(5, 0x87, 0x87)]
    [InlineData(5, 0x99, 0x99)]
    [Normative("3.1.1", "MQTT-3.1.4-5", "MQTT-3.2.2-4", "MQTT-3.2.2-5", "MQTT-3.2.2-6")]
    [Normative("5.0", "MQTT-3.1.4-2", "MQTT-3.1.4-6", "MQTT-3.2.2-6", "MQTT-3.2.2-7", "MQTT-3.2.2-8", "MQTT-4.13.2-1")]
    public async Task Client_that_may_not_connect_is_refused_and_what_it_sent_after_is_not_processed(int v, int reason, int? code)
    {
        string id = New(), topic = New("t");
        await using (Peer holder = await ConnectAsync(v, Kept(v), id))
        {
            await holder.SendAsync(Frames.Goodbye); // there is a session that a refusal could wrongly report
            await holder.ExpectEndAsync();
        }

        byte[] connect = Frames.Connect(v, id, Kept(v) with { User = $"refused:{reason:X2}" });
        Assert.Equal(code, (await RefusedAsync(v, Frames.Join(connect, Frames.Publish(v, topic, "no", retain: true))))?.Code);
        await using Peer watcher = await ConnectAsync(v);
        await watcher.SubscribeAsync(topic);
        await watcher.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.1.4-2")]
    [Normative("5.0", "MQTT-3.1.4-3")]
    public async Task Second_connection_of_a_client_ends_the_first(int v)
    {
        string id = New();
        await using Peer first = await ConnectAsync(v, id: id);
        await using Peer second = await ConnectAsync(v, id: id);
        await first.ExpectDisconnectAsync(0x8E);
        await second.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.1.2-24")]
    [Normative("5.0", "MQTT-3.1.2-22", "MQTT-3.2.2-22")]
    public async Task Silent_client_is_closed_after_one_and_a_half_keep_alives_and_not_before(int v)
    {
        ManualTime time = new();
        await using TestBroker broker = await TestBroker.StartAsync(time: time);
        string topic = New("will");
        await using Peer watcher = await ConnectAsync(broker, v);
        await watcher.SubscribeAsync(topic);
        await using Peer peer = await ConnectAsync(broker, v, new() { KeepAlive = 10, Will = new(topic, "silent") });
        time.Advance(TimeSpan.FromSeconds(14));
        await broker.Broker.SweepAsync();
        await peer.ExpectNothingAsync(); // a packet: the time begins anew
        time.Advance(TimeSpan.FromSeconds(15));
        await broker.Broker.SweepAsync();
        await peer.ExpectNothingAsync();
        time.Advance(TimeSpan.FromSeconds(16));
        await broker.Broker.SweepAsync();
        await peer.ExpectDisconnectAsync(0x8D);
        await watcher.ExpectAsync(Frames.Publish(v, topic, "silent")); // as if the network had failed
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-21")]
    public async Task Server_keep_alive_is_told_and_used()
    {
        ManualTime time = new();
        await using TestBroker broker = await TestBroker.StartAsync(time: time);
        await using Peer peer = await Peer.OpenAsync(broker.TcpPort, 5);
        await peer.SendAsync(Frames.Connect(5, New(), new() { KeepAlive = 120 }));
        Assert.Equal(Prop.U16(Prop.ServerKeepAlive, 60), ConnAck.Parse(await peer.ReadAsync(), 5).Find(Prop.ServerKeepAlive));
        time.Advance(TimeSpan.FromSeconds(91));
        await broker.Broker.SweepAsync();
        await peer.ExpectDisconnectAsync(0x8D);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-28", "MQTT-4.12.0-6")]
    public async Task Connack_has_no_response_information_and_no_authentication_method()
    {
        foreach (byte[][] props in (byte[][][])[[], [Prop.Byte(Prop.RequestResponse, 0)]])
        {
            await using Peer peer = await OpenAsync(5);
            await peer.SendAsync(Frames.Connect(5, New(), new() { Props = props }));
            ConnAck ack = ConnAck.Parse(await peer.ReadAsync(), 5);
            Assert.Equal(0, ack.Code);
            Assert.Null(ack.Find(Prop.ResponseInfo));
            Assert.Null(ack.Find(Prop.AuthMethod));
        }
    }

    [Fact]
    [Normative("5.0", "MQTT-4.12.0-1")]
    public async Task Authentication_method_that_is_not_known_is_refused_and_closed() =>
        Assert.Equal(0x8C, (await RefusedAsync(5, Frames.Connect(5, New(), new() { Props = [Prop.Text(Prop.AuthMethod, "SCRAM-SHA-1")] })))!.Code);
}
