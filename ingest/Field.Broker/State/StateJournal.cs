using System.Buffers;
using Field.Mqtt.Delivery;
using Microsoft.Extensions.Logging;

namespace Field.Broker.State;

/// <summary>
/// Makes the broker's state durable by group commit: one thread takes whatever waits, appends it with one fsync, and then says so.
/// <para>
/// The promise. (1) PUBACK and PUBREC to a publisher, SUBACK, UNSUBACK, CONNACK of a session that outlives its connection, and PUBCOMP to
/// a publisher leave only after the record that they rest on is on the disk: each is written by <see cref="StateWork.WhenDurable"/> or by
/// someone who awaited <see cref="Commit"/>. So a message that was acknowledged waits for every such session that matched, and a QoS 2
/// identifier that we called complete is one we will not mistake for a repetition.
/// (2) A message reaches the queue of a durable session only after its record, which fixes its sequence and thereby its packet identifier,
/// is on the disk; and PUBREL leaves only after the PUBREC is. So after a crash we repeat under the same identifier exactly what the
/// subscriber may have seen: QoS 2 stays exactly once.
/// (3) The subscriber's PUBACK or PUBCOMP may be lost by a crash. The message is then sent again, with DUP; its identifier is not used
/// for another one before the acknowledgement is on the disk (<see cref="DeliveryQueue"/> keeps it).
/// (4) Records are in the order of submission, sequences are given under the same gate, and what follows runs in that order too.
/// </para>
/// <para>
/// A disk that fails: nothing of the batch counts and nothing of it was applied; its publishers get no acknowledgement and are closed.
/// What must not be forgotten (<see cref="StateWork.Persists"/>) waits; the next batch is tried a second later, after the bytes of the
/// failed one are cut off, so the broker recovers by itself when there is space again.
/// </para>
/// <para>
/// Compaction rides along: while the files hold more than twice what is alive, each batch also writes again a piece of what is alive in
/// the oldest segment, four times the batch's bytes but at least 64 KiB and at most 1 MiB and an object, and a segment with nothing alive
/// is deleted. No publisher waits for more than that.
/// </para>
/// </summary>
internal sealed class StateJournal : IDisposable
{
    private const long MaxWaitingBytes = 16L << 20;
    private const int MaxCopiedBytes = 1 << 20;
    private const int MinCopiedBytes = 64 * 1024;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly IStateLog _log;
    private readonly long _slackBytes;
    private readonly TimeProvider _time;
    private readonly BrokerMetrics _metrics;
    private readonly ILogger _logger;
    private readonly AutoResetEvent _signal = new(false);
    private readonly ManualResetEvent _stop = new(false);
    private readonly Thread _writer;
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private List<StateWork> _waiting = [];
    private long _waitingBytes;
    private long _nextNumber;
    private TaskCompletionSource? _room;
    private Exception? _ended;
    private bool _failing;

    public StateJournal(IStateLog log, BrokerState state, long slackBytes, TimeProvider time, BrokerMetrics metrics, ILogger logger)
    {
        (_log, State, _slackBytes, _time, _metrics, _logger) = (log, state, slackBytes, time, metrics, logger);
        _nextNumber = state.NextNumber;
        _writer = new(Run) { IsBackground = true, Name = "broker state" };
    }

    /// <summary>What is on the disk. The writer's own once <see cref="Start"/> was called.</summary>
    public BrokerState State { get; }

    /// <summary>Bytes at the end that a crash had torn.</summary>
    public long TornBytes { get; init; }

    /// <summary>Now, in milliseconds of Unix time.</summary>
    public long NowUtcMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Start() => _writer.Start();

    /// <summary>A number that no session, message or will has.</summary>
    public long NewNumber()
    {
        lock (_gate)
        {
            return _nextNumber++;
        }
    }

    /// <summary>Completes when the records are on the disk.</summary>
    public Task Commit(params IReadOnlyList<StateRecord> records)
    {
        TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Submit(new(records) { Completion = completion });
        return completion.Task;
    }

    /// <summary>Writes with the next batch, and nobody waits for it.</summary>
    public void Post(StateRecord record) => Submit(new(record) { Persists = true });

    /// <summary>Hands the work to the writer.</summary>
    public void Submit(StateWork work)
    {
        lock (_gate)
        {
            if (_ended is null)
            {
                Enqueue(work);
                return;
            }
        }

        FailLater(work);
    }

    /// <summary>
    /// Gives the message its number and each target the next sequence of its session, and queues it for them when that is on the disk.
    /// </summary>
    public Task Publish(DurablePublish publish)
    {
        TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        StateWork work = new()
        {
            Completion = completion,
            Weight = publish.Weight,
            WhenDurable = publish.Deliver,
            WhenFailed = _ => publish.Cancel(),
        };
        lock (_gate)
        {
            if (_ended is null)
            {
                work.Records = publish.ToRecords(_nextNumber++, NowUtcMs - _time.NowMs());
                Enqueue(work);
                return completion.Task;
            }
        }

        FailLater(work);
        return completion.Task;
    }

    /// <summary>Completes at once unless too much waits for the disk; bounds the memory of what waits, together with one message per connection.</summary>
    public Task WhenRoomAsync()
    {
        lock (_gate)
        {
            if (_waitingBytes < MaxWaitingBytes || _ended is not null)
            {
                return Task.CompletedTask;
            }

            _room ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Writes what waits and closes.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_ended is not null)
            {
                return;
            }

            _ended = new ObjectDisposedException(nameof(StateJournal), "the broker is stopping");
        }

