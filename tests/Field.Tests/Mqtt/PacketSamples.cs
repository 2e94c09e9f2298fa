using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Tests.Mqtt;

/// <summary>Packets for the codec tests: seeded random ones of every type, and helpers to compare and encode them.</summary>
internal static class PacketSamples
{
    private static readonly PacketType[] Types = Enum.GetValues<PacketType>();

    public static Packet Random(Random random, MqttProtocolVersion version)
    {
        bool v5 = version == MqttProtocolVersion.V500;
        PacketType type = Types[random.Next(v5 ? Types.Length : Types.Length - 1)];
        PropertyList? properties = v5 ? Properties(random, type) : null;
        ushort id = (ushort)random.Next(1, 65_536);
        return type switch
        {
            PacketType.Connect => Connect(random, version, properties),
            PacketType.ConnAck => new ConnAckPacket(random.Next(2) == 1, v5 ? Code(random, type) : V311Connect(random)) { Properties = properties },
            PacketType.Publish => Publish(random, v5, id),
            PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp =>
                new AckPacket(type, id, v5 ? Code(random, type) : MqttReasonCode.Success) { Properties = properties },
            PacketType.Subscribe => new SubscribePacket(id, [.. Many(random, () => Request(random, v5))]) { Properties = properties },
            PacketType.SubAck => new SubAckPacket(id, [.. Many(random, () => v5 ? Code(random, type) : V311Suback(random))]) { Properties = properties },
            PacketType.Unsubscribe => new UnsubscribePacket(id, [.. Many(random, () => Text(random) + "/#")]) { Properties = properties },
            PacketType.UnsubAck => new UnsubAckPacket(id, v5 ? [.. Many(random, () => Code(random, type))] : []) { Properties = properties },
            PacketType.PingReq => PingReqPacket.Instance,
            PacketType.PingResp => PingRespPacket.Instance,
            PacketType.Disconnect => new DisconnectPacket(v5 ? Code(random, type) : MqttReasonCode.Success) { Properties = properties },
            _ => new AuthPacket(Code(random, type)) { Properties = properties },
        };
    }

    public static byte[] Encode(Packet packet, MqttProtocolVersion version)
    {
        ArrayBufferWriter<byte> output = new();
        int written = PacketEncoder.Write(output, packet, version);
        Assert.Equal(output.WrittenCount, written);
        return output.WrittenSpan.ToArray();
    }

    public static Packet Decode(byte[] bytes, MqttProtocolVersion version, int maxBytes = 1 << 20)
    {
        ReadOnlySequence<byte> sequence = new(bytes);
        Assert.True(PacketDecoder.TryRead(ref sequence, version, maxBytes, out Packet? packet));
        Assert.True(sequence.IsEmpty);
        return packet;
    }

    /// <summary>All public values of a packet as text, bytes as hex: equal text means equal packets.</summary>
    public static string Describe(object? value)
    {
        switch (value)
        {
            case null: return "null";
            case string s: return "\"" + s + "\"";
            case byte[] b: return Convert.ToHexString(b);
            case ReadOnlyMemory<byte> m: return Convert.ToHexString(m.Span);
            case IConvertible c: return Convert.ToString(c, CultureInfo.InvariantCulture)!;
            case IEnumerable list: return "[" + string.Join(", ", list.Cast<object?>().Select(Describe)) + "]";
            default: break;
        }

        StringBuilder text = new(value.GetType().Name + "{");
        foreach (PropertyInfo property in value.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0).OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            text.Append(property.Name).Append('=').Append(Describe(property.GetValue(value))).Append(';');
        }

