using Field.Contracts;
using Field.Contracts.Locks;
using Field.EdgeAgent.Adapters;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Uplink;
using Field.EdgeAgent.View;
using Field.EdgeAgent.Zigbee;

namespace Field.EdgeAgent.Locks;

/// <summary>One run of <c>lock</c>: hardware -> controller -> outbox -> uplink, until stopped. The lock works whether or not the uplink does.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="links">The way to the server.</param>
/// <param name="console">Lines and output of a simulated lock.</param>
/// <param name="view">What a person sees.</param>
/// <param name="texts">The language.</param>
/// <param name="time">The clock.</param>
internal sealed class LockRun(
    LockOptions options, ILinkFactory links, (TextReader Lines, TextWriter Output) console, ILockView view, Texts texts, TimeProvider time)
{
    private static readonly TimeSpan StatusEvery = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan RefusedRetry = TimeSpan.FromMinutes(5);

    // A command lives for a minute or so: a line that was lost for a moment must not swallow it.
    private static readonly TimeSpan SessionExpiry = TimeSpan.FromMinutes(10);

    /// <summary>Runs and returns an exit code of <see cref="ExitCodes"/>.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            LockIdentity identity = new(options.Site, options.Device, LockSecret.Load(options.SecretPath));
            using DeviceOutbox outbox = DeviceOutbox.Open(options.OutboxFolder, options.Site, options.Device, time: time);
            using LockMemory memory = LockMemory.Open(options.OutboxFolder, options.Site, options.Device);
            using LockMetrics metrics = new();
            DeviceOutgoing outgoing = new(outbox, reason => view.Error(texts.Pick($"記録を保存できません（{reason}）。空き容量を確かめてください。", $"The record cannot be kept ({reason}). Check the free space.")));
            ILockHardware hardware = Hardware(outgoing);
            LockController controller = new(identity, options.Policy, memory, hardware.CodeUsers, time);
            await RunAsync(new LockAgent(controller, hardware, outgoing, view, metrics, time), outbox, cancellationToken);
            return ExitCodes.Ok;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
        catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
        {
            view.Error(e.Message);
            return ExitCodes.CannotStart;
        }
    }

    private async Task RunAsync(LockAgent agent, DeviceOutbox outbox, CancellationToken cancellationToken)
    {
        UplinkOptions uplink = new(options.Site, options.Device, options.ClientId)
        {
            Until = UplinkOptions.Never(),
            Status = () => new DeviceStatus(true, "lock", Firmware: typeof(LockRun).Assembly.GetName().Version?.ToString(3), BatteryPercent: agent.BatteryPercent),
            StatusEvery = StatusEvery,
            SessionExpiry = SessionExpiry,
            Subscriptions =
            [
                new LinkSubscription(Topics.Command(options.Site, options.Device), (payload, cancel) => new ValueTask(agent.CommandAsync(payload, cancel))),
                new LinkSubscription(Topics.Grants(options.Site, options.Device), (payload, cancel) => new ValueTask(agent.GrantsAsync(payload, cancel))),
            ],
        };
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task sending = SendAsync(uplink, outbox, stop.Token);
        try
        {
            await agent.RunAsync(stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
            await sending;
        }
    }

    /// <summary>A server that refuses this device for good is a person's to correct; the door must open meanwhile.</summary>
    private async Task SendAsync(UplinkOptions uplink, DeviceOutbox outbox, CancellationToken cancellationToken)
    {
        LockUplinkObserver observer = new(view, texts);
        try
        {
            while (true)
            {
                try
                {
                    await new DeviceUplink(uplink, links, outbox, photos: null, observer, time, Backoff.Usual()).RunAsync(cancellationToken);
                }
                catch (FieldException e)
                {
                    view.Error(e.Message);
                }

                await Task.Delay(RefusedRetry, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private ILockHardware Hardware(DeviceOutgoing outgoing)
    {
        if (options.Z2m is null)
        {
            return new SimulatedLock(console.Lines, console.Output);
        }

        AdapterFaults faults = new("zigbee2mqtt", (e, cancel) => outgoing.EventAsync(e, time.GetUtcNow(), isReport: false, cancel), time);
        return new Z2mLock(options.Names, new LocalBroker(options.Z2mClient(), time, view.Hardware), faults);
    }
}

/// <summary>Tells a person of the line to the server, and nothing of each message.</summary>
internal sealed class LockUplinkObserver(ILockView view, Texts texts) : IUploadObserver
{
    /// <inheritdoc/>
    public void On(UploadEvent e)
    {
        switch (e)
        {
            case UploadEvent.Connected:
                view.Server(texts.Connected);
                break;
            case UploadEvent.Disconnected lost:
                view.Error(texts.Disconnected(lost.Reason, lost.RetryIn));
                break;
            case UploadEvent.MessageRefused refused:
                view.Error(texts.Pick($"サーバーが記録を受け付けませんでした（{refused.Reason}）。", $"The server refused a message ({refused.Reason})."));
                break;
        }
    }
}
