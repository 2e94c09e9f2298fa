using Field.Contracts;
using Field.Contracts.Locks;

namespace Field.EdgeAgent.Locks;

/// <summary>What the controller wants done, in order.</summary>
internal abstract record LockOutput
{
    /// <summary>Report an event.</summary>
    public sealed record Happened(LockEvent Event) : LockOutput;

    /// <summary>Answer a command.</summary>
    public sealed record Answer(CommandResult Result) : LockOutput;

    /// <summary>Move the bolt.</summary>
    public sealed record Drive(bool Unlock) : LockOutput;

    /// <summary>Put a code into the hardware or clear it, then tell <see cref="LockController.CodeIsSet"/>.</summary>
    public sealed record SetCode(CodeSlot Slot, PinEntry? Code) : LockOutput;
}
