using Field.Contracts;

namespace Field.EdgeAgent.Outbox;

/// <summary>What waits in an outbox.</summary>
/// <param name="Messages">Messages and packs that are not confirmed.</param>
/// <param name="Samples">Samples that are in no pack yet.</param>
/// <param name="SizeBytes">Bytes on the disk.</param>
/// <param name="Dropped">Measurements and messages dropped in the outbox's life.</param>
internal sealed record OutboxFigures(long Messages, long Samples, long SizeBytes, long Dropped)
{
    /// <summary>Everything that waits.</summary>
    public long Waiting => Messages + Samples;
}

/// <summary>
/// The messages a device still owes the server, on durable storage: reports, normal and bulk messages in lanes, and telemetry samples,
/// which become packs of many records when there is a line to send them on. Payloads are on the disk, in memory only cursors. Safe for
/// concurrent use; one taker at a time.
/// </summary>
/// <remarks>
/// Why nothing is lost and nothing is sent under two identities: a caller hears of its message after the fsync that holds it and its
/// sequence. A pack's sequence and the range of its samples are durable before it can be taken, and its payload is a function of both,
/// so each repetition is the same message. Confirmations are saved lazily, before any file is deleted: after a crash a confirmed
/// message may be sent again, under the same identity, which the server stores once.
/// </remarks>
internal sealed class MessageOutbox : IDisposable
{
    private const int SaveEvery = 256;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _commit = new(1);
    private readonly Func<long> _nextSequence;
    private readonly TimeProvider _time;
    private readonly OutboxLimits _limits;
    private readonly OutboxCursors _cursors;
    private readonly Lane[] _lanes;
    private readonly SegmentLog _samples;
    private readonly PackBuilder _packs;
    private readonly PackSealer _sealer;
    private readonly DropTeller _drops;
    private readonly OutboxSpace _space;
    private List<PendingRecord> _pending = [];
    private int _inHand;
    private int _givingWay;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _confirmedSinceSave;

    /// <summary>Opens or creates the messages of a device's outbox.</summary>
    /// <param name="folder">Holds only this.</param>
    /// <param name="owner">Whose it is, and the sequence.</param>
    /// <param name="limits">Sizes.</param>
    /// <param name="time">The clock.</param>
    internal MessageOutbox(string folder, DeviceOutbox owner, OutboxLimits limits, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        (_nextSequence, _time, _limits) = (owner.NextSequence, time, limits);
        _cursors = OutboxCursors.Open(Path.Combine(folder, "cursors"));
        _lanes = [.. Enum.GetValues<OutboxPriority>().Select(p => OpenLane(folder, p))];
        long sealedUpTo = _cursors.SealedUpTo;
        foreach (Lane lane in _lanes.Where(l => l.Log.LastRecord is not null))
        {
            MessageRecord last = MessageRecord.Read(lane.Log.LastRecord!.Value);
            sealedUpTo = Math.Max(sealedUpTo, last.SealedUpTo);
            owner.SequenceIsAtLeast(last.Sequence);
        }

        _samples = SegmentLog.Open(Path.Combine(folder, "samples"), limits.SegmentBytes, sealedUpTo);
        _packs = new PackBuilder(owner.Device, _samples);
        _sealer = new PackSealer(_packs, _lanes[(int)OutboxPriority.Normal].Log, limits, owner, time, sealedUpTo);
        _drops = new DropTeller(_cursors, _lanes[(int)OutboxPriority.Report].Log, owner, time, () => _sealer.SealedUpTo);
        _space = new OutboxSpace(limits, _lanes, _samples, _cursors, () => _sealer.SealedUpTo, _nextSequence);
        _drops.Tell();
    }

    /// <summary>Bytes that a crash or a bad disk had torn when it was opened.</summary>
    public long TornBytes => _samples.TornBytes + _lanes.Sum(l => l.Log.TornBytes);

    /// <summary>What waits.</summary>
    public OutboxFigures Figures => new(
        _lanes.Sum(l => l.Waiting), Math.Max(0, _samples.Next - _sealer.SealedUpTo), _space.SizeBytes, _cursors.DroppedTotal);

    /// <summary>True when something waits that goes before photos and was not given to the line yet.</summary>
    /// <remarks>It is looked at in the direction in which samples go, into packs and into the hand: what moves on meanwhile is met at its next place.</remarks>
    public bool HasUrgent => _samples.Next > _sealer.SealedUpTo || _lanes[1].HasUntaken || _lanes[0].HasUntaken || Volatile.Read(ref _inHand) != 0;

