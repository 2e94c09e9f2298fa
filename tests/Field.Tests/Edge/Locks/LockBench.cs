using Field.Contracts;
using Field.Contracts.Locks;
using Field.EdgeAgent.Locks;
using Field.Tests.Store;

namespace Field.Tests.Edge.Locks;

/// <summary>A lock's controller over a memory in a folder; the power can be cut.</summary>
internal sealed class LockBench : IDisposable
{
    public const string Pin = "482913";

    public static readonly LockIdentity Identity = new("aoba", "lock-07", LockSecret.FromHex(new string('7', 64)));

    private readonly TempFolder _folder = new();
    private LockMemory _memory;

    public LockBench(LockPolicy? policy = null, IReadOnlyList<int>? codeUsers = null)
    {
        (Policy, CodeUsers) = (policy ?? new LockPolicy(), codeUsers ?? []);
        _memory = LockMemory.Open(_folder.Root, Identity.Site, Identity.Device);
        Controller = New();
        Take(new HardwareInput.Report { Locked = true, DoorOpen = false, BatteryPercent = 90 });
    }

    public LockPolicy Policy { get; }

    public IReadOnlyList<int> CodeUsers { get; }

    public ManualTime Time { get; private set; } = new();

    public LockController Controller { get; private set; }

    public LockMemory Memory => _memory;

    public string Folder => _folder.Root;

    public DateTimeOffset Now => Time.GetUtcNow();

    public static LockGrant Grant(string id, DateTimeOffset start, double hours, string pin = Pin, bool oneTime = false)
    {
        using PinEntry entry = PinEntry.TryCreate(pin)!;
        return new LockGrant(id, new Slot(start, start.AddHours(hours)), null, oneTime).WithPin(Identity.Secret, Identity.LockId, entry, PinHash.MinIterations);
    }

    public LockGrants List(long version, params LockGrant[] grants) => new LockGrants(version, Now, grants).Sealed(Identity.Secret, Identity.LockId);

    public IReadOnlyList<LockOutput> Give(long version, params LockGrant[] grants) => Give(List(version, grants));

    public IReadOnlyList<LockOutput> Give(LockGrants list) => Controller.TakeGrants(list.Write(Identity.Site, Identity.Device));

    public IReadOnlyList<LockOutput> Take(HardwareInput input) => Controller.Take(input);

    public IReadOnlyList<LockOutput> Type(string pin)
    {
        using PinEntry? entry = PinEntry.TryCreate(pin);
        return Take(new HardwareInput.PinTyped(entry));
    }

    public DeviceCommand Command(string id, string name = "lock.open", string reason = "避難所の開設", int seconds = 60) =>
        new DeviceCommand(id, name, reason, Now, Now.AddSeconds(seconds)).Sealed(Identity.Secret, Identity.LockId);

    public IReadOnlyList<LockOutput> Send(DeviceCommand command) => Controller.TakeCommand(command.Write(Identity.Site, Identity.Device));

    /// <summary>The power goes and comes back; the board wakes with the clock it is given, or where it was.</summary>
    public IReadOnlyList<LockOutput> PowerCycle(TimeSpan? clockJump = null)
    {
        _memory.Dispose();
        ManualTime next = new();
        next.Advance((clockJump ?? TimeSpan.Zero) + (Now - next.GetUtcNow()));
        Time = next;
        _memory = LockMemory.Open(_folder.Root, Identity.Site, Identity.Device);
        Controller = New();
        return Controller.Start();
    }

    public void Dispose()
    {
        _memory.Dispose();
        _folder.Dispose();
    }

    private LockController New() => new(Identity, Policy, _memory, CodeUsers, Time);
}

internal static class LockOutputs
{
    /// <summary>The outputs in short words, to compare.</summary>
    public static string[] Words(this IReadOnlyList<LockOutput> outputs) => [.. outputs.Select(o => o switch
    {
        LockOutput.Happened { Event: var e } => string.Join(' ', new[] { e.Kind, e.By, e.Reason ?? e.Cause, e.GrantId, e.CommandId, e.User is { } u ? $"#{u}" : null, e.Attempts is { } n ? $"x{n}" : null, e.Version is { } v ? $"v{v}" : null }.Where(t => t is not null)),
        LockOutput.Answer { Result: var r } => $"{r.CommandId} {r.Outcome} {r.Detail}".TrimEnd(),
        LockOutput.Drive { Unlock: true } => "UNLOCK",
        LockOutput.Drive => "LOCK",
        LockOutput.SetCode code => $"code {code.Slot.User} {code.Slot.Key?.Split('|')[0] ?? "cleared"}",
        _ => "?",
    })];
}
