using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Uplink;

/// <summary>
/// What is to be sent now, in the order of <see cref="SendOrder"/>. Memory only: after a restart it is filled again from the outbox.
/// A photo is in the queue, taken, or not here at all. Safe for concurrent use.
/// </summary>
internal sealed class SendQueue
{
    private readonly Lock _gate = new();
    private readonly HashSet<OutboxPhoto> _waiting = []; // searched at each take: scores come meanwhile, and a photo takes far longer to send
    private readonly HashSet<OutboxPhoto> _begun = [];
    private readonly HashSet<OutboxPhoto> _here = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _taken;
    private bool _completed;

    /// <summary>Puts a photo in unless it is here already.</summary>
    public void Add(OutboxPhoto photo)
    {
        lock (_gate)
        {
            if (_here.Add(photo))
            {
                _waiting.Add(photo);
                Signal();
            }
        }
    }

    /// <summary>No more will be added from the card; takers end when all is done.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            Signal();
        }
    }

    /// <summary>
    /// Takes the next photo: one that was begun, or, once every other that waits is ready, the first of them; null when all is done. Were one
    /// taken as soon as it alone is ready, the first to become ready would go before the most urgent.
    /// </summary>
    public async Task<OutboxPhoto?> TakeAsync(Func<OutboxPhoto, bool> isReady, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested(); // what another gives back because of the stop is not taken up again
            Task changed;
            lock (_gate)
            {
                bool areReady = _waiting.All(p => _begun.Contains(p) || isReady(p));
                if (_waiting.Where(p => areReady || _begun.Contains(p)).MinBy(p => SendOrder.Of(p, _begun.Contains(p))) is { } photo)
                {
                    _waiting.Remove(photo);
                    _taken++;
                    return photo;
                }

                if (_completed && _taken == 0 && _waiting.Count == 0)
                {
                    return null;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Waits for a photo that is not being sent and of which something is still to be found out, the first by ordinal; null when there is
    /// none left.
    /// </summary>
    /// <param name="isWanted">Whether something is to be found out about it.</param>
    /// <param name="untilDone">True to wait for more as long as a photo is here: what is being sent may be replaced by another photo.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<OutboxPhoto?> FindAsync(Func<OutboxPhoto, bool> isWanted, bool untilDone, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                OutboxPhoto? found = _waiting.Where(p => !_begun.Contains(p) && isWanted(p)).MinBy(p => p.Ordinal);
                if (found is not null || (_completed && (!untilDone || (_waiting.Count == 0 && _taken == 0))))
                {
                    return found;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until no photo that is not being sent is as told.</summary>
    public async Task NoneAsync(Func<OutboxPhoto, bool> isSo, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (!_waiting.Any(p => !_begun.Contains(p) && isSo(p)))
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Something was found out about a photo: who waits looks again.</summary>
    public void Touch()
    {
        lock (_gate)
        {
            Signal();
        }
    }

    /// <summary>Waits until there is something to send; false when all is done.</summary>
    public async Task<bool> HasWorkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_waiting.Count > 0 || _completed)
                {
                    return _waiting.Count > 0;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Gives back a photo that could not be finished on this connection; it is the next to be taken.</summary>
    public void Return(OutboxPhoto photo)
    {
        lock (_gate)
        {
            _taken--;
            _begun.Add(photo);
            _waiting.Add(photo);
            Signal();
        }
    }

    /// <summary>Ends a photo: stored, rejected, absent; or replaced by what is in its file now, which may be the same photo.</summary>
    public void Finish(OutboxPhoto photo, OutboxPhoto? next = null)
    {
        lock (_gate)
        {
            _taken--;
            _here.Remove(photo);
            _begun.Remove(photo);
            if (next is not null && _here.Add(next))
            {
                _waiting.Add(next);
            }

            Signal();
        }
    }

    private void Signal()
    {
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }
}
