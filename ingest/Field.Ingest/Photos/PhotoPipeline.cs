using System.Diagnostics;
using Field.Gdal;
using Field.Geo;
using Field.Ingest.Assets;
using Field.Ingest.Findings;
using Field.Store;
using Field.Vision;
using Field.Vision.Quality;
using Microsoft.Extensions.Logging;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Photos;

/// <summary>
/// Takes stored photos one after the other: score, lay on the ground, link to assets, store findings and photo in one transaction, tell the maps.
/// The queue is the store: rows in state <c>stored</c>, oldest change first; so a restart goes on where it was. A photo that is no
/// sound image is <c>unreadable</c> at once; one whose scoring fails otherwise is tried again later, a few times.
/// </summary>
internal sealed class PhotoPipeline(
    IngestOptions options, FieldStores stores, ScoringModels models, AssetCatalog assets, FindingMerger merger, LiveUpdates live, PhotoQueue queue, IngestMetrics metrics,
    TimeProvider time, ILogger<PhotoPipeline> log)
{
    private const int PageSize = 32;
    private const int BackoffFactor = 4;
    private const int MergeAttempts = 10;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StoreRetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>Works until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan wait;
            try
            {
                wait = await RunReadyAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is FieldException or IOException)
            {
                wait = StoreRetryDelay;
                log.PipelineWaits(e, wait);
            }

            await queue.WaitAsync(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Processes every photo whose time has come.</summary>
    /// <returns>How long until the next failed one may be tried again.</returns>
    public async Task<TimeSpan> RunReadyAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait = LongestWait;
        FeatureQuery query = new() { Where = ("state", PhotoRow.StateStored), Limit = PageSize };
        FeaturePage page;
        do
        {
            page = await stores.Features.QueryAsync(FieldTables.Photos, query, cancellationToken).ConfigureAwait(false);
            foreach (Feature photo in page.Features)
            {
                TimeSpan left = (photo.Time("nextAttemptAt") ?? DateTimeOffset.MinValue) - time.GetUtcNow();
                if (left > TimeSpan.Zero)
                {
                    wait = left < wait ? left : wait;
                }
                else if (await ProcessAsync(photo, cancellationToken).ConfigureAwait(false) is { } delay)
                {
                    wait = delay < wait ? delay : wait;
                }

                query = query with { SinceRevision = photo.Revision };
            }
        }
        while (!page.IsLast);
        return wait;
    }

    /// <summary>Puts a photo back in the queue, whatever became of it before; false when there is no such photo, or not yet.</summary>
    public async Task<bool> RequeueAsync(string photoId, CancellationToken cancellationToken)
    {
        if (await stores.Features.FindAsync(FieldTables.Photos, photoId, cancellationToken).ConfigureAwait(false) is not { } photo
            || !PhotoRow.IsStored(photo))
        {
            return false;
        }

        Feature again = photo.With(("state", PhotoRow.StateStored), ("attempts", 0L), ("nextAttemptAt", null), ("reason", null));
        await StoreAsync([again], cancellationToken).ConfigureAwait(false);
        queue.Signal();
        return true;
    }

    /// <summary>Takes one photo to its end; returns the pause when it has to be tried again.</summary>
    private async Task<TimeSpan?> ProcessAsync(Feature photo, CancellationToken cancellationToken)
    {
        try
        {
            using BlobFile? file = await stores.Blobs.OpenFileAsync(photo.Id, cancellationToken).ConfigureAwait(false);
            if (file is null)
            {
                await UnreadableAsync(photo, "blob-missing: the bytes are not in the photo store; restore them and score again", cancellationToken)
                    .ConfigureAwait(false);
                return null;
            }

            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<Scorer> chosen = models.For(await KindsNearAsync(photo, cancellationToken).ConfigureAwait(false));
            PhotoScore[] scores = await Task.Run(() => chosen.Select(s => s.Score(file.Path, cancellationToken)).ToArray(), cancellationToken).ConfigureAwait(false);
            await ScoredAsync(photo, scores, Stopwatch.GetElapsedTime(start), cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (GdalException e)
        {
            await UnreadableAsync(photo, $"not-an-image: {e.Message}", cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException and not FieldException { IsTransient: true })
        {
            return await FailedAsync(photo, e, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What kinds of assets the photo shows, as far as its place can tell.</summary>
    private Task<IReadOnlySet<string>> KindsNearAsync(Feature photo, CancellationToken cancellationToken)
    {
        Geometry? seen = photo.Geometry ?? (PhotoRow.Place(photo) is { } place ? new Point(place.Lon, place.Lat) : null);
        return seen is null ? Task.FromResult<IReadOnlySet<string>>(new HashSet<string>()) : assets.KindsNearAsync(seen, photo.Real("errorM"), cancellationToken);
    }

    private async Task ScoredAsync(Feature photo, PhotoScore[] scores, TimeSpan took, CancellationToken cancellationToken)
    {
        (int widthPx, int heightPx) = (scores[0].WidthPx, scores[0].HeightPx);
        CameraEstimate? estimate = PhotoPlacement.Estimate(PhotoRow.Camera(photo), PhotoRow.Place(photo), widthPx, heightPx, options);
        PhotoGround? ground = PhotoGround.Of(estimate);
        PhotoQuality? quality = scores[0].Quality;
        List<Feature> linked = await assets.LinkAsync(
            [.. scores.SelectMany(s => s.Findings.Select((f, i) => FindingRow.From(photo, s.Model, f, i, ground)))], cancellationToken).ConfigureAwait(false);
        List<Feature> findings = PhotoGrader.Grade(linked, [.. scores.SelectMany(s => s.Findings)], widthPx, heightPx, ground, assets.Find);
        Feature done = PhotoPlacement.Apply(photo, estimate).With(
            ("state", PhotoRow.StateScored),
            ("findingCount", (long)findings.Count),
            ("widthPx", (long)widthPx),
            ("heightPx", (long)heightPx),
            ("sharpness", quality?.Sharpness),
            ("quality", quality is { Codes.Count: > 0 } ? PhotoPlacement.Json(quality.Codes) : null),
            ("model", string.Join('+', scores.Select(s => s.Model))),
            ("scoredAt", time.GetUtcNow()),
            ("nextAttemptAt", null));
        await StoreScoredAsync(done, ground, findings, cancellationToken).ConfigureAwait(false);
        metrics.Scored(took);
        metrics.PhotoDone(PhotoRow.StateScored);
        log.PhotoScored(photo.Id, findings.Count, took.TotalSeconds, done.Text("placement")!);
    }

    /// <summary>Findings and photo in one transaction; when somebody decided on one of them meanwhile, all is derived again from what is stored then.</summary>
    private async Task StoreScoredAsync(Feature photo, PhotoGround? ground, List<Feature> findings, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MergeAttempts; attempt++)
        {
            IReadOnlyList<FeatureWrite> writes = await merger.PlanAsync(photo, ground, findings, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<Feature?> written = await stores.Features.WriteAsync([.. writes, new FeatureWrite(photo)], cancellationToken).ConfigureAwait(false);
            if (written[^1] is not null)
            {
                await live.PublishAsync(written.OfType<Feature>(), cancellationToken).ConfigureAwait(false);
                return;
            }
        }

        throw new FieldException($"the findings of photo {photo.Id} changed {MergeAttempts} times while they were merged", isTransient: true);
    }

    private async Task UnreadableAsync(Feature photo, string reason, CancellationToken cancellationToken)
    {
        await StoreAsync([photo.With(("state", PhotoRow.StateUnreadable), ("reason", reason), ("findingCount", 0L), ("nextAttemptAt", null))], cancellationToken)
            .ConfigureAwait(false);
        metrics.PhotoDone(PhotoRow.StateUnreadable);
        log.PhotoUnreadable(photo.Id, reason);
    }

    private async Task<TimeSpan?> FailedAsync(Feature photo, Exception e, CancellationToken cancellationToken)
    {
        long attempt = (photo.Whole("attempts") ?? 0) + 1;
        log.ScoringFailed(e, photo.Id, attempt);
        if (attempt >= options.MaxScoringAttempts)
        {
            string reason = $"scoring-failed: {e.Message} ({attempt} attempts)";
            await UnreadableAsync(photo.With(("attempts", attempt)), reason, cancellationToken).ConfigureAwait(false);
            return null;
        }

        TimeSpan delay = options.ScoringRetryDelay * Math.Pow(BackoffFactor, attempt - 1);
        await stores.Features.WriteAsync(
            [new FeatureWrite(photo.With(("attempts", attempt), ("nextAttemptAt", time.GetUtcNow() + delay)))], cancellationToken).ConfigureAwait(false);
        return delay;
    }

    private async Task StoreAsync(IReadOnlyList<Feature> features, CancellationToken cancellationToken)
    {
        IReadOnlyList<Feature?> written = await stores.Features
            .WriteAsync([.. features.Select(f => new FeatureWrite(f))], cancellationToken).ConfigureAwait(false);
        await live.PublishAsync(written.OfType<Feature>(), cancellationToken).ConfigureAwait(false);
    }
}
