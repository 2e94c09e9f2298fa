using System.Text.Json;
using Field.Contracts;
using Field.EdgeAgent.Uplink;

namespace Field.EdgeAgent.Drone;

/// <summary>The figures of a run.</summary>
/// <param name="PhotosFound">Photo files looked at, those that could not be read included.</param>
/// <param name="PhotosSent">Photos of which the server took at least one chunk in this run.</param>
/// <param name="PhotosStored">Photo files whose content the server has confirmed, in this run or earlier.</param>
/// <param name="Duplicates">Files that repeat another one of this run, and photos the server had from elsewhere.</param>
/// <param name="Rejected">Photos the server refused.</param>
/// <param name="Unreadable">Files that could not be read, and photos that disappeared before they were confirmed.</param>
/// <param name="BytesSent">Photo bytes the server took in this run, repetitions included.</param>
/// <param name="BytesStored">Size of the photos confirmed in this run.</param>
/// <param name="Seconds">How long the run took.</param>
/// <param name="ThumbnailsSent">Thumbnails the server took in this run.</param>
internal sealed record UploadSummary(
    int PhotosFound, int PhotosSent, int PhotosStored, int Duplicates, int Rejected, int Unreadable, long BytesSent, long BytesStored, double Seconds,
    int ThumbnailsSent = 0)
{
    /// <summary>Writes the summary as JSON.</summary>
    public byte[] ToJson()
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, Encoder = WireJson.WriterOptions.Encoder }))
        {
            json.WriteStartObject();
            json.WriteNumber("photosFound", PhotosFound);
            json.WriteNumber("photosSent", PhotosSent);
            json.WriteNumber("photosStored", PhotosStored);
            json.WriteNumber("duplicates", Duplicates);
            json.WriteNumber("rejected", Rejected);
            json.WriteNumber("unreadable", Unreadable);
            json.WriteNumber("bytesSent", BytesSent);
            json.WriteNumber("bytesStored", BytesStored);
            json.WriteNumber("seconds", Math.Round(Seconds, 3));
            json.WriteNumber("thumbnailsSent", ThumbnailsSent);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}

/// <summary>Counts upload events, and knows when something last moved. Safe for concurrent use.</summary>
internal sealed class UploadTally(TimeProvider time) : IUploadObserver
{
    private readonly Lock _gate = new();
    private readonly long _startedAt = time.GetTimestamp();
    private readonly Dictionary<string, string> _photoByPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);
    private readonly HashSet<string> _rejected = new(StringComparer.Ordinal);
    private readonly HashSet<string> _sent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stored = new(StringComparer.Ordinal);
    private int _duplicates;
    private int _thumbnails;
    private long _bytesSent;
    private long _bytesStored;
    private long _movedAt = time.GetTimestamp();

    /// <summary>How long ago something last moved: a file read, a chunk taken, a receipt.</summary>
    public TimeSpan SinceProgress
    {
        get
        {
            lock (_gate)
            {
                return time.GetElapsedTime(_movedAt);
            }
        }
    }

    /// <inheritdoc/>
    public void On(UploadEvent e)
    {
        lock (_gate)
        {
            Count(e);
            if (e is not (UploadEvent.Disconnected or UploadEvent.Connected or UploadEvent.Absent or UploadEvent.Triaged or UploadEvent.TriageEnded or UploadEvent.ThumbnailsEnded))
            {
                _movedAt = time.GetTimestamp();
            }
        }
    }

    /// <summary>The figures so far.</summary>
    public UploadSummary Summary()
    {
        lock (_gate)
        {
            return new UploadSummary(
                _photoByPath.Keys.Union(_problems.Keys).Count(),
                _sent.Count,
                _photoByPath.Values.Count(_stored.Contains),
                _duplicates,
                _rejected.Count,
                _problems.Count,
                _bytesSent,
                _bytesStored,
                time.GetElapsedTime(_startedAt).TotalSeconds,
                _thumbnails);
        }
    }

    private void Count(UploadEvent e)
    {
        switch (e)
        {
            case UploadEvent.Found found:
                _problems.Remove(found.Path); // it was still being copied when it could not be read
                _photoByPath[found.Path] = found.Photo.PhotoId;
                _duplicates += found.Repeats ? 1 : 0;
                break;
            case UploadEvent.FoundStored found:
                _problems.Remove(found.Path);
                _duplicates += !_photoByPath.ContainsKey(found.Path) && _photoByPath.ContainsValue(found.Photo.PhotoId) ? 1 : 0;
                _photoByPath[found.Path] = found.Photo.PhotoId;
                _stored.Add(found.Photo.PhotoId);
                break;
            case UploadEvent.Changed changed:
                _photoByPath[changed.Path] = changed.Photo.PhotoId;
                break;
            case UploadEvent.Unreadable unreadable:
                _problems[unreadable.Path] = unreadable.Reason.Message;
                break;
            case UploadEvent.Lost lost:
                _problems[$"{lost.Path} ({lost.Photo.PhotoId})"] = "lost";
                break;
            case UploadEvent.ThumbnailSent:
                _thumbnails++;
                break;
            case UploadEvent.ChunkSent chunk:
                _sent.Add(chunk.Photo.PhotoId);
                _bytesSent += chunk.Bytes;
                break;
            case UploadEvent.Stored stored when _stored.Add(stored.Photo.PhotoId):
                _bytesStored += stored.Photo.Manifest.SizeBytes;
                _duplicates += stored.Duplicate && !_sent.Contains(stored.Photo.PhotoId) ? 1 : 0;
                break;
            case UploadEvent.Rejected rejected:
                _rejected.Add(rejected.Photo.PhotoId);
                break;
        }
    }
}
