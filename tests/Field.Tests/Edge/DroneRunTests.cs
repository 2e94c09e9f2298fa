using System.Text.Json;
using Field.Contracts;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.View;

namespace Field.Tests.Edge;

/// <summary>The command from the card to its exit code.</summary>
public sealed class DroneRunTests : IDisposable
{
    private const int Chunk = 262_144;

    private readonly EdgeBench _bench = new();

    private FakeServer Server => _bench.Server;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Once_sends_everything_and_says_so_in_figures()
    {
        _bench.AddPhoto("DCIM/100MEDIA/DJI_0001.JPG", Chunk + 1);
        _bench.AddPhoto("DCIM/100MEDIA/DJI_0002.jpeg", 500, 2);
        _bench.AddPhoto("DCIM/copy.jpg", 500, 2);
        _bench.AddFile("DCIM/100MEDIA/DJI_0003.MP4", [1]);
        _bench.AddFile("DCIM/100MEDIA/._DJI_0001.JPG", [1]);
        _bench.AddFile("README", [1]);
        Assert.Equal(ExitCodes.Ok, await _bench.RunAsync());
        Assert.Equal(2, Server.Stored.Count);
        using JsonDocument summary = JsonDocument.Parse(File.ReadAllBytes(_bench.SummaryFile));
        string[] figures =
        [
            .. summary.RootElement.EnumerateObject().Where(p => p.Name != "seconds").Select(p => $"{p.Name}={p.Value}"),
        ];
        Assert.Equal(
            ["photosFound=3", "photosSent=2", "photosStored=3", "duplicates=1", "rejected=0", "unreadable=0", $"bytesSent={Chunk + 501}", $"bytesStored={Chunk + 501}", "thumbnailsSent=0"],
            figures);
        Assert.Contains("Files that are no photos are not sent: 1 without extension, 1 .JPG, 1 .MP4", _bench.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("stored   DCIM/100MEDIA/DJI_0001.JPG (262.1 kB)".Replace("262.1 kB", "0.3 MB", StringComparison.Ordinal), _bench.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("3 photos: 3 stored (2 sent now, 1 duplicates), 0 refused, 0 unreadable.", _bench.Output.ToString(), StringComparison.Ordinal);
        Assert.Empty(_bench.Errors.ToString());
    }

    [Fact]
    public async Task Once_again_sends_nothing_and_does_not_need_the_server()
    {
        _bench.AddPhoto("a.jpg", 10);
        await _bench.RunAsync();
        _bench.Links.FailingOpens = int.MaxValue;
        Assert.Equal(ExitCodes.Ok, await _bench.RunAsync());
        Assert.Single(Server.Chunks(Server.Stored.Keys.Single()));
    }

    [Fact]
    public async Task Japanese_run_reads_as_Japanese()
    {
        _bench.AddPhoto("a.jpg", 10);
        _bench.AddFile("b.jpg", []);
        Assert.Equal(ExitCodes.SomeFailed, await _bench.RunAsync(japanese: true));
        string said = _bench.Output.ToString();
        Assert.Contains("読取     a.jpg", said, StringComparison.Ordinal);
        Assert.Contains("送信中   a.jpg", said, StringComparison.Ordinal);
        Assert.Contains("保存済み a.jpg", said, StringComparison.Ordinal);
        Assert.Contains("写真 2 枚：保存済み 1 枚", said, StringComparison.Ordinal);
        Assert.Contains("未送信   b.jpg: ファイルが空（0 バイト）です。", _bench.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rejected_photo_ends_with_its_name_and_a_code_that_is_not_zero()
    {
        _bench.AddPhoto("a.jpg", 10);
        Server.Script = t => t.Channel == UpChannel.PhotoManifest ? Fault.Refuse : Fault.None;
        Assert.Equal(ExitCodes.SomeFailed, await _bench.RunAsync());
        Assert.Contains("not sent a.jpg: the server refused it", _bench.Errors.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_bench.Card, "a.jpg")));
    }

    [Fact]
    public async Task Folder_that_is_missing_is_one_sentence()
    {
        Assert.Equal(ExitCodes.CannotStart, await _bench.RunAsync(_bench.Options with { Flight = "/no/such/card" }));
        Assert.Equal("The folder /no/such/card does not exist. Is the card inserted? Check --flight.\n", _bench.Errors.ToString());
    }

    [Fact]
    public async Task Folder_without_photos_is_one_sentence()
    {
        _bench.AddFile("a.txt", [1]);
        Assert.Equal(ExitCodes.CannotStart, await _bench.RunAsync());
        Assert.Contains("holds no photos", _bench.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outbox_in_use_is_one_sentence()
    {
        _bench.AddPhoto("a.jpg", 10);
        using DeviceOutbox other = _bench.OpenOutbox();
        Assert.Equal(ExitCodes.CannotStart, await _bench.RunAsync());
        Assert.Contains("another agent is using the outbox", _bench.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outbox_that_cannot_be_written_is_one_sentence()
    {
        _bench.AddPhoto("a.jpg", 10);
        File.WriteAllText(_bench.OutboxFolder, "a file where the folder should be");
        Assert.Equal(ExitCodes.CannotStart, await _bench.RunAsync());
        Assert.Contains("cannot be written", _bench.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_deleted_by_default()
    {
        _bench.AddPhoto("a.jpg", 10);
        await _bench.RunAsync();
        Assert.True(File.Exists(Path.Combine(_bench.Card, "a.jpg")));
    }

    [Fact]
    public async Task Nothing_is_deleted_before_the_receipt_is_in_the_journal()
    {
        string id = _bench.AddPhoto("a.jpg", 2 * Chunk);
        string path = Path.Combine(_bench.Card, "a.jpg");
        int seen = 0;
        Server.Script = t =>
        {
            seen += File.Exists(path) ? 1 : 0;
            return t.Channel == UpChannel.PhotoChunk && seen % 3 == 0 ? Fault.LoseAfter : Fault.None;
        };
        Server.Twist = r =>
        {
            Assert.True(File.Exists(path));
            return null;
        };
        Assert.Equal(ExitCodes.Ok, await _bench.RunAsync(_bench.Options with { DeleteAfterReceipt = true }));
        Assert.True(seen > 3);
        Assert.False(File.Exists(path));
        Assert.True(Server.Stored.ContainsKey(id));
        using DeviceOutbox outbox = _bench.OpenOutbox();
        Assert.Empty(outbox.Photos.Waiting);
    }

    [Fact]
    public async Task File_that_is_no_longer_the_confirmed_photo_is_not_deleted()
    {
        _bench.AddPhoto("a.jpg", 10);
        Server.Twist = r =>
        {
            if (r.Outcome == ReceiptOutcome.Stored)
            {
                _bench.AddPhoto("a.jpg", 10, seed: 77); // same size, same time, other bytes
            }

            return null;
        };
        await _bench.RunAsync(_bench.Options with { DeleteAfterReceipt = true });
        Assert.True(File.Exists(Path.Combine(_bench.Card, "a.jpg")));
        Assert.Contains("not deleted", _bench.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Photos_confirmed_in_an_earlier_run_are_deleted_when_that_is_asked_for_later()
    {
        _bench.AddPhoto("a.jpg", 10);
        await _bench.RunAsync();
        Assert.Equal(ExitCodes.Ok, await _bench.RunAsync(_bench.Options with { DeleteAfterReceipt = true }));
        Assert.False(File.Exists(Path.Combine(_bench.Card, "a.jpg")));
    }

    [Fact]
    public async Task Stopped_run_says_how_many_are_kept()
    {
        _bench.AddPhoto("a.jpg", 10);
        using CancellationTokenSource stop = new();
        Server.Script = t =>
        {
            stop.Cancel();
            return Fault.Ignore;
        };
        Assert.Equal(ExitCodes.Stopped, await _bench.RunAsync(stop: stop.Token));
        Assert.Contains("1 photos are kept and continue the next time.", _bench.Errors.ToString(), StringComparison.Ordinal);
        Server.Script = _ => Fault.None;
        Assert.Equal(ExitCodes.Ok, await _bench.RunAsync());
    }

    [Fact]
    public async Task Server_that_never_answers_ends_once_with_a_sentence()
    {
        _bench.AddPhoto("a.jpg", 10);
        _bench.Links.FailingOpens = int.MaxValue;
        ManualTime time = new();
        Task<int> run = _bench.RunAsync(time: time);
        await _bench.Links.FailedOnce.Task;
        for (int second = 0; second < 301 && !run.IsCompleted; second++)
        {
            Task due = time.TimerDueInAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            await Task.WhenAny(due, run);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(ExitCodes.NotSent, await run);
        Assert.Contains("does not answer", _bench.Errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("cannot be reached", _bench.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Photo_of_another_card_waits_for_it_without_failing_this_run()
    {
        string other = Path.Combine(_bench.Card, "..", "other");
        Directory.CreateDirectory(other);
        File.WriteAllBytes(Path.Combine(other, "x.jpg"), [1, 2, 3]);
        File.SetLastWriteTimeUtc(Path.Combine(other, "x.jpg"), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using (CancellationTokenSource stop = new())
        {
            Server.Script = t =>
            {
                stop.Cancel();
                return Fault.Ignore;
            };
            await _bench.RunAsync(_bench.Options with { Flight = other }, stop.Token);
        }

        Directory.Move(other, other + "-out");
        Server.Script = _ => Fault.None;
        _bench.AddPhoto("a.jpg", 10);
        Assert.Equal(ExitCodes.Ok, await _bench.RunAsync());
        Assert.Single(Server.Stored);
        Directory.Move(other + "-out", other);
        Assert.Equal(ExitCodes.Ok, await _bench.RunAsync());
        Assert.Equal(2, Server.Stored.Count);
    }

    [Fact]
    public async Task Watching_takes_up_a_photo_that_arrives_later_once_it_has_stopped_growing()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        ManualTime time = new();
        TaskCompletionSource online = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Script = t =>
        {
            online.TrySetResult();
            return Fault.None;
        };
        Server.Twist = r =>
        {
            _ = r.Outcome == ReceiptOutcome.Stored && stored.TrySetResult();
            return null;
        };
        Task<int> run = _bench.RunAsync(_bench.Options with { Once = false }, stop.Token, time: time);
        await online.Task;
        string path = Path.Combine(_bench.Card, "late.jpg");
        string aside = _bench.SummaryFile + ".tmp";
        File.WriteAllBytes(aside, [1, 2, 3]);
        File.SetLastWriteTimeUtc(aside, time.GetUtcNow().UtcDateTime); // just being written, by the run's clock
        File.Move(aside, path);
        while (!stored.Task.IsCompleted)
        {
            await Task.WhenAny(
                time.TimerDueInAsync(TimeSpan.FromSeconds(1), stop.Token), time.TimerDueInAsync(TimeSpan.FromSeconds(10), stop.Token), stored.Task);
            if (time.GetUtcNow() < File.GetLastWriteTimeUtc(path) + TimeSpan.FromSeconds(1))
            {
                Assert.Empty(Server.Stored);
            }

            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Ok, await run);
        Assert.Equal([1, 2, 3], Assert.Single(Server.Stored).Value);
    }

    [Theory]
    [InlineData("http://x", "aoba", "drone-01", 1)]
    [InlineData("mqtt://", "Aoba", "live", 3)]
    [InlineData("ws://h/mqtt", "aoba", "drone-01", 0)]
    public void Options_tell_all_their_errors_at_once(string broker, string site, string device, int errors) =>
        Assert.Equal(errors, (_bench.Options with { Broker = broker, Site = site, Device = device }).Errors(new Texts(true)).Count);

    [Theory]
    [InlineData("Panasonic FZ-G2.local", "drone-panasonic-fz-g2-local")]
    [InlineData("", "drone")]
    [InlineData("橋梁点検タブレットのとても長い名前のものであるからして", "drone")]
    public void Device_name_of_any_machine_is_a_device_id(string machine, string expected)
    {
        Assert.Equal(expected, DroneOptions.DeviceName("drone", machine));
        Assert.True(Ids.IsDevice(DroneOptions.DeviceName("drone", machine)));
    }

    [Theory]
    [InlineData("en", "ja_JP.UTF-8", "reading ")]
    [InlineData(null, "ja_JP.UTF-8", "読取    ")]
    [InlineData(null, "C.UTF-8", "reading ")]
    [InlineData(null, null, "reading ")]
    public void Language_is_the_asked_for_else_that_of_the_environment(string? asked, string? lang, string expected) =>
        Assert.Equal(expected, Texts.For(asked, name => name == "LANG" ? lang : null).Reading);
}
