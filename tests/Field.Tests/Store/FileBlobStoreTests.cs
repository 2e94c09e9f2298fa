using System.Security.Cryptography;
using Field.Contracts;
using Field.Store;
using Field.Store.Embedded;

namespace Field.Tests.Store;

public sealed class FileBlobStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Put_then_open_gives_the_same_bytes_also_after_reopening()
    {
        byte[] bytes = Bytes(300_000);
        string sha = Ids.Photo(SHA256.HashData(bytes));
        Assert.Equal(bytes.Length, await new FileBlobStore(_folder.Root).PutAsync(sha, new MemoryStream(bytes), Cancel));

        FileBlobStore reopened = new(_folder.Root);
        Assert.True(await reopened.ExistsAsync(sha, Cancel));
        await using Stream? stream = await reopened.OpenAsync(sha, Cancel);
        MemoryStream copy = new();
        await stream!.CopyToAsync(copy, Cancel);
        Assert.Equal(bytes, copy.ToArray());
        using BlobFile? file = await reopened.OpenFileAsync(sha, Cancel);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file!.Path, Cancel));
    }

    [Fact]
    public async Task Put_with_another_hash_is_refused_and_leaves_nothing()
    {
        byte[] bytes = Bytes(1000);
        string promised = new('a', 64);
        FileBlobStore store = new(_folder.Root);
        BlobHashException e = await Assert.ThrowsAsync<BlobHashException>(() => store.PutAsync(promised, new MemoryStream(bytes), Cancel));
        Assert.Equal(Ids.Photo(SHA256.HashData(bytes)), e.ActualSha256);
        Assert.False(await store.ExistsAsync(promised, Cancel));
        Assert.Empty(Directory.EnumerateFiles(_folder.Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Put_again_verifies_the_bytes_that_are_offered()
    {
        byte[] bytes = Bytes(1000);
        string sha = Ids.Photo(SHA256.HashData(bytes));
        FileBlobStore store = new(_folder.Root);
        await store.PutAsync(sha, new MemoryStream(bytes), Cancel);
        Assert.Equal(1000, await store.PutAsync(sha, new MemoryStream(bytes), Cancel));
        await Assert.ThrowsAsync<BlobHashException>(() => store.PutAsync(sha, new MemoryStream([1]), Cancel));
    }

    [Fact]
    public async Task Put_that_breaks_off_leaves_nothing_and_can_be_repeated()
    {
        byte[] bytes = Bytes(500_000);
        string sha = Ids.Photo(SHA256.HashData(bytes));
        FileBlobStore store = new(_folder.Root);
        StoreException e = await Assert.ThrowsAsync<StoreException>(() => store.PutAsync(sha, new BreakingStream(bytes), Cancel));
        Assert.True(e.IsTransient);
        Assert.Empty(Directory.EnumerateFiles(_folder.Root, "*", SearchOption.AllDirectories));
        await store.PutAsync(sha, new MemoryStream(bytes), Cancel);
        Assert.True(await store.ExistsAsync(sha, Cancel));
    }

    [Fact]
    public async Task Concurrent_puts_of_the_same_blob_all_succeed()
    {
        byte[] bytes = Bytes(200_000);
        string sha = Ids.Photo(SHA256.HashData(bytes));
        FileBlobStore store = new(_folder.Root);
        long[] sizes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.PutAsync(sha, new MemoryStream(bytes), Cancel))));
        Assert.All(sizes, s => Assert.Equal(bytes.Length, s));
        Assert.Single(Directory.EnumerateFiles(_folder.Root, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_name_that_is_no_hash_never_becomes_a_path(string name)
    {
        FileBlobStore store = new(_folder.Root);
        await Assert.ThrowsAsync<ArgumentException>(() => store.ExistsAsync(name, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => store.OpenAsync(name, Cancel));
    }

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Fails like a medium does, half-way.</summary>
    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position > Length / 2 ? throw new IOException("No space left on device") : base.ReadAsync(buffer, cancellationToken);
    }
}
