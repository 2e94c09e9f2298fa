using System.Globalization;
using System.Text;
using Field.Contracts;
using Field.EdgeAgent.Outbox;

namespace Field.Tests.Edge;

public sealed class MessageOutboxTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 5, 11, 0, 0, 0, TimeSpan.Zero);

    private readonly string _root = Directory.CreateTempSubdirectory("field-outbox").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_root, "outbox");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Messages_come_back_in_order_with_the_sequences_they_were_built_with()
    {
        using DeviceOutbox outbox = Open();
        long[] sequences = [await EnqueueAsync(outbox, "a"), await EnqueueAsync(outbox, "b")];
        Assert.Equal([$"a {sequences[0]}", $"b {sequences[1]}"], await TakeAllAsync(outbox));
    }

    [Fact]
    public async Task Reports_go_before_telemetry_and_bulk_comes_last()
    {
        using DeviceOutbox outbox = Open();
        await EnqueueAsync(outbox, "bulk", OutboxPriority.Bulk);
        await outbox.Messages.AddSampleAsync(Sample(0), Token);
        await EnqueueAsync(outbox, "normal", OutboxPriority.Normal);
        await EnqueueAsync(outbox, "report");
        IReadOnlyList<string> taken = await TakeAllAsync(outbox);
        Assert.Equal(["report", "normal", "[{\"bn\":\"d", "bulk"], taken.Select(t => t.Split(' ', '/')[0]));
    }

    [Fact]
    public async Task Confirmed_messages_do_not_come_back_after_a_restart()
    {
        using (DeviceOutbox outbox = Open())
        {
            await EnqueueAsync(outbox, "a");
            await EnqueueAsync(outbox, "b");
            outbox.Messages.Confirm((await outbox.Messages.TakeAsync(Token))!);
        }

        using DeviceOutbox again = Open();
        Assert.Equal(1, again.Messages.Figures.Waiting);
        Assert.StartsWith("b ", Assert.Single(await TakeAllAsync(again)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_confirmed_out_of_order_are_not_taken_again()
    {
        using DeviceOutbox outbox = Open();
        for (int i = 0; i < 4; i++)
        {
            await EnqueueAsync(outbox, $"{i}");
        }

        List<OutboxMessage> taken = [];
        while (await outbox.Messages.TakeAsync(Token) is { } message)
        {
            taken.Add(message);
        }

        Assert.True(outbox.Messages.Confirm(taken[2]));
        Assert.False(outbox.Messages.Confirm(taken[2]));
        Assert.Equal(1, outbox.Messages.Confirm(taken[0].Sequence, taken[0].Sequence));
        outbox.Messages.Rewind();
        Assert.Equal(["1", "3"], (await TakeAllAsync(outbox)).Select(t => t.Split(' ')[0]));
        Assert.Equal(2, outbox.Messages.Figures.Waiting);
    }

    [Fact]
    public async Task Concurrent_messages_share_commits_and_each_gets_its_own_sequence()
    {
        using DeviceOutbox outbox = Open();
        long[] sequences = await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => Task.Run(() => EnqueueAsync(outbox, $"{i}"), Token)));
        Assert.Equal(2000, sequences.Distinct().Count());
        Assert.Equal(2000, (await TakeAllAsync(outbox)).Distinct().Count());
    }

    [Fact]
    public async Task Message_that_cannot_be_built_fails_its_caller_only()
    {
        using DeviceOutbox outbox = Open();
        Task<long> bad = outbox.Messages.EnqueueAsync("event", OutboxPriority.Report, _ => throw new InvalidDataException("mine"), Token);
        Task<long> good = EnqueueAsync(outbox, "good");
        await Assert.ThrowsAsync<InvalidDataException>(() => bad);
        await good;
        Assert.Single(await TakeAllAsync(outbox));
    }

    [Theory]
    [InlineData("report")]
    [InlineData("samples")]
    [InlineData("normal")]
    public async Task Log_cut_at_any_byte_keeps_every_whole_record_and_reuses_no_sequence(string lane)
    {
        long last = 0;
        List<long> ends = [Journal.MagicBytes];
        using (DeviceOutbox outbox = Open())
        {
            for (int i = 0; i < 3; i++)
            {
                if (lane == "samples")
                {
                    await outbox.Messages.AddSampleAsync(Sample(i), Token);
                }
                else
                {
                    last = await EnqueueAsync(outbox, $"{i}", Enum.Parse<OutboxPriority>(lane, ignoreCase: true));
                }

                ends.Add(new FileInfo(Assert.Single(Logs(lane))).Length);
            }
        }

        CopyTo("whole");
        for (int cut = 0; cut <= ends[^1]; cut++)
        {
            Restore("whole");
            using (FileStream file = new(Logs(lane)[0], FileMode.Open))
            {
                file.SetLength(cut);
            }

            int whole = ends.Count(e => e <= cut) - 1;
            using DeviceOutbox outbox = Open();
            long next = await EnqueueAsync(outbox, "after");
            Assert.True(next > last, $"cut at {cut}: sequence {next} after {last}");
            IReadOnlyList<string> taken = await TakeAllAsync(outbox);
            int found = lane == "samples" ? taken.Sum(t => t.Split("\"level\"").Length - 1) : taken.Count - 1;
            Assert.True(found == Math.Max(0, whole), $"cut at {cut}: {found} of {whole} records");
            Assert.Contains(taken, t => t.StartsWith("after", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Agent_killed_between_any_two_steps_loses_nothing_and_gives_no_identity_to_two_contents()
    {
        // A copy of the folder at a moment is what a kill at that moment leaves; the run goes on from the copy.
        Random random = new(7);
        Dictionary<long, string> bySequence = [];
        List<string> promised = [];
        HashSet<string> delivered = [];
        for (int run = 0; run < 40; run++)
        {
            DeviceOutbox outbox = Open(new OutboxLimits(SegmentBytes: 600, PackRecords: 4));
            for (int step = random.Next(1, 25); step > 0; step--)
            {
                await StepAsync(outbox, random, promised, delivered, bySequence);
            }

            CopyTo("killed");
            outbox.Dispose();
            Restore("killed");
        }

        using DeviceOutbox end = Open(new OutboxLimits(SegmentBytes: 600, PackRecords: 4));
        while (await end.Messages.TakeAsync(Token) is { } message)
        {
            Deliver(message, delivered, bySequence);
            end.Messages.Confirm(message);
        }

        Assert.Empty(promised.Except(delivered));
        Assert.True(promised.Count > 150, $"{promised.Count} promised");
    }

    [Fact]
    public async Task Samples_waiting_become_packs_of_many_that_are_the_same_each_time()
    {
        IReadOnlyList<string> first;
        using (DeviceOutbox outbox = Open())
        {
            await outbox.Messages.AddSamplesAsync(Enumerable.Range(0, 2500).Select(Sample), Token);
            first = await TakeAllAsync(outbox);
            outbox.Messages.Rewind();
            Assert.Equal(first, await TakeAllAsync(outbox));
        }

        using DeviceOutbox again = Open();
        Assert.Equal(first, await TakeAllAsync(again));
        Parsed<SenMLPack>[] packs = [.. first.Select(p => SenMLPack.Parse(Encoding.UTF8.GetBytes(p), Start))];
        Assert.All(packs, p => Assert.Empty(p.Errors));
        Assert.Equal([1000, 1000, 500], packs.Select(p => p.Value!.Measurements.Count));
        Assert.Equal(Enumerable.Range(0, 2500).Select(i => (double)i), packs.SelectMany(p => p.Value!.Measurements).Select(m => m.Value!.Value));
        Assert.Equal("d/level", packs[0].Value!.Measurements[0].Name);
        Assert.Equal(Start, packs[0].Value!.Measurements[0].Time);
    }

    [Fact]
    public async Task Measurements_that_belong_together_are_never_split()
    {
        using DeviceOutbox outbox = Open(new OutboxLimits(PackRecords: 5));
        for (int i = 0; i < 7; i++)
        {
            await outbox.Messages.AddSampleAsync([new("lon", Start.AddSeconds(i), "lon", i), new("lat", Start.AddSeconds(i), "lat", i)], Token);
        }

        int[] counts = [.. (await TakeAllAsync(outbox)).Select(p => SenMLPack.Parse(Encoding.UTF8.GetBytes(p), Start).Value!.Measurements.Count)];
        Assert.Equal([4, 4, 4, 2], counts);
    }

    [Fact]
    public async Task Confirmed_messages_and_samples_free_their_space()
    {
        using DeviceOutbox outbox = Open(new OutboxLimits(SegmentBytes: 20_000));
        for (int i = 0; i < 20; i++)
        {
            await outbox.Messages.AddSamplesAsync(Enumerable.Range(0, 500).Select(Sample), Token);
            await EnqueueAsync(outbox, new string('r', 10_000));
        }

        Assert.InRange(outbox.Messages.Figures.SizeBytes, 700_000, 2_000_000);
        while (await outbox.Messages.TakeAsync(Token) is { } message)
        {
            outbox.Messages.Confirm(message);
        }

        await outbox.Messages.SettleAsync(Token);
        Assert.Equal(0, outbox.Messages.Figures.Waiting);
        Assert.InRange(outbox.Messages.Figures.SizeBytes, 0, 100_000);
    }

    [Fact]
    public async Task Full_outbox_drops_the_oldest_telemetry_and_says_what_and_from_when_to_when()
    {
        using DeviceOutbox outbox = Open(new OutboxLimits(MaxBytes: 100_000, SegmentBytes: 10_000));
        await EnqueueAsync(outbox, "report");
        for (int i = 0; i < 4000; i++)
        {
            await outbox.Messages.AddSampleAsync(Sample(i), Token);
        }

        Assert.InRange(outbox.Messages.Figures.SizeBytes, 50_000, 110_000);
        long dropped = outbox.Messages.Figures.Dropped;
        Assert.InRange(dropped, 1000, 3999);
        IReadOnlyList<string> taken = await TakeAllAsync(outbox);
        Assert.StartsWith("report", taken[0], StringComparison.Ordinal);
        string[] events = [.. taken.Where(t => t.Contains("outbox-dropped", StringComparison.Ordinal))];
        Assert.Contains("\"reason\":\"full\",\"what\":\"telemetry\",\"count\":", events[0], StringComparison.Ordinal);
        Assert.Contains($"\"from\":\"{WireTime.Format(Start)}\"", events[0], StringComparison.Ordinal);
        Assert.Equal(dropped, events.Sum(e => int.Parse(e.Split("\"count\":")[1].Split(',')[0], CultureInfo.InvariantCulture)));
        double[] values = [.. Values(taken)];
        Assert.Equal(Enumerable.Range((int)dropped, 4000 - (int)dropped).Select(i => (double)i), values);
    }

    [Fact]
    public async Task Full_outbox_never_drops_a_report_and_refuses_when_only_reports_are_left()
    {
        using DeviceOutbox outbox = Open(new OutboxLimits(MaxBytes: 50_000, SegmentBytes: 5_000));
        for (int i = 0; i < 20; i++)
        {
            await EnqueueAsync(outbox, new string('n', 1000), OutboxPriority.Normal);
        }

        int reports = 0;
        OutboxFullException full = await Assert.ThrowsAsync<OutboxFullException>(async () =>
        {
            for (; ; reports++)
            {
                await EnqueueAsync(outbox, new string('r', 1000));
            }
        });
        Assert.True(full.IsTransient);
        IReadOnlyList<string> taken = await TakeAllAsync(outbox);
        Assert.Equal(reports, taken.Count(t => t.StartsWith("rrr", StringComparison.Ordinal)));
        Assert.InRange(reports, 30, 50);
        Assert.Contains(taken, t => t.Contains("\"what\":\"messages\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Drop_that_was_not_told_before_a_kill_is_told_under_the_same_sequence_afterwards()
    {
        OutboxLimits limits = new(MaxBytes: 30_000, SegmentBytes: 10_000);
        List<OutboxMessage> told = [];
        using (DeviceOutbox outbox = Open(limits))
        {
            for (int i = 0; outbox.Messages.Figures.Dropped == 0; i++)
            {
                await outbox.Messages.AddSampleAsync(Sample(i), Token);
            }
        }

        // As a kill between remembering the drop and its event leaves it: no report, and no word that it was told.
        Directory.Delete(Path.Combine(Folder, "messages", "report"), recursive: true);
        string cursors = Path.Combine(Folder, "messages", "cursors");
        List<byte[]> records = [];
        Journal.Open(cursors, "FIELDOC1"u8, r => records.Add(r.ToArray())).Dispose();
        using (Journal journal = Journal.Open(cursors, "FIELDOC1"u8, _ => { }))
        {
            journal.Rewrite(records.TakeWhile(r => !Encoding.UTF8.GetString(r).Contains("told", StringComparison.Ordinal)));
        }

        string drop = Encoding.UTF8.GetString(records.Single(r => Encoding.UTF8.GetString(r).Contains("\"drop\"", StringComparison.Ordinal)));
        using DeviceOutbox again = Open(limits);
        OutboxMessage message = (await again.Messages.TakeAsync(Token))!;
        Assert.Contains("outbox-dropped", Encoding.UTF8.GetString(message.Payload.Span), StringComparison.Ordinal);
        Assert.Contains($"\"sequence\":{message.Sequence}", drop, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_record_in_the_middle_is_reported_and_the_rest_is_sent()
    {
        using (DeviceOutbox outbox = Open(new OutboxLimits(SegmentBytes: 1)))
        {
            for (int i = 0; i < 5; i++)
            {
                await EnqueueAsync(outbox, $"{i}");
            }
        }

        string path = Logs("report")[2];
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        using DeviceOutbox again = Open();
        IReadOnlyList<string> taken = [.. await TakeAllAsync(again), .. await TakeAllAsync(again)];
        Assert.Equal(["0", "1", "3", "4"], taken.Take(4).Select(t => t.Split(' ')[0]));
        Assert.Contains("\"reason\":\"damaged\",\"what\":\"messages\",\"count\":1", taken[^1], StringComparison.Ordinal);
    }

    private static Measurement[] Sample(int i) => [new Measurement("level", Start.AddSeconds(i), "m", i)];

    private static Task<long> EnqueueAsync(DeviceOutbox outbox, string text, OutboxPriority priority = OutboxPriority.Report) =>
        outbox.Messages.EnqueueAsync("event", priority, sequence => Encoding.UTF8.GetBytes($"{text} {sequence}"), Token);

    private static async Task<IReadOnlyList<string>> TakeAllAsync(DeviceOutbox outbox)
    {
        List<string> taken = [];
        while (await outbox.Messages.TakeAsync(Token) is { } message)
        {
            taken.Add(Encoding.UTF8.GetString(message.Payload.Span));
        }

        return taken;
    }

    private static IEnumerable<double> Values(IEnumerable<string> payloads) => payloads.Where(p => p[0] == '[')
        .SelectMany(p => SenMLPack.Parse(Encoding.UTF8.GetBytes(p), Start).Value!.Measurements).Select(m => m.Value!.Value);

    private static async Task StepAsync(
        DeviceOutbox outbox, Random random, List<string> promised, HashSet<string> delivered, Dictionary<long, string> bySequence)
    {
        switch (random.Next(6))
        {
            case 0 or 1:
                promised.Add($"r{promised.Count}");
                await EnqueueAsync(outbox, promised[^1]);
                break;
            case 2 or 3:
                Measurement[] sample = Sample(promised.Count);
                promised.Add(promised.Count.ToString(CultureInfo.InvariantCulture));
                await outbox.Messages.AddSampleAsync(sample, Token);
                break;
            case 4:
                outbox.Messages.Rewind();
                break;
            default:
                for (int i = random.Next(6); i > 0 && await outbox.Messages.TakeAsync(Token) is { } message; i--)
                {
                    Deliver(message, delivered, bySequence);
                    if (random.Next(3) > 0)
                    {
                        outbox.Messages.Confirm(message);
                    }

                    await outbox.Messages.SettleAsync(Token);
                }

                break;
        }
    }

    private static void Deliver(OutboxMessage message, HashSet<string> delivered, Dictionary<long, string> bySequence)
    {
        string text = Encoding.UTF8.GetString(message.Payload.Span);
        Assert.Equal(text, bySequence.GetValueOrDefault(message.Sequence, text));
        bool isNew = bySequence.TryAdd(message.Sequence, text);
        string[] contents = text[0] == '[' ? [.. Values([text]).Select(v => v.ToString(CultureInfo.InvariantCulture))] : [text.Split(' ')[0]];
        Assert.All(contents, c => Assert.Equal(isNew, delivered.Add(c)));
    }

    private DeviceOutbox Open(OutboxLimits? limits = null) => DeviceOutbox.Open(Folder, "aoba", "d", limits);

    private string[] Logs(string lane) => [.. Directory.GetFiles(Path.Combine(Folder, "messages", lane), "*.log").Order(StringComparer.Ordinal)];

    private void CopyTo(string name) => Copy(Folder, Path.Combine(_root, name));

    private void Restore(string name)
    {
        Directory.Delete(Folder, recursive: true);
        Copy(Path.Combine(_root, name), Folder);
    }

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        Directory.CreateDirectory(to);
        foreach (string folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "lock"))
        {
            using FileStream source = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using FileStream target = File.Create(Path.Combine(to, Path.GetRelativePath(from, file)));
            source.CopyTo(target);
        }
    }
}
