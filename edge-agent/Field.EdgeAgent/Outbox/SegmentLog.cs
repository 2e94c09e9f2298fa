using System.Globalization;
using Field.Contracts;

namespace Field.EdgeAgent.Outbox;

/// <summary>One file of a log: records <paramref name="First"/> up to, not including, <paramref name="End"/>.</summary>
internal sealed record Segment(string Path, long First, long End, long SizeBytes);

/// <summary>
/// A first-in, first-out log of records in files of limited size, so that what is done with frees its space without anything being
/// rewritten. A file's name is the ordinal of its first record. One writer; readers and <see cref="Segments"/> from any thread.
/// </summary>
/// <remarks>
/// Why nothing appended is lost and no ordinal is used twice: each file is a <see cref="Journal"/>, so <see cref="Append"/> returns after
/// fsync. Whatever a crash or a full disk left behind the last durable record is never appended to: the next record begins a new
/// file, and a file is read only up to the ordinal at which the next one begins.
/// </remarks>
internal sealed class SegmentLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly long _segmentBytes;
    private readonly List<Segment> _segments = [];
    private Journal? _writer;

    private SegmentLog(string folder, long segmentBytes) => (_folder, _segmentBytes) = (folder, segmentBytes);

    /// <summary>What kind of journal a segment is.</summary>
    public static ReadOnlySpan<byte> Magic => "FIELDSG1"u8;

    /// <summary>Bytes behind the last good record that a crash or a bad disk had torn.</summary>
    public long TornBytes { get; private set; }

    /// <summary>The last durable record when the log was opened, or null.</summary>
    public ReadOnlyMemory<byte>? LastRecord { get; private set; }

    /// <summary>The ordinal of the next record.</summary>
    public long Next { get; private set; }

    /// <summary>The files, oldest first.</summary>
    public IReadOnlyList<Segment> Segments
    {
        get
        {
            lock (_gate)
            {
                return [.. _segments];
            }
        }
    }

    /// <summary>Bytes of all files.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Opens or creates a log.</summary>
    /// <param name="folder">Holds only this log.</param>
    /// <param name="segmentBytes">A file that has reached this size gets no more records.</param>
    /// <param name="atLeast">The log continues here when the files that are left end before it.</param>
    public static SegmentLog Open(string folder, long segmentBytes, long atLeast)
    {
        Directory.CreateDirectory(folder);
        SegmentLog log = new(folder, segmentBytes);
        log.Load(atLeast);
        return log;
    }

    /// <summary>Appends records with one fsync; all are on durable storage when this returns.</summary>
    /// <returns>The ordinal of the first.</returns>
    /// <exception cref="IOException">
    /// The disk is full or failed. Later records take the ordinals of these; only after a crash in this moment may they be found.
    /// It may be tried again.
    /// </exception>
    public long Append(IReadOnlyCollection<ReadOnlyMemory<byte>> records)
    {
        try
        {
            if (_writer is null || _writer.SizeBytes >= _segmentBytes)
            {
                Roll();
            }

            _writer!.Append(records);
        }
        catch
        {
            Abandon();
            throw;
        }

        lock (_gate)
        {
            Segment last = _segments[^1];
            SizeBytes += _writer.SizeBytes - last.SizeBytes;
            _segments[^1] = last with { End = last.End + records.Count, SizeBytes = _writer.SizeBytes };
            Next += records.Count;
            return Next - records.Count;
        }
    }

    /// <summary>Deletes the files whose records all lie before an ordinal, but for the one that is being written.</summary>
    public void TrimBefore(long ordinal)
    {
        foreach (Segment segment in Segments.Where(s => s.End <= ordinal && (s.End < Next || _writer is null)))
        {
            Remove(segment);
        }
    }

    /// <summary>Deletes a file and with it its records.</summary>
    public void Remove(Segment segment)
    {
        lock (_gate)
        {
            if (_segments[^1].First == segment.First)
            {
                _writer?.Dispose();
                _writer = null;
            }

            _segments.RemoveAll(s => s.First == segment.First);
            SizeBytes = _segments.Sum(s => s.SizeBytes);
        }

        File.Delete(segment.Path);
    }

    /// <summary>The file that holds an ordinal, else the next file after it, else null.</summary>
    public Segment? Find(long ordinal)
    {
        lock (_gate)
        {
            foreach (Segment segment in _segments)
            {
                if (ordinal < segment.End)
                {
                    return segment;
                }
            }

            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();

    private void Load(long atLeast)
    {
        string[] paths = [.. Directory.EnumerateFiles(_folder, "*.log").Order(StringComparer.Ordinal)];
        long[] firsts = [.. paths.Select(p => long.Parse(Path.GetFileNameWithoutExtension(p), NumberStyles.None, CultureInfo.InvariantCulture))];
        for (int i = 0; i < paths.Length; i++)
        {
            // Only the newest file can have been torn by a crash; what the others hold, the next name says.
            long size = new FileInfo(paths[i]).Length;
            long end = i + 1 < paths.Length ? firsts[i + 1] : ScanLast(paths[i], firsts[i], size);
            _segments.Add(new Segment(paths[i], firsts[i], end, size));
        }

        if (_segments.Count > 0 && _segments[^1] is var last && last.End == last.First)
        {
            File.Delete(last.Path); // its name is needed again: it holds no durable record
            _segments.RemoveAt(_segments.Count - 1);
            if (_segments.Count > 0)
            {
                ScanLast(_segments[^1].Path, _segments[^1].First, _segments[^1].SizeBytes);
            }
        }

        Next = Math.Max(_segments.Count > 0 ? _segments[^1].End : 0, atLeast);
        SizeBytes = _segments.Sum(s => s.SizeBytes);
    }

    private long ScanLast(string path, long first, long size)
    {
        using JournalReader? reader = JournalReader.Open(path, Magic);
        long end = first;
        while (reader?.Read() is { } record)
        {
            LastRecord = record;
            end++;
        }

        TornBytes += reader is null ? 0 : size - reader.Position;
        return end;
    }

    private void Roll()
    {
        _writer?.Dispose();
        _writer = null;
        string path = Path.Combine(_folder, Next.ToString("D20", CultureInfo.InvariantCulture) + ".log");
        File.Delete(path); // left by an append that failed
        _writer = Journal.Open(path, Magic, _ => { });
        lock (_gate)
        {
            _segments.RemoveAll(s => s.First == Next);
            _segments.Add(new Segment(path, Next, Next, _writer.SizeBytes));
            SizeBytes = _segments.Sum(s => s.SizeBytes);
        }
    }

    private void Abandon()
    {
        try
        {
            _writer?.Dispose();
        }
        catch (IOException)
        {
            // Closing writes what is left in the buffer, and the disk is still full.
        }

        _writer = null;
    }
}
