using Field.Contracts;
using Field.Demo.Synthetic;
using Field.EdgeAgent.Photos;
using Field.Gdal;
using Field.Harness;

namespace Field.Bench.Fuzz;

/// <summary>EXIF and XMP of a photo. Only the beginning of a file is taken: the pixels are nothing to the reader.</summary>
internal static class PhotoTargets
{
    private const int HeadBytes = 24 * 1024;

    private static readonly byte[] NoPixels = [0xFF, 0xD8, 0xFF, 0xD9];

    public static FuzzTarget Metadata() => new("exif-xmp", [.. Synthetic(), .. Real()], Read)
    {
        Form = InputForm.Binary,

        // The library makes an object of every tag and a tree of XMP's XML.
        AllocatedBytes = 1024 * 1024,
        AllocatedPerByte = 128,
    };

    /// <summary>A thumbnail as the server checks it, and the making of one, in which native code reads what was on the card.</summary>
    public static IEnumerable<FuzzTarget> Thumbnails()
    {
        byte[][] photos = [Images.EncodeJpeg(Speckled(64, 48), 80), Images.EncodeJpeg(Speckled(720, 540), 80)];
        yield return new FuzzTarget("thumbnail", [.. photos.Select(p => Thumbnail.Make(p)!)], b => PhotoThumbnail.Check(b).Count == 0)
        {
            Form = InputForm.Binary,
            AllocatedBytes = 16 * 1024,
            AllocatedPerByte = 1,
        };
        yield return new FuzzTarget("thumbnail-make", photos, b => Thumbnail.Make(b) is not null)
        {
            Form = InputForm.Binary,

            // The decoded picture of at most 1,024 px, and one encoded.
            AllocatedBytes = 12 * 1024 * 1024,
            AllocatedPerByte = 1,
        };
    }

    private static RasterImage Speckled(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)((i / 7 * 37) ^ (i / 301 * 11));
        }

        return new RasterImage(width, height, 3, pixels);
    }

    private static bool Read(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        PhotoMetadataReader.Read(stream, TimeZoneInfo.Utc);
        return true; // a photo without metadata is a photo
    }

    private static IEnumerable<byte[]> Synthetic()
    {
        Demo.Synthetic.PhotoMetadata photo = new(
            140.87, 38.26, 61.5, 40, -12.5, -90, 3666.7, 4000, 3000, 0.02, 0.03, new DateTimeOffset(2026, 5, 11, 9, 30, 0, TimeSpan.FromHours(9)));
        yield return JpegSegments.WithApp1(NoPixels, photo.Exif(), photo.Xmp());
        yield return JpegSegments.WithApp1(NoPixels, photo.Exif());
        yield return JpegSegments.WithApp1(NoPixels, photo.Xmp());
    }

    /// <summary>Beginnings of real photos, where the shared data lies beside the checkout.</summary>
    private static IEnumerable<byte[]> Real()
    {
        string folder = Path.Combine(Environment.GetEnvironmentVariable("FIELD_SHARED") ?? Path.Combine(Checkout.Root, "..", "shared"), "data", "drone");
        return !Directory.Exists(folder)
            ? []
            : Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
                .Select(d => Directory.EnumerateFiles(d, "*.jpg", new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive, RecurseSubdirectories = true }).Order(StringComparer.Ordinal).FirstOrDefault())
                .OfType<string>()
                .Select(Head);
    }

    private static byte[] Head(string file)
    {
        using FileStream stream = File.OpenRead(file);
        byte[] head = new byte[Math.Min(HeadBytes, stream.Length)];
        stream.ReadExactly(head);
        return head;
    }
}
