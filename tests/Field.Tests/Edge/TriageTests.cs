using Field.Contracts;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Photos;
using Field.EdgeAgent.Triage;
using Field.EdgeAgent.Uplink;
using Field.Gdal;
using Field.Vision.Eval;

namespace Field.Tests.Edge;

/// <summary>Which photo goes first, and that looking at photos never costs one.</summary>
public sealed class TriageTests : IDisposable
{
    private readonly EdgeBench _bench = new();
    private readonly List<UploadEvent> _events = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Queue_gives_begun_then_high_then_unscored_then_low_and_the_highest_first()
    {
        SendQueue queue = new();
        OutboxPhoto begun = Photo(9, 0.0);
        queue.Add(begun);
        Assert.Same(begun, await queue.TakeAsync(_ => true, Stop));
        OutboxPhoto[] expected =
        [
            begun, Photo(8, 0.97), Photo(1, 0.8), Photo(3, 0.8), Photo(7, SendOrder.High), Photo(2, null), Photo(4, null, isTriaged: true), Photo(5, 0.49), Photo(0, 0.0),
            Photo(6, 0.0),
        ];
        Array.ForEach(expected, p => { if (p != begun) { queue.Add(p); } });
        queue.Return(begun);
        foreach (OutboxPhoto photo in expected)
        {
            Assert.Equal(photo.Ordinal, (await queue.TakeAsync(_ => true, Stop))!.Ordinal);
        }
    }

    [Fact]
    public async Task Photo_given_back_because_of_a_stop_is_not_taken_up_by_another_sender()
    {
        SendQueue queue = new();
        OutboxPhoto photo = Photo(0, null);
        queue.Add(photo);
        Assert.Same(photo, await queue.TakeAsync(_ => true, Stop));
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        queue.Return(photo);
        await Assert.ThrowsAsync<OperationCanceledException>(() => queue.TakeAsync(_ => true, stop.Token));
        Assert.Same(photo, await queue.TakeAsync(_ => true, Stop)); // the next connection has it
    }

    [Fact]
    public async Task Score_that_comes_while_a_photo_waits_changes_its_turn()
    {
        SendQueue queue = new();
        OutboxPhoto[] photos = [Photo(0, null), Photo(1, null), Photo(2, null)];
        Array.ForEach(photos, queue.Add);
        photos[0].Triage = new PhotoTriage("m", 0);
        photos[2].Triage = new PhotoTriage("m", 0.9);
        Assert.Same(photos[2], await queue.TakeAsync(_ => true, Stop));
        Assert.Same(photos[1], await queue.TakeAsync(_ => true, Stop));
        Assert.Same(photos[0], await queue.TakeAsync(_ => true, Stop));
    }

