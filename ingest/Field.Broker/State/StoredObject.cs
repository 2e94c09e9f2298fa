using Field.Mqtt;

namespace Field.Broker.State;

/// <summary>One file of the state's journal, and what has its latest full record there.</summary>
internal sealed class StateSegment(string path, long number)
{
    public string Path { get; } = path;

    public long Number { get; } = number;

    public long Bytes { get; set; }

    public HashSet<StoredObject> Objects { get; } = [];
}

/// <summary>A thing that is alive in the durable state.</summary>
internal abstract class StoredObject
{
    public StateSegment? Home { get; set; }

    /// <summary>About the size of its full records.</summary>
    public int Bytes { get; set; }
}

internal sealed class StoredSession : StoredObject
{
    /// <summary>Filters in one record at most: each takes up to 64 KiB.</summary>
    private const int MaxRecordChars = 256 * 1024;

    public required SessionSaved Saved { get; set; }

    /// <summary>Named by other records, but its own was not seen.</summary>
    public bool IsGhost => Home is null;

    public Dictionary<string, StoredSubscription> Subscriptions { get; } = new(StringComparer.Ordinal);

    public HashSet<ushort> Incoming { get; } = [];

    /// <summary>By sequence.</summary>
    public Dictionary<long, StoredDelivery> Deliveries { get; } = [];

    public IEnumerable<StateRecord> Dump()
    {
        yield return Saved;
        List<StoredSubscription> some = [];
        int chars = 0;
        foreach (StoredSubscription subscription in Subscriptions.Values)
        {
            some.Add(subscription);
            chars += subscription.Filter.Length + 8;
            if (chars > MaxRecordChars)
            {
                yield return new Subscribed(Saved.Session, some);
                (some, chars) = ([], 0);
            }
        }

        yield return new Subscribed(Saved.Session, some);
        yield return new IncomingReceived(Saved.Session, [.. Incoming]);
    }
}

internal sealed class StoredMessage : StoredObject
{
    public required long Number { get; init; }

    public required MqttMessage Content { get; init; }

    public required long DeadlineMs { get; init; }

    public bool IsRetained { get; set; }

    /// <summary>Also those done, until the next full record.</summary>
    public List<StoredDelivery> Deliveries { get; private set; } = [];

    /// <summary>Sessions that have not finished with it.</summary>
    public int Waiting { get; set; }

    public bool IsAlive => IsRetained || Waiting > 0;

    public IEnumerable<StateRecord> Dump(long nowMs)
    {
        if (Waiting == 0 && DeadlineMs != 0 && DeadlineMs <= nowMs)
        {
            return [];
        }

        Deliveries = [.. Deliveries.Where(d => !d.IsDone)];
        IEnumerable<QueueTarget> targets = Deliveries.Select(d => d.Target with { Received = d.Received });
        return targets.Chunk(StateCodec.MaxTargets).DefaultIfEmpty([])
            .Select(some => new MessageQueued(Number, Content, DeadlineMs, IsRetained, some));
    }
}

internal sealed class StoredDelivery(StoredSession session, StoredMessage message, QueueTarget target)
{
    public StoredSession Session { get; } = session;

    public StoredMessage Message { get; } = message;

    public QueueTarget Target { get; } = target;

    /// <summary>QoS 2: PUBREC came, only PUBREL may be sent.</summary>
    public bool Received { get; set; }

    public bool IsDone { get; set; }
}

internal sealed class StoredWill : StoredObject
{
    public required WillSaved Saved { get; set; }
}
