namespace Field.EdgeAgent.Outbox;

/// <summary>
/// What goes when the outbox is full, the oldest file first: samples that are in no pack yet; then messages that may wait; then normal
/// messages and packs. Reports and events are never dropped: when only they are left, new messages are refused. What is dropped is
/// counted and remembered before it is deleted, and told to the server by an event. The owner holds the commit lock.
/// </summary>
internal sealed class OutboxSpace(
    OutboxLimits limits, IReadOnlyList<Lane> lanes, SegmentLog samples, OutboxCursors cursors, Func<long> sealedUpTo, Func<long> nextSequence)
{
    /// <summary>Bytes on the disk.</summary>
    public long SizeBytes => samples.SizeBytes + lanes.Sum(l => l.Log.SizeBytes);

    /// <summary>Drops files until so many bytes fit; false when what is left must stay.</summary>
    public bool TryMakeRoom(long bytes)
    {
        while (SizeBytes + bytes > limits.MaxBytes)
        {
            if (!DropOldest())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Drops one file; false when there is none that may be dropped.</summary>
    public bool DropOldest() => DropSamples() || DropMessages(OutboxPriority.Bulk) || DropMessages(OutboxPriority.Normal);

    private bool DropSamples()
    {
        long from = sealedUpTo();
        if (samples.Segments.FirstOrDefault(s => s.First >= from && s.End > s.First) is not { } segment)
        {
            return false;
        }

        Tally tally = new();
        tally.AddSamples(samples, segment.First, segment.End);
        cursors.Add(tally.Drop(nextSequence(), "telemetry"), from);
        samples.Remove(segment);
        return true;
    }

    private bool DropMessages(OutboxPriority priority)
    {
        Lane lane = lanes[(int)priority];
        if (lane.Log.Segments.FirstOrDefault(s => s.End > s.First) is not { } segment)
        {
            return false;
        }

        (Tally telemetry, Tally messages) = (new(), new());
        using (LogReader reader = new(lane.Log))
        {
            reader.Seek(Math.Max(segment.First, lane.Confirmed));
            while (reader.Position < segment.End && reader.Read() is { } entry)
            {
                if (lane.IsDone(entry.Ordinal))
                {
                    continue;
                }

                if (entry.Bytes is { } bytes && MessageRecord.Read(bytes) is var record && record.IsPack)
                {
                    telemetry.AddSamples(samples, record.PackFirst, record.PackEnd);
                }
                else
                {
                    messages.Add((int)(entry.End - entry.Ordinal), entry.Bytes is { } b ? MessageRecord.Read(b).UnixMs : null);
                }
            }
        }

        foreach ((Tally tally, string what) in new[] { (telemetry, "telemetry"), (messages, "messages") }.Where(t => t.Item1.Count > 0))
        {
            cursors.Add(tally.Drop(nextSequence(), what), sealedUpTo());
        }

        lane.MarkDone(segment.First, segment.End);
        cursors.Save(lanes, sealedUpTo());
        lane.Log.Remove(segment);
        return true;
    }

    private sealed class Tally
    {
        private long? _from;
        private long? _to;

        public long Count { get; private set; }

        public void Add(int count, long? unixMs)
        {
            Count += count;
            _from = Min(_from, unixMs);
            _to = -Min(-_to, -unixMs);
        }

        public void AddSamples(SegmentLog samples, long first, long end)
        {
            using LogReader reader = new(samples);
            reader.Seek(first);
            while (reader.Position < end && reader.Read() is { } entry)
            {
                SampleRecord? sample = entry.Bytes is { } bytes ? SampleRecord.Read(bytes) : null;
                Add(sample?.Count ?? (int)(entry.End - entry.Ordinal), sample?.UnixMs);
            }
        }

        public OutboxDrop Drop(long sequence, string what) => new(sequence, "full", what, Count, _from, _to);

        private static long? Min(long? a, long? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
    }
}
