using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Field.Ingest.Identity;
using Field.Store.Accounts;
using Field.Store.Audit;

namespace Field.MapApp.Access;

/// <summary>What must come before anything else.</summary>
/// <param name="TotpRoles">Roles that need an authenticator app.</param>
internal sealed record AccessPolicy(IReadOnlyList<string> TotpRoles)
{
    public bool NeedsTotp(Account account) => account.Roles.Intersect(TotpRoles).Any();

    /// <summary>What the person has to do first, or null.</summary>
    public AccessFault? First(Account account) => account.FirstPasswordUntil is not null ? AccessFault.PasswordFirst
        : account.TotpKey is null && NeedsTotp(account) ? AccessFault.TotpFirst
        : null;
}

/// <summary>What became of an attempt: a person, or why not.</summary>
internal readonly record struct SignInResult(Account? Account, AccessFault? Fault);

/// <summary>
/// Says who somebody is, by name, password and the code of an app. Names that nobody has go the same way as those of people, up to the
/// answer. Failures are counted by name and by address, and each further one has to wait twice as long; both tables are bounded.
/// </summary>
internal sealed class SignInDesk : IDisposable
{
    private const string What = "person.sign-in";
    private const string ThisMachine = "127.0.0.1";
    private const string ThisMachine6 = "::/64";
    private const int MaxName = 64;
    private const int MostWaiting = 20;

    // An office shares one address: slips of twenty people must not lock it.
    private const int FreeFailuresOfAddress = 20;

    private const int RecoveryCodes = 10;
    private const int RecoverySymbols = 20; // 100 bits: no salt is needed

    private readonly AccountStore _store;
    private readonly AccountDirectory _directory;
    private readonly SecurityAudit _audit;
    private readonly TimeProvider _time;
    private readonly FailureBackoff _names;
    private readonly FailureBackoff _addresses;
    private readonly OneAtATime _hashing = new(MostWaiting);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _forgiven = new(StringComparer.Ordinal);

    public SignInDesk(AccountStore store, AccountDirectory directory, SecurityAudit audit, IdentityOptions options, TimeProvider time)
    {
        (_store, _directory, _audit, _time) = (store, directory, audit, time);
        _names = new(options, time);
        _addresses = new(options with { FreeFailures = FreeFailuresOfAddress }, time);
    }

    /// <summary>Tries to sign in.</summary>
    /// <param name="name">As typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="code">The code of the app, or a recovery code; null when none was asked for yet.</param>
    /// <param name="address">From where.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<SignInResult> SignInAsync(string? name, string? password, string? code, IPAddress? address, CancellationToken cancel)
    {
        string typed = Totp.Plain(name ?? "").ToLowerInvariant();
        typed = typed.Length <= MaxName ? typed : typed[..MaxName];
        string from = FailureBackoff.Key(address);
        try
        {
            return await _hashing.RunAsync(() => AttemptAsync(typed, password ?? "", code, from, cancel), () => new AccessException(AccessFault.Busy), cancel).ConfigureAwait(false);
        }
        catch (AccessException e)
        {
            return new(null, e.Fault);
        }
    }

    /// <summary>The person's own new password; every other session of theirs ends.</summary>
    public async Task<AccessFault?> ChangePasswordAsync(Account account, PersonSession session, string current, string wanted, IPAddress? address, CancellationToken cancel)
    {
        if (await CheckedAsync(account, current, address, _ => Task.FromResult<AccessFault?>(null), cancel).ConfigureAwait(false) is { } wrong)
        {
            return wrong;
        }

        if ((current == wanted ? AccessFault.SameAgain : PasswordRules.Check(wanted, account.Name, account.DisplayName)) is { } fault)
        {
            return fault;
        }

        await RecordAsync("person.password", account, address, cancel).ConfigureAwait(false);
        string hash = PasswordHashes.Hash(wanted);
        await _store.ChangeAsync(account.Name, a => a with { PasswordHash = hash, FirstPasswordUntil = null }, endSessions: true, session.Id, cancel).ConfigureAwait(false);
        await _directory.LookAsync(cancel).ConfigureAwait(false);
        return null;
    }

