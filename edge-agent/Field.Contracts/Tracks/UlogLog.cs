namespace Field.Contracts.Tracks;

/// <summary>A line that the autopilot wrote.</summary>
/// <param name="TimeUs">Microseconds since the autopilot started.</param>
/// <param name="Level">As the Linux kernel: 6 is information, 4 a warning, 3 an error.</param>
/// <param name="Text">What it wrote.</param>
public readonly record struct UlogMessage(long TimeUs, int Level, string Text);

/// <summary>What a PX4 log (ULog) says of a flight.</summary>
public sealed record UlogLog
{
    /// <summary>The track; its clock is unknown when the receiver never knew the time.</summary>
    public FlightTrack Track { get; init; } = new();

    /// <summary>Microseconds since the autopilot started, when logging began.</summary>
    public long StartUs { get; init; }

    /// <summary>The latest time of any data.</summary>
    public long LastUs { get; init; }

    /// <summary>What the autopilot wrote, at most 1,000 lines.</summary>
    public IReadOnlyList<UlogMessage> Messages { get; init; } = [];

    /// <summary>Pieces of data by topic and instance.</summary>
    public IReadOnlyDictionary<(string Topic, int Instance), int> DataCounts { get; init; } = new Dictionary<(string, int), int>();

    /// <summary>How long data was lost because the card was too slow.</summary>
    public TimeSpan Dropped { get; init; }
}
