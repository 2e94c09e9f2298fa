using Field.Broker.State;
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
internal sealed class SessionTable(MqttBrokerOptions options, TimeProvider time, SubscriptionIndex index, BrokerMetrics metrics, StateJournal? state)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly List<(string ClientId, PendingWill Will)> _orphans = [];

    /// <summary>Makes the connection the owner of the identifier's session, new or kept.</summary>
    /// <param name="connection">The new owner.</param>
    /// <param name="clientId">The client identifier.</param>
    /// <param name="cleanStart">Forget a session that there is.</param>
    /// <param name="outlives">The session outlives this connection: it is to be durable.</param>
    /// <returns>The session, whether it was there before, and a will to publish because its session ended; null when there are too many sessions.</returns>
    public async ValueTask<(Session Session, bool Present, PendingWill? Will)?> AcquireAsync(
        ClientConnection connection, string clientId, bool cleanStart, bool outlives)
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

            session ??= _sessions[clientId] = NewSession(clientId);
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
            PendingWill? will = present ? null : session.Will;
            if (present)
            {
                Done(session.Will); // a resumed session calls its delayed will off (§3.1.3.2.2)
            }

            session.Will = null;
            session.HasEnded = false;
            session.ClearSlow();
            if (!present)
            {
                Reset(session);
            }

            if (!outlives)
            {
                session.Durable?.End();
                session.Durable = null;
            }
            else if (state is not null)
            {
                session.Durable ??= new(state.NewNumber(), session, state);
            }

            return (session, present, will);
        }
    }

    /// <summary>Ends the ownership. Returns the will when it is due now, because it has no delay or the session ends.</summary>
    public PendingWill? Release(Session session, ClientConnection connection, TimeSpan expiry, PendingWill? will, TimeSpan willDelay)
    {
        lock (_gate)
        {
            bool ends = expiry <= TimeSpan.Zero;
            long now = time.NowMs();
            session.ExpiresAtMs = now + (long)expiry.TotalMilliseconds;
            if (will is not null && !ends && willDelay > TimeSpan.Zero)
            {
                long delay = (long)Math.Min(willDelay.TotalMilliseconds, expiry.TotalMilliseconds);
                session.Will = will with { DueMs = now + delay };
                if (will.Number != 0)
                {
                    state?.Post(new WillSaved(will.Number, session.ClientId, will.Message, delay, state.NowUtcMs + delay));
                }

                will = null;
            }

            if (!ends)
            {
                session.Durable?.Close(expiry);
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

    /// <summary>Ends the ownership of a connection that was never answered. A session that is as it was before stays; a new one goes.</summary>
    public void Abandon(Session session, ClientConnection connection, bool present)
    {
        lock (_gate)
        {
            if (session.Owner != connection)
            {
                session.HasEnded = !present;
                return;
            }

            session.Owner = null;
            if (!present || session.Durable is null)
            {
                Forget(session);
            }
        }
    }

    /// <summary>The will was published or called off.</summary>
    public void Done(PendingWill? will)
    {
        if (will is { Number: not 0 })
        {
            state?.Post(new WillDone(will.Number));
        }
    }

    /// <summary>Subscriptions of all sessions.</summary>
    public int CountSubscriptions()
    {
        lock (_gate)
        {
            return _sessions.Values.Sum(s => s.Subscriptions.Count);
        }
    }

    /// <summary>At the start: a session that the durable state has.</summary>
    public Session Restore(string clientId)
    {
        lock (_gate)
        {
            return _sessions[clientId] = NewSession(clientId);
        }
    }

    /// <summary>At the start: a will, to be published with its session's end or at once when there is no session.</summary>
    public void Restore(string clientId, PendingWill will)
    {
        lock (_gate)
        {
            if (_sessions.TryGetValue(clientId, out Session? session) && session.Will is null)
            {
                session.Will = will;
            }
            else
            {
                _orphans.Add((clientId, will));
            }
        }
    }

    /// <summary>Forgets expired sessions of absent clients and returns the wills that are due.</summary>
    public IReadOnlyList<(string ClientId, PendingWill Will)> Sweep()
    {
        long now = time.NowMs();
        lock (_gate)
        {
            List<(string, PendingWill)> due = [.. _orphans];
            _orphans.Clear();
            foreach (Session session in _sessions.Values.Where(s => s.Owner is null).ToList())
            {
                bool expired = now >= session.ExpiresAtMs;
                if (session.Will is { } will && (expired || now >= will.DueMs))
                {
                    session.Will = null;
                    due.Add((session.ClientId, will));
                }

                if (expired)
                {
                    Forget(session);
                }
            }

            return due;
        }
    }

    private Session NewSession(string clientId) =>
        new(clientId, new DeliveryQueue(options.MaxQueuedMessagesPerClient, options.MaxQueuedBytesPerClient, time));

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
        session.Durable?.End();
        session.Durable = null;
        session.Queue.Clear();
    }
}
