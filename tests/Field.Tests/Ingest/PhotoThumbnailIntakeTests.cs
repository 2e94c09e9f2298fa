using Field.Broker;
using Field.Contracts;
using Field.Gdal;
using Field.Ingest;
using Field.Ingest.Photos;
using Field.Store;
using Field.Tests.Store;

namespace Field.Tests.Ingest;

/// <summary>What the server does with thumbnails that come ahead of their photos.</summary>
public sealed class PhotoThumbnailIntakeTests : IAsyncDisposable
{
    private static readonly byte[] Small = Images.EncodeJpeg(new RasterImage(64, 48, 3, new byte[64 * 48 * 3]), 80);

    private readonly TempFolder _folder = new();
    private IngestHost _host;

    public PhotoThumbnailIntakeTests() => _host = new IngestHost(_folder.Root);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Photo_is_on_the_map_as_announced_until_it_is_stored()
    {
        TestPhoto photo = new(1);
        await _host.SendManifestAsync(photo);
        Assert.True((await SendAsync(photo.Id, Small)).IsAccepted);
        Feature announced = (await _host.PhotoAsync(photo.Id))!;
        Assert.Equal(("announced", "drone-1"), (announced.Text("state"), announced.Text("device")));
        Assert.Equal(Small, await ReadAsync(photo.Id));
        Assert.Equal(0, _host.Sink.Receipts().Count(r => r.Outcome == ReceiptOutcome.Stored));

        for (int i = 0; i < 5; i++)
        {
            await _host.SendChunkAsync(photo, i);
        }

        Receipt receipt = _host.Sink.Receipts()[^1];
        Assert.Equal((ReceiptOutcome.Stored, false), (receipt.Outcome, receipt.Duplicate));
        Assert.Equal("stored", (await _host.PhotoAsync(photo.Id))!.Text("state"));
        Assert.Null(await ReadAsync(photo.Id));
        Assert.Equal(
            ["announced", "stored"],
            _host.Sink.Live("photo").Select(e => e.GetProperty("data").GetProperty("properties").GetProperty("state").GetString()));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path("incoming"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Announced_photo_is_not_scored_and_cannot_be_scored_again()
    {
        TestPhoto photo = new(2);
        await _host.SendManifestAsync(photo);
        await SendAsync(photo.Id, Small);
        Assert.False(await _host.Get<PhotoPipeline>().RequeueAsync(photo.Id, Cancel));
        Assert.Equal("announced", (await _host.PhotoAsync(photo.Id))!.Text("state"));
    }

    [Fact]
    public async Task Thumbnail_and_announcement_survive_a_restart()
    {
        TestPhoto photo = new(3);
        await _host.SendManifestAsync(photo);
        await SendAsync(photo.Id, Small);
        await _host.DisposeAsync();
        _host = new IngestHost(_folder.Root);
        await _host.Get<PhotoAssembler>().RecoverAsync(Cancel);
        Assert.Equal(Small, await ReadAsync(photo.Id));
        Assert.Equal("announced", (await _host.PhotoAsync(photo.Id))!.Text("state"));
    }

    [Fact]
    public async Task Without_a_manifest_it_is_refused_and_for_a_stored_photo_dropped()
    {
        TestPhoto photo = new(4);
        Assert.False((await SendAsync(photo.Id, Small)).IsAccepted);
        await _host.SendAllAsync(photo);
        Assert.True((await SendAsync(photo.Id, Small)).IsAccepted);
        Assert.Equal("stored", (await _host.PhotoAsync(photo.Id))!.Text("state"));
        Assert.Null(await ReadAsync(photo.Id));
    }

    [Fact]
    public async Task What_is_no_small_jpeg_is_refused_with_the_reason()
    {
        TestPhoto photo = new(5);
        await _host.SendManifestAsync(photo);
        Assert.False((await SendAsync(photo.Id, "<html><script>"u8.ToArray())).IsAccepted);
        Assert.False((await SendAsync(photo.Id, Images.EncodeJpeg(new RasterImage(1030, 8, 3, new byte[1030 * 8 * 3]), 80))).IsAccepted);
        Assert.False((await SendAsync(photo.Id, new byte[PhotoThumbnail.MaxBytes + 1])).IsAccepted);
        Assert.Null(await _host.PhotoAsync(photo.Id));
    }

    [Fact]
    public async Task Another_devices_announcement_takes_over_and_neither_keeps_the_photo_away()
    {
        TestPhoto photo = new(6);
        byte[] other = Images.EncodeJpeg(new RasterImage(32, 32, 3, new byte[32 * 32 * 3]), 80);
        await _host.SendManifestAsync(photo);
        await SendAsync(photo.Id, Small);
        await _host.SendAsync(
            Topics.Manifest(IngestHost.Site, "drone-2", photo.Id), photo.Manifest.Write(IngestHost.Site, "drone-2", 1, DateTimeOffset.UnixEpoch));
        await _host.SendAsync(Topics.Thumbnail(IngestHost.Site, "drone-2", photo.Id), other);
        Assert.Equal(other, await ReadAsync(photo.Id));
        for (int i = 0; i < 5; i++)
        {
            await _host.SendChunkAsync(photo, i);
        }

        Feature stored = (await _host.PhotoAsync(photo.Id))!;
        Assert.Equal(("stored", "drone-1"), (stored.Text("state"), stored.Text("device")));
    }

    private async Task<PublishVerdict> SendAsync(string photoId, byte[] jpeg) =>
        await _host.SendAsync(Topics.Thumbnail(IngestHost.Site, "drone-1", photoId), jpeg);

    private Task<byte[]?> ReadAsync(string photoId) => _host.Get<FieldQueries>().ReadThumbnailAsync(photoId, Cancel);
}
