using System.Diagnostics.Metrics;
using Field.Broker;
using Field.Broker.State;
using Field.Contracts;
using Field.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Field.Tests.Broker.State;

/// <summary>The journal under crashes, damage, compaction and a failing disk, against a model that is nothing but dictionaries.</summary>
public sealed class StateJournalTests : IDisposable
{
    private readonly StateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task State_cut_at_any_byte_is_the_state_after_the_last_whole_commit(int seed)
    {
        Model model = new(seed);
        List<(long Bytes, string State)> commits = [];
        using (StateJournal journal = Open(_folder.Path, 1 << 24, out _))
        {
            for (int i = 0; i < 150; i++)
            {
                await journal.Commit(model.Next());
                commits.Add((new FileInfo(_folder.Segments[0]).Length, model.Describe()));
            }
        }

        byte[] whole = await File.ReadAllBytesAsync(_folder.Segments[0], TestBroker.Token);
        Random random = new(seed);
        IEnumerable<long> cuts = commits.Select(c => c.Bytes).Concat(Enumerable.Range(0, 150).Select(_ => random.NextInt64(commits[0].Bytes, whole.Length)));
        foreach (long cut in cuts)
        {
            using StateFolder image = new();
            Directory.CreateDirectory(image.Path);
            await File.WriteAllBytesAsync(Path.Combine(image.Path, "state-0000000001.log"), whole[..(int)cut], TestBroker.Token);
            (long bytes, string expected) = commits.Last(c => c.Bytes <= cut);
            using StateJournal journal = Open(image.Path, 1 << 24, out long torn);
            Assert.Equal((expected, cut - bytes), (Model.Describe(journal.State), torn));
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task State_compacted_while_it_grows_is_always_the_same_as_without_and_its_files_stay_small(int seed)
    {
        const int SegmentBytes = 8 * 1024;
        Model model = new(seed);
        long largest = 0;
        using StateJournal journal = Open(_folder.Path, SegmentBytes, out _);
        for (int i = 0; i < 3000; i++)
        {
            await journal.Commit(model.Next());
            largest = Math.Max(largest, _folder.Bytes);
            if (i % 250 == 249)
            {
                using StateFolder image = _folder.Image();
                using StateJournal copy = Open(image.Path, SegmentBytes, out long torn);
                Assert.Equal((model.Describe(), 0), (Model.Describe(copy.State), torn));
                Assert.InRange(copy.State.LiveBytes, journal.State.LiveBytes * 8 / 10, journal.State.LiveBytes * 12 / 10);
            }
        }

        Assert.True(_folder.Segments[0].EndsWith("1.log", StringComparison.Ordinal) == false, "old segments are deleted");
        long live = journal.State.LiveBytes;
        Assert.InRange(largest, live, (4 * live) + (10 * SegmentBytes));
    }

    [Fact]
    public async Task Journal_shares_one_fsync_among_all_who_wait()
    {
        CountingLog? counting = null;
        using StateJournal journal = Open(_folder.Path, 1 << 24, out _, log => counting = new CountingLog(log) { Held = true });
        Task first = journal.Commit(new SessionSaved(1, "s", "", 1000, 0, 0, 0));
        await counting!.Entered.Task.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
        Task[] others = [.. Enumerable.Range(0, 500).Select(i => journal.Commit(new Subscribed(1, [new($"t/{i}", 1, false, false, 0)])))];
        Assert.False(first.IsCompleted);
        counting.Release();
        await Task.WhenAll([first, .. others]).WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
        Assert.Equal(2, counting.Appends);
    }

    [Fact]
    public async Task Journal_on_a_failing_disk_fails_who_waits_keeps_what_must_not_be_forgotten_and_recovers()
    {
        CountingLog? disk = null;
        using (StateJournal journal = Open(_folder.Path, 1 << 24, out _, log => disk = new CountingLog(log)))
        {
            await journal.Commit(new SessionSaved(1, "s", "", 1000, 0, 0, 0));
            disk!.IsFull = true;
            Task<FieldException> failure = Assert.ThrowsAsync<FieldException>(() => journal.Commit(new Subscribed(1, [new("lost", 1, false, false, 0)])));
            journal.Post(new SessionSaved(1, "s", "", 1000, 5000, 3, 3));
            Assert.True((await failure).IsTransient);
            disk.IsFull = false;
            await journal.Commit(new Subscribed(1, [new("kept", 1, false, false, 0)])).WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
        }

        using StateJournal again = Open(_folder.Path, 1 << 24, out long torn);
        StoredSession session = Assert.Single(again.State.Sessions);
        Assert.Equal((5000, 3, 0), (session.Saved.ClosedAtMs, session.Saved.SentUpTo, torn));
        Assert.Equal(["kept"], session.Subscriptions.Keys);
    }

    [Fact]
    public async Task Log_that_failed_in_the_middle_of_an_append_cuts_it_off_before_the_next()
    {
        using (StateLog log = StateLog.Open(_folder.Path, 1 << 24, (_, _) => { }))
        {
            log.Append([Encode(new WillDone(1))]);
            Assert.ThrowsAny<ArgumentException>(() => log.Append([Encode(new WillDone(2)), new byte[Journal.MaxRecordBytes + 1]])); // written half
            log.Append([Encode(new WillDone(3))]);
        }

        List<StateRecord> records = [];
        using StateLog again = StateLog.Open(_folder.Path, 1 << 24, (record, _) => records.Add(StateCodec.Read(record.Span)));
        Assert.Equal([new WillDone(1), new WillDone(3)], records);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Damage_at_the_end_is_set_aside_counted_and_cut_off_and_damage_before_it_refuses_the_start()
    {
        using (StateJournal journal = Open(_folder.Path, 4096, out _))
        {
            await journal.Commit(new SessionSaved(1, "s", "", 1000, 0, 0, 0));
            for (int i = 0; _folder.Segments.Length < 3; i++)
            {
                await journal.Commit(new Subscribed(1, [new($"{i}/{new string('x', 500)}", 1, false, false, 0)]));
            }
        }

        using StateFolder tail = _folder.Image();
        await using (FileStream last = new(tail.Segments[^1], FileMode.Append))
        {
            last.Write([9, 0, 0, 0, 1, 2, 3, 4, 5]);
        }

        await using (TestBroker broker = await tail.StartAsync(configure: o => o.StateSegmentBytes = 4096))
        {
            await BrokerSessionTests.Eventually(() => broker.Count("field.broker.state.torn") == 9);
        }

        Assert.Equal([9, 0, 0, 0, 1, 2, 3, 4, 5], await File.ReadAllBytesAsync(tail.Segments[^1] + ".torn", TestBroker.Token));
        Open(tail.Path, 4096, out long none).Dispose();
        Assert.Equal(0, none);

        using StateFolder middle = _folder.Image();
        byte[] bytes = await File.ReadAllBytesAsync(middle.Segments[0], TestBroker.Token);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(middle.Segments[0], bytes, TestBroker.Token);
        FieldException e = Assert.Throws<FieldException>(() => Open(middle.Path, 4096, out _));
        Assert.Contains(middle.Segments[0], e.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(middle.Segments[0], TestBroker.Token));

        using StateFolder missing = _folder.Image();
        File.Delete(missing.Segments[1]);
        Assert.Throws<FieldException>(() => Open(missing.Path, 4096, out _));
    }

    [Fact]
    public void Record_of_random_bytes_is_refused_as_malformed_and_nothing_else()
    {
        Random random = new(20_261_121);
        Model model = new(5);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = Encode(model.Next()).ToArray();
            Assert.Equal(bytes, Encode(StateCodec.Read(bytes)).ToArray());
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                StateCodec.Read(bytes.AsSpan(0, random.Next(1, bytes.Length + 1)));
            }
            catch (MalformedPacketException)
            {
                // refused
            }
        }
    }

    private static ReadOnlyMemory<byte> Encode(StateRecord record)
    {
        System.Buffers.ArrayBufferWriter<byte> bytes = new();
        StateCodec.Write(bytes, record);
        return bytes.WrittenMemory;
    }

    private static StateJournal Open(string folder, long segmentBytes, out long torn, Func<IStateLog, IStateLog>? wrap = null)
    {
        BrokerState state = new();
        StateLog log = StateLog.Open(folder, segmentBytes, (record, segment) => state.Apply(StateCodec.Read(record.Span), segment, record.Length));
        state.EndReplay();
        torn = log.TornBytes;
        IMeterFactory meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        StateJournal journal = new(
            wrap?.Invoke(log) ?? log, state, 2 * segmentBytes, new ManualTime(), new BrokerMetrics(meters, () => 0), NullLogger.Instance);
        journal.Start();
        return journal;
    }

    /// <summary>A disk that counts, waits or is full as the test says.</summary>
    private sealed class CountingLog(IStateLog inner) : IStateLog
    {
        private readonly ManualResetEventSlim _gate = new(initialState: true);

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Appends { get; private set; }

        public bool IsFull { get; set; }

        public bool Held
        {
            init
            {
                if (value)
                {
                    _gate.Reset();
                }
            }
        }

        public IReadOnlyList<StateSegment> Segments => inner.Segments;

        public void Release() => _gate.Set();

        public StateSegment Append(IReadOnlyCollection<ReadOnlyMemory<byte>> records)
        {
            Entered.TrySetResult();
            _gate.Wait(TestBroker.Token);
            Appends++;
            return IsFull ? throw new IOException("no space left on device") : inner.Append(records);
        }

        public bool TryRoll(ReadOnlyMemory<byte> head) => inner.TryRoll(head);

        public void DeleteOldest() => inner.DeleteOldest();

        public void Dispose()
        {
            _gate.Dispose();
            inner.Dispose();
        }
    }
}
