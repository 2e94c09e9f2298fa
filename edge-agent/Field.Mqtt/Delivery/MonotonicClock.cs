namespace Field.Mqtt.Delivery;

/// <summary>Milliseconds of a clock that never goes back.</summary>
internal static class MonotonicClock
{
    public static long NowMs(this TimeProvider time) => (long)time.GetElapsedTime(0).TotalMilliseconds;
}
