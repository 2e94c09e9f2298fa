using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Field.Mqtt.Codec;

/// <summary>Reads control packets, strictly: what the standard forbids is refused with its reason code.</summary>
internal static class PacketDecoder
{
    /// <summary>
    /// Takes one packet off the front of <paramref name="buffer"/>; false when it is not complete yet.
    /// Allocates only after the whole packet is there and within the limit.
    /// </summary>
    /// <exception cref="MalformedPacketException">The bytes are not a packet, or it is larger than <paramref name="maxPacketBytes"/>.</exception>
    public static bool TryRead(
        ref ReadOnlySequence<byte> buffer, MqttProtocolVersion version, int maxPacketBytes, [NotNullWhen(true)] out Packet? packet)
    {
        packet = null;
        Span<byte> head = stackalloc byte[5];
        int available = (int)Math.Min(buffer.Length, head.Length);
        if (available < 2)
        {
            return false;
        }

        buffer.Slice(0, available).CopyTo(head);
        if (!TryRemainingLength(head[1..available], out int lengthBytes, out int remaining))
        {
            return false;
        }

        int total = 1 + lengthBytes + remaining;
        if (total > maxPacketBytes)
        {
            throw new MalformedPacketException(MqttReasonCode.PacketTooLarge, $"packet of {total} bytes; at most {maxPacketBytes} are accepted");
        }

        if (buffer.Length < total)
        {
            return false;
        }

        packet = Decode(head[0], buffer.Slice(1 + lengthBytes, remaining), version);
        bool padded = lengthBytes > 1 && head[lengthBytes] == 0;
        if (padded && (version == MqttProtocolVersion.V500 || packet is ConnectPacket { Version: MqttProtocolVersion.V500 }))
        {
            // 3.1.1 has no such rule, and small clients that reserve four bytes exist.
            throw MalformedPacketException.Malformed("remaining length is not minimal [MQTT-1.5.5-1]");
        }

        buffer = buffer.Slice(total);
        return true;
    }

    private static bool TryRemainingLength(ReadOnlySpan<byte> bytes, out int count, out int value)
    {
        value = 0;
        for (count = 1; count <= bytes.Length; count++)
        {
            byte b = bytes[count - 1];
            value |= (b & 0x7F) << (7 * (count - 1));
            if (b < 0x80)
            {
                return true;
            }
        }

        return bytes.Length < 4 ? false : throw MalformedPacketException.Malformed("remaining length over four bytes (§2.1.4)");
    }

