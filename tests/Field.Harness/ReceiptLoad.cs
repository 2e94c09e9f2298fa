using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Field.Contracts;
using Field.Mqtt;

namespace Field.Harness;

/// <summary>
/// A device behind a broker that acknowledges from memory: it keeps every message until a receipt of the server names it, whatever the
/// broker acknowledged, and sends it again after a while and on each new connection (SPEC.md section 7).
/// </summary>
public sealed class ReceiptLoad(Uri broker, string device, AckLedger ledger)
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(2);

    /// <summary>More are not sent before some have their receipt: brokers drop what queues up, and repeating it all is what would be left to do.</summary>
    private const int MostKept = 300;

    private readonly ConcurrentDictionary<long, byte> _kept = new();

    /// <summary>Messages without a receipt.</summary>
    public int Kept => _kept.Count;

    /// <summary>Sends messages one after the other and ends when every one has its receipt; how many there were.</summary>
    /// <param name="atLeast">So many in any case.</param>
    /// <param name="until">And more until this completed, however fast they go.</param>
    /// <param name="pause">Between two messages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<long> RunAsync(int atLeast, Task until, TimeSpan pause, CancellationToken cancellationToken)
    {
        long next = 1;
        bool HasMore() => next <= atLeast || !until.IsCompleted;
        while (HasMore() || !_kept.IsEmpty)
        {
            try
            {
                await using MqttClient client = await MqttClient.ConnectAsync(Options(), cancellationToken);
                await SendAsync(client, _kept.Keys.Order(), cancellationToken);
                long repeated = TimeProvider.System.GetTimestamp();
                while (!client.Closed.IsCompleted && (HasMore() || !_kept.IsEmpty))
                {
                    if (HasMore() && _kept.Count < MostKept)
                    {
                        _kept[next] = 0;
                        await SendAsync(client, [next++], cancellationToken);
                    }
                    else if (TimeProvider.System.GetElapsedTime(repeated) > RepeatAfter)
                    {
                        repeated = TimeProvider.System.GetTimestamp();
                        await SendAsync(client, _kept.Keys.Order(), cancellationToken);
                    }

                    await Task.Delay(pause, cancellationToken);
                }
            }
            catch (FieldException)
            {
                await Task.Delay(Retry, cancellationToken);
            }
        }

        return next - 1;
    }

    private MqttClientOptions Options() => new()
    {
        Server = broker,
        ClientId = device,
        Subscriptions = [new(Topics.Receipt(Server.Site, device), 1, (message, _) => { Take(message.Payload); return default; })],
    };

    private void Take(ReadOnlyMemory<byte> payload)
    {
        foreach (SequenceRange range in MessageReceipt.Parse(payload).Value?.Sequences ?? [])
        {
            for (long sequence = range.First; sequence <= range.Last; sequence++)
            {
                if (_kept.TryRemove(sequence, out _))
                {
                    ledger.Acknowledged(device, sequence);
                }
            }
        }
    }

    private async Task SendAsync(MqttClient client, IEnumerable<long> sequences, CancellationToken cancellationToken) => await Task.WhenAll(sequences.Select(sequence =>
    {
        string pack = string.Create(CultureInfo.InvariantCulture, $$"""[{"seq":{{sequence}},"n":"{{device}}/{{TelemetryLoad.Quantity}}","u":"m","t":{{1_777_593_600 + sequence}},"v":{{sequence}}}]""");
        return client.PublishAsync(new MqttMessage(Topics.Telemetry(Server.Site, device), Encoding.UTF8.GetBytes(pack), 1), cancellationToken);
    }));
}
