using Field.Vision;
using Field.Vision.Shape;

namespace Field.Tests.Vision;

public sealed class MaskMeasureTests
{
    [Theory]
    [InlineData(0, 200, 6)]
    [InlineData(30, 200, 6)]
    [InlineData(45, 150, 1)]
    [InlineData(77, 150, 0.7)]
    [InlineData(12, 300, 25)]
    public void Bar_of_any_direction_has_its_length_and_width(double degrees, double length, double width)
    {
        PixelFinding mask = MaskMeasure.FromRings("crack", 0.5, [Bar(500, 400, degrees, length, width)])!;
        Assert.Equal(length * width, mask.AreaPx, 1e-6 * length);

        // A chain code is off by 5 % along rows, columns and diagonals; the square ends of what people draw may each keep a spur into a corner.
        Assert.Equal(length, mask.LengthPx, (0.055 * length) + (1.5 * width));
        Assert.InRange(mask.MaxWidthPx, width - 0.6, width + 0.6);
        Assert.Equal(500, mask.Centre.X, 1.0);
        Assert.Equal(400, mask.Centre.Y, 1.0);
    }

    [Fact]
    public void Hole_is_left_out_however_the_rings_run_and_in_any_order()
    {
        PixelPoint[] outer = [new(10, 10), new(60, 10), new(60, 50), new(10, 50)];
        PixelPoint[] hole = [new(20, 20), new(40, 20), new(40, 40), new(20, 40)];
        PixelPoint[] island = [new(25, 25), new(30, 25), new(30, 30), new(25, 30)];
        foreach (int turn in Enumerable.Range(0, 8))
        {
            IReadOnlyList<PixelPoint>[] rings = [Turned(island, turn & 1), Turned(hole, turn & 2), Turned(outer, turn & 4)];
            PixelFinding mask = MaskMeasure.FromRings("spalling", 1, rings)!;
            Assert.Equal((50 * 40) - 400 + 25, mask.AreaPx, 9);
            Assert.Equal([2000.0, -400, 25], mask.Rings.Select(Outline.SignedArea));
            Assert.Equal((50 * 40) - 400 + 25, MaskMeasure.Fill(rings, 0, 0, 100, 100).Count(c => c != 0));
            Assert.Equal(255, MaskMeasure.Fill(rings, 10, 10, 5, 5)[0]);
        }
    }

    [Fact]
    public void Outline_of_the_model_measures_as_the_model_did()
    {
        PixelFinding bar = MaskMeasure.FromRings("crack", 1, [Bar(300, 300, 20, 250, 7)])!;
        PixelFinding again = MaskMeasure.FromRings("crack", 1, Outline.Rings(RingRaster.Fill(bar.Rings, 1), 0.4, 6))!;
        Assert.Equal(bar.AreaPx, again.AreaPx, 0.02 * bar.AreaPx);
        Assert.Equal(bar.LengthPx, again.LengthPx, 0.08 * bar.LengthPx);
        Assert.Equal(bar.MaxWidthPx, again.MaxWidthPx, 1.0);
    }

    [Fact]
    public void Nothing_and_too_much_are_told()
    {
        Assert.Null(MaskMeasure.FromRings("crack", 1, []));
        Assert.Null(MaskMeasure.FromRings("crack", 1, [[new(1, 1), new(2, 2)]]));
        Assert.Null(MaskMeasure.FromRings("crack", 1, [[new(1.0, 1.0), new(1.01, 1.0), new(1.01, 1.01)]]));
        Assert.Throws<ArgumentException>(() => MaskMeasure.FromRings("crack", 1, [[new(0, 0), new(10_000, 0), new(0, 10_000)]]));
    }

    private static PixelPoint[] Bar(double x, double y, double degrees, double length, double width)
    {
        (double sin, double cos) = Math.SinCos(double.DegreesToRadians(degrees));
        PixelPoint At(double along, double across) => new(x + (along * cos) - (across * sin), y + (along * sin) + (across * cos));
        return [At(-length / 2, -width / 2), At(length / 2, -width / 2), At(length / 2, width / 2), At(-length / 2, width / 2)];
    }

    private static PixelPoint[] Turned(PixelPoint[] ring, int isTurned) => isTurned == 0 ? ring : [.. ring.Reverse()];
}
