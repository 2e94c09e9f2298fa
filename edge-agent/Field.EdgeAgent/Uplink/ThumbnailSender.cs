using Field.Contracts;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Uplink;

/// <summary>
/// Brings a small copy of each photo that waits before any of the photos' own bytes, so that the headquarters sees a whole flight within
/// minutes on a line that takes hours for the photos. It only ever changes the order: a thumbnail that cannot be made or is refused keeps no
/// photo from being sent.
/// </summary>
internal sealed class ThumbnailSender(PhotoOutbox outbox, SendQueue queue, Func<SourceFile, byte[]?> make, IUploadObserver observer)
{
    /// <summary>How many work at a time: one makes the next while the other's travels. Only one is made at a time, for it takes a photo's memory.</summary>
    public const int AtOnce = 2;

    private readonly Lock _one = new();
    private readonly Lock _gate = new();
    private readonly HashSet<OutboxPhoto> _inHand = [];
    private readonly HashSet<OutboxPhoto> _without = [];
    private bool _isOver;

    /// <summary>Waits while a photo waits whose thumbnail is still to be sent.</summary>
    public Task GiveWayAsync(CancellationToken cancellationToken) => queue.NoneAsync(IsAwaited, cancellationToken);

    /// <summary>True while a photo's thumbnail is still to be sent.</summary>
    public bool IsAwaited(OutboxPhoto photo) => IsDue(photo) || IsInHand(photo);

    /// <summary>Sends thumbnail after thumbnail until the queue is done. May run several times at once.</summary>
    /// <exception cref="FieldException">The connection was lost (transient).</exception>
    public async Task RunAsync(ConversationContext context, CancellationToken cancellationToken)
    {
        while (await queue.FindAsync(p => IsDue(p) && !IsInHand(p), untilDone: true, cancellationToken) is { } photo)
        {
            if (!Change(() => _inHand.Add(photo)))
            {
                continue; // the other was faster
            }

            try
            {
                await SendAsync(context, photo, cancellationToken);
            }
            finally
            {
                Change(() => _inHand.Remove(photo));
                queue.Touch();
            }
        }
    }

    private async Task SendAsync(ConversationContext context, OutboxPhoto photo, CancellationToken cancellationToken)
    {
        if (await MakeAsync(photo, cancellationToken) is not { } thumbnail)
        {
            Change(() => _without.Add(photo));
            return;
        }

        try
        {
            await context.GiveWay(cancellationToken);
            byte[] manifest = photo.Manifest.Write(context.Site, context.Device, context.NextSequence(), context.Time.GetUtcNow());
            await context.PublishAsync(Topics.Manifest(context.Site, context.Device, photo.PhotoId), manifest, cancellationToken);
            await context.PublishAsync(Topics.Thumbnail(context.Site, context.Device, photo.PhotoId), thumbnail, cancellationToken);
        }
        catch (FieldException e) when (!e.IsTransient && !context.Link.Closed.IsCompleted)
        {
            Change(() => _without.Add(photo)); // refused: the photo itself will say why
            return;
        }

        outbox.MarkThumbnail(photo);
        observer.On(new UploadEvent.ThumbnailSent(photo, thumbnail.Length));
    }

    /// <summary>The thumbnail; null when there is none.</summary>
    private async Task<byte[]?> MakeAsync(OutboxPhoto photo, CancellationToken cancellationToken)
    {
        if (photo.Sources.FirstOrDefault(s => SourceFile.Stat(s.Path) == s) is not { } source)
        {
            return null; // another card, or changed: the photo's own turn finds out
        }

        try
        {
            byte[]? thumbnail = await Task.Run(() => MakeAlone(source), cancellationToken);
            return SourceFile.Stat(source.Path) == source ? thumbnail : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        catch (FieldException e)
        {
            if (Change(() => !_isOver && (_isOver = true)))
            {
                observer.On(new UploadEvent.ThumbnailsEnded(e.Message));
            }

            return null;
        }
    }

    private byte[]? MakeAlone(SourceFile source)
    {
        lock (_one)
        {
            return make(source);
        }
    }

    private bool IsDue(OutboxPhoto photo) => !photo.HasThumbnail && Change(() => !_isOver && !_without.Contains(photo));

    private bool IsInHand(OutboxPhoto photo) => Change(() => _inHand.Contains(photo));

    private bool Change(Func<bool> change)
    {
        lock (_gate)
        {
            return change();
        }
    }
}
