using System.Text;
using Field.Broker.State;
using Field.Mqtt;

namespace Field.Tests.Broker.State;

/// <summary>Random changes of a broker's state, and what they should amount to, kept without the classes under test.</summary>
internal sealed class Model(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<long, (SortedDictionary<string, int> Subscriptions, SortedSet<ushort> Incoming)> _sessions = [];
    private readonly Dictionary<(long Session, long Sequence), (string Text, bool Received)> _queued = [];
    private readonly SortedDictionary<string, string> _retained = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, long> _wills = [];
    private readonly Dictionary<long, long> _sequences = [];
    private long _number;

    /// <summary>The next change, already made in the model.</summary>
    public StateRecord Next()
    {
        while (true)
        {
            if (Change() is { } record)
            {
                return record;
            }
        }
    }

    public string Describe()
    {
        StringBuilder text = new();
        foreach (long session in _sessions.Keys.Order())
        {
            text.Append($"{session}: {string.Join(',', _sessions[session].Subscriptions.Select(s => $"{s.Key}@{s.Value}"))}; {string.Join(',', _sessions[session].Incoming)};");
            text.AppendJoin(',', _queued.Where(q => q.Key.Session == session).OrderBy(q => q.Key.Sequence).Select(q => $"{q.Key.Sequence}={q.Value.Text}{q.Value.Received}"));
            text.Append($" last {_sequences[session]}\n");
        }

        text.AppendJoin(',', _retained.Select(r => $"{r.Key}={r.Value}")).Append('\n');
        return text.AppendJoin(',', _wills.Select(w => $"{w.Key}@{w.Value}")).ToString();
    }

    public static string Describe(BrokerState state)
    {
        StringBuilder text = new();
        foreach (StoredSession session in state.Sessions.OrderBy(s => s.Saved.Session))
        {
            IEnumerable<string> subscriptions = session.Subscriptions.Values.OrderBy(s => s.Filter, StringComparer.Ordinal).Select(s => $"{s.Filter}@{s.MaxQos}");
            text.Append($"{session.Saved.Session}: {string.Join(',', subscriptions)}; {string.Join(',', session.Incoming.Order())};");
            text.AppendJoin(',', session.Deliveries.OrderBy(d => d.Key).Select(d => $"{d.Key}={Text(d.Value.Message.Content)}{d.Value.Received}"));
            text.Append($" last {session.Saved.LastSequence}\n");
        }

        text.AppendJoin(',', state.Retained.OrderBy(m => m.Content.Topic, StringComparer.Ordinal).Select(m => $"{m.Content.Topic}={Text(m.Content)}")).Append('\n');
        return text.AppendJoin(',', state.Wills.OrderBy(w => w.Saved.Will).Select(w => $"{w.Saved.Will}@{w.Saved.DueMs}")).ToString();
    }

    private static string Text(MqttMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    private StateRecord? Change() => _random.Next(20) switch
    {
        0 => _sessions.Count < 8 ? Open() : null,
        1 => Some() is { } session && _random.Next(3) == 0 ? End(session) : null,
        2 or 3 => Some() is { } session ? Subscribe(session) : null,
        4 => Some() is { } session ? Unsubscribe(session) : null,
        5 => Some() is { } session && _sessions[session].Incoming.Count > 0 ? Release(session) : null,
        6 => Clear(),
        7 => Will(),
        < 14 => Message(),
        _ => Advance(),
    };

    private long? Some() => _sessions.Count == 0 ? null : _sessions.Keys.ElementAt(_random.Next(_sessions.Count));

    private SessionSaved Open()
    {
        long session = ++_number;
        _sessions.Add(session, (new(StringComparer.Ordinal), []));
        _sequences[session] = 0;
        return new(session, $"client {session}", "", 1000, 0, 0, 0);
    }

    private SessionEnded End(long session)
    {
        _sessions.Remove(session);
        _queued.Keys.Where(k => k.Session == session).ToList().ForEach(k => _queued.Remove(k));
        return new(session);
    }

    private Subscribed Subscribe(long session)
    {
        string filter = $"f/{_random.Next(6)}/+";
        int qos = _random.Next(3);
        _sessions[session].Subscriptions[filter] = qos;
        return new(session, [new(filter, qos, _random.Next(2) == 0, _random.Next(2) == 0, (uint)_random.Next(1000))]);
    }

    private Unsubscribed Unsubscribe(long session)
    {
        string filter = $"f/{_random.Next(6)}/+";
        _sessions[session].Subscriptions.Remove(filter);
        return new(session, [filter]);
    }

    private IncomingReleased Release(long session)
    {
        ushort id = _sessions[session].Incoming.ElementAt(_random.Next(_sessions[session].Incoming.Count));
        _sessions[session].Incoming.Remove(id);
        return new(session, id);
    }

    private RetainedCleared Clear()
    {
        string topic = $"r/{_random.Next(5)}";
        _retained.Remove(topic);
        return new(topic);
    }

    private StateRecord Will()
    {
        if (_wills.Count > 3)
        {
            long done = _wills.Keys.First();
            _wills.Remove(done);
            return new WillDone(done);
        }

        long due = _random.Next(2) * 5000;
        _wills.Add(++_number, due);
        return new WillSaved(_number, "c", new("will", new byte[3], 1) { Properties = new() { ContentType = "x" } }, 10, due);
    }

    private MessageQueued? Message()
    {
        bool retained = _random.Next(4) == 0;
        List<long> sessions = [.. _sessions.Keys.Where(_ => _random.Next(3) == 0)];
        if (sessions.Count == 0 && !retained)
        {
            return null;
        }

        long number = ++_number;
        string text = new((char)('a' + (number % 26)), _random.Next(1, 200));
        string topic = $"r/{_random.Next(5)}";
        List<QueueTarget> targets = [];
        foreach (long session in sessions)
        {
            long sequence = ++_sequences[session];
            _queued[(session, sequence)] = (text, false);
            targets.Add(new(session, sequence, 1 + _random.Next(2), _random.Next(2) == 0, _random.Next(3) == 0 ? [5, 1000] : []));
        }

        if (retained)
        {
            _retained[topic] = text;
        }

        MqttMessage message = new(topic, Encoding.UTF8.GetBytes(text), 2, retained) { Properties = _random.Next(2) == 0 ? null : new() { UserProperties = [new("k", "v")] } };
        ushort incoming = (ushort)_random.Next(1, 20);
        long publisher = _random.Next(3) == 0 ? sessions.FirstOrDefault() : 0;
        if (publisher != 0)
        {
            _sessions[publisher].Incoming.Add(incoming);
        }

        return new(number, message, 0, retained, targets) { Publisher = publisher, IncomingId = publisher == 0 ? (ushort)0 : incoming };
    }

    private DeliveryAdvanced? Advance()
    {
        if (_queued.Count == 0)
        {
            return null;
        }

        (long session, long sequence) = _queued.Keys.ElementAt(_random.Next(_queued.Count));
        bool done = _random.Next(4) > 0;
        if (done)
        {
            _queued.Remove((session, sequence));
        }
        else
        {
            _queued[(session, sequence)] = (_queued[(session, sequence)].Text, true);
        }

        return new(session, sequence, done);
    }
}
