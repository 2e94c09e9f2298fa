namespace Field.EdgeAgent.Locks;

/// <summary>Slows guessing down (SPEC.md, Guessing). It counts by the monotonic clock: setting the clock or cutting the power shortens no wait.</summary>
/// <param name="failures">Wrong entries in a row before this start; a delay that they earned begins anew.</param>
/// <param name="time">The clock.</param>
internal sealed class PinGuard(int failures, TimeProvider time)
{
    /// <summary>Wrong entries in a row before the first delay, which the last of them earns.</summary>
    public const int FreeFailures = 5;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    private long _since = time.GetTimestamp();

    /// <summary>Wrong entries in a row.</summary>
    public int Failures { get; private set; } = failures;

    /// <summary>How long nothing is taken after the last of so many wrong entries.</summary>
    public static TimeSpan Delay(int failures) => failures < FreeFailures
        ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Math.Min(LongestDelay.TotalSeconds, FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(failures - FreeFailures, 20))));

    /// <summary>True while entries are refused unchecked.</summary>
    public bool IsLockedOut => time.GetElapsedTime(_since) < Delay(Failures);

    /// <summary>Counts an entry as wrong, before it is checked.</summary>
    public void Charge() => (Failures, _since) = (Failures == int.MaxValue ? Failures : Failures + 1, time.GetTimestamp());

    /// <summary>The entry was right.</summary>
    public void Clear() => Failures = 0;
}
