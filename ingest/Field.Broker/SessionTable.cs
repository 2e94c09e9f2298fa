using Field.Mqtt;
using Field.Mqtt.Delivery;

namespace Field.Broker;

/// <summary>
/// Sessions by client identifier, and which connection has each.
/// <para>
/// Safety of take-over [MQTT-3.1.4-3]: becoming the owner is one step under the gate, and each new owner closes its predecessor and
/// awaits its end before it touches the session's state. Owners therefore form a chain, whoever comes last wins, and no two of them
/// ever use the queue or the subscriptions at the same time.
/// </para>
/// </summary>
internal sealed class SessionTable(MqttBrokerOptions options, TimeProvider time, SubscriptionIndex index, BrokerMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>Makes the connection the owner of the identifier's session, new or kept.</summary>
    /// <returns>The session, whether it was there before, and a will to publish because its session ended; null when there are too many sessions.</returns>
    public async ValueTask<(Session Session, bool Present, MqttMessage? Will)?> AcquireAsync(ClientConnection connection, string clientId, bool cleanStart)
    {
        Session? session;
        ClientConnection? previous;
        bool existed;
        lock (_gate)
        {
            existed = _sessions.TryGetValue(clientId, out session);
            if (!existed && _sessions.Count >= options.MaxSessions)
            {
                return null;
            }

            session ??= _sessions[clientId] = new(
                clientId, new DeliveryQueue(options.MaxQueuedMessagesPerClient, options.MaxQueuedBytesPerClient, time));
            previous = session.Owner;
            session.Owner = connection;
        }

        if (previous is not null)
        {
            previous.Close(MqttReasonCode.SessionTakenOver, "another connection uses the client identifier");
            await previous.Finished;
        }

        lock (_gate)
        {
            bool isSame = session.Principal == connection.Principal; // subscriptions and messages of one are not for another
            session.Principal = connection.Principal;
            bool present = existed && isSame && !cleanStart && !session.HasEnded && (previous is not null || time.NowMs() < session.ExpiresAtMs);
            MqttMessage? will = present ? null : session.Will?.Message; // a resumed session calls its delayed will off (§3.1.3.2.2)
            session.Will = null;
            session.HasEnded = false;
            session.ClearSlow();
            if (!present)
            {
                Reset(session);
            }

            return (session, present, will);
        }
    }

    /// <summary>Ends the ownership. Returns the will when it is due now, because it has no delay or the session ends.</summary>
    public MqttMessage? Release(Session session, ClientConnection connection, TimeSpan expiry, MqttMessage? will, TimeSpan willDelay)
    {
        lock (_gate)
        {
            bool ends = expiry <= TimeSpan.Zero;
            long now = time.NowMs();
            session.ExpiresAtMs = now + (long)expiry.TotalMilliseconds;
            if (will is not null && !ends && willDelay > TimeSpan.Zero)
            {
                session.Will = new(will, now + (long)Math.Min(willDelay.TotalMilliseconds, expiry.TotalMilliseconds));
                will = null;
            }

            if (session.Owner != connection)
            {
                session.HasEnded = ends; // the next owner is waiting and starts anew
            }
            else
            {
                session.Owner = null;
                if (ends)
                {
                    Forget(session);
                }
            }

            return will;
        }
    }

    /// <summary>Forgets expired sessions of absent clients and returns the wills that are due.</summary>
    public IReadOnlyList<(string ClientId, MqttMessage Will)> Sweep()
    {
        List<(string, MqttMessage)> due = [];
        long now = time.NowMs();
        lock (_gate)
        {
            foreach (Session session in _sessions.Values.Where(s => s.Owner is null).ToList())
            {
                bool expired = now >= session.ExpiresAtMs;
                if (session.Will is { } will && (expired || now >= will.DueMs))
                {
                    session.Will = null;
                    due.Add((session.ClientId, will.Message));
                }

                if (expired)
                {
                    Forget(session);
                }
            }
        }

        return due;
    }

    private void Forget(Session session)
    {
        _sessions.Remove(session.ClientId);
        Reset(session);
    }

    private void Reset(Session session)
    {
        foreach (string filter in session.Subscriptions.Keys)
        {
            index.Remove(session, filter);
        }

        metrics.Subscribed(-session.Subscriptions.Count);
        session.Subscriptions.Clear();
        session.IncomingQos2.Clear();
        session.Queue.Clear();
    }
}
