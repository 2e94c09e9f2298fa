using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Field.Ingest.Layers;

/// <summary>Deletes, at the start and once an hour, the layers that were removed longer ago than they are kept.</summary>
internal sealed class LayerPurge(LayerDesk desk, TimeProvider time, ILogger<LayerPurge> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                int count = await desk.PurgeAsync(stoppingToken).ConfigureAwait(false);
                if (count > 0)
                {
                    log.LayersPurged(count);
                }
            }
            catch (Exception e) when (e is FieldException or IOException)
            {
                log.LayerPurgeFailed(e); // the next hour tries again
            }

            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
