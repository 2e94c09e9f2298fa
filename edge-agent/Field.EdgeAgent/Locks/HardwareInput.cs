using Field.Contracts.Locks;

namespace Field.EdgeAgent.Locks;

/// <summary>What a lock's hardware tells.</summary>
internal abstract record HardwareInput
{
    /// <summary>Digits were typed at a keypad that checks nothing by itself; null when they were no PIN at all. The receiver disposes it.</summary>
    public sealed record PinTyped(PinEntry? Pin) : HardwareInput;

    /// <summary>A state or action; what is null is not known or did not change.</summary>
    public sealed record Report : HardwareInput
    {
        /// <summary>The bolt is out.</summary>
        public bool? Locked { get; init; }

        /// <summary>The door is open.</summary>
        public bool? DoorOpen { get; init; }

        /// <summary>Somebody works on the lock.</summary>
        public bool? Tamper { get; init; }

        /// <summary>0 to 100.</summary>
        public double? BatteryPercent { get; init; }

        /// <summary>The hardware's own opinion.</summary>
        public bool? BatteryLow { get; init; }

        /// <summary>Who moved the bolt, a word of <c>by</c> in SPEC.md; set also when the bolt stays where it was. Null: only a state.</summary>
        public string? By { get; init; }

        /// <summary>The hardware's user slot that did it.</summary>
        public long? User { get; init; }

        /// <summary>The hardware refused somebody by itself.</summary>
        public bool Denied { get; init; }

        /// <summary>The hardware can be reached.</summary>
        public bool? Reachable { get; init; }
    }
}

/// <summary>A code in the hardware's own memory.</summary>
/// <param name="User">The hardware's user slot.</param>
/// <param name="Key">Whose code: grant and slot; null clears the slot.</param>
internal sealed record CodeSlot(int User, string? Key);

/// <summary>A lock's hardware.</summary>
internal interface ILockHardware
{
    /// <summary>User slots that take codes; empty when the hardware checks no codes by itself.</summary>
    IReadOnlyList<int> CodeUsers { get; }

    /// <summary>Runs until stopped and hands on what the hardware tells, in order.</summary>
    Task RunAsync(Func<HardwareInput, CancellationToken, ValueTask> heard, CancellationToken cancellationToken);

    /// <summary>Draws or throws the bolt. Returns when the hardware has the order; what it did comes as a report.</summary>
    /// <exception cref="FieldException">It cannot be reached; transient.</exception>
    Task DriveAsync(bool unlock, CancellationToken cancellationToken);

    /// <summary>Puts a code into a user slot, or clears the slot.</summary>
    /// <param name="user">The slot.</param>
    /// <param name="code">The digits; null clears. The caller disposes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FieldException">It cannot be reached; transient.</exception>
    Task SetCodeAsync(int user, PinEntry? code, CancellationToken cancellationToken);
}
