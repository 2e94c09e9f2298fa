using System.Collections.Concurrent;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.EdgeAgent.Locks;
using Field.EdgeAgent.Outbox;

namespace Field.Tests.Edge.Locks;

/// <summary>Keeps what an agent reports, as it would travel.</summary>
internal sealed class RecordingOutgoing : IOutgoing
{
    private readonly ConcurrentQueue<FieldEvent> _events = new();
    private readonly ConcurrentQueue<IReadOnlyList<Measurement>> _packs = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<FieldEvent> Events => [.. _events];

    public IReadOnlyList<string> Kinds => [.. _events.Select(e => e.Kind)];

    public IReadOnlyList<IReadOnlyList<Measurement>> Packs => [.. _packs];

    /// <summary>Everything reported, as one text.</summary>
    public string AllText => string.Join('\n', _events.Select(e => e.PropertiesJson).Concat(_packs.SelectMany(p => p).Select(m => m.ToString())));

    /// <summary>True to lose every event, as a full outbox does.</summary>
    public bool IsFull { get; set; }

    public Task<bool> EventAsync(FieldEvent happened, DateTimeOffset at, bool isReport, CancellationToken cancellationToken)
    {
        if (IsFull)
        {
            return Task.FromResult(false);
        }

        Assert.Empty(FieldEvent.Parse(happened.Write("aoba", "lock-07", 1, at), new UpTopic("aoba", "lock-07", UpChannel.Event)).Errors);
        _events.Enqueue(happened);
        Changed();
        return Task.FromResult(true);
    }

    public Task TelemetryAsync(IReadOnlyList<Measurement> together, CancellationToken cancellationToken)
    {
        Assert.Empty(SenMLPack.Parse(new SenMLPack(together, 1).Write(), DateTimeOffset.UnixEpoch).Errors);
        _packs.Enqueue(together);
        Changed();
        return Task.CompletedTask;
    }

    /// <summary>Waits until something holds; 20 s at most.</summary>
    public async Task UntilAsync(Func<RecordingOutgoing, bool> holds)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            Task changed = Volatile.Read(ref _changed).Task;
            if (holds(this))
            {
                return;
            }

            try
            {
                await changed.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"it did not come; there is: {AllText}");
            }
        }
    }

    private void Changed() => Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}

/// <summary>Collects the lines that a person would see.</summary>
internal sealed class RecordingLockView : ILockView
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public void On(LockEvent e) => _lines.Enqueue(e.ToString());

    public void On(CommandResult result) => _lines.Enqueue(result.ToString());

    public void HardwareFailed(string reason) => _lines.Enqueue(reason);

    public void Hardware(string? problem) => _lines.Enqueue(problem ?? "connected");

    public void Server(string message) => _lines.Enqueue(message);

    public void Error(string message) => _lines.Enqueue(message);
}
