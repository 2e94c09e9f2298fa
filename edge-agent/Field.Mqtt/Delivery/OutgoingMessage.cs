using Field.Mqtt.Codec;

namespace Field.Mqtt.Delivery;

/// <summary>One message on its way to one peer: a PUBLISH and what the sender remembers about it.</summary>
internal sealed record OutgoingMessage(MqttMessage Message, int Qos, bool Retain) : PublishPacket(Message, Qos, Retain)
{
    /// <summary>Client: completed with the peer's reason code (QoS 0: Success once written), or failed with the connection.</summary>
    public TaskCompletionSource<MqttReasonCode>? Completion { get; init; }

    /// <summary>QoS 2: PUBREC came, so from now on PUBREL is sent, never the message (MQTT 5.0 §4.3.3).</summary>
    public bool Released { get; set; }

    /// <summary>Position in the order of first sending, for sending again after a reconnect [MQTT-4.6.0-1].</summary>
    public long Order { get; set; }

    /// <summary>The connection (see <see cref="DeliveryQueue.Attach"/>) that sent it last.</summary>
    public int SentIn { get; set; }

    /// <summary>Its place in a durable session's order, from 1; 0 for a message that is kept in memory only.</summary>
    public long Sequence { get; set; }

    /// <summary>QoS 2: PUBREC came and is not durable yet, so neither the message nor PUBREL is sent.</summary>
    public bool Receiving { get; set; }

    /// <summary>Which life of the session it was reserved for; a queue that was cleared takes it no more.</summary>
    public int Life { get; set; }
}

/// <summary>What became of a message handed to a <see cref="DeliveryQueue"/>.</summary>
internal enum AddResult
{
    Added,

    /// <summary>Added, but the peer falls behind: see <see cref="DeliveryQueue.NextProgress"/>.</summary>
    Congested,

    Full,

    Offline,
}
