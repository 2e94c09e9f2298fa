namespace Field.EdgeAgent.Uplink;

/// <summary>Exponential backoff with full jitter: 500 agents that lost the same server do not come back in the same second.</summary>
/// <param name="first">The longest first delay.</param>
/// <param name="longest">The longest delay at all.</param>
/// <param name="random">The jitter.</param>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    private int _failures;

    /// <summary>From one second to one minute.</summary>
    public static Backoff Usual() => new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), Random.Shared);

    /// <summary>Starts again after a success.</summary>
    public void Reset() => _failures = 0;

    /// <summary>The next delay: at least a quarter of the current limit, so that a tight loop is impossible.</summary>
    public TimeSpan Next()
    {
        double limit = Math.Min(longest.TotalSeconds, first.TotalSeconds * Math.Pow(2, _failures));
        _failures = Math.Min(_failures + 1, 30);
        return TimeSpan.FromSeconds(limit * (0.25 + (0.75 * random.NextDouble())));
    }
}
