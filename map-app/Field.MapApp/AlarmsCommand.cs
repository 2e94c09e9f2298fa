using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Field.MapApp;

/// <summary><c>alarms list|ack</c>.</summary>
internal static class AlarmsCommand
{
    public static Command Create()
    {
        Option<string> data = ServerCommand.DataOption();
        Option<bool> all = new("--all") { Description = "Also those that are cleared and acknowledged." };
        Option<bool> english = new("--en") { Description = "Messages in English." };
        Command list = new("list", "Alarms that are raised or that nobody has acknowledged.") { all, english };
        list.SetAction((result, cancel) => ServerCommand.RunAsync(result.GetValue(data)!, server => ListAsync(server, result.GetValue(all), result.GetValue(english), cancel)));

        Argument<string> id = new("alarm") { Description = "The alarm's id." };
        Option<string> who = ServerCommand.WhoOption();
        Option<string?> note = new("--note") { Description = "What is done about it." };
        Command acknowledge = new("ack", "Acknowledges an alarm.") { id, who, note };
        acknowledge.SetAction((result, cancel) => ServerCommand.RunAsync(result.GetValue(data)!, async server =>
        {
            await server.PostAsync(
                $"/api/v1/alarms/{Uri.EscapeDataString(result.GetValue(id)!)}/acknowledge",
                new Dictionary<string, string?> { ["who"] = result.GetValue(who), ["note"] = result.GetValue(note) },
                cancel).ConfigureAwait(false);
            Console.WriteLine("確認済み / acknowledged");
        }));
        return new Command("alarms", "Alarms of the running server.") { data, list, acknowledge };
    }

    private static async Task ListAsync(RunningServer server, bool all, bool english, CancellationToken cancel)
    {
        JsonElement collection = await server.GetAsync("/api/v1/features/alarms", cancel).ConfigureAwait(false);
        JsonElement[] alarms =
        [
            .. collection.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties"))
                .Where(p => all || Text(p, "state") == "raised" || Text(p, "acknowledgedAt") is null)
                .OrderByDescending(p => Text(p, "raisedAt"), StringComparer.Ordinal),
        ];
        foreach (JsonElement alarm in alarms)
        {
            string acknowledged = Text(alarm, "acknowledgedBy") is { } by ? $"  [{by}: {Text(alarm, "acknowledgeNote")}]" : "";
            Console.WriteLine($"{Text(alarm, "alarmId")}  {Text(alarm, "raisedAt")}  {Text(alarm, "severity"),-8} {Text(alarm, "state"),-7} {Text(alarm, english ? "messageEn" : "messageJa")}{acknowledged}");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{alarms.Length} 件 / alarms"));
    }

    private static string? Text(JsonElement properties, string name) => properties.GetProperty(name).GetString();
}

/// <summary>What commands that speak to the running server share.</summary>
internal static class ServerCommand
{
    public static Option<string> DataOption() => new("--data")
    {
        Description = "Data folder of the running server.",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("FIELD_DATA") is { Length: > 0 } data ? data : Path.Combine(Installation.Root(), ".field", "data"),
    };

    public static Option<string> WhoOption() => new("--who") { Description = "Your name; default the user of this machine.", DefaultValueFactory = _ => Environment.UserName };

    /// <returns>The exit code: 0, or 1 with the reason on standard error.</returns>
    public static async Task<int> RunAsync(string dataDirectory, Func<RunningServer, Task> work)
    {
        try
        {
            using RunningServer server = RunningServer.Find(Path.GetFullPath(dataDirectory));
            await work(server).ConfigureAwait(false);
            return 0;
        }
        catch (FieldException e)
        {
            await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return 1;
        }
    }
}