    /// <summary>The password once more, of somebody who is signed in, and the code of the app where there is one.</summary>
    public Task<AccessFault?> ProveAsync(Account account, string password, string? code, IPAddress? address, CancellationToken cancel) => CheckedAsync(
        account, password, address,
        async from => account.TotpKey is null ? null : code is null ? AccessFault.CodeNeeded : await CheckCodeAsync(account, code, from, cancel).ConfigureAwait(false),
        cancel);

    /// <summary>Offers a new key for an authenticator app; it counts from <see cref="ConfirmTotpAsync"/> on.</summary>
    public async Task<string> OfferTotpAsync(Account account, CancellationToken cancel)
    {
        string key = Totp.NewKey();
        await _store.ChangeAsync(account.Name, a => a with { TotpOffered = key }, endSessions: false, null, cancel).ConfigureAwait(false);
        await _directory.LookAsync(cancel).ConfigureAwait(false);
        return key;
    }

    /// <summary>The person's app shows the right code: the key counts from now on, and other sessions end.</summary>
    /// <returns>The recovery codes, to be shown once; or why not.</returns>
    public async Task<(IReadOnlyList<string>? Recovery, AccessFault? Fault)> ConfirmTotpAsync(Account account, PersonSession session, string code, IPAddress? address, CancellationToken cancel)
    {
        if (account.TotpOffered is not { } offered)
        {
            return (null, AccessFault.NoTotpOffered);
        }

        if (Totp.Match(offered, Totp.Plain(code), _time.GetUtcNow(), used: 0) is not { } step)
        {
            return (null, AccessFault.CodeWrong);
        }

        string[] recovery = [.. Enumerable.Range(0, RecoveryCodes).Select(_ => PasswordHashes.Random(RecoverySymbols))];
        await RecordAsync("person.authenticator", account, address, cancel).ConfigureAwait(false);
        await _store.ChangeAsync(
            account.Name, a => a with { TotpKey = offered, TotpOffered = null, TotpStep = step, RecoveryHashes = [.. recovery.Select(HashOf)] },
            endSessions: true, session.Id, cancel).ConfigureAwait(false);
        await _directory.LookAsync(cancel).ConfigureAwait(false);
        return (recovery, null);
    }

    /// <summary>Until when no attempt counts, after failures; null when the person may try.</summary>
    public DateTimeOffset? SilencedUntil(Account account) =>
        !IsForgiven(account) && _names.Remaining(account.Name) is { Ticks: > 0 } left ? _time.GetUtcNow() + left : null;

    public void Dispose() => _hashing.Dispose();

    /// <summary>An administrator has forgiven the failures since they were last looked at.</summary>
    private bool IsForgiven(Account account) => account.ForgivenAt is { } forgiven && !(_forgiven.TryGetValue(account.Name, out DateTimeOffset known) && known == forgiven);

