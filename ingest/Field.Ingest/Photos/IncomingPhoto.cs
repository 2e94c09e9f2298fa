namespace Field.Ingest.Photos;

/// <summary>Which upload: each device has its own, so that none can spoil or restart another's upload of the same photo.</summary>
/// <param name="Device">A well-formed device id.</param>
/// <param name="PhotoId">A well-formed photo id.</param>
internal readonly record struct UploadKey(string Device, string PhotoId);

/// <summary>An upload whose part file is open.</summary>
/// <param name="Key">Which upload.</param>
/// <param name="Part">Its chunks.</param>
internal sealed record IncomingPhoto(UploadKey Key, PartFile Part)
{
    /// <summary>Calls that use it now; guarded by the folder's lock.</summary>
    public int Users { get; set; }

    /// <summary>When it was last used, in the order of use; guarded by the folder's lock.</summary>
    public long LastUse { get; set; }

    /// <summary>True when it is no longer the upload of its key; guarded by the folder's lock.</summary>
    public bool IsClosed { get; set; }
}

/// <summary>An unfinished upload that has to go.</summary>
/// <param name="Key">Which.</param>
/// <param name="Reason"><c>no-progress</c> for too long, or <c>no-room</c>.</param>
/// <param name="ReceivedBytes">What of it had come.</param>
/// <param name="ProgressAt">When something of it came last.</param>
internal sealed record AbandonedUpload(UploadKey Key, string Reason, long ReceivedBytes, DateTimeOffset ProgressAt);
