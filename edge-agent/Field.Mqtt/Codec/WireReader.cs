using System.Buffers.Binary;
using System.Text;

namespace Field.Mqtt.Codec;

/// <summary>Reads the data types of MQTT 5.0 §1.5 from the body of one packet; throws <see cref="MalformedPacketException"/> and nothing else.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> body)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = body;

    public readonly bool IsEmpty => _rest.IsEmpty;

    public readonly int Remaining => _rest.Length;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>A packet identifier; 0 is not one [MQTT-2.2.1-3].</summary>
    public ushort PacketId()
    {
        ushort id = UInt16();
        return id != 0 ? id : throw MalformedPacketException.Protocol("packet identifier 0 [MQTT-2.2.1-3]");
    }

    /// <summary>A variable byte integer in the fewest bytes [MQTT-1.5.5-1].</summary>
    public uint VarInt()
    {
        uint value = 0;
        for (int i = 0; i < 4; i++)
        {
            byte b = Byte();
            value |= (uint)(b & 0x7F) << (7 * i);
            if (b < 0x80)
            {
                return b != 0 || i == 0 ? value : throw MalformedPacketException.Malformed("variable byte integer is not minimal [MQTT-1.5.5-1]");
            }
        }

        throw MalformedPacketException.Malformed("variable byte integer over four bytes (§1.5.5)");
    }

    public string Text()
    {
        ReadOnlySpan<byte> bytes = Take(UInt16());
        try
        {
            return bytes.Contains((byte)0)
                ? throw MalformedPacketException.Malformed("U+0000 in a string [MQTT-1.5.4-2]")
                : StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw MalformedPacketException.Malformed("string is not well-formed UTF-8 [MQTT-1.5.4-1]");
        }
    }

    public byte[] Data() => Take(UInt16()).ToArray();

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw MalformedPacketException.Malformed("packet ends inside a field");
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public readonly void End()
    {
        if (!_rest.IsEmpty)
        {
            throw MalformedPacketException.Malformed($"{_rest.Length} bytes after the end of the packet's fields");
        }
    }

    /// <summary>The properties of a packet or a will; null when there are none.</summary>
    public PropertyList? Properties(PacketType context)
    {
        uint length = VarInt();
        if (length == 0)
        {
            return null;
        }

        if (length > _rest.Length)
        {
            throw MalformedPacketException.Malformed("properties are longer than the packet");
        }

        WireReader reader = new(Take((int)length));
        PropertyList list = [];
        ulong seen = 0;
        while (!reader.IsEmpty)
        {
            list.Add(reader.OneProperty(context, ref seen));
        }

        return list;
    }

    private Property OneProperty(PacketType context, ref ulong seen)
    {
        int id = (int)VarInt();
        PropertyKind kind = PropertySchema.Kind(id);
        if (kind == PropertyKind.None || !PropertySchema.IsAllowed(id, context))
        {
            throw MalformedPacketException.Malformed($"property 0x{id:X2} is not allowed here (§2.2.2.2)");
        }

        ulong bit = 1UL << id;
        if ((seen & bit) != 0 && !PropertySchema.MayRepeat(id, context))
        {
            throw MalformedPacketException.Protocol($"property {(PropertyId)id} occurs twice");
        }

        seen |= bit;
        Property property = kind switch
        {
            PropertyKind.Byte => new((PropertyId)id, Byte()),
            PropertyKind.UInt16 => new((PropertyId)id, UInt16()),
            PropertyKind.UInt32 => new((PropertyId)id, UInt32()),
            PropertyKind.VarInt => new((PropertyId)id, VarInt()),
            PropertyKind.Text => new((PropertyId)id, 0, Text()),
            PropertyKind.Data => new((PropertyId)id, 0, Data: Data()),
            _ => new((PropertyId)id, 0, Text(), Text()),
        };
        return PropertySchema.IsInRange(id, property.Number)
            ? property
            : throw MalformedPacketException.Protocol($"property {(PropertyId)id} may not be {property.Number}");
    }
}
