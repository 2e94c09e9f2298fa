using System.Runtime.InteropServices;

namespace Field.Broker.State;

/// <summary>
/// The durable state as the journal tells it: a fold over its records, the same at replay and while writing. The live sessions run ahead
/// of it by what is not yet on the disk. Used by one thread at a time.
/// <para>
/// Why old segments may be deleted: every object has a home, the segment that holds its latest full record; when the oldest segment is
/// cleaned its objects are written again, in full, to the newest. Segments go oldest first. So a change in a deleted segment either
/// belongs to an object that is gone, or was made before the object's full record. A session's full record may thereby come after messages
/// that name it: at replay it is a ghost until then, and whoever is still one at the end of the replay is dead.
/// </para>
/// </summary>
internal sealed class BrokerState
{
    private readonly Dictionary<long, StoredSession> _sessions = [];
    private readonly Dictionary<long, StoredMessage> _messages = [];
    private readonly Dictionary<string, StoredMessage> _retained = new(StringComparer.Ordinal);
    private readonly Dictionary<long, StoredWill> _wills = [];
    private bool _isReplaying = true;

    public IReadOnlyCollection<StoredSession> Sessions => _sessions.Values;

    public IReadOnlyCollection<StoredMessage> Retained => _retained.Values;

    public IReadOnlyCollection<StoredWill> Wills => _wills.Values;

    public int MessageCount => _messages.Count;

    /// <summary>Above every number that was ever given.</summary>
    public long NextNumber { get; private set; } = 1;

    /// <summary>About the bytes of the full records of everything alive.</summary>
    public long LiveBytes { get; private set; }

    /// <summary>Applies a record of a segment; <paramref name="bytes"/> is its size.</summary>
    public void Apply(StateRecord record, StateSegment segment, int bytes)
    {
        switch (record)
        {
            case SegmentHead r: NextNumber = Math.Max(NextNumber, r.NextNumber); break;
            case SessionSaved r: Save(r, segment); break;
            case SessionEnded r: End(r.Session); break;
            case Subscribed r: Subscribe(r); break;
            case Unsubscribed r: Unsubscribe(r); break;
            case MessageQueued r: Queue(r, segment, bytes); break;
            case DeliveryAdvanced r: Advance(r); break;
            case IncomingReceived r: Session(r.Session)?.Incoming.UnionWith(r.Ids); break;
            case IncomingReleased r: Session(r.Session)?.Incoming.Remove(r.Id); break;
            case RetainedCleared r: Clear(r.Topic); break;
            case WillSaved r: Save(r, segment, bytes); break;
            case WillDone r: Remove(_wills, r.Will); break;
            default: throw new InvalidOperationException($"no meaning for {record.GetType()}");
        }
    }

    /// <summary>All records were applied: forgets what belonged to dead sessions.</summary>
    public void EndReplay()
    {
        _isReplaying = false;
        foreach (long ghost in _sessions.Where(s => s.Value.IsGhost).Select(s => s.Key).ToList())
        {
            End(ghost);
        }
    }

    /// <summary>The full records of an object, in an order in which they can be applied; none when it has expired.</summary>
    public static IEnumerable<StateRecord> Dump(StoredObject stored, long nowMs) => stored switch
    {
        StoredSession session => session.Dump(),
        StoredMessage message => message.Dump(nowMs),
        StoredWill will => [will.Saved],
        _ => throw new InvalidOperationException($"no records for {stored.GetType()}"),
    };

    /// <summary>Its full records were written to the segment.</summary>
    public void Move(StoredObject stored, StateSegment to, int bytes)
    {
        if (bytes == 0 && stored is StoredMessage { Waiting: 0 } expired)
        {
            Clear(expired.Content.Topic);
            return;
        }

        Home(stored, to);
        Weigh(stored, bytes);
    }

    private StoredSession? Session(long number)
    {
        if (!_sessions.TryGetValue(number, out StoredSession? session) && _isReplaying && number != 0)
        {
            _sessions[number] = session = new() { Saved = new(number, "", "", 0, 0, 0, 0) };
        }

        return session;
    }

    private void Save(SessionSaved r, StateSegment segment)
    {
        Count(r.Session);
        if (!_sessions.TryGetValue(r.Session, out StoredSession? session))
        {
            _sessions[r.Session] = session = new() { Saved = r };
        }

        long last = Math.Max(session.Saved.LastSequence, r.LastSequence);
        session.Saved = r with { LastSequence = last, SentUpTo = Math.Max(session.Saved.SentUpTo, r.SentUpTo) };
        if (session.IsGhost)
        {
            Home(session, segment);
            Weigh(session, session.Bytes + 64 + (2 * r.ClientId.Length));
        }
    }

