using System.Buffers.Binary;
using System.Text;

namespace Field.Mqtt.Codec;

/// <summary>
/// Writes the data types of MQTT 5.0 §1.5. Over an empty span it only measures, so that the length fields
/// and the bytes come from the same code and cannot disagree.
/// </summary>
internal ref struct WireWriter(Span<byte> output)
{
    private readonly Span<byte> _output = output;

    public int Length { get; private set; }

    private readonly bool Measures => _output.IsEmpty;

    public void Byte(int value)
    {
        if (!Measures)
        {
            _output[Length] = (byte)value;
        }

        Length++;
    }

    public void UInt16(int value)
    {
        if (!Measures)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_output[Length..], (ushort)value);
        }

        Length += 2;
    }

    public void UInt32(uint value)
    {
        if (!Measures)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_output[Length..], value);
        }

        Length += 4;
    }

    public void VarInt(uint value)
    {
        do
        {
            uint rest = value >> 7;
            Byte((int)(value & 0x7F) | (rest > 0 ? 0x80 : 0));
            value = rest;
        }
        while (value > 0);
    }

    public void Text(string text)
    {
        int count = Encoding.UTF8.GetByteCount(text);
        if (count > ushort.MaxValue)
        {
            throw new MqttException(MqttReasonCode.ImplementationSpecificError, $"a string of {count} bytes does not fit MQTT's 65,535", false);
        }

        UInt16(count);
        if (!Measures)
        {
            Encoding.UTF8.GetBytes(text, _output[Length..]);
        }

        Length += count;
    }

    public void Data(ReadOnlySpan<byte> data)
    {
        if (data.Length > ushort.MaxValue)
        {
            throw new MqttException(MqttReasonCode.ImplementationSpecificError, $"{data.Length} bytes do not fit MQTT's 65,535", false);
        }

        UInt16(data.Length);
        Raw(data);
    }

    public void Raw(ReadOnlySpan<byte> data)
    {
        if (!Measures)
        {
            data.CopyTo(_output[Length..]);
        }

        Length += data.Length;
    }

    public void Properties(PropertyList? list)
    {
        if (list is null || list.Count == 0)
        {
            Byte(0);
            return;
        }

        WireWriter measure = default;
        measure.Entries(list);
        VarInt((uint)measure.Length);
        Entries(list);
    }

    private void Entries(PropertyList list)
    {
        for (int i = 0; i < list.Count; i++)
        {
            Property property = list[i];
            VarInt((uint)property.Id);
            switch (PropertySchema.Kind((int)property.Id))
            {
                case PropertyKind.Byte: Byte((int)property.Number); break;
                case PropertyKind.UInt16: UInt16((int)property.Number); break;
                case PropertyKind.UInt32: UInt32(property.Number); break;
                case PropertyKind.VarInt: VarInt(property.Number); break;
                case PropertyKind.Text: Text(property.Text!); break;
                case PropertyKind.Data: Data(property.Data.Span); break;
                default: Text(property.Text!); Text(property.Value!); break;
            }
        }
    }
}