    private static string HashOf(string recovery) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Totp.Plain(recovery).ToUpperInvariant())));

    private async Task<SignInResult> AttemptAsync(string name, string password, string? code, string from, CancellationToken cancel)
    {
        AccountBook book = await _directory.LookAsync(cancel).ConfigureAwait(false);
        Account? account = book.Accounts.GetValueOrDefault(name);
        AccessFault? fault = CheckPassword(name, account, password, from, out bool isOld) ?? State(account!);
        if (fault is null && account!.TotpKey is not null)
        {
            fault = code is null ? AccessFault.CodeNeeded : await CheckCodeAsync(account, code, from, cancel).ConfigureAwait(false);
        }

        if (fault is not null)
        {
            return new(null, fault);
        }

        if (isOld)
        {
            string anew = PasswordHashes.Hash(password);
            await _store.ChangeAsync(name, a => a.PasswordHash == account!.PasswordHash ? a with { PasswordHash = anew } : null, endSessions: false, null, cancel).ConfigureAwait(false);
        }

        _names.Succeeded(name);
        _addresses.Succeeded(from);
        return new(account, null);
    }

    /// <summary>Only who has the right password learns more than that something is wrong.</summary>
    private AccessFault? State(Account account) => account.LockedAt is not null ? Refused(account, null, AccessFault.Locked)
        : account.FirstPasswordUntil <= _time.GetUtcNow() ? Refused(account, null, AccessFault.FirstPasswordOver)
        : null;

    private AccessFault? CheckPassword(string name, Account? account, string password, string from, out bool isOld)
    {
        isOld = false;
        if (account is not null && IsForgiven(account))
        {
            _names.Succeeded(name); // an administrator has unlocked it, perhaps in another process
            _forgiven[name] = account.ForgivenAt!.Value;
        }

        TimeSpan wait = TimeSpan.FromTicks(Math.Max(_names.Remaining(name).Ticks, _addresses.Remaining(from).Ticks));
        if (wait > TimeSpan.Zero)
        {
            return Refused(account, from, AccessFault.Wait((int)Math.Ceiling(wait.TotalSeconds)));
        }

        PasswordMatch match = PasswordHashes.Verify(account, password.Length <= PasswordRules.MaxLength * 4 ? password : "");
        isOld = match == PasswordMatch.RightButOld;
        return match == PasswordMatch.Wrong ? Failed(name, account, from, AccessFault.Wrong) : null;
    }

    /// <summary>The password of somebody who is signed in; when it is right, what else there is to check.</summary>
    private async Task<AccessFault?> CheckedAsync(Account account, string password, IPAddress? address, Func<string, Task<AccessFault?>> more, CancellationToken cancel)
    {
        string from = FailureBackoff.Key(address);
        try
        {
            return await _hashing.RunAsync(
                async () => CheckPassword(account.Name, account, password, from, out _) ?? await more(from).ConfigureAwait(false), () => new AccessException(AccessFault.Busy), cancel).ConfigureAwait(false);
        }
        catch (AccessException e)
        {
            return e.Fault;
        }
    }

    private async Task<AccessFault?> CheckCodeAsync(Account account, string code, string from, CancellationToken cancel)
    {
        string typed = Totp.Plain(code);
        DateTimeOffset now = _time.GetUtcNow();
        Account? used = await _store.ChangeAsync(
            account.Name,
            a => typed.Length == Totp.Digits
                ? Totp.Match(a.TotpKey ?? "", typed, now, a.TotpStep) is { } step ? a with { TotpStep = step } : null
                : a.RecoveryHashes.Contains(HashOf(typed)) ? a with { RecoveryHashes = [.. a.RecoveryHashes.Where(h => h != HashOf(typed))] } : null,
            endSessions: false, null, cancel).ConfigureAwait(false);
        return used is null ? Failed(account.Name, account, from, AccessFault.CodeWrong) : null;
    }

    private AccessFault Failed(string name, Account? account, string from, AccessFault fault)
    {
        _names.Failed(name);
        _addresses.Failed(from);
        return Refused(account, from, fault);
    }

    /// <summary>A name that nobody has is not written down: people type passwords into the wrong field.</summary>
    private AccessFault Refused(Account? account, string? from, AccessFault fault)
    {
        TimeSpan silenced = account is null ? TimeSpan.Zero : _names.Remaining(account.Name);
        string detail = silenced > TimeSpan.Zero && fault.RetryAfter is null ? $"{fault.En}; now silenced" : fault.RetryAfter is null ? fault.En : "still silenced after failures";
        _audit.Refused(What, account is null ? "anonymous" : $"user:{account.Name}", from is ThisMachine or ThisMachine6 ? null : from, "the map", detail);
        return fault;
    }

    private Task RecordAsync(string what, Account account, IPAddress? address, CancellationToken cancel) =>
        _audit.RecordAsync(new AuditEntry(what, $"user:{account.Name}", $"user:{account.Name}", "done") { From = address is null || IPAddress.IsLoopback(address) ? null : address.ToString() }, cancel);
}
