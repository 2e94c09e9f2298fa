using System.CommandLine;
using System.Globalization;
using Field.EdgeAgent.Agents;
using Field.EdgeAgent.Drone;

namespace Field.EdgeAgent.Sim;

/// <summary>The command line of <c>sim</c>.</summary>
internal static class SimCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        AgentArguments agent = new("sim");
        Option<string?> file = new("--script") { HelpName = "FILE", Description = $"Which devices do what and when. Example:\n{SimScript.Example}" };
        Option<string> devices = new("--devices") { HelpName = "KIND:N,...", DefaultValueFactory = _ => "sensor:1", Description = "Devices without a script: drone, sensor, lock, tablet." };
        Option<double> rate = new("--rate") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Samples of each device in a second, without a script." };
        Option<double> events = new("--events") { HelpName = "N", DefaultValueFactory = _ => 2, Description = "Events of each lock and tablet in a minute, without a script." };
        Option<double> duration = new("--duration") { HelpName = "SECONDS", DefaultValueFactory = _ => 60, Description = "How long they do something, without a script; then they send what is left and end." };
        Option<int> seed = new("--seed") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Of all chance, without a script." };
        Option<string> fill = new("--fill-outbox") { HelpName = "TIME", DefaultValueFactory = _ => "0", Description = "Begin with what so long a time without a line leaves in each outbox: 30d, 12h, 10m, 5s." };
        Option<double> every = new("--fill-every") { HelpName = "SECONDS", DefaultValueFactory = _ => 10, Description = "Time between two of those samples." };
        Option<int> photos = new("--photos") { HelpName = "N", Description = "Photos of chance bytes that each device finds at the start, besides those that lie in the folder card beside its outbox." };
        Option<int> photoBytes = new("--photo-bytes") { HelpName = "BYTES", DefaultValueFactory = _ => 1_000_000, Description = "Size of each photo." };
        Option<bool> offline = new("--offline") { Description = "Never connect: fill the outboxes only." };
        Command command = new("sim", "Simulates many devices, for tests and measurements. The outboxes lie in folders under --outbox.")
        {
            file, devices, rate, events, duration, seed, fill, every, photos, photoBytes, offline,
        };
        agent.AddTo(command);
        command.SetAction((result, cancellationToken) =>
        {
            AgentOptions options = agent.Read(result);
            AgentView view = AgentConsole.View(agent.Texts(result));
            List<string> errors = [.. options.Errors(agent.Texts(result))];
            SimScript? script = Add(errors, result.GetValue(file) is { } path ? Read(path) : SimScript.FromList(
                result.GetRequiredValue(devices), Positive(errors, "--rate", result.GetValue(rate)), Positive(errors, "--events", result.GetValue(events)),
                result.GetValue(seed), TimeSpan.FromSeconds(Positive(errors, "--duration", result.GetValue(duration)))));
            TimeSpan? length = ParseTime(result.GetRequiredValue(fill));
            if (length is null || result.GetValue(every) < 0.001 || result.GetValue(photos) < 0 || result.GetValue(photoBytes) is < 1 or > 100_000_000)
            {
                errors.Add("--fill-outbox must be a time such as 30d, --fill-every at least 0.001, --photos at least 0, --photo-bytes 1 to 100000000");
            }

            if (errors.Count > 0 || script is null)
            {
                errors.ForEach(view.Error);
                return Task.FromResult(ExitCodes.CannotStart);
            }

            SimOptions sim = new(
                options.OutboxFolder, length!.Value, TimeSpan.FromSeconds(result.GetValue(every)), result.GetValue(photos), result.GetValue(photoBytes), result.GetValue(offline));
            return new SimRun(options, sim, script, device => (options with { Device = device }).Links(), view, TimeProvider.System).RunAsync(cancellationToken);
        });
        return command;
    }

    /// <summary>A length of time such as <c>30d</c>; null when it is none.</summary>
    internal static TimeSpan? ParseTime(string text)
    {
        double unit = text.Length == 0 ? 0 : text[^1] switch { 'd' => 86_400, 'h' => 3600, 'm' => 60, _ => 1 };
        return double.TryParse(text.TrimEnd('d', 'h', 'm', 's'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number * unit <= 31_536_000
            ? TimeSpan.FromSeconds(number * unit)
            : null;
    }

    private static double Positive(List<string> errors, string name, double value)
    {
        if (value is >= 0 and <= 1_000_000)
        {
            return value;
        }

        errors.Add($"{name} must lie in 0 to 1000000");
        return 0;
    }

    private static SimScript? Add(List<string> errors, (SimScript? Script, IReadOnlyList<string> Errors) read)
    {
        errors.AddRange(read.Errors);
        return read.Script;
    }

    private static (SimScript? Script, IReadOnlyList<string> Errors) Read(string path)
    {
        try
        {
            return SimScript.Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, [e.Message]);
        }
    }
}