    private static Packet Decode(byte first, ReadOnlySequence<byte> body, MqttProtocolVersion version)
    {
        if (body.IsSingleSegment)
        {
            return Decode(first, body.FirstSpan, version);
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            body.CopyTo(rented);
            return Decode(first, rented.AsSpan(0, (int)body.Length), version);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static Packet Decode(byte first, ReadOnlySpan<byte> body, MqttProtocolVersion version)
    {
        var type = (PacketType)(first >> 4);
        int flags = first & 0x0F;
        int wanted = type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe ? 2 : 0;
        if (type != PacketType.Publish && flags != wanted)
        {
            throw MalformedPacketException.Malformed($"flags {flags} of packet type {(int)type} [MQTT-2.1.3-1]");
        }

        bool v5 = version == MqttProtocolVersion.V500;
        WireReader reader = new(body);
        Packet packet = type switch
        {
            PacketType.Connect => ConnectDecoder.Read(ref reader),
            PacketType.ConnAck => ConnAck(ref reader, v5),
            PacketType.Publish => Publish(ref reader, flags, v5),
            PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp => Ack(ref reader, type, v5),
            PacketType.Subscribe => SubscribeDecoder.Subscribe(ref reader, v5),
            PacketType.SubAck => SubscribeDecoder.SubAck(ref reader, v5),
            PacketType.Unsubscribe => SubscribeDecoder.Unsubscribe(ref reader, v5),
            PacketType.UnsubAck => SubscribeDecoder.UnsubAck(ref reader, v5),
            PacketType.PingReq => PingReqPacket.Instance,
            PacketType.PingResp => PingRespPacket.Instance,
            PacketType.Disconnect => Disconnect(ref reader, v5),
            PacketType.Auth when v5 => Auth(ref reader),
            _ => throw MalformedPacketException.Malformed($"packet type {(int)type} does not exist in this version"),
        };
        reader.End();
        return packet;
    }

    private static ConnAckPacket ConnAck(ref WireReader reader, bool v5)
    {
        byte flags = reader.Byte();
        byte code = reader.Byte();
        if (flags > 1)
        {
            throw MalformedPacketException.Malformed("reserved flags of CONNACK (§3.2.2.1)");
        }

        MqttReasonCode reason = v5
            ? Reason(code, PacketType.ConnAck)
            : ReasonCodes.FromV311Connect(code) ?? throw MalformedPacketException.Malformed($"CONNACK return code {code}");
        return new(flags == 1, reason) { Properties = v5 ? reader.Properties(PacketType.ConnAck) : null };
    }

    private static PublishPacket Publish(ref WireReader reader, int flags, bool v5)
    {
        int qos = (flags >> 1) & 3;
        bool duplicate = (flags & 8) != 0;
        if (qos == 3 || (qos == 0 && duplicate))
        {
            throw MalformedPacketException.Malformed(qos == 3 ? "QoS 3 [MQTT-3.3.1-4]" : "DUP with QoS 0 [MQTT-3.3.1-2]");
        }

        string topic = reader.Text();
        ushort id = qos > 0 ? reader.PacketId() : (ushort)0;
        PropertyList? properties = v5 ? reader.Properties(PacketType.Publish) : null;
        uint? alias = properties?.Number(PropertyId.TopicAlias);
        if (alias == 0)
        {
            throw new MalformedPacketException(MqttReasonCode.TopicAliasInvalid, "topic alias 0 [MQTT-3.3.2-8]");
        }

        if (topic.Length == 0 ? alias is null : !MqttTopic.IsValidName(topic))
        {
            throw new MalformedPacketException(
                topic.Length == 0 ? MqttReasonCode.ProtocolError : MqttReasonCode.TopicNameInvalid,
                "PUBLISH needs a topic name without wildcards [MQTT-3.3.2-2]");
        }

        bool retain = (flags & 1) != 0;
        MqttMessage message = new(topic, reader.Take(reader.Remaining).ToArray(), qos, retain)
        {
            Duplicate = duplicate,
            Properties = WithValidResponseTopic(MessageProperties.FromWire(properties)),
        };
        return new(message, qos, retain) { PacketId = id, Duplicate = duplicate, TopicAlias = (ushort?)alias };
    }

    public static MqttMessageProperties? WithValidResponseTopic(MqttMessageProperties? properties) =>
        properties?.ResponseTopic is { } topic && !MqttTopic.IsValidName(topic)
            ? throw MalformedPacketException.Protocol("response topic is not a topic name [MQTT-3.3.2-14]")
            : properties;

    private static AckPacket Ack(ref WireReader reader, PacketType type, bool v5)
    {
        ushort id = reader.PacketId();
        MqttReasonCode reason = v5 && !reader.IsEmpty ? Reason(reader.Byte(), type) : MqttReasonCode.Success;
        return new(type, id, reason) { Properties = v5 && !reader.IsEmpty ? reader.Properties(type) : null };
    }

    private static DisconnectPacket Disconnect(ref WireReader reader, bool v5)
    {
        MqttReasonCode reason = v5 && !reader.IsEmpty ? Reason(reader.Byte(), PacketType.Disconnect) : MqttReasonCode.Success;
        return new(reason) { Properties = v5 && !reader.IsEmpty ? reader.Properties(PacketType.Disconnect) : null };
    }

    private static AuthPacket Auth(ref WireReader reader)
    {
        MqttReasonCode reason = reader.IsEmpty ? MqttReasonCode.Success : Reason(reader.Byte(), PacketType.Auth);
        return new(reason) { Properties = reader.IsEmpty ? null : reader.Properties(PacketType.Auth) };
    }

    public static MqttReasonCode Reason(byte code, PacketType type) =>
        ReasonCodes.IsAllowed(code, type)
            ? (MqttReasonCode)code
            : throw MalformedPacketException.Protocol($"reason code 0x{code:X2} is not one of {type} (§2.4)");
}
