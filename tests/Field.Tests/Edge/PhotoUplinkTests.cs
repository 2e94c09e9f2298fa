using System.Globalization;
using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Uplink;

namespace Field.Tests.Edge;

/// <summary>The conversation of SPEC.md section 7, against a server in memory and every way the line can break.</summary>
public sealed class PhotoUplinkTests : IDisposable
{
    private const int Chunk = 262_144;

    private readonly EdgeBench _bench = new();
    private readonly List<UploadEvent> _events = [];

    private FakeServer Server => _bench.Server;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Photos_are_stored_byte_for_byte_and_remembered()
    {
        string[] ids = [.. Enumerable.Range(0, 7).Select(i => _bench.AddPhoto($"DCIM/{i}.JPG", 1 + (i * 150_000), i))];
        using (DeviceOutbox outbox = _bench.OpenOutbox())
        {
            await _bench.SendAllAsync(outbox, _events);
        }

        Assert.Equal(ids.Order(), Server.Stored.Keys.Order());
        Assert.All(Directory.GetFiles(_bench.Card, "*.JPG", SearchOption.AllDirectories), f => Assert.Contains(File.ReadAllBytes(f), Server.Stored.Values));
        using DeviceOutbox again = _bench.OpenOutbox();
        Assert.Empty(again.Photos.Waiting);
        int before = Server.Log.Count;
        await _bench.SendAllAsync(again, _events);
        Assert.Equal(before, Server.Log.Count);
    }

