using System.Globalization;
using System.Threading.Channels;
using Field.Contracts;

namespace Field.Ingest.External;

/// <summary>
/// Gathers the sequences that were stored and tells each device of them, at most once in an interval (SPEC.md section 7). What it holds
/// is bounded by what is stored in one interval. A receipt that is lost costs the device one repetition, so nothing is kept for later.
/// </summary>
internal sealed class ReceiptGatherer(string site, TimeSpan interval, IMessageSink sink, TimeProvider time)
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private Dictionary<string, List<long>> _stored = new(StringComparer.Ordinal);
    private long _number;

    /// <summary>The message is durable.</summary>
    public void Stored(string device, long sequence)
    {
        lock (_lock)
        {
            if (!_stored.TryGetValue(device, out List<long>? sequences))
            {
                _stored[device] = sequences = [];
            }

            sequences.Add(sequence);
        }

        _wake.Writer.TryWrite(true);
    }

    /// <summary>Sends receipts until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _wake.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            _wake.Reader.TryRead(out _);
            await Task.Delay(interval, time, cancellationToken).ConfigureAwait(false);
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, List<long>> stored;
        lock (_lock)
        {
            (stored, _stored) = (_stored, new(StringComparer.Ordinal));
        }

        foreach ((string device, List<long> sequences) in stored)
        {
            foreach (SequenceRange[] ranges in SequenceRange.From(sequences).Chunk(MessageReceipt.MaxRanges))
            {
                DateTimeOffset now = time.GetUtcNow();
                string id = string.Create(CultureInfo.InvariantCulture, $"messages:{device}:{now.UtcTicks:x}:{++_number}");
                byte[] payload = new MessageReceipt(ranges).Write(site, now, id);
                await sink.PublishAsync(Topics.Receipt(site, device), payload, qos: 1, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