        _stop.Set();
        _signal.Set();
        if (!_writer.IsAlive || _writer.Join(LastFlush))
        {
            _log.Dispose();
            _signal.Dispose();
            _stop.Dispose();
        }
    }

    /// <summary>Not here: the caller may hold a lock that what follows takes.</summary>
    private void FailLater(StateWork work) => _ = Task.Run(() => work.Fail(_ended!));

    private void Enqueue(StateWork work)
    {
        _waiting.Add(work);
        _waitingBytes += work.Weight;
        if (_waiting.Count == 1)
        {
            _signal.Set();
        }
    }

    private void Run()
    {
        List<StateWork> batch = [];
        try
        {
            while (true)
            {
                _signal.WaitOne();
                bool stopping = _stop.WaitOne(0);
                Swap(ref batch);
                if (batch.Count > 0 && !TryWrite(batch, stopping) && !stopping)
                {
                    _stop.WaitOne(AfterFailure);
                    _signal.Set();
                }

                batch.Clear();
                if (stopping)
                {
                    return;
                }
            }
        }
        catch (Exception e)
        {
            _logger.StateWriterFailed(e);
            End(batch, e);
        }
    }

    private void Swap(ref List<StateWork> batch)
    {
        lock (_gate)
        {
            (_waiting, batch) = (batch, _waiting);
            _waitingBytes = 0;
            _room?.TrySetResult();
            _room = null;
        }
    }

    private bool TryWrite(List<StateWork> batch, bool stopping)
    {
        StateSegment segment;
        List<(StoredObject Object, int Bytes)> copied;
        List<int> sizes = [];
        try
        {
            copied = Encode(batch, sizes);
            segment = _log.Append(Slice(sizes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(batch, e, stopping);
            return false;
        }

        if (_failing)
        {
            _failing = false;
            _logger.StateRecovered();
        }

        int at = sizes.Count - batch.Sum(w => w.Records.Count);
        foreach (StateWork work in batch)
        {
            foreach (StateRecord record in work.Records)
            {
                State.Apply(record, segment, sizes[at++]);
            }
        }

        foreach ((StoredObject stored, int bytes) in copied)
        {
            if (stored.Home is { } home && home.Objects.Contains(stored))
            {
                State.Move(stored, segment, bytes);
            }
        }

        foreach (StateWork work in batch)
        {
            work.Succeed();
        }

        _metrics.StateCommitted(batch.Count);
        Tidy();
        return true;
    }

    /// <summary>Compaction's copies first (the state is still what is on the disk), then the batch.</summary>
    private List<(StoredObject, int)> Encode(List<StateWork> batch, List<int> sizes)
    {
        _bytes.ResetWrittenCount();
        List<(StoredObject, int)> copied = [];
        if (_log.Segments.Count > 1 && _log.Segments.Sum(s => s.Bytes) > (2 * State.LiveBytes) + _slackBytes)
        {
            long wanted = Math.Clamp(4L * batch.Sum(w => w.Weight), MinCopiedBytes, MaxCopiedBytes);
            long now = NowUtcMs;
            foreach (StoredObject stored in _log.Segments[0].Objects.TakeWhile(_ => _bytes.WrittenCount < wanted))
            {
                int before = _bytes.WrittenCount;
                sizes.AddRange(BrokerState.Dump(stored, now).Select(r => StateCodec.Write(_bytes, r)));
                copied.Add((stored, _bytes.WrittenCount - before));
            }
        }

        sizes.AddRange(batch.SelectMany(w => w.Records).Select(r => StateCodec.Write(_bytes, r)));
        return copied;
    }

    private List<ReadOnlyMemory<byte>> Slice(List<int> sizes)
    {
        List<ReadOnlyMemory<byte>> records = new(sizes.Count);
        int at = 0;
        foreach (int size in sizes)
        {
            records.Add(_bytes.WrittenMemory.Slice(at, size));
            at += size;
        }

        return records;
    }

    /// <summary>Deletes what holds nothing alive and begins a new segment when it is time; neither failing matters, it is tried again.</summary>
    private void Tidy()
    {
        try
        {
            while (_log.Segments.Count > 1 && _log.Segments[0].Objects.Count == 0)
            {
                _log.DeleteOldest();
            }

            _bytes.ResetWrittenCount();
            StateCodec.Write(_bytes, new SegmentHead(State.NextNumber));
            _log.TryRoll(_bytes.WrittenMemory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FieldException)
        {
            _logger.StateTidyFailed(e);
        }

        _metrics.StateSize(_log.Segments.Sum(s => s.Bytes), State.MessageCount);
    }

    private void Fail(List<StateWork> batch, Exception e, bool stopping)
    {
        _metrics.StateFailed();
        if (!_failing)
        {
            _failing = true;
            _logger.StateFailed(e);
        }

        List<StateWork> kept = [.. batch.Where(w => w.Persists && !stopping)];
        lock (_gate)
        {
            _waiting.InsertRange(0, kept);
            _waitingBytes += kept.Sum(w => w.Weight);
        }

        FieldException why = new("the broker's state could not be stored; nothing was acknowledged", isTransient: true, e);
        foreach (StateWork work in batch.Where(w => !w.Persists || stopping))
        {
            work.Fail(why);
        }
    }

    private void End(List<StateWork> batch, Exception e)
    {
        lock (_gate)
        {
            _ended = new FieldException("the broker's state writer ended; start the server again", innerException: e);
            batch.AddRange(_waiting);
            _waiting.Clear();
            _room?.TrySetResult();
        }

        batch.ForEach(w => w.Fail(_ended));
    }
}
