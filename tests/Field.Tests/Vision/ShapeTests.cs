using Field.Vision;
using Field.Vision.Shape;

namespace Field.Tests.Vision;

public sealed class ShapeTests
{
    private static readonly Thresholds Plain = new() { Low = 0.5, High = 0.5, MinAreaPx = 10, MinLengthPx = 5, MergeGapPx = 0 };

    [Theory]
    [InlineData(100, 4, 0)]
    [InlineData(100, 5, 0)]
    [InlineData(100, 4, 90)]
    [InlineData(120, 6, 30)]
    [InlineData(120, 4, 45)]
    [InlineData(150, 12, 60)]
    [InlineData(200, 20, 15)]
    public void Straight_band_has_its_length_and_width_within_a_tenth(double length, double width, double angleDeg)
    {
        var finding = Assert.Single(Findings(Band(300, 300, length, width, angleDeg), Plain));
        Assert.InRange(finding.LengthPx, length * 0.9, length * 1.1);
        Assert.InRange(finding.MeanWidthPx, width * 0.9, width * 1.1);
        Assert.InRange(finding.MaxWidthPx, width * 0.85, width * 1.3);
        Assert.InRange(finding.Centre.X, 148, 152);
        Assert.InRange(finding.Centre.Y, 148, 152);
        Assert.Equal(1, finding.Score, 6);
        Assert.InRange(Outline.SignedArea(Assert.Single(finding.Rings)), finding.AreaPx * 0.9, finding.AreaPx * 1.07);
        Assert.InRange(finding.Rings[0].Count, 4, 60);
    }

    [Theory]
    [InlineData(90, 6)] // the circle at a right crossing is 1.41 widths across
    [InlineData(60, 6)]
    [InlineData(30, 6)]
    [InlineData(60, 12)]
    public void Width_of_crossing_cracks_is_that_of_the_cracks_and_not_of_the_crossing(double angleDeg, double width)
    {
        var (one, other) = (Band(400, 400, 300, width, 10), Band(400, 400, 300, width, 10 + angleDeg));
        var crossing = new ProbabilityMap(400, 400, [.. one.Values.Zip(other.Values, Math.Max)]);
        Assert.InRange(Assert.Single(Findings(crossing, Plain)).MaxWidthPx, width * 0.9, width * 1.2);
    }

    [Fact]
    public void Bump_of_a_mask_is_no_width_and_a_wide_stretch_is()
    {
        var band = Band(400, 400, 300, 6, 0);
        var bump = new ProbabilityMap(400, 400, [.. band.Values.Select((v, i) => Math.Abs(i % 400 - 150) <= 4 && Math.Abs(i / 400 - 200) <= 8 ? (byte)255 : v)]);
        var wide = new ProbabilityMap(400, 400, [.. band.Values.Select((v, i) => Math.Abs(i % 400 - 150) <= 25 && Math.Abs(i / 400 - 200) <= 6 ? (byte)255 : v)]);
        Assert.InRange(Assert.Single(Findings(bump, Plain)).MaxWidthPx, 5, 8);
        Assert.InRange(Assert.Single(Findings(wide, Plain)).MaxWidthPx, 11, 14);
    }

    [Fact]
    public void Ring_has_an_exterior_and_a_hole_of_opposite_turn()
    {
        var map = Map(120, 120, (x, y) => Math.Abs(Math.Sqrt((x - 60) * (x - 60) + (y - 60) * (y - 60)) - 40) <= 3);
        var finding = Assert.Single(Findings(map, Plain));
        Assert.Equal(2, finding.Rings.Count);
        Assert.InRange(Outline.SignedArea(finding.Rings[0]), Math.PI * 43 * 43 * 0.97, Math.PI * 43 * 43 * 1.03);
        Assert.InRange(Outline.SignedArea(finding.Rings[1]), -Math.PI * 37 * 37 * 1.03, -Math.PI * 37 * 37 * 0.97);
        Assert.InRange(finding.LengthPx, 2 * Math.PI * 40 * 0.93, 2 * Math.PI * 40 * 1.07);
        var centre = finding.Centre;
        Assert.InRange(Math.Sqrt((centre.X - 60) * (centre.X - 60) + (centre.Y - 60) * (centre.Y - 60)), 36, 44); // on the ring, not in the hole
    }

    [Fact]
    public void Outlines_without_simplification_enclose_the_mask_less_half_a_pixel_per_ring()
    {
        var random = new Random(5);
        for (var n = 0; n < 100; n++)
        {
            var map = Map(24, 24, (_, _) => random.NextDouble() < 0.55);
            foreach (var component in Components.Find(map, 128, 128))
            {
                var mask = Mask.Of(component).Bridged();
                var rings = Outline.Rings(mask, 0, 0);
                Assert.Equal(mask.Cells.Count(c => c), rings.Sum(r => Outline.SignedArea(r) is var a && a > 0 ? a + 0.5 : a - 0.5), 6);
            }
        }
    }

