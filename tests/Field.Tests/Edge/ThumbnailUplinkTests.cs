using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Uplink;
using Field.Gdal;

namespace Field.Tests.Edge;

/// <summary>Thumbnails go ahead of the photos' bytes, once each, and keep no photo from being sent.</summary>
public sealed class ThumbnailUplinkTests : IDisposable
{
    private const int Chunk = 262_144;

    private static readonly byte[] Small = [1, 2, 3];

    private readonly EdgeBench _bench = new();
    private readonly List<UploadEvent> _events = [];

    private FakeServer Server => _bench.Server;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task All_thumbnails_are_there_before_the_first_chunk()
    {
        string[] ids = AddPhotos(9);
        _bench.Thumbnail = _ => Small;
        await SendAsync();
        Assert.Equal(ids.Order(), Server.Thumbnails.Keys.Order());
        Assert.Equal(ids.Order(), Server.Stored.Keys.Order());
        int firstChunk = Server.Log.FindIndex(t => t.Channel == UpChannel.PhotoChunk);
        int lastThumbnail = Server.Log.FindLastIndex(t => t.Channel == UpChannel.PhotoThumbnail);
        Assert.True(lastThumbnail < firstChunk, $"thumbnail at {lastThumbnail}, chunk at {firstChunk}");
        Assert.Equal(9, _events.OfType<UploadEvent.ThumbnailSent>().Count());
    }

    [Fact]
    public async Task Photos_that_are_found_while_connected_wait_for_their_thumbnails_too()
    {
        for (int i = 0; i < 12; i++)
        {
            _bench.AddFile($"{i:00}.jpg", [.. Images.EncodeJpeg(new RasterImage(800, 600, 3, new byte[800 * 600 * 3]), 75), (byte)i]);
        }

        Assert.Equal(0, await _bench.RunAsync());
        Assert.Equal((12, 12), (Server.Thumbnails.Count, Server.Stored.Count));
        foreach (string id in Server.Stored.Keys)
        {
            Assert.True(Server.Log.FindIndex(t => t.Channel == UpChannel.PhotoThumbnail && t.PhotoId == id)
                < Server.Log.FindIndex(t => t.Channel == UpChannel.PhotoChunk && t.PhotoId == id));
        }
    }

    [Fact]
    public async Task Messages_go_before_thumbnails()
    {
        AddPhotos(3);
        _bench.Thumbnail = _ => Small;
        using DeviceOutbox outbox = _bench.OpenOutbox();
        for (int i = 0; i < 20; i++)
        {
            await outbox.Messages.EnqueueAsync("event", OutboxPriority.Report, _ => "{}"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        await _bench.SendAllAsync(outbox, _events);
        List<string> line = _bench.Links.OnTheLine;
        int lastEvent = line.FindLastIndex(t => t.EndsWith("/event", StringComparison.Ordinal));
        Assert.InRange(lastEvent, 20, line.FindIndex(t => t.EndsWith("/thumbnail", StringComparison.Ordinal)) - 1);
    }

    [Theory]
    [InlineData(Fault.LoseBefore)]
    [InlineData(Fault.LoseAfter)]
    public async Task Line_that_breaks_at_every_message_brings_all_the_same(object fault)
    {
        string[] ids = AddPhotos(2);
        _bench.Thumbnail = _ => Small;
        for (int breakAt = 1; breakAt <= 10; breakAt++)
        {
            FakeServer server = new();
            int seen = 0;
            server.Script = t => t.Channel != UpChannel.Status && ++seen == breakAt ? (Fault)fault : Fault.None;
            using DeviceOutbox outbox = DeviceOutbox.Open($"{_bench.OutboxFolder}{breakAt}", "aoba", "drone-01");
            await _bench.SendAllAsync(outbox, _events, links: new FakeLinks(server));
            Assert.Equal(ids.Order(), server.Thumbnails.Keys.Order());
            Assert.Equal(ids.Order(), server.Stored.Keys.Order());
        }
    }

    [Fact]
    public async Task What_was_sent_is_not_sent_again_after_a_restart()
    {
        string[] ids = AddPhotos(3);
        _bench.Thumbnail = _ => Small;
        int thumbnails = 0;
        using CancellationTokenSource stop = new();
        Server.Script = t =>
        {
            if (t.Channel == UpChannel.PhotoThumbnail)
            {
                thumbnails++;
            }

            return t.Channel == UpChannel.PhotoChunk && Server.Stored.Count == 0 && thumbnails == 3 && !stop.IsCancellationRequested ? Stop() : Fault.None;
        };
        Fault Stop()
        {
            stop.Cancel();
            return Fault.LoseBefore;
        }

        using (DeviceOutbox outbox = _bench.OpenOutbox())
        {
            await _bench.SendAllAsync(outbox, _events);
        }

        using DeviceOutbox again = _bench.OpenOutbox();
        Assert.Equal(3, thumbnails);
        Assert.Equal(ids.Order(), Server.Stored.Keys.Order());
        Assert.Empty(again.Photos.Waiting);
    }

    [Fact]
    public async Task Mark_survives_a_restart_and_is_written_again_with_the_photo()
    {
        AddPhotos(1);
        using (DeviceOutbox outbox = _bench.OpenOutbox())
        {
            Server.Script = t => t.Channel == UpChannel.PhotoManifest ? Fault.Refuse : Fault.None;
            await _bench.SendAllAsync(outbox, _events);
            outbox.Photos.MarkThumbnail(Assert.Single(outbox.Photos.Waiting));
            Assert.Equal([(byte)RecordKind.Photo, (byte)RecordKind.Thumbnail], outbox.Photos.Snapshot().Select(r => r[0]));
        }

        using DeviceOutbox again = _bench.OpenOutbox();
        Assert.True(Assert.Single(again.Photos.Waiting).HasThumbnail);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("unreadable")]
    [InlineData("refused")]
    [InlineData("library")]
    public async Task Photo_without_a_thumbnail_is_sent_all_the_same(string why)
    {
        string[] ids = AddPhotos(4);
        _bench.Thumbnail = why switch
        {
            "none" => _ => null,
            "unreadable" => _ => throw new IOException("bad sector"),
            "library" => _ => throw new FieldException("libturbojpeg is not installed"),
            _ => _ => Small,
        };
        Server.Script = t => t.Channel == UpChannel.PhotoThumbnail ? Fault.Refuse : Fault.None;
        await SendAsync();
        Assert.Equal(ids.Order(), Server.Stored.Keys.Order());
        Assert.Equal(why == "library" ? 1 : 0, _events.OfType<UploadEvent.ThumbnailsEnded>().Count());
    }

    private string[] AddPhotos(int count) => [.. Enumerable.Range(0, count).Select(i => _bench.AddPhoto($"{i:00}.jpg", Chunk + (i * 90_000), i))];

    private async Task SendAsync()
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await _bench.SendAllAsync(outbox, _events);
    }
}
