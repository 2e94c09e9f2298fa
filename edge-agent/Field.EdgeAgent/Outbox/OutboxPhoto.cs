using Field.Contracts;

namespace Field.EdgeAgent.Outbox;

/// <summary>A file as it was when its bytes were hashed.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="SizeBytes">Size.</param>
/// <param name="ModifiedTicks">Last write time, UTC ticks.</param>
internal sealed record SourceFile(string Path, long SizeBytes, long ModifiedTicks)
{
    /// <summary>The file as it is now; null when it is not there.</summary>
    public static SourceFile? Stat(string path)
    {
        FileInfo info = new(path);
        return info.Exists ? new SourceFile(path, info.Length, info.LastWriteTimeUtc.Ticks) : null;
    }
}

/// <summary>Where a photo stands.</summary>
internal enum PhotoState
{
    /// <summary>Not confirmed by the server.</summary>
    Waiting,

    /// <summary>The server confirmed the same SHA-256.</summary>
    Stored,

    /// <summary>Its last file was changed or removed before the server confirmed it.</summary>
    Gone,
}

/// <summary>What a look at a photo on the device gave.</summary>
/// <param name="Model">Name of the model that looked.</param>
/// <param name="Score">0 (nothing seen) to 1; null when the photo could not be scored.</param>
internal sealed record PhotoTriage(string Model, double? Score);

/// <summary>A photo the outbox knows, by content; the bytes stay in its source files.</summary>
internal sealed class OutboxPhoto(PhotoManifest manifest, long ordinal)
{
    /// <summary>SHA-256 of the bytes.</summary>
    public string PhotoId => Manifest.PhotoId;

    /// <summary>What the server is told.</summary>
    public PhotoManifest Manifest { get; } = manifest;

    /// <summary>Position among all photos: the order in which they became known, on a card that of the file names.</summary>
    public long Ordinal { get; } = ordinal;

    /// <summary>The files with these bytes.</summary>
    public IReadOnlyList<SourceFile> Sources { get; internal set; } = [];

    /// <summary>Where it stands.</summary>
    public PhotoState State { get; internal set; }

    /// <summary>True when the server has its thumbnail.</summary>
    public bool HasThumbnail { get; internal set; }

    /// <summary>What a model saw in it on the device; null when none has looked.</summary>
    public PhotoTriage? Triage { get; internal set; }
}
