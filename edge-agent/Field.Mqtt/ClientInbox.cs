using System.Threading.Channels;
using Field.Mqtt.Codec;
using Field.Mqtt.Delivery;

namespace Field.Mqtt;

/// <summary>
/// The receiving half of a client: hands messages to the handlers, in order, and acknowledges each, in order, after its handler.
/// Handlers run apart from the read loop, so a handler may publish and await the acknowledgement.
/// </summary>
internal sealed class ClientInbox(int capacity, int concurrency, DeliveryQueue queue)
{
    private readonly Channel<PublishPacket> _received =
        Channel.CreateBounded<PublishPacket>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
    private readonly HashSet<ushort> _qos2 = []; // read loop only
    private volatile IReadOnlyList<MqttSubscription> _subscriptions = [];
    private long _dropped;

    /// <summary>The connection's number in the queue.</summary>
    public int Epoch { get; set; }

    /// <summary>QoS 0 messages dropped because the handlers are slower than the server.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(MqttSubscription subscription)
    {
        lock (_received)
        {
            _subscriptions = [.. _subscriptions.Where(s => s.Filter != subscription.Filter), subscription];
        }
    }

    public void Remove(string filter)
    {
        lock (_received)
        {
            _subscriptions = [.. _subscriptions.Where(s => s.Filter != filter)];
        }
    }

    /// <summary>Read loop: takes a PUBLISH. Waits only when QoS 1 or 2 messages exceed the capacity, which a 5.0 server does not do.</summary>
    public ValueTask AcceptAsync(PublishPacket packet, CancellationToken cancellationToken)
    {
        if (packet.TopicAlias is not null)
        {
            // We announce no topic alias maximum, so none may come [MQTT-3.1.2-26].
            throw new MalformedPacketException(MqttReasonCode.TopicAliasInvalid, "a topic alias that was not agreed on");
        }

        if (packet.Qos == 2 && !_qos2.Add(packet.PacketId))
        {
            return ValueTask.CompletedTask; // sent again while the first is still being handled; its PUBREC comes
        }

        if (_received.Writer.TryWrite(packet))
        {
            return ValueTask.CompletedTask;
        }

        if (packet.Qos == 0)
        {
            Interlocked.Increment(ref _dropped);
            return ValueTask.CompletedTask;
        }

        return _received.Writer.WriteAsync(packet, cancellationToken);
    }

    /// <summary>Read loop: the server gives a QoS 2 message free.</summary>
    public void Release(ushort packetId)
    {
        MqttReasonCode code = _qos2.Remove(packetId) ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound;
        queue.AddControl(Epoch, new AckPacket(PacketType.PubComp, packetId, code));
    }

    /// <summary>
    /// Runs the handlers until cancelled; an exception of a handler ends it. Handlers begin in order of receipt; one loop awaits them in
    /// that order and acknowledges, so an acknowledgement never overtakes that of an earlier message [MQTT-4.6.0-2].
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Channel<(PublishPacket Packet, Task Handling)> begun =
            Channel.CreateBounded<(PublishPacket, Task)>(new BoundedChannelOptions(concurrency) { SingleReader = true, SingleWriter = true });
        SemaphoreSlim places = new(concurrency); // no wait handle is ever made, so there is nothing to dispose
        Task acknowledging = AcknowledgeAsync(begun.Reader, places, cancellationToken);
        Task beginning = BeginAsync(begun.Writer, places, cancellationToken);
        await await Task.WhenAny(acknowledging, beginning); // either ends only by an error or the cancellation, which ends the connection
    }

    private async Task BeginAsync(ChannelWriter<(PublishPacket, Task)> begun, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        await foreach (PublishPacket packet in _received.Reader.ReadAllAsync(cancellationToken))
        {
            await places.WaitAsync(cancellationToken);
            await begun.WriteAsync((packet, HandleAsync(packet, cancellationToken)), cancellationToken);
        }
    }

    private async Task AcknowledgeAsync(
        ChannelReader<(PublishPacket Packet, Task Handling)> begun, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        await foreach ((PublishPacket packet, Task handling) in begun.ReadAllAsync(cancellationToken))
        {
            await handling;
            places.Release();
            if (packet.Qos > 0)
            {
                queue.AddControl(Epoch, new AckPacket(packet.Qos == 1 ? PacketType.PubAck : PacketType.PubRec, packet.PacketId));
            }
        }
    }

    private async Task HandleAsync(PublishPacket packet, CancellationToken cancellationToken)
    {
        foreach (MqttSubscription subscription in _subscriptions)
        {
            if (MqttTopic.Matches(subscription.Filter, packet.Message.Topic))
            {
                await subscription.Handler(packet.Message, cancellationToken);
            }
        }
    }
}
