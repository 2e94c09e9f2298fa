namespace Field.MapApp.Board;

/// <summary>States of the past are read one at a time, and only so many wait: reading them must not slow down what comes in.</summary>
internal sealed class ReplayGate : IDisposable
{
    private const int MaxWaiting = 16;
    private readonly OneAtATime _turn = new(MaxWaiting);

    /// <summary>False, with nothing done, when too many wait.</summary>
    public async Task<bool> TryAsync(Func<Task> work, CancellationToken cancel)
    {
        try
        {
            return await _turn.RunAsync(
                async () =>
                {
                    await work().ConfigureAwait(false);
                    return true;
                },
                () => new BusyException(),
                cancel).ConfigureAwait(false);
        }
        catch (BusyException)
        {
            return false;
        }
    }

    public void Dispose() => _turn.Dispose();

    private sealed class BusyException() : FieldException("too many wait", isTransient: true);
}
