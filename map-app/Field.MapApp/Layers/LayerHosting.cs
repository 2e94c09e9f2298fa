using Field.Ingest.Layers;

namespace Field.MapApp.Layers;

/// <summary>What the endpoints of layers need.</summary>
internal static class LayerHosting
{
    public static void AddLayers(this IServiceCollection services, string dataDirectory)
    {
        services.AddSingleton<LayerTiles>();
        services.AddSingleton<LayerImports>();
        services.AddSingleton<LayerValueCache>();
        services.AddSingleton(p => new LayerUploads(Path.Combine(Path.GetFullPath(dataDirectory), "uploads"), p.GetRequiredService<TimeProvider>()));
    }
}
