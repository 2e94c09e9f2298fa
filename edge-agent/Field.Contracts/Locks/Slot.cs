namespace Field.Contracts.Locks;

/// <summary>A booked time.</summary>
/// <param name="Start">First moment, whole seconds.</param>
/// <param name="End">First moment after it, whole seconds.</param>
public readonly record struct Slot(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>True for whole seconds that lie in order.</summary>
    public bool IsValid => Start < End && Start.Ticks % TimeSpan.TicksPerSecond == 0 && End.Ticks % TimeSpan.TicksPerSecond == 0;

    /// <summary>True when the moment lies in the slot, or beside it by no more than the clocks may differ.</summary>
    public bool Contains(DateTimeOffset now, TimeSpan tolerance) => now >= Start - tolerance && now < End + tolerance;
}
