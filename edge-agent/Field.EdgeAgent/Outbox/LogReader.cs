using Field.Contracts;

namespace Field.EdgeAgent.Outbox;

/// <summary>A record of a log, or a range of ordinals that no longer has any.</summary>
/// <param name="Ordinal">Of the record; the first of a range that is gone.</param>
/// <param name="End">The ordinal after it, or after the range.</param>
/// <param name="Bytes">The record; null when the range was deleted or is damaged.</param>
/// <param name="IsDamaged">True for a range that should be there and cannot be read.</param>
internal readonly record struct LogEntry(long Ordinal, long End, ReadOnlyMemory<byte>? Bytes, bool IsDamaged = false);

/// <summary>Reads a log in order, over the limits of its files. Not safe for concurrent use; the log may be written and trimmed meanwhile.</summary>
internal sealed class LogReader(SegmentLog log) : IDisposable
{
    private JournalReader? _file;
    private long _fileFirst = -1;
    private long _fileAt;

    /// <summary>The ordinal that is read next.</summary>
    public long Position { get; private set; }

    /// <summary>Goes to an ordinal.</summary>
    public void Seek(long ordinal) => Position = ordinal;

    /// <summary>The next entry; null when there is none yet.</summary>
    public LogEntry? Read()
    {
        if (Position >= log.Next)
        {
            return null;
        }

        if (log.Find(Position) is not { } segment)
        {
            return Gone(log.Next);
        }

        if (segment.First > Position)
        {
            return Gone(segment.First);
        }

        return ReadFrom(segment) is { } bytes ? new LogEntry(Position, ++Position, bytes) : Gone(segment.End, log.Find(Position) == segment);
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private LogEntry Gone(long end, bool isDamaged = false)
    {
        LogEntry gap = new(Position, end, null, isDamaged);
        Position = end;
        return gap;
    }

    private ReadOnlyMemory<byte>? ReadFrom(Segment segment)
    {
        try
        {
            if (_fileFirst != segment.First || _fileAt > Position)
            {
                _file?.Dispose();
                (_fileFirst, _fileAt) = (segment.First, segment.First);
                _file = JournalReader.Open(segment.Path, SegmentLog.Magic);
            }

            while (_file?.Read() is { } record)
            {
                if (_fileAt++ == Position)
                {
                    return record;
                }
            }
        }
        catch (Exception e) when (e is IOException or FieldException)
        {
            // The file was trimmed in this moment, or its sectors cannot be read.
        }

        _file?.Dispose();
        (_file, _fileFirst) = (null, -1);
        return null;
    }
}