    [Fact]
    public async Task Nothing_is_begun_before_all_that_waits_is_ready_but_what_was_begun_goes_on()
    {
        SendQueue queue = new();
        OutboxPhoto[] photos = [Photo(0, 0.1), Photo(1, 0.9), Photo(2, 0.4)];
        Array.ForEach(photos, queue.Add);
        HashSet<OutboxPhoto> ready = [photos[0]];
        Task<OutboxPhoto?> first = queue.TakeAsync(ready.Contains, Stop);
        Assert.False(first.IsCompleted);
        ready.UnionWith(photos);
        queue.Touch();
        Assert.Same(photos[1], await first);
        queue.Return(photos[1]);
        ready.Clear();
        Assert.Same(photos[1], await queue.TakeAsync(ready.Contains, Stop));
        Assert.False(queue.TakeAsync(ready.Contains, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public void Scores_survive_a_restart_and_compaction()
    {
        using (DeviceOutbox outbox = _bench.OpenOutbox())
        {
            for (int i = 0; i < 400; i++)
            {
                outbox.Photos.MarkTriaged(Add(outbox, 'a'), new PhotoTriage("m", i / 400.0));
            }

            outbox.Photos.MarkTriaged(Add(outbox, 'b'), new PhotoTriage("m", null));
            OutboxPhoto stored = Add(outbox, 'c');
            outbox.Photos.MarkStored(stored);
            outbox.Photos.MarkTriaged(stored, new PhotoTriage("m", 0.5));
        }

        string journal = Path.Combine(_bench.OutboxFolder, "journal");
        long before = new FileInfo(journal).Length;
        _bench.OpenOutbox().Dispose();
        Assert.InRange(new FileInfo(journal).Length, 1, before / 20);
        using DeviceOutbox again = _bench.OpenOutbox();
        Assert.Equal([new PhotoTriage("m", 399 / 400.0), new PhotoTriage("m", null)], again.Photos.Waiting.Select(p => p.Triage));
    }

    [Fact]
    public async Task Photos_are_sent_in_the_order_of_their_scores()
    {
        string[] ids = [.. Enumerable.Range(0, 5).Select(i => _bench.AddPhoto($"{i}.jpg", 10, i))];
        FakeModel model = new("m", path => path[^5] switch { '0' => 0.1, '1' => 0.6, '3' => 0.9, '4' => 0.3, _ => throw new GdalException("no image") });
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await TriageAsync(outbox, model);
        await _bench.SendAllAsync(outbox, _events, EdgeBench.Uplink with { PhotosInFlight = 1 });
        Assert.Equal(
            [ids[3], ids[1], ids[2], ids[4], ids[0]], _bench.Server.Log.Where(t => t.Channel == UpChannel.PhotoManifest).Select(t => t.PhotoId));
        Assert.Equal(ids.Order(), _bench.Server.Stored.Keys.Order());
    }

    [Fact]
    public async Task Photo_is_looked_at_once_by_each_model_and_a_failure_counts()
    {
        _bench.AddPhoto("a.jpg", 10);
        _bench.AddPhoto("b.jpg", 10, 2);
        FakeModel first = new("m1", p => p.EndsWith("a.jpg", StringComparison.Ordinal) ? double.NaN : throw new InvalidOperationException("x"));
        for (int run = 0; run < 2; run++)
        {
            using DeviceOutbox outbox = _bench.OpenOutbox();
            await TriageAsync(outbox, first);
            Assert.All(outbox.Photos.Waiting, p => Assert.Equal(new PhotoTriage("m1", null), p.Triage));
        }

        Assert.Equal(2, first.Looked);
        FakeModel second = new("m2", _ => 7);
        using DeviceOutbox later = _bench.OpenOutbox();
        await TriageAsync(later, second);
        Assert.Equal(2, second.Looked);
        Assert.All(later.Photos.Waiting, p => Assert.Equal(new PhotoTriage("m2", 1), p.Triage));
    }

    [Fact]
    public async Task Photo_that_takes_too_long_is_unknown_and_the_next_is_looked_at()
    {
        _bench.AddPhoto("a.jpg", 10);
        _bench.AddPhoto("b.jpg", 10, 2);
        ManualTime time = new();
        FakeModel model = new("m", _ => 0.7) { HangsOn = "a.jpg" };
        using DeviceOutbox outbox = _bench.OpenOutbox();
        Task triaging = TriageAsync(outbox, model, time);
        await time.TimerDueInAsync(TriageWorker.PhotoLimit, Stop);
        time.Advance(TriageWorker.PhotoLimit);
        await triaging;
        Assert.Equal([null, 0.7], outbox.Photos.Waiting.Select(p => p.Triage!.Score));
    }

    [Fact]
    public async Task Stop_in_the_middle_of_a_photo_ends_at_once_and_the_next_run_looks_again()
    {
        _bench.AddPhoto("a.jpg", 10);
        using CancellationTokenSource stop = new();
        FakeModel model = new("m", _ => 0.7) { HangsOn = "a.jpg" };
        using DeviceOutbox outbox = _bench.OpenOutbox();
        Task triaging = TriageAsync(outbox, model, stop: stop);
        await model.Hanging.Task.WaitAsync(Stop);
        await stop.CancelAsync();
        await triaging.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.Null(Assert.Single(outbox.Photos.Waiting).Triage);
        Assert.Empty(_events.OfType<UploadEvent.TriageEnded>());
        await TriageAsync(outbox, new FakeModel("m", _ => 0.7));
        Assert.Equal(0.7, Assert.Single(outbox.Photos.Waiting).Triage!.Score);
    }

    [Fact]
    public async Task Model_computes_at_the_lowest_priority()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "priorities of threads are Linux");
        _bench.AddPhoto("a.jpg", 10);
        string niceness = "";
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await TriageAsync(outbox, new FakeModel("m", _ =>
        {
            string stat = File.ReadAllText("/proc/thread-self/stat"); // proc(5): field 19, counted behind the name in brackets
            niceness = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16];
            return 0;
        }));
        Assert.Equal("19", niceness);
    }

