using Field.Ingest.Layers;
using Field.MapApp.Impact;

namespace Field.MapApp.Residents;

/// <summary>Files of residents while they are imported; each is deleted as soon as the import ends.</summary>
internal sealed class ResidentUploads(string folder, TimeProvider time)
{
    /// <summary>Largest upload that is taken.</summary>
    public const long MostBytes = LayerUploads.MostBytes;
    private readonly LayerUploads uploads = new(folder, time);

    public Task<(string Id, string Path)> KeepAsync(string name, Stream content, CancellationToken cancel) => uploads.KeepAsync(name, content, cancel);

    public void Forget(string id) => uploads.Forget(id);
}

/// <summary>What the endpoints of residents need.</summary>
internal static class ResidentHosting
{
    public static void AddResidents(this IServiceCollection services, string dataDirectory)
    {
        services.AddSingleton<ResidentCache>();
        services.AddSingleton<ResidentViews>();
        services.AddSingleton(p => new PreparedLayers(p.GetRequiredService<LayerDesk>(), p.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
        services.AddSingleton<StoredImpact>();
        services.AddSingleton<ImpactWarmUp>();
        services.AddHostedService(p => p.GetRequiredService<ImpactWarmUp>());
        services.AddSingleton<OwnPolygonLimit>();
        services.AddSingleton(p => new ResidentUploads(Path.Combine(Path.GetFullPath(dataDirectory), "uploads-residents"), p.GetRequiredService<TimeProvider>()));
    }
}
