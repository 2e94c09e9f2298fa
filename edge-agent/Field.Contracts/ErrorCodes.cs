namespace Field.Contracts;

/// <summary>Why a message was refused (SPEC.md section 9).</summary>
public static class ErrorCodes
{
    /// <summary>No topic rule matches.</summary>
    public const string UnknownTopic = "unknown-topic";

    /// <summary>An id in the topic is malformed.</summary>
    public const string BadId = "bad-id";

    /// <summary>Not UTF-8, not JSON, too deep or with a duplicate member.</summary>
    public const string NotJson = "not-json";

    /// <summary>A required member is absent.</summary>
    public const string Missing = "missing";

    /// <summary>A member has another JSON type.</summary>
    public const string WrongType = "wrong-type";

    /// <summary>A number lies outside its range.</summary>
    public const string OutOfRange = "out-of-range";

    /// <summary>A text does not have its form.</summary>
    public const string BadFormat = "bad-format";

    /// <summary>Two places that must agree do not.</summary>
    public const string Mismatch = "mismatch";

    /// <summary>A size limit is exceeded.</summary>
    public const string TooLarge = "too-large";

    /// <summary>A SenML version above 10.</summary>
    public const string SenMLVersion = "senml-version";

    /// <summary>A SenML field that must be understood and is not.</summary>
    public const string SenMLMustUnderstand = "senml-must-understand";

    /// <summary>A SenML record without exactly one value.</summary>
    public const string SenMLValue = "senml-value";

    /// <summary>A SenML name with characters outside RFC 8428 section 4.5.1.</summary>
    public const string SenMLName = "senml-name";

    /// <summary>The chunk's header is not one.</summary>
    public const string ChunkHeader = "chunk-header";

    /// <summary>The chunk is shorter or longer than it says or than the manifest says.</summary>
    public const string ChunkSize = "chunk-size";

    /// <summary>The chunk's CRC-32C differs.</summary>
    public const string ChunkCrc = "chunk-crc";

    /// <summary>The chunk's index differs from the topic's or lies beyond the manifest's count.</summary>
    public const string ChunkIndex = "chunk-index";

    /// <summary>A thumbnail is no JPEG, or has a side that is too long.</summary>
    public const string ThumbnailFormat = "thumbnail-format";

    /// <summary>A chunk or a thumbnail without a manifest.</summary>
    public const string UnknownPhoto = "unknown-photo";

    /// <summary>Another message of the device has the sequence.</summary>
    public const string SequenceReset = "sequence-reset";

    /// <summary>The assembled bytes have another SHA-256.</summary>
    public const string HashMismatch = "hash-mismatch";
}
