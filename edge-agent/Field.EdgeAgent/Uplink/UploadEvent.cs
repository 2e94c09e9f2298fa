using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Uplink;

/// <summary>What happens on the way of the photos; the tally counts it and the screen shows it.</summary>
internal abstract record UploadEvent
{
    /// <summary>The card was looked through for the first time, or its other files changed.</summary>
    public sealed record OtherFiles(IReadOnlyDictionary<string, int> ByExtension) : UploadEvent;

    /// <summary>A photo file is being hashed.</summary>
    public sealed record Reading(string Path) : UploadEvent;

    /// <summary>A photo file was found and will be sent, unless the same bytes already are.</summary>
    public sealed record Found(string Path, OutboxPhoto Photo, bool Repeats) : UploadEvent;

    /// <summary>A photo file was found that the server had confirmed in an earlier run.</summary>
    public sealed record FoundStored(string Path, OutboxPhoto Photo) : UploadEvent;

    /// <summary>A file cannot be sent.</summary>
    public sealed record Unreadable(string Path, Exception Reason) : UploadEvent;

    /// <summary>A photo that was never confirmed is no longer in its file.</summary>
    public sealed record Lost(OutboxPhoto Photo, string Path) : UploadEvent;

    /// <summary>The file was found changed when its photo was to be sent; what is in it now is sent.</summary>
    public sealed record Changed(OutboxPhoto Photo, string Path) : UploadEvent;

    /// <summary>The files of a photo are not there now (another card); it stays in the outbox.</summary>
    public sealed record Absent(OutboxPhoto Photo) : UploadEvent;

    /// <summary>A model on the device looked at a photo; the score is null when it could not.</summary>
    public sealed record Triaged(OutboxPhoto Photo, double? Score) : UploadEvent;

    /// <summary>Photos are not looked at on the device, or no longer; they are sent all the same.</summary>
    public sealed record TriageEnded(string Reason) : UploadEvent;

    /// <summary>The server has a photo's thumbnail.</summary>
    public sealed record ThumbnailSent(OutboxPhoto Photo, int Bytes) : UploadEvent;

    /// <summary>No thumbnails are sent; the photos are all the same.</summary>
    public sealed record ThumbnailsEnded(string Reason) : UploadEvent;

    /// <summary>The server said what it lacks of a photo.</summary>
    public sealed record Sending(OutboxPhoto Photo, int MissingChunks) : UploadEvent;

    /// <summary>The server has one more chunk.</summary>
    public sealed record ChunkSent(OutboxPhoto Photo, int Bytes) : UploadEvent;

    /// <summary>The server confirmed the photo.</summary>
    public sealed record Stored(OutboxPhoto Photo, bool Duplicate) : UploadEvent;

    /// <summary>The server refused the photo for good.</summary>
    public sealed record Rejected(OutboxPhoto Photo, string Reason) : UploadEvent;

    /// <summary>A confirmed photo's file was deleted from the card, as asked.</summary>
    public sealed record Deleted(string Path) : UploadEvent;

    /// <summary>A confirmed photo's file could not be deleted, or is no longer the confirmed photo; it stays.</summary>
    public sealed record NotDeleted(string Path, Exception? Reason) : UploadEvent;

    /// <summary>The server has stored messages, as its acknowledgement or its receipt says.</summary>
    public sealed record MessagesStored(int Count) : UploadEvent;

    /// <summary>The server refused a message for good; it is in the server's dead letters.</summary>
    public sealed record MessageRefused(string Channel, long Sequence, string Reason) : UploadEvent;

    /// <summary>The server is reachable.</summary>
    public sealed record Connected : UploadEvent;

    /// <summary>The server is not reachable.</summary>
    public sealed record Disconnected(string Reason, TimeSpan RetryIn) : UploadEvent;

    /// <summary>The journal's end was damaged and cut off.</summary>
    public sealed record JournalTorn(long Bytes) : UploadEvent;
}

/// <summary>Hears upload events, from several threads.</summary>
internal interface IUploadObserver
{
    /// <summary>Must not block for long and must not throw.</summary>
    void On(UploadEvent e);
}
