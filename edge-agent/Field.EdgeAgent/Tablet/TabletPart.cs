using Field.EdgeAgent.Agents;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Photos;
using Field.EdgeAgent.Position;
using Field.EdgeAgent.Uplink;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Tablet;

/// <summary>Drop folder and position -> outbox, until everything there is done (<c>--once</c>) or stopped.</summary>
internal sealed class TabletPart(TabletOptions options, TimeProvider time) : IAgentPart, IDisposable
{
    private readonly SendQueue _queue = new();
    private PhotoIntake? _intake;

    /// <inheritdoc/>
    public PhotoSender Photos(AgentContext context)
    {
        _intake = new PhotoIntake(options.Drops, options.Delete, context.Outbox.Photos, _queue, context.View, time);
        return new PhotoSender(context.Outbox.Photos, _queue, _intake, context.View, Thumbnail.Make);
    }

    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] parts = [DropsAsync(context, stop.Token), PhotosAsync(stop.Token), PositionAsync(context, stop.Token)];
        try
        {
            await foreach (Task done in Task.WhenEach(parts))
            {
                await done; // when one fails the others end too
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(parts).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        _queue.Complete();
    }

    /// <inheritdoc/>
    public void Dispose() => _intake?.Dispose();

    private async Task DropsAsync(AgentContext context, CancellationToken cancellationToken)
    {
        using DropJournal journal = DropJournal.Open(options.OutboxFolder, context.Outbox);
        DropFolder folder = new(options.Drops, options.Delete, context.Outbox, journal, (step, name, why) => Say(context.View, step, name, why), time);
        while (!await folder.ScanAsync(cancellationToken) || !options.Once)
        {
            await Task.Delay(DropFolder.Settles, time, cancellationToken);
        }
    }

    private async Task PhotosAsync(CancellationToken cancellationToken)
    {
        if (!options.Once)
        {
            await new CardWatch(options.Drops, time).RunAsync(_intake!, cancellationToken);
        }

        while (!await _intake!.ScanAsync(cancellationToken))
        {
            await Task.Delay(DropFolder.Settles, time, cancellationToken);
        }

        _intake.TakeUpEarlierPhotos();
    }

    private async Task PositionAsync(AgentContext context, CancellationToken cancellationToken)
    {
        if (options.Position is { } position)
        {
            using PositionFollower follower = new(position, options.OutboxFolder, context.Outbox.Messages, context.View.Fault, time)
            {
                Moved = fix => context.Place = fix.Place,
            };
            await follower.RunAsync(options.Once, cancellationToken);
        }
    }

    private static void Say(AgentView view, DropStep step, string name, string why)
    {
        Texts texts = view.Texts;
        switch (step)
        {
            case DropStep.Rejected:
                view.Fault(texts.Pick(
                    $"「{name}」は送れませんでした。理由は rejected/ のテキストにあります。（{why}）", $"{name} was not sent; the text in rejected/ says why. ({why})"));
                break;
            case DropStep.Failed:
                view.Fault(texts.Pick($"「{name}」を処理できませんでした。（{why}）", $"{name} could not be handed over. ({why})"));
                break;
        }
    }
}
