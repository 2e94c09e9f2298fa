using System.Globalization;
using System.Runtime.InteropServices;

namespace Field.Gdal;

/// <summary>The reading half of <see cref="Images"/>: which bands make the picture, and how they become 8-bit RGB.</summary>
internal static unsafe class ImageReader
{
    private const uint OpenRasterVerbose = 0x02 | 0x40;
    private const int TypeByte = 1;
    private const int TypeUInt16 = 2;
    private const int ResampleNearest = 0;
    private const int ResampleBilinear = 1;
    private const int ResampleAverage = 5;

    private enum Colour
    {
        Gray = 1,
        Palette = 2,
        Red = 3,
        Green = 4,
        Blue = 5,
        Alpha = 6,
        Cyan = 10,
    }

    /// <summary>
    /// Opens a local file with the three pixel drivers only: a file that calls itself a photo must not become a virtual raster or a
    /// web service that reads other files. Sidecars are ignored for the same reason. The overviews that libgdal makes up for JPEG
    /// are off, because one of them is the EXIF thumbnail, which cameras letterbox, and reading it proves nothing about the photo.
    /// </summary>
    internal static DatasetHandle Open(string path, GdalErrors errors)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        if (full.StartsWith("/vsi", StringComparison.OrdinalIgnoreCase) || !File.Exists(full))
        {
            throw new GdalException($"{path}: no such file");
        }

