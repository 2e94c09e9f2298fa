using Field.Gdal;
using Field.Geo;
using Field.Geo.Linear;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace Field.Tests.Geo.Linear;

/// <summary>
/// Oracle of the places: geodesic distance and azimuth from 138.3, 34.85 by PROJ 9.1's azimuthal equidistant projection, which keeps
/// both exactly: <c>echo EAST NORTH | gdaltransform -s_srs "+proj=aeqd +lon_0=138.3 +lat_0=34.85 +ellps=GRS80" -t_srs EPSG:6668</c>.
/// </summary>
public sealed class LeveeLineTests
{
    private static readonly LonLat South1500 = new(138.3, 34.8364788984678);
    private static readonly LonLat South1000 = new(138.3, 34.8409859356578);
    private static readonly LonLat Centre = new(138.3, 34.85);
    private static readonly LonLat North340 = new(138.3, 34.8530647788273);
    private static readonly LonLat North1000 = new(138.3, 34.8590140509571);
    private static readonly LonLat East12North40 = new(138.300131213438, 34.8503605622245);
    private static readonly LonLat West7North300 = new(138.299917989276, 34.852704216665); // 7.5 m west
    private static readonly LonLat East30South1530 = new(138.300327977447, 34.8362084756878);

    // The river comes from the north: 12.2k lies 1,000 m south of 12.3k, 12.4k 340 m north of it, as marks on a bend do.
    private static readonly DistanceMark[] Marks = [new(12.4, North340), new(12.2, South1000), new(12.3, Centre)];

    public static TheoryData<bool> Directions => [true, false];

    [Theory]
    [MemberData(nameof(Directions))]
    public void Place_is_named_by_the_mark_downstream_and_the_geodesic_metres_from_it(bool drawnUpstream)
    {
        LeveeLine line = Line(drawnUpstream);

        LeveePlace place = line.Locate(East12North40);

        Assert.Equal(12.3, place.MarkKm);
        Assert.Equal(40, place.MarkOffsetM!.Value, 0.001);
        Assert.Equal(12, place.DistanceM, 0.001);
        Assert.Equal(-12, place.OffsetM!.Value, 0.001); // east of it is on the left, looking downstream, which is south
        Assert.Null(place.Reason);
        Assert.Equal("左岸 12.3k + 40 m", MarkText.Format(line.Bank, place.MarkKm!.Value, place.MarkOffsetM.Value));
    }

    [Theory]
    [MemberData(nameof(Directions))]
    public void Mark_and_metres_lead_back_to_the_place(bool drawnUpstream)
    {
        LeveeLine line = Line(drawnUpstream);

        AssertNear(East12North40, line.PlaceOf(12.3, 40, -12)!.Value, 0.001);
        AssertNear(West7North300, line.PlaceOf(12.3, 300, 7.5)!.Value, 0.001);
        AssertNear(North1000, line.PlaceOf(12.4, 660)!.Value, 0.001);
        AssertNear(South1500, line.PlaceOf(12.2, -500)!.Value, 0.001);
        AssertNear(North340, line.PlaceOf(12.4)!.Value, 0.001);
        Assert.Null(line.PlaceOf(12.2, -501));
        Assert.Null(line.PlaceOf(12.5));
        Assert.Null(line.PlaceOf(double.NaN));
    }

    [Fact]
    public void Kilometres_between_marks_are_interpolated() =>
        AssertNear(new MeasuredLine(Path(South1000, Centre)).At(500), Line(true).PlaceOf(12.25)!.Value, 0.01);

    [Fact]
    public void Place_below_the_lowest_mark_has_negative_metres()
    {
        LeveePlace place = Line(true).Locate(new LonLat(138.3, 34.8364788984678 + 1e-9));
        Assert.Equal(12.2, place.MarkKm);
        Assert.Equal(-500, place.MarkOffsetM!.Value, 0.001);
    }

    [Fact]
    public void Place_past_the_end_is_named_by_the_end_with_a_reason()
    {
        LeveePlace place = Line(true).Locate(East30South1530);
        Assert.Equal(LinearReason.BeyondEnd, place.Reason);
        Assert.Equal(-500, place.MarkOffsetM!.Value, 0.01);
        Assert.Equal(Math.Sqrt((30 * 30) + (30 * 30)), place.DistanceM, 0.01);
    }

    [Fact]
    public void Line_without_two_marks_near_it_says_so()
    {
        LonLat far = new(138.301, 34.8530647788273); // 91 m off
        LeveeLine line = LeveeLine.WithMarks("a", "瀬戸川", Bank.Left, Path(South1500, North1000), [new(12.3, Centre), new(12.4, far)]);

        LeveePlace place = line.Locate(East12North40);

        Assert.Equal(LinearReason.NoMarks, place.Reason);
        Assert.Null(place.MarkKm);
        Assert.Null(place.OffsetM);
        Assert.Equal(12, place.DistanceM, 0.001);
        Assert.Null(line.PlaceOf(12.3));
    }

