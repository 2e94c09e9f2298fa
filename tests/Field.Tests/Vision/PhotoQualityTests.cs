using Field.Gdal;
using Field.Vision.Quality;

namespace Field.Tests.Vision;

/// <summary>
/// The thresholds were chosen with these photos in sight, so this is a guard against change and no measure of how they do on others. Damage is
/// done in linear light to the picture at most 1,600 px wide.
/// </summary>
public sealed class PhotoQualityTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("field-quality").FullName;

    private const int QuayStep = 15;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Sound_photos_are_not_called_useless()
    {
        foreach (string path in Photos())
        {
            PhotoQuality quality = QualityMeter.Measure(path);

            Assert.True(quality.Codes.Count == 0, $"{path}: {quality} {string.Join(",", quality.Codes)}");
        }
    }

    [Fact]
    public void Damaged_photos_are_found_and_named()
    {
        (string Name, string Code, Func<float[], int, int, float[]> Do)[] ways =
        [
            ("gauss 1.5 px", QualityCodes.Blurred, (a, w, h) => Gauss(a, w, h, 1.5)),
            ("motion 7 px across", QualityCodes.Blurred, (a, w, h) => Motion(a, w, h, 7, 1, 0)),
            ("motion 7 px down", QualityCodes.Blurred, (a, w, h) => Motion(a, w, h, 7, 0, 1)),
            ("+2 EV", QualityCodes.OverExposed, (a, _, _) => [.. a.Select(v => v * 4)]),
            ("-3.5 EV", QualityCodes.UnderExposed, (a, _, _) => [.. a.Select(v => v / 11.3f)]),
        ];
        string[] photos = [.. Photos()];
        foreach (var (name, code, damage) in ways)
        {
            string[] missed = [.. photos.Where(p => !Damaged(p, damage).Codes.Contains(code))];

            Assert.True(missed.Length * 10 <= photos.Length, $"{name}: {missed.Length} of {photos.Length} not {code}: {string.Join(", ", missed)}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Sharp_photo_is_far_from_blurred_at_every_resolution(int divisor)
    {
        string photo = Directory.EnumerateFiles(SharedData.Path("drone/dji_phantom3_xmp"), "*.JPG").Order(StringComparer.Ordinal).First();
        double part = QualityMeter.Measure(Images.Read(Write(Images.Read(photo, outWidthPx: 4000 / divisor)), outWidthPx: QualityMeter.LongestSidePx)).Sharpness!.Value;

        Assert.InRange(part, 2 * PhotoQuality.LeastSharpness, 1);
    }

    [Fact]
    public void Flat_wall_with_one_sharp_edge_is_sharp_and_without_any_is_not_judged()
    {
        PhotoQuality edge = QualityMeter.Measure(Flat(640, (x, y) => (x % 320 > 200) ^ (y % 320 > 150) ^ (x + y > 500) ^ (x - y > 100) ? 160 : 100));
        PhotoQuality flat = QualityMeter.Measure(Flat(640, (_, _) => 128));

        Assert.Empty(edge.Codes);
        Assert.Null(flat.Sharpness);
        Assert.Empty(flat.Codes);
    }

    /// <summary>Bands as scoring reads them: each begins where the last row of tiles did, above where the one before ended.</summary>
    [Fact]
    public void Photo_in_overlapping_bands_gives_what_the_whole_photo_gives()
    {
        RasterImage whole = Images.Read(Directory.EnumerateFiles(SharedData.Path("drone/dji_phantom3_xmp"), "*.JPG").Order(StringComparer.Ordinal).First());
        SmallLuma small = new(whole.WidthPx, whole.HeightPx);
        for (int top = 0; top < whole.HeightPx; top += 700)
        {
            int rows = Math.Min(1001, whole.HeightPx - top);
            small.Take(new RasterImage(whole.WidthPx, rows, 3, whole.Pixels.AsSpan(top * whole.WidthPx * 3, rows * whole.WidthPx * 3).ToArray()), top);
        }

        Assert.Equal(QualityMeter.Measure(whole), QualityMeter.Measure(small));
    }

    /// <summary>The crew's command lets GDAL make the photo small, the server does it while it scores: both have to say the same.</summary>
    [Fact]
    public void Photo_made_small_while_it_is_scored_is_judged_as_by_the_command()
    {
        foreach (string path in Directory.EnumerateFiles(SharedData.Path("drone/dji_phantom3_xmp"), "*.JPG").Order(StringComparer.Ordinal).Take(3))
        {
            PhotoQuality small = QualityMeter.Measure(path);
            PhotoQuality whole = QualityMeter.Measure(Images.Read(path));

            Assert.Equal(small.Sharpness!.Value, whole.Sharpness!.Value, 0.02);
            Assert.Equal(small.ClippedShare, whole.ClippedShare, 0.005);
            Assert.InRange(whole.BrightestLevel, small.BrightestLevel - 2, small.BrightestLevel + 2);
        }
    }

    private static IEnumerable<string> Photos()
    {
        string[] phantom = [.. Directory.EnumerateFiles(SharedData.Path("drone/dji_phantom3_xmp"), "*.JPG").Order(StringComparer.Ordinal)];
        string[] quay = [.. Directory.EnumerateFiles(SharedData.Path("crack_quay/k1"), "*.JPG").Order(StringComparer.Ordinal)];
        return phantom.Where((_, i) => i % 4 == 1)
            .Concat(Directory.EnumerateFiles(SharedData.Path("drone/canon_fixedwing_cc0"), "*.jpg").Order(StringComparer.Ordinal))
            .Concat(quay.Where((_, i) => i % QuayStep == 0));
    }

    private static PhotoQuality Damaged(string path, Func<float[], int, int, float[]> damage)
    {
        RasterInfo info = Images.Probe(path);
        RasterImage image = Images.Read(path, outWidthPx: Math.Min(info.WidthPx, QualityMeter.LongestSidePx));
        byte[] pixels = new byte[image.Pixels.Length];
        for (int band = 0; band < 3; band++)
        {
            float[] linear = [.. Enumerable.Range(0, image.WidthPx * image.HeightPx).Select(i => MathF.Pow(image.Pixels[(i * 3) + band] / 255f, 2.2f))];
            float[] worse = damage(linear, image.WidthPx, image.HeightPx);
            for (int i = 0; i < worse.Length; i++)
            {
                pixels[(i * 3) + band] = (byte)(MathF.Pow(Math.Clamp(worse[i], 0, 1), 1 / 2.2f) * 255);
            }
        }

        return QualityMeter.Measure(image with { Pixels = pixels });
    }

    private static float[] Gauss(float[] a, int width, int height, double sigma)
    {
        int reach = (int)(3 * sigma) + 1;
        double[] weights = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(x => Math.Exp(-x * x / (2 * sigma * sigma)))];
        double sum = weights.Sum();
        return Along(Along(a, width, height, 1, 0, reach, i => (float)(weights[i + reach] / sum)), width, height, 0, 1, reach, i => (float)(weights[i + reach] / sum));
    }

    /// <summary>An odd number of pixels along an axis.</summary>
    private static float[] Motion(float[] a, int width, int height, int pixels, int dx, int dy) => Along(a, width, height, dx, dy, pixels / 2, _ => 1f / pixels);

    private static float[] Along(float[] a, int width, int height, int dx, int dy, int reach, Func<int, float> weight)
    {
        float[] result = new float[a.Length];
        float[] weights = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(weight)];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                float sum = 0;
                for (int i = -reach; i <= reach; i++)
                {
                    sum += weights[i + reach] * a[(Math.Clamp(y + (i * dy), 0, height - 1) * width) + Math.Clamp(x + (i * dx), 0, width - 1)];
                }

                result[(y * width) + x] = sum;
            }
        }

        return result;
    }

    private static RasterImage Flat(int side, Func<int, int, int> level) =>
        new(side, side, 3, [.. Enumerable.Range(0, side * side).SelectMany(i => Enumerable.Repeat((byte)level(i % side, i / side), 3))]);

    private string Write(RasterImage image)
    {
        string path = Path.Combine(folder, "smaller.jpg");
        File.WriteAllBytes(path, Images.EncodeJpeg(image, 95));
        return path;
    }
}
