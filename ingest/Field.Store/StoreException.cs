namespace Field.Store;

/// <summary>A store could not do what was asked.</summary>
/// <param name="message">What happened and what the reader can do about it.</param>
/// <param name="isTransient">True for a full disk, a busy file or a failed device: the same call may succeed later.</param>
/// <param name="innerException">The cause, or null.</param>
public class StoreException(string message, bool isTransient = false, Exception? innerException = null)
    : FieldException(message, isTransient, innerException);

/// <summary>The bytes given to <see cref="IBlobStore.PutAsync"/> are not those that their name promises; nothing was stored.</summary>
/// <param name="expectedSha256">The SHA-256 they were announced with.</param>
/// <param name="actualSha256">The SHA-256 they have.</param>
public sealed class BlobHashException(string expectedSha256, string actualSha256)
    : StoreException($"the bytes announced as {expectedSha256} have the SHA-256 {actualSha256}; send them again")
{
    /// <summary>The SHA-256 of the bytes, lower-case hex.</summary>
    public string ActualSha256 { get; } = actualSha256;
}
