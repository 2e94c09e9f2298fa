using Field.Contracts;
using Field.Ingest.Identity;
using Field.Store.Accounts;
using Field.Store.Audit;
using Microsoft.AspNetCore.Http.Features;

namespace Field.MapApp.Access;

/// <summary>People and machines' tokens, for administrators (SPEC.md, People and permission).</summary>
internal static class AccountsApi
{
    public static void MapAccounts(this RouteGroupBuilder api)
    {
        api.MapGet("/accounts", ListAsync).Needs(Permissions.AccountsView);
        api.MapGet("/accounts/changes", Changes).Needs(Permissions.AccountsView);
        api.MapPost("/accounts", AddAsync).Needs(Permissions.AccountsManage).Audited("user.add", OnPerson);
        api.MapPatch("/accounts/{name}", ChangeAsync).Needs(Permissions.AccountsManage).Audited("user.change", OnPerson);
        api.MapDelete("/accounts/{name}", RemoveAsync).Needs(Permissions.AccountsManage).Audited("user.remove", OnPerson);
        api.MapPost("/accounts/{name}/lock", LockAsync).Needs(Permissions.AccountsManage).Audited("user.lock", OnPerson);
        api.MapPost("/accounts/{name}/unlock", UnlockAsync).Needs(Permissions.AccountsManage).Audited("user.unlock", OnPerson);
        api.MapPost("/accounts/{name}/password", ResetAsync).Needs(Permissions.AccountsManage).Audited("user.reset", OnPerson);
        api.MapDelete("/accounts/{name}/authenticator", DropTotpAsync).Needs(Permissions.AccountsManage).Audited("user.authenticator", OnPerson);
        api.MapGet("/tokens", ListTokensAsync).Needs(Permissions.AccountsView);
        api.MapPost("/tokens", IssueAsync).Needs(Permissions.AccountsManage).Audited("token.issue", OnToken);
        api.MapDelete("/tokens/{id}", RevokeAsync).Needs(Permissions.AccountsManage).Audited("token.revoke", OnToken);
    }

    private static async Task<IResult> ListAsync(HttpContext http, AccountDirectory directory)
    {
        http.Response.Headers.CacheControl = "no-store";
        AccountBook book = await directory.LookAsync(http.RequestAborted).ConfigureAwait(false);
        return Results.Ok(new { accounts = book.Accounts.Values.OrderBy(a => a.Name, StringComparer.Ordinal).Select(a => Shown(http, book, a)) });
    }

    private static async Task<IResult> AddAsync(HttpContext http, NewAccount body)
    {
        http.SetAttempt("user.add", $"user:{body.Name}");
        string first = await By(http, null).AddAsync(body.Name, body.DisplayName, body.Roles, null, http.RequestAborted).ConfigureAwait(false);
        return await AnswerAsync(http, body.Name!, first, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, string name, Change body)
    {
        http.SetAttempt(AccountAdministration.ChangeWord(body.Roles), OnPerson(http));
        await By(http, body.Revision).ChangeAsync(name, body.DisplayName, body.Roles, http.RequestAborted).ConfigureAwait(false);
        return await AnswerAsync(http, name).ConfigureAwait(false);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, string name, long revision)
    {
        await By(http, revision).RemoveAsync(name, http.RequestAborted).ConfigureAwait(false);
        await LookAsync(http).ConfigureAwait(false);
        return Results.NoContent();
    }

    private static async Task<IResult> LockAsync(HttpContext http, string name, Locking body)
    {
        await By(http, body.Revision).LockAsync(name, body.Reason, http.RequestAborted).ConfigureAwait(false);
        return await AnswerAsync(http, name).ConfigureAwait(false);
    }

    private static async Task<IResult> UnlockAsync(HttpContext http, string name, SeenAccount body)
    {
        await By(http, body.Revision).UnlockAsync(name, http.RequestAborted).ConfigureAwait(false);
        return await AnswerAsync(http, name).ConfigureAwait(false);
    }

    private static async Task<IResult> ResetAsync(HttpContext http, string name, SeenAccount body)
    {
        string first = await By(http, body.Revision).ResetAsync(name, null, dropTotp: false, http.RequestAborted).ConfigureAwait(false);
        return await AnswerAsync(http, name, first).ConfigureAwait(false);
    }

    private static async Task<IResult> DropTotpAsync(HttpContext http, string name, long revision)
    {
        await By(http, revision).DropTotpAsync(name, http.RequestAborted).ConfigureAwait(false);
        return await AnswerAsync(http, name).ConfigureAwait(false);
    }

    private static async Task<IResult> ListTokensAsync(HttpContext http, AccountDirectory directory)
    {
        http.Response.Headers.CacheControl = "no-store";
        AccountBook book = await directory.LookAsync(http.RequestAborted).ConfigureAwait(false);
        return Results.Ok(new { tokens = book.Tokens.Values.OrderByDescending(t => t.IssuedAt).Select(Shown) });
    }

    private static async Task<IResult> IssueAsync(HttpContext http, UpOptions options, NewToken body)
    {
        http.SetAttempt("token.issue", $"token:{body.Name}");
        (MachineToken token, string secret) = await By(http, null)
            .IssueTokenAsync(options.Site, body.Name, body.Roles, AccountRules.Lifetime(body.Days), http.RequestAborted).ConfigureAwait(false);
        await LookAsync(http).ConfigureAwait(false);
        return Results.Json(new { token = Shown(token), secret }, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, string id)
    {
        await By(http, null).RevokeTokenAsync(id, http.RequestAborted).ConfigureAwait(false);
        await LookAsync(http).ConfigureAwait(false);
        return Results.NoContent();
    }

    private static IResult Changes(HttpContext http, UpOptions options)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new { changes = AccountChanges.Newest(IdentityOptions.AuditFolderOf(options.DataDirectory)) });
    }

