using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Outbox;

/// <summary>
/// The photos a device still owes the server. Their bytes stay on the card; the outbox's journal holds what is needed to send them after
/// any crash. Safe for concurrent use; every change is durable when the call returns.
/// </summary>
internal sealed class PhotoOutbox
{
    private readonly Lock _gate = new();
    private readonly string _site;
    private readonly string _device;
    private readonly Action<byte[]> _append;
    private readonly Dictionary<string, OutboxPhoto> _photos = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OutboxPhoto> _byPath = new(StringComparer.Ordinal);

    /// <summary>The photos of a device's outbox, none yet.</summary>
    /// <param name="site">Site id.</param>
    /// <param name="device">Device id.</param>
    /// <param name="append">Makes a record durable.</param>
    internal PhotoOutbox(string site, string device, Action<byte[]> append) => (_site, _device, _append) = (site, device, append);

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

    /// <summary>How many records <see cref="Snapshot"/> has, at most.</summary>
    internal int LiveRecords => _byPath.Count + (3 * _photos.Count);

    /// <summary>The photo in a file, when it was hashed before and has not changed since; else null.</summary>
    public OutboxPhoto? Find(SourceFile file)
    {
        lock (_gate)
        {
            return _byPath.TryGetValue(file.Path, out OutboxPhoto? photo) && photo.Sources.Contains(file) ? photo : null;
        }
    }

    /// <summary>The photo last seen at a path, also when its file is gone since; else null.</summary>
    public OutboxPhoto? LastAt(string path)
    {
        lock (_gate)
        {
            return _byPath.GetValueOrDefault(path);
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
            _append(OutboxRecords.Photo(_site, _device, file, manifest));
            return Apply(file, manifest, out lost);
        }
    }

    /// <summary>Remembers that the server stored a photo. Only then may its bytes be deleted here.</summary>
    public void MarkStored(OutboxPhoto photo) => Mark(photo, PhotoState.Stored, OutboxRecords.Receipt(photo.PhotoId));

    /// <summary>Remembers that a photo's files disappeared before the server confirmed it, so that it is reported once.</summary>
    public void MarkGone(OutboxPhoto photo) => Mark(photo, PhotoState.Gone, OutboxRecords.Gone(photo.PhotoId));

    /// <summary>Remembers what a model saw in a photo, unless the server has it by now.</summary>
    public void MarkTriaged(OutboxPhoto photo, PhotoTriage triage)
    {
        lock (_gate)
        {
            if (photo.State == PhotoState.Waiting && photo.Triage != triage)
            {
                _append(OutboxRecords.Triage(photo.PhotoId, triage));
                photo.Triage = triage;
            }
        }
    }

    /// <summary>Remembers that the server has a photo's thumbnail, so that it is sent once.</summary>
    public void MarkThumbnail(OutboxPhoto photo)
    {
        lock (_gate)
        {
            if (photo.State == PhotoState.Waiting && !photo.HasThumbnail)
            {
                _append(OutboxRecords.Thumbnail(photo.PhotoId));
                photo.HasThumbnail = true;
            }
        }
    }

    /// <summary>Takes over a record of the journal; false when it is of no kind that is known here.</summary>
    internal bool Replay(RecordKind kind, JsonElement json)
    {
        switch (kind)
        {
            case RecordKind.Photo:
                (SourceFile file, PhotoManifest manifest) = OutboxRecords.ReadPhoto(_site, _device, json);
                Apply(file, manifest, out _);
                return true;
            case RecordKind.Receipt when _photos.TryGetValue(json.GetProperty("photoId").GetString()!, out OutboxPhoto? photo):
                photo.State = PhotoState.Stored;
                return true;
            case RecordKind.Gone when _photos.TryGetValue(json.GetProperty("photoId").GetString()!, out OutboxPhoto? photo):
                photo.State = PhotoState.Gone;
                return true;
            case RecordKind.Triage when _photos.TryGetValue(json.GetProperty("photoId").GetString()!, out OutboxPhoto? photo):
                photo.Triage = OutboxRecords.ReadTriage(json);
                return true;
            case RecordKind.Thumbnail when _photos.TryGetValue(json.GetProperty("photoId").GetString()!, out OutboxPhoto? photo):
                photo.HasThumbnail = true;
                return true;
            default:
                return false;
        }
    }

    /// <summary>The fewest records that give the same state.</summary>
    internal IEnumerable<byte[]> Snapshot()
    {
        foreach (OutboxPhoto photo in _photos.Values.Where(p => p.Sources.Count > 0).OrderBy(p => p.Ordinal))
        {
            foreach (SourceFile file in photo.Sources)
            {
                yield return OutboxRecords.Photo(_site, _device, file, photo.Manifest);
            }

            if (photo.State == PhotoState.Waiting)
            {
                if (photo.Triage is { } triage)
                {
                    yield return OutboxRecords.Triage(photo.PhotoId, triage);
                }

                if (photo.HasThumbnail)
                {
                    yield return OutboxRecords.Thumbnail(photo.PhotoId);
                }
            }
            else
            {
                yield return photo.State == PhotoState.Stored ? OutboxRecords.Receipt(photo.PhotoId) : OutboxRecords.Gone(photo.PhotoId);
            }
        }
    }

    private void Mark(OutboxPhoto photo, PhotoState state, byte[] record)
    {
        lock (_gate)
        {
            if (photo.State != state)
            {
                _append(record);
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
}
