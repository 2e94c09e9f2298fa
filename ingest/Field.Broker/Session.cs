using System.Collections.Concurrent;
using Field.Broker.State;
using Field.Mqtt;
using Field.Mqtt.Delivery;

namespace Field.Broker;

/// <summary>A will and, when it waits for its delay (MQTT 5.0 §3.1.3.2.2), until when on the monotonic clock.</summary>
/// <param name="Message">The message.</param>
/// <param name="Number">Its number in the durable state, or 0.</param>
internal sealed record PendingWill(MqttMessage Message, long Number)
{
    public long DueMs { get; init; }
}

/// <summary>
/// What the broker remembers of one client identifier (MQTT 5.0 §4.1).
/// Owner, ends and will are guarded by the gate of <see cref="SessionTable"/>; subscriptions by the owner's read loop.
/// </summary>
internal sealed class Session(string clientId, DeliveryQueue queue)
{
    private volatile ClientConnection? _owner;
    private volatile DurableSession? _durable;
    private int _slow;

    public string ClientId { get; } = clientId;

    public DeliveryQueue Queue { get; } = queue;

    /// <summary>Who it belongs to (<see cref="ClientConnection.Principal"/>); never resumed by anybody else.</summary>
    public string? Principal { get; set; }

    /// <summary>The connection that has the session, or null while the client is away.</summary>
    public ClientConnection? Owner
    {
        get => _owner;
        set => _owner = value;
    }

    /// <summary>Its place in the durable state; null when it ends with its connection or nothing is kept.</summary>
    public DurableSession? Durable
    {
        get => _durable;
        set
        {
            _durable = value;
            Queue.Log = value;
        }
    }

    public Dictionary<string, Subscription> Subscriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>QoS 2 messages received and not released: the identifier and the outcome of storing, which a repeated PUBLISH awaits.</summary>
    public ConcurrentDictionary<ushort, Task<MqttReasonCode>> IncomingQos2 { get; } = new();

    public PendingWill? Will { get; set; }

    /// <summary>When an absent client's session is forgotten, in milliseconds of the monotonic clock.</summary>
    public long ExpiresAtMs { get; set; }

    /// <summary>The session ended with its connection, while another connection was already taking the identifier over.</summary>
    public bool HasEnded { get; set; }

    /// <summary>True the first time since the client connected: the log gets one line per slow client, the counter every message.</summary>
    public bool MarkSlow() => Interlocked.Exchange(ref _slow, 1) == 0;

    public void ClearSlow() => Volatile.Write(ref _slow, 0);
}
