using System.Security.Cryptography;
using Field.Contracts;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Photos;
using Field.EdgeAgent.Uplink;
using Field.EdgeAgent.View;

namespace Field.Tests.Edge;

/// <summary>A card, an outbox folder and a server for one test.</summary>
internal sealed class EdgeBench : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("field-edge").FullName;

    public EdgeBench()
    {
        Directory.CreateDirectory(Card);
        Links = new FakeLinks(Server);
    }

    public string Card => Path.Combine(_root, "card");

    public string OutboxFolder => Path.Combine(_root, "outbox");

    public FakeServer Server { get; } = new();

    public FakeLinks Links { get; }

    /// <summary>Makes thumbnails; the bytes of most tests are no pictures.</summary>
    public Func<SourceFile, byte[]?> Thumbnail { get; set; } = _ => null;

    public StringWriter Output { get; } = new();

    public StringWriter Errors { get; } = new();

    public string SummaryFile => Path.Combine(_root, "summary.json");

    /// <summary>Writes a file of pseudo-random bytes that was last written a day ago; its SHA-256.</summary>
    public string AddPhoto(string name, int bytes, int seed = 1)
    {
        byte[] content = new byte[bytes];
        new Random(seed).NextBytes(content);
        return AddFile(name, content);
    }

    public string AddFile(string name, byte[] content)
    {
        string path = Path.Combine(Card, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 5, 10, 0, 0, 0, DateTimeKind.Utc));
        return Ids.Photo(SHA256.HashData(content));
    }

    public DeviceOutbox OpenOutbox() => DeviceOutbox.Open(OutboxFolder, "aoba", "drone-01");

    public static UplinkOptions Uplink => new("aoba", "drone-01", "drone-01/drone");

    public DroneOptions Options => new()
    {
        Flight = Card,
        Broker = "mqtt://localhost:1",
        Site = "aoba",
        Device = "drone-01",
        Outbox = OutboxFolder,
        Once = true,
        Summary = SummaryFile,
    };

    /// <summary>Runs the agent as the command does, with the fake line or another.</summary>
    public Task<int> RunAsync(
        DroneOptions? options = null, CancellationToken? stop = null, ILinkFactory? links = null, TimeProvider? time = null, bool japanese = false)
    {
        Texts texts = new(japanese);
        DroneRun run = new(options ?? Options, links ?? Links, new PlainView(Card, texts, Output, Errors), texts, time ?? TimeProvider.System);
        return run.RunAsync(stop ?? TestContext.Current.CancellationToken);
    }

    /// <summary>The uplink alone, with retries that do not wait, over everything on the card.</summary>
    public async Task SendAllAsync(DeviceOutbox outbox, List<UploadEvent> events, UplinkOptions? options = null, TimeProvider? time = null, ILinkFactory? links = null)
    {
        Recorder recorder = new(events);
        SendQueue queue = new();
        using PhotoIntake intake = new(Card, deleteAfterReceipt: false, outbox.Photos, queue, recorder, TimeProvider.System);
        Assert.True(await intake.ScanAsync(TestContext.Current.CancellationToken));
        queue.Complete();
        Backoff now = new(TimeSpan.FromTicks(1), TimeSpan.FromTicks(1), new Random(1));
        DeviceUplink uplink = new(
            options ?? Uplink,
            links ?? Links,
            outbox,
            new PhotoSender(outbox.Photos, queue, intake, recorder, Thumbnail),
            recorder,
            time ?? TimeProvider.System,
            now);
        await uplink.RunAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

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
