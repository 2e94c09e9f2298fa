using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Uplink;

namespace Field.EdgeAgent.Dji;

/// <summary>
/// An aircraft's own connection to Field, with its own outbox and identity: open while DJI says that the aircraft is there, then until
/// its outbox is empty. So its status, and the will for a gateway that dies, are those of every other device.
/// </summary>
internal sealed class AircraftUplink : IAircraft, IDisposable
{
    private static readonly TimeSpan RefusedRetry = TimeSpan.FromMinutes(5);

    // A command lives for a minute or so: a line that was lost for a moment must not swallow it.
    private static readonly TimeSpan SessionExpiry = TimeSpan.FromMinutes(10);

    private readonly ServerOptions _server;
    private readonly DeviceOutbox _outbox;
    private readonly ILinkFactory _links;
    private readonly IUploadObserver _observer;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _online;
    private string? _firmware;

    /// <summary>Opens the aircraft's outbox.</summary>
    /// <param name="server">Server and device.</param>
    /// <param name="links">The way to the server.</param>
    /// <param name="outboxFolder">The aircraft's outbox.</param>
    /// <param name="observer">Hears of the connection.</param>
    /// <param name="lost">Hears of news that could not be kept.</param>
    /// <param name="time">The clock.</param>
    public AircraftUplink(ServerOptions server, ILinkFactory links, string outboxFolder, IUploadObserver observer, Action<string> lost, TimeProvider time)
    {
        (_server, _links, _observer, _time) = (server, links, observer, time);
        _outbox = DeviceOutbox.Open(outboxFolder, server.Site, server.Device, time: time);
        Outgoing = new DeviceOutgoing(_outbox, lost);
    }

    /// <inheritdoc/>
    public IOutgoing Outgoing { get; }

    /// <inheritdoc/>
    public Task SetOnlineAsync(bool online, string? firmware, CancellationToken cancellationToken)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _firmware = firmware ?? _firmware;
            if (_online == online)
            {
                return Task.CompletedTask;
            }

            _online = online;
            changed = Change();
        }

        changed.SetResult();
        return Task.CompletedTask;
    }

    /// <summary>Something waits in the outbox: an aircraft that is gone is connected until it is sent.</summary>
    public void Wake()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_online)
            {
                return;
            }

            changed = Change();
        }

        changed.SetResult();
    }

    /// <summary>Runs until stopped.</summary>
    /// <param name="commanded">Takes a message from <c>down/command</c>; it is acknowledged after this.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task RunAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> commanded, CancellationToken cancellationToken)
    {
        while (true)
        {
            (bool online, Task changed) = State();
            using CancellationTokenSource turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task sending = SendAsync(online, commanded, turn.Token);
            try
            {
                await changed.WaitAsync(cancellationToken);
            }
            finally
            {
                await turn.CancelAsync();
                await sending;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _outbox.Dispose();

    private TaskCompletionSource Change()
    {
        TaskCompletionSource changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return changed;
    }

    private (bool Online, Task Changed) State()
    {
        lock (_gate)
        {
            return (_online, _changed.Task);
        }
    }

    private DeviceStatus Status()
    {
        lock (_gate)
        {
            return new DeviceStatus(_online, "drone", Firmware: _firmware);
        }
    }

    private async Task SendAsync(bool stayOnline, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> commanded, CancellationToken cancellationToken)
    {
        UplinkOptions options = new(_server.Site, _server.Device, _server.ClientId)
        {
            Until = stayOnline ? UplinkOptions.Never() : Task.CompletedTask,
            Status = Status,
            SessionExpiry = SessionExpiry,
            Subscriptions = [new LinkSubscription(Topics.Command(_server.Site, _server.Device), commanded)],
        };
        try
        {
            while (true)
            {
                try
                {
                    await new DeviceUplink(options, _links, _outbox, photos: null, _observer, _time, Backoff.Usual()).RunAsync(cancellationToken);
                    return; // all is sent
                }
                catch (FieldException e)
                {
                    _observer.On(new UploadEvent.Disconnected(e.Message, RefusedRetry));
                }

                await Task.Delay(RefusedRetry, _time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The aircraft came or went, or the agent is stopped.
        }
    }
}
