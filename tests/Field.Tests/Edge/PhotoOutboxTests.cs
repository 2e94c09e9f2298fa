using Field.Contracts;
using Field.EdgeAgent.Outbox;

namespace Field.Tests.Edge;

public sealed class PhotoOutboxTests : IDisposable
{
    private readonly EdgeBench _bench = new();

    private string JournalFile => Path.Combine(_bench.OutboxFolder, "journal");

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Sequence_over_many_restarts_and_torn_writes_never_repeats()
    {
        Random random = new(42);
        long last = 0;
        for (int run = 0; run < 60; run++)
        {
            using (DeviceOutbox outbox = _bench.OpenOutbox())
            {
                for (int i = random.Next(0, 2 * DeviceOutbox.SequenceBlock); i > 0; i--)
                {
                    long next = outbox.NextSequence();
                    Assert.True(next > last, $"{next} after {last} in run {run}");
                    last = next;
                }
            }

            // A crash in the middle of appending something new, which nobody has relied on yet.
            using FileStream file = new(JournalFile, FileMode.Append);
            file.Write(OutboxRecords.Sequence(long.MaxValue).AsSpan(0, random.Next(0, 12)));
        }
    }

    [Fact]
    public void Sequence_after_damage_to_any_byte_of_the_journal_never_repeats()
    {
        long last = 0;
        using (DeviceOutbox outbox = _bench.OpenOutbox())
        {
            for (int i = 0; i < 3 * DeviceOutbox.SequenceBlock; i++)
            {
                last = outbox.NextSequence();
            }
        }

        byte[] whole = File.ReadAllBytes(JournalFile);
        for (int at = 8; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x01;
            File.WriteAllBytes(JournalFile, damaged);
            using DeviceOutbox outbox = _bench.OpenOutbox();
            Assert.True(outbox.NextSequence() > last, $"byte {at}");
        }
    }

    [Fact]
    public void Sequence_starts_at_one() => Assert.Equal(1, NewOutboxSequence());

    [Fact]
    public void Photo_receipt_and_gone_survive_a_restart()
    {
        using (DeviceOutbox outbox = _bench.OpenOutbox())
        {
            outbox.Photos.Add(File_("a"), Manifest('a'), out _);
            outbox.Photos.MarkStored(outbox.Photos.Add(File_("b"), Manifest('b'), out _));
            outbox.Photos.MarkGone(outbox.Photos.Add(File_("c"), Manifest('c'), out _));
        }

        using DeviceOutbox again = _bench.OpenOutbox();
        Assert.Equal(Manifest('a'), Assert.Single(again.Photos.Waiting).Manifest);
        Assert.Equal(PhotoState.Stored, again.Photos.Find(File_("b"))!.State);
        Assert.Equal(PhotoState.Gone, again.Photos.Find(File_("c"))!.State);
        Assert.Null(again.Photos.Find(File_("a") with { SizeBytes = 8 }));
    }

    [Fact]
    public void Outbox_torn_at_every_byte_of_the_last_receipt_keeps_the_photo_waiting_or_stored_and_never_loses_it()
    {
        using (DeviceOutbox outbox = _bench.OpenOutbox())
        {
            outbox.Photos.MarkStored(outbox.Photos.Add(File_("a"), Manifest('a'), out _));
        }

        byte[] whole = File.ReadAllBytes(JournalFile);
        int receiptBytes = Journal.FrameBytes + OutboxRecords.Receipt(Manifest('a').PhotoId).Length;
        for (int cut = 1; cut <= receiptBytes; cut++)
        {
            File.WriteAllBytes(JournalFile, whole[..^cut]);
            using DeviceOutbox outbox = _bench.OpenOutbox();
            Assert.Equal(PhotoState.Waiting, outbox.Photos.Find(File_("a"))!.State);
        }
    }

