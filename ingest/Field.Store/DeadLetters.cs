using Field.Contracts;

namespace Field.Store;

/// <summary>A refused message.</summary>
/// <param name="Topic">The topic it came on, as it was.</param>
/// <param name="Client">The MQTT client id that sent it.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Errors">All that is wrong with it.</param>
/// <param name="SizeBytes">Size of the payload, or of the bytes in the blob store.</param>
public sealed record DeadLetter(string Topic, string Client, DateTimeOffset ReceivedAt, IReadOnlyList<WireError> Errors, long SizeBytes)
{
    /// <summary>Number of the letter, from 1, given by the store.</summary>
    public long Id { get; init; }

    /// <summary>How often the same payload came on the same topic.</summary>
    public long Count { get; init; } = 1;

    /// <summary>When the same payload first came on the same topic; <see cref="ReceivedAt"/> is the last time.</summary>
    public DateTimeOffset FirstReceivedAt { get; init; } = ReceivedAt;

    /// <summary>SHA-256 of the bytes of a photo that was not what it claimed, kept as a file beside the letters; else null.</summary>
    public string? BlobSha256 { get; init; }
}

/// <summary>Which letters to read, newest first. All conditions must hold.</summary>
public sealed record DeadLetterQuery
{
    /// <summary>Only letters with a smaller id.</summary>
    public long BeforeId { get; init; } = long.MaxValue;

    /// <summary>Most letters, from 1.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Only letters whose topic names this device; a well-formed id, or null.</summary>
    public string? Device { get; init; }

    /// <summary>Only letters with an error of this code (SPEC.md section 9), or null.</summary>
    public string? Code { get; init; }

    /// <summary>Only letters that came last at this second or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only letters that came last before this second.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>How full the dead letters are.</summary>
/// <param name="Letters">Letters kept.</param>
/// <param name="SizeBytes">Their payloads together.</param>
/// <param name="MaxSizeBytes">The limit.</param>
/// <param name="Refused">Messages that could be kept no more, since the file was made.</param>
public sealed record DeadLetterStatus(long Letters, long SizeBytes, long MaxSizeBytes, long Refused);
