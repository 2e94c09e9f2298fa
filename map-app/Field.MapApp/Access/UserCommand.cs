using System.CommandLine;
using Field.Contracts;
using Field.Store.Accounts;

namespace Field.MapApp.Access;

/// <summary><c>user add | list | role | name | reset | lock | unlock | remove</c>: who may sign in, whether the server runs or not.</summary>
internal static class UserCommand
{
    private static readonly Option<string> Data = ServerCommand.DataOption();
    private static readonly Argument<string> Name = new("account") { Description = "What the person types to sign in." };

    public static Command Create()
    {
        Option<string[]> role = new("--role") { HelpName = "ROLE", Required = true, AllowMultipleArgumentsPerToken = true, Description = "What the person does; may be repeated." };
        role.AcceptOnlyFromAmong([.. Permissions.Roles]);
        Option<string> display = new("--name") { HelpName = "TEXT", Required = true, Description = "The person's name, as it stands beside decisions." };
        Option<bool> input = new("--stdin") { Description = "Reads the first password from standard input instead of making one." };
        Option<bool> totp = new("--totp") { Description = "Takes the authenticator app off too (lost telephone)." };
        Option<string> reason = new("--reason") { HelpName = "TEXT", DefaultValueFactory = _ => "by hand", Description = "Why, for the audit log." };

        Command add = New("add", "アカウントを作り、最初のパスワードを一度だけ表示します / Adds a person and shows the first password, once.", display, role, input);
        add.SetAction((r, c) => RunAsync(r, async a => await ShowAsync(
            await a.AddAsync(r.GetRequiredValue(Name), r.GetRequiredValue(display), r.GetRequiredValue(role), Password(r.GetValue(input)), c).ConfigureAwait(false),
            r.GetValue(input)).ConfigureAwait(false)));
        Command reset = New("reset", "新しい最初のパスワードを表示し、サインインをすべて終わらせます / Gives a new first password and ends every session.", input, totp);
        reset.SetAction((r, c) => RunAsync(r, async a => await ShowAsync(
            await a.ResetAsync(r.GetRequiredValue(Name), Password(r.GetValue(input)), r.GetValue(totp), c).ConfigureAwait(false), r.GetValue(input)).ConfigureAwait(false)));
        Command roles = New("role", "役割を変えます / Gives other roles; the person signs in again.", role);
        roles.SetAction((r, c) => RunAsync(r, a => a.ChangeAsync(r.GetRequiredValue(Name), null, r.GetRequiredValue(role), c)));
        Command named = New("name", "氏名を変えます / Gives another name beside decisions.", display);
        named.SetAction((r, c) => RunAsync(r, a => a.ChangeAsync(r.GetRequiredValue(Name), r.GetRequiredValue(display), null, c)));
        Command locked = New("lock", "アカウントを停止します / Locks an account and ends its sessions.", reason);
        locked.SetAction((r, c) => RunAsync(r, a => a.LockAsync(r.GetRequiredValue(Name), r.GetRequiredValue(reason), c)));
        Command unlocked = New("unlock", "停止と、失敗による待ち時間を解きます / Unlocks an account and forgives failed attempts.");
        unlocked.SetAction((r, c) => RunAsync(r, a => a.UnlockAsync(r.GetRequiredValue(Name), c)));
        Command remove = New("remove", "アカウントを消します / Removes an account.");
        remove.SetAction((r, c) => RunAsync(r, a => RemoveAsync(a, r.GetRequiredValue(Name), c)));
        Command list = new("list", "アカウントの一覧 / Lists the accounts.");
        list.SetAction((r, c) => RunAsync(r, a => ListAsync(a, c)));
        Command devices = new("devices", "記録を送るブラウザ（タブレット）の一覧 / Lists browsers that send as devices.");
        devices.SetAction((r, c) => RunAsync(r, a => ListDevicesAsync(a, c)));
        Argument<string> id = new("device") { Description = "The browser's device id, tablet-XXXXXXXX." };
        Command revoke = new("revoke-device", "タブレットを失くしたとき、そのブラウザからの送信を止めます / Nobody sends as this browser any more.") { id };
        revoke.SetAction((r, c) => RunAsync(r, a => a.RevokeBrowserDeviceAsync(r.GetRequiredValue(id), c)));
        return new Command("user", "People who may sign in.") { Data, add, list, roles, named, reset, locked, unlocked, remove, devices, revoke };
    }