        using var drivers = new CStringList("JPEG", "PNG", "GTiff");
        using var options = new CStringList("USE_INTERNAL_OVERVIEWS=NO");
        using var siblings = new CStringList();
        var dataset = NativeMethods.GDALOpenEx(full, OpenRasterVerbose, drivers.Pointer, options.Pointer, siblings.Pointer);
        try
        {
            errors.Check(!dataset.IsInvalid, $"{path} is not a readable JPEG, PNG or TIFF image");
            if (NativeMethods.GDALGetRasterCount(dataset) == 0)
            {
                throw new GdalException($"{path} has no bands");
            }

            errors.Clear();
            return dataset;
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    internal static RasterInfo Describe(DatasetHandle dataset)
    {
        var driver = NativeMethods.GDALGetDriverShortName(NativeMethods.GDALGetDatasetDriver(dataset));
        return new RasterInfo(
            NativeMethods.GDALGetRasterXSize(dataset),
            NativeMethods.GDALGetRasterYSize(dataset),
            NativeMethods.GDALGetRasterCount(dataset),
            Marshal.PtrToStringUTF8(driver) ?? "");
    }

    internal static PixelWindow CheckWindow(PixelWindow? window, RasterInfo info)
    {
        var part = window ?? new PixelWindow(0, 0, info.WidthPx, info.HeightPx);
        var inside = part is { X: >= 0, Y: >= 0, WidthPx: >= 1, HeightPx: >= 1 }
            && part.WidthPx <= info.WidthPx - part.X && part.HeightPx <= info.HeightPx - part.Y;
        return inside
            ? part
            : throw new ArgumentOutOfRangeException(nameof(window), part, $"The window leaves the image of {info.WidthPx} x {info.HeightPx} px.");
    }

    internal static (int WidthPx, int HeightPx) OutputSize(PixelWindow part, int? widthPx, int? heightPx)
    {
        var width = widthPx ?? Proportional(part.WidthPx, heightPx, part.HeightPx);
        var height = heightPx ?? Proportional(part.HeightPx, widthPx, part.WidthPx);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1, nameof(widthPx));
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1, nameof(heightPx));
        return (width, height);
    }

    internal static RasterImage ReadRgb(DatasetHandle dataset, PixelWindow part, int width, int height, string path, GdalErrors errors)
    {
        var bands = ColourBands(dataset, path, out var palette);
        var first = NativeMethods.GDALGetRasterBand(dataset, bands[0]);
        var type = NativeMethods.GDALGetRasterDataType(first);
        if (type is not (TypeByte or TypeUInt16))
        {
            throw new GdalException($"{path}: pixels are neither 8 nor 16 bit without sign; convert it to 8 bit, e.g. gdal_translate -ot Byte -scale");
        }

        if (palette != 0)
        {
            return ReadPalette(dataset, part, width, height, bands, palette, path, errors);
        }

        var pixels = new byte[PixelBytes(width, height, path)];
        var levels = (1 << Bits(first, type)) - 1;
        if (type == TypeByte)
        {
            ReadBands(dataset, part, width, height, bands, pixels, path, errors);
            Stretch(pixels, pixels, levels);
        }
        else
        {
            var wide = new ushort[pixels.Length];
            ReadBands(dataset, part, width, height, bands, wide, path, errors);
            Stretch(wide, pixels, levels);
        }

        return new RasterImage(width, height, 3, pixels);
    }

    /// <summary>Indices must not be averaged: look the colours up at full size first, then shrink those.</summary>
    private static RasterImage ReadPalette(
        DatasetHandle dataset, PixelWindow part, int width, int height, int[] bands, nint palette, string path, GdalErrors errors)
    {
        var pixels = new byte[PixelBytes(part.WidthPx, part.HeightPx, path)];
        ReadBands(dataset, part, part.WidthPx, part.HeightPx, bands, pixels, path, errors);
        var colours = new NativeMethods.ColorEntry[256];
        for (var i = 0; i < Math.Min(256, NativeMethods.GDALGetColorEntryCount(palette)); i++)
        {
            fixed (NativeMethods.ColorEntry* entry = &colours[i])
            {
                _ = NativeMethods.GDALGetColorEntryAsRGB(palette, i, entry);
            }
        }

        for (var i = 0; i < pixels.Length; i += 3)
        {
            var colour = colours[pixels[i]];
            (pixels[i], pixels[i + 1], pixels[i + 2]) = ((byte)colour.Red, (byte)colour.Green, (byte)colour.Blue);
        }

        var image = new RasterImage(part.WidthPx, part.HeightPx, 3, pixels);
        return (width, height) == (part.WidthPx, part.HeightPx) ? image : Resize(image, width, height, path, errors);
    }

    private static RasterImage Resize(RasterImage image, int width, int height, string path, GdalErrors errors)
    {
        var resized = new byte[PixelBytes(width, height, path)];
        fixed (byte* source = image.Pixels)
        {
            using var memory = ImageWriter.Wrap(image, source, errors);
            ReadBands(memory, new PixelWindow(0, 0, image.WidthPx, image.HeightPx), width, height, [1, 2, 3], resized, path, errors);
        }

        return new RasterImage(width, height, 3, resized);
    }

    private static void ReadBands<T>(
        DatasetHandle dataset, PixelWindow part, int width, int height, int[] bands, T[] into, string path, GdalErrors errors)
        where T : unmanaged
    {
        var extra = new NativeMethods.RasterIoExtra { Version = 1, Resampling = Resampling(part, width, height) };
        fixed (T* buffer = into)
        fixed (int* map = bands)
        {
            var failed = NativeMethods.GDALDatasetRasterIOEx(
                dataset, 0, part.X, part.Y, part.WidthPx, part.HeightPx, buffer, width, height,
                sizeof(T) == 1 ? TypeByte : TypeUInt16, bands.Length, map, bands.Length * sizeof(T),
                (long)bands.Length * sizeof(T) * width, sizeof(T), &extra);
            errors.Check(failed == 0, $"{path}: corrupt or truncated image data", strict: true);
        }
    }

    private static int Resampling(PixelWindow part, int width, int height)
    {
        if (width == part.WidthPx && height == part.HeightPx)
        {
            return ResampleNearest;
        }

        return width <= part.WidthPx && height <= part.HeightPx ? ResampleAverage : ResampleBilinear;
    }

    /// <summary>The band numbers (from 1) that hold red, green and blue; one band three times for gray and palette.</summary>
    private static int[] ColourBands(DatasetHandle dataset, string path, out nint palette)
    {
        palette = 0;
        var colours = new Colour[NativeMethods.GDALGetRasterCount(dataset)];
        for (var i = 0; i < colours.Length; i++)
        {
            colours[i] = (Colour)NativeMethods.GDALGetRasterColorInterpretation(NativeMethods.GDALGetRasterBand(dataset, i + 1));
        }

        if (colours[0] >= Colour.Cyan)
        {
            throw new GdalException($"{path}: CMYK and YCbCr bands are not supported; save it as RGB");
        }

        if (colours[0] == Colour.Palette)
        {
            palette = NativeMethods.GDALGetRasterColorTable(NativeMethods.GDALGetRasterBand(dataset, 1));
        }

        if (colours.Length < 3 || colours[0] is Colour.Gray or Colour.Palette && colours[1..].All(c => c == Colour.Alpha))
        {
            return [1, 1, 1];
        }

        int[] named = [Array.IndexOf(colours, Colour.Red) + 1, Array.IndexOf(colours, Colour.Green) + 1, Array.IndexOf(colours, Colour.Blue) + 1];
        return named.Contains(0) ? [1, 2, 3] : named;
    }

    private static int Bits(nint band, int type)
    {
        var declared = Marshal.PtrToStringUTF8(NativeMethods.GDALGetMetadataItem(band, "NBITS", "IMAGE_STRUCTURE"));
        var full = type == TypeByte ? 8 : 16;
        return int.TryParse(declared, CultureInfo.InvariantCulture, out var bits) ? Math.Clamp(bits, 1, full) : full;
    }

    private static void Stretch(byte[] source, byte[] target, int levels)
    {
        if (levels != 255)
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = Scale(source[i], levels);
            }
        }
    }

    private static void Stretch(ushort[] source, byte[] target, int levels)
    {
        for (var i = 0; i < source.Length; i++)
        {
            target[i] = Scale(source[i], levels);
        }
    }

    private static byte Scale(int value, int levels) => (byte)(((Math.Min(value, levels) * 255) + (levels / 2)) / levels);

    private static int Proportional(int own, int? otherOut, int other) =>
        otherOut is { } target ? Math.Max(1, (int)Math.Round((double)own * target / other)) : own;

    private static int PixelBytes(int width, int height, string path) =>
        (long)width * height <= Images.MaxReadPixels
            ? width * height * 3
            : throw new GdalException($"{path}: {width} x {height} px is more than one read returns; read it in windows or smaller");
}
