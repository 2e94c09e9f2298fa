namespace Field.Mqtt.Codec;

/// <summary>SUBSCRIBE, SUBACK, UNSUBSCRIBE and UNSUBACK (§3.8 to §3.11).</summary>
internal static class SubscribeDecoder
{
    public static SubscribePacket Subscribe(ref WireReader reader, bool v5)
    {
        ushort id = reader.PacketId();
        PropertyList? properties = v5 ? reader.Properties(PacketType.Subscribe) : null;
        List<SubscriptionRequest> requests = [];
        do
        {
            string filter = Filter(ref reader);
            requests.Add(Request(filter, reader.Byte(), v5));
        }
        while (!reader.IsEmpty);
        return new(id, requests) { Properties = properties };
    }

    public static UnsubscribePacket Unsubscribe(ref WireReader reader, bool v5)
    {
        ushort id = reader.PacketId();
        PropertyList? properties = v5 ? reader.Properties(PacketType.Unsubscribe) : null;
        List<string> filters = [];
        do
        {
            filters.Add(Filter(ref reader));
        }
        while (!reader.IsEmpty);
        return new(id, filters) { Properties = properties };
    }

    public static SubAckPacket SubAck(ref WireReader reader, bool v5)
    {
        ushort id = reader.PacketId();
        PropertyList? properties = v5 ? reader.Properties(PacketType.SubAck) : null;
        List<MqttReasonCode> codes = [];
        do
        {
            byte code = reader.Byte();
            codes.Add(v5 || code is 0 or 1 or 2 or 0x80
                ? PacketDecoder.Reason(code, PacketType.SubAck)
                : throw MalformedPacketException.Malformed("SUBACK return code [MQTT-3.9.3-2]"));
        }
        while (!reader.IsEmpty);
        return new(id, codes) { Properties = properties };
    }

    public static UnsubAckPacket UnsubAck(ref WireReader reader, bool v5)
    {
        ushort id = reader.PacketId();
        if (!v5)
        {
            return new(id, []);
        }

        PropertyList? properties = reader.Properties(PacketType.UnsubAck);
        List<MqttReasonCode> codes = [];
        do
        {
            codes.Add(PacketDecoder.Reason(reader.Byte(), PacketType.UnsubAck));
        }
        while (!reader.IsEmpty);
        return new(id, codes) { Properties = properties };
    }

    /// <summary>A filter is read as text; whether it is a valid filter is the broker's answer per filter (§3.9.3).</summary>
    private static string Filter(ref WireReader reader) =>
        reader.IsEmpty ? throw MalformedPacketException.Protocol("no topic filter [MQTT-3.8.3-2], [MQTT-3.10.3-2]") : reader.Text();

    private static SubscriptionRequest Request(string filter, byte options, bool v5)
    {
        int qos = options & 3;
        int handling = (options >> 4) & 3;
        if (qos == 3 || handling == 3 || (options & (v5 ? 0xC0 : 0xFC)) != 0)
        {
            throw MalformedPacketException.Malformed("subscription options [MQTT-3.8.3-5]");
        }

        bool noLocal = (options & 4) != 0;
        if (noLocal && filter.StartsWith("$share/", StringComparison.Ordinal))
        {
            throw MalformedPacketException.Protocol("no local on a shared subscription [MQTT-3.8.3-4]");
        }

        return new(filter, qos)
        {
            NoLocal = noLocal,
            RetainAsPublished = (options & 8) != 0,
            RetainHandling = (RetainHandling)handling,
        };
    }
}
