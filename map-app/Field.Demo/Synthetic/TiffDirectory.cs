using System.Buffers.Binary;
using System.Text;

namespace Field.Demo.Synthetic;

/// <summary>One directory (IFD) of a little-endian TIFF block as EXIF uses it (Exif 2.32, TIFF 6.0); entries sorted by tag.</summary>
internal sealed class TiffDirectory
{
    private const int EntryBytes = 12;
    private readonly SortedDictionary<ushort, (ushort Type, uint Count, byte[] Value)> _entries = [];

    /// <summary>Bytes of the directory and of the values that do not fit into an entry.</summary>
    public int Size => 2 + (EntryBytes * _entries.Count) + 4 + _entries.Values.Sum(e => e.Value.Length > 4 ? Even(e.Value.Length) : 0);

    public TiffDirectory Ascii(ushort tag, string value) => Set(tag, 2, (uint)value.Length + 1, Encoding.ASCII.GetBytes(value + "\0"));

    public TiffDirectory Bytes(ushort tag, params byte[] value) => Set(tag, 1, (uint)value.Length, value);

    /// <summary>Type 7: bytes whose meaning only the tag knows.</summary>
    public TiffDirectory Undefined(ushort tag, params byte[] value) => Set(tag, 7, (uint)value.Length, value);

    public TiffDirectory Short(ushort tag, ushort value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return Set(tag, 3, 1, bytes);
    }

    public TiffDirectory Long(ushort tag, uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Set(tag, 4, 1, bytes);
    }

    public TiffDirectory Rational(ushort tag, params (uint Numerator, uint Denominator)[] values)
    {
        byte[] bytes = new byte[8 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8 * i), values[i].Numerator);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan((8 * i) + 4), values[i].Denominator);
        }

        return Set(tag, 5, (uint)values.Length, bytes);
    }

    /// <summary>The directory as it lies at <paramref name="offset"/> of the TIFF block, its values right behind it.</summary>
    public byte[] ToBytes(int offset)
    {
        byte[] block = new byte[Size];
        BinaryPrimitives.WriteUInt16LittleEndian(block, (ushort)_entries.Count);
        int entry = 2;
        int value = 2 + (EntryBytes * _entries.Count) + 4;
        foreach ((ushort tag, (ushort type, uint count, byte[] bytes)) in _entries)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(entry), tag);
            BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(entry + 2), type);
            BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(entry + 4), count);
            if (bytes.Length <= 4)
            {
                bytes.CopyTo(block.AsSpan(entry + 8));
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(entry + 8), (uint)(offset + value));
                bytes.CopyTo(block.AsSpan(value));
                value += Even(bytes.Length);
            }

            entry += EntryBytes;
        }

        return block;
    }

    private TiffDirectory Set(ushort tag, ushort type, uint count, byte[] value)
    {
        _entries[tag] = (type, count, value);
        return this;
    }

    private static int Even(int length) => length + (length & 1);
}
