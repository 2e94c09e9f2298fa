using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Photos;
using Field.EdgeAgent.Position;
using Field.EdgeAgent.Triage;
using Field.EdgeAgent.Uplink;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Drone;

/// <summary>One run of <c>drone</c>: card -> outbox -> uplink, until done (<c>--once</c>) or stopped.</summary>
internal sealed class DroneRun(DroneOptions options, ILinkFactory links, IUploadView view, Texts texts, TimeProvider time)
{
    /// <summary>With <c>--once</c>: gives up after so long without any progress.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(5);

    private const int MostPositionFaults = 5;

    private static readonly TimeSpan SettleDelay = TimeSpan.FromSeconds(1);

    private readonly string _folder = Path.GetFullPath(options.Flight);
    private readonly UploadTally _tally = new(time);
    private volatile PositionFix? _lastFix;

    /// <summary>Runs and returns an exit code of <see cref="ExitCodes"/>.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            CheckFolder();
            using DeviceOutbox outbox = OpenOutbox();
            return await view.ShowAsync(() => RunAsync(outbox, cancellationToken));
        }
        catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
        {
            view.Error(e.Message);
            return ExitCodes.CannotStart;
        }
    }

    private async Task<int> RunAsync(DeviceOutbox outbox, CancellationToken cancellationToken)
    {
        IUploadObserver observer = new Both(_tally, view);
        if (outbox.TornBytes > 0)
        {
            observer.On(new UploadEvent.JournalTorn(outbox.TornBytes));
        }

        SendQueue queue = new();
        using PhotoIntake intake = new(_folder, options.DeleteAfterReceipt, outbox.Photos, queue, observer, time) { Surface = options.Statement };
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task following = FollowAsync(outbox, stop.Token);
        UplinkOptions uplinkOptions = new(options.Site, options.Device, options.ClientId)
        {
            Until = options.Once ? following : UplinkOptions.Never(),
            Status = () => new DeviceStatus(true, options.Kind, _lastFix?.Place),
            StatusEvery = TimeSpan.FromSeconds(options.StatusSeconds),
        };
        DeviceUplink uplink = new(
            uplinkOptions, links, outbox, new PhotoSender(outbox.Photos, queue, intake, observer, Thumbnail.Make), observer, time, Backoff.Usual());

        Task reading = options.Once ? ReadOnceAsync(intake, queue, stop.Token) : new CardWatch(_folder, time).RunAsync(intake, stop.Token);
        Task sending = uplink.RunAsync(stop.Token);
        Task triaging = options.Triage is { } card
            ? new TriageWorker(() => VisionTriage.Load(card), outbox.Photos, queue, observer, time).RunAsync(stop.Token)
            : Task.CompletedTask;
        Task<bool> watching = options.Once ? GaveUpAsync(stop.Token) : Never(stop.Token);
        Task first = await Task.WhenAny(sending, watching, FaultOf(reading), FaultOf(following));
        bool gaveUp = first == watching && watching.IsCompletedSuccessfully && watching.Result;
        await stop.CancelAsync();
        await EndAsync(reading, following, sending, watching, triaging);
        return Finish(outbox, gaveUp, cancellationToken.IsCancellationRequested);
    }

    /// <summary>Sends where the aircraft is, when there is a source.</summary>
    private async Task FollowAsync(DeviceOutbox outbox, CancellationToken cancellationToken)
    {
        if (options.Position is { } position)
        {
            int told = 0;
            void Fault(string why)
            {
                if (told++ < MostPositionFaults)
                {
                    view.Error(why);
                }
            }

            using PositionFollower follower = new(
                position, options.OutboxFolder, outbox.Messages, Fault, time)
            { Moved = fix => _lastFix = fix };
            await follower.RunAsync(options.Once, cancellationToken);
        }
    }

    private async Task ReadOnceAsync(PhotoIntake intake, SendQueue queue, CancellationToken cancellationToken)
    {
        while (!await intake.ScanAsync(cancellationToken))
        {
            await Task.Delay(SettleDelay, time, cancellationToken);
        }

        intake.TakeUpEarlierPhotos();
        queue.Complete();
    }

    private async Task<bool> GaveUpAsync(CancellationToken cancellationToken)
    {
        while (_tally.SinceProgress < GiveUpAfter)
        {
            await Task.Delay(SettleDelay, time, cancellationToken);
        }

        return true;
    }

    private int Finish(DeviceOutbox outbox, bool gaveUp, bool stopped)
    {
        UploadSummary summary = _tally.Summary();
        IReadOnlyList<OutboxPhoto> waiting = outbox.Photos.Waiting;
        view.Finish(summary, waiting.Count, gaveUp ? texts.GaveUp(options.Broker) : null);
        if (options.Summary is { } path)
        {
            File.WriteAllBytes(path, summary.ToJson());
        }

        if (summary.Rejected + summary.Unreadable > 0)
        {
            return ExitCodes.SomeFailed;
        }

        bool pending = gaveUp || summary.PhotosStored < summary.PhotosFound;
        return !pending || (!options.Once && stopped) ? ExitCodes.Ok : stopped ? ExitCodes.Stopped : ExitCodes.NotSent;
    }

    private void CheckFolder()
    {
        if (!Directory.Exists(_folder))
        {
            throw new FieldException(texts.NoFolder(_folder));
        }

        CardContents card = PhotoSource.List(_folder);
        if (card.Problems.Any(p => p.Path == _folder))
        {
            throw new FieldException(texts.FolderDenied(_folder));
        }

        if (options.Once && card.Photos.Count == 0 && card.Problems.Count == 0)
        {
            throw new FieldException(texts.NoPhotos(_folder));
        }
    }

    private DeviceOutbox OpenOutbox()
    {
        try
        {
            return DeviceOutbox.Open(
                options.OutboxFolder, options.Site, options.Device, OutboxLimits.For(options.OutboxFolder, options.OutboxMax), time);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new FieldException(texts.OutboxDenied(options.OutboxFolder, e.Message), false, e);
        }
    }

    /// <summary>Waits for everything that was started; a stop is expected, a failure is thrown.</summary>
    private static async Task EndAsync(params Task[] tasks)
    {
        foreach (Task task in tasks)
        {
            try
            {
                await task;
            }
            catch (OperationCanceledException)
            {
                // Stopped, by Ctrl+C or because the others are done.
            }
        }
    }

    private static async Task<bool> Never(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return false;
    }

    /// <summary>Completes only when the task fails.</summary>
    private static Task FaultOf(Task task)
    {
        TaskCompletionSource fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = task.ContinueWith(
            _ => fault.TrySetResult(), CancellationToken.None, TaskContinuationOptions.NotOnRanToCompletion, TaskScheduler.Default);
        return fault.Task;
    }

    private sealed class Both(IUploadObserver first, IUploadObserver second) : IUploadObserver
    {
        public void On(UploadEvent e)
        {
            first.On(e);
            second.On(e);
        }
    }
}
