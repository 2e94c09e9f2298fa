using Field.Geo;
using Field.Geo.Linear;
using NetTopologySuite.Geometries;

namespace Field.Tests.Geo.Linear;

public sealed class LeveeNetworkTests
{
    private static readonly LocalFrame Frame = new(new LonLat(138.3, 34.85));

    // A river to the south, 60 m wide: its left levee in two lines, its right one in one, and a tributary's across the left one.
    private static readonly LeveeNetwork Network = new(
    [
        LeveeLine.WithEnds("L1", "瀬戸川", Bank.Left, Path((30, -1000), (30, 0)), 2, 3),
        LeveeLine.WithEnds("L2", "瀬戸川", Bank.Left, Path((30, 0), (30, 1000)), 3, 4),
        LeveeLine.WithEnds("R1", "瀬戸川", Bank.Right, Path((-30, 1000), (-30, -1000)), 4, 2),
        LeveeLine.WithEnds("T1", "朝比奈川", Bank.Right, Path((32, 500), (600, 520)), 0, 0.57),
    ]);

    [Fact]
    public void Place_takes_the_nearest_levee()
    {
        LeveePlace place = Network.Locate(At(-35, -240), 30, 1)!;
        Assert.Equal(("R1", Bank.Right, 2.7), (place.Line.Id, place.Line.Bank, place.MarkKm));
        Assert.Equal(60, place.MarkOffsetM!.Value, 0.01);
        Assert.Equal(5, place.OffsetM!.Value, 0.001); // west is on the right, looking south
        Assert.Null(place.Reason);
    }

    [Fact]
    public void Place_between_two_levees_is_ambiguous()
    {
        LeveePlace place = Network.Locate(At(-0.5, 0.4), 40, 2)!;
        Assert.Equal(LinearReason.Ambiguous, place.Reason);
        Assert.Equal("R1", place.Line.Id);
        Assert.NotNull(place.MarkKm);
        Assert.Null(Network.Locate(At(-0.5, 0.4), 40, 0.5)!.Reason); // 29.5 and 30.5 m: not within half a metre
    }

    [Fact]
    public void Place_where_rivers_meet_is_ambiguous() => Assert.Equal(LinearReason.Ambiguous, Network.Locate(At(33, 501), 30, 5)!.Reason);

    [Theory]
    [InlineData(-1.5, "L1", 2.9, 98.5)]
    [InlineData(1.5, "L2", 3.0, 1.5)]
    public void Place_beside_the_joint_of_two_lines_is_not_ambiguous(double north, string line, double km, double metres)
    {
        LeveePlace place = Network.Locate(At(33, north), 30, 5)!;
        Assert.Null(place.Reason);
        Assert.Equal((line, km), (place.Line.Id, place.MarkKm));
        Assert.Equal(metres, place.MarkOffsetM!.Value, 0.01);
    }

    [Fact]
    public void Place_past_the_last_levee_says_so() => Assert.Equal(LinearReason.BeyondEnd, Network.Locate(At(30, 1010), 30, 1)!.Reason);

    [Fact]
    public void Place_away_from_every_levee_has_none()
    {
        Assert.Null(Network.Locate(At(300, 0), 30, 1));
        Assert.Null(new LeveeNetwork([]).Locate(At(0, 0), 30, 1));
    }

    [Theory]
    [InlineData(Bank.Left, 2.5, 40, 30, -460)]
    [InlineData(Bank.Left, 3.2, 0, 30, 200)]
    [InlineData(Bank.Right, 3.1, -50, -30, 50)]
    public void Mark_leads_to_its_place_on_the_right_bank_and_line(Bank bank, double km, double metres, double east, double north)
    {
        LonLat expected = At(east, north);
        LonLat actual = Network.PlaceOf("瀬戸川", bank, km, metres)!.Value;
        Assert.Equal(expected.Lon, actual.Lon, 1e-7);
        Assert.Equal(expected.Lat, actual.Lat, 1e-7);
        Assert.Null(Network.PlaceOf("大井川", bank, km, metres));
        Assert.Null(Network.PlaceOf("瀬戸川", bank, 5));
    }

    [Theory]
    [InlineData("右岸 12.3k + 40 m", Bank.Right, 12.3, 40)]
    [InlineData("左岸12.3k+40m", Bank.Left, 12.3, 40)]
    [InlineData("12k300", null, 12.3, 0)]
    [InlineData("12/300 - 5", null, 12.3, -5)]
    [InlineData("right bank 0.0k - 12.5 m", Bank.Right, 0.0, -12.5)]
    [InlineData("-0.2", null, -0.2, 0)]
    public void Written_mark_is_read(string text, Bank? bank, double km, double metres)
    {
        (Bank? Bank, double Km, double MetresUpstream) mark = MarkText.Parse(text)!.Value;
        Assert.Equal(bank, mark.Bank);
        Assert.Equal(km, mark.Km, 1e-9);
        Assert.Equal(metres, mark.MetresUpstream, 1e-9);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("右岸")]
    [InlineData("12.3k + x")]
    [InlineData("橋 12.3k")]
    public void Text_that_is_no_mark_is_none(string? text) => Assert.Null(MarkText.Parse(text));

    [Theory]
    [InlineData(Bank.Right, 12.3, 40.4, "右岸 12.3k + 40 m", "right bank 12.3k + 40 m")]
    [InlineData(Bank.Left, 2, -5.5, "左岸 2.0k - 6 m", "left bank 2.0k - 6 m")]
    [InlineData(null, 12.25, 0.2, "12.25k", "12.25k")]
    public void Mark_is_written_and_read_again(Bank? bank, double km, double metres, string japanese, string english)
    {
        Assert.Equal(japanese, MarkText.Format(bank, km, metres));
        Assert.Equal(english, MarkText.Format(bank, km, metres, japanese: false));
        Assert.Equal((bank, km), (MarkText.Parse(japanese)!.Value.Bank, MarkText.Parse(japanese)!.Value.Km));
    }

    private static LonLat At(double east, double north) => Frame.ToLonLat(new EastNorth(east, north));

    private static LineString Path(params (double East, double North)[] places) => GeometryFactory.Default.CreateLineString(
        [.. places.Select(p => At(p.East, p.North)).Select(p => new Coordinate(p.Lon, p.Lat))]);
}
