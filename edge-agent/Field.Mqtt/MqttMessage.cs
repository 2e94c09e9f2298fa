namespace Field.Mqtt;

/// <summary>An application message (MQTT 5.0 §3.3).</summary>
/// <param name="Topic">The topic name: 1 to 65,535 bytes of UTF-8 without wildcards.</param>
/// <param name="Payload">The payload. The receiver of a message may keep it; the sender must not change it before the call completed.</param>
/// <param name="Qos">0 at most once, 1 at least once, 2 exactly once.</param>
/// <param name="Retain">Sent: keep as the topic's last known value. Received: this is such a kept value.</param>
public sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload, int Qos = 0, bool Retain = false)
{
    /// <summary>The MQTT 5.0 properties, or null. They are left out on a 3.1.1 connection.</summary>
    public MqttMessageProperties? Properties { get; init; }

    /// <summary>True when the peer marks this as possibly sent before (the DUP flag).</summary>
    public bool Duplicate { get; init; }

    /// <summary>Broker: when the message expires, in milliseconds of the broker's monotonic clock; 0 for never.</summary>
    internal long DeadlineMs { get; init; }

    /// <summary>What the message weighs in a bounded queue, in bytes.</summary>
    internal int Weight => Payload.Length + (2 * Topic.Length) + 128;
}

/// <summary>The MQTT 5.0 properties that travel with an application message from publisher to subscriber (MQTT 5.0 §3.3.2.3).</summary>
public sealed record MqttMessageProperties
{
    /// <summary>True when the publisher says that the payload is UTF-8 text.</summary>
    public bool IsUtf8
    {
        get => PayloadFormat == 1;
        init => PayloadFormat = value ? 1u : null;
    }

    /// <summary>Seconds until the message expires, or null for never.</summary>
    public uint? ExpirySeconds { get; init; }

    /// <summary>A media type such as <c>application/senml+json</c>, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>Where an answer is expected, or null.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>Bytes that connect an answer with its question, or null.</summary>
    public ReadOnlyMemory<byte>? CorrelationData { get; init; }

    /// <summary>Name and value pairs in the order they were sent; a name may occur more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];

    /// <summary>Received only: the identifiers of the subscriptions that matched.</summary>
    public IReadOnlyList<uint> SubscriptionIdentifiers { get; init; } = [];

    /// <summary>The payload format indicator as sent: 0, 1, or null for none, which is passed on unaltered [MQTT-3.3.2-4].</summary>
    internal uint? PayloadFormat { get; init; }
}
