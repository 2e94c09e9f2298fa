using System.Collections.Concurrent;
using Field.Mqtt;

namespace Field.Broker;

/// <summary>One subscription of one session.</summary>
/// <param name="Session">Whose it is.</param>
/// <param name="Filter">The filter as the client wrote it, <c>$share/group/</c> included.</param>
/// <param name="MaxQos">The granted quality of service.</param>
internal sealed record Subscription(Session Session, string Filter, int MaxQos)
{
    public bool NoLocal { get; init; }

    public bool RetainAsPublished { get; init; }

    /// <summary>The subscription identifier, or 0 for none (0 is not a valid one).</summary>
    public uint Identifier { get; init; }
}

/// <summary>A session with all of its subscriptions that match one topic: it gets one copy [MQTT-3.3.4-2].</summary>
internal sealed record RouteTarget(Session Session, Subscription[] Subscriptions);

/// <summary>The members of one shared subscription: one of them gets each message (MQTT 5.0 §4.8.2).</summary>
internal sealed class SharedGroup(Subscription[] members)
{
    private int _next;

    /// <summary>The next in turn, a connected one if there is any.</summary>
    public Subscription Pick()
    {
        uint start = (uint)Interlocked.Increment(ref _next);
        for (uint i = 0; i < members.Length; i++)
        {
            Subscription member = members[(start + i) % members.Length];
            if (member.Session.Owner is not null)
            {
                return member;
            }
        }

        return members[start % members.Length];
    }
}

/// <summary>Where messages of one topic go.</summary>
internal sealed record Route(RouteTarget[] Targets, SharedGroup[] Shared);

/// <summary>
/// Topic filters as a trie by level, with the results for recently used topics kept.
/// Safety: the trie is guarded by <c>_gate</c>. A result is put only into the cache instance that was current before the trie was read,
/// and every change of the trie replaces that instance, so a stale result can never be found.
/// </summary>
internal sealed class SubscriptionIndex
{
    /// <summary>Deeper filters are refused: matching recurses by level.</summary>
    public const int MaxLevels = 128;

    private const int MaxCachedTopics = 10_000;
    private const int MaxCachedTopicLength = 256;

    private readonly Lock _gate = new();
    private readonly Node _root = new();
    private volatile ConcurrentDictionary<string, Route> _cache = new();

    /// <summary>Adds or replaces; true when the session did not have this filter.</summary>
    public bool Add(Subscription subscription)
    {
        lock (_gate)
        {
            Node node = _root;
            foreach (string level in Levels(subscription.Filter))
            {
                node = node.Children.TryGetValue(level, out Node? child) ? child : node.Children[level] = new Node();
            }

            int at = node.Subscriptions.FindIndex(s => s.Session == subscription.Session && s.Filter == subscription.Filter);
            if (at >= 0)
            {
                node.Subscriptions[at] = subscription;
            }
            else
            {
                node.Subscriptions.Add(subscription);
            }

            _cache = new();
            return at < 0;
        }
    }

    public void Remove(Session session, string filter)
    {
        lock (_gate)
        {
            Remove(_root, Levels(filter), 0, session, filter);
            _cache = new();
        }
    }

    public Route Match(string topic)
    {
        ConcurrentDictionary<string, Route> cache = _cache;
        if (cache.TryGetValue(topic, out Route? route))
        {
            return route;
        }

        List<Subscription> found = [];
        lock (_gate)
        {
            Collect(_root, topic, isFirst: true, found);
        }

        route = ToRoute(found);
        if (topic.Length <= MaxCachedTopicLength)
        {
            if (cache.Count >= MaxCachedTopics)
            {
                cache.Clear();
            }

            cache.TryAdd(topic, route);
        }

        return route;
    }

    private static string[] Levels(string filter) =>
        (MqttTopic.TrySplitShare(filter, out _, out string inner) ? inner : filter).Split('/');

    private static void Collect(Node node, ReadOnlySpan<char> topic, bool isFirst, List<Subscription> found)
    {
        int slash = topic.IndexOf('/');
        ReadOnlySpan<char> level = slash < 0 ? topic : topic[..slash];
        bool wildcardsReach = !isFirst || level is not ['$', ..]; // [MQTT-4.7.2-1]
        if (wildcardsReach && node.Children.TryGetValue("#", out Node? rest))
        {
            found.AddRange(rest.Subscriptions);
        }

        if (wildcardsReach && node.Children.TryGetValue("+", out Node? any))
        {
            Descend(any, topic, slash, found);
        }

        if (node.Children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(level, out Node? exact))
        {
            Descend(exact, topic, slash, found);
        }
    }

    private static void Descend(Node node, ReadOnlySpan<char> topic, int slash, List<Subscription> found)
    {
        if (slash >= 0)
        {
            Collect(node, topic[(slash + 1)..], isFirst: false, found);
            return;
        }

        found.AddRange(node.Subscriptions);
        if (node.Children.TryGetValue("#", out Node? parentOfRest))
        {
            found.AddRange(parentOfRest.Subscriptions); // "sport/#" matches "sport" (§4.7.1.2)
        }
    }

    private static bool Remove(Node node, string[] levels, int depth, Session session, string filter)
    {
        if (depth == levels.Length)
        {
            node.Subscriptions.RemoveAll(s => s.Session == session && s.Filter == filter);
        }
        else if (node.Children.TryGetValue(levels[depth], out Node? child) && Remove(child, levels, depth + 1, session, filter))
        {
            node.Children.Remove(levels[depth]);
        }

        return node.Subscriptions.Count == 0 && node.Children.Count == 0;
    }

    private static Route ToRoute(List<Subscription> found)
    {
        RouteTarget[] targets = [.. found.Where(s => !IsShared(s)).GroupBy(s => s.Session).Select(g => new RouteTarget(g.Key, [.. g]))];
        SharedGroup[] shared = [.. found.Where(IsShared).GroupBy(s => s.Filter).Select(g => new SharedGroup([.. g]))];
        return new(targets, shared);
    }

    private static bool IsShared(Subscription subscription) => subscription.Filter.StartsWith("$share/", StringComparison.Ordinal);

    private sealed class Node
    {
        public Dictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public List<Subscription> Subscriptions { get; } = [];
    }
}
