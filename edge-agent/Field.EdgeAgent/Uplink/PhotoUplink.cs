using Field.Contracts;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Uplink;

/// <summary>Who the device is and how it sends.</summary>
/// <param name="Site">Site id.</param>
/// <param name="Device">Device id.</param>
/// <param name="PhotosInFlight">Photos talked about at the same time. One alone would idle while its manifest and receipt travel.</param>
/// <param name="ChunksInFlight">Chunks not acknowledged yet, of all photos; each holds at most 512 KiB of memory.</param>
/// <param name="StayOnline">True to be online also while there is nothing to send.</param>
internal sealed record UplinkOptions(string Site, string Device, int PhotosInFlight = 3, int ChunksInFlight = 4, bool StayOnline = false);

/// <summary>What happens on the card when the uplink learnt something about a photo.</summary>
internal interface IPhotoKeeper
{
    /// <summary>The file no longer is what was hashed: looks again.</summary>
    /// <returns>What is to be sent instead, perhaps the same photo; null when there is nothing now.</returns>
    Task<OutboxPhoto?> ReexamineAsync(OutboxPhoto photo, string path, CancellationToken cancellationToken);

    /// <summary>The receipt is in the journal: the card's copy may go, if the user wants that.</summary>
    Task OnStoredAsync(OutboxPhoto photo, CancellationToken cancellationToken);
}

/// <summary>
/// Keeps a connection to the server and brings the photos of the queue over it, until the queue is done or it is stopped. A lost
/// connection is opened again with growing delays; each photo then continues with exactly what the server says it lacks.
/// </summary>
internal sealed class PhotoUplink(
    UplinkOptions options,
    ILinkFactory links,
    DeviceOutbox outbox,
    SendQueue queue,
    IPhotoKeeper keeper,
    IUploadObserver observer,
    TimeProvider time,
    Backoff backoff)
{
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(2);

    private readonly ReceiptRouter _receipts = new();

    /// <summary>Sends until the queue is done.</summary>
    /// <exception cref="FieldException">The server refuses this device for good.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (options.StayOnline || await queue.HasWorkAsync(cancellationToken))
        {
            string reason;
            try
            {
                if (await RunSessionAsync(cancellationToken) is not { } lost)
                {
                    return;
                }

                reason = lost;
            }
            catch (FieldException e) when (e.IsTransient)
            {
                reason = e.Message;
            }

            TimeSpan delay = backoff.Next();
            observer.On(new UploadEvent.Disconnected(reason, delay));
            await Task.Delay(delay, time, cancellationToken);
        }
    }

    /// <summary>One connection: null when the queue is done, else why the connection ended.</summary>
    private async Task<string?> RunSessionAsync(CancellationToken cancellationToken)
    {
        string statusTopic = Topics.Status(options.Site, options.Device);
        byte[] online = Status(isOnline: true);
        byte[] will = Status(isOnline: false); // a higher number than the online state, which it replaces
        await using ILink link = await links.OpenAsync(
            $"{options.Device}/photos", // begins with the device id: SPEC.md section 10
            (statusTopic, will),
            Topics.Receipt(options.Site, options.Device),
            _receipts.Deliver,
            cancellationToken);
        await link.PublishAsync(statusTopic, online, retain: true, cancellationToken);
        backoff.Reset();
        observer.On(new UploadEvent.Connected());

        using CancellationTokenSource session = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<string?> closed = EndWithAsync(link, session);
        try
        {
            using SemaphoreSlim window = new(options.ChunksInFlight);
            ConversationContext context = new(link, options.Site, options.Device, outbox.NextSequence, window, time, observer);
            string?[] ends = await Task.WhenAll(
                Enumerable.Range(0, options.PhotosInFlight).Select(_ => SendPhotosAsync(context, session, cancellationToken)));
            cancellationToken.ThrowIfCancellationRequested();
            return !session.IsCancellationRequested
                ? null
                : ends.FirstOrDefault(e => e is not null) ?? (closed.IsCompleted ? await closed : null) ?? "the connection ended";
        }
        finally
        {
            await SayGoodbyeAsync(link, statusTopic);
        }
    }

    private static async Task<string?> EndWithAsync(ILink link, CancellationTokenSource session)
    {
        string? reason = await link.Closed;
        try
        {
            await session.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The session ended first.
        }

        return reason;
    }

    /// <summary>Sends photo after photo; why the connection is of no more use, or null when the session or the queue ended.</summary>
    private async Task<string?> SendPhotosAsync(ConversationContext context, CancellationTokenSource session, CancellationToken stop)
    {
        try
        {
            while (await queue.TakeAsync(session.Token) is { } photo)
            {
                await SendPhotoAsync(context, photo, session.Token);
            }

            return null;
        }
        catch (OperationCanceledException) when (session.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return null;
        }
        catch (FieldException e) when (e.IsTransient)
        {
            await session.CancelAsync();
            return e.Message;
        }
        catch
        {
            await session.CancelAsync(); // the other photos must not wait for a run that is over
            throw;
        }
    }

    private async Task SendPhotoAsync(ConversationContext context, OutboxPhoto photo, CancellationToken cancellationToken)
    {
        bool finished = false;
        OutboxPhoto? next = null;
        try
        {
            SourceFile? source = photo.Sources.FirstOrDefault(s => SourceFile.Stat(s.Path) == s);
            PhotoResult result = source is null
                ? new PhotoResult.SourceChanged(photo.Sources.Count > 0 ? photo.Sources[0].Path : "")
                : await new PhotoConversation(context, photo, source, _receipts.Listen(photo.PhotoId)).RunAsync(cancellationToken);
            next = await EndAsync(photo, result, cancellationToken);
            finished = true;
        }
        finally
        {
            _receipts.Forget(photo.PhotoId);
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
                outbox.Photos.MarkStored(photo);
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

    private byte[] Status(bool isOnline) =>
        new DeviceStatus(isOnline, "drone", QueueDepth: isOnline ? outbox.Photos.Waiting.Count : null)
            .Write(options.Site, options.Device, outbox.NextSequence(), time.GetUtcNow());

    /// <summary>Says offline in person, because a will is only published for a connection that broke.</summary>
    private async Task SayGoodbyeAsync(ILink link, string statusTopic)
    {
        if (link.Closed.IsCompleted)
        {
            return;
        }

        using CancellationTokenSource limit = new(GoodbyeLimit, time);
        try
        {
            await link.PublishAsync(statusTopic, Status(isOnline: false), retain: true, limit.Token);
        }
        catch (Exception e) when (e is FieldException or OperationCanceledException)
        {
            // The line broke in this moment: then the will says it.
        }
    }
}
