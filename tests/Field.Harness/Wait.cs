namespace Field.Harness;

/// <summary>Waiting for what another process does.</summary>
public static class Wait
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Looks again and again until the condition holds.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="within">The longest wait.</param>
    /// <param name="failure">What to say when it never held.</param>
    /// <exception cref="HarnessException">It never held.</exception>
    public static Task UntilAsync(Func<bool> condition, TimeSpan within, Func<string> failure) =>
        UntilAsync(() => Task.FromResult(condition()), within, failure);

    /// <inheritdoc cref="UntilAsync(Func{bool}, TimeSpan, Func{string})"/>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan within, Func<string> failure)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(begin) > within)
            {
                throw new HarnessException($"{failure()} (waited {within.TotalSeconds:0} s)");
            }

            await Task.Delay(Look);
        }
    }
}
