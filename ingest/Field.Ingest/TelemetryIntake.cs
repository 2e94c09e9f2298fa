using System.Diagnostics;
using System.Threading.Channels;
using Field.Broker;
using Field.Contracts;
using Field.Ingest.Alarms;
using Field.Store;
using Microsoft.Extensions.Logging;

namespace Field.Ingest;

/// <summary>
/// The group commit of telemetry: packs of all devices queue up (bounded: a publisher waits), one loop takes what has come while the
/// last commit ran, stores it with one fsync, and only then completes each pack's verdict, which is what the broker's PUBACK waits for.
/// So a busy server has few large commits, and a quiet one answers after a single one.
/// </summary>
/// <remarks>
/// Why acknowledged means stored: a verdict is completed with acceptance in one place, after <see cref="ITelemetryStore.AppendAsync"/>
/// returned for the batch that holds the pack. A batch that failed transiently completes none of its packs: the connections close
/// without PUBACK and the devices send again; what had been stored after all is recognised by its (device, sequence).
/// When the host stops, packs that no commit took are cancelled, not acknowledged.
/// </remarks>
internal sealed class TelemetryIntake : IDisposable
{
    private const int QueueLength = 16_384;
    private const int MaxBatch = 8_192;

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly FieldStores _stores;
    private readonly DeviceRegistry _devices;
    private readonly AlarmDesk _alarms;
    private readonly LiveUpdates _live;
    private readonly IngestMetrics _metrics;
    private readonly ILogger _log;

    public TelemetryIntake(FieldStores stores, DeviceRegistry devices, AlarmDesk alarms, LiveUpdates live, IngestMetrics metrics, ILogger<TelemetryIntake> log)
    {
        (_stores, _devices, _alarms, _live, _metrics, _log) = (stores, devices, alarms, live, metrics, log);
        _ = Task.Run(() => RunAsync(_stopping.Token));
    }

    /// <summary>Stores a pack; completes when it is durable.</summary>
    public ValueTask<PublishVerdict> StoreAsync(UpTopic topic, SenMLPack pack, CancellationToken cancellationToken)
    {
        Waiting waiting = new(new TelemetryPack(topic.Site, topic.Device, pack));
        return _queue.Writer.TryWrite(waiting)
            ? new ValueTask<PublishVerdict>(waiting.Verdict.Task)
            : WhenThereIsRoomAsync(waiting, cancellationToken);
    }

    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async ValueTask<PublishVerdict> WhenThereIsRoomAsync(Waiting waiting, CancellationToken cancellationToken)
    {
        await _queue.Writer.WriteAsync(waiting, cancellationToken).ConfigureAwait(false);
        return await waiting.Verdict.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        List<Waiting> batch = [];
        try
        {
            while (await _queue.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                batch.Clear();
                while (batch.Count < MaxBatch && _queue.Reader.TryRead(out Waiting? waiting))
                {
                    batch.Add(waiting);
                }

                await StoreAsync(batch, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            while (_queue.Reader.TryRead(out Waiting? waiting))
            {
                batch.Add(waiting);
            }

            batch.ForEach(w => w.Verdict.TrySetCanceled(CancellationToken.None));
        }
    }

    private async Task StoreAsync(List<Waiting> batch, CancellationToken cancellationToken)
    {
        IReadOnlyList<bool> isNew;
        long start = Stopwatch.GetTimestamp();
        try
        {
            isNew = await _stores.Telemetry.AppendAsync(batch.ConvertAll(w => w.Pack), cancellationToken).ConfigureAwait(false);
            _metrics.Committed(Stopwatch.GetElapsedTime(start));
        }
        catch (FieldException e) when (!e.IsTransient && batch.Count > 1)
        {
            foreach (Waiting one in batch) // a pack that no store takes must not take the others with it
            {
                await StoreAsync([one], cancellationToken).ConfigureAwait(false);
            }

            return;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _metrics.CommitFailed(e.Message);
            batch.ForEach(w => w.Verdict.TrySetException(e));
            return;
        }

        await TellAsync(batch, isNew, cancellationToken).ConfigureAwait(false);
        batch.ForEach(w => w.Verdict.TrySetResult(PublishVerdict.Accepted));
    }

    /// <summary>Maps and the registry hear of what is new; they can read it again from the stores, so their failure stops nothing.</summary>
    private async Task TellAsync(List<Waiting> batch, IReadOnlyList<bool> isNew, CancellationToken cancellationToken)
    {
        Dictionary<string, List<SenMLPack>> byDevice = new(StringComparer.Ordinal);
        int duplicates = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            TelemetryPack pack = batch[i].Pack;
            if (!isNew[i])
            {
                duplicates++;
                continue;
            }

            if (!byDevice.TryGetValue(pack.Device, out List<SenMLPack>? packs))
            {
                byDevice.Add(pack.Device, packs = []);
            }

            packs.Add(pack.Pack);
        }

        _metrics.Messages(UpChannel.Telemetry, batch.Count);
        _metrics.Duplicates(UpChannel.Telemetry, duplicates);
        foreach ((string device, List<SenMLPack> packs) in byDevice)
        {
            packs.ForEach(pack => _alarms.Observe(device, pack));
            _live.Post(device, packs);
        }

        try
        {
            await Task.WhenAll(byDevice.Select(d => _devices.TelemetryAsync(d.Key, d.Value, cancellationToken))).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _log.RegistryFailed(e);
        }
    }

    private sealed record Waiting(TelemetryPack Pack)
    {
        public TaskCompletionSource<PublishVerdict> Verdict { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
