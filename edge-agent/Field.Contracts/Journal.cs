namespace Field.Contracts;

/// <summary>
/// An append-only file of records: 8 bytes of magic, then per record its length and the CRC-32C of its bytes (both 32-bit little-endian)
/// and the bytes. Not safe for concurrent use; the owner holds a lock.
/// </summary>
/// <remarks>
/// Why nothing acknowledged is lost: <see cref="Append(IReadOnlyCollection{ReadOnlyMemory{byte}})"/> returns after fsync, so a record that anyone relied on lies before every
/// later one on the disk. A crash can only tear what was being appended, and that is what the checksum finds. An append that
/// failed half-way is cut off again, or the journal refuses everything after it: a later record behind torn bytes would be lost.
/// </remarks>
public sealed class Journal : IDisposable
{
    /// <summary>Bytes that begin the file.</summary>
    public const int MagicBytes = 8;

    /// <summary>Bytes before each record.</summary>
    public const int FrameBytes = 8;

    /// <summary>Largest record: an MQTT packet of the largest size and what its owner adds.</summary>
    public const int MaxRecordBytes = 2 * 1024 * 1024;

    private readonly string _path;
    private readonly byte[] _magic;
    private FileStream _file;
    private long _end;
    private bool _broken;

    private Journal(string path, byte[] magic, FileStream file)
    {
        (_path, _magic, _file) = (path, magic, file);
    }

    /// <summary>Bytes behind the last good record that could not be read when the journal was opened.</summary>
    public long TornBytes { get; private set; }

    /// <summary>Records in the file.</summary>
    public int RecordCount { get; private set; }

    /// <summary>Opens or creates a journal and hands every good record to <paramref name="replay"/>, in order.</summary>
    /// <param name="path">The file.</param>
    /// <param name="magic">Eight bytes that say what kind of journal this is.</param>
    /// <param name="replay">Takes each record; the memory is its own.</param>
    /// <remarks>When <see cref="TornBytes"/> is not zero the caller must <see cref="Rewrite"/> or <see cref="CutOff"/> before it appends.</remarks>
    /// <exception cref="FieldException">The file is not a journal of this kind.</exception>
    public static Journal Open(string path, ReadOnlySpan<byte> magic, Action<ReadOnlyMemory<byte>> replay)
    {
        ArgumentNullException.ThrowIfNull(replay);
        ArgumentOutOfRangeException.ThrowIfNotEqual(magic.Length, MagicBytes, nameof(magic));
        FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 64 * 1024);
        Journal journal = new(path, magic.ToArray(), file);
        try
        {
            journal.Load(replay);
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends a record; it is on durable storage when this returns.</summary>
    /// <exception cref="IOException">The disk is full or failed; the record may or may not be there, and the journal takes no more.</exception>
    public void Append(ReadOnlyMemory<byte> record) => Append([record]);

    /// <summary>Appends records with one fsync; all are on durable storage when this returns.</summary>
    /// <exception cref="IOException">The disk is full or failed; some records may be there, and the journal takes no more.</exception>
    public void Append(IReadOnlyCollection<ReadOnlyMemory<byte>> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (NeedsCutOff)
        {
            throw new IOException($"the journal {_path} failed before and takes no more; start again");
        }

        try
        {
            _file.Position = _end;
            foreach (ReadOnlyMemory<byte> record in records)
            {
                JournalFrame.Write(_file, record.Span);
            }

            _file.Flush(flushToDisk: true);
        }
        catch
        {
            _broken = true; // fsync may fail once and forget: only a fresh start knows what is on the disk
            throw;
        }

        _end = _file.Position;
        RecordCount += records.Count;
    }

    /// <summary>True after an append that failed, and with a torn end: it takes records again after <see cref="CutOff"/>.</summary>
    public bool NeedsCutOff => _broken || TornBytes > 0;

    /// <summary>Bytes of the file.</summary>
    public long SizeBytes => _end;

    /// <summary>Replaces all records by these, in one step that a crash cannot split.</summary>
    public void Rewrite(IEnumerable<byte[]> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        string temporary = _path + ".new";
        FileStream next = new(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, bufferSize: 64 * 1024);
        int count = 0;
        try
        {
            next.Write(_magic);
            foreach (byte[] record in records)
            {
                JournalFrame.Write(next, record);
                count++;
            }

            next.Flush(flushToDisk: true);
            File.Move(temporary, _path, overwrite: true);
            DirectorySync.Flush(Path.GetDirectoryName(_path)!);
        }
        catch
        {
            next.Dispose();
            throw;
        }

        _file.Dispose();
        (_file, _end, TornBytes, RecordCount) = (next, next.Position, 0, count);
    }

    /// <summary>
    /// Cuts off what lies behind the last good record, torn by a crash or left by an append that failed; then the journal takes records
    /// again. Safe after a failed fsync too: everything before was synchronised by an earlier one that succeeded.
    /// </summary>
    /// <exception cref="IOException">The disk still fails; the journal takes no more, and the call may be repeated.</exception>
    public void CutOff()
    {
        _broken = true;
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // Its buffer holds bytes of the append that failed; they are not wanted.
        }

        _file = new(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 64 * 1024);
        _file.SetLength(_end);
        _file.Flush(flushToDisk: true);
        (_broken, TornBytes) = (false, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Load(Action<ReadOnlyMemory<byte>> replay)
    {
        switch (JournalFrame.CheckMagic(_file, _magic))
        {
            case false:
                throw new FieldException($"{_path} is not a journal of this kind; choose another folder or move the file away");
            case null:
                Rewrite([]);
                return;
        }

        _end = MagicBytes;
        while (JournalFrame.Read(_file) is { } record)
        {
            replay(record);
            _end += FrameBytes + record.Length;
            RecordCount++;
        }

        TornBytes = _file.Length - _end;
    }
}
