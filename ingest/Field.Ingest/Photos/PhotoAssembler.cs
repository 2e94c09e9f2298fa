using Field.Broker;
using Field.Contracts;
using Field.Store;
using Microsoft.Extensions.Logging;

namespace Field.Ingest.Photos;

/// <summary>
/// From manifest and chunks to a stored photo. What is on disk at each step, so that a crash at any line loses nothing:
/// manifest durable, then its receipt; chunk durable, then its PUBACK; blob durable under its SHA-256, then the photo's row, then the
/// receipt <c>stored</c>, then the part is removed. Each step can be repeated: after a restart <see cref="RecoverAsync"/> and the
/// device's next manifest continue from what is there.
/// </summary>
internal sealed class PhotoAssembler(
    IngestOptions options, FieldStores stores, IncomingFolder incoming, Refusals refusals, DeviceClocks clocks, LiveUpdates live, PhotoQueue queue,
    IngestMetrics metrics, TimeProvider time, ILogger<PhotoAssembler> log)
{
    private readonly KeyedGates<UploadKey> _gates = new();

    /// <summary>Takes a manifest and answers it with a receipt.</summary>
    public async Task<PublishVerdict> ManifestAsync(UpTopic topic, InboundPublish message, CancellationToken cancellationToken)
    {
        UploadKey key = new(topic.Device, topic.PhotoId!);
        Parsed<PhotoManifest> parsed = PhotoManifest.Parse(message.Message.Payload, topic);
        if (parsed.Value is not { } manifest)
        {
            PublishVerdict verdict = await refusals.RefuseAsync(message, parsed.Errors, cancellationToken).ConfigureAwait(false);
            await RejectAsync(key, parsed.Errors[0], cancellationToken).ConfigureAwait(false);
            return verdict;
        }

        await AbandonAsync(key, cancellationToken).ConfigureAwait(false); // before the gate: whoever holds one must not wait for another
        using IDisposable gate = await _gates.EnterAsync(key, cancellationToken).ConfigureAwait(false);
        if (await AnswerStoredAsync(key, cancellationToken).ConfigureAwait(false))
        {
            return PublishVerdict.Accepted;
        }

        IncomingPhoto photo = OpenOrCreate(key, manifest, message.Message.Payload.Span);
        try
        {
            await (photo.Part.IsComplete
                ? CompleteAsync(photo, message, cancellationToken)
                : live.ReceiptAsync(key.Device, Incomplete(photo), cancellationToken)).ConfigureAwait(false);
            return PublishVerdict.Accepted;
        }
        finally
        {
            incoming.Release(photo);
        }
    }

    /// <summary>
    /// Takes a thumbnail: durable beside the upload, then the photo's row <c>announced</c>, which the stored photo replaces. Whoever announced
    /// last counts. A thumbnail of a photo that is stored tells nothing new.
    /// </summary>
    public async Task<PublishVerdict> ThumbnailAsync(UpTopic topic, InboundPublish message, CancellationToken cancellationToken)
    {
        UploadKey key = new(topic.Device, topic.PhotoId!);
        if (PhotoThumbnail.Check(message.Message.Payload.Span) is { Count: > 0 } errors)
        {
            return await refusals.RefuseAsync(message, errors, cancellationToken).ConfigureAwait(false);
        }

        using IDisposable gate = await _gates.EnterAsync(key, cancellationToken).ConfigureAwait(false);
        if (incoming.Open(options.Site, key) is not { } photo)
        {
            return await FindStoredAsync(key, cancellationToken).ConfigureAwait(false) is not null
                ? PublishVerdict.Accepted
                : await refusals.RefuseAsync(message, [NoManifest], cancellationToken).ConfigureAwait(false);
        }

        try
        {
            incoming.SaveThumbnail(key, message.Message.Payload.Span);
            Feature row = PhotoRow.From(
                PhotoRow.StateAnnounced, photo.Part.Manifest, key.Device, time.GetUtcNow(), clocks.CorrectionS(key.Device), options);
            IReadOnlyList<Feature?> written = await stores.Features.WriteAsync([PhotoRow.OverAnnounced(row)], cancellationToken).ConfigureAwait(false);
            await live.PublishAsync(written.OfType<Feature>(), cancellationToken).ConfigureAwait(false);
            return PublishVerdict.Accepted;
        }
        finally
        {
            incoming.Release(photo);
        }
    }

    /// <summary>Takes a chunk; the last one stores the photo.</summary>
    public async Task<PublishVerdict> ChunkAsync(UpTopic topic, InboundPublish message, CancellationToken cancellationToken)
    {
        UploadKey key = new(topic.Device, topic.PhotoId!);
        IncomingPhoto? photo;
        using (await _gates.EnterAsync(key, cancellationToken).ConfigureAwait(false))
        {
            photo = incoming.Open(options.Site, key);
            if (photo is null)
            {
                return await AnswerStoredAsync(key, cancellationToken).ConfigureAwait(false)
                    ? PublishVerdict.Accepted
                    : await refusals.RefuseAsync(message, [NoManifest], cancellationToken).ConfigureAwait(false);
            }
        }

        try
        {
            return await WriteAsync(photo, topic.ChunkIndex, message, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            incoming.Release(photo);
        }
    }

    /// <summary>
    /// Keeps unfinished uploads within their limits (SPEC.md section 6): removes those that made no progress for too long, and while all together
    /// are too large, the one whose last progress is oldest. Its device hears <c>unknown-photo</c> and begins again; nothing stored is touched.
    /// </summary>
    /// <param name="busy">An upload that stays: it just made progress.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AbandonAsync(UploadKey? busy, CancellationToken cancellationToken)
    {
        while (incoming.FindAbandoned(busy, time.GetUtcNow(), options) is { } found)
        {
            using IDisposable gate = await _gates.EnterAsync(found.Key, cancellationToken).ConfigureAwait(false);
            if (incoming.Abandon(found))
            {
                metrics.UploadAbandoned(found.Reason);
                log.UploadAbandoned(found.Key.PhotoId, found.Key.Device, found.Reason, found.ReceivedBytes, found.ProgressAt);
            }
        }
    }

    /// <summary>After a start: stores the photos that were complete, and clears away what had been stored already or has no manifest.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (UploadKey key in incoming.List())
        {
            try
            {
                using IDisposable gate = await _gates.EnterAsync(key, cancellationToken).ConfigureAwait(false);
                if (await AnswerStoredAsync(key, cancellationToken).ConfigureAwait(false))
                {
                    continue;
                }

                if (incoming.Open(options.Site, key) is not { } photo)
                {
                    incoming.Remove(key);
                    continue;
                }

                try
                {
                    if (photo.Part.IsComplete)
                    {
                        await CompleteAsync(photo, null, cancellationToken).ConfigureAwait(false);
                    }
                }
                finally
                {
                    incoming.Release(photo);
                }
            }
            catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
            {
                log.RecoveryFailed(e, key.PhotoId, key.Device);
            }
        }
    }

    private static WireError NoManifest { get; } = new("", ErrorCodes.UnknownPhoto, "no manifest of this photo is known; send it first");

    private IncomingPhoto OpenOrCreate(UploadKey key, PhotoManifest manifest, ReadOnlySpan<byte> message)
    {
        if (incoming.Open(options.Site, key) is not { } photo)
        {
            return incoming.Create(key, manifest, message);
        }

        PhotoManifest known = photo.Part.Manifest;
        if (known == manifest)
        {
            return photo;
        }

        if (known.SizeBytes == manifest.SizeBytes && known.ChunkBytes == manifest.ChunkBytes)
        {
            // Only what it says of the camera differs: the newest word counts, the chunks stay.
            try
            {
                incoming.SaveManifest(key, message);
            }
            catch
            {
                incoming.Release(photo);
                throw;
            }

            photo.Part.Manifest = manifest;
            return photo;
        }

        // Other slots: the chunks that lie there cannot be used. The device still has the photo, since nothing confirmed it.
        log.PhotoRestarted(key.PhotoId, key.Device);
        incoming.Release(photo);
        incoming.Remove(key);
        return incoming.Create(key, manifest, message);
    }

    private async Task<PublishVerdict> WriteAsync(IncomingPhoto photo, int index, InboundPublish message, CancellationToken cancellationToken)
    {
        PhotoManifest manifest = photo.Part.Manifest;
        IReadOnlyList<WireError> errors = index < manifest.ChunkCount
            ? PhotoChunk.CheckAll(message.Message.Payload.Span, index, manifest.ChunkLength(index))
            : [new WireError("", ErrorCodes.ChunkIndex, $"the manifest names {manifest.ChunkCount} chunks, this is chunk {index}")];
        if (errors is [{ } error, ..])
        {
            PublishVerdict verdict = await refusals.RefuseAsync(message, errors, cancellationToken).ConfigureAwait(false);
            Receipt receipt = Incomplete(photo) with { Reason = error.Code, Detail = $"chunk {index}: {error.Detail}" };
            await live.ReceiptAsync(photo.Key.Device, receipt, cancellationToken).ConfigureAwait(false);
            return verdict;
        }

        if (await photo.Part.WriteAsync(index, message.Message.Payload, cancellationToken).ConfigureAwait(false))
        {
            incoming.Progressed(photo);
            await AbandonAsync(photo.Key, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            metrics.Duplicates(UpChannel.PhotoChunk, 1);
        }

        if (photo.Part.IsComplete)
        {
            using IDisposable gate = await _gates.EnterAsync(photo.Key, cancellationToken).ConfigureAwait(false);
            if (!incoming.IsCurrent(photo))
            {
                // Another chunk completed it meanwhile, or the device began again.
                return PublishVerdict.Accepted;
            }

            await CompleteAsync(photo, message, cancellationToken).ConfigureAwait(false);
        }

        return PublishVerdict.Accepted;
    }

    /// <summary>Holds the gate. Stores the bytes, the row, answers, and removes the part.</summary>
    private async Task CompleteAsync(IncomingPhoto photo, InboundPublish? message, CancellationToken cancellationToken)
    {
        PhotoManifest manifest = photo.Part.Manifest;
        UploadKey key = photo.Key;
        try
        {
            using Stream content = photo.Part.OpenContent();
            await stores.Blobs.PutAsync(key.PhotoId, content, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobHashException e)
        {
            await RejectBytesAsync(photo, message?.ClientId ?? key.Device, e.ActualSha256, cancellationToken).ConfigureAwait(false);
            return;
        }

        Feature row = PhotoRow.From(PhotoRow.StateStored, manifest, key.Device, time.GetUtcNow(), clocks.CorrectionS(key.Device), options);
        Feature? stored = (await stores.Features.WriteAsync([PhotoRow.OverAnnounced(row)], cancellationToken).ConfigureAwait(false))[0];
        Receipt receipt = new(key.PhotoId, ReceiptOutcome.Stored, manifest.SizeBytes, Duplicate: stored is null);
        await live.ReceiptAsync(key.Device, receipt, cancellationToken).ConfigureAwait(false);
        incoming.Remove(key);
        if (stored is not null)
        {
            metrics.PhotoStored();
            log.PhotoStored(key.PhotoId, manifest.Name, key.Device, manifest.SizeBytes);
            await live.PublishAsync([stored], cancellationToken).ConfigureAwait(false);
            queue.Signal();
        }
    }

    /// <summary>The bytes are evidence too: they stay, under the SHA-256 they have, in the dead letters.</summary>
    private async Task RejectBytesAsync(IncomingPhoto photo, string client, string actualSha256, CancellationToken cancellationToken)
    {
        UploadKey key = photo.Key;
        log.HashMismatch(key.PhotoId, key.Device, actualSha256);
        WireError error = new("", ErrorCodes.HashMismatch, $"the assembled bytes have the SHA-256 {actualSha256}; send the photo again");
        string topic = Topics.Manifest(options.Site, key.Device, key.PhotoId);
        using (Stream content = photo.Part.OpenContent())
        {
            await refusals.RefuseFileAsync(topic, client, [error], content, photo.Part.Manifest.SizeBytes, cancellationToken).ConfigureAwait(false);
        }

        incoming.Remove(key);
        await RejectAsync(key, error, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Answers for a photo whose row is there, whoever sent it; false when there is none.</summary>
    private async Task<bool> AnswerStoredAsync(UploadKey key, CancellationToken cancellationToken)
    {
        if (await FindStoredAsync(key, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return false;
        }

        incoming.Remove(key);
        Receipt receipt = new(key.PhotoId, ReceiptOutcome.Stored, row.Whole("sizeBytes"), Duplicate: true);
        await live.ReceiptAsync(key.Device, receipt, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<Feature?> FindStoredAsync(UploadKey key, CancellationToken cancellationToken) =>
        await stores.Features.FindAsync(FieldTables.Photos, key.PhotoId, cancellationToken).ConfigureAwait(false) is { } row && PhotoRow.IsStored(row) ? row : null;

    private Task RejectAsync(UploadKey key, WireError error, CancellationToken cancellationToken) => live.ReceiptAsync(
        key.Device, new Receipt(key.PhotoId, ReceiptOutcome.Rejected, Reason: error.Code, Detail: error.ToString()), cancellationToken);

    private static Receipt Incomplete(IncomingPhoto photo) =>
        new(photo.Key.PhotoId, ReceiptOutcome.Incomplete, Missing: photo.Part.Missing());
}
