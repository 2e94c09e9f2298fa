using Field.Mqtt;

namespace Field.Broker;

/// <summary>Takes every message a client publishes before subscribers see it and before it is acknowledged.</summary>
public interface IPublishInterceptor
{
    /// <summary>
    /// Stores the message. PUBACK (PUBREC for QoS 2) leaves only after this completed with acceptance. Called in order of receipt, but
    /// up to <see cref="MqttBrokerOptions.ReceiveMaximum"/> calls of one client run at the same time, and those of different clients
    /// always may; so the implementation is thread-safe, and a group commit sees many messages at once.
    /// </summary>
    /// <param name="message">The message and who sent it. Its payload may be kept.</param>
    /// <param name="cancellationToken">Cancelled when the broker stops, not when the client leaves: what was begun is finished.</param>
    /// <returns>
    /// The verdict. A rejection is final: 5.0 clients get its reason code, 3.1.1 clients (which have no such answer) an acknowledgement,
    /// so that they do not send it for ever; the message is not delivered. Throw instead when trying again can help: the connection
    /// is then closed without an acknowledgement, so that the client keeps the message and sends it again.
    /// </returns>
    ValueTask<PublishVerdict> StoreAsync(InboundPublish message, CancellationToken cancellationToken);
}

/// <summary>A message from a client.</summary>
/// <param name="ClientId">The client identifier of the publisher.</param>
/// <param name="Message">The message, its topic complete (aliases resolved); <see cref="MqttMessage.Duplicate"/> is the DUP flag.</param>
/// <param name="IsWill">True when the broker publishes it because the client's connection broke.</param>
public readonly record struct InboundPublish(string ClientId, MqttMessage Message, bool IsWill)
{
    /// <summary>When it came, for a message that is brought again later; null for one that comes now.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>True when it came through another broker, in which it may have waited.</summary>
    public bool IsRelayed { get; init; }
}

/// <summary>What an <see cref="IPublishInterceptor"/> decided.</summary>
/// <param name="ReasonCode">Success, or a code of 0x80 and above that may stand in a PUBACK.</param>
/// <param name="Reason">One line for the client and the log, or null.</param>
public readonly record struct PublishVerdict(MqttReasonCode ReasonCode, string? Reason)
{
    /// <summary>Stored; acknowledge and deliver.</summary>
    public static PublishVerdict Accepted => default;

    /// <summary>True for <see cref="Accepted"/>.</summary>
    public bool IsAccepted => (int)ReasonCode < 0x80;

    /// <summary>Never to be stored; do not deliver.</summary>
    /// <param name="reasonCode">A code that may stand in a PUBACK: 0x80, 0x83, 0x87, 0x90, 0x91, 0x97 or 0x99.</param>
    /// <param name="reason">One line for the client and the log.</param>
    /// <exception cref="ArgumentOutOfRangeException">The code may not stand in a PUBACK.</exception>
    public static PublishVerdict Rejected(MqttReasonCode reasonCode, string reason)
    {
        return (int)reasonCode >= 0x80 && Mqtt.Codec.ReasonCodes.IsAllowed((int)reasonCode, Mqtt.Codec.PacketType.PubAck)
            ? new(reasonCode, reason)
            : throw new ArgumentOutOfRangeException(nameof(reasonCode), reasonCode, "not a failure that a PUBACK can carry (MQTT 5.0 §3.4.2.1)");
    }
}
