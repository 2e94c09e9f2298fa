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

    /// <summary>SHA-256 under which the blob store keeps the bytes of a photo that was not what it claimed; else null.</summary>
    public string? BlobSha256 { get; init; }
}

/// <summary>How full the dead letters are.</summary>
/// <param name="Letters">Letters kept.</param>
/// <param name="SizeBytes">Their payloads together.</param>
/// <param name="MaxSizeBytes">The limit.</param>
/// <param name="Refused">Messages that could be kept no more, since the file was made.</param>
public sealed record DeadLetterStatus(long Letters, long SizeBytes, long MaxSizeBytes, long Refused);
