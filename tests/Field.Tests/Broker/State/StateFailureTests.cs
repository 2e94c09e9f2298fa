using Field.Broker.State;
using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Tests.Broker.State;

/// <summary>A disk that refuses: nothing is acknowledged, the others go on, and it recovers without a restart.</summary>
public sealed class StateFailureTests : IDisposable
{
    private readonly StateFolder _folder = new();
    private FullDisk _disk = null!;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Publisher_gets_no_acknowledgement_while_the_disk_is_full_and_one_after_it_has_room(MqttProtocolVersion version)
    {
        await using TestBroker broker = await StartAsync();
        await using RawClient subscriber = await broker.RawAsync(StateFolder.Keeping("s"));
        await subscriber.SubscribeAsync("kept", 1);
        await using RawClient other = await broker.RawAsync(new(version, "other"));
        await other.SubscribeAsync("passing", 1);
        await using RawClient publisher = await broker.RawAsync(new(version, "p"));
        _disk.IsFull = true;
        await publisher.SendAsync(Publish("kept", 1));
        if (version == MqttProtocolVersion.V500)
        {
            Assert.Equal(MqttReasonCode.ServerBusy, (await publisher.ReadAsync<DisconnectPacket>()).ReasonCode);
        }

        await publisher.ExpectEndAsync();
        await subscriber.ExpectNothingAsync();
        await StateFolder.PublishAsync(broker, "passing", "x"); // touches no durable session: acknowledged as ever
        await other.ReadAsync<PublishPacket>();
        Assert.NotEqual(0, broker.Count("field.broker.state.failures"));

        _disk.IsFull = false;
        await using RawClient again = await broker.RawAsync(new(version, "p"));
        await again.SendAsync(Publish("kept", 1));
        Assert.Equal(PacketType.PubAck, (await again.ReadAsync<AckPacket>()).Type);
        Assert.Equal("kept", (await subscriber.ReadAsync<PublishPacket>()).Message.Topic);
        await subscriber.ExpectNothingAsync();

        await using TestBroker second = await _folder.Image().StartAsync();
        await using RawClient after = await second.RawAsync(StateFolder.Keeping("s"));
        await after.ReadAsync<PublishPacket>();
        await after.ExpectNothingAsync();
    }

    [Fact]
    public async Task Durable_session_is_refused_and_a_subscription_not_acknowledged_while_the_disk_is_full()
    {
        await using TestBroker broker = await StartAsync();
        await using RawClient before = await broker.RawAsync(StateFolder.Keeping("before"));
        _disk.IsFull = true;
        await using RawClient refused = await broker.RawAsync();
        refused.Version = MqttProtocolVersion.V500;
        await refused.SendAsync(StateFolder.Keeping("new"));
        Assert.Equal(MqttReasonCode.ServerUnavailable, (await refused.ReadAsync<ConnAckPacket>()).ReasonCode);
        await before.SendAsync(new SubscribePacket(1, [new("t", 1)]));
        Assert.Equal(MqttReasonCode.ServerBusy, (await before.ReadAsync<DisconnectPacket>()).ReasonCode);
        _disk.IsFull = false;
        await using RawClient kept = await broker.RawAsync(StateFolder.Keeping("before"));
        await using RawClient fresh = await broker.RawAsync(StateFolder.Keeping("new"));
        Assert.Equal((true, false), (kept.SessionPresent, fresh.SessionPresent));
    }

    [Fact]
    public async Task Qos_2_steps_that_the_disk_refuses_are_repeated_and_the_message_crosses_once()
    {
        await using TestBroker broker = await StartAsync();
        RawClient subscriber = await broker.RawAsync(StateFolder.Keeping("s"));
        await subscriber.SubscribeAsync("t", 2);
        await StateFolder.PublishAsync(broker, "t", "x", qos: 2);
        ushort id = (await subscriber.ReadAsync<PublishPacket>()).PacketId;
        _disk.IsFull = true;
        await subscriber.SendAsync(new AckPacket(PacketType.PubRec, id));
        await subscriber.ReadAsync<DisconnectPacket>(); // no PUBREL
        _disk.IsFull = false;
        subscriber = await broker.RawAsync(StateFolder.Keeping("s"));
        PublishPacket repeated = await subscriber.ReadAsync<PublishPacket>();
        Assert.Equal((id, true), (repeated.PacketId, repeated.Duplicate));
        await subscriber.SendAsync(new AckPacket(PacketType.PubRec, id));
        Assert.Equal(PacketType.PubRel, (await subscriber.ReadAsync<AckPacket>()).Type);
        await subscriber.SendAsync(new AckPacket(PacketType.PubComp, id));
        await subscriber.ExpectNothingAsync();
    }

    private Task<TestBroker> StartAsync() => _folder.StartAsync(configure: o => o.WrapStateLog = log => _disk = new(log));

    private static PublishPacket Publish(string topic, int qos) => new(new(topic, new byte[] { 1 }, qos), qos, false) { PacketId = 9 };

    private sealed class FullDisk(IStateLog inner) : IStateLog
    {
        private volatile bool _isFull;

        public bool IsFull
        {
            get => _isFull;
            set => _isFull = value;
        }

        public IReadOnlyList<StateSegment> Segments => inner.Segments;

        public StateSegment Append(IReadOnlyCollection<ReadOnlyMemory<byte>> records) =>
            _isFull ? throw new IOException("no space left on device") : inner.Append(records);

        public bool TryRoll(ReadOnlyMemory<byte> head) => inner.TryRoll(head);

        public void DeleteOldest() => inner.DeleteOldest();

        public void Dispose() => inner.Dispose();
    }
}
