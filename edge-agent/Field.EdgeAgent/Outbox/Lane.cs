namespace Field.EdgeAgent.Outbox;

/// <summary>
/// The messages of one priority, oldest first: what is on the disk, what was taken to be sent, and what the server confirmed. In memory
/// are only cursors and what is in flight. Safe for concurrent use.
/// </summary>
internal sealed class Lane : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LogReader _reader;
    private readonly Dictionary<long, long> _done = []; // first -> end, above Confirmed
    private readonly SortedDictionary<long, long> _packs = []; // ordinal -> end of its samples, from Confirmed
    private readonly Dictionary<long, long> _taken = []; // sequence -> ordinal
    private long _doneAbove;

    /// <summary>A lane over its records.</summary>
    public Lane(OutboxPriority priority, SegmentLog log, long confirmed)
    {
        (Priority, Log, Confirmed) = (priority, log, confirmed);
        _reader = new LogReader(log);
        _reader.Seek(confirmed);
    }

    /// <summary>Which lane it is.</summary>
    public OutboxPriority Priority { get; }

    /// <summary>Its records.</summary>
    public SegmentLog Log { get; }

    /// <summary>Every message before this ordinal is done with.</summary>
    public long Confirmed { get; private set; }

    /// <summary>The samples before this ordinal were in packs that are done with.</summary>
    public long SamplesConfirmed { get; private set; }

    /// <summary>Messages not confirmed yet.</summary>
    public long Waiting
    {
        get
        {
            lock (_gate)
            {
                return Log.Next - Confirmed - _doneAbove;
            }
        }
    }

    /// <summary>True when a message waits that was not taken since the last <see cref="Rewind"/>.</summary>
    public bool HasUntaken
    {
        get
        {
            lock (_gate)
            {
                return _reader.Position < Log.Next;
            }
        }
    }

    /// <summary>Messages taken and not confirmed.</summary>
    public int InFlight
    {
        get
        {
            lock (_gate)
            {
                return _taken.Count;
            }
        }
    }

    /// <summary>The lowest sequence taken and not confirmed, or null.</summary>
    public long? OldestInFlight
    {
        get
        {
            lock (_gate)
            {
                return _taken.Count == 0 ? null : _taken.Keys.Min();
            }
        }
    }

    /// <summary>True when the message with this sequence was taken and is not confirmed.</summary>
    public bool IsInFlight(long sequence)
    {
        lock (_gate)
        {
            return _taken.ContainsKey(sequence);
        }
    }

    /// <summary>Begins again with the oldest message that is not confirmed.</summary>
    public void Rewind()
    {
        lock (_gate)
        {
            _taken.Clear();
            _reader.Seek(Confirmed);
        }
    }

    /// <summary>Takes the next message; null when all are taken.</summary>
    /// <param name="lost">Becomes greater by the messages whose records turned out to be damaged.</param>
    public (long Ordinal, MessageRecord Record)? Take(ref long lost)
    {
        lock (_gate)
        {
            while (_reader.Read() is { } entry)
            {
                if (entry.Bytes is not { } bytes)
                {
                    lost += MarkDone(entry.Ordinal, entry.End);
                }
                else if (entry.Ordinal >= Confirmed && !_done.ContainsKey(entry.Ordinal))
                {
                    MessageRecord record = MessageRecord.Read(bytes);
                    if (!_taken.TryAdd(record.Sequence, entry.Ordinal))
                    {
                        MarkDone(entry.Ordinal, entry.End); // added again after a crash: the same message is on its way already
                        continue;
                    }

                    if (record.IsPack)
                    {
                        _packs[entry.Ordinal] = record.PackEnd;
                    }

                    return (entry.Ordinal, record);
                }
            }

            return null;
        }
    }

    /// <summary>Remembers in memory that the server has a message; false when it is not in flight.</summary>
    public bool Confirm(long sequence)
    {
        lock (_gate)
        {
            return _taken.Remove(sequence, out long ordinal) && MarkDone(ordinal, ordinal + 1) > 0;
        }
    }

    /// <summary>Remembers in memory that the server has all messages in flight whose sequences lie in a range.</summary>
    public int Confirm(long first, long last)
    {
        lock (_gate)
        {
            return _taken.Keys.Where(s => s >= first && s <= last).ToList().Count(Confirm);
        }
    }

    /// <summary>True when nothing more is to be done for a message.</summary>
    public bool IsDone(long ordinal)
    {
        lock (_gate)
        {
            return ordinal < Confirmed || _done.ContainsKey(ordinal);
        }
    }

    /// <summary>Marks messages as done with: confirmed, damaged or dropped.</summary>
    /// <returns>How many were not before.</returns>
    public long MarkDone(long first, long end)
    {
        lock (_gate)
        {
            first = Math.Max(first, Confirmed);
            if (first >= end)
            {
                return 0;
            }

            long before = _done.Count == 0 ? 0 : _done.Where(d => d.Key >= first && d.Key < end).ToList().Sum(d =>
            {
                _done.Remove(d.Key);
                end = Math.Max(end, d.Value);
                return d.Value - d.Key;
            });
            _done[first] = end;
            long added = end - first - before;
            _doneAbove += added;
            while (_done.Remove(Confirmed, out long next))
            {
                _doneAbove -= next - Confirmed;
                Confirmed = next;
            }

            while (_packs.Count > 0 && _packs.First() is var pack && pack.Key < Confirmed)
            {
                SamplesConfirmed = Math.Max(SamplesConfirmed, pack.Value);
                _packs.Remove(pack.Key);
            }

            return added;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        Log.Dispose();
    }
}
