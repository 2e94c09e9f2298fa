using System.Text.Json;
using Field.Geo;
using Field.Ingest.Assets;
using Field.Ingest.Findings;
using Field.Store;
using Field.Vision;
using Field.Vision.Grade;

namespace Field.Tests.Ingest;

/// <summary>From measures and links to the draft degree, cell by cell.</summary>
public sealed class FindingGradeTests
{
    private static readonly GradeFacts Sparse = new() { SpacingM = new Limits(0.5, double.PositiveInfinity) };

    [Theory]
    [InlineData("Mg0101", "PC橋", 0.15, "c", "c")]
    [InlineData("Mg0101", "ＲＣ床版橋", 0.15, "b", "b")]
    [InlineData("Mg0101", "プレストレストコンクリート", 0.25, "d", "d")]
    [InlineData("P0101", "PC橋", 0.25, "c", "c")] // a pier is reinforced
    [InlineData("A0101", null, 0.35, "d", "d")]
    [InlineData("Mg0101", null, 0.15, "b", "c")] // by both tables
    [InlineData("Mg0101", "PC・RC混合", 0.15, "b", "c")]
    [InlineData("Cr0101", "鋼単純合成鈑桁", 0.25, "c", "c")]
    public void Crack_is_graded_by_its_member_and_the_ledgers_concrete(string element, string? form, double widthMm, string least, string most)
    {
        Feature graded = FindingGrade.Apply(Crack(widthMm, element), Sparse, Bridge("上部構造形式", form));
        Assert.Equal((6L, "bridge", least, most), (graded.Whole("damageType"), graded.Text("rankScale"), graded.Text("degreeLeast"), graded.Text("degreeMost")));
        Assert.Equal(least != most, Reasons(graded).Contains("concrete-unknown"));
        Assert.Equal(widthMm, Number(graded, "maxWidthMm")!.Value, 6);
        Assert.Equal(0.5, Number(graded, "spacingLeastM"));
    }

    [Fact]
    public void Crack_of_a_deck_slab_has_a_type_and_no_table()
    {
        Feature graded = FindingGrade.Apply(Crack(0.3, "Ds0101"), Sparse, Bridge("橋種", "RC橋"));
        Assert.Equal((11L, "bridge", null), (graded.Whole("damageType"), graded.Text("rankScale"), graded.Text("degreeLeast")));
        Assert.Equal(["no-table"], Reasons(graded));
    }

    [Fact]
    public void Crack_without_element_asset_or_scale_says_what_is_not_known()
    {
        Feature nowhere = Crack(0.25, null).With(("assetId", null));
        Assert.Equal(["concrete-unknown", "member-unknown", "asset-unknown"], Reasons(FindingGrade.Apply(nowhere, Sparse, null)));
        Feature flat = FindingGrade.Apply(nowhere.With(("gsdM", null), ("maxWidthMm", null)), new GradeFacts { IsPartial = true }, null);
        Assert.Equal(("b", "e"), (flat.Text("degreeLeast"), flat.Text("degreeMost")));
        Assert.Equal(["no-scale", "member-unknown", "asset-unknown", "partial"], Reasons(flat));
        Feature doubtful = Crack(0.3, "Mg0101").With(("assetReason", "element-ambiguous"));
        Assert.Contains("member-ambiguous", Reasons(FindingGrade.Apply(doubtful, Sparse, null)));
    }

    [Fact]
    public void Crack_below_the_limit_is_not_resolvable_and_gets_no_width()
    {
        Feature fine = Crack(0.3, "Mg0101").With(("resolvable", false), ("maxWidthMm", null), ("meanWidthMm", null), ("widthErrorMm", null), ("gsdM", 0.005));
        Feature graded = FindingGrade.Apply(fine, Sparse, Bridge("橋種", "RC橋"));
        Assert.Equal(("b", "d"), (graded.Text("degreeLeast"), graded.Text("degreeMost")));
        Assert.Equal(["not-resolvable"], Reasons(graded));
        Assert.Null(Number(graded, "maxWidthMm"));
        Assert.Equal(5, Number(graded, "gsdMm")!.Value, 9);
    }

