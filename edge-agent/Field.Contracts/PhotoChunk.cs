using System.Buffers.Binary;

namespace Field.Contracts;

/// <summary>The binary form of one chunk of a photo (SPEC.md section 6).</summary>
public static class PhotoChunk
{
    /// <summary>Bytes before the data.</summary>
    public const int HeaderBytes = 16;

    /// <summary>Most data bytes in one chunk.</summary>
    public const int MaxDataBytes = 512 * 1024;

    /// <summary>The data bytes a chunk should have.</summary>
    public const int DefaultDataBytes = 256 * 1024;

    private const uint MagicVersionFlags = 0x46430100;

    /// <summary>Writes header and data.</summary>
    /// <param name="index">Position of the chunk in the photo, from 0.</param>
    /// <param name="data">The data bytes.</param>
    /// <param name="destination">At least <see cref="HeaderBytes"/> more than the data.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Write(int index, ReadOnlySpan<byte> data, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, MagicVersionFlags);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], (uint)index);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], (uint)data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], Crc32C.Compute(data));
        data.CopyTo(destination[HeaderBytes..]);
        return HeaderBytes + data.Length;
    }

    /// <summary>Checks a chunk.</summary>
    /// <param name="chunk">Header and data.</param>
    /// <param name="expectedIndex">The index that topic or position says.</param>
    /// <param name="expectedDataBytes">The length that the manifest says, or null to accept what the header says.</param>
    /// <returns>Null when the chunk is whole, else its one error: nothing after a bad header can be trusted.</returns>
    public static WireError? Check(ReadOnlySpan<byte> chunk, int expectedIndex, int? expectedDataBytes) =>
        CheckAll(chunk, expectedIndex, expectedDataBytes) is [{ } first, ..] ? first : null;

    /// <summary>Checks a chunk; everything that is wrong with it, empty when it is whole.</summary>
    /// <param name="chunk">Header and data.</param>
    /// <param name="expectedIndex">Index of the topic.</param>
    /// <param name="expectedDataBytes">Data bytes by the manifest, or null when unknown.</param>
    public static IReadOnlyList<WireError> CheckAll(ReadOnlySpan<byte> chunk, int expectedIndex, int? expectedDataBytes)
    {
        if (chunk.Length < HeaderBytes || BinaryPrimitives.ReadUInt32BigEndian(chunk) != MagicVersionFlags)
        {
            return [new WireError("", ErrorCodes.ChunkHeader, "the first 16 bytes are not a chunk header of version 1")];
        }

        List<WireError>? errors = null;
        uint index = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]);
        uint crc = BinaryPrimitives.ReadUInt32BigEndian(chunk[12..]);
        ReadOnlySpan<byte> data = chunk[HeaderBytes..];
        if (index != expectedIndex)
        {
            (errors ??= []).Add(new WireError("", ErrorCodes.ChunkIndex, $"header says chunk {index}, expected {expectedIndex}"));
        }

        if (length != data.Length || length > MaxDataBytes || (expectedDataBytes is { } expected && length != expected))
        {
            (errors ??= []).Add(new WireError("", ErrorCodes.ChunkSize, $"header says {length} data bytes, {data.Length} arrived, expected {expectedDataBytes}"));
        }

        if (length == data.Length && Crc32C.Compute(data) != crc)
        {
            (errors ??= []).Add(new WireError("", ErrorCodes.ChunkCrc, $"CRC-32C of chunk {index} differs"));
        }

        return errors ?? [];
    }
}
