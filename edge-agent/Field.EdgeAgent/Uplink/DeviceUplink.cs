using Field.Contracts;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Uplink;

/// <summary>Who the device is and how it sends.</summary>
/// <param name="Site">Site id.</param>
/// <param name="Device">Device id.</param>
/// <param name="ClientId">MQTT client id; begins with the device id (SPEC.md section 10).</param>
/// <param name="PhotosInFlight">Photos talked about at the same time. One alone would idle while its manifest and receipt travel.</param>
/// <param name="ChunksInFlight">Chunks not acknowledged yet, of all photos; each holds at most 512 KiB of memory.</param>
internal sealed record UplinkOptions(string Site, string Device, string ClientId, int PhotosInFlight = 3, int ChunksInFlight = 4)
{
    /// <summary>The device stays online until this completed, however it ended, and everything was sent.</summary>
    public Task Until { get; init; } = Task.CompletedTask;

    /// <summary>For a device that stays online until it is stopped.</summary>
    public static Task Never() => new TaskCompletionSource().Task;

    /// <summary>What the device says of itself; the uplink adds whether it is online and how much waits.</summary>
    public Func<DeviceStatus> Status { get; init; } = () => new DeviceStatus(true, "drone");

    /// <summary>How often it says so again; zero for only once for each connection.</summary>
    public TimeSpan StatusEvery { get; init; }

    /// <summary>What the device wants to hear besides its receipts.</summary>
    public IReadOnlyList<LinkSubscription> Subscriptions { get; init; } = [];

    /// <summary>How long the server keeps messages for the device while it is away; zero for not at all.</summary>
    public TimeSpan SessionExpiry { get; init; }
}

/// <summary>
/// Keeps the device's one connection to the server and brings what waits over it, messages before thumbnails before photos, until everything is done or
/// it is stopped. A lost connection is opened again with growing delays.
/// </summary>
internal sealed class DeviceUplink(
    UplinkOptions options, ILinkFactory links, DeviceOutbox outbox, PhotoSender? photos, IUploadObserver observer, TimeProvider time, Backoff backoff)
{
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(2);

    private readonly string _statusTopic = Topics.Status(options.Site, options.Device);
    private readonly ReceiptRouter _receipts = new(outbox.Messages, observer);
    private readonly MessageSender _messages = new(outbox, observer, time, Backoff.Usual);

    /// <summary>Sends until all is done.</summary>
    /// <exception cref="FieldException">The server refuses this device for good.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!options.Until.IsCompleted || await HasWorkAsync(cancellationToken))
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

    private async Task<bool> HasWorkAsync(CancellationToken cancellationToken) =>
        (photos is not null && await photos.HasWorkAsync(cancellationToken)) || outbox.Messages.Figures.Waiting > 0;

    /// <summary>One connection: null when all is done, else why the connection ended.</summary>
    private async Task<string?> RunSessionAsync(CancellationToken cancellationToken)
    {
        byte[] online = Status(isOnline: true);
        byte[] will = Status(isOnline: false); // a higher number than the online state, which it replaces
        LinkSubscription receipts = new(Topics.Receipt(options.Site, options.Device), _receipts.DeliverAsync);
        await using ILink link = await links.OpenAsync(
            new LinkRequest(options.ClientId, _statusTopic, will, [receipts, .. options.Subscriptions], options.SessionExpiry), cancellationToken);
        await link.PublishAsync(_statusTopic, online, retain: true, cancellationToken);
        backoff.Reset();
        observer.On(new UploadEvent.Connected());

        using CancellationTokenSource session = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<string?> closed = EndWithAsync(link, session);
        Task reporting = ReportAsync(link, session.Token);
        try
        {
            string?[] ends = await SendAllAsync(link, session, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return !session.IsCancellationRequested
                ? null
                : ends.FirstOrDefault(e => e is not null) ?? (closed.IsCompleted ? await closed : null) ?? "the connection ended";
        }
        finally
        {
            await session.CancelAsync();
            await reporting;
            await SayGoodbyeAsync(link);
        }
    }

    private async Task<string?[]> SendAllAsync(ILink link, CancellationTokenSource session, CancellationToken stop)
    {
        using SemaphoreSlim window = new(options.ChunksInFlight);
        ConversationContext context = new(
            link, options.Site, options.Device, outbox.NextSequence, window, time, observer, outbox.Messages.GiveWayAsync);
        List<Task<string?>> parts = photos is null
            ? []
            :
            [
                .. Enumerable.Range(0, ThumbnailSender.AtOnce).Select(_ => RunPartAsync(s => photos.RunThumbnailsAsync(context, s), session, stop)),
                .. Enumerable.Range(0, options.PhotosInFlight).Select(_ => RunPartAsync(s => photos.RunAsync(context, _receipts, s), session, stop)),
            ];
        Task rest = Task.WhenAll([.. parts, EndOf(options.Until)]);
        parts.Add(RunPartAsync(s => _messages.RunAsync(link, rest, s), session, stop));
        return await Task.WhenAll(parts);
    }

    private static Task EndOf(Task task) => task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

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

    /// <summary>Why the connection is of no more use, or null when the session ended or the part is done.</summary>
    private static async Task<string?> RunPartAsync(Func<CancellationToken, Task> part, CancellationTokenSource session, CancellationToken stop)
    {
        try
        {
            await part(session.Token);
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
            await session.CancelAsync(); // the other parts must not wait for a run that is over
            throw;
        }
    }

    /// <summary>Says every now and then how the device is.</summary>
    private async Task ReportAsync(ILink link, CancellationToken session)
    {
        try
        {
            while (options.StatusEvery > TimeSpan.Zero)
            {
                await Task.Delay(options.StatusEvery, time, session);
                await link.PublishAsync(_statusTopic, Status(isOnline: true), retain: true, session);
            }
        }
        catch (Exception e) when (e is FieldException or OperationCanceledException)
        {
            // The session ends, or the server did not take this one; the next connection says it again.
        }
    }

    private byte[] Status(bool isOnline) =>
        (options.Status() with
        {
            Online = isOnline,
            QueueDepth = isOnline ? outbox.Photos.Waiting.Count + outbox.Messages.Figures.Waiting : null,
        }).Write(options.Site, options.Device, outbox.NextSequence(), time.GetUtcNow());

    /// <summary>Says offline in person, because a will is only published for a connection that broke.</summary>
    private async Task SayGoodbyeAsync(ILink link)
    {
        if (link.Closed.IsCompleted)
        {
            return;
        }

        using CancellationTokenSource limit = new(GoodbyeLimit, time);
        try
        {
            await link.PublishAsync(_statusTopic, Status(isOnline: false), retain: true, limit.Token);
        }
        catch (Exception e) when (e is FieldException or OperationCanceledException)
        {
            // The line broke in this moment: then the will says it.
        }
    }
}
