using System.Globalization;
using Field.Contracts;
using Field.Store;
using Microsoft.Extensions.Logging;

namespace Field.Ingest;

/// <summary>
/// Tells maps and devices what was stored. All of it can be read again from the stores, so a failure to publish is logged and
/// stops nothing; maps find it in the next snapshot, a device asks again by its manifest.
/// </summary>
internal sealed class LiveUpdates(IngestOptions options, IMessageSink sink, TimeProvider time, ILogger<LiveUpdates> log)
{
    private long _receipts;

    /// <summary>Publishes features on their live topics (SPEC.md section 8).</summary>
    public async Task PublishAsync(IEnumerable<Feature> features, CancellationToken cancellationToken)
    {
        foreach (Feature feature in features)
        {
            (string kind, string id) = feature.Table.Name switch
            {
                "photos" => ("photo", feature.Id),
                "findings" => ("finding", feature.Id),
                "devices" => ("device", feature.Id),
                "alarms" => ("alarm", feature.Id),
                "layers" => ("layer", feature.Id),
                "board" => ("board", feature.Id),
                _ => ("event", feature.Text("device")!),
            };
            string messageId = string.Create(CultureInfo.InvariantCulture, $"{feature.Table.Name}:{feature.Revision}");
            byte[] payload = Envelope.FromServer(options.Site, EventTypes.Live(kind), feature.Id, time.GetUtcNow(), messageId)
                .Write(writer => FeatureJson.Write(writer, feature));
            await SendAsync(Topics.Live(options.Site, kind, id), payload, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Sends resolved SenML packs to whoever listens, at QoS 0: a map that is behind misses some and holds nobody up.
    /// </summary>
    public void Post(string device, IReadOnlyList<SenMLPack> packs)
    {
        string topic = Topics.Live(options.Site, "telemetry", device);
        if (!sink.IsHeard(topic))
        {
            return;
        }

        foreach (SenMLPack pack in packs)
        {
            sink.Post(topic, pack.Write());
        }
    }

    /// <summary>Answers a device (SPEC.md section 7).</summary>
    public Task ReceiptAsync(string device, Receipt receipt, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        string id = string.Create(CultureInfo.InvariantCulture, $"{device}:{now.UtcTicks:x}:{Interlocked.Increment(ref _receipts)}");
        return SendAsync(Topics.Receipt(options.Site, device), receipt.Write(options.Site, now, id), cancellationToken);
    }

    private async Task SendAsync(string topic, byte[] payload, CancellationToken cancellationToken)
    {
        try
        {
            await sink.PublishAsync(topic, payload, qos: 1, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.PublishFailed(e, topic);
        }
    }
}
