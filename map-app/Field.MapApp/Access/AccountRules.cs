using System.Text.RegularExpressions;
using Field.Store.Accounts;

namespace Field.MapApp.Access;

/// <summary>Who changes accounts.</summary>
/// <param name="AuditName">As in the audit log.</param>
/// <param name="From">From where; null: this machine.</param>
/// <param name="Account">The account they signed in with; null: who may write the data folder, the administrator of last resort.</param>
internal sealed record Administrator(string AuditName, string? From, string? Account);

/// <summary>What a change of an account may be, whichever way it comes.</summary>
internal static partial class AccountRules
{
    public const int MaxDisplayName = 64;
    public const int MaxReason = 200;
    public const int LongestTokenDays = 366;

    /// <summary>How well a site can be administered.</summary>
    private enum Administration
    {
        Nobody,

        /// <summary>Only somebody who never chose a password: they may not come before the first one ends.</summary>
        Waiting,
        Somebody,
    }

    public static AccessFault? CheckName(string? name) => name is not null && NamePattern().IsMatch(name) ? null : AccessFault.BadAccountName;

    public static AccessFault? CheckRoles(IReadOnlyList<string>? roles) => roles is { Count: > 0 } && !roles.Except(Permissions.Roles).Any() ? null : AccessFault.BadRoles;

    public static AccessFault? CheckDisplayName(string? name) => IsLine(name, MaxDisplayName) ? null : AccessFault.BadDisplayName;

    public static AccessFault? CheckReason(string? reason) => IsLine(reason, MaxReason) ? null : AccessFault.BadReason;

    /// <summary>Of a token; days that it cannot have give a lifetime that it cannot have.</summary>
    public static TimeSpan Lifetime(int days) => TimeSpan.FromDays(Math.Clamp(days, 0, LongestTokenDays + 1));

    /// <summary>Why a change may not be, or null. Asked in the transaction that makes it.</summary>
    /// <param name="before">The account as it is.</param>
    /// <param name="after">As it is to be; null: removed.</param>
    /// <param name="others">Everybody else.</param>
    /// <param name="by">Who wants it.</param>
    /// <param name="now">The time.</param>
    public static AccessFault? Check(Account before, Account? after, IReadOnlyList<Account> others, Administrator by, DateTimeOffset now)
    {
        bool isOwn = by.Account == before.Name;
        if (isOwn && after is not null && (after.PasswordHash != before.PasswordHash || after.TotpKey != before.TotpKey))
        {
            return AccessFault.OwnAccount; // they have the page of their own account, which asks for the present password
        }

        // A forgotten password must be replaceable from the data folder, though its owner is the only administrator.
        bool isLastResort = by.Account is null && after is { LockedAt: null } && IsAdministrator(after);
        if (!isLastResort && Of(after is null ? others : [.. others, after], now) < Of([.. others, before], now))
        {
            return AccessFault.LastAdministrator;
        }

        return isOwn && (after is null || after.LockedAt != before.LockedAt) ? AccessFault.OwnAccount
            : isOwn && after!.Roles.Except(before.Roles).Any() ? AccessFault.OwnRoles
            : after is not null && others.Any(o => string.Equals(o.DisplayName, after.DisplayName, StringComparison.OrdinalIgnoreCase)) ? AccessFault.NameTaken
            : null;
    }

    /// <summary>True when nobody may work on as they signed in.</summary>
    public static bool EndsSessions(Account before, Account after) =>
        after.PasswordHash != before.PasswordHash || after.TotpKey != before.TotpKey || after.LockedAt != before.LockedAt || !after.Roles.Order().SequenceEqual(before.Roles.Order());

    /// <summary>True when without this account the site could be administered less well.</summary>
    public static bool IsLastAdministrator(Account account, IEnumerable<Account> everybody, DateTimeOffset now) =>
        Of(everybody.Where(a => a.Name != account.Name), now) < Of(everybody, now);

    private static Administration Of(IEnumerable<Account> accounts, DateTimeOffset now) => accounts
        .Where(a => a.LockedAt is null && IsAdministrator(a))
        .Select(a => a.FirstPasswordUntil is not { } until ? Administration.Somebody : until > now ? Administration.Waiting : Administration.Nobody)
        .DefaultIfEmpty().Max();

    private static bool IsAdministrator(Account account) => account.Roles.Contains(Permissions.Administrator);

    private static bool IsLine(string? text, int most) => text?.Trim() is { Length: > 0 } line && line.Length <= most && !line.Any(char.IsControl);

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{1,31}\\z")]
    private static partial Regex NamePattern();
}
