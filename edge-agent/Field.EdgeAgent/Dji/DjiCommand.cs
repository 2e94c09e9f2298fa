using System.CommandLine;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Uplink;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Dji;

/// <summary>The command line of <c>dji</c>.</summary>
internal static class DjiCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        ServerArguments server = new("dji");
        Option<string> broker = new("--dji-broker") { Required = true, HelpName = "URL", Description = "Broker where the dock or DJI Pilot 2 publishes, such as mqtt://localhost:1884. Environment: FIELD_DJI_USER, FIELD_DJI_PASSWORD." };
        Option<string[]> aircraft = new("--aircraft") { Required = true, HelpName = "SERIAL=DEVICE", Description = "An aircraft and its device id in Field; may be repeated. Others are answered and go no further." };
        Option<string?> outbox = new("--outbox") { HelpName = "DIR", Description = "Folder of the outboxes, one below it for each device. Default: the user's data folder." };
        Option<string?> ntp = new("--dji-ntp") { HelpName = "HOST[:PORT]", Description = "NTP server that docks are told when they ask for their configuration. With FIELD_DJI_APP_ID, FIELD_DJI_APP_KEY and FIELD_DJI_APP_LICENSE they are told these too: let only your docks onto that broker." };
        Command command = new("dji", "Brings the aircraft of a DJI dock or DJI Pilot 2 (Cloud API) to the headquarters: place, battery, alarms, flights; brings it home when asked.") { broker, aircraft, outbox, ntp };
        server.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            DjiOptions options = new(server.Read(result))
            {
                DjiBroker = result.GetRequiredValue(broker),
                Aircraft = result.GetRequiredValue(aircraft),
                Outbox = result.GetValue(outbox),
                Ntp = result.GetValue(ntp),
            };
            Texts texts = server.Texts(result);
            IReadOnlyList<string> errors = options.Errors(texts);
            foreach (string error in errors)
            {
                await Console.Error.WriteLineAsync(error);
            }

            return errors.Count > 0
                ? ExitCodes.CannotStart
                : await new DjiRun(options, device => device.Links(), Console.Out, texts, TimeProvider.System).RunAsync(cancellationToken);
        });
        return command;
    }
}
