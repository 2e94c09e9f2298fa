using System.CommandLine;
using Field.Contracts;
using Field.Store.Accounts;

namespace Field.MapApp.Access;

/// <summary><c>token issue | list | revoke</c>: machines that use the map's API.</summary>
internal static class TokenCommand
{
    private static readonly Option<string> Data = ServerCommand.DataOption();

    public static Command Create()
    {
        Option<string> site = new("--site") { Description = "Site id. Environment: FIELD_SITE.", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("FIELD_SITE") is { Length: > 0 } value ? value : "demo" };
        Option<string> name = new("--name") { HelpName = "TEXT", Required = true, Description = "What the machine is; stands beside what it does." };
        Option<string[]> role = new("--role") { HelpName = "ROLE", Required = true, AllowMultipleArgumentsPerToken = true, Description = "What it may; may be repeated." };
        role.AcceptOnlyFromAmong([.. Permissions.Roles]);
        Option<int> days = new("--days") { HelpName = "N", Required = true, Description = $"How long it is valid, 1 to {AccountRules.LongestTokenDays} days." };
        Argument<string> id = new("id") { Description = "The token's id." };

        Command issue = new("issue", "機械のためのトークンを一度だけ表示します / Shows a new token for a machine, once.") { site, name, role, days };
        issue.SetAction((r, c) => UserCommand.RunAsync("token", r.GetRequiredValue(Data), async a =>
        {
            (MachineToken token, string secret) = await a.IssueTokenAsync(
                r.GetRequiredValue(site), r.GetRequiredValue(name), r.GetRequiredValue(role), AccountRules.Lifetime(r.GetRequiredValue(days)), c).ConfigureAwait(false);
            Console.WriteLine(secret);
            await Console.Error.WriteLineAsync(
                $"番号 {token.Id}、{WireTime.Format(token.ExpiresAt)} まで有効です。二度と表示できません。Authorization: Bearer の後に付けて使います。\n" +
                $"Id {token.Id}, valid until {WireTime.Format(token.ExpiresAt)}. It cannot be shown again. Send it as Authorization: Bearer.").ConfigureAwait(false);
        }));
        Command list = new("list", "トークンの一覧 / Lists the tokens.");
        list.SetAction((r, c) => UserCommand.RunAsync("token", r.GetRequiredValue(Data), a => ListAsync(a, c)));
        Command revoke = new("revoke", "トークンを取り消します / Revokes a token; it is refused within a second.") { id };
        revoke.SetAction((r, c) => UserCommand.RunAsync("token", r.GetRequiredValue(Data), a => a.RevokeTokenAsync(r.GetRequiredValue(id), c)));
        return new Command("token", "Tokens of machines that use the map's API.") { Data, issue, list, revoke };
    }

    private static async Task ListAsync(AccountAdministration administration, CancellationToken cancel)
    {
        AccountBook book = await administration.ReadAsync(cancel).ConfigureAwait(false);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        foreach (MachineToken t in book.Tokens.Values.OrderBy(t => t.IssuedAt))
        {
            string state = t.RevokedAt is { } at ? $"取り消し / revoked {WireTime.Format(at)}" : t.ExpiresAt <= now ? "期限切れ / expired" : $"有効 / valid until {WireTime.Format(t.ExpiresAt)}";
            Console.WriteLine($"{t.Id}  {string.Join(',', t.Roles),-16} {state}  {t.Name}  ({t.By})");
        }

        Console.WriteLine($"{book.Tokens.Count} 件 / tokens");
    }
}
