using Field.Gdal;

namespace Field.Vision.Eval;

/// <summary>One way in which a photo is worse than it could be.</summary>
/// <param name="Name">As in the card; null for the photo as it is.</param>
/// <param name="Meaning">In plain words.</param>
/// <param name="Apply">Gives the worse photo.</param>
internal sealed record Degradation(string? Name, string Meaning, Func<RasterImage, RasterImage> Apply)
{
    private const double BlurSigmaPx = 2;
    private const int Quality = 60;

    internal static readonly Degradation None = new(null, "as it is", i => i);

    internal static readonly IReadOnlyList<Degradation> All =
    [
        new("blur2", "out of focus: Gaussian blur with a standard deviation of 2 px", Blurred),
        new("jpeg60", "compressed: JPEG of quality 60", Compressed),
        new("ev-2", "under-exposed by two stops: a quarter of the light", Darkened),
        new("half", "from twice the distance: half the width and height", Halved),
    ];

    internal static Degradation Named(string name) => All.Single(d => d.Name == name);

    private static RasterImage Blurred(RasterImage image)
    {
        var pixels = new byte[image.Pixels.Length];
        for (var band = 0; band < image.Bands; band++)
        {
            var plane = Plane.Of(image, band).Blur(BlurSigmaPx);
            for (var i = 0; i < plane.Values.Length; i++)
            {
                pixels[i * image.Bands + band] = (byte)Math.Clamp(plane.Values[i] + 0.5f, 0, 255);
            }
        }

        return image with { Pixels = pixels };
    }

    private static RasterImage Compressed(RasterImage image)
    {
        var path = Path.Combine(Path.GetTempPath(), $"field-eval-{Guid.NewGuid():N}.jpg");
        try
        {
            File.WriteAllBytes(path, Images.EncodeJpeg(image, Quality));
            return Images.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A quarter of the light falls on the sensor: a quarter of the linear value, not of the stored one (IEC 61966-2-1).</summary>
    private static RasterImage Darkened(RasterImage image)
    {
        var table = new byte[256];
        for (var v = 0; v < 256; v++)
        {
            double stored = v / 255.0, linear = (stored <= 0.04045 ? stored / 12.92 : Math.Pow((stored + 0.055) / 1.055, 2.4)) / 4;
            table[v] = (byte)Math.Round(255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.Pow(linear, 1 / 2.4) - 0.055));
        }

        return image with { Pixels = Array.ConvertAll(image.Pixels, v => table[v]) };
    }

    private static RasterImage Halved(RasterImage image)
    {
        int width = Math.Max(1, image.WidthPx / 2), height = Math.Max(1, image.HeightPx / 2), row = image.WidthPx * image.Bands;
        if (image.WidthPx < 2 || image.HeightPx < 2)
        {
            return image;
        }

        var pixels = new byte[width * height * image.Bands];
        for (var i = 0; i < pixels.Length; i++)
        {
            int band = i % image.Bands, x = i / image.Bands % width, y = i / image.Bands / width;
            var at = 2 * y * row + 2 * x * image.Bands + band;
            pixels[i] = (byte)((image.Pixels[at] + image.Pixels[at + image.Bands] + image.Pixels[at + row] + image.Pixels[at + row + image.Bands] + 2) / 4);
        }

        return new RasterImage(width, height, image.Bands, pixels);
    }
}
