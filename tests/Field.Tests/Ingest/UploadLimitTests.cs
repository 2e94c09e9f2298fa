using Field.Contracts;
using Field.Ingest.Photos;
using Field.Tests.Store;

namespace Field.Tests.Ingest;

/// <summary>Unfinished uploads within their limits.</summary>
public sealed class UploadLimitTests : IAsyncDisposable
{
    private const int ChunkBytes = 100_000;
    private readonly TempFolder _folder = new();
    private readonly Edge.ManualTime _time = new();
    private IngestHost _host;

    public UploadLimitTests() => _host = Open();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PhotoAssembler Assembler => _host.Get<PhotoAssembler>();

    private IncomingFolder Incoming => _host.Get<IncomingFolder>();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Above_the_limit_the_upload_without_progress_for_longest_goes_and_begins_again()
    {
        TestPhoto[] photos = [.. Enumerable.Range(0, 6).Select(i => new TestPhoto(i, 2 * ChunkBytes, ChunkBytes))];
        foreach (TestPhoto photo in photos)
        {
            await _host.SendManifestAsync(photo);
            await _host.SendChunkAsync(photo, 0);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal((6, 0), (Incoming.Count, Incoming.Abandoned)); // 6 x (128 KiB + 100,016)
        TestPhoto more = new(9, 3 * ChunkBytes, ChunkBytes);
        await _host.SendManifestAsync(more);
        await _host.SendChunkAsync(more, 0);
        Assert.Equal((6, 1), (Incoming.Count, Incoming.Abandoned));
        Assert.InRange(Incoming.SizeBytes, 1, 1_500_000);
        Assert.False((await _host.SendChunkAsync(photos[0], 1)).IsAccepted);
        Assert.Equal(ErrorCodes.UnknownPhoto, Assert.Single(await _host.LettersAsync()).Errors[0].Code);
        await _host.SendAllAsync(photos[0]);
        Assert.Equal(photos[0].Bytes, await _host.BlobAsync(photos[0].Id));
    }

    [Fact]
    public async Task Progress_saves_an_upload_from_its_age()
    {
        TestPhoto idle = new(1, 2 * ChunkBytes, ChunkBytes);
        TestPhoto slow = new(2, 3 * ChunkBytes, ChunkBytes);
        await _host.SendManifestAsync(idle);
        await _host.SendManifestAsync(slow);
        _time.Advance(TimeSpan.FromDays(20));
        await _host.SendChunkAsync(slow, 0);
        _time.Advance(TimeSpan.FromDays(11));
        await Assembler.AbandonAsync(null, Cancel);
        Assert.False(await IsKnownAsync(idle));
        Assert.True(await IsKnownAsync(slow));
    }

    [Fact]
    public async Task After_a_start_devices_have_a_day_to_go_on_and_what_has_no_manifest_is_cleared_away()
    {
        TestPhoto photo = new(1, 2 * ChunkBytes, ChunkBytes);
        await _host.SendManifestAsync(photo);
        await _host.SendChunkAsync(photo, 0);
        string part = Assert.Single(Directory.GetFiles(_folder.Root, "*.part", SearchOption.AllDirectories));
        string orphan = Path.Combine(Path.GetDirectoryName(part)!, new TestPhoto(2).Id + ".part");
        await _host.DisposeAsync();
        File.WriteAllBytes(orphan, [1]);
        File.SetLastWriteTimeUtc(part, _time.GetUtcNow().UtcDateTime.AddDays(-40));
        _host = Open();
        await Assembler.RecoverAsync(Cancel);
        Assert.False(File.Exists(orphan));
        Assert.Equal((1, 128 * 1024 + ChunkBytes + PhotoChunk.HeaderBytes), (Incoming.Count, Incoming.SizeBytes));
        await Assembler.AbandonAsync(null, Cancel);
        Assert.True(File.Exists(part));
        _time.Advance(TimeSpan.FromDays(1));
        await Assembler.AbandonAsync(null, Cancel);
        Assert.False(File.Exists(part));
        Assert.Equal((0, 0L), (Incoming.Count, Incoming.SizeBytes));
    }

    [Fact]
    public async Task A_stored_photo_counts_no_more()
    {
        await _host.SendAllAsync(new TestPhoto(1, 2 * ChunkBytes, ChunkBytes));
        Assert.Equal((0, 0L), (Incoming.Count, Incoming.SizeBytes));
    }

    private async Task<bool> IsKnownAsync(TestPhoto photo) => (await _host.SendChunkAsync(photo, 1)).IsAccepted;

    private IngestHost Open() => new(_folder.Root, IngestHost.Defaults with { MaxIncomingBytes = 1_500_000 }, time: _time);
}
