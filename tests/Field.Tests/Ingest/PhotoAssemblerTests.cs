using Field.Broker;
using Field.Contracts;
using Field.Ingest.Photos;
using Field.Mqtt;
using Field.Store;
using Field.Tests.Store;

namespace Field.Tests.Ingest;

public sealed class PhotoAssemblerTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private IngestHost _host;

    public PhotoAssemblerTests() => _host = new IngestHost(_folder.Root);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Chunks_in_any_order_and_twice_store_the_photo_once()
    {
        TestPhoto photo = new(1);
        await _host.SendManifestAsync(photo);
        Assert.Equal([new ChunkRange(0, 4)], Assert.Single(_host.Sink.Receipts()).Missing!);
        foreach (int index in new[] { 4, 0, 0, 2, 4, 1 })
        {
            Assert.True((await _host.SendChunkAsync(photo, index)).IsAccepted);
        }

        Assert.Null(await _host.PhotoAsync(photo.Id));
        await _host.SendChunkAsync(photo, 3);

        Receipt receipt = _host.Sink.Receipts()[^1];
        Assert.Equal((ReceiptOutcome.Stored, 5000L, false), (receipt.Outcome, receipt.SizeBytes, receipt.Duplicate));
        Assert.Equal(photo.Bytes, await _host.BlobAsync(photo.Id));
        Assert.Equal("stored", (await _host.PhotoAsync(photo.Id))!.Text("state"));
        Assert.Empty(PartFiles());
        Assert.Equal("stored", Assert.Single(_host.Sink.Live("photo")).GetProperty("data").GetProperty("properties").GetProperty("state").GetString());
    }

    [Theory]
    [InlineData(1024, 1024)]
    [InlineData(1025, 1024)]
    [InlineData(1, 1024)]
    [InlineData(2_000_000, 262_144)]
    public async Task Sizes_at_the_edges_of_chunks_are_stored_whole(int size, int chunk)
    {
        TestPhoto photo = new(size, size, chunk);
        await _host.SendAllAsync(photo);
        Assert.Equal(photo.Bytes, await _host.BlobAsync(photo.Id));
    }

    [Fact]
    public async Task After_a_crash_at_any_chunk_only_the_missing_ones_are_asked_for()
    {
        TestPhoto photo = new(2);
        await _host.SendManifestAsync(photo);
        foreach (int index in new[] { 3, 1, 0, 4 })
        {
            using TempFolder image = Crash.Copy(_folder.Root);
            await using (IngestHost other = new(image.Root))
            {
                await other.Get<PhotoAssembler>().RecoverAsync(Cancel);
                await other.SendManifestAsync(photo);
                foreach (ChunkRange range in Assert.Single(other.Sink.Receipts()).Missing!)
                {
                    for (int i = range.First; i <= range.Last; i++)
                    {
                        await other.SendChunkAsync(photo, i);
                    }
                }

                Assert.Equal(ReceiptOutcome.Stored, other.Sink.Receipts()[^1].Outcome);
                Assert.Equal(photo.Bytes, await other.BlobAsync(photo.Id));
            }

            await _host.SendChunkAsync(photo, index);
        }
    }

    [Fact]
    public async Task A_chunk_after_a_restart_needs_no_new_manifest()
    {
        TestPhoto photo = new(3);
        await _host.SendManifestAsync(photo);
        await _host.SendChunkAsync(photo, 0);
        await RestartAsync();
        for (int i = 1; i < 5; i++)
        {
            Assert.True((await _host.SendChunkAsync(photo, i)).IsAccepted);
        }

        Assert.Equal(ReceiptOutcome.Stored, Assert.Single(_host.Sink.Receipts()).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_photo_complete_at_the_crash_is_stored_at_start(bool blobWasStored)
    {
        TestPhoto photo = new(4);
        using (IncomingFolder incoming = new(_folder.Path("incoming"), 4, TimeProvider.System))
        {
            IncomingPhoto upload = incoming.Create(
                new UploadKey("drone-1", photo.Id), photo.Manifest, photo.Manifest.Write(IngestHost.Site, "drone-1", 1, DateTimeOffset.UnixEpoch));
            for (int i = 0; i < 5; i++)
            {
                await upload.Part.WriteAsync(i, photo.Chunk(i), Cancel);
            }
        }

        if (blobWasStored)
        {
            await _host.Stores.Blobs.PutAsync(photo.Id, new MemoryStream(photo.Bytes), Cancel);
        }

        await _host.Get<PhotoAssembler>().RecoverAsync(Cancel);
        Receipt receipt = Assert.Single(_host.Sink.Receipts());
        Assert.Equal((ReceiptOutcome.Stored, false), (receipt.Outcome, receipt.Duplicate));
        Assert.Equal("drone-1", (await _host.PhotoAsync(photo.Id))!.Text("device"));
        Assert.Empty(PartFiles());
    }

    [Fact]
    public async Task A_part_left_behind_a_stored_photo_is_cleared_at_start()
    {
        TestPhoto photo = new(5);
        await _host.SendManifestAsync(photo);
        using TempFolder before = Crash.Copy(_folder.Path("incoming"));
        for (int i = 0; i < 5; i++)
        {
            await _host.SendChunkAsync(photo, i);
        }

        foreach (string file in Directory.EnumerateFiles(before.Root, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(_folder.Path("incoming"), Path.GetRelativePath(before.Root, file)));
        }

        await RestartAsync();
        await _host.Get<PhotoAssembler>().RecoverAsync(Cancel);
        Assert.True(Assert.Single(_host.Sink.Receipts()).Duplicate);
        Assert.Empty(PartFiles());
    }

    [Theory]
    [InlineData(2, 8, false)]
    [InlineData(2, 700, false)]
    [InlineData(4, 5, true)]
    [InlineData(4, 500, true)]
    public async Task A_torn_slot_is_a_missing_chunk(int index, int at, bool truncate)
    {
        TestPhoto photo = new(6);
        await _host.SendManifestAsync(photo);
        foreach (int i in new[] { 1, 2, 4 })
        {
            await _host.SendChunkAsync(photo, i);
        }

        await _host.DisposeAsync();
        using (FileStream part = new(PartFiles().Single(f => f.EndsWith(".part", StringComparison.Ordinal)), FileMode.Open))
        {
            long offset = (index * (1024L + 16)) + at;
            if (truncate)
            {
                part.SetLength(offset);
            }
            else
            {
                part.Position = offset;
                int old = part.ReadByte();
                part.Position = offset;
                part.WriteByte((byte)~old);
            }
        }

        _host = new IngestHost(_folder.Root);
        await _host.SendManifestAsync(photo);
        int[] missing = [.. Assert.Single(_host.Sink.Receipts()).Missing!.SelectMany(r => Enumerable.Range(r.First, r.Last - r.First + 1))];
        Assert.Equal(new[] { 0, 3, index }.Order(), missing);
    }

    [Fact]
    public async Task Bytes_with_another_hash_are_rejected_kept_and_the_device_can_begin_again()
    {
        TestPhoto right = new(7);
        TestPhoto wrong = new(8) { Manifest = right.Manifest };
        await _host.SendManifestAsync(right);
        for (int i = 0; i < 5; i++)
        {
            Assert.True((await _host.SendAsync(Topics.Chunk(IngestHost.Site, "drone-1", right.Id, i), wrong.Chunk(i))).IsAccepted);
        }

        Receipt receipt = _host.Sink.Receipts()[^1];
        Assert.Equal((ReceiptOutcome.Rejected, ErrorCodes.HashMismatch), (receipt.Outcome, receipt.Reason));
        DeadLetter letter = Assert.Single(await _host.LettersAsync());
        Assert.Equal(ErrorCodes.HashMismatch, Assert.Single(letter.Errors).Code);
        Assert.Null(await _host.BlobAsync(letter.BlobSha256!));
        await using Stream kept = (await _host.Get<DeadLetterStore>().OpenPayloadAsync(letter.Id, Cancel))!;
        MemoryStream bytes = new();
        await kept.CopyToAsync(bytes, Cancel);
        Assert.Equal(wrong.Bytes, bytes.ToArray());
        Assert.Null(await _host.PhotoAsync(right.Id));
        Assert.Empty(PartFiles());

        await _host.SendAllAsync(right);
        Assert.Equal(ReceiptOutcome.Stored, _host.Sink.Receipts()[^1].Outcome);
    }

    [Fact]
    public async Task A_truncated_chunk_is_refused_and_the_receipt_names_it()
    {
        TestPhoto photo = new(9);
        await _host.SendManifestAsync(photo);
        await _host.SendChunkAsync(photo, 0);
        PublishVerdict verdict = await _host.SendAsync(Topics.Chunk(IngestHost.Site, "drone-1", photo.Id, 1), photo.Chunk(1).AsMemory(0, 900));
        Assert.Equal(MqttReasonCode.PayloadFormatInvalid, verdict.ReasonCode);
        Receipt receipt = _host.Sink.Receipts()[^1];
        Assert.Equal((ReceiptOutcome.Incomplete, ErrorCodes.ChunkSize), (receipt.Outcome, receipt.Reason));
        Assert.StartsWith("chunk 1:", receipt.Detail, StringComparison.Ordinal);
        Assert.Equal([new ChunkRange(1, 4)], receipt.Missing!);
        Assert.Equal(900, Assert.Single(await _host.LettersAsync()).SizeBytes);

        PublishVerdict beyond = await _host.SendAsync(Topics.Chunk(IngestHost.Site, "drone-1", photo.Id, 5), photo.Chunk(1));
        Assert.Contains(ErrorCodes.ChunkIndex, beyond.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunk_without_manifest_is_refused_and_one_of_a_stored_photo_is_not()
    {
        TestPhoto photo = new(10);
        Assert.Contains(ErrorCodes.UnknownPhoto, (await _host.SendChunkAsync(photo, 0)).Reason, StringComparison.Ordinal);
        await _host.SendAllAsync(photo);
        Assert.True((await _host.SendChunkAsync(photo, 2)).IsAccepted);
        Assert.Equal((ReceiptOutcome.Stored, true), (_host.Sink.Receipts()[^1].Outcome, _host.Sink.Receipts()[^1].Duplicate));
        Assert.True((await _host.SendManifestAsync(photo, "tablet-1")).IsAccepted);
        Assert.True(Assert.Single(_host.Sink.Receipts("tablet-1")).Duplicate);
        Assert.Empty(PartFiles());
    }

    [Fact]
    public async Task A_manifest_with_other_slots_begins_again_and_spoils_no_other_device()
    {
        TestPhoto photo = new(11);
        TestPhoto resliced = new(11, 5000, 2048);
        await _host.SendManifestAsync(photo);
        await _host.SendManifestAsync(photo, "drone-2");
        await _host.SendChunkAsync(photo, 0);
        await _host.SendChunkAsync(photo, 0, "drone-2");
        await _host.SendManifestAsync(resliced);
        Assert.Equal([new ChunkRange(0, 2)], _host.Sink.Receipts()[^1].Missing!);
        await _host.SendManifestAsync(photo, "drone-2");
        Assert.Equal([new ChunkRange(1, 4)], _host.Sink.Receipts("drone-2")[^1].Missing!);
        await _host.SendAllAsync(resliced);
        Assert.Equal(photo.Bytes, await _host.BlobAsync(photo.Id));
        for (int i = 1; i < 5; i++)
        {
            await _host.SendChunkAsync(photo, i, "drone-2");
        }

        Assert.True(_host.Sink.Receipts("drone-2")[^1].Duplicate);
        Assert.Empty(PartFiles());
    }

    [Fact]
    public async Task A_manifest_that_says_more_of_the_camera_keeps_the_chunks_also_over_a_restart()
    {
        TestPhoto photo = new(12);
        TestPhoto better = new(12, camera: new CameraMetadata { Model = "FC6310" }, place: new GeoPoint(139.7, 35.6));
        await _host.SendManifestAsync(photo);
        await _host.SendChunkAsync(photo, 0);
        await _host.SendManifestAsync(better);
        Assert.Equal([new ChunkRange(1, 4)], _host.Sink.Receipts()[^1].Missing!);
        await RestartAsync();
        for (int i = 1; i < 5; i++)
        {
            await _host.SendChunkAsync(better, i);
        }

        Assert.Equal(139.7, (await _host.PhotoAsync(photo.Id))!.Real("cameraLon"));
    }

    [Fact]
    public async Task A_bad_manifest_is_answered_with_rejected_and_all_errors_are_kept()
    {
        TestPhoto photo = new(13);
        byte[] bad = System.Text.Encoding.UTF8.GetBytes("""{"specversion":"1.0","type":"field.photo.manifest.v1"}""");
        Assert.False((await _host.SendAsync(Topics.Manifest(IngestHost.Site, "drone-1", photo.Id), bad)).IsAccepted);
        Assert.Equal(ReceiptOutcome.Rejected, Assert.Single(_host.Sink.Receipts()).Outcome);
        Assert.True(Assert.Single(await _host.LettersAsync()).Errors.Count > 2);
    }

    [Fact]
    public async Task Many_photos_at_the_same_time_are_all_stored_with_few_open_files()
    {
        await _host.DisposeAsync();
        _host = new IngestHost(_folder.Root, IngestHost.Defaults with { MaxOpenPhotos = 4 });
        TestPhoto[] photos = [.. Enumerable.Range(100, 40).Select(i => new TestPhoto(i, 20_000 + i, 4096))];
        await Task.WhenAll(photos.Select(p => _host.SendManifestAsync(p)));
        (TestPhoto Photo, int Index)[] chunks = [.. photos.SelectMany(p => Enumerable.Range(0, p.Manifest.ChunkCount).Select(i => (p, i)))];
        new Random(5).Shuffle(chunks);
        PublishVerdict[] verdicts = await Task.WhenAll(chunks.Select(c => Task.Run(() => _host.SendChunkAsync(c.Photo, c.Index))));
        Assert.All(verdicts, v => Assert.True(v.IsAccepted));
        Assert.Equal(40, _host.Sink.Receipts().Count(r => r is { Outcome: ReceiptOutcome.Stored, Duplicate: false }));
        foreach (TestPhoto photo in photos)
        {
            Assert.Equal(photo.Bytes, await _host.BlobAsync(photo.Id));
        }

        Assert.InRange(_host.Get<IncomingFolder>().OpenCount, 0, 4);
        Assert.Empty(PartFiles());
    }

    [Fact]
    public async Task A_full_disk_is_thrown_and_the_same_chunk_later_finishes_the_photo()
    {
        await _host.DisposeAsync();
        FullDisk? disk = null;
        _host = new IngestHost(_folder.Root, wrap: s => new FieldStores(s.Features, s.Telemetry, disk = new FullDisk(s.Blobs)));
        TestPhoto photo = new(14);
        await _host.SendManifestAsync(photo);
        disk!.IsFull = true;
        for (int i = 0; i < 4; i++)
        {
            await _host.SendChunkAsync(photo, i);
        }

        StoreException e = await Assert.ThrowsAsync<StoreException>(() => _host.SendChunkAsync(photo, 4));
        Assert.True(e.IsTransient);
        Assert.Single(_host.Sink.Receipts());
        disk.IsFull = false;
        Assert.True((await _host.SendChunkAsync(photo, 4)).IsAccepted);
        Assert.Equal(ReceiptOutcome.Stored, _host.Sink.Receipts()[^1].Outcome);
    }

    [Fact]
    public async Task Flushes_are_shared_and_each_begins_after_its_caller()
    {
        using ManualResetEventSlim release = new();
        int flushed = 0;
        GroupFlush group = new(() =>
        {
            release.Wait(Cancel);
            Interlocked.Increment(ref flushed);
        });
        Task first = group.FlushAsync();
        while (group.Count == 0)
        {
            await Task.Yield();
        }

        Task[] later = [.. Enumerable.Range(0, 50).Select(_ => group.FlushAsync())];
        Assert.All(later, t => Assert.False(t.IsCompleted));
        release.Set();
        await Task.WhenAll([first, .. later]);
        Assert.Equal(2, flushed);
    }

    [Fact]
    public async Task A_flush_that_fails_fails_its_callers_and_not_the_next()
    {
        int calls = 0;
        GroupFlush group = new(() =>
        {
            if (++calls == 1)
            {
                throw new IOException("No space left on device");
            }
        });
        await Assert.ThrowsAsync<IOException>(() => group.FlushAsync());
        await group.FlushAsync();
    }

    private IEnumerable<string> PartFiles() => Directory.EnumerateFiles(_folder.Path("incoming"), "*", SearchOption.AllDirectories);

    private async Task RestartAsync()
    {
        await _host.DisposeAsync();
        _host = new IngestHost(_folder.Root);
    }

    private sealed class FullDisk(IBlobStore inner) : IBlobStore
    {
        public bool IsFull { get; set; }

        public Task<long> PutAsync(string sha256, Stream content, CancellationToken cancellationToken) =>
            IsFull ? throw new StoreException("No space left on device", isTransient: true) : inner.PutAsync(sha256, content, cancellationToken);

        public Task<Stream?> OpenAsync(string sha256, CancellationToken cancellationToken) => inner.OpenAsync(sha256, cancellationToken);

        public Task<bool> ExistsAsync(string sha256, CancellationToken cancellationToken) => inner.ExistsAsync(sha256, cancellationToken);

        public Task<BlobFile?> OpenFileAsync(string sha256, CancellationToken cancellationToken) => inner.OpenFileAsync(sha256, cancellationToken);
    }
}
