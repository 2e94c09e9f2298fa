namespace Field.Harness;

/// <summary>Waiting for what another process does.</summary>
public static class Wait
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    /// <summary>Looks again and again until the condition holds.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="within">The longest wait.</param>
    /// <param name="failure">What to say when it never held.</param>
    /// <exception cref="HarnessException">It never held.</exception>
    public static Task UntilAsync(Func<bool> condition, TimeSpan within, Func<string> failure) =>
        UntilAsync(() => Task.FromResult(condition()), within, failure);

    /// <inheritdoc cref="UntilAsync(Func{bool}, TimeSpan, Func{string})"/>
    public static Task UntilAsync(Func<Task<bool>> condition, TimeSpan within, Func<string> failure) =>
        UntilNoneAsync(async () => await condition() ? 0 : 1, within, failure);

    /// <summary>Looks again and again until nothing is left of some work. How long all of it takes is the machine's affair; that it goes on is not.</summary>
    /// <param name="left">How much is left.</param>
    /// <param name="standstill">The longest time in which nothing gets done.</param>
    /// <param name="failure">What to say when it stood still.</param>
    /// <exception cref="HarnessException">It stood still.</exception>
    public static async Task UntilNoneAsync(Func<Task<int>> left, TimeSpan standstill, Func<string> failure)
    {
        long begin = TimeProvider.System.GetTimestamp();
        int least = int.MaxValue;
        while (await left() is int now and > 0)
        {
            if (now < least)
            {
                least = now;
                begin = TimeProvider.System.GetTimestamp();
            }

            TimeSpan waited = TimeProvider.System.GetElapsedTime(begin);
            if (waited > standstill)
            {
                throw new HarnessException($"{failure()} (waited {waited.TotalSeconds:0} s)");
            }

            await Task.Delay(TimeSpan.FromTicks(Math.Clamp(waited.Ticks / 20, Shortest.Ticks, Longest.Ticks))); // a question costs the asked one time too
        }
    }
}
