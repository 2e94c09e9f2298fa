using Field.Contracts;
using Field.Mqtt;
using Field.Mqtt.Delivery;
using Microsoft.Extensions.Logging;

namespace Field.Broker.State;

/// <summary>What the live broker is made of, to be filled at the start.</summary>
internal sealed record RestoreTarget(SessionTable Sessions, SubscriptionIndex Index, RetainedStore Retained, TimeProvider Time, ILogger Log);

/// <summary>
/// From the files to live sessions. Times are by the wall clock: what expired while the server was down is gone.
/// <para>
/// A client that was connected when the server died lost its connection to the crash. Nobody knows when, so its session's expiry and its
/// will's delay begin now: never too early. Its will is published (MQTT 5.0 §3.1.2.5 allows to defer it until the restart): after its delay
/// when the session survived and the client does not come back, and at once when the session ended with the connection or there is no delay.
/// </para>
/// </summary>
internal static class StateRestore
{
    /// <summary>Larger packets do not fit a record.</summary>
    private const int MaxPacketBytes = Journal.MaxRecordBytes - (256 * 1024) - StateCodec.OverheadBytes - (64 * 1024);

    /// <summary>Reads the state; <see cref="StateJournal.Start"/> follows after <see cref="Fill"/>. Null when none is to be kept.</summary>
    /// <exception cref="FieldException">The files are damaged, or the options do not allow it.</exception>
    public static StateJournal? Open(MqttBrokerOptions options, BrokerMetrics metrics, TimeProvider time, ILogger logger)
    {
        if (options.StateDirectory is not { } folder)
        {
            return null;
        }

        if (options.MaxPacketBytes > MaxPacketBytes)
        {
            throw new FieldException($"with a state directory the largest packet may be {MaxPacketBytes} bytes, not {options.MaxPacketBytes}");
        }

        BrokerState state = new();
        StateLog log = StateLog.Open(folder, options.StateSegmentBytes, (record, segment) => Replay(state, record, segment));
        state.EndReplay();
        if (log.TornBytes > 0)
        {
            logger.StateTorn(log.TornBytes);
        }

        long bytes = log.Segments.Sum(s => s.Bytes);
        metrics.StateSize(bytes, state.MessageCount);
        logger.StateRestored(state.Sessions.Count, state.MessageCount, state.Retained.Count, bytes, folder);
        IStateLog disk = options.WrapStateLog?.Invoke(log) ?? log;
        return new(disk, state, 2 * options.StateSegmentBytes, time, metrics, logger) { TornBytes = log.TornBytes };
    }

    /// <summary>Makes live what has not expired, and begins to write.</summary>
    public static void Fill(StateJournal journal, RestoreTarget target)
    {
        long now = journal.NowUtcMs;
        long toMonotonic = target.Time.NowMs() - now;
        foreach (StoredSession stored in journal.State.Sessions)
        {
            Restore(stored, journal, target, now, toMonotonic);
        }

        foreach (StoredMessage stored in journal.State.Retained.OrderBy(m => m.Number))
        {
            if (!IsExpired(stored, now) && !target.Retained.Set(Live(stored, toMonotonic)))
            {
                target.Log.RetainedFull(stored.Content.Topic);
            }
        }

        foreach (StoredWill stored in journal.State.Wills.OrderByDescending(w => w.Saved.Will))
        {
            WillSaved will = stored.Saved;
            if (will.DueMs == 0)
            {
                will = will with { DueMs = now + will.DelayMs };
                journal.Post(will);
            }

            target.Sessions.Restore(will.ClientId, new(will.Content, will.Will) { DueMs = will.DueMs + toMonotonic });
        }

        journal.Start();
    }

    private static void Replay(BrokerState state, ReadOnlyMemory<byte> record, StateSegment segment)
    {
        try
        {
            state.Apply(StateCodec.Read(record.Span), segment, record.Length);
        }
        catch (MalformedPacketException e)
        {
            throw new FieldException($"the broker's state in {segment.Path} was written by another version of Field: {e.Message}", innerException: e);
        }
    }

    private static void Restore(StoredSession stored, StateJournal journal, RestoreTarget target, long now, long toMonotonic)
    {
        SessionSaved saved = stored.Saved;
        bool wasConnected = saved.ClosedAtMs == 0;
        if (!wasConnected && saved.ClosedAtMs + saved.ExpiryMs <= now)
        {
            journal.Post(new SessionEnded(saved.Session));
            return;
        }

        if (wasConnected)
        {
            saved = saved with { ClosedAtMs = now, SentUpTo = saved.LastSequence };
            journal.Post(saved);
        }

        Session session = target.Sessions.Restore(saved.ClientId);
        session.Principal = saved.Principal.Length == 0 ? null : saved.Principal;
        session.ExpiresAtMs = saved.ClosedAtMs + saved.ExpiryMs + toMonotonic;
        session.Durable = new(saved.Session, session, journal) { LastSequence = saved.LastSequence };
        foreach (StoredSubscription s in stored.Subscriptions.Values)
        {
            Subscription subscription = new(session, s.Filter, s.MaxQos)
            {
                NoLocal = s.NoLocal,
                RetainAsPublished = s.RetainAsPublished,
                Identifier = s.Identifier,
            };
            session.Subscriptions[s.Filter] = subscription;
            target.Index.Add(subscription);
        }

        foreach (ushort id in stored.Incoming)
        {
            session.IncomingQos2[id] = Task.FromResult(MqttReasonCode.Success);
        }

        List<StoredDelivery> waiting = [.. stored.Deliveries.Values.OrderBy(d => d.Target.Sequence)];
        foreach (StoredDelivery expired in waiting.Where(d => !d.Received && IsExpired(d.Message, now)))
        {
            journal.Post(new DeliveryAdvanced(saved.Session, expired.Target.Sequence, IsDone: true));
        }

        session.Queue.Restore(waiting.Where(d => d.Received || !IsExpired(d.Message, now)).Select(d => Live(d, saved.SentUpTo, toMonotonic)));
    }

    private static OutgoingMessage Live(StoredDelivery delivery, long sentUpTo, long toMonotonic) =>
        new(Live(delivery.Message, toMonotonic), delivery.Target.Qos, delivery.Target.Retain)
        {
            Sequence = delivery.Target.Sequence,
            SubscriptionIdentifiers = delivery.Target.Identifiers,
            Released = delivery.Received,
            Duplicate = !delivery.Received && delivery.Target.Sequence <= sentUpTo,
        };

    private static MqttMessage Live(StoredMessage stored, long toMonotonic) =>
        stored.DeadlineMs == 0 ? stored.Content : stored.Content with { DeadlineMs = Math.Max(1, stored.DeadlineMs + toMonotonic) };

    private static bool IsExpired(StoredMessage stored, long now) => stored.DeadlineMs != 0 && stored.DeadlineMs <= now;
}
