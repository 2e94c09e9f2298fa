using Field.Mqtt;
using Field.Mqtt.Delivery;

namespace Field.Broker.State;

/// <summary>One message on its way to the disk, and then to the queues of the sessions that wait for it.</summary>
internal sealed class DurablePublish(MqttMessage message)
{
    private readonly List<(DurableSession Session, OutgoingMessage Message)> _targets = [];

    /// <summary>What becomes of its topic's retained message; null for nothing.</summary>
    public bool? Retains { get; init; }

    /// <summary>The publisher's session, when it is durable and the message came with QoS 2.</summary>
    public DurableSession? Publisher { get; init; }

    public ushort IncomingId { get; init; }

    public int Weight => message.Weight + (64 * _targets.Count);

    public bool IsEmpty => _targets.Count == 0 && Retains is null && Publisher is null;

    /// <summary>A session whose queue has room reserved for the message.</summary>
    public void Add(DurableSession session, OutgoingMessage outgoing) => _targets.Add((session, outgoing));

    /// <summary>Under the journal's gate: the records, with the sessions' next sequences.</summary>
    public IReadOnlyList<StateRecord> ToRecords(long number, long utcMinusMonotonicMs)
    {
        List<StateRecord> records = [];
        if (Retains == false)
        {
            records.Add(new RetainedCleared(message.Topic));
        }

        QueueTarget[] targets = [.. _targets.Select(Target)];
        long deadline = message.DeadlineMs == 0 ? 0 : message.DeadlineMs + utcMinusMonotonicMs;
        for (int from = 0; from < targets.Length || (from == 0 && Retains == true); from += StateCodec.MaxTargets)
        {
            // The identifier stands in the last record: torn before it, the publisher sends again rather than some sessions miss the message.
            bool last = from + StateCodec.MaxTargets >= targets.Length;
            QueueTarget[] some = [.. targets.Skip(from).Take(StateCodec.MaxTargets)];
            records.Add(new MessageQueued(number, message, deadline, Retains == true, some)
            {
                Publisher = last ? Publisher?.Number ?? 0 : 0,
                IncomingId = last ? IncomingId : (ushort)0,
            });
        }

        if (Publisher is not null && records is [] or [RetainedCleared])
        {
            records.Add(new IncomingReceived(Publisher!.Number, [IncomingId]));
        }

        return records;
    }

    public void Deliver()
    {
        foreach ((DurableSession session, OutgoingMessage outgoing) in _targets)
        {
            session.Session.Queue.AddReserved(outgoing);
        }
    }

    public void Cancel()
    {
        foreach ((DurableSession session, OutgoingMessage outgoing) in _targets)
        {
            session.Session.Queue.CancelReserved(outgoing);
        }
    }

    private static QueueTarget Target((DurableSession Session, OutgoingMessage Message) target)
    {
        OutgoingMessage outgoing = target.Message;
        outgoing.Sequence = ++target.Session.LastSequence;
        return new(target.Session.Number, outgoing.Sequence, outgoing.Qos, outgoing.Retain, outgoing.SubscriptionIdentifiers);
    }
}
