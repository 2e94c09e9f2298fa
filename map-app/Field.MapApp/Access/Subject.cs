using System.Collections.Frozen;
using Field.Store.Accounts;

namespace Field.MapApp.Access;

/// <summary>Who asks, and what they may.</summary>
/// <param name="AuditName">As in the audit log.</param>
/// <param name="Permissions">What their roles may.</param>
internal sealed record Subject(string AuditName, FrozenSet<Permission> Permissions)
{
    /// <summary>Nobody that we know.</summary>
    public static Subject Nobody { get; } = new("anonymous", []);

    /// <summary>
    /// The user of this machine: while there is no account, or one who may read the server's data folder. Says under which name.
    /// </summary>
    public static Subject Local { get; } = new("anonymous", Access.Permissions.WithoutAPerson(Access.Permissions.All)) { IsLocal = true };

    public bool IsLocal { get; init; }

    /// <summary>The name that stands beside what they do; null when they say it themselves.</summary>
    public string? Name { get; init; }

    /// <summary>Who signed in, or null.</summary>
    public Account? Account { get; init; }

    /// <summary>The sign-in, or null.</summary>
    public PersonSession? Session { get; init; }

    /// <summary>The machine's token, or null.</summary>
    public MachineToken? Token { get; init; }

    /// <summary>What the person has to do before anything else, or null.</summary>
    public AccessFault? Must { get; init; }

    /// <summary>Somebody who signed in.</summary>
    public static Subject Of(Account account, PersonSession session, AccessFault? must) => new($"user:{account.Name}", Access.Permissions.Of(account.Roles))
    {
        Name = account.DisplayName,
        Account = account,
        Session = session,
        Must = must,
    };

    /// <summary>A machine with a token.</summary>
    public static Subject Of(MachineToken token) =>
        new($"token:{token.Id} {token.Name}", Access.Permissions.WithoutAPerson(Access.Permissions.Of(token.Roles))) { Name = token.Name, Token = token };
}

/// <summary>What the one who asks may on the listener that was asked; a feature of each request.</summary>
/// <param name="Subject">Who asks.</param>
/// <param name="IsInternetFacing">True where <c>resident</c> and <c>tax</c> are never served.</param>
/// <param name="Now">The time.</param>
internal sealed record Grants(Subject Subject, bool IsInternetFacing, DateTimeOffset Now)
{
    /// <summary>Why not, or null when they may.</summary>
    public AccessFault? Check(Permission permission)
    {
        if (Subject.Must is { } first)
        {
            return first;
        }

        if (!Subject.Permissions.Contains(permission))
        {
            return Subject == Subject.Nobody ? AccessFault.SignedOut : AccessFault.NotAllowed;
        }

        return !Permissions.IsServed(permission.Shows, IsInternetFacing) ? AccessFault.NotServed
            : permission.NeedsProof && Subject.Session is { } session && Now - session.ProvenAt >= SessionLimits.Proof ? AccessFault.ProveAgain
            : null;
    }

    /// <summary>May they see data of this class here? Null when they may.</summary>
    public AccessFault? Check(DataClass data) =>
        !Permissions.IsServed(data, IsInternetFacing) ? AccessFault.NotServed : Permissions.ToSee(data) is { } needed ? Check(needed) : null;

    /// <summary>Why an endpoint is refused, or null.</summary>
    public AccessFault? Check(AccessRule rule)
    {
        if (rule.AnyOf.Count == 0)
        {
            return rule.IsForAll || Subject.Account is not null ? null : Subject == Subject.Nobody ? AccessFault.SignedOut : AccessFault.NotAPerson;
        }

        AccessFault?[] faults = [.. rule.AnyOf.Select(Check)];
        return faults.Contains(null) ? null : faults.FirstOrDefault(f => f != AccessFault.NotAllowed) ?? AccessFault.NotAllowed;
    }
}

/// <summary>What an endpoint needs. An endpoint without a rule answers nobody.</summary>
/// <param name="AnyOf">One of these; empty: see <paramref name="IsForAll"/>.</param>
/// <param name="IsForAll">True when nothing is needed, false when one must have signed in, though nothing more.</param>
internal sealed record AccessRule(IReadOnlyList<Permission> AnyOf, bool IsForAll)
{
    /// <summary>As in the golden table of the tests.</summary>
    public override string ToString() => AnyOf.Count > 0 ? string.Join(" | ", AnyOf.Select(p => p.Name)) : IsForAll ? "(everybody)" : "(signed in)";
}

/// <summary>How endpoints name what they need, and handlers ask for more than that.</summary>
internal static class AccessRules
{
    /// <summary>Whoever has one of the permissions; which data it then shows, the handler asks for by <see cref="Demand(HttpContext, DataClass)"/>.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, params Permission[] anyOf)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule(anyOf, IsForAll: false));

    /// <summary>Whoever has signed in, whatever they still must do first.</summary>
    public static TBuilder NeedsSignIn<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule([], IsForAll: false));

    /// <summary>Everybody: signing in itself, and what a watchdog asks.</summary>
    public static TBuilder ForEverybody<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule([], IsForAll: true));

    /// <summary>Goes on only with the permission; for endpoints that decide by what the body asks.</summary>
    /// <exception cref="AccessException">They may not.</exception>
    public static void Demand(this HttpContext http, Permission permission) => Throw(http.Features.Get<Grants>() is { } grants ? grants.Check(permission) : AccessFault.SignedOut);

    /// <summary>Goes on only when data of this class may be shown; for endpoints whose data has a class of its own.</summary>
    /// <exception cref="AccessException">It may not.</exception>
    public static void Demand(this HttpContext http, DataClass data) =>
        Throw(http.Features.Get<Grants>() is { } grants ? grants.Check(data) : data <= DataClass.Internal ? null : AccessFault.SignedOut);

    /// <summary>May they see data of this class? For lists.</summary>
    public static bool May(this HttpContext http, DataClass data) => http.Features.Get<Grants>() is { } grants ? grants.Check(data) is null : data <= DataClass.Internal;

    /// <summary>May they? For answers that show more to some.</summary>
    public static bool May(this HttpContext http, Permission permission) => http.Features.Get<Grants>() is { } grants && grants.Check(permission) is null;

    /// <summary>Who does it: the person who signed in, or who the user of this machine says to be.</summary>
    /// <exception cref="AccessException">It was done by somebody else than who is signed in (kept on a tablet, and sent under another's sign-in).</exception>
    public static string? Who(this HttpContext http, string? said)
    {
        if (http.Features.Get<Grants>()?.Subject.Name is not { } name)
        {
            return said;
        }

        Throw(string.IsNullOrWhiteSpace(said) || said.Trim() == name ? null : AccessFault.OtherPerson);
        return name;
    }

    /// <summary>As in the audit log.</summary>
    public static string AuditName(this HttpContext http) => http.Features.Get<Grants>()?.Subject.AuditName ?? "anonymous";

    /// <summary>From where, for the audit log: null on this machine.</summary>
    public static string? AuditFrom(this HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && !System.Net.IPAddress.IsLoopback(address) ? address.ToString() : null;

    private static void Throw(AccessFault? fault)
    {
        if (fault is not null)
        {
            throw new AccessException(fault);
        }
    }
}
