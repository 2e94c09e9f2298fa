using Field.Gdal;
using Field.Vision;
using Field.Vision.Eval;

namespace Field.Tests.Vision;

/// <summary>Spoilt images, the plain method, drawn widths.</summary>
public sealed class EvalConditionsTests
{
    private const int Side = 64;

    [Fact]
    public void Blur_spreads_an_edge_by_its_standard_deviation()
    {
        var blurred = Apply("blur2", Bar(32, Side));
        // a step from 0 to 200 becomes 200 times the normal distribution function; pixel centres lie 0.5, 2.5 px from the step at x = 32
        Assert.InRange(blurred.Pixels[(32 * Side + 32) * 3], 200 * 0.599 - 3, 200 * 0.599 + 3);
        Assert.InRange(blurred.Pixels[(32 * Side + 34) * 3], 200 * 0.894 - 3, 200 * 0.894 + 3);
        Assert.Equal(200, blurred.Pixels[(32 * Side + 45) * 3]);
    }

    [Fact]
    public void Two_stops_less_is_a_quarter_of_the_linear_light()
    {
        // 188 is half of the light in sRGB; an eighth of the light is 99
        var dark = Apply("ev-2", new RasterImage(1, 1, 3, [188, 255, 0]));
        Assert.InRange(dark.Pixels[0], 98, 100);
        Assert.InRange(dark.Pixels[1], 136, 138); // a quarter
        Assert.Equal(0, dark.Pixels[2]);
    }

    [Fact]
    public void Twice_the_distance_averages_four_pixels()
    {
        var half = Apply("half", new RasterImage(3, 2, 3, [0, 1, 2, 4, 1, 2, 9, 9, 9, 8, 1, 2, 12, 1, 2, 9, 9, 9]));
        Assert.Equal((1, 1), (half.WidthPx, half.HeightPx));
        Assert.Equal([6, 1, 2], half.Pixels);
    }

    [Fact]
    public void Compressed_photo_keeps_its_size_and_loses_grain()
    {
        var random = new Random(1);
        var pixels = new byte[Side * Side * 3];
        random.NextBytes(pixels);
        var image = Apply("jpeg60", new RasterImage(Side, Side, 3, pixels));
        Assert.Equal((Side, Side), (image.WidthPx, image.HeightPx));
        Assert.True(pixels.Zip(image.Pixels).Count(p => p.First != p.Second) > pixels.Length / 2);
    }

    [Fact]
    public void Plain_method_finds_a_drawn_crack_and_nothing_on_sound_ground()
    {
        var card = new ModelCard { Task = "line-segmentation", Classes = ["crack"], Thresholds = new Thresholds { MinLengthPx = 48, MinElongation = 4 } };
        var ct = TestContext.Current.CancellationToken;
        var scene = new CrackScene(400, 400, 3).WithCrack(6);
        var longest = Baseline.Find(scene.Image, card, ct).MaxBy(f => f.Finding.LengthPx);
        Assert.NotNull(longest);
        Assert.InRange(longest.Finding.LengthPx, 0.6 * 240, 2 * 240); // the crack runs over 0.6 of the side
        Assert.True(scene.Truth.Count(p => longest.Parts.Any(c => c.Runs.Any(r => r.Y == (int)p.Y && p.X >= r.X0 && p.X < r.X1))) > 0.6 * scene.Truth.Count);
        Assert.Empty(Baseline.Find(new CrackScene(400, 400, 4, grain: 3).Image, card, ct));
    }

    [Fact]
    public void Otsu_separates_two_kinds()
    {
        var plane = new Plane(10, 10, [.. Enumerable.Range(0, 100).Select(i => i < 30 ? 200f + i % 5 : 40f + i % 7)]);
        Assert.InRange(plane.Otsu(), 47, 200);
    }

    [Fact]
    public void Closing_fills_what_is_narrower_and_a_mean_keeps_a_constant()
    {
        var values = new float[Side * Side];
        Array.Fill(values, 100);
        for (var y = 0; y < Side; y++)
        {
            values[y * Side + 20] = values[y * Side + 21] = 10; // 2 px, narrower than the square of 5
        }

        var plane = new Plane(Side, Side, values);
        Assert.All(plane.Dilate(2).Erode(2).Values, v => Assert.Equal(100, v));
        Assert.Equal((100 * 3 + 10 * 2) / 5f, plane.Mean(2).Values[30 * Side + 20], 0.01f);
        Assert.Equal(100, plane.Mean(2).Values[0], 0.01f);
    }

    [Fact]
    public void Width_figures_are_the_median_and_the_ninth_of_ten()
    {
        var f = WidthEval.Figures(4, [3, 5, 4.5, 4, 4.25, 4.75, null, 4.125, 3.875, 6, 4.375]);
        Assert.Equal((11, 10), (f.Planted, f.Found));
        Assert.Equal(0.375, f.MedianErrorPx); // errors 0, .125, .125, .25, .375, .5, .75, 1, 1, 2
        Assert.Equal(1, f.P90ErrorPx);
        Assert.Equal(4.25, f.MeasuredPx);
        Assert.Equal((0, 0.0), (WidthEval.Figures(4, [null]).Found, WidthEval.Figures(4, [null]).MedianErrorPx));
    }

    private static RasterImage Apply(string name, RasterImage image) => Degradation.Named(name).Apply(image);

    /// <summary>Black left of a column, 200 from it on.</summary>
    private static RasterImage Bar(int from, int side) =>
        new(side, side, 3, [.. Enumerable.Range(0, side * side).SelectMany(i => Enumerable.Repeat((byte)(i % side < from ? 0 : 200), 3))]);
}
