using System.Collections.Concurrent;
using System.Threading.Channels;
using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Broker;

/// <summary>
/// Store, deliver, acknowledge: in that order for each message, and in order of receipt between the messages of one connection.
/// <para>
/// Safety, "acknowledged means stored": <see cref="SubmitAsync"/> starts the interceptor and either finds it complete or puts it into a
/// FIFO channel that one loop drains, awaiting each store in turn. Both ways call <see cref="Finish"/>, the only place that writes PUBACK
/// or PUBREC, with the completed verdict. The short way is taken only when <c>_open</c> is 0, and the loop lowers it after its
/// Finish, so no earlier message can still be unacknowledged: acknowledgements leave in order of receipt [MQTT-4.6.0-2],
/// and messages reach subscribers in that order too [MQTT-4.6.0-5].
/// When a store fails, the connection is closed and nothing later is delivered or acknowledged: the client has everything from there on
/// and sends it again; what of it was stored is stored again under the same identity.
/// When the client leaves, what was received is still stored and delivered; the queue refuses answers of a connection that ended.
/// </para>
/// <para>
/// A message that changes the durable state (<see cref="Routed.Durable"/>) is acknowledged by a second loop, when the disk has it; the
/// acknowledgements of later messages then take the same way (<c>_undurable</c> counts those on it), so the order holds there too. The next
/// message does not wait for it, so many share one fsync. A failed commit is handled like a failed store.
/// </para>
/// The read loop waits only when <see cref="MqttBrokerOptions.ReceiveMaximum"/> messages are being stored, so many share one group commit.
/// </summary>
internal sealed class PublishPipeline(ClientConnection connection, Session session, int epoch, BrokerCore core, int capacity)
{
    private readonly Channel<Entry> _entries =
        Channel.CreateBounded<Entry>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
    private int _open;
    private readonly ConcurrentDictionary<ushort, byte> _unreleased = new();
    private int _openQos1;
    private int _openQos2;
    private int _undurable;
    private Channel<(Entry Entry, PublishVerdict Verdict, Task? Durable)>? _acknowledging;
    private Task _acknowledged = Task.CompletedTask;
    private bool _failed;

    /// <summary>Read loop: takes a PUBLISH whose topic is complete and authorized as <paramref name="verdict"/> says (null: ask the store).</summary>
    /// <exception cref="MalformedPacketException">A 5.0 client exceeds the receive maximum.</exception>
    public ValueTask SubmitAsync(PublishPacket packet, MqttMessage message, PublishVerdict? verdict)
    {
        if (connection.IsV5 && ExceedsReceiveMaximum(packet))
        {
            throw new MalformedPacketException(MqttReasonCode.ReceiveMaximumExceeded, $"more than {capacity} messages unacknowledged [MQTT-3.3.4-7]");
        }

        Entry entry = packet.Qos == 2 ? Qos2(packet, message, verdict) : new(packet, message, verdict is { } v ? new(v) : Store(message), null);
        if (entry.Store.IsCompletedSuccessfully && Volatile.Read(ref _open) == 0)
        {
            return Volatile.Read(ref _failed) ? ValueTask.CompletedTask : Finish(entry, entry.Store.Result);
        }

        Interlocked.Increment(ref _open);
        if (packet.Qos == 1)
        {
            Interlocked.Increment(ref _openQos1);
        }

        return _entries.Writer.TryWrite(entry) ? ValueTask.CompletedTask : _entries.Writer.WriteAsync(entry);
    }

    /// <summary>Read loop: the client releases a QoS 2 message; false when there is none of this identifier.</summary>
    public bool Release(ushort packetId)
    {
        CountReleased(packetId);
        return session.IncomingQos2.TryRemove(packetId, out _);
    }

    /// <summary>The released message no longer counts against the client's send quota.</summary>
    public void CountReleased(ushort packetId)
    {
        if (_unreleased.TryRemove(packetId, out _))
        {
            Interlocked.Decrement(ref _openQos2);
        }
    }

    /// <summary>No more messages come; the loop ends after those that did.</summary>
    public void Complete() => _entries.Writer.TryComplete();

    /// <summary>The loop; ends when everything is stored, delivered and, if the client is still there, acknowledged.</summary>
    public async Task RunAsync()
    {
        await StoreAsync();
        _acknowledging?.Writer.TryComplete();
        await _acknowledged;
    }

    private async Task StoreAsync()
    {
        await foreach (Entry entry in _entries.Reader.ReadAllAsync())
        {
            try
            {
                PublishVerdict verdict = await entry.Store;
                if (entry.Qos == 1)
                {
                    Interlocked.Decrement(ref _openQos1);
                }

                if (!Volatile.Read(ref _failed))
                {
                    await Finish(entry, verdict);
                }
            }
            catch (Exception e)
            {
                Fail(entry, e);
            }

            Interlocked.Decrement(ref _open);
        }
    }

    private ValueTask<PublishVerdict> Store(MqttMessage message) => core.StoreAsync(new(session.ClientId, message, IsWill: false));

