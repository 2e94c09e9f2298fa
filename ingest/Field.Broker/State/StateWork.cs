namespace Field.Broker.State;

/// <summary>Records that become durable together, and what follows. Called by the journal's thread: must not block.</summary>
internal sealed class StateWork(params IReadOnlyList<StateRecord> records)
{
    public IReadOnlyList<StateRecord> Records { get; set; } = records;

    /// <summary>About the memory it holds while it waits.</summary>
    public int Weight { get; init; } = 128;

    /// <summary>Written when the disk works again; else it fails with the batch.</summary>
    public bool Persists { get; init; }

    /// <summary>After the fsync, in the order of submission.</summary>
    public Action? WhenDurable { get; init; }

    public Action<Exception>? WhenFailed { get; init; }

    /// <summary>Completed after <see cref="WhenDurable"/>.</summary>
    public TaskCompletionSource? Completion { get; init; }

    public void Succeed()
    {
        WhenDurable?.Invoke();
        Completion?.TrySetResult();
    }

    public void Fail(Exception e)
    {
        WhenFailed?.Invoke(e);
        if (Completion?.TrySetException(e) == true)
        {
            _ = Completion.Task.Exception; // observed: the journal has logged it, and not everybody waits
        }
    }
}