    /// <summary>Without a name where the body, which has it, is not read.</summary>
    private static string OnPerson(HttpContext http) => $"user:{http.GetRouteValue("name")}";

    private static string OnToken(HttpContext http) => $"token:{http.GetRouteValue("id")}";

    private static AccountAdministration By(HttpContext http, long? seen)
    {
        IServiceProvider services = http.RequestServices;
        Subject subject = http.Features.GetRequiredFeature<Grants>().Subject;
        return new(
            services.GetRequiredService<UpOptions>().DataDirectory, services.GetRequiredService<AccountStore>(), services.GetRequiredService<AuditLog>(), services.GetRequiredService<TimeProvider>(),
            new Administrator(subject.AuditName, http.AuditFrom(), subject.Account!.Name)) // the permission is for people only
        { Seen = seen };
    }

    /// <summary>What was changed counts from now on, and not from the directory's next look.</summary>
    private static Task<AccountBook> LookAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return http.RequestServices.GetRequiredService<AccountDirectory>().LookAsync(http.RequestAborted);
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, string name, string? password = null, int status = StatusCodes.Status200OK)
    {
        AccountBook book = await LookAsync(http).ConfigureAwait(false);
        return Results.Json(new { account = book.Accounts.TryGetValue(name, out Account? account) ? Shown(http, book, account) : null, password }, statusCode: status);
    }

    private static object Shown(HttpContext http, AccountBook book, Account a)
    {
        IServiceProvider services = http.RequestServices;
        return new
        {
            name = a.Name,
            displayName = a.DisplayName,
            roles = a.Roles,
            revision = a.Revision,
            createdAt = WireTime.Format(a.CreatedAt),
            signedInAt = Format(a.SignedInAt),
            sessions = book.Sessions.Values.Count(s => s.Account == a.Name && services.GetRequiredService<AccountDirectory>().Alive(book, s.Id) is not null),
            lockedAt = Format(a.LockedAt),
            silencedUntil = Format(services.GetRequiredService<SignInDesk>().SilencedUntil(a)),
            firstPasswordUntil = Format(a.FirstPasswordUntil),
            authenticator = a.TotpKey is not null,
            needsAuthenticator = services.GetRequiredService<AccessPolicy>().NeedsTotp(a),
            lastAdministrator = AccountRules.IsLastAdministrator(a, book.Accounts.Values, services.GetRequiredService<TimeProvider>().GetUtcNow()),
        };
    }

    private static object Shown(MachineToken t) => new
    {
        id = t.Id,
        name = t.Name,
        roles = t.Roles,
        issuedAt = WireTime.Format(t.IssuedAt),
        expiresAt = WireTime.Format(t.ExpiresAt),
        by = t.By,
        revokedAt = Format(t.RevokedAt),
    };

    private static string? Format(DateTimeOffset? time) => time is { } known ? WireTime.Format(known) : null;

    private sealed record NewAccount(string? Name, string? DisplayName, string[]? Roles);

    private sealed record Change(long Revision, string? DisplayName, string[]? Roles);

    private sealed record Locking(long Revision, string? Reason);

    private sealed record SeenAccount(long Revision);

    private sealed record NewToken(string? Name, string[]? Roles, int Days);
}