    /// <summary>Adds a message; it is durable on the device when the call returns. Calls at the same time share an fsync.</summary>
    /// <param name="channel">The level under <c>up/</c>: <c>event</c>, <c>telemetry</c>.</param>
    /// <param name="priority">Its lane.</param>
    /// <param name="build">Makes the payload from the sequence. It must not call the outbox.</param>
    /// <param name="cancellationToken">Gives up; the message is kept only if it was being written already.</param>
    /// <returns>The device sequence of the message.</returns>
    /// <exception cref="OutboxFullException">Only reports are left in a full outbox.</exception>
    /// <exception cref="FieldException">The disk failed; transient.</exception>
    public Task<long> EnqueueAsync(string channel, OutboxPriority priority, Func<long, byte[]> build, CancellationToken cancellationToken) =>
        CommitAsync(new PendingRecord(channel, priority, build), cancellationToken);

    /// <summary>
    /// As the other, for a message whose sequence its caller took from <see cref="DeviceOutbox.NextSequence"/> and remembered: after a crash
    /// it may add the same message again, and the server stores it once.
    /// </summary>
    public Task EnqueueAgainAsync(string channel, OutboxPriority priority, long sequence, byte[] payload, CancellationToken cancellationToken) =>
        CommitAsync(new PendingRecord(channel, priority, _ => payload, sequence), cancellationToken);

    /// <summary>Adds samples that belong together: they will be in one pack. Durable when the call returns.</summary>
    /// <param name="together">Measurements with names relative to the device.</param>
    /// <param name="cancellationToken">Gives up; the samples are kept only if they were being written already.</param>
    /// <exception cref="ArgumentException">They do not fit into one pack.</exception>
    /// <exception cref="OutboxFullException">Only reports are left in a full outbox.</exception>
    /// <exception cref="FieldException">The disk failed; transient.</exception>
    public Task AddSampleAsync(IReadOnlyList<Measurement> together, CancellationToken cancellationToken) =>
        AddSamplesAsync([together], cancellationToken);

    /// <summary>As the other, for many groups with one fsync.</summary>
    public Task AddSamplesAsync(IEnumerable<IReadOnlyList<Measurement>> groups, CancellationToken cancellationToken) =>
        CommitAsync(new PendingRecord([.. groups.Select(g => (ReadOnlyMemory<byte>)SampleRecord.Write(g, _limits.PackBytes))]), cancellationToken);

    /// <summary>Begins a connection: everything that is not confirmed can be taken again.</summary>
    public void Rewind()
    {
        foreach (Lane lane in _lanes)
        {
            lane.Rewind();
        }
    }

    /// <summary>Takes the next message in the order of priority; null when all are taken.</summary>
    public async Task<OutboxMessage?> TakeAsync(CancellationToken cancellationToken)
    {
        long damaged = 0;
        Interlocked.Exchange(ref _inHand, 1);
        OutboxMessage? message = Take(OutboxPriority.Report, ref damaged) ?? Take(OutboxPriority.Normal, ref damaged);
        if (message is null && _samples.Next > _sealer.SealedUpTo)
        {
            await SealAsync(cancellationToken);
            message = Take(OutboxPriority.Normal, ref damaged);
        }

        message ??= Take(OutboxPriority.Bulk, ref damaged);
        if (damaged > 0)
        {
            await DropDamagedAsync(damaged, cancellationToken);
        }

        if (message is null)
        {
            Given();
        }

        return message;
    }

    /// <summary>The message taken last was given to the line, or nobody will: photos may go on.</summary>
    public void Given()
    {
        Interlocked.Exchange(ref _inHand, 0);
        if (Volatile.Read(ref _givingWay) > 0)
        {
            Signal();
        }
    }

    /// <summary>Messages taken since the last <see cref="Rewind"/> and not confirmed.</summary>
    public int InFlight => _lanes.Sum(l => l.InFlight);

    /// <summary>The lowest sequence of the messages in flight, or null.</summary>
    public long? OldestInFlight => _lanes.Min(l => l.OldestInFlight);

    /// <summary>True when the message with this sequence is in flight.</summary>
    public bool IsInFlight(long sequence) => _lanes.Any(l => l.IsInFlight(sequence));

