using Field.Vision;
using Field.Vision.Grade;

namespace Field.Tests.Vision;

/// <summary>The tables of the bridge inspection manual as DOMAIN.md has them, cell by cell.</summary>
public sealed class DegreeTests
{
    private static readonly Limits Sparse = new(0.5, 3);
    private static readonly Limits Dense = new(0.1, 0.49);

    // Width in mm by a photo of 0.01 mm/px, so that no error reaches a boundary.
    private static CrackEvidence Crack(double widthMm, Limits? spacing) => new(widthMm / 0.01, 0.01, spacing) { ScaleSigma = 0 };

    [Theory]
    [InlineData(ConcreteKind.Reinforced, 0.15, false, "b")]
    [InlineData(ConcreteKind.Reinforced, 0.15, true, "c")]
    [InlineData(ConcreteKind.Reinforced, 0.25, false, "c")]
    [InlineData(ConcreteKind.Reinforced, 0.25, true, "d")]
    [InlineData(ConcreteKind.Reinforced, 0.35, false, "d")]
    [InlineData(ConcreteKind.Reinforced, 0.35, true, "e")]
    [InlineData(ConcreteKind.Prestressed, 0.05, false, "b")]
    [InlineData(ConcreteKind.Prestressed, 0.05, true, "c")]
    [InlineData(ConcreteKind.Prestressed, 0.15, false, "c")]
    [InlineData(ConcreteKind.Prestressed, 0.15, true, "d")]
    [InlineData(ConcreteKind.Prestressed, 0.25, false, "d")]
    [InlineData(ConcreteKind.Prestressed, 0.25, true, "e")]
    public void Crack_every_cell_of_the_table(ConcreteKind kind, double widthMm, bool dense, string degree)
    {
        DraftDegree draft = CrackDegree.Of(Crack(widthMm, dense ? Dense : Sparse), kind);
        Assert.Equal((6, degree), (draft.DamageType, draft.ToString()));
        Assert.Empty(draft.Reasons);
        Assert.Equal(widthMm, draft.Numbers.Single(n => n.Name == "maxWidthMm").Value, 9);
    }

    [Theory]
    [InlineData(0.2, 1)]
    [InlineData(0.3, 2)]
    [InlineData(0.1999, 0)]
    [InlineData(0.2999, 1)]
    public void Boundaries_belong_to_the_wider_class(double widthMm, int steps)
    {
        CrackEvidence exact = Crack(widthMm, Sparse) with { WidthSigmaPx = 0 };
        DraftDegree draft = CrackDegree.Of(exact, ConcreteKind.Reinforced);
        Assert.Equal((Degree.B + steps, Degree.B + steps), (draft.Least, draft.Most));
    }

    [Fact]
    public void Crack_below_one_pixel_has_no_number_and_stays_open_up_to_a_pixel()
    {
        DraftDegree coarse = CrackDegree.Of(new CrackEvidence(0.8, 5, Sparse), ConcreteKind.Reinforced);
        Assert.Equal("b-d", coarse.ToString());
        Assert.Equal([CrackDegree.NotResolvable], coarse.Reasons);
        Assert.DoesNotContain(coarse.Numbers, n => n.Name == "maxWidthMm");
        DraftDegree fine = CrackDegree.Of(new CrackEvidence(0.8, 0.15, Sparse), ConcreteKind.Reinforced);
        Assert.Equal("b", fine.ToString()); // whatever it is, it is below 0.15 mm
    }

    [Fact]
    public void Error_of_the_width_leaves_the_degree_open_near_a_boundary()
    {
        // 2.5 px of 0.1 mm: 0.25 mm, 1.96 * hypot(0.05, 0.0125) = 0.101 mm either way.
        CrackEvidence crack = new(2.5, 0.1, Sparse);
        Limits width = CrackDegree.WidthMm(crack);
        Assert.Equal((0.149, 0.351), (Math.Round(width.Least, 3), Math.Round(width.Most, 3)));
        DraftDegree draft = CrackDegree.Of(crack, ConcreteKind.Reinforced);
        Assert.Equal("b-d", draft.ToString());
        Assert.Equal([CrackDegree.NearBoundary], draft.Reasons);
    }

    [Fact]
    public void What_is_not_known_of_concrete_and_spacing_stays_open()
    {
        Assert.Equal("b-c", CrackDegree.Of(Crack(0.15, Sparse), null).ToString());
        DraftDegree open = CrackDegree.Of(Crack(0.15, null), null);
        Assert.Equal("b-d", open.ToString());
        Assert.Equal([CrackDegree.ConcreteUnknown, CrackDegree.SpacingUnknown], open.Reasons);
    }

