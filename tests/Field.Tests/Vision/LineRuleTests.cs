using Field.Vision;
using Field.Vision.Shape;
using static Field.Tests.Vision.DrawnLines;

namespace Field.Tests.Vision;

/// <summary>What is one crack: networks are cut, pieces in one line are joined; all on drawn masks whose truth is known.</summary>
public sealed class LineRuleTests
{
    private static readonly Thresholds Plain = new() { Low = 0.5, High = 0.5, MinAreaPx = 40, MinLengthPx = 36, MergeGapPx = 12 };
    private static readonly Thresholds Rule = Plain with
    {
        Lines = new LineRule { MinBranchPx = 48, MaxTurnDeg = 45, MinPiecePx = 40, MaxGapPx = 80, MaxGapShare = 0.35, MaxRmsShare = 0.1 },
    };

    private static readonly Thresholds Usual = Plain with { Lines = new LineRule() };

    [Fact]
    public void Two_cracks_that_cross_are_two_and_keep_their_lengths()
    {
        var map = Map([.. Segment(200, 200, 0, 300, 4), .. Segment(200, 200, 75, 240, 4)]);
        Assert.Single(Findings(map, Plain));
        var lengths = Findings(map, Rule).Select(f => f.LengthPx).Order().ToArray();
        Assert.Equal(2, lengths.Length);
        Assert.InRange(lengths[0], 240 * 0.93, 240 * 1.07);
        Assert.InRange(lengths[1], 300 * 0.93, 300 * 1.07);
    }

    [Fact]
    public void Branch_that_leaves_a_crack_is_its_own_and_every_pixel_is_kept_once()
    {
        var map = Map([.. Segment(200, 200, 10, 340, 5), .. Segment(260, 265, 80, 120, 4)]);
        var whole = Assert.Single(Findings(map, Plain));
        var parts = Findings(map, Rule);
        Assert.Equal(2, parts.Count);
        Assert.Equal(whole.AreaPx, parts.Sum(p => p.AreaPx));
        Assert.InRange(parts.Max(p => p.LengthPx), 330, 360);
    }