    [Fact]
    public async Task Status_is_online_first_and_offline_last_and_the_will_is_newer_than_online()
    {
        _bench.AddPhoto("a.jpg", 10);
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, _events);
        Assert.Equal([true, false], Server.Statuses.Select(s => s.Online));
        UpTopic topic = new("aoba", "drone-01", UpChannel.Status);
        Assert.Equal(Topics.Status("aoba", "drone-01"), _bench.Links.Will.Topic);
        DeviceMessage<DeviceStatus> will = DeviceStatus.Parse(_bench.Links.Will.Payload, topic).Value!;
        Assert.False(will.Body.Online);
        Assert.InRange(will.Envelope.Sequence!.Value, Server.Sequences[0] + 1, Server.Sequences[1] - 1);
    }

    [Theory]
    [InlineData(Fault.LoseBefore)]
    [InlineData(Fault.LoseAfter)]
    public async Task Line_that_breaks_at_every_message_loses_nothing_and_resends_only_what_is_missing(object fault)
    {
        string id = _bench.AddPhoto("a.jpg", (5 * Chunk) + 17);
        for (int breakAt = 1; breakAt <= 8; breakAt++)
        {
            FakeServer server = new();
            FakeLinks links = new(server);
            int seen = 0;
            server.Script = t => t.Channel != UpChannel.Status && ++seen == breakAt ? (Fault)fault : Fault.None;
            using (DeviceOutbox outbox = DeviceOutbox.Open($"{_bench.OutboxFolder}{breakAt}", "aoba", "drone-01"))
            {
                await _bench.SendAllAsync(outbox, _events, EdgeBench.Uplink with { ChunksInFlight = 1 }, links: links);
                Assert.Empty(outbox.Photos.Waiting);
            }

            Assert.Equal(id, Assert.Single(server.Stored).Key);
            Assert.Equal(Enumerable.Range(0, 6), server.Chunks(id).Order()); // each chunk taken exactly once
            Assert.Equal(breakAt <= 7 ? 2 : 1, links.Opened);
        }
    }

    [Fact]
    public async Task Line_that_breaks_again_and_again_with_many_photos_delivers_each_once()
    {
        string[] ids = [.. Enumerable.Range(0, 12).Select(i => _bench.AddPhoto($"{i:00}.jpg", Chunk + (i * 40_000), i))];
        Random random = new(11);
        Server.Script = _ => random.Next(12) switch
        {
            0 => Fault.LoseBefore,
            1 => Fault.LoseAfter,
            _ => Fault.None,
        };
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, _events);
        Assert.Equal(ids.Order(), Server.Stored.Keys.Order());
        Assert.Equal(12, _events.OfType<UploadEvent.Stored>().Select(s => s.Photo.PhotoId).Distinct().Count());
        Assert.True(_bench.Links.Opened > 2);
    }

    [Fact]
    public async Task Restart_of_the_agent_in_the_middle_continues_with_the_missing_chunks()
    {
        string id = _bench.AddPhoto("a.jpg", 8 * Chunk);
        using CancellationTokenSource kill = new();
        int chunks = 0;
        Server.Script = t =>
        {
            if (t.Channel == UpChannel.PhotoChunk && ++chunks == 4)
            {
                kill.Cancel();
            }

            return Fault.None;
        };
        await _bench.RunAsync(stop: kill.Token);
        int[] first = [.. Server.Chunks(id)];
        Assert.InRange(first.Length, 4, 7);
        Server.Script = _ => Fault.None;
        Assert.Equal(0, await _bench.RunAsync());
        Assert.Equal(Enumerable.Range(0, 8), Server.Chunks(id).Order());
        Assert.Equal(2, Server.Manifests(id));
    }

    [Fact]
    public async Task Server_that_is_not_there_yet_is_tried_again_until_it_is()
    {
        _bench.AddPhoto("a.jpg", 10);
        _bench.Links.FailingOpens = 5;
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, _events);
        Assert.Equal(5, _events.OfType<UploadEvent.Disconnected>().Count());
        Assert.Single(Server.Stored);
    }

    [Fact]
    public async Task No_receipt_for_thirty_seconds_sends_the_manifest_again()
    {
        string id = _bench.AddPhoto("a.jpg", 10);
        ManualTime time = new();
        bool ignored = false;
        Server.Script = t => t.Channel == UpChannel.PhotoManifest && !ignored && (ignored = true) ? Fault.Ignore : Fault.None;
        using DeviceOutbox outbox = _bench.OpenOutbox();
        Task sending = _bench.SendAllAsync(outbox, _events, time: time);
        await time.TimerDueInAsync(PhotoConversation.ProgressLimit, TestContext.Current.CancellationToken);
        time.Advance(PhotoConversation.ProgressLimit - TimeSpan.FromTicks(1));
        Assert.Empty(Server.Stored);
        time.Advance(TimeSpan.FromTicks(1));
        await sending;
        Assert.Equal(id, Assert.Single(Server.Stored).Key);
    }

    [Fact]
    public async Task Chunks_in_flight_stay_within_the_window()
    {
        for (int i = 0; i < 3; i++)
        {
            _bench.AddPhoto($"{i}.jpg", 10 * Chunk, i);
        }

        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, _events, EdgeBench.Uplink with { ChunksInFlight = 4 });
        Assert.Equal(3, Server.Stored.Count);
        Assert.InRange(_bench.Links.MostInFlight, 2, 4);
    }

    [Fact]
    public async Task Photo_the_server_has_from_elsewhere_is_a_duplicate_and_no_chunk_is_sent()
    {
        string id = _bench.AddPhoto("a.jpg", 10);
        Server.Stored.Add(id, File.ReadAllBytes(Path.Combine(_bench.Card, "a.jpg")));
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, _events);
        Assert.True(Assert.Single(_events.OfType<UploadEvent.Stored>()).Duplicate);
        Assert.Empty(Server.Chunks(id));
    }

    [Fact]
    public async Task Bytes_damaged_on_the_way_are_sent_once_more()
    {
        string id = _bench.AddPhoto("a.jpg", 2 * Chunk);
        bool damaged = false;
        Server.Script = t => t.Channel == UpChannel.PhotoChunk && !damaged && (damaged = true) ? Fault.Corrupt : Fault.None;
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, _events);
        Assert.Equal(id, Assert.Single(Server.Stored).Key);
        Assert.Empty(_events.OfType<UploadEvent.Rejected>());
    }

    [Fact]
    public async Task Photo_rejected_twice_is_reported_and_stays_in_the_outbox()
    {
        _bench.AddPhoto("a.jpg", Chunk);
        string good = _bench.AddPhoto("b.jpg", Chunk, 2);
        string? bad = null;
        Server.Script = t =>
        {
            bad ??= t.PhotoId;
            return t.Channel == UpChannel.PhotoChunk && t.PhotoId != good ? Fault.Corrupt : Fault.None;
        };
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, _events);
        Assert.Equal(good, Assert.Single(Server.Stored).Key);
        Assert.Equal(ErrorCodes.HashMismatch, Assert.Single(_events.OfType<UploadEvent.Rejected>()).Reason);
        Assert.NotEqual(good, Assert.Single(outbox.Photos.Waiting).PhotoId);
    }

    [Fact]
    public async Task Manifest_refused_for_good_is_a_rejection_and_the_others_go_on()
    {
        string refused = _bench.AddPhoto("a.jpg", 10);
        _bench.AddPhoto("b.jpg", 10, 2);
        Server.Script = t => t.PhotoId == refused ? Fault.Refuse : Fault.None;
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, _events);
        Assert.Equal("payload format invalid", Assert.Single(_events.OfType<UploadEvent.Rejected>()).Reason);
        Assert.Single(Server.Stored);
    }

    [Fact]
    public async Task Chunk_refused_again_and_again_ends_as_a_rejection_and_not_in_a_loop()
    {
        _bench.AddPhoto("a.jpg", 10);
        ManualTime time = new();
        Server.Script = t => t.Channel == UpChannel.PhotoChunk ? Fault.Refuse : Fault.None;
        using DeviceOutbox outbox = _bench.OpenOutbox();
        Task sending = _bench.SendAllAsync(outbox, _events, time: time);
        while (!sending.IsCompleted)
        {
            Task waiting = time.TimerDueInAsync(PhotoConversation.ProgressLimit, TestContext.Current.CancellationToken);
            await Task.WhenAny(waiting, sending);
            time.Advance(PhotoConversation.ProgressLimit);
        }

        await sending;
        Assert.Single(_events.OfType<UploadEvent.Rejected>());
    }

    [Fact]
    public async Task Receipt_stored_with_another_size_is_not_believed()
    {
        _bench.AddPhoto("a.jpg", 10);
        int lies = 0;
        Server.Twist = r => r.Outcome == ReceiptOutcome.Stored && lies++ == 0 ? r with { SizeBytes = 9 } : null;
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, _events);
        Assert.Equal(2, lies);
        Assert.Empty(outbox.Photos.Waiting);
    }

    [Fact]
    public async Task File_changed_between_hashing_and_sending_is_sent_as_it_is_now()
    {
        string before = _bench.AddPhoto("a.jpg", 3 * Chunk);
        string? after = null;
        Server.Script = t =>
        {
            if (t.Channel == UpChannel.Status && after is null)
            {
                after = _bench.AddPhoto("a.jpg", 2 * Chunk, seed: 99);
            }

            return Fault.None;
        };
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, _events);
        Assert.Equal(after, Assert.Single(Server.Stored).Key);
        Assert.Equal(before, Assert.Single(_events.OfType<UploadEvent.Lost>()).Photo.PhotoId);
        Assert.Empty(outbox.Photos.Waiting);
    }

    [Fact]
    public async Task File_changed_without_a_trace_in_size_or_time_is_found_by_the_rejection()
    {
        _bench.AddPhoto("a.jpg", 2 * Chunk);
        string? after = null;
        Server.Script = t =>
        {
            after ??= t.Channel == UpChannel.PhotoChunk ? _bench.AddPhoto("a.jpg", 2 * Chunk, seed: 99) : null;
            return Fault.None;
        };
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, _events, EdgeBench.Uplink with { ChunksInFlight = 1 });
        Assert.Equal(after, Assert.Single(Server.Stored).Key);
        Assert.Single(_events.OfType<UploadEvent.Changed>());
    }

    [Fact]
    public async Task File_that_was_only_touched_is_sent_without_being_called_lost()
    {
        string id = _bench.AddPhoto("a.jpg", 10);
        bool touched = false;
        Server.Script = t =>
        {
            if (t.Channel == UpChannel.Status && !touched)
            {
                touched = true;
                File.SetLastWriteTimeUtc(Path.Combine(_bench.Card, "a.jpg"), new DateTime(2026, 5, 9, 0, 0, 0, DateTimeKind.Utc));
            }

            return Fault.None;
        };
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, _events);
        Assert.Equal(id, Assert.Single(Server.Stored).Key);
        Assert.Empty(_events.OfType<UploadEvent.Lost>());
    }

    [Fact]
    public async Task File_that_disappears_before_it_is_sent_is_reported_and_the_others_go_on()
    {
        _bench.AddPhoto("a.jpg", 10);
        string other = _bench.AddPhoto("b.jpg", 10, 2);
        Server.Script = t =>
        {
            File.Delete(Path.Combine(_bench.Card, "a.jpg"));
            return Fault.None;
        };
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, _events);
        Assert.Equal(other, Assert.Single(Server.Stored).Key);
        Assert.Single(_events.OfType<UploadEvent.Lost>());
    }

    [Fact]
    public void Backoff_grows_to_its_limit_with_jitter_and_starts_again_after_a_success()
    {
        Backoff backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), new Random(5));
        double[] seconds = [.. Enumerable.Range(0, 40).Select(_ => backoff.Next().TotalSeconds)];
        for (int i = 0; i < seconds.Length; i++)
        {
            double limit = Math.Min(60, Math.Pow(2, i));
            Assert.True(seconds[i] >= limit / 4 && seconds[i] <= limit, seconds[i].ToString(CultureInfo.InvariantCulture));
        }

        Assert.True(seconds.Skip(10).Distinct().Count() > 20);
        backoff.Reset();
        Assert.InRange(backoff.Next().TotalSeconds, 0.25, 1);
    }
}
