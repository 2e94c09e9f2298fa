using System.CommandLine;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Uplink;
using Field.EdgeAgent.View;
using Field.EdgeAgent.Zigbee;

namespace Field.EdgeAgent.Locks;

/// <summary>The command line of <c>lock</c>.</summary>
internal static class LockCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        ServerArguments server = new("lock");
        Option<string?> secret = new("--secret") { HelpName = "FILE", Description = "File with the lock's secret (64 hex digits, readable by its owner only). Default: lock.secret beside the device's certificate." };
        Option<string?> outbox = new("--outbox") { HelpName = "DIR", Description = "Folder of the journal and the lock's memory. Default: one per site and device in the user's data folder." };
        Option<bool> keyBox = new("--key-box") { Description = "Take key box codes of slots that are in no list. They cannot be withdrawn." };
        Option<string?> z2m = new("--z2m") { HelpName = "URL", Description = "Broker of a Zigbee2MQTT bridge, such as mqtt://localhost:1883. Without it a simulated lock reads lines from standard input. Environment: FIELD_Z2M_USER, FIELD_Z2M_PASSWORD." };
        Option<string> z2mLock = new("--z2m-lock") { HelpName = "NAME", DefaultValueFactory = _ => "", Description = "Friendly name of the lock." };
        Option<string[]> z2mAlso = new("--z2m-also") { HelpName = "NAME", DefaultValueFactory = _ => [], Description = "Friendly name of a keypad or door contact beside the lock; may be repeated." };
        Option<string> z2mBase = new("--z2m-base") { HelpName = "TOPIC", DefaultValueFactory = _ => "zigbee2mqtt", Description = "The bridge's base topic." };
        Option<int[]> users = new("--code-user") { HelpName = "N", DefaultValueFactory = _ => [], Description = "User slot of the lock that Field may fill with the codes of bookings; may be repeated." };
        Command command = new("lock", "Runs a lock: bookings, remote opening, events. It works without a network.")
        {
            secret, outbox, keyBox, z2m, z2mLock, z2mAlso, z2mBase, users,
        };
        server.AddTo(command);
        command.SetAction((result, cancellationToken) =>
        {
            LockOptions options = new(server.Read(result))
            {
                Secret = result.GetValue(secret),
                Outbox = result.GetValue(outbox),
                Policy = new LockPolicy { KeyBox = result.GetValue(keyBox) },
                Z2m = result.GetValue(z2m),
                Names = new Z2mNames(
                    result.GetRequiredValue(z2mBase), result.GetRequiredValue(z2mLock), result.GetRequiredValue(z2mAlso), [.. result.GetRequiredValue(users).Distinct()]),
            };
            return RunAsync(options, server.Texts(result), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(LockOptions options, Texts texts, CancellationToken cancellationToken)
    {
        LockView view = new(texts, Console.Out, Console.Error, TimeProvider.System);
        IReadOnlyList<string> errors = options.Errors(texts);
        foreach (string error in errors)
        {
            view.Error(error);
        }

        return errors.Count > 0
            ? ExitCodes.CannotStart
            : await new LockRun(options, options.Links(), (Console.In, Console.Out), view, texts, TimeProvider.System).RunAsync(cancellationToken);
    }
}
