namespace Field.Ingest.Health;

/// <summary>
/// Percentiles of durations of the last minute, in constant memory: six slots of ten seconds with buckets a quarter of a doubling wide, so
/// a percentile is at most 19 % too high. Thread-safe.
/// </summary>
internal sealed class LatencyWindow(TimeProvider time)
{
    private const int Slots = 6;
    private const int Buckets = 128;
    private const int PerDoubling = 4;
    private const double SlotSeconds = 10;

    private readonly Lock _lock = new();
    private readonly long[][] _counts = [.. Enumerable.Range(0, Slots).Select(_ => new long[Buckets])];
    private readonly long[] _slotNumbers = new long[Slots];

    public void Add(TimeSpan took)
    {
        double microseconds = Math.Max(1, took.TotalMicroseconds);
        int bucket = Math.Min(Buckets - 1, (int)Math.Ceiling(Math.Log2(microseconds) * PerDoubling));
        lock (_lock)
        {
            Slot(Now())[bucket]++;
        }
    }

    /// <summary>The duration that the share of all durations of the last minute does not exceed; null when there was none.</summary>
    public TimeSpan? Percentile(double share)
    {
        long[] sum = new long[Buckets];
        lock (_lock)
        {
            long now = Now();
            for (int slot = 0; slot < Slots; slot++)
            {
                if (now - _slotNumbers[slot] < Slots)
                {
                    for (int b = 0; b < Buckets; b++)
                    {
                        sum[b] += _counts[slot][b];
                    }
                }
            }
        }

        long rank = (long)Math.Ceiling(sum.Sum() * share);
        for (int b = 0; b < Buckets && rank > 0; b++)
        {
            rank -= sum[b];
            if (rank <= 0)
            {
                return TimeSpan.FromMicroseconds(Math.Pow(2, (double)b / PerDoubling));
            }
        }

        return null;
    }

    private long Now() => (long)(time.GetTimestamp() / (time.TimestampFrequency * SlotSeconds)) + Slots;

    private long[] Slot(long number)
    {
        int index = (int)(number % Slots);
        if (_slotNumbers[index] != number)
        {
            Array.Clear(_counts[index]);
            _slotNumbers[index] = number;
        }

        return _counts[index];
    }
}
