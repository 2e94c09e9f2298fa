using Field.Gdal;

namespace Field.Ingest.Layers;

/// <summary>What one file holds.</summary>
public static class LayerFiles
{
    /// <summary>One import for each layer of a file that holds several; a file that cannot be opened is left to the import, which says why.</summary>
    public static IReadOnlyList<LayerImportOptions> Each(LayerImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            IReadOnlyList<VectorLayer> layers = LayerRows.Layers(options.Path, options.Encoding);
            return layers.Count <= 1
                ? [options]
                : [.. layers.Select(l => options with { Layer = l.Name, Title = options.Title is { } title ? $"{title} {l.Name}" : l.Name })];
        }
        catch (GdalException)
        {
            return [options];
        }
    }
}
