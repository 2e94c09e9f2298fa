using Field.Vision;
using static Field.Tests.Vision.DrawnLines;

namespace Field.Tests.Vision;

/// <summary>What is one crack: networks are cut, pieces in one line are joined; all on drawn masks whose truth is known.</summary>
public sealed class LineRuleTests
{
    private static readonly Thresholds Plain = new() { Low = 0.5, High = 0.5, MinAreaPx = 40, MinLengthPx = 36, MergeGapPx = 12 };
    private static readonly Thresholds Rule = Plain with { Lines = new LineRule { MinPiecePx = 40 } };

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