    [Fact]
    public void Wider_or_denser_is_never_milder()
    {
        Random random = new(3);
        for (int i = 0; i < 2_000; i++)
        {
            CrackEvidence crack = new(random.NextDouble() * 8, 0.02 + (random.NextDouble() * 4), new Limits(random.NextDouble(), 1 + random.NextDouble()));
            ConcreteKind? kind = random.Next(3) switch { 0 => ConcreteKind.Reinforced, 1 => ConcreteKind.Prestressed, _ => null };
            DraftDegree draft = CrackDegree.Of(crack, kind);
            Assert.InRange(draft.Least, Degree.B, draft.Most);
            Assert.InRange(draft.Most, Degree.B, Degree.E);
            DraftDegree wider = CrackDegree.Of(crack with { MaxWidthPx = crack.MaxWidthPx + 1 }, kind);
            Assert.True(wider.Most >= draft.Most);
            DraftDegree denser = CrackDegree.Of(crack with { SpacingM = new Limits(0, 0.1) }, kind);
            Assert.True(denser.Least >= draft.Least && denser.Most >= draft.Most);
        }
    }

    [Fact]
    public void Spalling_leakage_corrosion_and_loss_follow_their_tables()
    {
        Assert.Equal("c", SurfaceDegrees.Spalling(null, 0.2).ToString());
        Assert.Equal("d", SurfaceDegrees.Spalling(Corrosion.Light, 0.2).ToString());
        Assert.Equal("e", SurfaceDegrees.Spalling(Corrosion.Heavy, 0.2).ToString());
        Assert.Equal("d-e", SurfaceDegrees.Spalling(Corrosion.Light, 0.2, isCorrosionKnown: false).ToString());
        Assert.Equal("c", SurfaceDegrees.Leakage(false, false, false, 1).ToString());
        Assert.Equal("d", SurfaceDegrees.Leakage(true, false, false, 1).ToString());
        Assert.Equal("c-d", SurfaceDegrees.Leakage(null, false, false, 1).ToString());
        Assert.Equal("e", SurfaceDegrees.Leakage(true, true, false, 1).ToString());
        Assert.Equal("e", SurfaceDegrees.Leakage(false, false, true, 1).ToString());
        Assert.Equal(
            ["b", "c", "d", "e"],
            new[] { (false, false), (false, true), (true, false), (true, true) }.Select(c => SurfaceDegrees.SteelCorrosion(c.Item1, c.Item2, 1).ToString()));
        Assert.Equal("b-d", SurfaceDegrees.SteelCorrosion(null, false, 1).ToString());
        Assert.Equal("b-e", SurfaceDegrees.SteelCorrosion(null, null, 1).ToString());
        Assert.Equal("e", SurfaceDegrees.Present(9, null).ToString());
        Assert.Equal("e", SurfaceDegrees.Present(12, null).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => SurfaceDegrees.Present(10, null));
    }

    [Fact]
    public void Spacing_of_parallel_cracks_is_the_distance_between_them()
    {
        PixelFinding[] cracks = [Line(500, 400, 500, 1400), Line(560, 500, 560, 1300), Line(1500, 600, 1500, 1400)];
        Limits first = CrackSpacing.Of(cracks, 0, 4000, 3000, gsdM: 0.005)!.Value;
        Assert.InRange(0.29, first.Least, first.Most); // 60 px less twice half the width of 2 px, of 5 mm
        Limits lonely = CrackSpacing.Of(cracks, 2, 4000, 3000, gsdM: 0.001)!.Value;
        Assert.InRange(0.94, lonely.Least, lonely.Most); // 940 px of 1 mm to the second, less the half widths
        Assert.InRange(lonely.Least, 0.5, 0.94);
    }

    [Fact]
    public void Spacing_near_the_edge_of_the_photo_is_not_known()
    {
        Assert.Null(CrackSpacing.Of([Line(50, 400, 50, 1400)], 0, 4000, 3000, gsdM: 0.005));
        Assert.Equal(new Limits(0.5, double.PositiveInfinity), CrackSpacing.Of([Line(500, 400, 500, 1400)], 0, 4000, 3000, gsdM: 0.005));
    }

    [Fact]
    public void Cracks_that_only_cross_are_farther_apart_than_cracks_side_by_side()
    {
        Limits crossing = CrackSpacing.Of([Line(1000, 1000, 2000, 1000), Line(1500, 500, 1500, 1500)], 0, 4000, 3000, gsdM: 0.001)!.Value;
        Limits beside = CrackSpacing.Of([Line(1000, 1000, 2000, 1000), Line(1000, 1050, 2000, 1050)], 0, 4000, 3000, gsdM: 0.001)!.Value;
        Assert.InRange(0.25, crossing.Least * 0.95, crossing.Most * 1.05); // the median point of half a crack of 1,000 px
        Assert.InRange(0.048, beside.Least, beside.Most);
    }

    private static PixelFinding Line(double x0, double y0, double x1, double y1)
    {
        double length = double.Hypot(x1 - x0, y1 - y0);
        (double nx, double ny) = (-(y1 - y0) / length, (x1 - x0) / length);
        PixelPoint[] ring = [new(x0 + nx, y0 + ny), new(x1 + nx, y1 + ny), new(x1 - nx, y1 - ny), new(x0 - nx, y0 - ny)];
        return new PixelFinding("crack", 0.9, [ring], 2 * length, length, 2, 2, new PixelPoint((x0 + x1) / 2, (y0 + y1) / 2));
    }
}