    /// <summary>
    /// The client's send quota (§4.9): QoS 1 until PUBACK, QoS 2 until PUBCOMP or a failed PUBREC, of what came on this connection. A
    /// PUBREL left from an earlier connection does not count, nor does a QoS 2 message sent again.
    /// </summary>
    private bool ExceedsReceiveMaximum(PublishPacket packet)
    {
        if (packet.Qos == 0)
        {
            return false;
        }

        bool full = Volatile.Read(ref _openQos1) + Volatile.Read(ref _openQos2) >= capacity;
        if (packet.Qos == 1 || full)
        {
            return full && !_unreleased.ContainsKey(packet.PacketId);
        }

        if (_unreleased.TryAdd(packet.PacketId, 0))
        {
            Interlocked.Increment(ref _openQos2);
        }

        return false;
    }

    private Entry Qos2(PublishPacket packet, MqttMessage message, PublishVerdict? verdict)
    {
        if (session.IncomingQos2.TryGetValue(packet.PacketId, out Task<MqttReasonCode>? first))
        {
            return new(packet, null, AwaitFirstAsync(first), null); // sent again: answered when the first is stored, never stored twice
        }

        TaskCompletionSource<MqttReasonCode> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        session.IncomingQos2[packet.PacketId] = outcome.Task;
        return new(packet, message, verdict is { } v ? new(v) : Store(message), outcome);
    }

    private static async ValueTask<PublishVerdict> AwaitFirstAsync(Task<MqttReasonCode> first) => new(await first, null);

    /// <summary>Delivers, and acknowledges now or when it is durable. Completes when the next message may come.</summary>
    private ValueTask Finish(Entry entry, PublishVerdict verdict)
    {
        Routed routed = default;
        if (entry.Message is { } message)
        {
            if (verdict.IsAccepted)
            {
                routed = core.Router.Publish(message, session.ClientId, entry.Qos == 2 ? session.Durable : null, entry.PacketId);
            }
            else
            {
                core.Metrics.Rejected(verdict.ReasonCode);
                core.Log.MessageRejected(session.ClientId, message.Topic, verdict.ReasonCode, verdict.Reason);
            }
        }

        if (routed.Durable is not null || Volatile.Read(ref _undurable) > 0)
        {
            return AcknowledgeLaterAsync(entry, verdict, routed);
        }

        Acknowledge(entry, verdict);
        return routed.Congested is null ? ValueTask.CompletedTask : Router.WaitAsync(routed.Congested, core.Time);
    }

    private async ValueTask AcknowledgeLaterAsync(Entry entry, PublishVerdict verdict, Routed routed)
    {
        if (_acknowledging is null)
        {
            _acknowledging = Channel.CreateBounded<(Entry, PublishVerdict, Task?)>(new BoundedChannelOptions(capacity) { SingleReader = true });
            _acknowledged = AcknowledgeDurableAsync(_acknowledging.Reader);
        }

        Interlocked.Increment(ref _undurable);
        await _acknowledging.Writer.WriteAsync((entry, verdict, routed.Durable));
        await core.State!.WhenRoomAsync();
        if (routed.Congested is { } congested)
        {
            await Router.WaitAsync(congested, core.Time);
        }
    }

    private async Task AcknowledgeDurableAsync(ChannelReader<(Entry Entry, PublishVerdict Verdict, Task? Durable)> entries)
    {
        await foreach ((Entry entry, PublishVerdict verdict, Task? durable) in entries.ReadAllAsync())
        {
            try
            {
                await (durable ?? Task.CompletedTask);
                if (!Volatile.Read(ref _failed))
                {
                    Acknowledge(entry, verdict);
                }
            }
            catch (Exception e)
            {
                Fail(entry, e);
            }

            Interlocked.Decrement(ref _undurable);
        }
    }

    private void Acknowledge(Entry entry, PublishVerdict verdict)
    {
        if (entry.Qos == 0)
        {
            return;
        }

        if (entry.Qos == 2 && !verdict.IsAccepted && connection.IsV5)
        {
            Release(entry.PacketId); // a PUBREC of 0x80 and above ends the exchange (§4.3.3)
        }

        entry.Outcome?.TrySetResult(verdict.ReasonCode);
        session.Queue.AddControl(epoch, new AckPacket(entry.Qos == 1 ? PacketType.PubAck : PacketType.PubRec, entry.PacketId, verdict.ReasonCode)
        {
            Properties = verdict.Reason is { } reason && connection.WantsReasons ? new() { { PropertyId.ReasonString, reason } } : null,
        });
    }

    private void Fail(Entry entry, Exception e)
    {
        Volatile.Write(ref _failed, true);
        if (entry.Outcome is { } outcome)
        {
            session.IncomingQos2.TryRemove(entry.PacketId, out _);
            outcome.TrySetException(e);
            _ = outcome.Task.Exception; // observed: it is logged here
        }

        if (entry.Message is { } message)
        {
            core.Log.StoreFailed(e, session.ClientId, message.Topic);
        }

        connection.Close(MqttReasonCode.ServerBusy, "a message could not be stored; send it again");
    }

    private readonly record struct Entry(
        PublishPacket Packet, MqttMessage? Message, ValueTask<PublishVerdict> Store, TaskCompletionSource<MqttReasonCode>? Outcome)
    {
        public int Qos => Packet.Qos;

        public ushort PacketId => Packet.PacketId;
    }
}
