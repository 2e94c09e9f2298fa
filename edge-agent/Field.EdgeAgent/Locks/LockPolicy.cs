using System.ComponentModel.DataAnnotations;

namespace Field.EdgeAgent.Locks;

/// <summary>How a lock decides.</summary>
internal sealed record LockPolicy
{
    /// <summary>How far the clocks of lock and headquarters may differ at the ends of a slot. Default 2 min, at most 30.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:30:00")]
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Takes key box codes of slots that are in no list (SPEC.md, Key box codes). They cannot be withdrawn. Default false.</summary>
    public bool KeyBox { get; init; }

    /// <summary>Percent at or below which the battery must be changed. Default 20.</summary>
    [Range(1, 90)]
    public double BatteryLowPercent { get; init; } = 20;

    /// <summary>Open for so long outside every slot is reported. Default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan LeftOpenAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>An order that the hardware did not confirm within this has failed. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan NoAnswerAfter { get; init; } = TimeSpan.FromSeconds(15);
}
