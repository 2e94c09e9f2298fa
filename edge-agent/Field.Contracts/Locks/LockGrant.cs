using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Field.Contracts.Locks;

/// <summary>A PIN as it may travel: stretched with a salt and sealed with the lock's secret (SPEC.md, Locks).</summary>
/// <param name="Iterations">Iterations of PBKDF2-HMAC-SHA-256, 10,000 to 200,000.</param>
/// <param name="SaltHex">16 random bytes in lower-case hex.</param>
/// <param name="TagHex">32 bytes in lower-case hex.</param>
public sealed record PinHash(int Iterations, string SaltHex, string TagHex)
{
    /// <summary>Fewest iterations.</summary>
    public const int MinIterations = 10_000;

    /// <summary>Most iterations: a message must not be able to keep a small board busy.</summary>
    public const int MaxIterations = 200_000;

    /// <summary>
    /// Iterations of new PINs: about 0.3 s on a single-core board of 1 GHz, so that a PIN tried against three grants still answers in a
    /// second. They only slow down whoever has the lock itself; the tag's secret stops everybody else.
    /// </summary>
    public const int DefaultIterations = 20_000;

    /// <summary>Length of the salt.</summary>
    public const int SaltBytes = 16;

    /// <summary>Length of the tag.</summary>
    public const int TagBytes = HMACSHA256.HashSizeInBytes;
}

/// <summary>Who may open when: one booking at one lock.</summary>
/// <param name="GrantId">Name of the booking, 1 to 64 of a-z, 0-9 and -.</param>
/// <param name="Slot">When.</param>
/// <param name="Pin">The sealed PIN; null when the code is the key box code of the slot (<see cref="KeyBoxCode"/>).</param>
/// <param name="OneTime">True when it opens once.</param>
/// <param name="Label">What an officer sees, such as the room; no person's name. At most 64 characters, or null.</param>
public sealed record LockGrant(string GrantId, Slot Slot, PinHash? Pin, bool OneTime = false, string? Label = null)
{
    /// <summary>The same grant with its PIN sealed for one lock; the PIN itself is in it no more.</summary>
    /// <param name="secret">The lock's secret.</param>
    /// <param name="lockId"><c>{site}/{device}</c>.</param>
    /// <param name="pin">The PIN.</param>
    /// <param name="iterations">Iterations, <see cref="PinHash.DefaultIterations"/> when not given.</param>
    public LockGrant WithPin(LockSecret secret, string lockId, PinEntry pin, int iterations = PinHash.DefaultIterations)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(pin);
        PinHash unsealed = new(iterations, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PinHash.SaltBytes)), "");
        return this with { Pin = unsealed with { TagHex = Seal(secret, lockId, unsealed, pin) } };
    }

    /// <summary>True when the PIN is this grant's. The time is the caller's to check.</summary>
    /// <param name="secret">The lock's secret.</param>
    /// <param name="lockId"><c>{site}/{device}</c>.</param>
    /// <param name="pin">What was typed.</param>
    public bool Accepts(LockSecret secret, string lockId, PinEntry pin)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(pin);
        (string expected, string given) = Pin is { } hash
            ? (hash.TagHex, Seal(secret, lockId, hash, pin))
            : (KeyBoxCode.Compute(secret, lockId, Slot), Encoding.ASCII.GetString(pin.Digits));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(given));
    }

    /// <summary>The grant's line in what the list's <c>mac</c> covers.</summary>
    internal string MacLine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{GrantId}|{Slot.Start.ToUnixTimeSeconds()}|{Slot.End.ToUnixTimeSeconds()}|{(OneTime ? 1 : 0)}|{Pin?.Iterations ?? 0}|{Pin?.SaltHex}|{Pin?.TagHex}|{Label}");

    private string Seal(LockSecret secret, string lockId, PinHash hash, PinEntry pin)
    {
        Span<byte> stretched = stackalloc byte[PinHash.TagBytes];
        Rfc2898DeriveBytes.Pbkdf2(pin.Digits, Convert.FromHexString(hash.SaltHex), stretched, hash.Iterations, HashAlgorithmName.SHA256);
        return secret.Mac(string.Create(
            CultureInfo.InvariantCulture,
            $"field.pin.v1|{lockId}|{GrantId}|{Slot.Start.ToUnixTimeSeconds()}|{Slot.End.ToUnixTimeSeconds()}|{(OneTime ? 1 : 0)}|{Convert.ToHexStringLower(stretched)}"));
    }
}