    [Fact]
    public async Task File_that_changes_while_it_is_looked_at_gets_no_score()
    {
        _bench.AddPhoto("a.jpg", 10);
        FakeModel model = new("m", path =>
        {
            File.AppendAllText(path, "more");
            return 0.9;
        });
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await TriageAsync(outbox, model);
        Assert.Null(Assert.Single(outbox.Photos.Waiting).Triage);
    }

    [Fact]
    public async Task Model_that_cannot_be_used_is_told_once_and_everything_is_sent()
    {
        _bench.AddPhoto("a.jpg", 10);
        _bench.AddPhoto("b.jpg", 10, 2);
        Assert.Equal(ExitCodes.Ok, await _bench.RunAsync(_bench.Options with { Triage = "/no/such/card.json" }));
        Assert.Equal(2, _bench.Server.Stored.Count);
        string said = Assert.Single(_bench.Errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), l => l.Contains("--triage", StringComparison.Ordinal));
        Assert.Contains("/no/such/card.json", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Crack_in_a_large_photo_scores_higher_than_plain_concrete()
    {
        using ITriageModel model = VisionTriage.Load(Path.Combine(SharedData.RepositoryRoot(), "models", "crack-v1.json"));
        double cracked = Score(model, new CrackScene(2304, 1728, seed: 4).WithCrack(9).Image);
        double plain = Score(model, new CrackScene(2304, 1728, seed: 5).Image);
        Assert.InRange(cracked, SendOrder.High, 1);
        Assert.InRange(plain, 0, cracked - 0.1);
    }

    private double Score(ITriageModel model, RasterImage image)
    {
        string path = Path.Combine(_bench.Card, "scene.jpg");
        File.WriteAllBytes(path, Images.EncodeJpeg(image, 90));
        return model.Score(path, Stop);
    }

    private static OutboxPhoto Photo(long ordinal, double? score, bool isTriaged = false) =>
        new(Manifest((char)('a' + ordinal)), ordinal) { Triage = score is null && !isTriaged ? null : new PhotoTriage("m", score) };

    private static OutboxPhoto Add(DeviceOutbox outbox, char id) => outbox.Photos.Add(new SourceFile($"/card/{id}.jpg", 7, 5), Manifest(id), out _);

    private static PhotoManifest Manifest(char id) => new(new string(id, 64), $"{id}.jpg", 7, 262_144, null, null, false, new CameraMetadata());

    private async Task TriageAsync(DeviceOutbox outbox, ITriageModel model, TimeProvider? time = null, CancellationTokenSource? stop = null)
    {
        SendQueue queue = new();
        Recorder recorder = new(_events);
        using PhotoIntake intake = new(_bench.Card, deleteAfterReceipt: false, outbox.Photos, queue, recorder, TimeProvider.System);
        Assert.True(await intake.ScanAsync(Stop));
        queue.Complete();
        await new TriageWorker(() => model, outbox.Photos, queue, recorder, time ?? TimeProvider.System).RunAsync(stop?.Token ?? Stop);
    }

    private sealed class FakeModel(string name, Func<string, double> score) : ITriageModel
    {
        public string Name => name;

        public int Looked { get; private set; }

        public string? HangsOn { get; init; }

        public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public double Score(string path, CancellationToken cancellationToken)
        {
            Looked++;
            if (HangsOn is not null && path.EndsWith(HangsOn, StringComparison.Ordinal))
            {
                Hanging.TrySetResult();
                cancellationToken.WaitHandle.WaitOne();
                cancellationToken.ThrowIfCancellationRequested();
            }

            return score(path);
        }

        public void Dispose()
        {
        }
    }

    private sealed class Recorder(List<UploadEvent> events) : IUploadObserver
    {
        public void On(UploadEvent e)
        {
            lock (events)
            {
                events.Add(e);
            }
        }
    }
}
