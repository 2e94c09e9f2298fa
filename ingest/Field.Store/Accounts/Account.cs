namespace Field.Store.Accounts;

/// <summary>A person who may sign in.</summary>
/// <param name="Name">What is typed to sign in; lower case, unique.</param>
/// <param name="DisplayName">What stands beside decisions; unique too, so that it names one person.</param>
/// <param name="Roles">The roles; what they may do is in one table of the map's server.</param>
/// <param name="PasswordHash">The password's hash with its salt and parameters; the password itself is nowhere.</param>
/// <param name="CreatedAt">When.</param>
public sealed record Account(string Name, string DisplayName, IReadOnlyList<string> Roles, string PasswordHash, DateTimeOffset CreatedAt)
{
    /// <summary>Not null: the password came from an administrator, must be changed at the first sign-in, and works until then only.</summary>
    public DateTimeOffset? FirstPasswordUntil { get; init; }

    /// <summary>When an administrator locked the account, or null.</summary>
    public DateTimeOffset? LockedAt { get; init; }

    /// <summary>When an administrator last forgave failed attempts, or null.</summary>
    public DateTimeOffset? ForgivenAt { get; init; }

    /// <summary>The key of the person's authenticator (base 32), or null when there is none.</summary>
    public string? TotpKey { get; init; }

    /// <summary>A key that was shown and not yet proved, or null.</summary>
    public string? TotpOffered { get; init; }

    /// <summary>The time step of the newest code that was used: none works twice.</summary>
    public long TotpStep { get; init; }

    /// <summary>SHA-256 (hex) of each recovery code that is left.</summary>
    public IReadOnlyList<string> RecoveryHashes { get; init; } = [];

    /// <summary>Grows with each change by an administrator, who says by it which account they looked at.</summary>
    public long Revision { get; init; } = 1;

    /// <summary>When the person last signed in, or null.</summary>
    public DateTimeOffset? SignedInAt { get; init; }
}

/// <summary>Somebody who is signed in.</summary>
/// <param name="Id">SHA-256 (hex) of the secret that the browser holds.</param>
/// <param name="Account">The account's name.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="SeenAt">When it was last used; kept to some minutes.</param>
/// <param name="ProvenAt">When the person last proved to be there: by the password, and the code where there is one.</param>
/// <param name="From">The address it began at, or null.</param>
public sealed record PersonSession(string Id, string Account, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, DateTimeOffset ProvenAt, string? From);

/// <summary>A machine's token; the token itself is nowhere.</summary>
/// <param name="Id">In the token too: by it the token is revoked.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Roles">The roles.</param>
/// <param name="IssuedAt">When.</param>
/// <param name="ExpiresAt">From here on it is refused.</param>
/// <param name="By">Who issued it.</param>
public sealed record MachineToken(string Id, string Name, IReadOnlyList<string> Roles, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, string By)
{
    /// <summary>When it was revoked, or null.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>A browser that sends as an edge device.</summary>
/// <param name="Id">The device id, never given twice.</param>
/// <param name="Account">The account that it was issued to; null: the user of this machine, while there is no account.</param>
/// <param name="Label">What the person calls it; shown beside what it sent.</param>
/// <param name="IssuedAt">When.</param>
public sealed record BrowserDevice(string Id, string? Account, string Label, DateTimeOffset IssuedAt)
{
    /// <summary>When it was revoked, or null: from then on nobody sends as it.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>May this account (null: the user of this machine) send as it?</summary>
    public bool IsOf(string? account) => RevokedAt is null && Account == account;
}

/// <summary>Everything about people, as it was at one moment.</summary>
/// <param name="Revision">Grows with every change but that of <see cref="PersonSession.SeenAt"/>.</param>
/// <param name="Accounts">By name.</param>
/// <param name="Sessions">By id.</param>
/// <param name="Tokens">By id.</param>
public sealed record AccountBook(
    long Revision, IReadOnlyDictionary<string, Account> Accounts, IReadOnlyDictionary<string, PersonSession> Sessions, IReadOnlyDictionary<string, MachineToken> Tokens)
{
    /// <summary>Browsers that send as devices, those too that were revoked, by id.</summary>
    public IReadOnlyDictionary<string, BrowserDevice> BrowserDevices { get; init; } = new Dictionary<string, BrowserDevice>();

    /// <summary>A book without anybody.</summary>
    public static AccountBook Empty { get; } = new(0, new Dictionary<string, Account>(), new Dictionary<string, PersonSession>(), new Dictionary<string, MachineToken>());
}