    /// <summary>Waits while <see cref="HasUrgent"/>.</summary>
    public async Task GiveWayAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _givingWay);
        try
        {
            while (Changes is var changes && HasUrgent)
            {
                await changes.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _givingWay);
        }
    }

    /// <summary>Completes at the next change. Read it, then look, then wait.</summary>
    public Task Changes
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>The server has a message, or refused it for good: it need not be kept. Saved by <see cref="SettleAsync"/>.</summary>
    public bool Confirm(OutboxMessage message) => Confirmed(_lanes[(int)message.Priority].Confirm(message.Sequence) ? 1 : 0) > 0;

    /// <summary>The server has all messages in flight with sequences in an inclusive range.</summary>
    public int Confirm(long first, long last) => Confirmed(_lanes.Sum(l => l.Confirm(first, last)));

    /// <summary>Saves confirmations and frees space when it is worth an fsync.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _confirmedSinceSave) is var count && (count >= SaveEvery || (count > 0 && _lanes.All(l => l.Waiting == 0))))
        {
            await _commit.WaitAsync(cancellationToken);
            try
            {
                TrySave();
            }
            finally
            {
                _commit.Release();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _commit.Wait();
        TrySave();
        Array.ForEach(_lanes, l => l.Dispose());
        _packs.Dispose();
        _samples.Dispose();
        _cursors.Dispose();
        _commit.Dispose();
    }

    private Lane OpenLane(string folder, OutboxPriority priority)
    {
        long confirmed = _cursors.Confirmed(priority);
        SegmentLog log = SegmentLog.Open(Path.Combine(folder, priority.ToString().ToLowerInvariant()), _limits.SegmentBytes, confirmed);
        return new Lane(priority, log, Math.Max(confirmed, log.Segments.Count > 0 ? log.Segments[0].First : log.Next));
    }

    private async Task<long> CommitAsync(PendingRecord record, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _pending.Add(record);
        }

        try
        {
            await _commit.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                _pending.Remove(record);
            }

            throw;
        }

        try
        {
            if (!record.Done.Task.IsCompleted)
            {
                CommitPending(); // this call writes for all that wait
            }
        }
        finally
        {
            _commit.Release();
        }

        return await record.Done.Task;
    }

    private void CommitPending()
    {
        List<PendingRecord> batch;
        lock (_gate)
        {
            (batch, _pending) = (_pending, []);
        }

        foreach (IGrouping<SegmentLog, PendingRecord> group in batch
            .Where(p => p.TryBuild(_nextSequence, _time.GetUtcNow().ToUnixTimeMilliseconds(), _sealer.SealedUpTo))
            .GroupBy(p => p.Priority is { } priority ? _lanes[(int)priority].Log : _samples))
        {
            try
            {
                Append(group.Key, [.. group.SelectMany(p => p.Records)]);
                group.ToList().ForEach(p => p.Done.TrySetResult(p.Sequence));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                FieldException failed = new($"the outbox could not write: {e.Message}", isTransient: true, e);
                group.ToList().ForEach(p => p.Done.TrySetException(failed));
            }
            catch (OutboxFullException e)
            {
                group.ToList().ForEach(p => p.Done.TrySetException(e));
            }
        }

        _drops.Tell();
        Signal();
    }

    private void Append(SegmentLog log, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        if (!_space.TryMakeRoom(records.Sum(r => (long)r.Length + Journal.FrameBytes)))
        {
            throw new OutboxFullException("the outbox is full of reports that the server has not confirmed; nothing more is taken");
        }

        try
        {
            log.Append(records);
        }
        catch (IOException) when (_space.DropOldest())
        {
            log.Append(records); // the disk was full before the outbox was
        }
    }

    private async Task SealAsync(CancellationToken cancellationToken)
    {
        await _commit.WaitAsync(cancellationToken);
        try
        {
            _drops.Damaged("telemetry", _sealer.Seal());
        }
        catch (IOException e)
        {
            throw new FieldException($"the outbox could not write: {e.Message}", isTransient: true, e);
        }
        finally
        {
            _commit.Release();
        }
    }

    private OutboxMessage? Take(OutboxPriority priority, ref long damaged)
    {
        Lane lane = _lanes[(int)priority];
        while (lane.Take(ref damaged) is { } next)
        {
            ReadOnlyMemory<byte>? payload = next.Record.IsPack
                ? _packs.Build(next.Record.Sequence, next.Record.PackFirst, next.Record.PackEnd)
                : next.Record.Payload;
            if (payload is { } bytes)
            {
                return new OutboxMessage(priority, next.Ordinal, next.Record.Sequence, next.Record.Channel, bytes);
            }

            damaged += lane.Confirm(next.Record.Sequence) ? 1 : 0;
        }

        return null;
    }

    private async Task DropDamagedAsync(long count, CancellationToken cancellationToken)
    {
        await _commit.WaitAsync(cancellationToken);
        try
        {
            _drops.Damaged("messages", count);
        }
        finally
        {
            _commit.Release();
        }
    }

    private int Confirmed(int count)
    {
        if (count > 0)
        {
            Interlocked.Add(ref _confirmedSinceSave, count);
            Signal();
        }

        return count;
    }

    private void TrySave()
    {
        _confirmedSinceSave = 0;
        try
        {
            _cursors.Save(_lanes, _sealer.SealedUpTo);
        }
        catch (IOException)
        {
            return; // the disk is full: what was confirmed stays, and may be sent once more after the next start
        }

        foreach (Lane lane in _lanes)
        {
            lane.Log.TrimBefore(lane.Confirmed);
        }

        _samples.TrimBefore(_lanes.Max(l => l.SamplesConfirmed));
    }

    private void Signal()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.TrySetResult();
    }
}