    [Theory]
    [InlineData("spalling", false, false, 7, "c", "c")]
    [InlineData("spalling", true, false, 7, "d", "e")]
    [InlineData("rebar", false, false, 7, "d", "e")]
    [InlineData("efflorescence", false, false, 8, "c", "d")]
    [InlineData("efflorescence", false, true, 8, "e", "e")]
    public void Surface_damage_follows_its_table(string damage, bool rebar, bool rust, int type, string least, string most)
    {
        Feature graded = FindingGrade.Apply(Area(damage, 0.4), new GradeFacts { HasRebar = rebar, HasRust = rust, AreaErrorM2 = 0.02 }, null);
        Assert.Equal(((long)type, least, most), (graded.Whole("damageType"), graded.Text("degreeLeast"), graded.Text("degreeMost")));
        Assert.Equal((0.4, 0.02), (Number(graded, "areaM2"), Number(graded, "areaErrorM2")));
    }

    [Theory]
    [InlineData("Mg0101", "鋼橋", 1, "b", "e")]
    [InlineData("Mg0101", "RC橋", 8, "c", "e")]
    [InlineData("P0101", "鋼橋", 8, "c", "e")]
    [InlineData("Bh0101", "RC橋", 1, "b", "e")]
    [InlineData("Mg0101", null, 1, "b", "e")]
    public void Corrosion_is_of_steel_or_a_stain_on_concrete(string element, string? form, int type, string least, string most)
    {
        Feature graded = FindingGrade.Apply(Area("corrosion", 0.4).With(("assetId", "bridge:B1"), ("elementId", $"element:B1/{element}")), new GradeFacts(), Bridge("material", form));
        Assert.Equal(((long)type, least, most), (graded.Whole("damageType"), graded.Text("degreeLeast"), graded.Text("degreeMost")));
        Assert.Equal(form is null, Reasons(graded).Contains("material-unknown"));
    }

    [Theory]
    [InlineData("levee-crack", 1, 10, 0, "b", "b")]
    [InlineData("levee-crack", 6, 10, 0, "c", "c")]
    [InlineData("levee-crack", 1, 25, 0, "c", "c")]
    [InlineData("levee-crack", 25, 10, 0, "d", "d")]
    [InlineData("levee-crack", 1, 60, 0, "d", "d")]
    [InlineData("slump", 1, 0, 9, "c", "c")]
    [InlineData("slump", 1, 0, 11, "d", "d")]
    [InlineData("erosion", 1, 0, 0.5, "b", "c")]
    [InlineData("erosion", 1, 0, 5, "c", "d")]
    [InlineData("erosion", 1, 0, 20, "d", "d")]
    [InlineData("subsidence", 1, 0, 2, "b", "c")]
    [InlineData("subsidence", 1, 0, 8, "c", "d")]
    [InlineData("seepage", 1, 0, 0.1, "c", "d")]
    [InlineData("crack", 1, 4, 0, "b", "b")]
    [InlineData("crack", 1, 25, 0, "d", "d")]
    [InlineData("spalling", 1, 0, 0.6, "c", "c")]
    [InlineData("rebar", 1, 0, 0.1, "c", "c")]
    [InlineData("corrosion", 1, 0, 0.1, "b", "b")]
    public void Levee_damage_is_ranked_by_the_own_rule(string damage, double lengthM, double widthMm, double areaM2, string least, string most)
    {
        Feature finding = Area(damage, areaM2).With(
            ("assetId", "levee:L1"), ("lengthM", lengthM), ("lengthErrorM", 0.0), ("maxWidthMm", widthMm), ("widthErrorMm", 0.0), ("resolvable", true));
        Feature graded = FindingGrade.Apply(finding, new GradeFacts { AreaErrorM2 = 0 }, null);
        Assert.Equal((null, "levee", least, most), (graded.Whole("damageType"), graded.Text("rankScale"), graded.Text("degreeLeast"), graded.Text("degreeMost")));
        Assert.Equal("own-rule", Reasons(graded)[0]);
    }

    [Fact]
    public void Road_damage_has_no_table()
    {
        foreach (Feature finding in (Feature[])[Area("pothole", 1), Crack(3, null).With(("assetId", "road:R1"))])
        {
            Feature graded = FindingGrade.Apply(finding, new GradeFacts(), null);
            Assert.Equal((null, null, null), (graded.Whole("damageType"), graded.Text("rankScale"), graded.Text("degreeLeast")));
            Assert.Equal(["no-table"], Reasons(graded));
        }
    }

