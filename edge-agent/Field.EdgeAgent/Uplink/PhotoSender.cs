using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Uplink;

/// <summary>What happens on the card when the uplink learnt something about a photo.</summary>
internal interface IPhotoKeeper
{
    /// <summary>The file no longer is what was hashed: looks again.</summary>
    /// <returns>What is to be sent instead, perhaps the same photo; null when there is nothing now.</returns>
    Task<OutboxPhoto?> ReexamineAsync(OutboxPhoto photo, string path, CancellationToken cancellationToken);

    /// <summary>The receipt is in the journal: the card's copy may go, if the user wants that.</summary>
    Task OnStoredAsync(OutboxPhoto photo, CancellationToken cancellationToken);
}

/// <summary>Brings the photos of the queue over a connection; each continues with exactly what the server says it lacks.</summary>
internal sealed class PhotoSender(
    PhotoOutbox outbox, SendQueue queue, IPhotoKeeper keeper, IUploadObserver observer, Func<SourceFile, byte[]?> thumbnail)
{
    private readonly ThumbnailSender _thumbnails = new(outbox, queue, thumbnail, observer);

    /// <summary>Waits until there is something to send; false when all is done.</summary>
    public Task<bool> HasWorkAsync(CancellationToken cancellationToken) => queue.HasWorkAsync(cancellationToken);

    /// <summary>Sends the thumbnails, ahead of the photos. May run several times at once.</summary>
    /// <exception cref="FieldException">The connection was lost (transient).</exception>
    public Task RunThumbnailsAsync(ConversationContext context, CancellationToken cancellationToken) => _thumbnails.RunAsync(context, cancellationToken);

    /// <summary>Sends photo after photo until the queue is done. May run several times at once: one alone would idle while it talks.</summary>
    /// <exception cref="FieldException">The connection was lost (transient) or is of no use.</exception>
    public async Task RunAsync(ConversationContext context, ReceiptRouter receipts, CancellationToken cancellationToken)
    {
        ConversationContext behind = context with { GiveWay = GiveWayAsync };
        while (await queue.TakeAsync(p => !_thumbnails.IsAwaited(p), cancellationToken) is { } photo)
        {
            await SendPhotoAsync(behind, photo, receipts, cancellationToken);
        }

        async Task GiveWayAsync(CancellationToken cancel)
        {
            await context.GiveWay(cancel);
            await _thumbnails.GiveWayAsync(cancel);
        }
    }

    private async Task SendPhotoAsync(ConversationContext context, OutboxPhoto photo, ReceiptRouter receipts, CancellationToken cancellationToken)
    {
        bool finished = false;
        OutboxPhoto? next = null;
        try
        {
            SourceFile? source = photo.Sources.FirstOrDefault(s => SourceFile.Stat(s.Path) == s);
            PhotoResult result = source is null
                ? new PhotoResult.SourceChanged(photo.Sources.Count > 0 ? photo.Sources[0].Path : "")
                : await new PhotoConversation(context, photo, source, receipts.Listen(photo.PhotoId)).RunAsync(cancellationToken);
            next = await EndAsync(photo, result, cancellationToken);
            finished = true;
        }
        finally
        {
            receipts.Forget(photo.PhotoId);
            if (finished)
            {
                queue.Finish(photo, next);
            }
            else
            {
                queue.Return(photo);
            }
        }
    }

    private async Task<OutboxPhoto?> EndAsync(OutboxPhoto photo, PhotoResult result, CancellationToken cancellationToken)
    {
        switch (result)
        {
            case PhotoResult.Stored stored:
                outbox.MarkStored(photo);
                observer.On(new UploadEvent.Stored(photo, stored.Duplicate));
                await keeper.OnStoredAsync(photo, cancellationToken);
                return null;
            case PhotoResult.Rejected rejected:
                observer.On(new UploadEvent.Rejected(photo, rejected.Reason));
                return null;
            default:
                return await keeper.ReexamineAsync(photo, ((PhotoResult.SourceChanged)result).Path, cancellationToken);
        }
    }
}
