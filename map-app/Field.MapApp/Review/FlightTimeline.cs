namespace Field.MapApp.Review;

/// <summary>A time without photos.</summary>
/// <param name="From">The photo before it.</param>
/// <param name="To">The photo after it.</param>
/// <param name="IsBatteryChange">Long enough to land and start again; assumed, nothing in a photo says it.</param>
internal sealed record FlightPause(DateTimeOffset From, DateTimeOffset To, bool IsBatteryChange);

/// <summary>When the photos were taken.</summary>
/// <param name="First">The first photo.</param>
/// <param name="Last">The last photo.</param>
/// <param name="PhotosPerMinute">Without the pauses; null with fewer than two photos.</param>
/// <param name="Pauses">In order.</param>
internal sealed record FlightTimeline(DateTimeOffset First, DateTimeOffset Last, double? PhotosPerMinute, IReadOnlyList<FlightPause> Pauses)
{
    private const double PauseOfIntervals = 5;
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeastBatteryChange = TimeSpan.FromMinutes(2);

    /// <summary>Null when no photo says when it was taken.</summary>
    public static FlightTimeline? Of(IEnumerable<DateTimeOffset?> taken)
    {
        DateTimeOffset[] times = [.. taken.OfType<DateTimeOffset>().Order()];
        if (times.Length == 0)
        {
            return null;
        }

        (DateTimeOffset From, DateTimeOffset To)[] steps = [.. times.Zip(times.Skip(1))];
        TimeSpan usual = steps.Length > 0 ? steps.Select(s => s.To - s.From).Order().ElementAt(steps.Length / 2) : TimeSpan.Zero;
        TimeSpan limit = usual * PauseOfIntervals > LeastPause ? usual * PauseOfIntervals : LeastPause;
        FlightPause[] pauses = [.. steps.Where(s => s.To - s.From >= limit).Select(s => new FlightPause(s.From, s.To, s.To - s.From >= LeastBatteryChange))];
        double minutes = (times[^1] - times[0] - TimeSpan.FromTicks(pauses.Sum(p => (p.To - p.From).Ticks))).TotalMinutes;
        return new FlightTimeline(times[0], times[^1], minutes > 0 ? (steps.Length - pauses.Length) / minutes : null, pauses);
    }
}
