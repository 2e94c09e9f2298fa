using System.Text;
using Field.Mqtt;
using Field.Tests.Broker;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>What our client keeps between connections (<see cref="MqttClientSession"/>).</summary>
public sealed class ClientSessionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-2.3.1-3", "MQTT-3.1.2-4", "MQTT-3.3.1-1", "MQTT-4.1.0-1", "MQTT-4.3.3-1", "MQTT-4.4.0-1", "MQTT-4.6.0-1")]
    [Normative("5.0", "MQTT-3.1.2-23", "MQTT-3.3.1-1", "MQTT-4.1.0-1", "MQTT-4.3.2-3", "MQTT-4.3.3-3", "MQTT-4.3.3-5", "MQTT-4.3.3-6", "MQTT-4.4.0-1", "MQTT-4.6.0-1")]
    public async Task Client_sends_again_on_resuming_what_was_not_acknowledged(int v)
    {
        await using ScriptedServer server = new();
        MqttClientOptions options = Kept(server, v);
        (MqttClient first, Peer peer) = await server.ConnectAsync(options, Frames.ConnAck(v));
        Task[] publishes = [.. Enumerable.Range(0, 5).Select(i => first.PublishAsync(new("t", Encoding.UTF8.GetBytes($"{i}"), 1 + (i % 2)), TestBroker.Token))];
        for (int i = 0; i < 5; i++)
        {
            await peer.ExpectAsync(Frames.Publish(v, "t", $"{i}", 1 + (i % 2), i + 1));
        }

        await peer.SendAsync(Frames.Ack(Frames.PubAck, 3), Frames.Ack(Frames.PubRec, 2));
        await peer.ExpectAsync(Frames.Ack(Frames.PubRel, 2));
        await publishes[2].WaitAsync(Patience, TestBroker.Token);
        peer.Break();
        await first.Closed.WaitAsync(Patience, TestBroker.Token);
        Assert.All((int[])[0, 1, 3, 4], i => Assert.False(publishes[i].IsCompleted));

        (MqttClient second, Peer again) = await server.ConnectAsync(options, Frames.ConnAck(v, present: true));
        await using MqttClient _ = second;
        await using Peer __ = again;
        await again.ExpectAsync(Frames.Ack(Frames.PubRel, 2));
        await again.ExpectAsync(Frames.Publish(v, "t", "0", 1, 1, dup: true), Frames.Publish(v, "t", "3", 2, 4, dup: true), Frames.Publish(v, "t", "4", 1, 5, dup: true));
        await again.SendAsync(Frames.Ack(Frames.PubComp, 2), Frames.Ack(Frames.PubAck, 1), Frames.Ack(Frames.PubAck, 5), Frames.Ack(Frames.PubRec, 4));
        await again.ExpectAsync(Frames.Ack(Frames.PubRel, 4));
        await again.SendAsync(Frames.Ack(Frames.PubComp, 4));
        await Task.WhenAll(publishes).WaitAsync(Patience, TestBroker.Token);
        await first.DisposeAsync();
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, false)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [Normative("3.1.1", "MQTT-3.1.2-6")]
    [Normative("5.0", "MQTT-3.1.2-4", "MQTT-3.2.2-5")]
    public async Task Client_discards_its_session_when_the_server_has_none(int v, bool cleanStart)
    {
        await using ScriptedServer server = new();
        MqttClientOptions options = Kept(server, v);
        (MqttClient first, Peer peer) = await server.ConnectAsync(options);
        await using MqttClient _ = first;
        Task publish = first.PublishAsync(new("t", default, 1), TestBroker.Token);
        await peer.ReadPublishAsync();
        peer.Break();
        await first.Closed.WaitAsync(Patience, TestBroker.Token);
        (MqttClient second, Peer again) = await server.ConnectAsync(options with { CleanStart = cleanStart });
        await using MqttClient __ = second;
        await using Peer ___ = again;
        Assert.True((await Assert.ThrowsAsync<MqttException>(() => publish.WaitAsync(Patience, TestBroker.Token))).IsTransient);
        await second.PublishAsync(new("u", default), TestBroker.Token);
        await again.ExpectAsync(Frames.Publish(v, "u", "")); // nothing was sent again
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-4.1.0-1", "MQTT-4.3.3-2")]
    [Normative("5.0", "MQTT-3.1.2-23", "MQTT-4.3.3-10")]
    public async Task Client_handles_a_qos_2_message_once_across_connections(int v)
    {
        await using ScriptedServer server = new();
        List<string> got = [];
        MqttClientOptions options = Kept(server, v) with
        {
            Subscriptions = [new("t", 2, (m, _) => { got.Add(Encoding.UTF8.GetString(m.Payload.Span)); return default; })],
        };
        for (int round = 0; round < 2; round++)
        {
            Task<MqttClient> connecting = MqttClient.ConnectAsync(options, TestBroker.Token);
            await using Peer peer = await server.AcceptAsync(v);
            await peer.ReadAsync();
            await peer.SendAsync(Frames.ConnAck(v, present: round > 0), Frames.Publish(v, "t", "once", 2, 7, dup: round > 0));
            List<Frame> frames = [await peer.ReadAsync(), await peer.ReadAsync()];
            Frame subscribe = frames.Single(f => f.First == 0x82);
            Assert.Equal(Convert.ToHexString(Frames.Ack(Frames.PubRec, 7)), Convert.ToHexString(frames.Single(f => f != subscribe).Bytes));
            await peer.SendAsync(Frames.SubAck(v, (subscribe.Body[0] << 8) | subscribe.Body[1], 2));
            await using MqttClient client = await connecting;
            if (round == 0)
            {
                peer.Break();
                await client.Closed.WaitAsync(Patience, TestBroker.Token);
                continue;
            }

            await peer.SendAsync(Frames.Ack(Frames.PubRel, 7));
            await peer.ExpectAsync(Frames.Ack(Frames.PubComp, 7));
        }

        Assert.Equal(["once"], got);
    }

    [Fact]
    public async Task Session_serves_one_connection_at_a_time()
    {
        await using ScriptedServer server = new();
        MqttClientOptions options = Kept(server, 5);
        (MqttClient first, Peer peer) = await server.ConnectAsync(options);
        await using MqttClient _ = first;
        await using Peer __ = peer;
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.ConnectAsync(options, Frames.ConnAck(5, present: true)));
    }

    private static MqttClientOptions Kept(ScriptedServer server, int v) =>
        server.Options(v) with { CleanStart = false, SessionExpiry = TimeSpan.FromHours(1), Session = new() };
}
