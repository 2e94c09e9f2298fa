namespace Field.MapApp;

/// <summary>Work that takes a core is done one piece at a time, and only so many wait. Thread-safe.</summary>
/// <param name="mostWaiting">How many may be there, the one that works included.</param>
internal sealed class OneAtATime(int mostWaiting) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private int _here;

    /// <summary>Does the work when it is its turn.</summary>
    /// <param name="work">The work.</param>
    /// <param name="busy">Makes what is thrown when too many are there.</param>
    /// <param name="cancel">Ends the waiting.</param>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, Func<Exception> busy, CancellationToken cancel)
    {
        try
        {
            if (Interlocked.Increment(ref _here) > mostWaiting)
            {
                throw busy();
            }

            await _turn.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                return await work().ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _here);
        }
    }

    public void Dispose() => _turn.Dispose();
}
