using System.CommandLine;
using Field.EdgeAgent.Uplink;
using Field.EdgeAgent.View;
using Spectre.Console;

namespace Field.EdgeAgent.Drone;

/// <summary>The command line of <c>drone</c>.</summary>
internal static class DroneCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        ServerArguments server = new("drone");
        Option<string> flight = new("--flight") { Required = true, HelpName = "DIR", Description = "Folder or card with the flight's photos (read with all folders below it)." };
        Option<string?> outbox = new("--outbox") { HelpName = "DIR", Description = "Folder of the journal. Default: one per site and device in the user's data folder." };
        Option<bool> keep = new("--keep") { Description = "Leave the photos on the card (default)." };
        Option<bool> delete = new("--delete-after-receipt") { Description = "Delete each photo from the card once the server has confirmed its SHA-256." };
        Option<bool> once = new("--once") { Description = "End when every photo has its receipt, instead of watching the folder." };
        Option<string?> summary = new("--summary") { HelpName = "FILE", Description = "Write the figures of the run to FILE as JSON." };
        Command command = new("drone", "Sends the photos of a drone flight to the headquarters.")
        {
            flight, outbox, keep, delete, once, summary,
        };
        server.AddTo(command);
        command.SetAction((result, cancellationToken) =>
        {
            DroneOptions options = new(server.Read(result))
            {
                Flight = result.GetRequiredValue(flight),
                Outbox = result.GetValue(outbox),
                DeleteAfterReceipt = result.GetValue(delete),
                Once = result.GetValue(once),
                Summary = result.GetValue(summary),
            };
            return RunAsync(options, result.GetValue(keep), server.Texts(result), cancellationToken);
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
