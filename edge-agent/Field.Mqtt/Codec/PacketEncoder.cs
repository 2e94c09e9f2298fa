using System.Buffers;

namespace Field.Mqtt.Codec;

/// <summary>Writes control packets (MQTT 3.1.1 and 5.0, chapters 2 and 3).</summary>
internal static class PacketEncoder
{
    private const int MaxRemainingLength = 268_435_455;

    /// <summary>
    /// Appends the packet; returns its size in bytes, or 0 (nothing written) when it is larger than the peer accepts. Reason string and
    /// user properties of an answer are left out rather than that [MQTT-3.4.2-2] and its like.
    /// </summary>
    public static int Write(IBufferWriter<byte> output, Packet packet, MqttProtocolVersion version, long maxPacketBytes = long.MaxValue)
    {
        bool v5 = version == MqttProtocolVersion.V500;
        PropertyList? properties = v5 && packet is PublishPacket publish
            ? MessageProperties.ToWire(publish.Message.Properties, publish.TopicAlias, publish.SubscriptionIdentifiers)
            : packet.Properties;
        WireWriter measure = default;
        Body(ref measure, packet, v5, properties);
        int remaining = measure.Length;
        int total = Total(remaining);
        if (total > maxPacketBytes || remaining > MaxRemainingLength)
        {
            return packet.Properties?.WithoutDiagnostics() is { } necessary
                ? Write(output, packet with { Properties = necessary }, version, maxPacketBytes)
                : 0;
        }

        WireWriter writer = new(output.GetSpan(total)[..total]);
        writer.Byte(((int)packet.Type << 4) | Flags(packet));
        writer.VarInt((uint)remaining);
        Body(ref writer, packet, v5, properties);
        output.Advance(total);
        return total;
    }

    /// <summary>The size of the packet at its smallest: without reason string and user properties.</summary>
    public static int SmallestSize(Packet packet, MqttProtocolVersion version)
    {
        WireWriter measure = default;
        Body(ref measure, packet, version == MqttProtocolVersion.V500, packet.Properties?.WithoutDiagnostics() ?? packet.Properties);
        return Total(measure.Length);
    }

    private static int Total(int remaining)
    {
        WireWriter header = default;
        header.VarInt((uint)remaining);
        return 1 + header.Length + remaining;
    }

    private static int Flags(Packet packet) => packet switch
    {
        PublishPacket p => (p.Duplicate ? 8 : 0) | (p.Qos << 1) | (p.Retain ? 1 : 0),
        AckPacket { Type: PacketType.PubRel } or SubscribePacket or UnsubscribePacket => 2,
        _ => 0,
    };

    private static void Body(ref WireWriter writer, Packet packet, bool v5, PropertyList? properties)
    {
        switch (packet)
        {
            case PublishPacket p: Publish(ref writer, p, v5, properties); break;
            case AckPacket p: Ack(ref writer, p, v5, properties); break;
            case ConnectPacket p: Connect(ref writer, p, properties); break;
            case ConnAckPacket p: ConnAck(ref writer, p, v5, properties); break;
            case SubscribePacket p: Subscribe(ref writer, p, v5, properties); break;
            case SubAckPacket p: Codes(ref writer, p.PacketId, p.ReasonCodes, v5, properties, isSubAck: true); break;
            case UnsubscribePacket p: Unsubscribe(ref writer, p, v5, properties); break;
            case UnsubAckPacket p: Codes(ref writer, p.PacketId, p.ReasonCodes, v5, properties, isSubAck: false); break;
            case DisconnectPacket p: Reason(ref writer, p.ReasonCode, v5, properties); break;
            case AuthPacket p: Reason(ref writer, p.ReasonCode, v5, properties); break;
            default: break; // PINGREQ and PINGRESP have no body
        }
    }

    private static void Publish(ref WireWriter writer, PublishPacket p, bool v5, PropertyList? properties)
    {
        writer.Text(p.Message.Topic);
        if (p.Qos > 0)
        {
            writer.UInt16(p.PacketId);
        }

        if (v5)
        {
            writer.Properties(properties);
        }

        writer.Raw(p.Message.Payload.Span);
    }