    [Fact]
    public void Components_agree_with_a_flood_fill()
    {
        var random = new Random(9);
        for (var n = 0; n < 200; n++)
        {
            int width = random.Next(1, 40), height = random.Next(1, 40);
            var values = new byte[width * height];
            random.NextBytes(values);
            byte low = (byte)random.Next(60, 200), high = (byte)random.Next(low, 256);
            var map = new ProbabilityMap(width, height, values);
            var mine = Components.Find(map, low, high).Select(c => string.Join(',', c.Runs.SelectMany(r => Enumerable.Range(r.Y * width + r.X0, r.X1 - r.X0)).Order()));
            Assert.Equal(FloodFill(map, low, high).Order(StringComparer.Ordinal), mine.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Distance_agrees_with_brute_force()
    {
        var random = new Random(2);
        for (var n = 0; n < 50; n++)
        {
            var map = Map(random.Next(2, 20), random.Next(2, 20), (_, _) => random.NextDouble() < 0.9);
            foreach (var mask in Components.Find(map, 128, 128).Select(Mask.Of))
            {
                var distance = DistanceTransform.Squared(mask);
                var free = Enumerable.Range(0, mask.Cells.Length).Where(i => !mask.Cells[i]).ToList();
                for (var i = 0; i < distance.Length; i++)
                {
                    Assert.Equal(free.Min(f => Square(f % mask.Width - i % mask.Width) + Square(f / mask.Width - i / mask.Width)), distance[i]);
                }
            }
        }
    }

    [Fact]
    public void Fragments_in_one_line_are_merged_and_parallel_ones_are_not()
    {
        var merge = Plain with { MergeGapPx = 14 };
        var broken = Map(200, 60, (x, y) => y is >= 28 and < 32 && x is >= 20 and < 180 and not (>= 95 and < 103));
        var finding = Assert.Single(Findings(broken, merge));
        Assert.Equal(2, finding.Rings.Count);
        Assert.Equal(2, Findings(broken, Plain).Count);
        var parallel = Map(200, 60, (x, y) => x is >= 20 and < 180 && (y is >= 20 and < 24 || y is >= 30 and < 34));
        Assert.Equal(2, Findings(parallel, merge).Count);
    }

    [Fact]
    public void Small_and_weak_components_are_dropped()
    {
        var map = Map(100, 40, (x, y) => y is 10 or 11 && x is >= 10 and < 20);
        Assert.Empty(Findings(map, Plain with { MinLengthPx = 20 }));
        Assert.Empty(Findings(map, Plain with { MinAreaPx = 21 }));
        Assert.Single(Findings(map, Plain with { MinAreaPx = 20 }));
        Assert.Empty(Findings(map with { Values = [.. map.Values.Select(v => (byte)(v * 6 / 10))] }, Plain with { High = 0.8 }));
    }

    private static List<PixelFinding> Findings(ProbabilityMap map, Thresholds thresholds) =>
        [.. LineVectoriser.Findings(map, "crack", thresholds, threads: 2, TestContext.Current.CancellationToken).Select(f => f.Finding)];

    private static ProbabilityMap Map(int width, int height, Func<int, int, bool> crack) => new(
        width, height, [.. Enumerable.Range(0, width * height).Select(i => crack(i % width, i / width) ? (byte)255 : (byte)0)]);

    private static ProbabilityMap Band(int width, int height, double length, double across, double angleDeg)
    {
        double c = Math.Cos(angleDeg * Math.PI / 180), s = Math.Sin(angleDeg * Math.PI / 180);
        return Map(width, height, (x, y) =>
        {
            double dx = x + 0.25 - width / 2.0, dy = y + 0.25 - height / 2.0; // off the grid, so that no row lies on an edge
            return Math.Abs(dx * c + dy * s) <= length / 2 && Math.Abs(dy * c - dx * s) <= across / 2;
        });
    }

    private static IEnumerable<string> FloodFill(ProbabilityMap map, byte low, byte high)
    {
        var seen = new bool[map.Values.Length];
        for (var start = 0; start < seen.Length; start++)
        {
            if (seen[start] || map.Values[start] < low)
            {
                continue;
            }

            var (pixels, pending) = (new List<int>(), new Stack<int>([start]));
            seen[start] = true;
            while (pending.TryPop(out var i))
            {
                pixels.Add(i);
                foreach (var (dx, dy) in from a in Enumerable.Range(-1, 3) from b in Enumerable.Range(-1, 3) select (a, b))
                {
                    int x = i % map.WidthPx + dx, y = i / map.WidthPx + dy, k = y * map.WidthPx + x;
                    if (x >= 0 && x < map.WidthPx && y >= 0 && y < map.HeightPx && !seen[k] && map.Values[k] >= low)
                    {
                        seen[k] = true;
                        pending.Push(k);
                    }
                }
            }

            if (pixels.Exists(i => map.Values[i] >= high))
            {
                yield return string.Join(',', pixels.Order());
            }
        }
    }

    private static double Square(double v) => v * v;
}
