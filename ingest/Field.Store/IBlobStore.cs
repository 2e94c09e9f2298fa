namespace Field.Store;

/// <summary>
/// Keeps bytes under their SHA-256 (64 lower-case hex digits). What a completed put has stored survives a power cut. Failures of
/// the medium are <see cref="StoreException"/> with <see cref="FieldException.IsTransient"/>; the caller retries, never the store.
/// </summary>
public interface IBlobStore
{
    /// <summary>Stores the bytes; storing the same again is harmless.</summary>
    /// <param name="sha256">What the bytes must hash to.</param>
    /// <param name="content">The bytes, read to the end; the caller disposes.</param>
    /// <param name="cancellationToken">Gives up; nothing is stored then.</param>
    /// <returns>The number of bytes.</returns>
    /// <exception cref="BlobHashException">The bytes hash to something else; nothing was stored.</exception>
    Task<long> PutAsync(string sha256, Stream content, CancellationToken cancellationToken);

    /// <summary>Opens a blob for reading; null when it is not there. The caller disposes.</summary>
    Task<Stream?> OpenAsync(string sha256, CancellationToken cancellationToken);

    /// <summary>True when the blob is stored.</summary>
    Task<bool> ExistsAsync(string sha256, CancellationToken cancellationToken);

    /// <summary>Gives the blob as a file of this machine, for libraries that read paths; null when it is not there.</summary>
    Task<BlobFile?> OpenFileAsync(string sha256, CancellationToken cancellationToken);
}

/// <summary>A blob as a local file, readable until disposed; never write to it.</summary>
/// <param name="path">Absolute path.</param>
/// <param name="isTemporary">True when disposing deletes the file (a copy fetched from a server).</param>
public sealed class BlobFile(string path, bool isTemporary) : IDisposable
{
    /// <summary>Absolute path.</summary>
    public string Path { get; } = path;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (isTemporary)
        {
            File.Delete(Path);
        }
    }
}
