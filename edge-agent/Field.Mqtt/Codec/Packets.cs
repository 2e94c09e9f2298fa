namespace Field.Mqtt.Codec;

/// <summary>Control packet types (MQTT 5.0 §2.1.2).</summary>
internal enum PacketType
{
    Connect = 1, ConnAck, Publish, PubAck, PubRec, PubRel, PubComp, Subscribe, SubAck, Unsubscribe, UnsubAck, PingReq, PingResp, Disconnect, Auth,
}

internal abstract record Packet(PacketType Type)
{
    /// <summary>MQTT 5.0 properties; null when there are none and always null in 3.1.1.</summary>
    public PropertyList? Properties { get; init; }
}

internal sealed record ConnectPacket(MqttProtocolVersion Version, string ClientId) : Packet(PacketType.Connect)
{
    public bool CleanStart { get; init; } = true;

    public ushort KeepAliveSeconds { get; init; }

    public MqttMessage? Will { get; init; }

    public uint WillDelaySeconds { get; init; }

    public string? UserName { get; init; }

    public ReadOnlyMemory<byte>? Password { get; init; }
}

internal sealed record ConnAckPacket(bool SessionPresent, MqttReasonCode ReasonCode) : Packet(PacketType.ConnAck);

/// <summary>A PUBLISH. Its QoS, retain and duplicate flags are those of this transmission, the message's those of its origin.</summary>
internal record PublishPacket(MqttMessage Message, int Qos, bool Retain) : Packet(PacketType.Publish)
{
    /// <summary>0 for QoS 0; the sender's queue assigns it just before sending.</summary>
    public ushort PacketId { get; set; }

    public bool Duplicate { get; set; }

    /// <summary>The alias that came in place of, or with, the topic name; null for none.</summary>
    public ushort? TopicAlias { get; init; }

    /// <summary>Identifiers of the receiver's matching subscriptions.</summary>
    public IReadOnlyList<uint> SubscriptionIdentifiers { get; init; } = [];
}

/// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP.</summary>
internal sealed record AckPacket(PacketType Type, ushort PacketId, MqttReasonCode ReasonCode = MqttReasonCode.Success) : Packet(Type);

internal sealed record SubscriptionRequest(string Filter, int MaxQos)
{
    public bool NoLocal { get; init; }

    public bool RetainAsPublished { get; init; }

    public RetainHandling RetainHandling { get; init; }
}

internal sealed record SubscribePacket(ushort PacketId, IReadOnlyList<SubscriptionRequest> Requests) : Packet(PacketType.Subscribe);

internal sealed record SubAckPacket(ushort PacketId, IReadOnlyList<MqttReasonCode> ReasonCodes) : Packet(PacketType.SubAck);

internal sealed record UnsubscribePacket(ushort PacketId, IReadOnlyList<string> Filters) : Packet(PacketType.Unsubscribe);

/// <summary>UNSUBACK; a 3.1.1 one carries no reason codes.</summary>
internal sealed record UnsubAckPacket(ushort PacketId, IReadOnlyList<MqttReasonCode> ReasonCodes) : Packet(PacketType.UnsubAck);

internal sealed record PingReqPacket() : Packet(PacketType.PingReq)
{
    public static readonly PingReqPacket Instance = new();
}

internal sealed record PingRespPacket() : Packet(PacketType.PingResp)
{
    public static readonly PingRespPacket Instance = new();
}

internal sealed record DisconnectPacket(MqttReasonCode ReasonCode = MqttReasonCode.Success) : Packet(PacketType.Disconnect);

internal sealed record AuthPacket(MqttReasonCode ReasonCode) : Packet(PacketType.Auth);
