using Field.Gdal;

namespace Field.Tests.Gdal;

public sealed class ImagesEncodeTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void EncodePng_then_read_keeps_every_colour(int bands)
    {
        var pixels = new byte[7 * 5 * bands];
        new Random(bands).NextBytes(pixels);

        var path = folder.Write("image.png", Images.EncodePng(new RasterImage(7, 5, bands, pixels)));

        Assert.Equal(bands, Images.Probe(path).Bands);
        var read = Images.Read(path).Pixels;
        for (var i = 0; i < 7 * 5 * 3; i++)
        {
            var expected = bands == 1 ? pixels[i / 3] : pixels[(i / 3 * bands) + (i % 3)];
            Assert.Equal(expected, read[i]);
        }
    }

    [Fact]
    public void EncodeJpeg_is_baseline_without_metadata()
    {
        var jpeg = Images.EncodeJpeg(Gradient(64, 48), 85);

        // Marker segments up to start of scan (ITU-T T.81): only JFIF APP0, tables and SOF0.
        var markers = new List<byte>();
        for (var at = 2; jpeg[at + 1] != 0xDA; at += 2 + (jpeg[at + 2] << 8) + jpeg[at + 3])
        {
            Assert.Equal(0xFF, jpeg[at]);
            markers.Add(jpeg[at + 1]);
        }

        Assert.Equal([0xC0, 0xC4, 0xDB, 0xE0], markers.Distinct().Order().ToArray());
        Assert.Equal([0xFF, 0xD9], jpeg[^2..]);
    }

    [Fact]
    public void EncodeJpeg_then_read_is_close()
    {
        var image = Gradient(64, 48);

        var path = folder.Write("image.jpg", Images.EncodeJpeg(image, 95));

        var worst = Images.Read(path).Pixels.Zip(image.Pixels, (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(worst, 0, 12);
    }

    [Fact]
    public void EncodeJpeg_lower_quality_is_smaller()
    {
        var image = ImagesBrokenFileTests.Noise(64, 64, seed: 5);

        Assert.True(Images.EncodeJpeg(image, 40).Length < Images.EncodeJpeg(image, 90).Length);
    }

    [Fact]
    public void Encode_from_many_threads_gives_the_same_bytes()
    {
        var image = ImagesBrokenFileTests.Noise(40, 30, seed: 4);
        var expected = Images.EncodeJpeg(image, 80);

        Parallel.For(0, 64, _ => Assert.Equal(expected, Images.EncodeJpeg(image, 80)));
    }

    [Theory]
    [InlineData(2, 2, 2, 8)] // bands
    [InlineData(2, 2, 3, 11)] // length
    [InlineData(0, 2, 3, 0)]
    [InlineData(65536, 65536, 3, 12)]
    public void Encode_inconsistent_image_throws(int width, int height, int bands, int bytes) =>
        Assert.Throws<ArgumentException>(() => Images.EncodePng(new RasterImage(width, height, bands, new byte[bytes])));

    [Fact]
    public void EncodeJpeg_with_alpha_throws() =>
        Assert.Throws<ArgumentException>(() => Images.EncodeJpeg(new RasterImage(1, 1, 4, new byte[4]), 85));

    [Theory]
    [InlineData(9)]
    [InlineData(101)]
    public void EncodeJpeg_quality_outside_range_throws(int quality) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Images.EncodeJpeg(Gradient(2, 2), quality));

    [Fact]
    public void EncodeJpeg_too_wide_throws() =>
        Assert.Throws<GdalException>(() => Images.EncodeJpeg(new RasterImage(65_501, 1, 1, new byte[65_501]), 85));

    private static RasterImage Gradient(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)((i / 3 % width * 2) + (i / 3 / width));
        }

        return new RasterImage(width, height, 3, pixels);
    }
}
