using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Field.MapApp;

/// <summary><c>dead-letters list|show|replay|discard|export</c>.</summary>
internal static class DeadLettersCommand
{
    private const string Path = "/api/v1/dead-letters";

    public static Command Create()
    {
        Option<string> data = ServerCommand.DataOption();
        return new Command("dead-letters", "Refused messages of the running server.") { data, List(data), Show(data), Replay(data), Discard(data), Export(data) };
    }

    private static Command List(Option<string> data)
    {
        Filter filter = new();
        Option<long?> before = new("--before") { Description = "Only ids below this one: the next page." };
        Command command = new("list", "Lists letters, newest first.") { filter.Device, filter.Code, filter.From, filter.To, before };
        command.SetAction((result, cancel) => ServerCommand.RunAsync(result.GetValue(data)!, async server =>
        {
            JsonElement letters = await server.GetAsync(Path + filter.QueryString(result, ("before", result.GetValue(before)?.ToString(CultureInfo.InvariantCulture))), cancel).ConfigureAwait(false);
            foreach (JsonElement letter in letters.EnumerateArray())
            {
                string errors = string.Join("; ", letter.GetProperty("errors").EnumerateArray().Select(e => $"{e.GetProperty("code").GetString()} {e.GetProperty("at").GetString()}".TrimEnd()));
                Console.WriteLine($"{letter.GetProperty("id")}  {letter.GetProperty("receivedAt").GetString()}  x{letter.GetProperty("count")}  {letter.GetProperty("sizeBytes")} B  {letter.GetProperty("topic").GetString()}  {errors}");
            }

            Console.WriteLine($"{letters.GetArrayLength()} 件 / letters");
        }));
        return command;
    }

    private static Command Show(Option<string> data)
    {
        Argument<long> id = new("id");
        Command command = new("show", "Shows a letter with all its errors and its payload.") { id };
        command.SetAction((result, cancel) => ServerCommand.RunAsync(result.GetValue(data)!, async server =>
            Console.WriteLine(await server.GetAsync($"{Path}/{result.GetValue(id)}", cancel).ConfigureAwait(false))));
        return command;
    }

    private static Command Replay(Option<string> data)
    {
        Argument<long[]> ids = new("id") { Arity = ArgumentArity.OneOrMore };
        Option<string> who = ServerCommand.WhoOption();
        Command command = new("replay", "Brings letters again, as if they came now.") { ids, who };
        command.SetAction((result, cancel) => ServerCommand.RunAsync(result.GetValue(data)!, async server =>
        {
            foreach (long id in result.GetValue(ids)!)
            {
                Dictionary<string, string?> body = new() { ["who"] = result.GetValue(who) };
                JsonElement answer = (await server.PostAsync($"{Path}/{id}/replay", body, cancel).ConfigureAwait(false))!.Value;
                Console.WriteLine(answer.GetProperty("stored").GetBoolean() ? $"{id}: 保存しました / stored" : $"{id}: 再度拒否 / refused again: {answer.GetProperty("reason").GetString()}");
            }
        }));
        return command;
    }

    private static Command Discard(Option<string> data)
    {
        Argument<long[]> ids = new("id") { Arity = ArgumentArity.OneOrMore };
        Option<string> who = ServerCommand.WhoOption();
        Option<string> reason = new("--reason") { Description = "Why; it is logged.", Required = true };
        Command command = new("discard", "Removes letters for good.") { ids, who, reason };
        command.SetAction((result, cancel) => ServerCommand.RunAsync(result.GetValue(data)!, async server =>
        {
            foreach (long id in result.GetValue(ids)!)
            {
                Dictionary<string, string?> body = new() { ["who"] = result.GetValue(who), ["reason"] = result.GetValue(reason) };
                await server.PostAsync($"{Path}/{id}/discard", body, cancel).ConfigureAwait(false);
                Console.WriteLine($"{id}: 破棄しました / discarded");
            }
        }));
        return command;
    }

    private static Command Export(Option<string> data)
    {
        Filter filter = new();
        Option<FileInfo> to = new("--out") { Description = "File to write, a JSON line per letter.", Required = true };
        Command command = new("export", "Writes letters with their payloads to a file.") { filter.Device, filter.Code, filter.From, filter.To, to };
        command.SetAction((result, cancel) => ServerCommand.RunAsync(result.GetValue(data)!, async server =>
        {
            FileStream file = result.GetValue(to)!.Create();
            await using (file.ConfigureAwait(false))
            {
                await server.CopyAsync($"{Path}/export{filter.QueryString(result)}", file, cancel).ConfigureAwait(false);
            }
        }));
        return command;
    }

    private sealed class Filter
    {
        public Option<string?> Device { get; } = new("--device") { Description = "Only this device." };

        public Option<string?> Code { get; } = new("--code") { Description = "Only with an error of this code." };

        public Option<string?> From { get; } = new("--from") { Description = "Only from this time on (RFC 3339)." };

        public Option<string?> To { get; } = new("--to") { Description = "Only before this time (RFC 3339)." };

        public string QueryString(ParseResult result, params (string Name, string? Value)[] more)
        {
            (string Name, string? Value)[] all =
            [
                ("device", result.GetValue(Device)), ("code", result.GetValue(Code)), ("from", result.GetValue(From)), ("to", result.GetValue(To)), .. more,
            ];
            string query = string.Join('&', all.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
            return query.Length == 0 ? "" : $"?{query}";
        }
    }
}
