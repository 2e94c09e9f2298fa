using System.CommandLine;
using System.Text.Json;

namespace Field.MapApp;

/// <summary><c>lock grant | grants | revoke-grant | code | open</c>: the locks of the running server.</summary>
internal static class LockCommand
{
    private const int CommandSeconds = 60;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(CommandSeconds + 15); // the answer to one done at the last moment
    private static readonly Option<string> Data = ServerCommand.DataOption();
    private static readonly Option<string> Device = new("--device") { HelpName = "ID", Required = true, Recursive = true, Description = "The lock." };
    private static readonly Option<string> Who = ServerCommand.WhoOption();
    private static readonly Option<string> From = new("--from") { HelpName = "TIME", Required = true, Description = "Begin, such as 2026-05-11T09:00:00+09:00." };
    private static readonly Option<string> To = new("--to") { HelpName = "TIME", Required = true, Description = "End." };

    public static Command Create()
    {
        Who.Recursive = true;
        Option<string> reason = new("--reason") { HelpName = "TEXT", Required = true, Description = "Why; the audit log keeps it." };
        Command open = new("open", "理由を付けて遠隔で解錠します / Opens a lock from here, with a reason, and waits for its answer.") { reason };
        open.SetAction((result, cancel) => OpenAsync(result, result.GetRequiredValue(reason), cancel));
        Command grants = new("grants", "予約の一覧 / Lists the grants that are not over.");
        grants.SetAction((result, cancel) => RunAsync(result, server => ListAsync(server, result.GetRequiredValue(Device), cancel)));
        return new Command("lock", "Bookings and remote opening of locks, at the running server.") { Data, Device, Who, Grant(), grants, Revoke(), Code(), open };
    }

    private static Command Grant()
    {
        Option<string> pin = new("--pin") { HelpName = "auto|none", DefaultValueFactory = _ => "auto", Description = "auto: a new PIN, shown once. none: the key box code of the slot, which lies on half hours." };
        pin.AcceptOnlyFromAmong("auto", "none");
        Option<bool> once = new("--once") { Description = "Opens once." };
        Option<string?> label = new("--label") { HelpName = "TEXT", Description = "Such as the room; no person's name." };
        Command command = new("grant", "予約を登録し、暗証番号を一度だけ表示します / Grants a slot and shows its PIN, once.") { From, To, pin, once, label };
        command.SetAction((result, cancel) => RunAsync(result, async server =>
        {
            JsonElement issued = (await server.PostAsync(
                Path(result, "/grants"),
                new
                {
                    start = result.GetRequiredValue(From),
                    end = result.GetRequiredValue(To),
                    pin = result.GetRequiredValue(pin),
                    oneTime = result.GetValue(once),
                    label = result.GetValue(label),
                    who = result.GetRequiredValue(Who),
                },
                cancel).ConfigureAwait(false))!.Value;
            Console.WriteLine($"予約 / grant {issued.GetProperty("grantId").GetString()}\n番号 / code  {issued.GetProperty("code").GetString()}");
            await Console.Error.WriteLineAsync("番号はどこにも保存されず、二度と表示できません。\nThe code is kept nowhere and cannot be shown again.").ConfigureAwait(false);
        }));
        return command;
    }

    private static Command Revoke()
    {
        Option<string> grant = new("--grant") { HelpName = "ID", Required = true, Description = "The grant." };
        Command command = new("revoke-grant", "予約を取り消します / Takes a grant back.") { grant };
        command.SetAction((result, cancel) => RunAsync(result, async server =>
        {
            string path = Path(result, $"/grants/{Uri.EscapeDataString(result.GetRequiredValue(grant))}/revoke");
            await server.PostAsync(path, new { who = result.GetRequiredValue(Who) }, cancel).ConfigureAwait(false);
            Console.WriteLine("取り消しました / revoked");
        }));
        return command;
    }

    private static Command Code()
    {
        Command command = new("code", "ネットワークの無いキーボックスの番号を表示します / Shows the code of a key box without a network for a slot. It cannot be withdrawn.") { From, To };
        command.SetAction((result, cancel) => RunAsync(result, async server =>
        {
            var slot = new { start = result.GetRequiredValue(From), end = result.GetRequiredValue(To), who = result.GetRequiredValue(Who) };
            JsonElement answer = (await server.PostAsync(Path(result, "/code"), slot, cancel).ConfigureAwait(false))!.Value;
            Console.WriteLine($"番号 / code  {answer.GetProperty("code").GetString()}");
        }));
        return command;
    }

    private static async Task ListAsync(RunningServer server, string device, CancellationToken cancel)
    {
        JsonElement grants = await server.GetAsync($"/api/v1/locks/{Uri.EscapeDataString(device)}/grants", cancel).ConfigureAwait(false);
        foreach (JsonElement g in grants.EnumerateArray())
        {
            string kind = g.GetProperty("pin").GetString() == "none" ? "キーボックス / key box code" : "暗証番号 / PIN";
            string once = g.GetProperty("oneTime").GetBoolean() ? "  一回限り / once" : "";
            Console.WriteLine($"{g.GetProperty("grantId").GetString()}  {g.GetProperty("start").GetString()} - {g.GetProperty("end").GetString()}  {kind}{once}  {g.GetProperty("label").GetString()}".TrimEnd());
        }

        Console.WriteLine($"{grants.GetArrayLength()} 件 / grants");
    }

    private static async Task<int> OpenAsync(ParseResult result, string reason, CancellationToken cancel)
    {
        string outcome = "";
        int code = await RunAsync(result, async server => outcome = await OpenAsync(server, result, reason, cancel).ConfigureAwait(false)).ConfigureAwait(false);
        return code != 0 ? code : outcome == "done" ? 0 : 1;
    }

    private static async Task<string> OpenAsync(RunningServer server, ParseResult result, string reason, CancellationToken cancel)
    {
        string path = $"/api/v1/devices/{Uri.EscapeDataString(result.GetRequiredValue(Device))}/commands";
        var command = new { name = "lock.open", reason, who = result.GetRequiredValue(Who), expiresInSeconds = CommandSeconds };
        JsonElement sent = (await server.PostAsync(path, command, cancel).ConfigureAwait(false))!.Value;
        string id = sent.GetProperty("commandId").GetString()!;
        await Console.Error.WriteLineAsync($"指令を送りました。答えを待っています / sent, waiting for the answer: {id}").ConfigureAwait(false);
        long begin = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begin) < Patience)
        {
            JsonElement state = await server.GetAsync($"{path}/{id}", cancel).ConfigureAwait(false);
            if (state.GetProperty("outcome").GetString() is { } outcome and not "sent")
            {
                Console.WriteLine($"{Japanese(outcome)} / {outcome} {state.GetProperty("detail").GetString()}".TrimEnd());
                return outcome;
            }

            await Task.Delay(Look, cancel).ConfigureAwait(false);
        }

        Console.WriteLine("答えがありません。期限が切れたため、もう実行されません / no answer; it has expired and will not be done any more");
        return "sent";
    }

    private static string Japanese(string outcome) => outcome switch
    {
        "done" => "実行しました",
        "refused" => "拒否されました",
        "failed" => "失敗しました",
        _ => "期限切れです",
    };

    private static Task<int> RunAsync(ParseResult result, Func<RunningServer, Task> work) => ServerCommand.RunAsync(result.GetRequiredValue(Data), work);

    private static string Path(ParseResult result, string rest) => $"/api/v1/locks/{Uri.EscapeDataString(result.GetRequiredValue(Device))}{rest}";
}
