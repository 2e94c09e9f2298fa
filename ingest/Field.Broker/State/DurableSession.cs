using Field.Mqtt;
using Field.Mqtt.Delivery;

namespace Field.Broker.State;

/// <summary>One life of a session that outlives its connections: from a clean start to its end. Its queue reports to the journal.</summary>
internal sealed class DurableSession(long number, Session session, StateJournal journal) : IDeliveryLog
{
    public long Number { get; } = number;

    public Session Session { get; } = session;

    /// <summary>The last sequence given; guarded by the journal's gate once the journal runs.</summary>
    public long LastSequence { get; set; }

    /// <summary>The subscriber has it. Nobody waits for this record: a crash before it means that the message is sent again.</summary>
    public void Done(OutgoingMessage message) => journal.Submit(new(new DeliveryAdvanced(Number, message.Sequence, IsDone: true))
    {
        Persists = true,
        WhenDurable = () => Session.Queue.Settle(message),
    });

    /// <summary>PUBREC came: PUBREL leaves when that is on the disk.</summary>
    public void Received(OutgoingMessage message) => journal.Submit(new(new DeliveryAdvanced(Number, message.Sequence, IsDone: false))
    {
        WhenDurable = () => Session.Queue.ReleaseReceived(message),
        WhenFailed = e =>
        {
            Session.Queue.ForgetReceived(message);
            Session.Owner?.Close(MqttReasonCode.ServerBusy, e.Message);
        },
    });

    /// <summary>The client's PUBREL: forgotten, then <paramref name="whenForgotten"/> answers it.</summary>
    public void Release(ushort packetId, Action whenForgotten) => journal.Submit(new(new IncomingReleased(Number, packetId))
    {
        WhenDurable = whenForgotten,
        WhenFailed = e => Session.Owner?.Close(MqttReasonCode.ServerBusy, e.Message),
    });

    public Task SubscribedAsync(IEnumerable<Subscription> subscriptions) =>
        journal.Commit(new Subscribed(Number, [.. subscriptions.Select(s => new StoredSubscription(s.Filter, s.MaxQos, s.NoLocal, s.RetainAsPublished, s.Identifier))]));

    public Task UnsubscribedAsync(IReadOnlyList<string> filters) => journal.Commit(new Unsubscribed(Number, filters));

    /// <summary>The session's record for a connection that begins.</summary>
    public SessionSaved Opened(TimeSpan expiry) => Saved(expiry, closedAtMs: 0, sentUpTo: 0);

    public void Close(TimeSpan expiry) =>
        journal.Post(Saved(expiry, journal.NowUtcMs, Session.Queue.SentUpTo));

    public void End() => journal.Post(new SessionEnded(Number));

    private SessionSaved Saved(TimeSpan expiry, long closedAtMs, long sentUpTo) =>
        new(Number, Session.ClientId, Session.Principal ?? "", (long)expiry.TotalMilliseconds, closedAtMs, sentUpTo, LastSequence: 0);
}
