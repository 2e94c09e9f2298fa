namespace Field.Gdal;

/// <summary>Which files on a disk are vector files.</summary>
public static class VectorFiles
{
    /// <summary>Endings that <see cref="Vectors"/> reads, in lower case.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".geojson", ".json", ".gpkg", ".shp", ".kml", ".kmz", ".csv"];

    /// <summary>The file beside this one that differs in its ending only, in lower or upper case; null when there is none.</summary>
    /// <param name="path">A file.</param>
    /// <param name="extension">In lower case, such as <c>.dbf</c>.</param>
    public static string? Sibling(string path, string extension) => VectorText.Sibling(path, extension);
}
