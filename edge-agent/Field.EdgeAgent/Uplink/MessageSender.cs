using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.Mqtt;

namespace Field.EdgeAgent.Uplink;

/// <summary>
/// Brings the messages of the outbox over a connection, in the order of their priority, many at a time. A message is done with when a
/// server that stores before it acknowledges has acknowledged it, when a receipt names it, or when the server refused it for good.
/// </summary>
internal sealed class MessageSender(DeviceOutbox outbox, IUploadObserver observer, TimeProvider time, Func<Backoff> backoff)
{
    /// <summary>Messages given to the line and not acknowledged, at most: bounds memory.</summary>
    public const int Window = 64;

    /// <summary>Messages acknowledged from memory that wait for a receipt, at most.</summary>
    public const int MostAwaiting = 4096;

    /// <summary>
    /// When the oldest message that waits for a receipt has waited so long, all that wait are sent again. Receipts for newer messages do
    /// not put it off: a broker that restarted may have lost a few in the middle, on a connection that stays.
    /// </summary>
    public static readonly TimeSpan ReceiptLimit = TimeSpan.FromSeconds(30);

    private readonly MessageOutbox _messages = outbox.Messages;
    private readonly Dictionary<long, Task> _onTheLine = []; // used by the loop of RunAsync only
    private long? _oldest;
    private long? _oldestSince;

    /// <summary>Sends until nothing waits and <paramref name="until"/> completed.</summary>
    /// <exception cref="FieldException">The connection was lost (transient).</exception>
    public async Task RunAsync(ILink link, Task until, CancellationToken cancellationToken)
    {
        using SemaphoreSlim places = new(Window);
        using CancellationTokenSource broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        FieldException? failure = null;
        Rewind();
        try
        {
            while (await NextAsync(link, until, broken.Token) is { } message)
            {
                await places.WaitAsync(broken.Token);
                Remember(message.Sequence, SendOneAsync(message));
                _messages.Given();
            }
        }
        catch (OperationCanceledException) when (failure is not null)
        {
            throw failure;
        }
        finally
        {
            _messages.Given();
            await broken.CancelAsync();
            for (int i = 0; i < Window; i++)
            {
                await places.WaitAsync(CancellationToken.None); // nobody uses the connection any more
            }
        }

        async Task SendOneAsync(OutboxMessage message)
        {
            try
            {
                await SendAsync(link, message, broken.Token);
            }
            catch (OperationCanceledException)
            {
                // The connection ends; the message stays.
            }
            catch (FieldException e)
            {
                failure ??= e.IsTransient ? e : new FieldException(e.Message, isTransient: true, e);
                await broken.CancelAsync();
            }
            finally
            {
                places.Release();
            }
        }
    }

    /// <summary>The next message, when there is one; null when all is done.</summary>
    private async Task<OutboxMessage?> NextAsync(ILink link, Task until, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changes = _messages.Changes;
            await _messages.SettleAsync(cancellationToken);
            TimeSpan patience = link.AcknowledgesStored ? Timeout.InfiniteTimeSpan : PatienceLeft();
            if ((link.AcknowledgesStored || _messages.InFlight < MostAwaiting) && await _messages.TakeAsync(cancellationToken) is { } message)
            {
                return message;
            }

            if (until.IsCompleted && _messages.Figures.Waiting == 0)
            {
                return null;
            }

            List<Task> change = until.IsCompleted ? [changes] : [changes, until];
            if (OldestOnTheLine is { } line)
            {
                change.Add(line);
            }

            try
            {
                await Task.WhenAny(change).WaitAsync(patience, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // No receipt for the oldest: the next look at it sends it again.
            }
        }
    }

    /// <summary>The sending of the oldest message in flight while the broker has not acknowledged even that, as on a thin line.</summary>
    private Task? OldestOnTheLine => _oldest is { } sequence && _onTheLine.TryGetValue(sequence, out Task? sending) && !sending.IsCompleted ? sending : null;

    /// <summary>
    /// How long the oldest message in flight may still wait for its receipt, from the broker's acknowledgement on; after that all are
    /// taken again.
    /// </summary>
    private TimeSpan PatienceLeft()
    {
        if (_oldest is not { } sequence || !_messages.IsInFlight(sequence))
        {
            (_oldest, _oldestSince) = (_messages.OldestInFlight, null);
        }

        if (_oldest is null || OldestOnTheLine is not null)
        {
            return Timeout.InfiniteTimeSpan;
        }

        _oldestSince ??= time.GetTimestamp();
        TimeSpan left = ReceiptLimit - time.GetElapsedTime(_oldestSince.Value);
        if (left > TimeSpan.Zero)
        {
            return left;
        }

        Rewind();
        return Timeout.InfiniteTimeSpan;
    }

    private void Remember(long sequence, Task sending)
    {
        if (_onTheLine.Count >= 2 * Window)
        {
            foreach (long done in _onTheLine.Where(s => s.Value.IsCompleted).Select(s => s.Key).ToList())
            {
                _onTheLine.Remove(done);
            }
        }

        _onTheLine[sequence] = sending;
    }

    private void Rewind()
    {
        _oldest = null;
        _messages.Rewind();
    }

    private async Task SendAsync(ILink link, OutboxMessage message, CancellationToken cancellationToken)
    {
        string topic = $"{Topics.Prefix}{outbox.Site}/{outbox.Device}/up/{message.Channel}";
        Backoff? again = null;
        while (true)
        {
            try
            {
                await link.PublishAsync(topic, message.Payload, retain: message.Channel == "status", cancellationToken);
                if (link.AcknowledgesStored && _messages.Confirm(message))
                {
                    observer.On(new UploadEvent.MessagesStored(1));
                }

                return;
            }
            catch (FieldException e) when (!link.Closed.IsCompleted && IsRefusal(e))
            {
                _messages.Confirm(message); // it is in the server's dead letters, and repeating it would not help
                observer.On(new UploadEvent.MessageRefused(message.Channel, message.Sequence, e.Message));
                return;
            }
            catch (MqttException e) when (!link.Closed.IsCompleted && e.ReasonCode == MqttReasonCode.QuotaExceeded)
            {
                again ??= backoff();
                await Task.Delay(again.Next(), time, cancellationToken);
            }
        }
    }

    private static bool IsRefusal(FieldException e) => e is MqttException mqtt
        ? mqtt.ReasonCode is MqttReasonCode.PayloadFormatInvalid or MqttReasonCode.TopicNameInvalid or MqttReasonCode.PacketTooLarge
        : !e.IsTransient;
}
