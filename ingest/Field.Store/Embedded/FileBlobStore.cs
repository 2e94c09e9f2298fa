using System.Security.Cryptography;
using Field.Contracts;

namespace Field.Store.Embedded;

/// <summary>
/// Blobs as files, <c>{root}/{first two digits}/{sha256}</c>. A file has its final name only when its bytes are hashed, equal and
/// flushed: temporary file, fsync, rename, fsync of the folder. So a name that exists is a blob that is whole.
/// </summary>
internal sealed class FileBlobStore : IBlobStore
{
    private const int BufferBytes = 1 << 17;
    private readonly string _root;
    private readonly string _temporary;

    public FileBlobStore(string root, bool isReadOnly = false)
    {
        _root = root;
        _temporary = Path.Combine(root, "tmp");
        if (isReadOnly)
        {
            return; // what lies in the temporary folder is another process's work
        }

        Guarded(() =>
        {
            Directory.CreateDirectory(_temporary);
            foreach (string leftover in Directory.EnumerateFiles(_temporary))
            {
                File.Delete(leftover);
            }

            for (int i = 0; i < 256; i++)
            {
                Directory.CreateDirectory(Path.Combine(root, i.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
            }

            DirectorySync.Flush(root);
            return 0;
        });
    }

    public async Task<long> PutAsync(string sha256, Stream content, CancellationToken cancellationToken)
    {
        string target = PathOf(sha256);
        if (File.Exists(target))
        {
            return await VerifyAsync(sha256, content, cancellationToken).ConfigureAwait(false);
        }

        string temporary = Path.Combine(_temporary, Path.GetRandomFileName());
        try
        {
            long size = await WriteAsync(temporary, sha256, content, cancellationToken).ConfigureAwait(false);
            File.Move(temporary, target, overwrite: true);
            DirectorySync.Flush(Path.GetDirectoryName(target)!);
            return size;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrap(e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public Task<Stream?> OpenAsync(string sha256, CancellationToken cancellationToken)
    {
        string path = PathOf(sha256);
        return Task.FromResult(Guarded<Stream?>(() => File.Exists(path)
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.Asynchronous)
            : null));
    }

    public Task<bool> ExistsAsync(string sha256, CancellationToken cancellationToken) => Task.FromResult(File.Exists(PathOf(sha256)));

    public Task<BlobFile?> OpenFileAsync(string sha256, CancellationToken cancellationToken)
    {
        string path = PathOf(sha256);
        return Task.FromResult(File.Exists(path) ? new BlobFile(path, isTemporary: false) : null);
    }

    private static async Task<long> WriteAsync(string path, string sha256, Stream content, CancellationToken cancellationToken)
    {
        FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            long size = await HashAsync(sha256, content, file, cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
            return size;
        }
    }

    private static Task<long> VerifyAsync(string sha256, Stream content, CancellationToken cancellationToken) =>
        HashAsync(sha256, content, Stream.Null, cancellationToken);

    private static async Task<long> HashAsync(string sha256, Stream content, Stream copy, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        long size = 0;
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await copy.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            size += read;
        }

        string actual = Ids.Photo(hash.GetHashAndReset());
        return actual == sha256 ? size : throw new BlobHashException(sha256, actual);
    }

    /// <summary>A name that is not a SHA-256 never becomes a path.</summary>
    private string PathOf(string sha256) => Ids.IsPhoto(sha256)
        ? Path.Combine(_root, sha256[..2], sha256)
        : throw new ArgumentException("a blob is named by 64 lower-case hex digits", nameof(sha256));

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrap(e);
        }
    }

    private StoreException Wrap(Exception e) =>
        new($"photo store {_root}: {e.Message} (free space there, or check its permissions)", isTransient: true, e);
}
