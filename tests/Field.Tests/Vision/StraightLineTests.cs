using Field.Vision;
using static Field.Tests.Vision.DrawnLines;

namespace Field.Tests.Vision;

/// <summary>Joints and pits are left out by their shape, cracks are kept; all on drawn masks whose truth is known.</summary>
public sealed class StraightLineTests
{
    private static readonly Thresholds Rule = new()
    {
        Low = 0.5,
        High = 0.5,
        MinAreaPx = 40,
        MinLengthPx = 36,
        MergeGapPx = 12,
        MinElongation = 4,
        Straight = new StraightRule { MinLengthPx = 120, MaxRmsPx = 0.6, MaxRmsShare = 0.001, MaxWidthSpread = 0.3 },
    };

    private static readonly Thresholds WithoutRule = Rule with { Straight = null, MinElongation = 0 };

    [Theory]
    [InlineData(0, 3)]
    [InlineData(90, 3)]
    [InlineData(3, 2)]
    [InlineData(17, 4)]
    [InlineData(45, 3)]
    [InlineData(61, 8)]
    [InlineData(80, 5)]
    public void Straight_line_of_even_width_is_left_out(double angleDeg, double width)
    {
        var map = Map(Segment(200, 200, angleDeg, 320, width));
        Assert.Single(Findings(map, WithoutRule));
        Assert.Empty(Findings(map, Rule));
    }

    [Fact]
    public void Short_straight_line_is_kept() => Assert.Single(Findings(Map(Segment(200, 200, 30, 100, 4)), Rule));

    [Fact]
    public void Dashes_of_one_straight_line_are_left_out_together()
    {
        var dashes = Enumerable.Range(0, 6).SelectMany(i => Segment(60 + 45 * i, 100 + 12 * i, Math.Atan2(12, 45) * 180 / Math.PI, 38, 3)).ToArray();
        Assert.Single(Findings(Map(dashes), WithoutRule));
        Assert.Empty(Findings(Map(dashes), Rule));
    }

    [Fact]
    public void Grid_of_joints_and_joints_that_meet_at_a_corner_are_left_out()
    {
        var grid = Enumerable.Range(0, 6).SelectMany(i => (Disc[])[.. Segment(40 + 60 * i, 200, 94, 380, 3), .. Segment(200, 40 + 60 * i, 4, 380, 3)]).ToArray();
        Assert.Empty(Findings(Map(grid), Rule));
        Assert.Empty(Findings(Map([.. Segment(130, 200, 60, 300, 4), .. Segment(280, 200, -60, 300, 4)]), Rule));
    }

    [Fact]
    public void Crack_that_wanders_is_kept_whole()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var map = Map(Crack(seed, 20, 200, 8, 3 + seed % 3));
            var plain = Findings(map, WithoutRule);
            Assert.Equal(plain.Sum(f => f.AreaPx), Findings(map, Rule).Sum(f => f.AreaPx));
        }
    }

    [Fact]
    public void Straight_line_of_uneven_width_is_kept()
    {
        var uneven = Enumerable.Range(0, 640).Select(i => new Disc(40 + i * 0.5, 150.3 + i * 0.1, 2.5 + 1.8 * Math.Sin(i / 12.0))).ToArray();
        Assert.Single(Findings(Map(uneven), Rule));
    }

    [Fact]
    public void Crack_that_crosses_a_joint_is_kept_without_the_joint()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var crack = Crack(seed, 20, 200, 8, 4);
            var alone = Findings(Map(crack), Rule).Sum(f => f.LengthPx);
            var both = Findings(Map([.. crack, .. Segment(200, 200, 80, 380, 4)]), Rule);
            Assert.InRange(both.Sum(f => f.LengthPx), alone * 0.85, alone * 1.05);
            var joint = new PixelPoint(200 - 150 * Math.Cos(80 * Math.PI / 180), 200 - 150 * Math.Sin(80 * Math.PI / 180));
            Assert.DoesNotContain(both, f => f.Rings.SelectMany(r => r).Any(p => Math.Abs(p.X - joint.X) < 20 && Math.Abs(p.Y - joint.Y) < 20));
        }
    }

    [Theory]
    [InlineData(22, 1.5)]
    [InlineData(25, 2)]
    [InlineData(12, 3)]
    public void Pit_is_left_out(double radius, double longer)
    {
        var pit = Enumerable.Range(0, 200).Select(i => new Disc(200 + (i / 100.0 - 1) * radius * (longer - 1), 200, radius)).ToArray();
        Assert.Single(Findings(Map(pit), WithoutRule));
        Assert.Empty(Findings(Map(pit), Rule));
    }

    [Theory]
    [InlineData("minLengthPx", 5)]
    [InlineData("maxRmsPx", 0)]
    [InlineData("maxRmsShare", 0.5)]
    [InlineData("maxWidthSpread", -1)]
    public void Card_with_a_rule_that_means_nothing_is_refused(string key, double value)
    {
        using var folder = new TempFolder();
        var card = DarkModel.Write(folder.FullPath, c => c["thresholds"]!["straight"] = new System.Text.Json.Nodes.JsonObject { [key] = value });
        Assert.Contains("thresholds.straight", Assert.Throws<VisionException>(() => ModelCard.Load(card)).Message, StringComparison.Ordinal);
    }
}
