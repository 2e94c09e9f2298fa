using Field.Mqtt.Codec;

namespace Field.Mqtt;

/// <summary>A topic filter and what to do with its messages.</summary>
/// <param name="Filter">The topic filter; <c>$share/group/filter</c> shares it with others.</param>
/// <param name="Qos">The highest quality of service wanted: 0, 1 or 2.</param>
/// <param name="Handler">
/// Called for one message at a time (see <see cref="MqttClientOptions.MaxConcurrentHandlers"/>), in order of receipt. QoS 1 and 2 are
/// acknowledged after it completed; when it throws, the message is not acknowledged and the connection is closed, so that the server sends it again.
/// </param>
public sealed record MqttSubscription(string Filter, int Qos, Func<MqttMessage, CancellationToken, ValueTask> Handler)
{
    /// <summary>True leaves out what this client published itself (5.0; ignored by 3.1.1). Default false.</summary>
    public bool NoLocal { get; init; }

    /// <summary>True leaves the retain flag of passed-on messages as the publisher set it (5.0; ignored by 3.1.1). Default false.</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>When retained messages are sent (5.0; 3.1.1: always). Default always.</summary>
    public RetainHandling RetainHandling { get; init; }

    /// <summary>
    /// 1 to 268,435,455: comes back in <see cref="MqttMessageProperties.SubscriptionIdentifiers"/> of matching messages (5.0). Default 0, none.
    /// </summary>
    public uint Identifier { get; init; }

    internal bool IsValid => MqttTopic.IsValidFilter(Filter) && Qos is >= 0 and <= 2 && Identifier <= 268_435_455
        && RetainHandling is >= RetainHandling.Send and <= RetainHandling.DoNotSend
        && !(NoLocal && Filter.StartsWith("$share/", StringComparison.Ordinal)); // [MQTT-3.8.3-4]

    internal SubscribePacket ToPacket(ushort packetId, bool v5)
    {
        SubscriptionRequest request = v5
            ? new(Filter, Qos) { NoLocal = NoLocal, RetainAsPublished = RetainAsPublished, RetainHandling = RetainHandling }
            : new(Filter, Qos);
        return new(packetId, [request])
        {
            Properties = v5 && Identifier != 0 ? new() { { PropertyId.SubscriptionIdentifier, Identifier } } : null,
        };
    }
}

/// <summary>What happens with retained messages when a subscription is made (MQTT 5.0 §3.8.3.1).</summary>
public enum RetainHandling
{
    /// <summary>They are sent.</summary>
    Send = 0,

    /// <summary>They are sent when there was no such subscription before.</summary>
    SendIfNew = 1,

    /// <summary>They are not sent.</summary>
    DoNotSend = 2,
}
