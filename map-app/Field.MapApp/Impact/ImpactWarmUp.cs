using Field.Geo.Impact;
using Field.Ingest.Layers;
using Field.MapApp.Residents;

namespace Field.MapApp.Impact;

/// <summary>
/// Makes ready, once the server answers, what the first question would wait for: the residents, in which class of each hazard and in which area every household
/// lies, and the code itself by one question whose answer nobody sees. Does nothing while there are no residents. A server that stops does not wait for it.
/// </summary>
internal sealed class ImpactWarmUp(LayerDesk layers, ResidentCache residents, PreparedLayers prepared, StoredImpact impact, IHostApplicationLifetime lifetime, ILogger<ImpactWarmUp> log)
    : BackgroundService
{
    // Hazards first, in the order in which people ask for them; history and facilities are asked for seldom.
    private static readonly string[] Hazards = ["flood", "pluvial", "duration", "collapse", "landslide", "surge", "tsunami"];
    private const string Areas = "boundary";

    /// <summary>Corners of polygons that are made ready before anybody asks; some 30 bytes each.</summary>
    public long MostVertices { get; init; } = 5_000_000;

    /// <summary>Makes everything ready, the likeliest first, until the bound.</summary>
    /// <returns>How many layers.</returns>
    public async Task<int> PrepareAsync(CancellationToken cancellationToken)
    {
        if (await residents.FindAsync(cancellationToken).ConfigureAwait(false) is not { } set)
        {
            return 0;
        }

        IReadOnlyList<Layer> all = [.. (await layers.ListAsync(withRemoved: false, cancellationToken).ConfigureAwait(false)).Where(l => l.GeometryType.Contains("Polygon", StringComparison.Ordinal))];
        (int count, long vertices) = (0, 0);
        foreach (Layer layer in Hazards.Append(Areas).SelectMany(kind => all.Where(l => l.Kind == kind)))
        {
            if (vertices >= MostVertices)
            {
                log.ImpactBound(count, vertices);
                break;
            }

            vertices += layer.Kind == Areas ? await AreaAsync(set, layer, cancellationToken).ConfigureAwait(false) : await HazardAsync(set, layer, cancellationToken).ConfigureAwait(false);
            count++;
        }

        if (count > 0 && all.FirstOrDefault(l => l.Kind == Hazards[0]) is { } first)
        {
            await impact.AskAsync(new ImpactAsk { Layers = [first.Id] }, minCell: 1, _ => { }, cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration onStart = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken).ConfigureAwait(false); // the first map comes before
            int count = await PrepareAsync(stoppingToken).ConfigureAwait(false);
            if (count > 0)
            {
                log.ImpactReady(count);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the server stops
        }
        catch (Exception e) when (e is FieldException or ImpactException or IOException)
        {
            log.ImpactNotReady(e); // the first question makes it ready, or says what is wrong
        }
    }

    private async Task<long> HazardAsync(ResidentSet set, Layer layer, CancellationToken cancel)
    {
        PolygonSet polygons = (await prepared.LayerAsync(layer).WaitAsync(cancel).ConfigureAwait(false)).Polygons;
        await prepared.ClassesAsync(set, layer).WaitAsync(cancel).ConfigureAwait(false);
        return polygons.VertexCount;
    }

    private async Task<long> AreaAsync(ResidentSet set, Layer layer, CancellationToken cancel)
    {
        PolygonSet polygons = (await prepared.AreasAsync(layer, idField: null).WaitAsync(cancel).ConfigureAwait(false)).Polygons;
        await prepared.AreaOfAsync(set, layer, idField: null).WaitAsync(cancel).ConfigureAwait(false);
        return polygons.VertexCount;
    }
}

/// <summary>What the preparation says, by number.</summary>
internal static partial class ImpactLog
{
    [LoggerMessage(4201, LogLevel.Information, "{Layers} layers are ready for who is affected")]
    public static partial void ImpactReady(this ILogger log, int layers);

    [LoggerMessage(4202, LogLevel.Information, "{Layers} layers with {Vertices} corners are ready for who is affected; the others when they are asked for")]
    public static partial void ImpactBound(this ILogger log, int layers, long vertices);

    [LoggerMessage(4203, LogLevel.Warning, "Layers could not be made ready for who is affected; the first question does it")]
    public static partial void ImpactNotReady(this ILogger log, Exception e);
}
