using Field.Contracts;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Uplink;

namespace Field.EdgeAgent.Agents;

/// <summary>What an agent's own part has to work with.</summary>
/// <param name="Outbox">Where everything goes that the server must have.</param>
/// <param name="View">Where faults are shown.</param>
internal sealed record AgentContext(DeviceOutbox Outbox, AgentView View)
{
    /// <summary>The device's place, when it is known.</summary>
    public GeoPoint? Place { get; set; }

    /// <summary>The device's battery in percent, when it is known.</summary>
    public double? BatteryPercent { get; set; }
}

/// <summary>What an agent adds to <see cref="AgentRun"/>.</summary>
internal interface IAgentPart
{
    /// <summary>What the device wants to hear.</summary>
    IReadOnlyList<LinkSubscription> Subscriptions(AgentContext context) => [];

    /// <summary>How long the server keeps messages for the device while it is away.</summary>
    TimeSpan SessionExpiry => TimeSpan.Zero;

    /// <summary>What the device has found with photos, or null.</summary>
    PhotoSender? Photos(AgentContext context) => null;

    /// <summary>Works until it is done or stopped. After it is done the run ends when everything was sent.</summary>
    /// <exception cref="FieldException">It cannot go on.</exception>
    Task RunAsync(AgentContext context, CancellationToken cancellationToken);
}

/// <summary>One run of an agent: its own part fills the outbox, the uplink empties it, until done or stopped.</summary>
internal sealed class AgentRun(AgentOptions options, string? firmware, ILinkFactory links, AgentView view, TimeProvider time)
{
    private static readonly TimeSpan ShowEvery = TimeSpan.FromSeconds(1);

    /// <summary>Runs and returns an exit code of <see cref="ExitCodes"/>.</summary>
    public async Task<int> RunAsync(IAgentPart part, CancellationToken cancellationToken)
    {
        try
        {
            using DeviceOutbox outbox = Open();
            return await RunAsync(part, new AgentContext(outbox, view), cancellationToken);
        }
        catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
        {
            view.Error(e.Message);
            return ExitCodes.CannotStart;
        }
        finally
        {
            view.Finish();
        }
    }

    private async Task<int> RunAsync(IAgentPart part, AgentContext context, CancellationToken cancellationToken)
    {
        if (context.Outbox.TornBytes > 0)
        {
            view.On(new UploadEvent.JournalTorn(context.Outbox.TornBytes));
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        PhotoSender? photos = part.Photos(context);
        Task working = part.RunAsync(context, stop.Token);
        Task sending = Uplink(context, part, photos, working).RunAsync(stop.Token);
        Task showing = ShowAsync(context.Outbox, stop.Token);
        bool failed = false;
        try
        {
            await Task.WhenAny(sending, FaultOf(working));
        }
        finally
        {
            await stop.CancelAsync();
            failed = await EndAsync(working) | await EndAsync(sending);
            await showing;
        }

        return Finish(context.Outbox, failed, cancellationToken.IsCancellationRequested);
    }

    private DeviceUplink Uplink(AgentContext context, IAgentPart part, PhotoSender? photos, Task working) => new(
        new UplinkOptions(options.Site, options.Device, options.ClientId)
        {
            Until = working,
            Status = () => new DeviceStatus(true, options.Kind, context.Place, firmware, context.BatteryPercent),
            StatusEvery = TimeSpan.FromSeconds(options.StatusSeconds),
            Subscriptions = part.Subscriptions(context),
            SessionExpiry = part.SessionExpiry,
        },
        links,
        context.Outbox,
        photos,
        view,
        time,
        Backoff.Usual());

    private DeviceOutbox Open()
    {
        try
        {
            return DeviceOutbox.Open(options.OutboxFolder, options.Site, options.Device, OutboxLimits.For(options.OutboxFolder, options.OutboxMax), time);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new FieldException(view.Texts.OutboxDenied(options.OutboxFolder, e.Message), false, e);
        }
    }

    private async Task ShowAsync(DeviceOutbox outbox, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                view.Show(outbox.Messages.Figures, outbox.Photos.Waiting.Count);
                await Task.Delay(ShowEvery, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            view.Show(outbox.Messages.Figures, outbox.Photos.Waiting.Count);
        }
    }

    private int Finish(DeviceOutbox outbox, bool failed, bool stopped)
    {
        AgentSummary summary = view.Summary(outbox.Messages.Figures, outbox.Photos.Waiting.Count);
        if (options.Summary is { } path)
        {
            File.WriteAllBytes(path, summary.ToJson());
        }

        return failed ? ExitCodes.NotSent
            : summary.Refused + summary.Faults > 0 ? ExitCodes.SomeFailed
            : summary.Waiting > 0 && options.Once ? (stopped ? ExitCodes.Stopped : ExitCodes.NotSent)
            : ExitCodes.Ok;
    }

    /// <summary>Waits for something that was started; true when it failed, which is shown.</summary>
    private async Task<bool> EndAsync(Task task)
    {
        try
        {
            await task;
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
        {
            view.Error(e.Message);
            return true;
        }
    }

    /// <summary>Completes only when the task fails.</summary>
    private static Task FaultOf(Task task)
    {
        TaskCompletionSource fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = task.ContinueWith(
            _ => fault.TrySetResult(), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return fault.Task;
    }
}