    private static Command New(string name, string description, params Option[] options)
    {
        Command command = new(name, description) { Name };
        foreach (Option option in options)
        {
            command.Add(option);
        }

        return command;
    }

    /// <summary>The first line of standard input: a password is never an argument, where other users of the machine could read it.</summary>
    private static string? Password(bool fromInput) => fromInput ? Console.In.ReadLine() ?? throw new FieldException("--stdin: there was no line") : null;

    private static async Task ShowAsync(string password, bool wasGiven)
    {
        if (!wasGiven)
        {
            Console.WriteLine(password);
        }

        await Console.Error.WriteLineAsync(
            $"最初のパスワードです。本人に渡してください。はじめのサインインで変更します（有効 {AccountAdministration.FirstPasswordLifetime.TotalDays:0} 日）。二度と表示できません。\n" +
            $"The first password: hand it to the person, who changes it at the first sign-in (valid {AccountAdministration.FirstPasswordLifetime.TotalDays:0} days). It cannot be shown again.").ConfigureAwait(false);
    }

    private static async Task RemoveAsync(AccountAdministration administration, string name, CancellationToken cancel)
    {
        await administration.RemoveAsync(name, cancel).ConfigureAwait(false);
        if ((await administration.ReadAsync(cancel).ConfigureAwait(false)).Accounts.Count == 0)
        {
            await Console.Error.WriteLineAsync(
                "最後のアカウントを消しました。この機械の利用者は、サインインなしで地図を使えます。\nThat was the last account: users of this machine use the map without signing in again.").ConfigureAwait(false);
        }
    }

    private static async Task ListAsync(AccountAdministration administration, CancellationToken cancel)
    {
        AccountBook book = await administration.ReadAsync(cancel).ConfigureAwait(false);
        foreach (Account a in book.Accounts.Values.OrderBy(a => a.Name, StringComparer.Ordinal))
        {
            string state = a.LockedAt is { } at ? $"停止中 / locked {WireTime.Format(at)}"
                : a.FirstPasswordUntil is { } until ? $"パスワード未変更 / first password until {WireTime.Format(until)}"
                : a.TotpKey is null ? "パスワード / password" : "パスワード+認証アプリ / password and authenticator";
            int sessions = book.Sessions.Values.Count(s => s.Account == a.Name);
            Console.WriteLine($"{a.Name,-24} {string.Join(',', a.Roles),-16} {state}  {sessions} sessions  {a.DisplayName}");
        }

        Console.WriteLine($"{book.Accounts.Count} 件 / accounts");
    }

    private static async Task ListDevicesAsync(AccountAdministration administration, CancellationToken cancel)
    {
        AccountBook book = await administration.ReadAsync(cancel).ConfigureAwait(false);
        foreach (BrowserDevice d in book.BrowserDevices.Values.OrderBy(d => d.Account, StringComparer.Ordinal).ThenBy(d => d.IssuedAt))
        {
            string state = d.RevokedAt is { } at ? $"停止 / revoked {WireTime.Format(at)}" : "有効 / valid";
            Console.WriteLine($"{d.Id,-18} {d.Account ?? "(この機械 / this machine)",-24} {WireTime.Format(d.IssuedAt)}  {state}  {d.Label}");
        }

        Console.WriteLine($"{book.BrowserDevices.Count} 台 / devices");
    }

    private static Task<int> RunAsync(ParseResult result, Func<AccountAdministration, Task> action) => RunAsync("user", result.GetRequiredValue(Data), action);

    /// <returns>The exit code: 0, or 2 with the reason on standard error.</returns>
    internal static async Task<int> RunAsync(string command, string data, Func<AccountAdministration, Task> action)
    {
        try
        {
            AccountFolder folder = AccountFolder.Open(data, TimeProvider.System);
            await using (folder.ConfigureAwait(false))
            {
                await action(folder.Administration).ConfigureAwait(false);
                return 0;
            }
        }
        catch (AccessException e)
        {
            await Console.Error.WriteLineAsync($"field {command}: {e.Fault.Ja}\n{e.Fault.En}").ConfigureAwait(false);
            return 2;
        }
        catch (FieldException e)
        {
            await Console.Error.WriteLineAsync($"field {command}: {e.Message}").ConfigureAwait(false);
            return 2;
        }
    }
}