    [Fact]
    public void Short_spur_stays_with_its_crack()
    {
        var map = Map([.. Segment(200, 200, 0, 300, 4), .. Segment(200, 215, 90, 30, 4)]);
        Assert.Equal(Assert.Single(Findings(map, Plain)).AreaPx, Assert.Single(Findings(map, Rule)).AreaPx);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    [InlineData(90)]
    [InlineData(140)]
    public void Pieces_of_one_line_are_joined_over_a_gap_that_is_short_beside_them(double angleDeg)
    {
        double c = Math.Cos(angleDeg * Math.PI / 180), s = Math.Sin(angleDeg * Math.PI / 180);
        Disc[] Pieces(double gap) =>
        [
            .. Segment(200 - (50 + gap / 2) * c, 200 - (50 + gap / 2) * s, angleDeg, 100, 4),
            .. Segment(200 + (50 + gap / 2) * c, 200 + (50 + gap / 2) * s, angleDeg, 100, 4),
        ];
        var apart = Findings(Map(Pieces(50)), Plain);
        Assert.Equal(2, apart.Count);
        Assert.Equal(apart.Sum(p => p.LengthPx), Assert.Single(Findings(Map(Pieces(50)), Rule)).LengthPx, 6); // without the gap
        Assert.Equal(2, Findings(Map(Pieces(130)), Rule).Count);
    }

    [Fact]
    public void Cracks_side_by_side_and_across_each_other_stay_apart()
    {
        Assert.Equal(2, Findings(Map([.. Segment(200, 150, 0, 120, 4), .. Segment(200, 210, 0, 120, 4)]), Rule).Count);
        Assert.Equal(2, Findings(Map([.. Segment(120, 200, 0, 120, 4), .. Segment(230, 200, 90, 120, 4)]), Rule).Count);
    }

    [Fact]
    public void Both_edges_of_a_wide_crack_are_one() =>
        Assert.Single(Findings(Map([.. Segment(200, 200, 3, 300, 3), .. Segment(210, 211, 3, 200, 3)]), Rule));

    [Fact]
    public void Specks_are_not_strung_together() =>
        Assert.Empty(Findings(Map([.. Enumerable.Range(0, 8).SelectMany(i => Segment(40 + (45 * i), 200, 0, 12, 4))]), Rule));

    [Fact]
    public void Crack_with_short_arms_on_both_sides_of_another_is_one_from_end_to_end()
    {
        var lengths = Findings(Map([.. Segment(200, 200, 90, 300, 4), .. Segment(200, 170, 0, 70, 4)]), Rule).Select(f => f.LengthPx).Order().ToArray();
        Assert.Equal(2, lengths.Length); // each arm is shorter than a branch must be, both together are not
        Assert.InRange(lengths[0], 62, 76);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(60)]
    [InlineData(120)]
    public void What_is_cut_at_a_junction_is_not_joined_again_because_its_ends_touch(double angleDeg)
    {
        double c = Math.Cos(angleDeg * Math.PI / 180), s = Math.Sin(angleDeg * Math.PI / 180);
        var lengths = Findings(Map([.. Segment(120, 200, 0, 160, 4), .. Segment(200 + 60 * c, 200 + 60 * s, angleDeg, 120, 4), .. Segment(200 + 45 * c, 200 - 45 * s, 180 - angleDeg, 90, 4)]), Usual)
            .Select(f => f.LengthPx).ToList();
        Assert.All(lengths, l => Assert.InRange(l, 70, 225));
        Assert.InRange(lengths.Sum(), 370 * 0.9, 370 * 1.1); // of the whole star
    }

    [Fact]
    public void Crack_of_which_little_pieces_are_seen_is_one_when_more_is_seen_than_hidden() =>
        Assert.Single(Findings(Map([.. Enumerable.Range(0, 8).SelectMany(i => Segment(40 + (40 * i), 200 + (4 * (i % 2)), 0, 24, 4))]), Usual));

    [Fact]
    public void Specks_with_more_between_than_seen_are_no_crack() =>
        Assert.Empty(Findings(Map([.. Enumerable.Range(0, 8).SelectMany(i => Segment(40 + (45 * i), 200, 0, 12, 4))]), Usual));

    [Fact]
    public void Line_through_two_sets_of_pixels_is_the_best_of_all_lines_through_their_centre()
    {
        var random = new Random(5);
        List<LinePixel> Cloud(double x) => [.. Enumerable.Range(0, 40).Select(_ => new LinePixel(new PixelPoint(x + 90 * random.NextDouble(), 3000 + 7 * random.NextDouble()), 2))];
        List<LinePixel> a = Cloud(2000), b = Cloud(2300), both = [.. a, .. b];
        double x = both.Average(p => p.At.X), y = both.Average(p => p.At.Y);
        double Rms(double angle) => Math.Sqrt(both.Average(p => Math.Pow((p.At.Y - y) * Math.Cos(angle) - (p.At.X - x) * Math.Sin(angle), 2)));
        var best = Enumerable.Range(0, 31_416).Select(i => i / 10_000.0).MinBy(Rms);

        var line = FittedLine.Along(LineSpread.Of(a) + LineSpread.Of(b));
        Assert.Equal(Rms(best), line.RmsPx, 4);
        Assert.InRange(Math.Abs(Math.IEEERemainder(Math.Atan2(line.Dy, line.Dx) - best, Math.PI)), 0, 2e-4);
        Assert.Equal(x, line.X, 6);
        Assert.Equal(y, line.Y, 6);
    }

    [Theory]
    [InlineData("minBranchPx", 5)]
    [InlineData("maxTurnDeg", 120)]
    [InlineData("maxGapShare", 1)]
    [InlineData("maxRmsShare", 0)]
    public void Card_with_a_rule_that_means_nothing_is_refused(string key, double value)
    {
        using var folder = new TempFolder();
        var card = DarkModel.Write(folder.FullPath, c => c["thresholds"]!["lines"] = new System.Text.Json.Nodes.JsonObject { [key] = value });
        Assert.Contains("thresholds.lines", Assert.Throws<VisionException>(() => ModelCard.Load(card)).Message, StringComparison.Ordinal);
    }
}