    [Fact]
    public void Graded_finding_holds_its_facts_and_is_graded_the_same_again()
    {
        GradeFacts facts = new() { SpacingM = new Limits(0.2, 0.3), GsdErrorMm = 0.5, AreaErrorM2 = 0.1, HasRebar = true, HasRust = true, IsPartial = true };
        Feature graded = FindingGrade.Apply(Crack(0.3, "Mg0101"), facts, null);
        Assert.Equal(facts, GradeFacts.Of(graded));
        Assert.Equal(graded.Properties, FindingGrade.Apply(graded, GradeFacts.Of(graded), null).Properties);
    }

    [Fact]
    public void Urgency_goes_by_degree_then_score_then_size()
    {
        double Of(string scale, Degree? worst, double score, double length) => Urgency.Of(Crack(0.3, null).With(("score", score), ("lengthM", length)), scale, worst);
        Assert.True(Of("bridge", Degree.E, 0.1, 0) > Of("bridge", Degree.D, 1, 99));
        Assert.True(Of("bridge", Degree.D, 0.62, 0) > Of("bridge", Degree.D, 0.61, 99));
        Assert.True(Of("bridge", Degree.D, 0.62, 2) > Of("bridge", Degree.D, 0.62, 1));
        Assert.True(Of("levee", Degree.D, 0.5, 1) > Of("bridge", Degree.D, 0.5, 1));
        Assert.InRange(Of("bridge", Degree.E, 1, 99), 99, 100);
        Assert.InRange(Of("bridge", null, 0.5, 1), 60, 80);
    }

    [Fact]
    public void Errors_follow_from_the_scale_and_the_edge()
    {
        // Straight down from 50 m with f = 1000 px calibrated: height ±3 m is 6 %, focal length 0.5 %: 6.021 %.
        CameraEstimate camera = new(
            Placement.Measured, new CameraPose(new LonLat(139.7, 35.6), 50, 0, -90, 0), new CameraIntrinsics(2000, 1000, 1000), new PoseUncertainty(2.5, 3, 1.5), [], "");
        PhotoGround ground = PhotoGround.Of(camera)!;
        GroundPoint centre = ground.Projection.PixelToGround(1000, 500)!.Value;
        Assert.Equal(0.06021, ground.ScaleShare(centre), 5);

        // 45 degrees off: a turn of 1.5 degrees is 1.5 x 0.02618 = 3.93 %, the stretch 2^0.25 - 1 = 18.92 %.
        GroundPoint side = ground.Projection.PixelToGround(2000, 500)!.Value;
        Assert.Equal(Math.Sqrt((0.06021 * 0.06021) + (0.03927 * 0.03927) + (0.18921 * 0.18921)), ground.ScaleShare(side), 3);

        PixelPoint[] ring = [new(0, 0), new(100, 0), new(100, 4), new(0, 4)];
        Measures measures = Measures.Of(new PixelFinding("crack", 1, [ring], 400, 100, 4, 4, new PixelPoint(50, 2)), 0.01, 0.05);
        Assert.Equal((1, 40, 0.04), (measures.LengthM, measures.MaxWidthMm!.Value, Math.Round(measures.AreaM2, 9)));
        Assert.Equal(Math.Sqrt((0.05 * 0.05) + (0.00495 * 0.00495) + (0.026 * 0.026)), measures.LengthErrorM, 5);
        Assert.Equal(Math.Sqrt((2 * 2) + (4.95 * 4.95)), measures.WidthErrorMm!.Value, 2); // 5 % of 40 mm, and 0.35 px x 2^0.5 of 10 mm
        Assert.Equal(Math.Sqrt(Math.Pow(0.004, 2) + Math.Pow(208 * 0.01 * 0.0035, 2)), measures.AreaErrorM2, 6);
    }

