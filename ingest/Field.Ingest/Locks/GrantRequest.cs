using Field.Contracts.Locks;

namespace Field.Ingest.Locks;

/// <summary>A booking at a lock.</summary>
/// <param name="Device">The lock.</param>
/// <param name="Slot">When, in whole seconds.</param>
/// <param name="HasPin">True makes a PIN; false grants by the key box code of the slot, which must lie on its grid.</param>
/// <param name="Who">Who grants it: a user's name.</param>
/// <param name="OneTime">True when it opens once.</param>
/// <param name="Label">What an officer sees, such as the room; no person's name. Or null.</param>
/// <param name="GrantId">The booking's name, or null for one that is made.</param>
public sealed record GrantRequest(string Device, Slot Slot, bool HasPin, string Who, bool OneTime = false, string? Label = null, string? GrantId = null);

/// <summary>A grant that the lock will know, and what its person has to type.</summary>
/// <param name="GrantId">The grant.</param>
/// <param name="Code">The PIN or the key box code. Told once: nothing keeps it.</param>
public sealed record IssuedGrant(string GrantId, string Code)
{
    /// <inheritdoc/>
    public override string ToString() => $"grant {GrantId}";
}
