using Field.Mqtt;

namespace Field.Broker.State;

/// <summary>
/// One change of the broker's durable state. Sessions, messages and wills have numbers from one counter that never repeats. Every record
/// can be applied again to a state that already contains it: compaction relies on that. Times are milliseconds of Unix time.
/// </summary>
internal abstract record StateRecord;

/// <summary>The first record of each segment: numbers below it may have been given.</summary>
internal sealed record SegmentHead(long NextNumber) : StateRecord;

/// <summary>A session as it is now, without its lists. <paramref name="ClosedAtMs"/> is 0 while its client is connected.</summary>
/// <param name="Session">The number; a session that begins anew gets a new one.</param>
/// <param name="ClientId">The client identifier.</param>
/// <param name="Principal">Who it belongs to, or empty; never resumed by anybody else.</param>
/// <param name="ExpiryMs">How long it outlives its connection.</param>
/// <param name="ClosedAtMs">When its connection ended.</param>
/// <param name="SentUpTo">Messages up to this sequence may have been sent: they go out again with DUP.</param>
/// <param name="LastSequence">The last sequence given to a message for it.</param>
internal sealed record SessionSaved(long Session, string ClientId, string Principal, long ExpiryMs, long ClosedAtMs, long SentUpTo, long LastSequence) : StateRecord;

internal sealed record SessionEnded(long Session) : StateRecord;

internal sealed record Subscribed(long Session, IReadOnlyList<StoredSubscription> Subscriptions) : StateRecord;

internal sealed record StoredSubscription(string Filter, int MaxQos, bool NoLocal, bool RetainAsPublished, uint Identifier);

internal sealed record Unsubscribed(long Session, IReadOnlyList<string> Filters) : StateRecord;

/// <summary>
/// A message, once, with all sessions that wait for it, whether it is its topic's retained one, and the QoS 2 identifier under which it came:
/// one record, so that a crash keeps all of it or nothing.
/// </summary>
internal sealed record MessageQueued(long Message, MqttMessage Content, long DeadlineMs, bool IsRetained, IReadOnlyList<QueueTarget> Targets) : StateRecord
{
    /// <summary>The publisher's session when it is durable and the message came with QoS 2, or 0.</summary>
    public long Publisher { get; init; }

    public ushort IncomingId { get; init; }
}

/// <summary>A place in one session's queue. The packet identifier follows from the sequence (<see cref="Mqtt.Delivery.DeliveryQueue.IdOf"/>).</summary>
internal readonly record struct QueueTarget(long Session, long Sequence, int Qos, bool Retain, IReadOnlyList<uint> Identifiers, bool Received = false);

/// <summary>The subscriber's PUBREC (<paramref name="IsDone"/> false), or the end of the delivery.</summary>
internal sealed record DeliveryAdvanced(long Session, long Sequence, bool IsDone) : StateRecord;

/// <summary>QoS 2 identifiers received and not released.</summary>
internal sealed record IncomingReceived(long Session, IReadOnlyList<ushort> Ids) : StateRecord;

internal sealed record IncomingReleased(long Session, ushort Id) : StateRecord;

internal sealed record RetainedCleared(string Topic) : StateRecord;

/// <summary>A client's will. <paramref name="DueMs"/> is 0 while its connection lives.</summary>
internal sealed record WillSaved(long Will, string ClientId, MqttMessage Content, long DelayMs, long DueMs) : StateRecord;

/// <summary>The will was published or called off.</summary>
internal sealed record WillDone(long Will) : StateRecord;
