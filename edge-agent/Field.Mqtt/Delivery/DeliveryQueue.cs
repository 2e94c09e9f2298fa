using System.Threading.Channels;
using Field.Mqtt.Codec;

namespace Field.Mqtt.Delivery;

/// <summary>
/// The sending half of MQTT's delivery protocol (MQTT 5.0 §4.3), the same for a client and for a broker's session:
/// a bounded queue, an in-flight window, and the packets that answer the peer. It outlives connections.
/// <para>
/// Safety: all state is guarded by <c>_gate</c>, held only for queue operations and never across I/O or an await.
/// One pump (see <see cref="PacketPump"/>) takes from it at a time: <see cref="Attach"/> is called only after the pump of the
/// connection before has ended. The pump sets <c>_idle</c> under the gate before it waits, and whoever adds work clears it
/// under the gate and signals, so a wake-up cannot be lost and costs nothing while the pump is busy.
/// </para>
/// </summary>
internal sealed partial class DeliveryQueue(int maxMessages, long maxBytes, TimeProvider time)
{
    /// <summary>Identifiers of messages; the 256 above it are for SUBSCRIBE and UNSUBSCRIBE, which share the number space (§2.2.1).</summary>
    public const ushort MaxMessageId = 0xFEFF;

    private const int BatchBytes = 64 * 1024;
    private const int ControlBacklog = 4096;
    private const int StalledMs = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<Packet> _control = new();
    private readonly Queue<OutgoingMessage> _waiting = new();
    private readonly Dictionary<ushort, OutgoingMessage> _inFlight = [];
    private readonly Queue<OutgoingMessage> _again = new();
    private readonly Channel<bool> _signal =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private TaskCompletionSource? _drained;
    private TaskCompletionSource? _progress;
    private long _lastProgressMs;
    private long _waitingBytes;
    private long _order;
    private int _window;
    private int _open; // PUBLISH packets sent on this connection and not acknowledged: what the peer's receive maximum counts (§4.9)
    private ushort _lastId;
    private int _epoch;
    private bool _attached;
    private bool _finishing;
    private bool _idle = true;

