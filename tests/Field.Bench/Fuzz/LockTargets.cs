using Field.Contracts;
using Field.Contracts.Locks;
using Field.EdgeAgent.Locks;
using Field.Harness;

namespace Field.Bench.Fuzz;

/// <summary>What a lock keeps on its card: its memory, behind checksums that are right, and the file with its secret.</summary>
internal static class LockTargets
{
    private const string Site = "aoba";
    private const string Device = "lock-07";

    public static IEnumerable<FuzzTarget> All() => [Memory(), Secret()];

    /// <summary>The memory is opened, asked, written to and opened again: what was understood once must be understood after the rewrite.</summary>
    private static FuzzTarget Memory()
    {
        TemporaryFolder folder = new(inMemory: true);
        string file = Path.Combine(folder["lock"], "lock-memory");
        using (LockMemory memory = LockMemory.Open(folder["lock"], Site, Device))
        {
            Fill(memory);
        }

        return new FuzzTarget("lock-memory", [File.ReadAllBytes(file)], input => Read(folder["lock"], file, input))
        {
            Form = InputForm.Binary,
            Repair = input => Repairs.Journal(input, from: 0),
            Refuses = e => e is FieldException,
            Owned = folder,

            // The file is opened twice, and a list of grants is kept as bytes, text and objects.
            AllocatedBytes = 512 * 1024,
            AllocatedPerByte = 256,
        };
    }

    private static FuzzTarget Secret()
    {
        TemporaryFolder folder = new(inMemory: true);
        string file = folder["lock.secret"];
        LockSecret.FromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f").Save(file);
        byte[] golden = File.ReadAllBytes(file);
        return new FuzzTarget("lock-secret", [golden], input =>
        {
            using (FileStream stream = PrivateFiles.Open(file, FileMode.Create, FileShare.None))
            {
                stream.Write(input);
            }

            _ = LockSecret.Load(file);
            return true;
        })
        {
            Form = InputForm.Binary,
            Refuses = e => e is FieldException,
            Owned = folder,
            AllocatedBytes = 64 * 1024,
            AllocatedPerByte = 16,
        };
    }

    private static void Fill(LockMemory memory)
    {
        byte[] golden = File.ReadAllBytes(Path.Combine(Checkout.Root, "tests", "golden", "wire", "lock-grants.json"));
        LockGrants grants = LockGrants.Parse(golden, Site, Device).Value!;
        DateTimeOffset now = grants.IssuedAt;
        memory.Take(grants, golden);
        memory.SetUsed(grants.Grants[0].GrantId, used: true);
        memory.SetFailures(3);
        memory.SetDoor(new BoltAndDoor(true, false));
        memory.SetCode(11, $"{grants.Grants[0].GrantId}|1778457600|1778464800");
        memory.SetCode(12, "gone|1|2");
        memory.SetCode(12, null);
        memory.Commands.TryBegin(new DeviceCommand("c-1", "lock.open", "rounds", now, now.AddMinutes(1), "{}"), now);
        memory.Commands.TryBegin(new DeviceCommand("c-2", "lock.close", "rounds", now, now.AddMinutes(1), "{}"), now);
        memory.Commands.SetAnswered("c-2");
    }

    private static bool Read(string folder, string file, byte[] input)
    {
        File.WriteAllBytes(file, input);
        long torn;
        using (LockMemory memory = LockMemory.Open(folder, Site, Device))
        {
            torn = memory.TornBytes;
            _ = memory.Commands.Interrupted;
            memory.SetFailures(memory.Failures);
        }

        using LockMemory again = LockMemory.Open(folder, Site, Device);
        return torn == 0;
    }
}
