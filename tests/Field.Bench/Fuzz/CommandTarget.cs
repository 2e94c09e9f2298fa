using Field.Contracts;
using Field.EdgeAgent.Commands;
using Field.Harness;

namespace Field.Bench.Fuzz;

/// <summary>The journal of the commands that a device has begun, behind checksums that are right.</summary>
internal static class CommandTarget
{
    private static readonly DateTimeOffset Now = new(2026, 5, 11, 9, 30, 0, TimeSpan.Zero);

    public static FuzzTarget Create()
    {
        TemporaryFolder folder = new(inMemory: true);
        string file = Path.Combine(folder["device"], "command-memory");
        using (CommandMemory memory = CommandMemory.Open(folder["device"]))
        {
            foreach (string id in (string[])["cmd-1", "cmd-2", "cmd-3"])
            {
                memory.Begun.TryBegin(new DeviceCommand(id, "lock.open", "test", Now, Now.AddMinutes(5)), Now);
            }

            memory.Begun.SetAnswered("cmd-2");
        }

        return new FuzzTarget("command-memory", [File.ReadAllBytes(file)], input => Read(folder["device"], file, input))
        {
            Form = InputForm.Binary,
            Repair = input => Repairs.Journal(input, from: 0),
            Refuses = e => e is FieldException,
            Owned = folder,
            AllocatedBytes = 256 * 1024,
            AllocatedPerByte = 128,
        };
    }

    /// <summary>What was understood once must be understood after a rewrite.</summary>
    private static bool Read(string folder, string file, byte[] input)
    {
        File.WriteAllBytes(file, input);
        using (CommandMemory memory = CommandMemory.Open(folder))
        {
            _ = memory.Begun.Interrupted;
            memory.Begun.SetAnswered("cmd-1");
        }

        using CommandMemory again = CommandMemory.Open(folder);
        return true;
    }
}
