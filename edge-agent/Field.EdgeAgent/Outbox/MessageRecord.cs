using System.Buffers.Binary;
using System.Text;

namespace Field.EdgeAgent.Outbox;

/// <summary>The order of sending. Photos come after all of them.</summary>
internal enum OutboxPriority
{
    /// <summary>Reports, events, results of commands: what a person waits for.</summary>
    Report,

    /// <summary>Telemetry and other messages.</summary>
    Normal,

    /// <summary>What may wait for a quiet line.</summary>
    Bulk,
}

/// <summary>A message on its way: the same bytes each time it is sent, under one sequence.</summary>
/// <param name="Priority">Its lane.</param>
/// <param name="Ordinal">Its place in the lane.</param>
/// <param name="Sequence">The device sequence: its identity.</param>
/// <param name="Channel">The level under <c>up/</c>.</param>
/// <param name="Payload">What is published.</param>
internal sealed record OutboxMessage(OutboxPriority Priority, long Ordinal, long Sequence, string Channel, ReadOnlyMemory<byte> Payload);

/// <summary>
/// A record of a lane: kind, sequence, time, how far the samples were sealed when it was written, channel, then the payload, or for a
/// pack the first and the end of its samples. Numbers are little-endian.
/// </summary>
internal readonly record struct MessageRecord(
    long Sequence, long UnixMs, long SealedUpTo, string Channel, ReadOnlyMemory<byte> Payload, long PackFirst = -1, long PackEnd = -1)
{
    private const int HeaderBytes = 26;
    private const int PackBytes = 16;
    private const byte MessageKind = (byte)'M';
    private const byte PackKind = (byte)'K';

    /// <summary>True for a pack, whose payload is made of samples.</summary>
    public bool IsPack => PackFirst >= 0;

    public byte[] Write()
    {
        int body = IsPack ? PackBytes : Payload.Length;
        byte[] bytes = new byte[HeaderBytes + Channel.Length + body];
        bytes[0] = IsPack ? PackKind : MessageKind;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(9), UnixMs);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(17), SealedUpTo);
        bytes[25] = (byte)Channel.Length;
        Encoding.ASCII.GetBytes(Channel, bytes.AsSpan(HeaderBytes));
        Span<byte> rest = bytes.AsSpan(HeaderBytes + Channel.Length);
        if (IsPack)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, PackFirst);
            BinaryPrimitives.WriteInt64LittleEndian(rest[8..], PackEnd);
        }
        else
        {
            Payload.Span.CopyTo(rest);
        }

        return bytes;
    }

    /// <exception cref="FieldException">A newer agent wrote it.</exception>
    public static MessageRecord Read(ReadOnlyMemory<byte> record)
    {
        ReadOnlySpan<byte> bytes = record.Span;
        if (bytes.Length < HeaderBytes || bytes[0] is not (MessageKind or PackKind) || bytes.Length < HeaderBytes + bytes[25])
        {
            throw DeviceOutbox.Newer();
        }

        int body = HeaderBytes + bytes[25];
        if (bytes[0] == PackKind && bytes.Length < body + PackBytes)
        {
            throw DeviceOutbox.Newer();
        }

        MessageRecord message = new(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[9..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[17..]),
            Encoding.ASCII.GetString(bytes[HeaderBytes..body]),
            bytes[0] == MessageKind ? record[body..] : default);
        return bytes[0] == MessageKind
            ? message
            : message with
            {
                PackFirst = BinaryPrimitives.ReadInt64LittleEndian(bytes[body..]),
                PackEnd = BinaryPrimitives.ReadInt64LittleEndian(bytes[(body + 8)..]),
            };
    }
}
