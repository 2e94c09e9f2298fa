using Field.Contracts;
using Field.Store.Accounts;
using Field.Store.Audit;

namespace Field.MapApp.Access;

/// <summary>
/// What administrators do with accounts and tokens, on the screen and by command alike. Everything is audited before it is done, with what it was
/// and what it becomes, never with a secret.
/// </summary>
/// <param name="dataDirectory">The data folder, with the key of tokens.</param>
/// <param name="store">The accounts.</param>
/// <param name="audit">The audit log.</param>
/// <param name="time">The clock.</param>
/// <param name="by">Who does it.</param>
internal sealed class AccountAdministration(string dataDirectory, AccountStore store, AuditLog audit, TimeProvider time, Administrator by)
{
    /// <summary>How long a first password may wait for its person.</summary>
    public static readonly TimeSpan FirstPasswordLifetime = TimeSpan.FromDays(7);

    /// <summary>The account's revision as the administrator saw it; null: whatever it is now.</summary>
    public long? Seen { get; init; }

    /// <summary>How a password is hashed: slow on purpose, except where only the rules are looked at.</summary>
    public Func<string, string> Hash { get; init; } = PasswordHashes.Hash;

    public Task<AccountBook> ReadAsync(CancellationToken cancel) => store.ReadAsync(cancel);

    /// <summary>Adds a person.</summary>
    /// <param name="name">What the person types to sign in.</param>
    /// <param name="displayName">What stands beside decisions.</param>
    /// <param name="roles">The roles.</param>
    /// <param name="password">The first password, or null for a random one.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The first password: to be shown once.</returns>
    /// <exception cref="AccessException">The account cannot be as it is wanted.</exception>
    public async Task<string> AddAsync(string? name, string? displayName, IReadOnlyList<string>? roles, string? password, CancellationToken cancel)
    {
        Throw(AccountRules.CheckName(name) ?? AccountRules.CheckDisplayName(displayName) ?? AccountRules.CheckRoles(roles));
        string shown = displayName!.Trim();
        string first = First(password, name!, shown);
        DateTimeOffset now = time.GetUtcNow();
        Account account = new(name!, shown, [.. roles!.Distinct()], Hash(first), now) { FirstPasswordUntil = now + FirstPasswordLifetime };
        AccountBook book = await store.ReadAsync(cancel).ConfigureAwait(false);
        Throw(book.Accounts.ContainsKey(account.Name) || book.Accounts.Values.Any(a => string.Equals(a.DisplayName, shown, StringComparison.OrdinalIgnoreCase)) ? AccessFault.NameTaken : null);
        await AuditAsync("user.add", $"user:{account.Name}", $"{shown}; {string.Join(' ', account.Roles)}", cancel).ConfigureAwait(false);
        if (!await store.AddAsync(account, cancel).ConfigureAwait(false))
        {
            await RefusedAsync("user.add", $"user:{account.Name}", AccessFault.NameTaken, cancel).ConfigureAwait(false);
        }

        return first;
    }

    /// <summary>Gives a person another name beside decisions, other roles (open sessions end, so that nobody works on with the old ones), or both.</summary>
    public Task ChangeAsync(string name, string? displayName, IReadOnlyList<string>? roles, CancellationToken cancel)
    {
        Throw(displayName is null ? null : AccountRules.CheckDisplayName(displayName));
        Throw(roles is null ? null : AccountRules.CheckRoles(roles));
        return EditAsync(
            ChangeWord(roles), name,
            a => a with { DisplayName = displayName?.Trim() ?? a.DisplayName, Roles = roles is null ? a.Roles : [.. roles.Distinct()] },
            (before, after) => string.Join("; ", Differences((before.DisplayName, after!.DisplayName), (string.Join(' ', before.Roles), string.Join(' ', after.Roles)))), cancel);
    }

    /// <summary>Gives a person a new first password, and takes the authenticator off when <paramref name="dropTotp"/>; sessions end.</summary>
    /// <returns>The password: to be shown once.</returns>
    public async Task<string> ResetAsync(string name, string? password, bool dropTotp, CancellationToken cancel)
    {
        string first = First(password, name);
        string hash = Hash(first);
        DateTimeOffset now = time.GetUtcNow();
        await EditAsync(
            "user.reset", name,
            a => (dropTotp ? WithoutTotp(a) : a) with { PasswordHash = hash, FirstPasswordUntil = now + FirstPasswordLifetime, ForgivenAt = now },
            (_, _) => dropTotp ? "password and authenticator" : "password", cancel).ConfigureAwait(false);
        return first;
    }

    /// <summary>Takes the authenticator app off, whose telephone was lost; sessions end.</summary>
    public Task DropTotpAsync(string name, CancellationToken cancel) => EditAsync("user.authenticator", name, WithoutTotp, (_, _) => null, cancel);

    /// <summary>Nobody signs in with it until it is unlocked; sessions end.</summary>
    public Task LockAsync(string name, string? reason, CancellationToken cancel)
    {
        Throw(AccountRules.CheckReason(reason));
        return EditAsync("user.lock", name, a => a with { LockedAt = time.GetUtcNow() }, (_, _) => reason!.Trim(), cancel);
    }

    /// <summary>Takes a lock off, and forgives failed attempts.</summary>
    public Task UnlockAsync(string name, CancellationToken cancel) => EditAsync("user.unlock", name, a => a with { LockedAt = null, ForgivenAt = time.GetUtcNow() }, (_, _) => null, cancel);

    public Task RemoveAsync(string name, CancellationToken cancel) => EditAsync("user.remove", name, _ => null, (before, _) => before.DisplayName, cancel);

