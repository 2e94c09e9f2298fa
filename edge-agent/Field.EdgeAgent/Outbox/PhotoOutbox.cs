using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Outbox;

/// <summary>
/// What the device still owes the server, and its sequence, on durable storage. The photos' bytes stay on the card; the outbox holds what
/// is needed to send them after any crash. Safe for concurrent use; every change is durable when the call returns.
/// </summary>
internal sealed class PhotoOutbox : IDisposable
{
    /// <summary>Sequence numbers reserved by one journal record.</summary>
    public const int SequenceBlock = 256;

    private const int WorthCompacting = 256;

    private readonly Lock _gate = new();
    private readonly FileStream _lock;
    private readonly string _site;
    private readonly string _device;
    private readonly Journal _journal;
    private readonly Dictionary<string, OutboxPhoto> _photos = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OutboxPhoto> _byPath = new(StringComparer.Ordinal);
    private bool _hasIdentity;
    private long _reserved;
    private long _next;

    private PhotoOutbox(string folder, string site, string device, FileStream guard)
    {
        (_site, _device, _lock) = (site, device, guard);
        _journal = Journal.Open(Path.Combine(folder, "journal"), "FIELDOB1"u8, Replay);
        TornBytes = _journal.TornBytes;

        // Records behind a damaged place may have reserved numbers. Each took more bytes than a frame, so this is past all of them.
        _reserved += TornBytes == 0 ? 0 : ((TornBytes / Journal.FrameBytes) + 1) * SequenceBlock;
        _next = _reserved + 1;
        if (TornBytes > 0 || !_hasIdentity || _journal.RecordCount > WorthCompacting + (2 * LiveRecords))
        {
            _journal.Rewrite(Snapshot());
        }
    }

    /// <summary>Bytes at the journal's end that a crash or a bad disk had torn and that were cut off when it was opened.</summary>
    public long TornBytes { get; }

    /// <summary>Photos not confirmed yet, in the order they became known.</summary>
    public IReadOnlyList<OutboxPhoto> Waiting
    {
        get
        {
            lock (_gate)
            {
                return [.. _photos.Values.Where(p => p.State == PhotoState.Waiting).OrderBy(p => p.Ordinal)];
            }
        }
    }

    private int LiveRecords => 2 + _byPath.Count + _photos.Count;

    /// <summary>Opens or creates the outbox of a device.</summary>
    /// <exception cref="FieldException">Another agent has it open, or it belongs to another device.</exception>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static PhotoOutbox Open(string folder, string site, string device)
    {
        Directory.CreateDirectory(folder);
        FileStream guard = Guard(Path.Combine(folder, "lock"));
        try
        {
            return new PhotoOutbox(folder, site, device, guard);
        }
        catch
        {
            guard.Dispose();
            throw;
        }
    }

    /// <summary>The next number of the device's sequence: never given before, not even before a crash.</summary>
    public long NextSequence()
    {
        lock (_gate)
        {
            if (_next > _reserved)
            {
                _journal.Append(OutboxRecords.Sequence(_reserved + SequenceBlock));
                _reserved += SequenceBlock;
            }

            return _next++;
        }
    }

    /// <summary>The photo in a file, when it was hashed before and has not changed since; else null.</summary>
    public OutboxPhoto? Find(SourceFile file)
    {
        lock (_gate)
        {
            return _byPath.TryGetValue(file.Path, out OutboxPhoto? photo) && photo.Sources.Contains(file) ? photo : null;
        }
    }

    /// <summary>Remembers a file and the photo in it.</summary>
    /// <param name="file">The file as it was before and after hashing.</param>
    /// <param name="manifest">The photo.</param>
    /// <param name="lost">A photo that was in this file before, is in no other and was never confirmed; else null.</param>
    public OutboxPhoto Add(SourceFile file, PhotoManifest manifest, out OutboxPhoto? lost)
    {
        lock (_gate)
        {
            _journal.Append(OutboxRecords.Photo(_site, _device, file, manifest));
            return Apply(file, manifest, out lost);
        }
    }

    /// <summary>Remembers that the server stored a photo. Only then may its bytes be deleted here.</summary>
    public void MarkStored(OutboxPhoto photo) => Mark(photo, PhotoState.Stored, OutboxRecords.Receipt(photo.PhotoId));

