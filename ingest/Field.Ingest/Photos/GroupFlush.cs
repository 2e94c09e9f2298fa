namespace Field.Ingest.Photos;

/// <summary>
/// Shares one flush among callers: while one runs, all who come wait for the next, which starts when the running one has ended.
/// Who awaits <see cref="FlushAsync"/> therefore knows that a flush began after the call.
/// </summary>
/// <param name="flush">Makes durable what was written; may block.</param>
internal sealed class GroupFlush(Action flush)
{
    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;
    private Task? _next;

    /// <summary>Flushes begun so far.</summary>
    public int Count { get; private set; }

    public Task FlushAsync()
    {
        lock (_lock)
        {
            return _next ??= RunAfterAsync(_running);
        }
    }

    private async Task RunAfterAsync(Task previous)
    {
        // Yields even when previous has ended: FlushAsync must have set _next, and must not flush under its lock.
        await previous.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            _running = _next!;
            _next = null;
            Count++;
        }

        flush();
    }
}