    private void End(long number)
    {
        if (Remove(_sessions, number) is { } session)
        {
            foreach (StoredDelivery delivery in session.Deliveries.Values)
            {
                Finish(delivery);
            }
        }
    }

    private void Subscribe(Subscribed r)
    {
        if (Session(r.Session) is { } session)
        {
            foreach (StoredSubscription subscription in r.Subscriptions)
            {
                Weigh(session, session.Bytes + (session.Subscriptions.ContainsKey(subscription.Filter) ? 0 : subscription.Filter.Length + 8));
                session.Subscriptions[subscription.Filter] = subscription;
            }
        }
    }

    private void Unsubscribe(Unsubscribed r)
    {
        if (Session(r.Session) is { } session)
        {
            foreach (string filter in r.Filters)
            {
                Weigh(session, session.Bytes - (session.Subscriptions.Remove(filter) ? filter.Length + 8 : 0));
            }
        }
    }

    private void Queue(MessageQueued r, StateSegment segment, int bytes)
    {
        Count(r.Message);
        if (!_messages.TryGetValue(r.Message, out StoredMessage? message))
        {
            message = new() { Number = r.Message, Content = r.Content, DeadlineMs = r.DeadlineMs };
        }

        foreach (QueueTarget target in r.Targets)
        {
            if (Session(target.Session) is { } session)
            {
                Add(message, session, target);
            }
        }

        Session(r.Publisher)?.Incoming.Add(r.IncomingId);

        if (r.IsRetained && _retained.GetValueOrDefault(r.Content.Topic) != message)
        {
            Clear(r.Content.Topic);
            _retained[r.Content.Topic] = message;
            message.IsRetained = true;
        }

        if (message.IsAlive)
        {
            _messages[r.Message] = message;
            Home(message, segment);
            Weigh(message, Math.Max(message.Bytes, bytes));
        }
    }

    private static void Add(StoredMessage message, StoredSession session, QueueTarget target)
    {
        session.Saved = session.Saved with { LastSequence = Math.Max(session.Saved.LastSequence, target.Sequence) };
        if (session.Deliveries.TryGetValue(target.Sequence, out StoredDelivery? known))
        {
            known.Received |= target.Received;
            return;
        }

        StoredDelivery delivery = new(session, message, target) { Received = target.Received };
        session.Deliveries.Add(target.Sequence, delivery);
        message.Deliveries.Add(delivery);
        message.Waiting++;
    }

    private void Advance(DeliveryAdvanced r)
    {
        if (Session(r.Session) is { } session && session.Deliveries.TryGetValue(r.Sequence, out StoredDelivery? delivery))
        {
            delivery.Received = true;
            if (r.IsDone)
            {
                session.Deliveries.Remove(r.Sequence);
                Finish(delivery);
            }
        }
    }

    private void Finish(StoredDelivery delivery)
    {
        delivery.IsDone = true;
        delivery.Message.Waiting--;
        Forget(delivery.Message);
    }

    private void Clear(string topic)
    {
        if (_retained.Remove(topic, out StoredMessage? message))
        {
            message.IsRetained = false;
            Forget(message);
        }
    }

    private void Forget(StoredMessage message)
    {
        if (!message.IsAlive)
        {
            Remove(_messages, message.Number);
        }
    }

    private void Save(WillSaved r, StateSegment segment, int bytes)
    {
        Count(r.Will);
        ref StoredWill? will = ref CollectionsMarshal.GetValueRefOrAddDefault(_wills, r.Will, out _);
        will ??= new() { Saved = r };
        will.Saved = r;
        Home(will, segment);
        Weigh(will, bytes);
    }

    private T? Remove<T>(Dictionary<long, T> from, long number)
        where T : StoredObject
    {
        if (from.Remove(number, out T? stored))
        {
            stored.Home?.Objects.Remove(stored);
            Weigh(stored, 0);
        }

        return stored;
    }

    private void Count(long number) => NextNumber = Math.Max(NextNumber, number + 1);

    private void Weigh(StoredObject stored, int bytes)
    {
        LiveBytes += bytes - stored.Bytes;
        stored.Bytes = bytes;
    }

    private static void Home(StoredObject stored, StateSegment segment)
    {
        stored.Home?.Objects.Remove(stored);
        stored.Home = segment;
        segment.Objects.Add(stored);
    }
}
