using System.Buffers.Binary;

namespace Field.Contracts;

/// <summary>Reads the records of a journal in order, also of one that is being appended to. Not safe for concurrent use.</summary>
/// <remarks>While a journal is written to, the caller must know how many records are durable and read no further.</remarks>
public sealed class JournalReader : IDisposable
{
    private readonly FileStream _file;

    private JournalReader(FileStream file) => _file = file;

    /// <summary>Bytes up to the end of the last record that was read.</summary>
    public long Position { get; private set; } = Journal.MagicBytes;

    /// <summary>Opens a journal; null when the file is shorter than a journal's magic, as after a crash at its creation.</summary>
    /// <param name="path">The file.</param>
    /// <param name="magic">Eight bytes that say what kind of journal this is.</param>
    /// <exception cref="FieldException">The file is not a journal of this kind.</exception>
    public static JournalReader? Open(string path, ReadOnlySpan<byte> magic)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 64 * 1024);
        bool? kind = JournalFrame.CheckMagic(file, magic);
        if (kind != true)
        {
            file.Dispose();
            return kind is null ? null : throw new FieldException($"{path} is not a journal of this kind; choose another folder or move the file away");
        }

        return new JournalReader(file);
    }

    /// <summary>The next whole record, or null at the end or at the first byte that cannot be trusted.</summary>
    public ReadOnlyMemory<byte>? Read()
    {
        if (JournalFrame.Read(_file) is not { } record)
        {
            return null;
        }

        Position += Journal.FrameBytes + record.Length;
        return record;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

/// <summary>The frame around a record: its length and its CRC-32C, 32-bit little-endian.</summary>
internal static class JournalFrame
{
    /// <summary>True when the file begins with the magic, false when with something else, null when it is too short to say.</summary>
    public static bool? CheckMagic(FileStream file, ReadOnlySpan<byte> magic)
    {
        Span<byte> read = stackalloc byte[Journal.MagicBytes];
        int count = file.ReadAtLeast(read, read.Length, throwOnEndOfStream: false);
        return !read[..count].SequenceEqual(magic[..count]) ? false : count == magic.Length ? true : null;
    }

    public static void Write(FileStream file, ReadOnlySpan<byte> record)
    {
        ArgumentOutOfRangeException.ThrowIfZero(record.Length, nameof(record)); // zeros after a power cut must never look like a record
        ArgumentOutOfRangeException.ThrowIfGreaterThan(record.Length, Journal.MaxRecordBytes, nameof(record));
        Span<byte> frame = stackalloc byte[Journal.FrameBytes];
        BinaryPrimitives.WriteInt32LittleEndian(frame, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Crc32C.Compute(record));
        file.Write(frame);
        file.Write(record);
    }

    public static byte[]? Read(FileStream file)
    {
        Span<byte> frame = stackalloc byte[Journal.FrameBytes];
        if (file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) < frame.Length)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(frame);
        if (length is <= 0 or > Journal.MaxRecordBytes || length > file.Length - file.Position)
        {
            return null;
        }

        byte[] record = new byte[length];
        file.ReadExactly(record);
        return Crc32C.Compute(record) == BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]) ? record : null;
    }
}