        return text.Append('}').ToString();
    }

    public static PropertyList? Properties(Random random, PacketType context)
    {
        PropertyList list = [];
        foreach (PropertyId id in Enum.GetValues<PropertyId>())
        {
            if (PropertySchema.IsAllowed((int)id, context) && random.Next(2) == 0)
            {
                Add(list, id, random);
                if (PropertySchema.MayRepeat((int)id, context))
                {
                    Add(list, id, random);
                }
            }
        }

        if (list.Data(PropertyId.AuthenticationData) is not null && list.Text(PropertyId.AuthenticationMethod) is null)
        {
            list.Add(PropertyId.AuthenticationMethod, "method");
        }

        return list.Count == 0 ? null : list;
    }

    public static string Text(Random random)
    {
        string[] parts = ["a", "bridge", "橋梁", "堤防/北", "é", "🛰", "x y"];
        return string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => parts[random.Next(parts.Length)]));
    }

    private static void Add(PropertyList list, PropertyId id, Random random)
    {
        uint number = PropertySchema.Kind((int)id) switch
        {
            PropertyKind.Byte => (uint)random.Next(0, 2),
            PropertyKind.UInt16 => (uint)random.Next(1, 65_536),
            PropertyKind.VarInt => (uint)random.Next(1, 268_435_456),
            PropertyKind.UInt32 => (uint)random.NextInt64(1, 1L << 32),
            _ => 0,
        };
        list.Add(PropertySchema.Kind((int)id) switch
        {
            PropertyKind.Text => new(id, 0, Text(random)),
            PropertyKind.Data => new(id, 0, Data: Bytes(random)),
            PropertyKind.Pair => new(id, 0, Text(random), Text(random)),
            _ => new Property(id, number),
        });
    }

    private static ConnectPacket Connect(Random random, MqttProtocolVersion version, PropertyList? properties)
    {
        bool v5 = version == MqttProtocolVersion.V500;
        bool user = random.Next(2) == 0;
        bool will = random.Next(2) == 0;
        return new(version, random.Next(4) == 0 ? "" : Text(random))
        {
            CleanStart = random.Next(2) == 0,
            KeepAliveSeconds = (ushort)random.Next(65_536),
            UserName = user ? Text(random) : null,
            Password = (user || v5) && random.Next(2) == 0 ? Bytes(random) : (ReadOnlyMemory<byte>?)null,
            Will = will ? Message(random, v5, random.Next(3)) : null,
            WillDelaySeconds = will && v5 ? (uint)random.Next() : 0,
            Properties = properties,
        };
    }

    private static PublishPacket Publish(Random random, bool v5, ushort id)
    {
        int qos = random.Next(3);
        MqttMessage message = Message(random, v5, qos) with { Duplicate = qos > 0 && random.Next(2) == 0 };
        return new(message, qos, message.Retain) { PacketId = qos > 0 ? id : (ushort)0, Duplicate = message.Duplicate };
    }

    private static MqttMessage Message(Random random, bool v5, int qos) =>
        new(Text(random), Bytes(random), qos, random.Next(2) == 0)
        {
            Properties = !v5 || random.Next(3) == 0 ? null : new()
            {
                IsUtf8 = true,
                ExpirySeconds = random.Next(2) == 0 ? (uint)random.Next() : null,
                ContentType = random.Next(2) == 0 ? Text(random) : null,
                ResponseTopic = random.Next(2) == 0 ? Text(random) : null,
                CorrelationData = random.Next(2) == 0 ? Bytes(random) : (ReadOnlyMemory<byte>?)null,
                UserProperties = [new(Text(random), ""), new(Text(random), Text(random))],
            },
        };

    private static SubscriptionRequest Request(Random random, bool v5) => new(Text(random) + "/+", random.Next(3))
    {
        NoLocal = v5 && random.Next(2) == 0,
        RetainAsPublished = v5 && random.Next(2) == 0,
        RetainHandling = v5 ? (RetainHandling)random.Next(3) : RetainHandling.Send,
    };

    private static MqttReasonCode Code(Random random, PacketType type)
    {
        MqttReasonCode[] codes = [.. Enum.GetValues<MqttReasonCode>().Where(c => ReasonCodes.IsAllowed((int)c, type))];
        return codes[random.Next(codes.Length)];
    }

    private static MqttReasonCode V311Connect(Random random) => ReasonCodes.FromV311Connect((byte)random.Next(6))!.Value;

    private static MqttReasonCode V311Suback(Random random) =>
        random.Next(4) is var n && n == 3 ? MqttReasonCode.UnspecifiedError : (MqttReasonCode)n;

    private static ReadOnlyMemory<byte> Bytes(Random random)
    {
        byte[] bytes = new byte[random.Next(300)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static List<T> Many<T>(Random random, Func<T> one) => [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => one())];
}