    [Fact]
    public void Compaction_keeps_the_state_and_shrinks_the_journal()
    {
        using (DeviceOutbox outbox = _bench.OpenOutbox())
        {
            outbox.Photos.MarkStored(outbox.Photos.Add(File_("b"), Manifest('b'), out _));
            for (int i = 0; i < 400; i++)
            {
                outbox.Photos.Add(File_("a") with { ModifiedTicks = i }, Manifest('a'), out _);
            }
        }

        long before = new FileInfo(JournalFile).Length;
        _bench.OpenOutbox().Dispose();
        Assert.InRange(new FileInfo(JournalFile).Length, 1, before / 50);
        using DeviceOutbox again = _bench.OpenOutbox();
        Assert.Equal(PhotoState.Stored, again.Photos.Find(File_("b"))!.State);
        Assert.Equal(PhotoState.Waiting, again.Photos.Find(File_("a") with { ModifiedTicks = 399 })!.State);
        Assert.Single(Assert.Single(again.Photos.Waiting).Sources);
    }

    [Fact]
    public void Photo_replaced_in_its_only_file_before_the_receipt_is_reported_lost()
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        OutboxPhoto first = outbox.Photos.Add(File_("a"), Manifest('a'), out _);
        outbox.Photos.Add(File_("a") with { ModifiedTicks = 9 }, Manifest('b'), out OutboxPhoto? lost);
        Assert.Same(first, lost);
        Assert.Equal(Manifest('b'), Assert.Single(outbox.Photos.Waiting).Manifest);
    }

    [Fact]
    public void Photo_replaced_in_one_of_two_files_is_not_lost()
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        outbox.Photos.Add(File_("a"), Manifest('a'), out _);
        outbox.Photos.Add(File_("copy"), Manifest('a'), out _);
        outbox.Photos.Add(File_("a") with { ModifiedTicks = 9 }, Manifest('b'), out OutboxPhoto? lost);
        Assert.Null(lost);
        Assert.Equal(2, outbox.Photos.Waiting.Count);
    }

    [Fact]
    public void Photo_that_was_gone_and_came_back_waits_again()
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        outbox.Photos.MarkGone(outbox.Photos.Add(File_("a"), Manifest('a'), out _));
        outbox.Photos.Add(File_("b"), Manifest('a'), out _);
        Assert.Single(outbox.Photos.Waiting);
    }

    [Fact]
    public void Outbox_of_another_device_is_refused()
    {
        _bench.OpenOutbox().Dispose();
        FieldException e = Assert.Throws<FieldException>(() => DeviceOutbox.Open(_bench.OutboxFolder, "aoba", "drone-02"));
        Assert.Contains("aoba/drone-01", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outbox_in_use_is_refused_until_it_is_closed()
    {
        using (_bench.OpenOutbox())
        {
            Assert.True(Assert.Throws<FieldException>(_bench.OpenOutbox).IsTransient);
        }

        _bench.OpenOutbox().Dispose();
    }

    [Fact]
    public void Record_of_a_newer_agent_is_refused_and_not_cut_off()
    {
        _bench.OpenOutbox().Dispose();
        using (Journal journal = Journal.Open(JournalFile, "FIELDOB1"u8, _ => { }))
        {
            journal.Append("Z{}"u8.ToArray());
        }

        byte[] before = File.ReadAllBytes(JournalFile);
        Assert.Throws<FieldException>(_bench.OpenOutbox);
        Assert.Equal(before, File.ReadAllBytes(JournalFile));
    }

    private static SourceFile File_(string name) => new($"/card/{name}.jpg", 7, 5);

    private static PhotoManifest Manifest(char id) => new(
        new string(id, 64), $"{id}.jpg", 7, 262_144, new GeoPoint(138.3, 34.8, 12.5), Golden, true, new CameraMetadata { Make = "橋", FocalMm = 3.61 });

    private static readonly DateTimeOffset Golden = new(2026, 5, 11, 9, 30, 0, TimeSpan.FromHours(9));

    private long NewOutboxSequence()
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        return outbox.NextSequence();
    }
}
