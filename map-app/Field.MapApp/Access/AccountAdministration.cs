using System.Text.RegularExpressions;
using Field.Contracts;
using Field.Ingest.Identity;
using Field.Store.Accounts;
using Field.Store.Audit;

namespace Field.MapApp.Access;

/// <summary>
/// The command line's hand on the accounts of a data folder, whether a server runs over it or not: who may write the folder is the
/// administrator of last resort. Everything is audited before it is answered.
/// </summary>
internal sealed partial class AccountAdministration : IAsyncDisposable
{
    /// <summary>How long a first password may wait for its person.</summary>
    public static readonly TimeSpan FirstPasswordLifetime = TimeSpan.FromDays(7);

    private const int MaxDisplayName = 64;

    private readonly string _dataDirectory;
    private readonly AccountStore _store;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;
    private readonly string _by = $"user:{Environment.UserName}";

    private AccountAdministration(string dataDirectory, TimeProvider time)
    {
        (_dataDirectory, _time) = (dataDirectory, time);
        _store = OpenStore(dataDirectory, time);
        _audit = new(IdentityOptions.AuditFolderOf(dataDirectory), time);
    }

    /// <exception cref="FieldException">The folder cannot be used.</exception>
    public static AccountAdministration Open(string dataDirectory, TimeProvider time) => new(dataDirectory, time);

    /// <summary>The accounts of a data folder; their file and its folder are the user's only.</summary>
    public static AccountStore OpenStore(string dataDirectory, TimeProvider time)
    {
        string folder = FolderOf(dataDirectory);
        try
        {
            PrivateFiles.CreateFolder(folder);
            string path = Path.Combine(folder, "accounts.sqlite");
            PrivateFiles.Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose(); // SQLite would make it readable for all
            return new(path, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FieldException($"{folder}: user {Environment.UserName} may not write there ({e.Message})", innerException: e);
        }
    }

    public static string FolderOf(string dataDirectory) => Path.Combine(Path.GetFullPath(dataDirectory), "identity");

    public Task<AccountBook> ReadAsync(CancellationToken cancel) => _store.ReadAsync(cancel);

    /// <summary>Adds a person.</summary>
    /// <param name="name">What the person types to sign in.</param>
    /// <param name="displayName">What stands beside decisions.</param>
    /// <param name="roles">The roles.</param>
    /// <param name="password">The first password, or null for a random one.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The first password: to be shown once.</returns>
    public async Task<string> AddAsync(string name, string displayName, IReadOnlyList<string> roles, string? password, CancellationToken cancel)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw new FieldException($"{name}: 2 to 32 of a-z, 0-9, '.', '_' and -, beginning with a letter or digit");
        }

        if (displayName.Trim() is not { Length: > 0 and <= MaxDisplayName } shown || shown.Any(char.IsControl))
        {
            throw new FieldException($"--name: 1 to {MaxDisplayName} characters on one line");
        }

        CheckRoles(roles);
        string first = First(password, name, shown);
        DateTimeOffset now = _time.GetUtcNow();
        Account account = new(name, shown, roles, PasswordHashes.Hash(first), now) { FirstPasswordUntil = now + FirstPasswordLifetime };
        if (!await _store.AddAsync(account, cancel).ConfigureAwait(false))
        {
            throw new FieldException($"{name}: there is an account of this name, or with this person's name \"{shown}\" (names on decisions must tell people apart: add the department)");
        }

