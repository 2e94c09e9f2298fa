namespace Field.Mqtt.Codec;

/// <summary>CONNECT (3.1.1 and 5.0, §3.1), which carries its own version.</summary>
internal static class ConnectDecoder
{
    public static ConnectPacket Read(ref WireReader reader)
    {
        MqttProtocolVersion version = Version(ref reader);
        try
        {
            ConnectPacket packet = Read(ref reader, version);
            reader.End();
            return packet;
        }
        catch (MalformedPacketException e) when (version == MqttProtocolVersion.V500)
        {
            // A 5.0 client is told what is wrong (§4.13); a 3.1.1 client is not [MQTT-3.1.4-1].
            throw new MalformedPacketException(e.ReasonCode, e.Message) { AnswerAs = version };
        }
    }

    private static ConnectPacket Read(ref WireReader reader, MqttProtocolVersion version)
    {
        bool v5 = version == MqttProtocolVersion.V500;
        byte flags = reader.Byte();
        CheckFlags(flags, v5);
        ushort keepAlive = reader.UInt16();
        PropertyList? properties = v5 ? reader.Properties(PacketType.Connect) : null;
        if (properties?.Data(PropertyId.AuthenticationData) is not null && properties.Text(PropertyId.AuthenticationMethod) is null)
        {
            throw MalformedPacketException.Protocol("authentication data without a method (§3.1.2.11.10)");
        }

        string clientId = reader.Text();
        (MqttMessage? will, uint delay) = (flags & 4) != 0 ? Will(ref reader, flags, v5) : (null, 0);
        return new(version, clientId)
        {
            CleanStart = (flags & 2) != 0,
            KeepAliveSeconds = keepAlive,
            Properties = properties,
            Will = will,
            WillDelaySeconds = delay,
            UserName = (flags & 0x80) != 0 ? reader.Text() : null,
            Password = (flags & 0x40) != 0 ? reader.Data() : (ReadOnlyMemory<byte>?)null,
        };
    }

    private static MqttProtocolVersion Version(ref WireReader reader)
    {
        string name = reader.Text();
        byte level = reader.Byte();
        if (name == "MQTT" && level is 4 or 5)
        {
            return (MqttProtocolVersion)level;
        }

        // [MQTT-3.1.2-1], [MQTT-3.1.2-2]: in the form of the nearest version, which for MQTT 3.1 ("MQIsdp", level 3) is 3.1.1.
        throw new MalformedPacketException(
            MqttReasonCode.UnsupportedProtocolVersion, "only MQTT 3.1.1 and 5.0 are spoken here; set the client's protocol version")
        {
            AnswerAs = level < 5 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500,
        };
    }

    private static void CheckFlags(byte flags, bool v5)
    {
        bool will = (flags & 4) != 0;
        int willQos = (flags >> 3) & 3;
        if ((flags & 1) != 0)
        {
            throw MalformedPacketException.Malformed("reserved connect flag [MQTT-3.1.2-3]");
        }

        if (willQos == 3 || (!will && (flags & 0x38) != 0))
        {
            throw MalformedPacketException.Malformed("will flags [MQTT-3.1.2-11], [MQTT-3.1.2-12], [MQTT-3.1.2-13]");
        }

        if (!v5 && (flags & 0xC0) == 0x40)
        {
            throw MalformedPacketException.Malformed("password without a user name (3.1.1) [MQTT-3.1.2-22]");
        }
    }

    private static (MqttMessage Will, uint DelaySeconds) Will(ref WireReader reader, byte flags, bool v5)
    {
        PropertyList? properties = v5 ? reader.Properties(PropertySchema.Will) : null;
        string topic = reader.Text();
        byte[] payload = reader.Data();
        if (!MqttTopic.IsValidName(topic))
        {
            throw new MalformedPacketException(MqttReasonCode.TopicNameInvalid, "the will's topic is not a topic name (§3.1.3.3)");
        }

        MqttMessage will = new(topic, payload, (flags >> 3) & 3, (flags & 0x20) != 0)
        {
            Properties = PacketDecoder.WithValidResponseTopic(MessageProperties.FromWire(properties)),
        };
        return (will, properties?.Number(PropertyId.WillDelayInterval) ?? 0);
    }
}