    /// <summary>Messages waiting or in flight.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count + _reserved + _inFlight.Count;
            }
        }
    }

    /// <summary>
    /// Begins a connection: <paramref name="first"/> goes first, then what was in flight again, in its order, then the rest.
    /// Returns the connection's number, which <see cref="AddControl"/> asks for: an answer that is late for its connection is dropped.
    /// </summary>
    public int Attach(int window, Packet? first = null)
    {
        lock (_gate)
        {
            _control.Clear();
            _again.Clear();
            _open = 0;
            _window = Math.Min(window, MaxMessageId);
            _attached = true;
            _finishing = false;
            _lastProgressMs = time.NowMs();
            if (first is not null)
            {
                _control.Enqueue(first);
            }

            foreach (OutgoingMessage message in _inFlight.Values.Where(m => !m.Receiving).OrderBy(m => m.Order))
            {
                message.Duplicate = !message.Released;
                if (message.Released)
                {
                    _control.Enqueue(new AckPacket(PacketType.PubRel, message.PacketId));
                }
                else
                {
                    _again.Enqueue(message); // as the window allows, which may be smaller than it was [MQTT-3.3.4-9]
                }
            }

            Wake();
            return ++_epoch;
        }
    }

    /// <summary>Ends a connection; what was not acknowledged stays for the next one.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            _attached = false;
            _control.Clear();
            ReleaseReaders();
        }
    }

    /// <summary>Lets the pump end after the packets that are already to be sent as answers, and <paramref name="last"/>.</summary>
    public void Finish(Packet? last)
    {
        lock (_gate)
        {
            _finishing = true;
            if (last is not null)
            {
                _control.Enqueue(last);
            }

            ReleaseReaders();
            Wake();
        }
    }

    /// <summary>Adds a message. QoS 0 to nobody connected is <see cref="AddResult.Offline"/>: it is not kept.</summary>
    public AddResult TryAdd(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (!_attached && message.Qos == 0)
            {
                return AddResult.Offline;
            }

            AddResult result = TakeRoom(message);
            if (result != AddResult.Full)
            {
                _waiting.Enqueue(message);
                Wake();
            }

            return result;
        }
    }

    /// <summary>
    /// Completes when the pump takes messages again. A publisher that is faster than a peer which does read waits for it, briefly, rather
    /// than overrun it; one that has stalled is not waited for.
    /// </summary>
    public Task NextProgress()
    {
        lock (_gate)
        {
            _progress ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _progress.Task;
        }
    }

    /// <summary>Adds a packet that answers the peer (acknowledgements, PINGRESP, SUBACK); these overtake messages and keep their own order.</summary>
    public void AddControl(int epoch, Packet packet)
    {
        lock (_gate)
        {
            if (_attached && epoch == _epoch)
            {
                _control.Enqueue(packet);
                Wake();
            }
        }
    }

    /// <summary>Completes at once unless the peer does not read its answers; then when they are written. Bounds the answers held in memory.</summary>
    public Task WhenControlDrainedAsync()
    {
        lock (_gate)
        {
            if (_control.Count < ControlBacklog || _finishing)
            {
                return Task.CompletedTask;
            }

            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    /// <summary>The peer's PUBACK, PUBREC or PUBCOMP. Returns the message that is thereby done, or null.</summary>
    public OutgoingMessage? Acknowledge(AckPacket ack)
    {
        lock (_gate)
        {
            bool known = _inFlight.TryGetValue(ack.PacketId, out OutgoingMessage? message);
            if (ack.Type == PacketType.PubRec && (!known || message!.Qos == 2) && (int)ack.ReasonCode < 0x80)
            {
                if (!known || !LogReceived(message!))
                {
                    Release(ack.PacketId, message);
                }

                return null;
            }

            if (!known || message!.Qos != (ack.Type == PacketType.PubAck ? 1 : 2))
            {
                return null; // answers nothing we sent: ignored, as a repeated acknowledgement after a reconnect is
            }

            return Remove(ack.PacketId, message);
        }
    }

    /// <summary>Gives up a message that cannot be sent to this peer, as if it were delivered [MQTT-3.1.2-25].</summary>
    public void GiveUp(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (message.Qos > 0)
            {
                Remove(message.PacketId, message);
            }
        }
    }

    /// <summary>Takes what may be sent now into <paramref name="batch"/>; false when there is nothing, <paramref name="ended"/> when there never will be.</summary>
    public bool Take(List<Packet> batch, out bool ended)
    {
        lock (_gate)
        {
            while (_control.TryDequeue(out Packet? packet))
            {
                batch.Add(packet);
            }

            ReleaseReaders();
            ended = _finishing;
            if (!_finishing)
            {
                TakeAgain(batch);
                TakeMessages(batch);
            }

            _idle = batch.Count == 0;
            return !_idle;
        }
    }

    /// <summary>Waits until there may be something to take.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);

    /// <summary>Empties the queue and returns what was in it.</summary>
    public IReadOnlyList<OutgoingMessage> Clear()
    {
        lock (_gate)
        {
            List<OutgoingMessage> all = [.. _inFlight.Values, .. _waiting];
            _inFlight.Clear();
            _again.Clear();
            _open = 0;
            _waiting.Clear();
            _waitingBytes = 0;
            ClearDurable();
            return all;
        }
    }

    /// <summary>What an earlier connection sent and nobody acknowledged, in its order, before anything new.</summary>
    private void TakeAgain(List<Packet> batch)
    {
        while (_open < _window && _again.TryDequeue(out OutgoingMessage? message))
        {
            if (!message.Released && !message.Receiving && ReferenceEquals(_inFlight.GetValueOrDefault(message.PacketId), message))
            {
                Open(message);
                batch.Add(message);
            }
        }
    }

    private void Open(OutgoingMessage message)
    {
        message.SentIn = _epoch;
        _open++;
    }

    private AddResult TakeRoom(OutgoingMessage message)
    {
        int weight = message.Message.Weight;
        int count = _waiting.Count + _reserved;
        if (count >= maxMessages || (_waitingBytes + weight > maxBytes && count > 0))
        {
            return AddResult.Full;
        }

        _waitingBytes += weight;
        bool behind = count >= maxMessages / 8 || _waitingBytes > maxBytes / 8;
        return behind && _attached && time.NowMs() - _lastProgressMs < StalledMs ? AddResult.Congested : AddResult.Added;
    }

    private void TakeMessages(List<Packet> batch)
    {
        long bytes = 0;
        while (bytes < BatchBytes && _waiting.TryPeek(out OutgoingMessage? message))
        {
            if (message.Message.DeadlineMs != 0 && !Age(ref message))
            {
                _waitingBytes -= _waiting.Dequeue().Message.Weight;
                LogDone(message);
                continue;
            }

            if (message.Qos > 0)
            {
                if (_open >= _window || _inFlight.Count >= MaxMessageId || !TryIdentify(message))
                {
                    break;
                }

                message.Order = ++_order;
                _inFlight.Add(message.PacketId, message);
                Open(message);
            }

            _waitingBytes -= _waiting.Dequeue().Message.Weight;
            bytes += message.Message.Weight;
            batch.Add(message);
        }

        if (bytes > 0)
        {
            _lastProgressMs = time.NowMs();
            _progress?.TrySetResult();
            _progress = null;
        }
    }

    /// <summary>False when the message has expired; else it carries what is left of its life [MQTT-3.3.2-5], [MQTT-3.3.2-6].</summary>
    private bool Age(ref OutgoingMessage message)
    {
        long leftMs = message.Message.DeadlineMs - time.NowMs();
        if (leftMs > 0 && message.Message.Properties is { } properties)
        {
            uint seconds = (uint)((leftMs + 999) / 1000);
            message = message with { Message = message.Message with { Properties = properties with { ExpirySeconds = seconds } } };
        }

        return leftMs > 0;
    }

    private void Release(ushort id, OutgoingMessage? message)
    {
        if (message is not null)
        {
            message.Released = true;
        }

        MqttReasonCode code = message is null ? MqttReasonCode.PacketIdentifierNotFound : MqttReasonCode.Success;
        _control.Enqueue(new AckPacket(PacketType.PubRel, id, code));
        Wake();
    }

    private OutgoingMessage Remove(ushort id, OutgoingMessage message)
    {
        _inFlight.Remove(id);
        LogDone(message);
        if (message.SentIn == _epoch)
        {
            _open--;
        }

        if (_again.Count + _waiting.Count > 0)
        {
            Wake(); // an idle pump with messages waiting was held back by the window
        }

        return message;
    }

    private ushort NextId()
    {
        do
        {
            _lastId = _lastId >= MaxMessageId ? (ushort)1 : (ushort)(_lastId + 1);
        }
        while (_inFlight.ContainsKey(_lastId) || _settling.Contains(_lastId));
        return _lastId;
    }

    private void Wake()
    {
        if (_idle)
        {
            _idle = false;
            _signal.Writer.TryWrite(true);
        }
    }

    private void ReleaseReaders()
    {
        _drained?.TrySetResult();
        _drained = null;
    }
}