        await AuditAsync("user.add", $"user:{name}", string.Join(' ', roles), cancel).ConfigureAwait(false);
        return first;
    }

    /// <summary>Gives a person other roles; open sessions end, so that nobody works on with the old ones.</summary>
    public Task SetRolesAsync(string name, IReadOnlyList<string> roles, CancellationToken cancel)
    {
        CheckRoles(roles);
        return ChangeAsync("user.role", name, a => a with { Roles = roles }, string.Join(' ', roles), cancel);
    }

    /// <summary>Gives a person a new first password, and takes the authenticator off when <paramref name="dropTotp"/>; sessions end.</summary>
    /// <returns>The password: to be shown once.</returns>
    public async Task<string> ResetAsync(string name, string? password, bool dropTotp, CancellationToken cancel)
    {
        string first = First(password, name);
        string hash = PasswordHashes.Hash(first);
        DateTimeOffset now = _time.GetUtcNow();
        await ChangeAsync(
            "user.reset", name,
            a => (dropTotp ? a with { TotpKey = null, TotpOffered = null, RecoveryHashes = [] } : a) with { PasswordHash = hash, FirstPasswordUntil = now + FirstPasswordLifetime, ForgivenAt = now },
            dropTotp ? "password and authenticator" : "password", cancel).ConfigureAwait(false);
        return first;
    }

    /// <summary>Nobody signs in with it until it is unlocked; sessions end.</summary>
    public Task LockAsync(string name, string reason, CancellationToken cancel) => ChangeAsync("user.lock", name, a => a with { LockedAt = _time.GetUtcNow() }, reason, cancel);

    /// <summary>Takes a lock off, and forgives failed attempts.</summary>
    public Task UnlockAsync(string name, CancellationToken cancel) => ChangeAsync("user.unlock", name, a => a with { LockedAt = null, ForgivenAt = _time.GetUtcNow() }, null, cancel);

    /// <returns>How many accounts are left.</returns>
    public async Task<int> RemoveAsync(string name, CancellationToken cancel)
    {
        await AuditAsync("user.remove", $"user:{name}", null, cancel).ConfigureAwait(false);
        return await _store.RemoveAsync(name, _time.GetUtcNow(), cancel).ConfigureAwait(false)
            ? (await _store.ReadAsync(cancel).ConfigureAwait(false)).Accounts.Count
            : throw NoSuch(name);
    }

    /// <summary>A token for a machine. Nobody manages people with one.</summary>
    /// <returns>The token as it is listed, and as its machine carries it: to be shown once.</returns>
    public async Task<(MachineToken Token, string Secret)> IssueTokenAsync(string site, string name, IReadOnlyList<string> roles, TimeSpan lifetime, CancellationToken cancel)
    {
        CheckRoles(roles);
        if (name.Trim() is not { Length: > 0 and <= MaxDisplayName } shown || shown.Any(char.IsControl) || !Ids.IsSite(site))
        {
            throw new FieldException($"--name: 1 to {MaxDisplayName} characters on one line; --site: a site id");
        }

        DateTimeOffset now = _time.GetUtcNow();
        MachineToken token = new(PasswordHashes.Random(10), shown, roles, now, now + lifetime, _by);
        string secret = MachineTokens.Open(_dataDirectory, site).Write(token);
        await AuditAsync("token.issue", $"token:{token.Id} {shown}", string.Join(' ', roles), cancel).ConfigureAwait(false);
        await _store.AddTokenAsync(token, cancel).ConfigureAwait(false);
        return (token, secret);
    }

    public async Task RevokeTokenAsync(string id, CancellationToken cancel)
    {
        await AuditAsync("token.revoke", $"token:{id}", null, cancel).ConfigureAwait(false);
        if (!await _store.RevokeTokenAsync(id, _time.GetUtcNow(), cancel).ConfigureAwait(false))
        {
            throw new FieldException($"{id}: no such token, or it was revoked before; ./field token list shows all");
        }
    }

    /// <summary>Nobody sends as this browser any more: a tablet was lost.</summary>
    public async Task RevokeBrowserDeviceAsync(string id, CancellationToken cancel)
    {
        await AuditAsync(BrowserDevices.RevokeAudit, $"device:{id}", null, cancel).ConfigureAwait(false);
        if (!await _store.RevokeBrowserDeviceAsync(id, _time.GetUtcNow(), cancel).ConfigureAwait(false))
        {
            throw new FieldException($"{id}: no such browser, or it was revoked before; ./field user devices shows all");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync().ConfigureAwait(false);
        _audit.Dispose();
    }

    private static void CheckRoles(IReadOnlyList<string> roles)
    {
        if (roles.Count == 0 || roles.Except(Permissions.Roles).Any())
        {
            throw new FieldException($"--role: one or more of {string.Join(", ", Permissions.Roles)}");
        }
    }

    private static string First(string? given, params string[] names) => given is null ? PasswordHashes.NewFirst()
        : PasswordRules.Check(given, names) is { } fault ? throw new FieldException($"{fault.Ja} / {fault.En}")
        : given;

    private static FieldException NoSuch(string name) => new($"{name}: no such account; ./field user list shows all");

    private async Task ChangeAsync(string what, string name, Func<Account, Account> change, string? detail, CancellationToken cancel)
    {
        await AuditAsync(what, $"user:{name}", detail, cancel).ConfigureAwait(false);
        if (await _store.ChangeAsync(name, change, endSessions: true, keepSession: null, cancel).ConfigureAwait(false) is null)
        {
            throw NoSuch(name);
        }
    }

    private Task<string> AuditAsync(string what, string on, string? detail, CancellationToken cancel) =>
        _audit.AppendAsync([new AuditEntry(what, _by, on, "done") { Detail = detail }], cancel);

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{1,31}$")]
    private static partial Regex NamePattern();
}
