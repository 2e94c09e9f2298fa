using System.Buffers.Binary;
using Field.Contracts;

namespace Field.Bench.Fuzz;

/// <summary>Lengths and checksums that are right again, so that a mutation is not refused for them alone.</summary>
internal static class Repairs
{
    private const int JournalFrame = 8;

    /// <summary>Length and CRC-32C in a chunk's header.</summary>
    public static void Chunk(byte[] chunk)
    {
        if (chunk.Length >= PhotoChunk.HeaderBytes)
        {
            ReadOnlySpan<byte> data = chunk.AsSpan(PhotoChunk.HeaderBytes);
            BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8), (uint)data.Length);
            BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(12), Crc32C.Compute(data));
        }
    }

    /// <summary>The remaining length of an MQTT packet, where the bytes that are there can hold it.</summary>
    public static void Packet(byte[] packet)
    {
        for (int bytes = 1; bytes <= 4 && 1 + bytes <= packet.Length; bytes++)
        {
            int remaining = packet.Length - 1 - bytes;
            if (packet[bytes] < 0x80)
            {
                if (remaining >= 1L << (7 * bytes))
                {
                    return;
                }

                for (int i = 0; i < bytes; i++)
                {
                    packet[1 + i] = (byte)(((remaining >> (7 * i)) & 0x7F) | (i < bytes - 1 ? 0x80 : 0));
                }

                return;
            }
        }
    }

    /// <summary>The frames of a journal behind its first <paramref name="from"/> bytes: the last takes what is left.</summary>
    public static void Journal(byte[] file, int from)
    {
        int at = from + Contracts.Journal.MagicBytes;
        while (at + JournalFrame < file.Length)
        {
            int left = file.Length - at - JournalFrame;
            int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));
            length = length > 0 && length <= left ? length : left;
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), length);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at + 4), Crc32C.Compute(file.AsSpan(at + JournalFrame, length)));
            at += JournalFrame + length;
        }
    }
}
