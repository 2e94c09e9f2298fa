using System.CommandLine;
using Field.EdgeAgent.Agents;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Position;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Tablet;

/// <summary>The command line of <c>tablet</c>.</summary>
internal static class TabletCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        AgentArguments agent = new("tablet");
        PositionArguments position = new();
        Option<string> folder = new("--folder")
        {
            Required = true,
            HelpName = "DIR",
            Description = "Folder that a form app or a person fills: reports (*.geojson, *.json: a Feature or FeatureCollection with the properties "
                + "kind, severity, note, time, photos), tracks (*.gpx) and photos (*.jpg). What was taken over goes to sent/, what is bad to rejected/.",
        };
        Option<bool> delete = new("--delete")
        {
            Description = "Delete reports and tracks once they are in the outbox, and photos once the server has confirmed their SHA-256.",
        };
        Command command = new("tablet", "Sends reports, tracks, photos and the position of a tablet to the headquarters.") { folder, delete };
        position.AddTo(command);
        agent.AddTo(command);
        command.SetAction((result, cancellationToken) => RunAsync(
            new TabletOptions(agent.Read(result))
            {
                Drops = Path.GetFullPath(result.GetRequiredValue(folder)),
                Delete = result.GetValue(delete),
                Position = position.Read(result),
            },
            agent.Texts(result),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(TabletOptions options, Texts texts, CancellationToken cancellationToken)
    {
        AgentView view = AgentConsole.View(texts);
        IReadOnlyList<string> errors = options.Errors(texts);
        if (errors.Count > 0)
        {
            errors.ToList().ForEach(view.Error);
            return ExitCodes.CannotStart;
        }

        using TabletPart part = new(options, TimeProvider.System);
        return await new AgentRun(options, firmware: null, options.Links(), view, TimeProvider.System).RunAsync(part, cancellationToken);
    }
}
