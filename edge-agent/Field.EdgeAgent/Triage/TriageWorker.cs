using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Uplink;
using Field.Vision;

namespace Field.EdgeAgent.Triage;

/// <summary>
/// Scores the photos that wait, one at a time and behind everything else, and keeps the scores in the outbox. It only ever changes
/// the order: whatever goes wrong here, the photos are sent.
/// </summary>
internal sealed class TriageWorker(Func<ITriageModel> load, PhotoOutbox outbox, SendQueue queue, IUploadObserver observer, TimeProvider time)
{
    /// <summary>A photo that takes longer is one that cannot be scored.</summary>
    public static readonly TimeSpan PhotoLimit = TimeSpan.FromMinutes(1);

    private readonly HashSet<OutboxPhoto> _tried = [];

    /// <summary>Works until nothing more will come, it is stopped, or the model cannot be used.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using ITriageModel model = await BehindAllAsync(load);
            while (await queue.FindAsync(p => p.Triage?.Model != model.Name && !_tried.Contains(p), untilDone: false, cancellationToken) is { } photo)
            {
                _tried.Add(photo);
                await LookAsync(model, photo, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped, or everything has been sent.
        }
        catch (Exception e)
        {
            // Native libraries that are missing or unfit, a model that is none, a full disk, no memory: an order is not worth the photos.
            observer.On(new UploadEvent.TriageEnded(e.Message));
        }
    }

    private async Task LookAsync(ITriageModel model, OutboxPhoto photo, CancellationToken cancellationToken)
    {
        if (photo.Sources.FirstOrDefault(s => SourceFile.Stat(s.Path) == s) is not { } source)
        {
            return; // another card, or changed: the uplink finds out when its turn comes
        }

        double? score = await ScoreAsync(model, source.Path, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (SourceFile.Stat(source.Path) == source)
        {
            outbox.MarkTriaged(photo, new PhotoTriage(model.Name, score));
            observer.On(new UploadEvent.Triaged(photo, score));
        }
    }

    /// <summary>The score, or null for a photo that cannot be scored in time or at all.</summary>
    private async Task<double?> ScoreAsync(ITriageModel model, string path, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(PhotoLimit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            double score = await BehindAllAsync(() => model.Score(path, either.Token));
            return double.IsNaN(score) ? null : Math.Clamp(score, 0, 1);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static Task<T> BehindAllAsync<T>(Func<T> work) => Task.Factory.StartNew(
        () =>
        {
            BackgroundPriority.Enter(); // the thread is this work's own
            return work();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
