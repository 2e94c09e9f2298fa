using Field.Mqtt.Codec;
using Field.Mqtt.Delivery;
using Field.Tests.Broker;

namespace Field.Tests.Mqtt;

public sealed class DeliveryQueueTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Queue_of_a_reading_peer_reports_congestion_until_it_takes_and_a_stalled_one_does_not()
    {
        DeliveryQueue queue = new(80, 1 << 20, _time);
        queue.Attach(100);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(AddResult.Added, queue.TryAdd(Message(1))));
        Assert.Equal(AddResult.Congested, queue.TryAdd(Message(1)));
        Task progress = queue.NextProgress();
        Assert.False(progress.IsCompleted);
        Assert.True(queue.Take([], out _));
        Assert.True(progress.IsCompletedSuccessfully);

        Assert.All(Enumerable.Range(0, 10), _ => queue.TryAdd(Message(1)));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(AddResult.Added, queue.TryAdd(Message(1)));
    }

    [Fact]
    public void Queue_at_its_bounds_is_full_by_count_and_by_bytes()
    {
        DeliveryQueue byCount = new(3, 1 << 20, _time);
        byCount.Attach(100);
        Assert.All(Enumerable.Range(0, 3), _ => Assert.NotEqual(AddResult.Full, byCount.TryAdd(Message(1))));
        Assert.Equal(AddResult.Full, byCount.TryAdd(Message(1)));
        DeliveryQueue byBytes = new(1000, 1000, _time);
        byBytes.Attach(100);
        Assert.NotEqual(AddResult.Full, byBytes.TryAdd(Message(1, payloadBytes: 600)));
        Assert.Equal(AddResult.Full, byBytes.TryAdd(Message(1, payloadBytes: 600)));
    }

    [Fact]
    public void Answer_of_an_earlier_connection_is_dropped()
    {
        DeliveryQueue queue = new(10, 1000, _time);
        int first = queue.Attach(10);
        queue.Detach();
        int second = queue.Attach(10);
        queue.AddControl(first, new AckPacket(PacketType.PubAck, 1));
        queue.AddControl(second, new AckPacket(PacketType.PubAck, 2));
        List<Packet> batch = [];
        Assert.True(queue.Take(batch, out _));
        Assert.Equal(2, Assert.IsType<AckPacket>(Assert.Single(batch)).PacketId);
    }

    [Fact] // [MQTT-4.4.0-1], [MQTT-4.6.0-1], §4.3.3
    public void Reconnect_sends_again_in_order_and_a_released_qos_2_message_only_as_pubrel()
    {
        DeliveryQueue queue = new(10, 100_000, _time);
        queue.Attach(10);
        foreach (int qos in (int[])[1, 2, 2, 1])
        {
            queue.TryAdd(Message(qos));
        }

        List<Packet> sent = [];
        queue.Take(sent, out _);
        ushort[] ids = [.. sent.Cast<PublishPacket>().Select(p => p.PacketId)];
        Assert.NotNull(queue.Acknowledge(new(PacketType.PubAck, ids[0])));
        Assert.Null(queue.Acknowledge(new(PacketType.PubRec, ids[1])));
        queue.Detach();
        queue.Attach(10);
        List<Packet> again = [];
        queue.Take(again, out _);
        Assert.Equal((PacketType.PubRel, ids[1]), (again[0].Type, Assert.IsType<AckPacket>(again[0]).PacketId));
        Assert.Equal([ids[2], ids[3]], again.Skip(1).Cast<PublishPacket>().Select(p => p.PacketId));
        Assert.All(again.Skip(1).Cast<PublishPacket>(), p => Assert.True(p.Duplicate));
        Assert.NotNull(queue.Acknowledge(new(PacketType.PubComp, ids[1])));
        Assert.Equal(2, queue.Count);
    }

    private static OutgoingMessage Message(int qos, int payloadBytes = 1) => new(new("t", new byte[payloadBytes], qos), qos, false);
}
