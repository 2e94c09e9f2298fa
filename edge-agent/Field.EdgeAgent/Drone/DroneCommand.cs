using System.CommandLine;
using Field.EdgeAgent.Agents;
using Field.EdgeAgent.Position;
using Field.EdgeAgent.View;
using Spectre.Console;

namespace Field.EdgeAgent.Drone;

/// <summary>The command line of <c>drone</c>.</summary>
internal static class DroneCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        AgentArguments agent = new("drone");
        PositionArguments position = new();
        Option<string> flight = new("--flight") { Required = true, HelpName = "DIR", Description = "Folder or card with the flight's photos (read with all folders below it)." };
        Option<bool> keep = new("--keep") { Description = "Leave the photos on the card (default)." };
        Option<bool> delete = new("--delete-after-receipt") { Description = "Delete each photo from the card once the server has confirmed its SHA-256." };
        Option<string?> triage = new("--triage")
        {
            HelpName = "MODEL_CARD",
            Description = "Score the photos on this device with a model such as models/crack-v1.json and send those with likely damage first. Needs ONNX Runtime and libgdal, "
                + "about 400 MB of memory and one core at the lowest priority; without the libraries the photos go in the order of the card. Default: off.",
        };
        Option<string?> surface = new("--surface")
        {
            HelpName = "HEIGHT|takeoff",
            Description = "Height of the photographed surface above the ellipsoid, m, as the RTK drone tells it when it stands there (標高 plus ジオイド高); "
                + "or takeoff: the drone took off from that surface. It makes widths and places as sure as the drone's own height. Default: unknown, 3 m either way.",
        };
        Option<double?> surfaceError = new("--surface-error") { HelpName = "M", Description = "How far the surface lies from that, unevenness included, m, one standard deviation. Default: 0.5." };
        Command command = new("drone", "Sends the photos of a drone flight to the headquarters.")
        {
            flight, keep, delete, triage, surface, surfaceError,
        };
        position.AddTo(command);
        agent.AddTo(command);
        command.SetAction((result, cancellationToken) =>
        {
            DroneOptions options = new(agent.Read(result))
            {
                Flight = result.GetRequiredValue(flight),
                DeleteAfterReceipt = result.GetValue(delete),
                Triage = result.GetValue(triage),
                Surface = result.GetValue(surface),
                SurfaceErrorM = result.GetValue(surfaceError),
                Position = position.Read(result),
            };
            return RunAsync(options, result.GetValue(keep), agent.Texts(result), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(DroneOptions options, bool keep, Texts texts, CancellationToken cancellationToken)
    {
        string folder = Path.GetFullPath(options.Flight);
        IUploadView view = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
            ? new ProgressView(folder, texts, AnsiConsole.Console)
            : new PlainView(folder, texts, Console.Out, Console.Error);
        List<string> errors = [.. options.Errors(texts)];
        if (keep && options.DeleteAfterReceipt)
        {
            errors.Add(texts.BothKeepAndDelete);
        }

        if (errors.Count > 0)
        {
            errors.ForEach(view.Error);
            return ExitCodes.CannotStart;
        }

        DroneRun run = new(options, options.Links(), view, texts, TimeProvider.System);
        return await run.RunAsync(cancellationToken);
    }
}