    [Theory]
    [InlineData(12.3, 12.2, 12.4)] // turns back
    [InlineData(12.3, 12.3, 12.4)] // twice
    public void Marks_out_of_order_are_not_used(double south, double centre, double north)
    {
        LeveeLine line = LeveeLine.WithMarks(
            "a", "瀬戸川", Bank.Left, Path(South1500, North1000), [new(south, South1000), new(centre, Centre), new(north, North340)]);
        Assert.Equal(LinearReason.DisorderedMarks, line.Locate(Centre).Reason);
        Assert.Null(line.Locate(Centre).MarkKm);
    }

    [Fact]
    public void Ends_with_kilometres_give_interpolated_marks()
    {
        // 2,500 m that the ledger calls 12.05k to 14.55k, drawn upstream.
        LeveeLine line = LeveeLine.WithEnds("a", "瀬戸川", Bank.Right, Path(South1500, North1000), 12.05, 14.55);

        LeveePlace place = line.Locate(East12North40); // 1,540 m from the start: 13.59k

        Assert.Equal(13.5, place.MarkKm);
        Assert.Equal(90, place.MarkOffsetM!.Value, 0.01);
        Assert.Equal((12.05, 14.55), line.Range);
        Assert.Equal(12.05, line.Locate(new LonLat(138.3, 34.8365)).MarkKm);
        Assert.Equal(LinearReason.NoMarks, LeveeLine.WithEnds("a", "b", null, Path(South1500, Centre), 1, 1).Problem);
    }

    [Fact]
    public void Length_of_a_real_line_agrees_with_the_geodesic_length()
    {
        // ogrinfo -dialect SQLite -sql "select ST_Length(geometry, 1) from 一次緊急輸送路 limit 3" (SpatiaLite, on the ellipsoid)
        double[] expected = [14535.5853269908, 15312.9026135518, 3605.41590453099];
        using VectorReader reader = Vectors.Open(SharedData.Path("jp_gis/yaizu/緊急輸送路_一次緊急輸送路/一次緊急輸送路.shp"));
        foreach (double lengthM in expected)
        {
            Geometry geometry = new WKBReader().Read(reader.Read()!.Wkb);
            Assert.Equal(lengthM, new MeasuredLine((LineString)geometry).LengthM, 0.002);
        }
    }

    [Fact]
    public void Random_places_on_and_beside_random_levees_come_back_within_a_decimetre()
    {
        Random random = new(20260711);
        for (int n = 0; n < 300; n++)
        {
            LineString path = RandomPath(random);
            MeasuredLine measured = new(path);
            bool rises = random.Next(2) == 0;
            LeveeLine line = LeveeLine.WithEnds("a", "r", Bank.Left, path, rises ? 3.21 : 9.87, rises ? 9.87 : 3.21);
            for (int k = 0; k < 20; k++)
            {
                double offset = k % 2 == 0 ? 0 : (random.NextDouble() * 30) - 15;
                LonLat place = measured.At(random.NextDouble() * measured.LengthM, offset);
                LeveePlace named = line.Locate(place);
                LonLat back = line.PlaceOf(named.MarkKm!.Value, named.MarkOffsetM!.Value, named.OffsetM!.Value)!.Value;

                Assert.InRange(named.DistanceM, Math.Abs(named.OffsetM.Value) - 1e-9, Math.Abs(offset) + 0.01);
                LineFoot foot = measured.Nearest(place);
                if (!measured.IsVertex(foot.ChainageM))
                {
                    AssertNear(place, back, 0.1);
                }
                else
                {
                    AssertNear(place, line.PlaceOf(named.MarkKm.Value, named.MarkOffsetM.Value)!.Value, named.DistanceM + 0.1);
                }
            }
        }
    }

    private static LineString RandomPath(Random random)
    {
        LocalFrame frame = new(new LonLat(125 + (random.NextDouble() * 20), 25 + (random.NextDouble() * 20)));
        double heading = random.NextDouble() * Math.Tau;
        (double east, double north) = (0.0, 0.0);
        List<LonLat> places = [];
        for (int i = 0; i < 25; i++)
        {
            places.Add(frame.ToLonLat(new EastNorth(east, north)));
            heading += (random.NextDouble() - 0.5) * 0.8;
            double step = 40 + (random.NextDouble() * 200);
            (east, north) = (east + (step * Math.Sin(heading)), north + (step * Math.Cos(heading)));
        }

        return Path([.. places]);
    }

    private static LeveeLine Line(bool drawnUpstream) => LeveeLine.WithMarks(
        "L1", "瀬戸川", Bank.Left, drawnUpstream ? Path(South1500, North1000) : Path(North1000, South1500), Marks);

    private static LineString Path(params LonLat[] places) =>
        GeometryFactory.Default.CreateLineString([.. places.Select(p => new Coordinate(p.Lon, p.Lat))]);

    private static void AssertNear(LonLat expected, LonLat actual, double toleranceM)
    {
        EastNorth off = new LocalFrame(expected).ToEastNorth(actual);
        double distance = Math.Sqrt((off.EastM * off.EastM) + (off.NorthM * off.NorthM));
        Assert.True(distance <= toleranceM, $"{distance} m from {expected}: {actual}");
    }
}
