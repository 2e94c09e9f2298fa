using System.Collections.Concurrent;
using System.Threading.Channels;
using Field.Contracts;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Uplink;

/// <summary>Gives each receipt to the conversation about its photo, and those for messages to the outbox.</summary>
internal sealed class ReceiptRouter(MessageOutbox messages, IUploadObserver observer)
{
    private const int Capacity = 16;

    private readonly ConcurrentDictionary<string, Channel<Receipt>> _open = new(StringComparer.Ordinal);
    private long _ignored;

    /// <summary>Receipts that could not be read, or that nobody waits for.</summary>
    public long Ignored => Interlocked.Read(ref _ignored);

    /// <summary>Begins to listen for a photo's receipts.</summary>
    public ChannelReader<Receipt> Listen(string photoId)
    {
        // The newest answer counts, so the oldest gives way.
        Channel<Receipt> channel = Channel.CreateBounded<Receipt>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest }, _ => Interlocked.Increment(ref _ignored));
        _open[photoId] = channel;
        return channel.Reader;
    }

    /// <summary>Stops listening.</summary>
    public void Forget(string photoId) => _open.TryRemove(photoId, out _);

    /// <summary>Routes a payload from <c>down/receipt</c>.</summary>
    public ValueTask DeliverAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (Receipt.Parse(payload).Value is { } receipt)
        {
            if (!_open.TryGetValue(receipt.PhotoId, out Channel<Receipt>? channel) || !channel.Writer.TryWrite(receipt))
            {
                Interlocked.Increment(ref _ignored);
            }
        }
        else if (MessageReceipt.Parse(payload) is { Value: { } stored, Errors.Count: 0 })
        {
            int count = stored.Sequences.Sum(range => messages.Confirm(range.First, range.Last));
            if (count > 0)
            {
                observer.On(new UploadEvent.MessagesStored(count));
            }
        }
        else
        {
            Interlocked.Increment(ref _ignored);
        }

        return ValueTask.CompletedTask;
    }
}
