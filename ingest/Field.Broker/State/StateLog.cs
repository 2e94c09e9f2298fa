using System.Globalization;
using Field.Contracts;

namespace Field.Broker.State;

/// <summary>Where the state's records go: the disk, or in a test one that fails.</summary>
internal interface IStateLog : IDisposable
{
    /// <summary>Segments, oldest first; the last one takes the records.</summary>
    IReadOnlyList<StateSegment> Segments { get; }

    /// <summary>Appends with one fsync and returns the segment that has them.</summary>
    /// <exception cref="IOException">Nothing of it counts; the next call tries to repair what failed.</exception>
    StateSegment Append(IReadOnlyCollection<ReadOnlyMemory<byte>> records);

    /// <summary>A new segment begins with the record when the last one is large enough; false when it is not, or the disk does not allow it now.</summary>
    bool TryRoll(ReadOnlyMemory<byte> head);

    /// <summary>Deletes the oldest segment.</summary>
    void DeleteOldest();
}

/// <summary>
/// The state's journal in segments, files <c>state-N.log</c> in one folder, so that compaction never rewrites more than a piece at a time.
/// <para>
/// Damage: bytes at the end of the last segment that are no whole record are what a crash tore. Nothing acknowledged was in them; they
/// are kept in a file <c>.torn</c> beside it for whoever wants to look, counted, and cut off. Damage in any other place is not a crash's
/// doing but the disk's: records that were acknowledged are lost, and going on would hide it. The start is refused with the file's name.
/// </para>
/// </summary>
internal sealed class StateLog : IStateLog
{
    public const long DefaultSegmentBytes = 16L << 20;

    private readonly string _folder;
    private readonly long _segmentBytes;
    private readonly List<StateSegment> _segments = [];
    private Journal _last = null!;
    private bool _failed;

    private StateLog(string folder, long segmentBytes) => (_folder, _segmentBytes) = (folder, segmentBytes);

    private static ReadOnlySpan<byte> Magic => "FIELDBS1"u8;

    public IReadOnlyList<StateSegment> Segments => _segments;

    /// <summary>Bytes that a crash had torn at the end.</summary>
    public long TornBytes { get; private set; }

    /// <summary>Opens or creates the journal and hands every record to <paramref name="replay"/> in order.</summary>
    /// <exception cref="FieldException">The folder's files are damaged, or not all there.</exception>
    public static StateLog Open(string folder, long segmentBytes, Action<ReadOnlyMemory<byte>, StateSegment> replay)
    {
        Directory.CreateDirectory(folder);
        StateLog log = new(folder, segmentBytes);
        try
        {
            log.Load(replay);
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    public StateSegment Append(IReadOnlyCollection<ReadOnlyMemory<byte>> records)
    {
        if (_failed)
        {
            _last.CutOff();
            _failed = false;
        }

        try
        {
            _last.Append(records);
        }
        catch
        {
            _failed = true;
            throw;
        }

        _segments[^1].Bytes = _last.SizeBytes;
        return _segments[^1];
    }

    public bool TryRoll(ReadOnlyMemory<byte> head)
    {
        if (_failed || _last.SizeBytes < _segmentBytes)
        {
            return false;
        }

        StateSegment next = new(PathOf(_segments[^1].Number + 1), _segments[^1].Number + 1);
        Journal? journal = null;
        try
        {
            journal = Journal.Open(next.Path, Magic, _ => throw new FieldException($"{next.Path} is there already"));
            journal.Append(head);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FieldException)
        {
            journal?.Dispose();
            File.Delete(next.Path);
            return false; // the old one goes on growing; tried again after the next batch
        }

        _last.Dispose();
        _last = journal;
        next.Bytes = journal.SizeBytes;
        _segments.Add(next);
        return true;
    }

    public void DeleteOldest()
    {
        File.Delete(_segments[0].Path);
        DirectorySync.Flush(_folder);
        _segments.RemoveAt(0);
    }

    public void Dispose() => _last?.Dispose();

    private void Load(Action<ReadOnlyMemory<byte>, StateSegment> replay)
    {
        foreach (string leftover in Directory.GetFiles(_folder, "state-*.log.new"))
        {
            File.Delete(leftover); // a segment whose creation a crash cut short
        }

        _segments.AddRange(Directory.GetFiles(_folder, "state-*.log").Select(Named).OrderBy(s => s.Number));
        if (_segments.Count == 0)
        {
            _segments.Add(new(PathOf(1), 1));
        }

        for (int i = 0; i < _segments.Count; i++)
        {
            StateSegment segment = _segments[i];
            if (segment.Number != _segments[0].Number + i)
            {
                throw new FieldException($"the broker's state lacks {PathOf(_segments[0].Number + i)}; {Help()}");
            }

            _last?.Dispose();
            _last = Journal.Open(segment.Path, Magic, record => replay(record, segment));
            segment.Bytes = _last.SizeBytes;
            if (_last.TornBytes > 0)
            {
                CutTail(segment, isLast: i == _segments.Count - 1);
            }
        }
    }

    private void CutTail(StateSegment segment, bool isLast)
    {
        if (!isLast)
        {
            throw new FieldException($"the broker's state is damaged in the middle: {segment.Path} after byte {_last.SizeBytes}; {Help()}");
        }

        TornBytes = _last.TornBytes;
        using (FileStream from = new(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        using (FileStream to = new(segment.Path + ".torn", FileMode.Create))
        {
            from.Position = _last.SizeBytes;
            from.CopyTo(to);
        }

        _last.CutOff();
    }

    private string Help() =>
        $"restore {_folder} from a backup, or move it away: sessions, messages queued for absent clients and retained messages in it are then lost, stored data is not";

    private string PathOf(long number) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"state-{number:D10}.log"));

    private static StateSegment Named(string path)
    {
        string digits = Path.GetFileNameWithoutExtension(path)["state-".Length..];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? new(path, number)
            : throw new FieldException($"{path} is not a segment of the broker's state; move it away");
    }
}
