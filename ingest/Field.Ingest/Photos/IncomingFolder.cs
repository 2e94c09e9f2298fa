using System.Text.Json;
using Field.Contracts;

namespace Field.Ingest.Photos;

/// <summary>
/// The photos on their way, on disk: <c>incoming/{device}/{photoId}.part</c>, <c>.manifest</c>, the manifest's message as it came, and <c>.thumbnail</c>.
/// Ids are well-formed before they get here, so they are safe as names. Part files stay open between chunks, up to a number; the
/// least recently used is closed first, never one in use. Opening, creating and removing one upload must not run at the same time:
/// callers hold the key's gate. The lock guards the table only and is never held during I/O.
/// </summary>
internal sealed class IncomingFolder(string root, int maxOpen, TimeProvider time) : IDisposable
{
    /// <summary>What an upload counts besides its chunks, manifest and thumbnail, so that their number is bounded too.</summary>
    private const long ManifestBytes = 128 * 1024;

    private static readonly TimeSpan AgeGrace = TimeSpan.FromDays(1);

    private readonly Dictionary<UploadKey, IncomingPhoto> _open = [];
    private readonly Dictionary<UploadKey, Usage> _known = [];
    private readonly Lock _lock = new();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private long _sizeBytes;
    private long _abandoned;
    private long _clock;