    /// <summary>Remembers that a photo's files disappeared before the server confirmed it, so that it is reported once.</summary>
    public void MarkGone(OutboxPhoto photo) => Mark(photo, PhotoState.Gone, OutboxRecords.Gone(photo.PhotoId));

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _journal.Dispose();
            _lock.Dispose();
        }
    }

    private static FileStream Guard(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new FieldException(
                $"another agent is using the outbox {Path.GetDirectoryName(path)}; stop it or give --outbox another folder", isTransient: true, e);
        }
    }

    private void Mark(OutboxPhoto photo, PhotoState state, byte[] record)
    {
        lock (_gate)
        {
            if (photo.State != state)
            {
                _journal.Append(record);
                photo.State = state;
            }
        }
    }

    private OutboxPhoto Apply(SourceFile file, PhotoManifest manifest, out OutboxPhoto? lost)
    {
        lost = null;
        if (_byPath.TryGetValue(file.Path, out OutboxPhoto? before))
        {
            before.Sources = [.. before.Sources.Where(s => s.Path != file.Path)];
            if (before.Sources.Count == 0 && before.PhotoId != manifest.PhotoId && before.State == PhotoState.Waiting)
            {
                before.State = PhotoState.Gone;
                lost = before;
            }
        }

        if (!_photos.TryGetValue(manifest.PhotoId, out OutboxPhoto? photo))
        {
            photo = new OutboxPhoto(manifest, _photos.Count);
            _photos.Add(photo.PhotoId, photo);
        }

        photo.State = photo.State == PhotoState.Gone ? PhotoState.Waiting : photo.State;
        photo.Sources = [.. photo.Sources, file];
        _byPath[file.Path] = photo;
        return photo;
    }

    private void Replay(ReadOnlyMemory<byte> record)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(record[1..]);
            Replay((RecordKind)record.Span[0], document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FieldException($"a record of the outbox cannot be understood ({e.Message}); move the outbox folder away and start again", false, e);
        }
    }

    private void Replay(RecordKind kind, JsonElement json)
    {
        switch (kind)
        {
            case RecordKind.Identity:
                CheckIdentity(json);
                break;
            case RecordKind.Sequence:
                _reserved = Math.Max(_reserved, json.GetProperty("upTo").GetInt64());
                break;
            case RecordKind.Photo:
                (SourceFile file, PhotoManifest manifest) = OutboxRecords.ReadPhoto(_site, _device, json);
                Apply(file, manifest, out _);
                break;
            case RecordKind.Receipt when _photos.TryGetValue(json.GetProperty("photoId").GetString()!, out OutboxPhoto? photo):
                photo.State = PhotoState.Stored;
                break;
            case RecordKind.Gone when _photos.TryGetValue(json.GetProperty("photoId").GetString()!, out OutboxPhoto? photo):
                photo.State = PhotoState.Gone;
                break;
            default:
                throw Newer();
        }
    }

    private void CheckIdentity(JsonElement json)
    {
        (string? site, string? device) = (json.GetProperty("site").GetString(), json.GetProperty("device").GetString());
        if (json.GetProperty("version").GetInt32() > OutboxRecords.Version)
        {
            throw Newer();
        }

        if (site != _site || device != _device)
        {
            throw new FieldException(
                $"this outbox belongs to {site}/{device}, not to {_site}/{_device}; give --outbox another folder, or --site and --device as before");
        }

        _hasIdentity = true;
    }

    private static FieldException Newer() => new("this outbox was written by a newer version of the agent; use that version, or another --outbox");

    /// <summary>The fewest records that give the same state.</summary>
    private IEnumerable<byte[]> Snapshot()
    {
        yield return OutboxRecords.Identity(_site, _device);
        yield return OutboxRecords.Sequence(_reserved);
        foreach (OutboxPhoto photo in _photos.Values.Where(p => p.Sources.Count > 0).OrderBy(p => p.Ordinal))
        {
            foreach (SourceFile file in photo.Sources)
            {
                yield return OutboxRecords.Photo(_site, _device, file, photo.Manifest);
            }

            if (photo.State != PhotoState.Waiting)
            {
                yield return photo.State == PhotoState.Stored ? OutboxRecords.Receipt(photo.PhotoId) : OutboxRecords.Gone(photo.PhotoId);
            }
        }
    }
}
