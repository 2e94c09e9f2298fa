namespace Field.Gdal;

/// <summary>The writing half of <see cref="Images"/>: a raster over managed memory, copied by a driver into a file in memory.</summary>
internal static unsafe class ImageWriter
{
    private const int TypeByte = 1;
    private const int ColourGray = 1;
    private const int ColourRed = 3;

    private static long serial;

    internal static byte[] Encode(RasterImage image, string driverName, int[] allowedBands, params string[] creationOptions)
    {
        CheckImage(image, driverName, allowedBands);
        using var errors = GdalErrors.Capture();
        var path = $"/vsimem/field-{Interlocked.Increment(ref serial)}";
        try
        {
            fixed (byte* pixels = image.Pixels)
            {
                using var source = Wrap(image, pixels, errors);
                using var options = new CStringList(creationOptions);
                var driver = Driver(driverName);
                using var copy = NativeMethods.GDALCreateCopy(driver, path, source, strict: 1, options.Pointer, progress: 0, progressData: 0);
                errors.Check(!copy.IsInvalid, $"cannot encode {image.WidthPx} x {image.HeightPx} px as {driverName}");
            }

            return Take(path, errors, driverName);
        }
        finally
        {
            _ = NativeMethods.VSIUnlink(path);
        }
    }

    /// <summary>A dataset that reads the caller's pinned pixels in place; dispose it before the pin ends.</summary>
    internal static DatasetHandle Wrap(RasterImage image, byte* pixels, GdalErrors errors)
    {
        var dataset = NativeMethods.GDALCreate(Driver("MEM"), "", image.WidthPx, image.HeightPx, 0, TypeByte, null);
        errors.Check(!dataset.IsInvalid, "cannot wrap pixels in memory");
        for (var band = 0; band < image.Bands; band++)
        {
            using var options = new CStringList(
                $"DATAPOINTER=0x{(nint)(pixels + band):x}", $"PIXELOFFSET={image.Bands}", $"LINEOFFSET={(long)image.Bands * image.WidthPx}");
            errors.Check(NativeMethods.GDALAddBand(dataset, TypeByte, options.Pointer) == 0, "cannot wrap pixels in memory");
            _ = NativeMethods.GDALSetRasterColorInterpretation(
                NativeMethods.GDALGetRasterBand(dataset, band + 1), image.Bands == 1 ? ColourGray : ColourRed + band);
        }

        return dataset;
    }

    private static byte[] Take(string path, GdalErrors errors, string driverName)
    {
        ulong length = 0;
        var buffer = NativeMethods.VSIGetMemFileBuffer(path, &length, unlinkAndSeize: 0);
        errors.Check(buffer != null && length > 0, $"{driverName} wrote nothing");
        return new ReadOnlySpan<byte>(buffer, checked((int)length)).ToArray();
    }

    private static nint Driver(string name) =>
        NativeMethods.GDALGetDriverByName(name) is not 0 and var driver
            ? driver
            : throw new GdalException($"libgdal was built without its {name} driver; install the distribution's full libgdal package");

    private static void CheckImage(RasterImage image, string driverName, int[] allowedBands)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!allowedBands.Contains(image.Bands))
        {
            throw new ArgumentException($"{driverName} takes {string.Join(" or ", allowedBands)} bands, not {image.Bands}.", nameof(image));
        }

        if (image.WidthPx < 1 || image.HeightPx < 1 || image.Pixels.LongLength != (long)image.WidthPx * image.HeightPx * image.Bands)
        {
            throw new ArgumentException(
                $"{image.Pixels.LongLength} bytes do not hold {image.WidthPx} x {image.HeightPx} px of {image.Bands} bands.", nameof(image));
        }
    }
}