    /// <summary>Uploads whose files are open.</summary>
    public int OpenCount
    {
        get
        {
            lock (_lock)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Unfinished uploads, counted as they come and go; those of before the start once they are recovered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _known.Count;
            }
        }
    }

    /// <summary>What they take, bytes.</summary>
    public long SizeBytes => Interlocked.Read(ref _sizeBytes);

    /// <summary>Uploads removed by a limit since the start.</summary>
    public long Abandoned => Interlocked.Read(ref _abandoned);

    /// <summary>Every upload on disk, also a part whose manifest is missing.</summary>
    public IReadOnlyList<UploadKey> List()
    {
        if (!Directory.Exists(root))
        {
            return [];
        }

        return
        [
            .. Directory.EnumerateFiles(root, "*.*", SearchOption.AllDirectories)
                .Where(f => Path.GetExtension(f) is ".manifest" or ".part")
                .Select(f => new UploadKey(Path.GetFileName(Path.GetDirectoryName(f)!), Path.GetFileNameWithoutExtension(f)))
                .Where(k => Ids.IsDevice(k.Device) && Ids.IsPhoto(k.PhotoId))
                .Distinct(),
        ];
    }

    /// <summary>Opens an upload for use; null when there is none. Give it back with <see cref="Release"/>.</summary>
    public IncomingPhoto? Open(string site, UploadKey key)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(key, out IncomingPhoto? open))
            {
                return Use(open);
            }
        }

        return ReadManifest(site, key) is { } manifest ? Enter(key, manifest) : null;
    }

    /// <summary>Begins an upload: manifest and empty part are durable when this returns.</summary>
    public IncomingPhoto Create(UploadKey key, PhotoManifest manifest, ReadOnlySpan<byte> message)
    {
        string folder = Path.Combine(root, key.Device);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            DirectorySync.Flush(root);
        }

        File.Delete(PathOf(key, ".part"));
        IncomingPhoto photo = Enter(key, manifest);
        try
        {
            SaveManifest(key, message);
            return photo;
        }
        catch
        {
            Remove(key);
            Release(photo);
            throw;
        }
    }

    /// <summary>Replaces the stored manifest durably.</summary>
    public void SaveManifest(UploadKey key, ReadOnlySpan<byte> message) => Save(PathOf(key, ".manifest"), message);

    /// <summary>Replaces the thumbnail of an upload durably.</summary>
    public void SaveThumbnail(UploadKey key, ReadOnlySpan<byte> jpeg) => Save(PathOf(key, ".thumbnail"), jpeg);

    /// <summary>The thumbnail of an upload; null when there is none.</summary>
    public byte[]? ReadThumbnail(UploadKey key)
    {
        try
        {
            return File.ReadAllBytes(PathOf(key, ".thumbnail"));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>A further chunk is there.</summary>
    public void Progressed(IncomingPhoto photo)
    {
        lock (_lock)
        {
            if (!photo.IsClosed || _known.ContainsKey(photo.Key))
            {
                Note(photo.Key, new Usage(photo.Part.ReceivedBytes + ManifestBytes, time.GetUtcNow()));
            }
        }
    }

    /// <summary>
    /// The upload that has to go first, if any. Age counts only a day after the start: while the server was away nobody could make progress.
    /// </summary>
    public AbandonedUpload? FindAbandoned(UploadKey? busy, DateTimeOffset now, IngestOptions options)
    {
        if (_sizeBytes <= options.MaxIncomingBytes && busy is not null)
        {
            return null; // the path of every chunk; age is looked at every hour
        }

        lock (_lock)
        {
            KeyValuePair<UploadKey, Usage>[] others = [.. _known.Where(k => k.Key != busy)];
            if (others.Length == 0)
            {
                return null;
            }

            (UploadKey key, Usage oldest) = others.MinBy(k => k.Value.ProgressAt);
            bool isOld = now - _startedAt >= AgeGrace && now - oldest.ProgressAt >= options.MaxIncomingAge;
            return _sizeBytes > options.MaxIncomingBytes || isOld
                ? new AbandonedUpload(key, isOld ? "no-progress" : "no-room", oldest.SizeBytes - ManifestBytes, oldest.ProgressAt)
                : null;
        }
    }

    /// <summary>Removes it, unless it made progress meanwhile. Holds the key's gate.</summary>
    public bool Abandon(AbandonedUpload upload)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue(upload.Key, out Usage now) || now.ProgressAt != upload.ProgressAt)
            {
                return false;
            }
        }

        Remove(upload.Key);
        Interlocked.Increment(ref _abandoned);
        return true;
    }

    /// <summary>Ends a use.</summary>
    public void Release(IncomingPhoto photo)
    {
        List<IncomingPhoto> close = [];
        lock (_lock)
        {
            photo.Users--;
            if (photo is { IsClosed: true, Users: 0 })
            {
                close.Add(photo);
            }

            while (_open.Count > maxOpen && _open.Values.Where(p => p.Users == 0).MinBy(p => p.LastUse) is { } idle)
            {
                _open.Remove(idle.Key);
                idle.IsClosed = true;
                close.Add(idle);
            }
        }

        close.ForEach(p => p.Part.Dispose());
    }

    /// <summary>True while it is the upload of its key.</summary>
    public bool IsCurrent(IncomingPhoto photo)
    {
        lock (_lock)
        {
            return !photo.IsClosed;
        }
    }

    /// <summary>Removes an upload from disk. Who still writes to it writes into a file without a name.</summary>
    public void Remove(UploadKey key)
    {
        IncomingPhoto? idle = null;
        lock (_lock)
        {
            if (_known.Remove(key, out Usage usage))
            {
                _sizeBytes -= usage.SizeBytes;
            }

            if (_open.Remove(key, out IncomingPhoto? open))
            {
                open.IsClosed = true;
                idle = open.Users == 0 ? open : null;
            }
        }

        idle?.Part.Dispose();
        if (Directory.Exists(Path.Combine(root, key.Device)))
        {
            File.Delete(PathOf(key, ".part"));
            File.Delete(PathOf(key, ".manifest"));
            File.Delete(PathOf(key, ".thumbnail"));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (IncomingPhoto photo in _open.Values)
            {
                photo.Part.Dispose();
            }

            _open.Clear();
        }
    }

    private IncomingPhoto Enter(UploadKey key, PhotoManifest manifest)
    {
        DateTimeOffset progressAt = File.Exists(PathOf(key, ".part")) ? File.GetLastWriteTimeUtc(PathOf(key, ".part")) : time.GetUtcNow();
        IncomingPhoto photo = new(key, new PartFile(PathOf(key, ".part"), manifest));
        lock (_lock)
        {
            if (!_known.ContainsKey(key))
            {
                Note(key, new Usage(photo.Part.ReceivedBytes + ManifestBytes, progressAt));
            }

            _open[key] = photo;
            return Use(photo);
        }
    }

    private void Note(UploadKey key, Usage usage)
    {
        _sizeBytes += usage.SizeBytes - (_known.TryGetValue(key, out Usage before) ? before.SizeBytes : 0);
        _known[key] = usage;
    }

    private IncomingPhoto Use(IncomingPhoto photo)
    {
        photo.Users++;
        photo.LastUse = ++_clock;
        return photo;
    }

    /// <summary>A manifest that cannot be read is as good as none: the device sends it again.</summary>
    private PhotoManifest? ReadManifest(string site, UploadKey key)
    {
        try
        {
            byte[] message = File.ReadAllBytes(PathOf(key, ".manifest"));
            UpTopic topic = new(site, key.Device, UpChannel.PhotoManifest, key.PhotoId);
            return PhotoManifest.Parse(message, topic).Value;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    private static void Save(string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = path + ".tmp";
        using (FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(path)!);
    }

    private string PathOf(UploadKey key, string extension) => Path.Combine(root, key.Device, key.PhotoId + extension);

    private readonly record struct Usage(long SizeBytes, DateTimeOffset ProgressAt);
}
