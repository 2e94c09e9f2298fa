using System.Security.Cryptography;
using Field.Contracts;

namespace Field.Store;

/// <summary>
/// Large refused payloads as files beside the dead letters: apart from the photos, so that removing one can never take a photo's bytes. A
/// file has its name, the SHA-256 of its bytes, only when it is whole and flushed.
/// </summary>
internal sealed class DeadLetterBlobs(string folder)
{
    private const int BufferBytes = 1 << 17;

    /// <summary>Keeps the bytes durably and returns their SHA-256.</summary>
    /// <exception cref="StoreException">The folder cannot be written; transient.</exception>
    public async Task<string> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        string temporary = Path.Combine(folder, Path.GetRandomFileName() + ".tmp");
        try
        {
            Directory.CreateDirectory(folder);
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                byte[] buffer = new byte[BufferBytes];
                int read;
                while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
                {
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                }

                file.Flush(flushToDisk: true);
            }

            string sha256 = Ids.Photo(hash.GetHashAndReset());
            File.Move(temporary, PathOf(sha256), overwrite: true);
            DirectorySync.Flush(folder);
            return sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"dead letters {folder}: {e.Message}", isTransient: true, e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Opens one for reading; null when it is not there. The caller disposes.</summary>
    public Stream? Open(string sha256) => File.Exists(PathOf(sha256)) ? File.OpenRead(PathOf(sha256)) : null;

    public void Delete(string sha256) => File.Delete(PathOf(sha256));

    /// <summary>Deletes what no letter names: a crash between letter and file left it.</summary>
    public void Keep(IReadOnlySet<string> named)
    {
        if (Directory.Exists(folder))
        {
            foreach (string path in Directory.EnumerateFiles(folder).Where(p => !named.Contains(Path.GetFileName(p))))
            {
                File.Delete(path);
            }
        }
    }

    private string PathOf(string sha256) => Ids.IsPhoto(sha256)
        ? Path.Combine(folder, sha256)
        : throw new ArgumentException("a blob is named by 64 lower-case hex digits", nameof(sha256));
}
