using Field.Gdal;

namespace Field.Tests.Gdal;

/// <summary>Expected pixels of the real photo are Pillow 9.4's (libjpeg-turbo): <c>np.asarray(Image.open(f))</c>, <c>im.reduce(10)</c>.</summary>
public sealed class ImagesReadTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static string Photo => SharedData.Path("drone/dji_phantom3_xmp/DJI_0018.JPG");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Probe_drone_photo_tells_size_and_driver() =>
        Assert.Equal(new RasterInfo(4000, 2250, 3, "JPEG"), Images.Probe(Photo));

    [Fact]
    public void Read_drone_photo_equals_independent_decoder()
    {
        var image = Images.Read(Photo);

        Assert.Equal((4000, 2250, 3), (image.WidthPx, image.HeightPx, image.Bands));
        AssertPixel(image, 0, 0, [162, 175, 149], 1);
        AssertPixel(image, 2000, 1000, [101, 140, 75], 1);
        AssertPixel(image, 3999, 2249, [36, 48, 44], 1);
        AssertPixel(image, 17, 1300, [26, 40, 27], 1);
        double[] mean = [0, 0, 0];
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            mean[i % 3] += image.Pixels[i] / (4000.0 * 2250.0);
        }

        Assert.Equal(111.002, mean[0], 0.05);
        Assert.Equal(128.023, mean[1], 0.05);
        Assert.Equal(88.054, mean[2], 0.05);
    }

    [Fact]
    public void Read_smaller_averages_every_source_pixel()
    {
        var image = Images.Read(Photo, outWidthPx: 400);

        Assert.Equal((400, 225), (image.WidthPx, image.HeightPx));
        AssertPixel(image, 100, 50, [148, 155, 102], 1);
        AssertPixel(image, 399, 224, [33, 55, 39], 1);
        AssertPixel(image, 0, 0, [117, 136, 95], 1);
    }

    [Fact]
    public void Read_thumbnail_comes_from_the_photo_not_from_its_letterboxed_exif_thumbnail()
    {
        // The EXIF thumbnail is 160 x 120 with black bars above and below the 16:9 picture.
        var image = Images.Read(Photo, outWidthPx: 160);

        Assert.Equal(90, image.HeightPx);
        Assert.True(image.Pixels.AsSpan(0, 160 * 3).ToArray().Average(p => (double)p) > 60, "the first row is black");
    }

    [Fact]
    public void Read_window_equals_that_part_of_the_whole()
    {
        var whole = Images.Read(Photo);
        var window = new PixelWindow(3400, 2000, 512, 200);

        var part = Images.Read(Photo, window);

        for (var y = 0; y < window.HeightPx; y++)
        {
            var expected = whole.Pixels.AsSpan((((window.Y + y) * 4000) + window.X) * 3, window.WidthPx * 3);
            Assert.True(expected.SequenceEqual(part.Pixels.AsSpan(y * window.WidthPx * 3, window.WidthPx * 3)), $"row {y}");
        }
    }

    [Theory]
    [InlineData(-1, 0, 10, 10)]
    [InlineData(0, 0, 4001, 10)]
    [InlineData(3999, 0, 2, 1)]
    [InlineData(0, 2250, 1, 1)]
    [InlineData(0, 0, 0, 1)]
    [InlineData(1, 1, int.MaxValue, int.MaxValue)]
    public void Read_window_outside_throws(int x, int y, int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Images.Read(Photo, new PixelWindow(x, y, width, height)));

    [Theory]
    [InlineData(0, null)]
    [InlineData(null, -3)]
    public void Read_output_size_below_one_throws(int? width, int? height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Images.Read(Photo, null, width, height));

    [Fact]
    public void Read_more_than_the_limit_throws() =>
        Assert.Contains("windows", Assert.Throws<GdalException>(() => Images.Read(Photo, null, 20_000, 20_000)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_gray_repeats_the_band()
    {
        var path = folder.Write("gray.png", TestPng.Write(3, 1, 8, TestPng.Gray, [0, 100, 255]));

        Assert.Equal([0, 0, 0, 100, 100, 100, 255, 255, 255], Images.Read(path).Pixels);
        Assert.Equal(1, Images.Probe(path).Bands);
    }

    [Fact]
    public void Read_one_bit_gray_is_black_and_white()
    {
        var path = folder.Write("bits.png", TestPng.Write(4, 1, 1, TestPng.Gray, [0b0101_0000]));

        Assert.Equal([0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255], Images.Read(path).Pixels);
    }

    [Fact]
    public void Read_palette_looks_colours_up()
    {
        var path = folder.Write("palette.png", TestPng.Write(3, 1, 8, TestPng.Palette, [2, 0, 1], [10, 20, 30, 40, 50, 60, 250, 128, 4]));

        Assert.Equal([250, 128, 4, 10, 20, 30, 40, 50, 60], Images.Read(path).Pixels);
    }

    [Fact]
    public void Read_palette_smaller_averages_colours_not_indices()
    {
        // Index 1 lies between 0 (red) and 2 (blue) but is green: averaged indices would give green.
        var path = folder.Write("palette.png", TestPng.Write(2, 2, 8, TestPng.Palette, [0, 2, 0, 2], [200, 0, 0, 0, 200, 0, 0, 0, 200]));

        Assert.Equal([100, 0, 100], Images.Read(path, outWidthPx: 1).Pixels);
    }

    [Fact]
    public void Read_rgba_drops_alpha()
    {
        var path = folder.Write("rgba.png", TestPng.Write(2, 1, 8, TestPng.Rgba, [1, 2, 3, 255, 4, 5, 6, 0]));

        Assert.Equal([1, 2, 3, 4, 5, 6], Images.Read(path).Pixels);
        Assert.Equal(4, Images.Probe(path).Bands);
    }

    [Fact]
    public void Read_sixteen_bit_scales_the_full_range()
    {
        // 0, 257 -> 1, 32896 = 128 * 257 -> 128, 65535 -> 255.
        var path = folder.Write("deep.png", TestPng.Write(4, 1, 16, TestPng.Gray, [0, 0, 1, 1, 0x80, 0x80, 255, 255]));

        var pixels = Images.Read(path).Pixels;

        Assert.Equal([0, 1, 128, 255], [pixels[0], pixels[3], pixels[6], pixels[9]]);
    }

    [Fact]
    public void Read_larger_interpolates()
    {
        var path = folder.Write("gray.png", TestPng.Write(2, 1, 8, TestPng.Gray, [0, 200]));

        var pixels = Images.Read(path, outWidthPx: 8, outHeightPx: 1).Pixels.Where((_, i) => i % 3 == 0).ToArray();

        Assert.Equal(pixels.Order(), pixels);
        Assert.True(pixels.Distinct().Count() > 2);
    }

    [Fact]
    public void Read_geotiff_of_three_bands_gives_rgb()
    {
        var image = Images.Read(SharedData.Path("conformance/cog/rgb.tif"));

        Assert.Equal((255, 259, 3), (image.WidthPx, image.HeightPx, image.Bands));
    }

    [Theory]
    [InlineData("conformance/cog/dem.tif")] // Float32
    [InlineData("conformance/cog/cog_scale.tif")] // Int16
    public void Read_unsupported_pixel_type_says_how_to_convert(string file) =>
        Assert.Contains("gdal_translate", Assert.Throws<GdalException>(() => Images.Read(SharedData.Path(file))).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_photos_of_many_cameras_refuses_none()
    {
        // Warnings count as damage: this guards against counting harmless oddities of real cameras (conformance/exif_samples).
        string[] photos = [.. Directory.EnumerateFiles(SharedData.Path("conformance/exif_samples"), "*.jpg", SearchOption.AllDirectories)];

        Assert.True(photos.Length > 40, $"{photos.Length} photos");
        Assert.All(photos, photo => Assert.Equal(3, Images.Read(photo).Bands));
    }

    [Fact]
    public void Read_leaves_no_sidecar_files()
    {
        var path = folder.Write("photo.jpg", File.ReadAllBytes(Photo));

        Images.Read(path, outWidthPx: 100);

        Assert.Equal(["photo.jpg"], folder.FileNames());
    }

    [Fact]
    public void Read_from_many_threads_gives_the_same_pixels()
    {
        var expected = Images.Read(Photo, outWidthPx: 200).Pixels;
        var broken = folder.Write("broken.jpg", File.ReadAllBytes(Photo)[..2_000_000]);

        Parallel.For(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            if (i % 3 == 0)
            {
                Assert.Throws<GdalException>(() => Images.Read(broken, outWidthPx: 200));
            }
            else
            {
                Assert.Equal(expected, Images.Read(Photo, outWidthPx: 200).Pixels);
            }
        });
    }

    private static void AssertPixel(RasterImage image, int x, int y, int[] expected, int tolerance)
    {
        for (var band = 0; band < 3; band++)
        {
            Assert.InRange(image.Pixels[(((y * image.WidthPx) + x) * 3) + band], expected[band] - tolerance, expected[band] + tolerance);
        }
    }
}
