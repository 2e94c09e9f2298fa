namespace Field.Mqtt.Delivery;

/// <summary>Makes a sender's progress durable. Called under the queue's gate: must not block and must not call back at once.</summary>
internal interface IDeliveryLog
{
    /// <summary>The message is done; calls <see cref="DeliveryQueue.Settle"/> when that is durable.</summary>
    void Done(OutgoingMessage message);

    /// <summary>PUBREC came; calls <see cref="DeliveryQueue.ReleaseReceived"/> when that is durable, or <see cref="DeliveryQueue.ForgetReceived"/>.</summary>
    void Received(OutgoingMessage message);
}

/// <summary>
/// The part of the queue that serves sessions which survive a crash. Their QoS 1 and 2 messages have a sequence, given by the log when it
/// takes them: the packet identifier follows from it, so nothing is written when a message is sent. An identifier whose message is done is
/// kept (<c>_settling</c>) until the log has that on the disk: else, after a crash, one identifier could stand for two messages.
/// </summary>
internal sealed partial class DeliveryQueue
{
    private readonly HashSet<ushort> _settling = [];
    private int _reserved;
    private int _life;

    /// <summary>Where progress is made durable, or null.</summary>
    public IDeliveryLog? Log { get; set; }

    /// <summary>The highest sequence that was ever sent.</summary>
    public long SentUpTo { get; private set; }

    /// <summary>The packet identifier of a sequence. Two messages of one session share it only 65,279 messages apart.</summary>
    public static ushort IdOf(long sequence) => (ushort)(((sequence - 1) % MaxMessageId) + 1);

    /// <summary>Takes room for a message which <see cref="AddReserved"/> or <see cref="CancelReserved"/> follows for.</summary>
    public AddResult TryReserve(OutgoingMessage message)
    {
        lock (_gate)
        {
            AddResult result = TakeRoom(message);
            if (result != AddResult.Full)
            {
                _reserved++;
                message.Life = _life;
            }

            return result;
        }
    }

    /// <summary>Queues a message whose room is reserved and whose sequence is durable.</summary>
    public void AddReserved(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (message.Life == _life)
            {
                _reserved--;
                _waiting.Enqueue(message);
                Wake();
            }
        }
    }

    public void CancelReserved(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (message.Life == _life)
            {
                _reserved--;
                _waitingBytes -= message.Message.Weight;
            }
        }
    }

    /// <summary>Before the first connection: what the log remembers, in order of sequence; released ones wait for PUBCOMP.</summary>
    public void Restore(IEnumerable<OutgoingMessage> messages)
    {
        lock (_gate)
        {
            foreach (OutgoingMessage message in messages)
            {
                if (message.Released)
                {
                    message.PacketId = IdOf(message.Sequence);
                    message.Order = ++_order;
                    _inFlight.TryAdd(message.PacketId, message);
                }
                else
                {
                    _waiting.Enqueue(message);
                    _waitingBytes += message.Message.Weight;
                }
            }
        }
    }

    /// <summary>The end of the message is durable: its identifier may be used again.</summary>
    public void Settle(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (message.Life == _life && _settling.Remove(message.PacketId) && _waiting.Count > 0)
            {
                Wake();
            }
        }
    }

    /// <summary>PUBREC is durable: PUBREL may leave.</summary>
    public void ReleaseReceived(OutgoingMessage message)
    {
        lock (_gate)
        {
            message.Receiving = false;
            message.Released = true;
            if (_attached && message.Life == _life && ReferenceEquals(_inFlight.GetValueOrDefault(message.PacketId), message))
            {
                Release(message.PacketId, message);
            }
        }
    }

    /// <summary>PUBREC could not be made durable: as if it never came.</summary>
    public void ForgetReceived(OutgoingMessage message)
    {
        lock (_gate)
        {
            message.Receiving = false;
        }
    }

    /// <summary>True when the log takes over and calls back.</summary>
    private bool LogReceived(OutgoingMessage message)
    {
        if (message.Sequence == 0 || message.Released || Log is not { } log)
        {
            return false;
        }

        if (!message.Receiving)
        {
            message.Receiving = true;
            log.Received(message);
        }

        return true;
    }

    private void LogDone(OutgoingMessage message)
    {
        if (message.Sequence != 0 && Log is { } log)
        {
            if (message.PacketId != 0)
            {
                _settling.Add(message.PacketId);
            }

            log.Done(message);
        }
    }

    /// <summary>Gives the message its identifier; false when another message still has it.</summary>
    private bool TryIdentify(OutgoingMessage message)
    {
        if (message.Sequence == 0)
        {
            message.PacketId = NextId();
            return true;
        }

        ushort id = IdOf(message.Sequence);
        if (_inFlight.ContainsKey(id) || _settling.Contains(id))
        {
            return false;
        }

        message.PacketId = id;
        SentUpTo = Math.Max(SentUpTo, message.Sequence);
        return true;
    }

    private void ClearDurable()
    {
        _settling.Clear();
        (_reserved, SentUpTo) = (0, 0);
        _life++;
    }
}
