namespace Field.EdgeAgent.Outbox;

/// <summary>How large an outbox may become, and how it cuts.</summary>
/// <param name="MaxBytes">Messages and samples on the disk, at most; beyond it the policy of <see cref="OutboxSpace"/> decides.</param>
/// <param name="SegmentBytes">A file gets no more records from this size on; what is freed or dropped is a file.</param>
/// <param name="PackRecords">Measurements in a telemetry pack, at most.</param>
/// <param name="PackBytes">Bytes of the measurements of a pack, at most.</param>
internal sealed record OutboxLimits(
    long MaxBytes = OutboxLimits.DefaultMaxBytes, long SegmentBytes = 4 * 1024 * 1024, int PackRecords = 1000, int PackBytes = 60 * 1024)
{
    /// <summary>8 GiB.</summary>
    public const long DefaultMaxBytes = 8L * 1024 * 1024 * 1024;

    /// <summary>The least that makes sense: 16 MiB.</summary>
    public const long LeastMaxBytes = 16L * 1024 * 1024;

    /// <summary>The limits for a folder when none are given: 8 GiB, or half of what is free there and taken already.</summary>
    public static OutboxLimits For(string folder, long? maxBytes)
    {
        if (maxBytes is { } given)
        {
            return new OutboxLimits(given);
        }

        Directory.CreateDirectory(folder);
        long taken = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        long half = (new DriveInfo(folder).AvailableFreeSpace + taken) / 2;
        return new OutboxLimits(Math.Clamp(half, LeastMaxBytes, DefaultMaxBytes));
    }
}

/// <summary>The outbox is full and what it holds may not be dropped for this; transient.</summary>
internal sealed class OutboxFullException(string message) : FieldException(message, isTransient: true);
