using Field.Vision;
using Field.Vision.Shape;

namespace Field.Tests.Vision;

/// <summary>Hand-drawn probability maps with known answers.</summary>
public sealed class AreaVectoriserTests
{
    private static readonly Thresholds Plain = new() { Low = 0.4, High = 0.7, MinAreaPx = 20, MinLengthPx = 0, MergeGapPx = 0 };

    [Fact]
    public void Rectangle_has_its_area_its_diagonal_and_its_width()
    {
        var finding = Assert.Single(Findings(Map(100, 80, (x, y) => x is >= 20 and < 60 && y is >= 30 and < 60 ? 0.8 : 0), Plain));
        Assert.Equal(1200, finding.AreaPx);
        Assert.Equal(50, finding.LengthPx, 9); // 30, 40, 50
        Assert.Equal(24, finding.MeanWidthPx, 9);
        Assert.InRange(finding.MaxWidthPx, 29.5, 30.5);
        Assert.Equal(0.8, finding.Score, 2);
        Assert.Equal(40.5, finding.Centre.X);
        Assert.InRange(finding.Centre.Y, 44.5, 45.5); // the centroid lies between two rows
        Assert.InRange(Outline.SignedArea(Assert.Single(finding.Rings)), 1190, 1200);
    }

    [Fact]
    public void Disc_is_as_long_as_it_is_wide()
    {
        var finding = Assert.Single(Findings(Map(200, 200, (x, y) => Distance(x, y, 100, 100) <= 60 ? 1 : 0), Plain));
        Assert.InRange(finding.LengthPx, 120, 121.6);
        Assert.InRange(finding.MaxWidthPx, 119, 121);
        Assert.InRange(finding.AreaPx, Math.PI * 3600 * 0.99, Math.PI * 3600 * 1.01);
        Assert.InRange(finding.Rings[0].Count, 12, 100);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    [InlineData(45)]
    [InlineData(110)]
    public void Longest_extent_of_a_turned_band_is_its_diagonal(double degrees)
    {
        double c = Math.Cos(degrees * Math.PI / 180), s = Math.Sin(degrees * Math.PI / 180);
        var map = Map(260, 260, (x, y) =>
        {
            double dx = x + 0.25 - 130, dy = y + 0.25 - 130;
            return Math.Abs(dx * c + dy * s) <= 100 && Math.Abs(dy * c - dx * s) <= 15 ? 1 : 0;
        });
        var finding = Assert.Single(Findings(map, Plain));
        Assert.InRange(finding.LengthPx, 201, 204.5); // sqrt(200^2 + 30^2) = 202.2
        Assert.InRange(finding.MaxWidthPx, 28.5, 31.5);
    }

    [Fact]
    public void Longest_extent_is_the_largest_distance_of_any_two_corners()
    {
        var random = new Random(3);
        for (var n = 0; n < 50; n++)
        {
            var set = Enumerable.Range(0, random.Next(2, 30)).Select(_ => (X: random.Next(60), Y: random.Next(40))).Distinct().ToList();
            List<Run> runs = [.. set.OrderBy(p => p.Y).ThenBy(p => p.X).Select(p => new Run(p.Y, p.X, p.X + 1))];
            var corners = set.SelectMany(p => new[] { (p.X, p.Y), (X: p.X + 1, p.Y), (p.X, Y: p.Y + 1), (X: p.X + 1, Y: p.Y + 1) }).ToList();
            var most = corners.Max(a => corners.Max(b => Distance(a.X, a.Y, b.X, b.Y)));
            Assert.Equal(most, Extent.LongestPx(runs), 9);
        }
    }

    [Fact]
    public void Large_hole_stays_a_hole_and_is_no_area()
    {
        var map = Map(100, 100, (x, y) => x is >= 10 and < 90 && y is >= 10 and < 90 && !(x is >= 40 and < 60 && y is >= 40 and < 60) ? 1 : 0);
        var finding = Assert.Single(Findings(map, Plain with { MergeGapPx = 6 }));
        Assert.InRange(finding.AreaPx, 6000, 6024); // closing with a disc rounds the hole's four corners, by 5 px each
        Assert.Equal(2, finding.Rings.Count);
        Assert.InRange(Outline.SignedArea(finding.Rings[1]), -400, -376);
        Assert.Equal(Math.Sqrt(2) * 80, finding.LengthPx, 9);
        Assert.InRange(finding.MaxWidthPx, 34.5, 37); // at the corners of the frame: 35.1 before the closing
    }

    [Fact]
    public void Slit_narrower_than_the_gap_is_closed_and_a_wider_one_is_not()
    {
        ProbabilityMap Slit(int width) => Map(120, 60, (x, y) => y is >= 10 and < 50 && ((x is >= 10 and < 50) || (x >= 50 + width && x < 90 + width)) ? 1 : 0);
        var closed = Assert.Single(Findings(Slit(4), Plain with { MergeGapPx = 6 }));
        Assert.InRange(closed.AreaPx, 84 * 40 - 8, 84 * 40);
        Assert.Single(closed.Rings);
        Assert.Equal(2, Findings(Slit(7), Plain with { MergeGapPx = 6 }).Count);
        Assert.Equal(2, Findings(Slit(4), Plain).Count);
    }

    [Fact]
    public void Closing_leaves_the_photo_s_edge_and_convex_shapes_as_they_are()
    {
        var finding = Assert.Single(Findings(Map(50, 40, (x, y) => x < 30 && y < 20 ? 1 : 0), Plain with { MergeGapPx = 10 }));
        Assert.Equal(600, finding.AreaPx);
        Assert.All(finding.Rings[0], p => Assert.True(p is { X: >= 0 and <= 30, Y: >= 0 and <= 20 }));
    }

    [Fact]
    public void Weak_part_belongs_to_a_finding_only_beside_a_strong_one()
    {
        var map = Map(200, 60, (x, y) => y is < 20 or >= 40 ? 0 : x is >= 20 and < 60 ? 0.5 : x is >= 60 and < 70 ? 0.9 : x is >= 120 and < 180 ? 0.65 : 0);
        var finding = Assert.Single(Findings(map, Plain));
        Assert.Equal(50 * 20, finding.AreaPx);
        Assert.Equal(0.58, finding.Score, 2);
    }

    [Fact]
    public void Every_class_has_its_own_thresholds_and_the_others_the_card_s()
    {
        var map = Map(100, 60, (x, y) => x is >= 10 and < 30 && y is >= 10 and < 20 ? 0.6 : 0); // 200 px
        var thresholds = Plain with { High = 0.5, Classes = new Dictionary<string, ClassThresholds> { ["strict"] = new(0.4, 0.7, 20), ["large"] = new(0.4, 0.5, 201) } };
        Assert.Single(Findings(map, thresholds, "other"));
        Assert.Empty(Findings(map, thresholds, "strict"));
        Assert.Empty(Findings(map, thresholds, "large"));
    }

    [Fact]
    public void Pieces_are_joined_exactly_when_a_brute_force_search_finds_a_gap_small_enough()
    {
        var random = new Random(9);
        for (var n = 0; n < 60; n++)
        {
            var map = Map(40, 30, (_, _) => random.NextDouble() < 0.06 ? 1 : 0);
            var components = Components.Find(map, 128, 128);
            var gap = random.Next(0, 5);
            var expected = BruteForce(components, gap);
            Assert.Equal(expected, Components.Near(components, gap).Select(g => g.Select(c => components.IndexOf(c)).Order()).Select(g => string.Join(' ', g)).Order());
        }
    }

    private static IEnumerable<string> BruteForce(List<Component> components, double gap)
    {
        var group = Enumerable.Range(0, components.Count).ToArray();
        var pixels = components.Select(c => c.Runs.SelectMany(r => Enumerable.Range(r.X0, r.X1 - r.X0).Select(x => (X: x, r.Y))).ToList()).ToList();
        for (var i = 0; i < group.Length; i++)
        {
            for (var k = 0; k < i; k++)
            {
                if (pixels[i].Any(a => pixels[k].Any(b => Distance(a.X, a.Y, b.X, b.Y) <= gap + 1)))
                {
                    var (from, to) = (group[k], group[i]);
                    group = [.. group.Select(g => g == from ? to : g)];
                }
            }
        }

        return group.Select((g, i) => (g, i)).GroupBy(p => p.g).Select(g => string.Join(' ', g.Select(p => p.i).Order())).Order();
    }

    private static double Distance(double x0, double y0, double x1, double y1) => Math.Sqrt((x0 - x1) * (x0 - x1) + (y0 - y1) * (y0 - y1));

    private static List<PixelFinding> Findings(ProbabilityMap map, Thresholds thresholds, string name = "spalling") =>
        [.. AreaVectoriser.Findings(map, name, thresholds, TestContext.Current.CancellationToken).Select(f => f.Finding)];

    private static ProbabilityMap Map(int width, int height, Func<int, int, double> probability) => new(
        width, height, [.. Enumerable.Range(0, width * height).Select(i => (byte)Math.Round(probability(i % width, i / width) * 255))]);
}
