namespace Field.Gdal;

/// <summary>
/// Images in and out: JPEG, PNG and GeoTIFF/COG files from the local disk.
/// <para>
/// Pixels are as stored: the EXIF orientation is not applied, no colour profile is converted, alpha is dropped. Camera poses and
/// focal lengths refer to the stored pixels, so whoever shows a picture to people rotates it there.
/// </para>
/// <para>
/// Thread safety: every member may be called from any number of threads at once, also on the same file; each call opens its own
/// dataset. A call works synchronously on its thread and prints nothing.
/// </para>
/// </summary>
public static class Images
{
    /// <summary>The most pixels that one <see cref="Read"/> returns (600 MB); protects against headers that promise the moon.</summary>
    public const long MaxReadPixels = 200_000_000;

    /// <summary>Loads libgdal, as the first other call would, so that a program can say at its start that it is missing.</summary>
    /// <exception cref="GdalException">libgdal is not installed; the message says what to install.</exception>
    public static void EnsureAvailable() => GdalLibrary.EnsureStarted();

    /// <summary>Reads the header of an image file.</summary>
    /// <param name="path">A file on the local disk.</param>
    /// <returns>Size, bands and format as stored.</returns>
    /// <exception cref="GdalException">No such file, or not a JPEG, PNG or TIFF image.</exception>
    public static RasterInfo Probe(string path)
    {
        using var errors = GdalErrors.Capture();
        using var dataset = ImageReader.Open(path, errors);
        return ImageReader.Describe(dataset);
    }

    /// <summary>
    /// Decodes an image, or a window of it, to RGB. Gray is repeated, a palette looked up, 16 bit scaled by the full range of the
    /// format (or of its declared bits, such as 12), so that neighbouring windows match. Smaller output is averaged, larger bilinear.
    /// </summary>
    /// <param name="path">A file on the local disk.</param>
    /// <param name="window">The part to read, inside the image; null for all of it. A JPEG is decoded from its top for every window.</param>
    /// <param name="outWidthPx">Columns to return; null follows <paramref name="outHeightPx"/> in proportion, or the window.</param>
    /// <param name="outHeightPx">Rows to return; null follows <paramref name="outWidthPx"/> in proportion, or the window.</param>
    /// <returns>Three bands. Only the rows of the window are proven sound: damage below it is not seen.</returns>
    /// <exception cref="GdalException">Not an image, unsupported pixels (float, CMYK), too large, or corrupt or truncated data.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The window leaves the image, or a size is below 1.</exception>
    public static RasterImage Read(string path, PixelWindow? window = null, int? outWidthPx = null, int? outHeightPx = null)
    {
        using var errors = GdalErrors.Capture();
        using var dataset = ImageReader.Open(path, errors);
        var part = ImageReader.CheckWindow(window, ImageReader.Describe(dataset));
        var (width, height) = ImageReader.OutputSize(part, outWidthPx, outHeightPx);
        return ImageReader.ReadRgb(dataset, part, width, height, path, errors);
    }

    /// <summary>Encodes a baseline JPEG (4:2:0) without any metadata.</summary>
    /// <param name="image">1 or 3 bands.</param>
    /// <param name="quality">10 to 100; 85 is a good picture, 95 hardly differs from the original.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="ArgumentException">Bands other than 1 or 3, or a pixel array of another length than the sizes say.</exception>
    /// <exception cref="GdalException">A side above 65,500 px, which JPEG cannot hold.</exception>
    public static byte[] EncodeJpeg(RasterImage image, int quality)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        return ImageWriter.Encode(image, "JPEG", [1, 3], $"QUALITY={quality}", "WRITE_EXIF_METADATA=NO");
    }

    /// <summary>Encodes a PNG without any metadata.</summary>
    /// <param name="image">1, 3 or 4 bands.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="ArgumentException">Bands other than 1, 3 or 4, or a pixel array of another length than the sizes say.</exception>
    /// <exception cref="GdalException">libgdal could not encode it.</exception>
    public static byte[] EncodePng(RasterImage image) => ImageWriter.Encode(image, "PNG", [1, 3, 4], "ZLEVEL=3");
}
