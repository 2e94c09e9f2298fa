using System.CommandLine;
using Field.EdgeAgent.Agents;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Sensor;

/// <summary>The command line of <c>sensor</c>.</summary>
internal static class SensorCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        AgentArguments agent = new("sensor");
        Option<string?> config = new("--config") { HelpName = "FILE", Description = $"What is read, how often, and what is sent of it. Example:\n{SensorConfig.Example}" };
        Option<string?> input = new("--input")
        {
            HelpName = "FILE|-",
            Description = "A file, a FIFO or - (standard input) with a line for each reading: time,name,value[,unit] (time: RFC 3339, Unix seconds or empty for now), or SenML.",
        };
        Command command = new("sensor", "Sends readings (river level, rain, battery) to the headquarters and keeps them while there is no line.") { config, input };
        agent.AddTo(command);
        command.SetAction((result, cancellationToken) =>
            RunAsync(agent.Read(result), result.GetValue(config), result.GetValue(input), agent.Texts(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(AgentOptions options, string? file, string? input, Texts texts, CancellationToken cancellationToken)
    {
        AgentView view = AgentConsole.View(texts);
        List<string> errors = [.. options.Errors(texts)];
        SensorConfig? config = Read(file, input, texts, errors);
        if (errors.Count > 0 || config is null)
        {
            errors.ForEach(view.Error);
            return ExitCodes.CannotStart;
        }

        AgentRun run = new(options, config.Firmware, options.Links(), view, TimeProvider.System);
        return await run.RunAsync(new SensorPart(config, options.Once, Console.In, TimeProvider.System), cancellationToken);
    }

    private static SensorConfig? Read(string? file, string? input, Texts texts, List<string> errors)
    {
        if (file is null)
        {
            if (input is null)
            {
                errors.Add(texts.NothingToRead);
            }

            return input is null ? null : Input(SensorConfig.Lines(input), errors);
        }

        try
        {
            (SensorConfig? config, IReadOnlyList<string> wrong) = SensorConfig.Parse(File.ReadAllBytes(file));
            errors.AddRange(wrong.Select(w => $"{file}: {w}"));
            return config is null ? null : Input(config with { Input = input ?? config.Input }, errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(e.Message);
            return null;
        }
    }

    private static SensorConfig Input(SensorConfig config, List<string> errors)
    {
        if (config.Input is { } input and not "-" && !File.Exists(input))
        {
            errors.Add($"--input {input}: {new FileNotFoundException().Message}");
        }

        return config;
    }
}
