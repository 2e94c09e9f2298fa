using System.Threading.Channels;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Locks;

/// <summary>
/// Runs a lock: what the hardware, the headquarters and the clock say goes through one queue to the controller, and what it decides is
/// carried out in order. It needs no network: events wait in the outbox, grants are in the memory.
/// </summary>
internal sealed class LockAgent
{
    private const int QueueLength = 64;
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TelemetryInterval = TimeSpan.FromHours(6);

    private readonly LockController _controller;
    private readonly ILockHardware _hardware;
    private readonly IOutgoing _outgoing;
    private readonly ILockView _view;
    private readonly LockMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(QueueLength);
    private (BoltAndDoor Door, bool Tamper, double? Battery, long WrongPins)? _told;
    private long _toldAt;

    /// <summary>Creates the agent.</summary>
    public LockAgent(LockController controller, ILockHardware hardware, IOutgoing outgoing, ILockView view, LockMetrics metrics, TimeProvider time) =>
        (_controller, _hardware, _outgoing, _view, _metrics, _time) = (controller, hardware, outgoing, view, metrics, time);

    /// <summary>0 to 100, or null; for the device's status.</summary>
    public double? BatteryPercent => _controller.BatteryPercent;

    /// <summary>Takes a message from <c>down/command</c>; completes when what came of it is durable, so that it may be acknowledged.</summary>
    public Task CommandAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        EnqueueAsync(c => c.TakeCommand(payload), cancellationToken);

    /// <summary>Takes a message from <c>down/grants</c>; completes when the grants are durable.</summary>
    public Task GrantsAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        EnqueueAsync(c => c.TakeGrants(payload), cancellationToken);

    /// <summary>Runs until stopped.</summary>
    /// <exception cref="FieldException">The memory or the outbox cannot be written.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] all =
        [
            WorkAsync(stop.Token),
            TickAsync(stop.Token),
            _hardware.RunAsync((input, cancel) => new ValueTask(HearAsync(input, cancel)), stop.Token),
        ];
        Task first = await Task.WhenAny(all);
        await stop.CancelAsync();
        await Task.WhenAll(all).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await first; // throws why it ended; a stop is a cancellation
    }

    private async Task HearAsync(HardwareInput input, CancellationToken cancellationToken)
    {
        try
        {
            await EnqueueAsync(c => c.Take(input), cancellationToken);
        }
        finally
        {
            (input as HardwareInput.PinTyped)?.Pin?.Dispose();
        }
    }

    private async Task EnqueueAsync(Func<LockController, IReadOnlyList<LockOutput>> decide, CancellationToken cancellationToken)
    {
        Work work = new(decide, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await _queue.Writer.WriteAsync(work, cancellationToken);
        await work.Done.Task.WaitAsync(cancellationToken);
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(TickInterval, _time, cancellationToken);
            await EnqueueAsync(c => c.Tick(), cancellationToken);
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        await CarryOutAsync(_controller.Start(), cancellationToken);
        await foreach (Work work in _queue.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await CarryOutAsync(work.Decide(_controller), cancellationToken);
                await TellStateAsync(cancellationToken);
                work.Done.SetResult();
            }
            catch (Exception e)
            {
                work.Done.TrySetException(e);
                throw;
            }
        }
    }

    private async Task CarryOutAsync(IReadOnlyList<LockOutput> outputs, CancellationToken cancellationToken)
    {
        foreach (LockOutput output in outputs)
        {
            switch (output)
            {
                case LockOutput.Happened { Event: var e }:
                    await _outgoing.EventAsync(e.ToEvent(), _controller.Now, IsUrgent(e), cancellationToken);
                    _metrics.Event(e.Kind, e.By ?? e.Reason ?? e.Cause);
                    _view.On(e);
                    break;
                case LockOutput.Answer { Result: var result }:
                    await _outgoing.EventAsync(result.ToEvent(), _controller.Now, isReport: true, cancellationToken);
                    _controller.AnswerIsKept(result.CommandId);
                    _metrics.Answer(result.Outcome.ToString());
                    _view.On(result);
                    break;
                case LockOutput.Drive drive:
                    await TryAsync(_hardware.DriveAsync(drive.Unlock, cancellationToken)); // when it fails no report comes, and that is answered
                    break;
                case LockOutput.SetCode code:
                    await SetCodeAsync(code, cancellationToken);
                    break;
            }
        }
    }

    private async Task SetCodeAsync(LockOutput.SetCode code, CancellationToken cancellationToken)
    {
        using (code.Code)
        {
            if (await TryAsync(_hardware.SetCodeAsync(code.Slot.User, code.Code, cancellationToken)))
            {
                _controller.CodeIsSet(code.Slot);
            }
        }
    }

    /// <summary>What somebody at the headquarters has to act on goes before the door log.</summary>
    private static bool IsUrgent(LockEvent e) => e.Kind is LockEventKinds.Tamper or LockEventKinds.Failed or LockEventKinds.LeftOpen
        or LockEventKinds.BatteryLow or LockEventKinds.GrantsRefused or LockEventKinds.Unreachable;

    private async Task<bool> TryAsync(Task order)
    {
        try
        {
            await order;
            return true;
        }
        catch (FieldException e)
        {
            _view.HardwareFailed(e.Message);
            return false;
        }
    }

    /// <summary>Measurements when something of them changed, and a few times a day anyway: a battery must be seen to be alive.</summary>
    private async Task TellStateAsync(CancellationToken cancellationToken)
    {
        var state = (_controller.Door, _controller.Tamper, _controller.BatteryPercent, _controller.WrongPins);
        if (_told == state && _time.GetElapsedTime(_toldAt) < TelemetryInterval)
        {
            return;
        }

        DateTimeOffset now = _controller.Now;
        List<Measurement> all = [];
        if (state.BatteryPercent is { } battery)
        {
            all.Add(new Measurement("battery", now, "%EL", battery));
        }

        if (state.Door.Locked is { } locked)
        {
            all.Add(new Measurement("locked", now, Flag: locked));
        }

        if (state.Door.DoorOpen is { } open)
        {
            all.Add(new Measurement("door-open", now, Flag: open));
        }

        all.Add(new Measurement("tamper", now, Flag: state.Tamper));
        all.Add(new Measurement("wrong-pins", now, "count", state.WrongPins));
        await _outgoing.TelemetryAsync(all, cancellationToken);
        (_told, _toldAt) = (state, _time.GetTimestamp());
    }

    private sealed record Work(Func<LockController, IReadOnlyList<LockOutput>> Decide, TaskCompletionSource Done);
}