    [Fact]
    public void Photo_tells_rebar_rust_and_spacing_of_its_findings()
    {
        PixelFinding[] seen =
        [
            Box("spalling", 1000, 1000, 1400, 1400), Box("rebar", 1100, 1100, 1120, 1300), Box("spalling", 2000, 1000, 2100, 1100),
            Box("efflorescence", 0, 2000, 300, 2200), Box("corrosion", 250, 2100, 400, 2300),
            Box("crack", 2600, 1000, 2604, 1800), Box("crack", 2700, 1000, 2704, 1800),
        ];
        CameraEstimate camera = new(
            Placement.Measured, new CameraPose(new LonLat(139.7, 35.6), 10, 0, -90, 0), new CameraIntrinsics(4000, 3000, 4000), new PoseUncertainty(2.5, 1, 1.5), [], "");
        PhotoGround ground = PhotoGround.Of(camera)!;
        Feature photo = new(FieldTables.Photos, "p", null, new Dictionary<string, object?>());
        Feature[] rows = [.. seen.Select((f, i) => Field.Ingest.Photos.FindingRow.From(photo, "m", f, i, ground))];
        List<Feature> graded = PhotoGrader.Grade(rows, seen, 4000, 3000, ground, _ => null);

        Assert.Equal(["rebar-exposed"], Reasons(graded[0]).Where(r => r is "rebar-exposed" or "partial"));
        Assert.Equal(("c", "c"), (graded[2].Text("degreeLeast"), graded[2].Text("degreeMost")));
        Assert.Equal("e", graded[3].Text("degreeLeast"));
        Assert.Contains("partial", Reasons(graded[3]));
        Assert.InRange(graded[5].Real("spacingMm")!.Value, 96 * 2.5, 100 * 2.5); // 96 px between the edges, 100 between the middle lines, 2.5 mm each
        Assert.Null(graded[0].Real("spacingMm"));
        Assert.InRange(Number(graded[5], "gsdErrorMm")!.Value, 0.25, 0.3); // the height's 10 % of 2.5 mm, and a little for the angle
    }

    [Theory]
    [InlineData("橋梁名", "PC橋", null)]
    [InlineData("ＭＡＴＥＲＩＡＬ", "Prestressed concrete", ConcreteKind.Prestressed)]
    [InlineData("橋種", "PCB橋", null)]
    [InlineData("使用材料", "鉄筋コンクリート", ConcreteKind.Reinforced)]
    public void Ledger_words_tell_the_concrete(string column, string words, ConcreteKind? concrete) =>
        Assert.Equal(concrete, BridgeMaterial.Of(Bridge(column, words)).Concrete);

    internal static PixelFinding Box(string damage, double left, double top, double right, double bottom)
    {
        PixelPoint[] ring = [new(left, top), new(right, top), new(right, bottom), new(left, bottom)];
        (double across, double along) = (Math.Min(right - left, bottom - top), Math.Max(right - left, bottom - top));
        return new PixelFinding(damage, 0.9, [ring], across * along, along, across, across, new PixelPoint((left + right) / 2, (top + bottom) / 2));
    }

    private static Feature Crack(double widthMm, string? element) => new(FieldTables.Findings, "f", null, new Dictionary<string, object?>
    {
        ["class"] = "crack",
        ["score"] = 0.9,
        ["resolvable"] = true,
        ["maxWidthMm"] = widthMm,
        ["widthErrorMm"] = 0.001,
        ["gsdM"] = 0.00005,
        ["lengthM"] = 1.0,
        ["lengthErrorM"] = 0.05,
        ["assetId"] = "bridge:B1",
        ["elementId"] = element is null ? null : $"element:B1/{element}",
    });

    private static Feature Area(string damage, double areaM2) => new(FieldTables.Findings, "f", null, new Dictionary<string, object?>
    {
        ["class"] = damage,
        ["score"] = 0.9,
        ["gsdM"] = 0.001,
        ["areaM2"] = areaM2,
    });

    private static Feature Bridge(string column, string? words) => new(FieldTables.Assets, "bridge:B1", null, new Dictionary<string, object?>
    {
        ["kind"] = "bridge",
        ["attributes"] = words is null ? null : JsonSerializer.Serialize(new Dictionary<string, string> { [column] = words }),
    });

    private static string[] Reasons(Feature finding) => [.. JsonDocument.Parse(finding.Text("degreeReasons")!).RootElement.EnumerateArray().Select(e => e.GetString()!)];

    private static double? Number(Feature finding, string name) =>
        JsonDocument.Parse(finding.Text("degreeNumbers")!).RootElement.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : null;
}