    private static void Ack(ref WireWriter writer, AckPacket p, bool v5, PropertyList? properties)
    {
        writer.UInt16(p.PacketId);
        Reason(ref writer, p.ReasonCode, v5, properties);
    }

    /// <summary>Reason code and properties, each left out when nothing follows and it says nothing (§3.4.2.1, §3.14.2.1).</summary>
    private static void Reason(ref WireWriter writer, MqttReasonCode code, bool v5, PropertyList? properties)
    {
        if (!v5 || (code == MqttReasonCode.Success && properties is not { Count: > 0 }))
        {
            return;
        }

        writer.Byte((int)code);
        if (properties is { Count: > 0 })
        {
            writer.Properties(properties);
        }
    }

    private static void Connect(ref WireWriter writer, ConnectPacket p, PropertyList? properties)
    {
        bool v5 = p.Version == MqttProtocolVersion.V500;
        writer.Text("MQTT");
        writer.Byte((int)p.Version);
        int will = p.Will is null ? 0 : 4 | (p.Will.Qos << 3) | (p.Will.Retain ? 0x20 : 0);
        writer.Byte((p.CleanStart ? 2 : 0) | will | (p.Password is null ? 0 : 0x40) | (p.UserName is null ? 0 : 0x80));
        writer.UInt16(p.KeepAliveSeconds);
        if (v5)
        {
            writer.Properties(properties);
        }

        writer.Text(p.ClientId);
        if (p.Will is { } message)
        {
            Will(ref writer, message, p.WillDelaySeconds, v5);
        }

        if (p.UserName is not null)
        {
            writer.Text(p.UserName);
        }

        if (p.Password is { } password)
        {
            writer.Data(password.Span);
        }
    }

    private static void Will(ref WireWriter writer, MqttMessage message, uint delaySeconds, bool v5)
    {
        if (v5)
        {
            PropertyList list = [];
            if (delaySeconds > 0)
            {
                list.Add(PropertyId.WillDelayInterval, delaySeconds);
            }

            MessageProperties.AddMessage(list, message.Properties);
            writer.Properties(list);
        }

        writer.Text(message.Topic);
        writer.Data(message.Payload.Span);
    }

    private static void ConnAck(ref WireWriter writer, ConnAckPacket p, bool v5, PropertyList? properties)
    {
        writer.Byte(p.SessionPresent ? 1 : 0);
        writer.Byte(v5 ? (int)p.ReasonCode : ReasonCodes.ToV311Connect(p.ReasonCode) ?? throw new ArgumentException($"{p.ReasonCode} has no return code in 3.1.1", nameof(p)));
        if (v5)
        {
            writer.Properties(properties);
        }
    }

    private static void Subscribe(ref WireWriter writer, SubscribePacket p, bool v5, PropertyList? properties)
    {
        writer.UInt16(p.PacketId);
        if (v5)
        {
            writer.Properties(properties);
        }

        foreach (SubscriptionRequest request in p.Requests)
        {
            writer.Text(request.Filter);
            int options = (request.NoLocal ? 4 : 0) | (request.RetainAsPublished ? 8 : 0) | ((int)request.RetainHandling << 4);
            writer.Byte(request.MaxQos | (v5 ? options : 0));
        }
    }

    private static void Unsubscribe(ref WireWriter writer, UnsubscribePacket p, bool v5, PropertyList? properties)
    {
        writer.UInt16(p.PacketId);
        if (v5)
        {
            writer.Properties(properties);
        }

        foreach (string filter in p.Filters)
        {
            writer.Text(filter);
        }
    }

    private static void Codes(
        ref WireWriter writer, ushort id, IReadOnlyList<MqttReasonCode> codes, bool v5, PropertyList? properties, bool isSubAck)
    {
        writer.UInt16(id);
        if (v5)
        {
            writer.Properties(properties);
        }
        else if (!isSubAck)
        {
            return;
        }

        foreach (MqttReasonCode code in codes)
        {
            writer.Byte(v5 || (int)code < 0x80 ? (int)code : 0x80);
        }
    }
}