    /// <summary>A token for a machine. Nobody manages people with one.</summary>
    /// <returns>The token as it is listed, and as its machine carries it: to be shown once.</returns>
    public async Task<(MachineToken Token, string Secret)> IssueTokenAsync(string site, string? name, IReadOnlyList<string>? roles, TimeSpan lifetime, CancellationToken cancel)
    {
        Throw(AccountRules.CheckDisplayName(name) ?? AccountRules.CheckRoles(roles) ?? (lifetime.TotalDays is >= 1 and <= AccountRules.LongestTokenDays ? null : AccessFault.BadDays));
        if (!Ids.IsSite(site))
        {
            throw new FieldException("--site: a site id");
        }

        DateTimeOffset now = time.GetUtcNow();
        MachineToken token = new(PasswordHashes.Random(10), name!.Trim(), [.. roles!.Distinct()], now, now + lifetime, by.AuditName);
        string secret = MachineTokens.Open(dataDirectory, site).Write(token);
        await AuditAsync("token.issue", OnToken(token), $"{string.Join(' ', token.Roles)} until {WireTime.Format(token.ExpiresAt)}", cancel).ConfigureAwait(false);
        await store.AddTokenAsync(token, cancel).ConfigureAwait(false);
        return (token, secret);
    }

    public async Task RevokeTokenAsync(string id, CancellationToken cancel)
    {
        AccountBook book = await store.ReadAsync(cancel).ConfigureAwait(false);
        MachineToken token = book.Tokens.TryGetValue(id, out MachineToken? known) && known.RevokedAt is null ? known : throw new AccessException(AccessFault.NoToken);
        await AuditAsync("token.revoke", OnToken(token), null, cancel).ConfigureAwait(false);
        if (!await store.RevokeTokenAsync(id, time.GetUtcNow(), cancel).ConfigureAwait(false))
        {
            await RefusedAsync("token.revoke", OnToken(token), AccessFault.NoToken, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Nobody sends as this browser any more: a tablet was lost.</summary>
    public async Task RevokeBrowserDeviceAsync(string id, CancellationToken cancel)
    {
        await AuditAsync(BrowserDevices.RevokeAudit, $"device:{id}", null, cancel).ConfigureAwait(false);
        if (!await store.RevokeBrowserDeviceAsync(id, time.GetUtcNow(), cancel).ConfigureAwait(false))
        {
            throw new FieldException($"{id}: no such browser, or it was revoked before; ./field user devices shows all");
        }
    }

    /// <summary>How a change of a name, of roles or of both is audited.</summary>
    public static string ChangeWord(IReadOnlyList<string>? roles) => roles is null ? "user.name" : "user.role";

    private static string OnToken(MachineToken token) => $"token:{token.Id} {token.Name}";

    private static Account WithoutTotp(Account account) => account with { TotpKey = null, TotpOffered = null, RecoveryHashes = [] };

    private static IEnumerable<string> Differences(params (string Before, string After)[] pairs) => pairs.Where(p => p.Before != p.After).Select(p => $"{p.Before} -> {p.After}");

    private static string First(string? given, params string[] names)
    {
        Throw(given is null ? null : PasswordRules.Check(given, names));
        return given ?? PasswordHashes.NewFirst();
    }

    private static void Throw(AccessFault? fault)
    {
        if (fault is not null)
        {
            throw new AccessException(fault);
        }
    }

    /// <summary>What may not be is refused before a line says that it was done; and again in the transaction, for others change accounts too.</summary>
    private async Task EditAsync(string what, string name, Func<Account, Account?> change, Func<Account, Account?, string?> detail, CancellationToken cancel)
    {
        AccountBook book = await store.ReadAsync(cancel).ConfigureAwait(false);
        Account known = book.Accounts.TryGetValue(name, out Account? found) ? found : throw new AccessException(AccessFault.NoAccount);
        Account? wanted = Decide(known, [.. book.Accounts.Values.Where(a => a.Name != name)])?.After;
        await AuditAsync(what, $"user:{name}", detail(known, wanted), cancel).ConfigureAwait(false);
        AccessFault? late = AccessFault.NoAccount;
        try
        {
            late = await store.EditAsync(name, Decide, time.GetUtcNow(), CancellationToken.None).ConfigureAwait(false) ? null : late;
        }
        catch (AccessException e)
        {
            late = e.Fault;
        }

        if (late is not null)
        {
            await RefusedAsync(what, $"user:{name}", late, cancel).ConfigureAwait(false);
        }

        (Account After, bool EndsSessions)? Decide(Account before, IReadOnlyList<Account> others)
        {
            Account? after = change(before);
            Throw(Seen is { } seen && seen != before.Revision ? AccessFault.AccountChanged : AccountRules.Check(before, after, others, by, time.GetUtcNow()));
            return after is null ? null : (after with { Revision = before.Revision + 1 }, AccountRules.EndsSessions(before, after));
        }
    }

    private Task<string> AuditAsync(string what, string on, string? detail, CancellationToken cancel) =>
        audit.AppendAsync([new AuditEntry(what, by.AuditName, on, "done") { From = by.From, Detail = detail }], cancel);

    /// <summary>The line before says that it was done; this one, that it was not.</summary>
    private async Task RefusedAsync(string what, string on, AccessFault fault, CancellationToken cancel)
    {
        await audit.AppendAsync([new AuditEntry(what, by.AuditName, on, "refused") { From = by.From, Code = fault.Code, Detail = fault.En }], cancel).ConfigureAwait(false);
        throw new AccessException(fault);
    }
}
