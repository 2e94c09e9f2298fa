namespace Field.Gdal;

/// <summary>
/// Vector files in: GeoJSON (<c>.geojson</c>, <c>.json</c>), GeoPackage (<c>.gpkg</c>), Shapefile (<c>.shp</c>), KML and KMZ (<c>.kml</c>, <c>.kmz</c>, lon and lat on WGS 84) and CSV (<c>.csv</c>, with
/// a column <c>wkt</c> or columns of longitude and latitude) from the local disk.
/// <para>Nothing is guessed: text that does not fit its encoding is refused, and a file without a coordinate system has none.</para>
/// <para>Thread safety: every call may be made from any number of threads at once; one <see cref="VectorReader"/> by one at a time.</para>
/// </summary>
public static class Vectors
{
    /// <summary>The layers of a file.</summary>
    /// <param name="path">A file on the local disk.</param>
    /// <param name="options">How to read it; its layer is ignored.</param>
    /// <returns>In the order of the file.</returns>
    /// <exception cref="GdalException">No such file, another format, damaged, or names in an encoding that is not known.</exception>
    public static IReadOnlyList<VectorLayer> Layers(string path, VectorOptions? options = null)
    {
        using var source = VectorSource.Open(path, options ?? new VectorOptions());
        return source.Layers();
    }

    /// <summary>Opens a layer for reading its rows.</summary>
    /// <param name="path">A file on the local disk.</param>
    /// <param name="options">Which layer, and how.</param>
    /// <returns>The caller disposes.</returns>
    /// <exception cref="GdalException">As <see cref="Layers"/>; or no such layer, or several and none named.</exception>
    public static VectorReader Open(string path, VectorOptions? options = null)
    {
        options ??= new VectorOptions();
        var source = VectorSource.Open(path, options);
        try
        {
            return new VectorReader(source, options);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}
