using System.Threading.Channels;
using Field.Mqtt.Codec;
using Field.Mqtt.Delivery;

namespace Field.Mqtt;

/// <summary>
/// The receiving half of a client: hands messages to the handlers, in order, and acknowledges each, in order, after its handler.
/// Handlers run apart from the read loop, so a handler may publish and await the acknowledgement.
/// <para>
/// The read loop never waits for a handler, or a handler that waits for an acknowledgement would wait for ever. What bounds the channel
/// is the protocol: QoS 1 and 2 messages without an acknowledgement are at most the receive maximum (5.0), or as many as there are packet
/// identifiers (3.1.1); QoS 0 beyond the receive maximum is dropped and counted.
/// </para>
/// </summary>
/// <param name="options">Version, receive maximum and topic alias maximum.</param>
/// <param name="queue">Where acknowledgements go.</param>
/// <param name="handled">QoS 2 identifiers handled and not released, which outlive the connection in a session.</param>
internal sealed class ClientInbox(MqttClientOptions options, DeliveryQueue queue, HashSet<ushort> handled)
{
    private readonly Channel<Received> _received = Channel.CreateBounded<Received>(
        new BoundedChannelOptions(ushort.MaxValue + options.ReceiveMaximum) { SingleReader = true, SingleWriter = true });
    private readonly IncomingAliases _aliases = new(options.TopicAliasMaximum);
    private readonly HashSet<ushort> _unacknowledged = []; // of this connection; guarded by handled, as that is
    private readonly int _receiveMaximum =
        options.ProtocolVersion == MqttProtocolVersion.V500 ? Math.Min(options.ReceiveMaximum + options.ReceiveTolerance, ushort.MaxValue) : ushort.MaxValue;
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

    /// <summary>Read loop: takes a PUBLISH.</summary>
    /// <exception cref="MalformedPacketException">The server exceeds the receive maximum or the topic alias maximum.</exception>
    public void Accept(PublishPacket packet)
    {
        MqttMessage message = _aliases.Resolve(packet);
        if (packet.Qos == 0)
        {
            if (_received.Reader.Count >= options.ReceiveMaximum || !_received.Writer.TryWrite(new(packet, message, IsRepeat: false)))
            {
                Interlocked.Increment(ref _dropped);
            }

            return;
        }

        bool isRepeat;
        lock (handled)
        {
            isRepeat = packet.Qos == 2 && handled.Contains(packet.PacketId);
            if (!_unacknowledged.Add(packet.PacketId) && !isRepeat)
            {
                return; // sent again while the first is still being handled; its acknowledgement comes
            }

            if (_unacknowledged.Count > _receiveMaximum)
            {
                throw TooMany();
            }
        }

        if (!_received.Writer.TryWrite(new(packet, message, isRepeat)))
        {
            throw TooMany();
        }
    }

    /// <summary>Read loop: the server gives a QoS 2 message free.</summary>
    public void Release(ushort packetId)
    {
        lock (handled)
        {
            _unacknowledged.Remove(packetId);
            MqttReasonCode code = handled.Remove(packetId) ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound;
            queue.AddControl(Epoch, new AckPacket(PacketType.PubComp, packetId, code));
        }
    }

    /// <summary>The server has no session: its packet identifiers begin anew.</summary>
    public void Forget()
    {
        lock (handled)
        {
            handled.Clear();
        }
    }

    /// <summary>
    /// Runs the handlers until cancelled; an exception of a handler ends it. Handlers begin in order of receipt; one loop awaits them in
    /// that order and acknowledges, so an acknowledgement never overtakes that of an earlier message [MQTT-4.6.0-2].
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Channel<(Received Received, Task Handling)> begun =
            Channel.CreateBounded<(Received, Task)>(new BoundedChannelOptions(options.MaxConcurrentHandlers) { SingleReader = true, SingleWriter = true });
        SemaphoreSlim places = new(options.MaxConcurrentHandlers); // no wait handle is ever made, so there is nothing to dispose
        Task acknowledging = AcknowledgeAsync(begun.Reader, places, cancellationToken);
        Task beginning = BeginAsync(begun.Writer, places, cancellationToken);
        await await Task.WhenAny(acknowledging, beginning); // either ends only by an error or the cancellation, which ends the connection
    }

    private async Task BeginAsync(ChannelWriter<(Received, Task)> begun, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        await foreach (Received received in _received.Reader.ReadAllAsync(cancellationToken))
        {
            await places.WaitAsync(cancellationToken);
            Task handling = received.IsRepeat ? Task.CompletedTask : HandleAsync(received.Message, cancellationToken);
            await begun.WriteAsync((received, handling), cancellationToken);
        }
    }

    private async Task AcknowledgeAsync(
        ChannelReader<(Received Received, Task Handling)> begun, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        await foreach ((Received received, Task handling) in begun.ReadAllAsync(cancellationToken))
        {
            await handling;
            places.Release();
            if (received.Packet.Qos > 0)
            {
                Acknowledge(received.Packet);
            }
        }
    }

    private async Task HandleAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        foreach (MqttSubscription subscription in _subscriptions)
        {
            if (MqttTopic.Matches(subscription.Filter, message.Topic))
            {
                await subscription.Handler(message, cancellationToken);
            }
        }
    }

    private void Acknowledge(PublishPacket packet)
    {
        lock (handled)
        {
            if (packet.Qos == 1)
            {
                _unacknowledged.Remove(packet.PacketId);
            }
            else
            {
                handled.Add(packet.PacketId);
            }

            queue.AddControl(Epoch, new AckPacket(packet.Qos == 1 ? PacketType.PubAck : PacketType.PubRec, packet.PacketId));
        }
    }

    private MalformedPacketException TooMany() =>
        new(MqttReasonCode.ReceiveMaximumExceeded, $"more than {_receiveMaximum} messages without an acknowledgement [MQTT-3.3.4-9]");

    private readonly record struct Received(PublishPacket Packet, MqttMessage Message, bool IsRepeat);
}
