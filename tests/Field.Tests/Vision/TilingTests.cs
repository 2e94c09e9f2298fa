using Field.Gdal;
using Field.Vision;
using Field.Vision.Eval;
using Field.Vision.Onnx;

namespace Field.Tests.Vision;

public sealed class TilingTests
{
    private static readonly string Card = Path.Combine(SharedData.RepositoryRoot(), "models", "crack-v1.json");

    [Fact]
    public void Plan_covers_every_pixel_with_equal_tiles()
    {
        var random = new Random(3);
        for (var n = 0; n < 2000; n++)
        {
            var overlap = random.Next(0, 5) * 16;
            var max = overlap * 2 + 64 + random.Next(0, 5) * 16;
            var length = random.Next(1, 5000);
            var plan = new TilePlan(length, max, overlap, 16);
            Assert.True(plan.Tile <= max && plan.Tile % 16 == 0);
            Assert.Equal(0, plan.Starts[0]);
            Assert.True(plan.Starts[^1] + plan.Tile >= length);
            Assert.True(plan.Starts.Count == 1 || plan.Starts[^1] + plan.Tile == length);
            Assert.All(plan.Starts.Zip(plan.Starts.Skip(1)), p => Assert.InRange(p.First + plan.Tile - p.Second, overlap, plan.Tile - 1));
        }
    }

    /// <summary>The tablet cuts a photo by the same rule: map-app/web/src/hint/hint.test.ts names the same numbers.</summary>
    [Theory]
    [InlineData(256, 256, "0")]
    [InlineData(720, 720, "0")]
    [InlineData(1080, 592, "0 488")]
    [InlineData(1536, 576, "0 480 960")]
    public void Plan_is_the_one_that_a_tablet_has(int length, int tile, string starts)
    {
        TilePlan plan = new(length, 768, 96, 16);
        Assert.Equal((tile, starts), (plan.Tile, string.Join(' ', plan.Starts)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(64, 64)]
    [InlineData(65, 200)]
    [InlineData(333, 97)]
    public void Tiled_pixelwise_model_gives_the_analytic_map(int width, int height)
    {
        using var model = new OnnxModel(DarkModel.Onnx, 1);
        var image = Noise(width, height, 5);
        var map = new PhotoInference(model, new InputSpec { TilePx = 64, OverlapPx = 16 }).Run(width, height, Window(image), TestContext.Current.CancellationToken)[0];
        for (var i = 0; i < width * height; i++)
        {
            var p = DarkModel.Probability(image.Pixels[i * 3] / 255.0, image.Pixels[i * 3 + 1] / 255.0, image.Pixels[i * 3 + 2] / 255.0);
            Assert.InRange(map.Values[i], p * 255 - 1, p * 255 + 1);
        }
    }

    [Fact]
    public void Wide_photo_is_decoded_in_bands_and_no_band_exceeds_the_bound()
    {
        using var model = new OnnxModel(DarkModel.Onnx, 1);
        int width = 200_000, height = 200;
        var windows = new List<PixelWindow>();
        new PhotoInference(model, new InputSpec { TilePx = 64, OverlapPx = 16 }).Run(width, height, w =>
        {
            windows.Add(w);
            return new RasterImage(w.WidthPx, w.HeightPx, 3, new byte[w.WidthPx * w.HeightPx * 3]);
        }, TestContext.Current.CancellationToken);
        Assert.True(windows.Count > 1);
        Assert.All(windows, w => Assert.InRange((long)w.WidthPx * w.HeightPx, 1, PhotoInference.BandPixels));
        Assert.Equal(height, windows[^1].Y + windows[^1].HeightPx);
    }

    /// <summary>Tolerance: 99.5 % of the pixels within 0.1 and a mean difference below 0.005; the network's view is wider than the overlap.</summary>
    [Fact]
    public void Tiled_crack_model_agrees_with_the_whole_image()
    {
        using var scorer = PhotoScorer.Load(Card);
        var image = new CrackScene(512, 448, seed: 4).WithCrack(6).Image;
        var ct = TestContext.Current.CancellationToken;
        var whole = scorer.Infer(image, scorer.Card.Input with { TilePx = 512 }, ct)[0];
        var tiled = scorer.Infer(image, scorer.Card.Input with { TilePx = 272 }, ct)[0];
        var differences = whole.Values.Zip(tiled.Values, (a, b) => Math.Abs(a - b) / 255.0).ToList();
        Assert.True(differences.Average() < 0.005, $"mean {differences.Average()}");
        Assert.True(differences.Count(d => d > 0.1) < 0.005 * differences.Count, $"{differences.Count(d => d > 0.1)} of {differences.Count} differ");
    }

    private static RasterImage Noise(int width, int height, int seed)
    {
        var pixels = new byte[width * height * 3];
        new Random(seed).NextBytes(pixels);
        return new RasterImage(width, height, 3, pixels);
    }

    private static Func<PixelWindow, RasterImage> Window(RasterImage image) => w => new RasterImage(
        w.WidthPx, w.HeightPx, 3, image.Pixels.AsSpan(w.Y * image.WidthPx * 3, w.HeightPx * image.WidthPx * 3).ToArray());
}
