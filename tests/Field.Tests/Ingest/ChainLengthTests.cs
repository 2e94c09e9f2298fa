using Field.Geo;
using Field.Ingest.Findings;
using Field.Ingest.Photos;
using Field.Store;
using Field.Vision;
using NetTopologySuite.Geometries;

namespace Field.Tests.Ingest;

/// <summary>
/// A crooked crack planted on the ground, photographed straight down from 50 m every 4 m with f = 1000 px: 200 x 100 px show 10 m x 5 m at 0.05 m. Each photo
/// is displaced by an error drawn from the uncertainty that it states, and measures what it shows of the crack.
/// </summary>
public sealed class ChainLengthTests
{
    private const double GsdM = 0.05;
    private const double StepM = 4;
    private static readonly LocalFrame Frame = new(new LonLat(139.7, 35.6));

    [Fact]
    public void Planted_crack_over_several_photos_has_its_whole_length_within_the_stated_error()
    {
        const int Flights = 200;
        List<(double Off, double Stated, double Best)> seen = [];
        for (int seed = 0; seed < Flights; seed++)
        {
            Random random = new(seed);
            LineString crack = Crooked(random, 12 + (random.NextDouble() * 10), jagM: 0.3);
            (MergeNode primary, List<MergeNode> nodes) = Fly(random, crack, placeM: 0.3);
            ChainLength chain = Assert.NotNull(ChainLength.Of(primary, nodes));
            seen.Add((chain.LengthM - crack.Length, chain.ErrorM, crack.Length - nodes.Max(n => n.Finding.Real("lengthM")!.Value)));
        }

        // Within one and two standard deviations lie 68 % and 95 % of normal errors; of 200, three deviations of the count are 10 % and 5 %. The stated error may
        // be larger than the true one (errorM is rounded up, heights are exact here), not smaller.
        Assert.True(seen.Count(s => Math.Abs(s.Off) <= s.Stated) >= 0.58 * Flights);
        Assert.True(seen.Count(s => Math.Abs(s.Off) <= 2 * s.Stated) >= 0.90 * Flights);
        Assert.True(seen.Average(s => Math.Abs(s.Off)) < 0.5, $"mean error {seen.Average(s => Math.Abs(s.Off))} m"); // two ends of 0.3 m / root 2 each along the axis, and pixels
        Assert.True(seen.Average(s => s.Best) > 4); // what the longest single photo leaves out
    }

    [Fact]
    public void Error_is_the_arithmetic_of_the_places_of_both_ends_and_of_the_parts()
    {
        LineString crack = new([new Coordinate(-4, 0), new Coordinate(12, 0)]);
        (MergeNode primary, List<MergeNode> nodes) = Fly(null, crack, placeM: 0.3);
        ChainLength chain = ChainLength.Of(primary, nodes)!.Value;
        Assert.Equal(16, chain.LengthM, 2 * GsdM);

        MergeNode[] ordered = [.. nodes.OrderBy(n => n.Outline.Centroid.X)];
        double places = Math.Sqrt((ordered[0].ErrorM * ordered[0].ErrorM) + (ordered[^1].ErrorM * ordered[^1].ErrorM)) / 2.1459660263;
        double relative = nodes.Average(n => n.Finding.Real("lengthErrorM")!.Value / n.Finding.Real("lengthM")!.Value);
        Assert.Equal(Math.Sqrt((places * places) + (16 * relative * 16 * relative)), chain.ErrorM, 0.05);
    }

    [Fact]
    public void Crack_that_bends_back_has_no_length_along_the_chain()
    {
        // A hairpin: 8 m out and 8 m back in a strip of 1 m, seen twice; its extent tells less than half of it.
        LineString crack = new([new Coordinate(-6, -0.5), new Coordinate(6, -0.5), new Coordinate(6, -0.2), new Coordinate(-6, -0.2), new Coordinate(-6, 0.2), new Coordinate(6, 0.2), new Coordinate(6, 0.5), new Coordinate(-6, 0.5)]);
        (MergeNode primary, List<MergeNode> nodes) = Fly(null, crack, placeM: 0.3);
        Assert.Null(ChainLength.Of(primary, nodes));
    }

    [Fact]
    public void Crack_in_one_photo_has_its_own_length_and_none_along_a_chain()
    {
        (MergeNode primary, List<MergeNode> nodes) = Fly(null, new LineString([new Coordinate(-2, 0), new Coordinate(2, 0)]), placeM: 0.3);
        Assert.All(nodes, n => Assert.Null(ChainLength.Of(n, [n])));
        Assert.Null(ChainLength.Of(primary, [primary]));
    }

    private static LineString Crooked(Random random, double lengthM, double jagM)
    {
        List<Coordinate> points = [];
        for (double x = -3; x < lengthM - 3; x += 0.4)
        {
            points.Add(new Coordinate(x, (random.NextDouble() - 0.5) * jagM));
        }

        return new LineString([.. points]);
    }

    /// <summary>The findings of all photos that show something of it, and the one that shows most.</summary>
    private static (MergeNode Primary, List<MergeNode> Nodes) Fly(Random? random, LineString crack, double placeM)
    {
        List<MergeNode> nodes = [];
        double last = crack.Coordinates.Max(c => c.X);
        int number = 0;
        for (double east = 0; east < last + StepM; east += StepM)
        {
            // HorizontalM is the root mean square of the distance: along each axis its root 2nd part.
            (double offX, double offY) = random is null ? (0, 0) : (Normal(random) * placeM / Math.Sqrt(2), Normal(random) * placeM / Math.Sqrt(2));
            Geometry inView = crack.Intersection(new GeometryFactory().ToGeometry(new Envelope(east - 5, east + 5, -2.5, 2.5)));
            if (inView.Length < 0.5)
            {
                continue;
            }

            PixelPoint At(Coordinate c) => new(Math.Clamp(100 + ((c.X - east) / GsdM), 0, 200), Math.Clamp(50 - (c.Y / GsdM), 0, 100));
            Polygon band = (Polygon)inView.Buffer(0.05).GetGeometryN(0);
            PixelPoint[] ring = [.. band.Shell.Coordinates.SkipLast(1).Select(At)];
            PixelFinding found = new("crack", 0.9, [ring], inView.Length * 0.1 / (GsdM * GsdM), inView.Length / GsdM, 2, 2, At(inView.InteriorPoint.Coordinate));
            LonLat stated = Frame.ToLonLat(new EastNorth(east + offX, offY));
            CameraEstimate camera = new(Placement.Measured, new CameraPose(stated, 50, 0, -90, 0), new CameraIntrinsics(200, 100, 1000), new PoseUncertainty(placeM, 0.25, 0.1), [], "");
            PhotoGround ground = PhotoGround.Of(camera)!;
            Feature photo = new(FieldTables.Photos, $"photo-{number++}", null, new Dictionary<string, object?>());
            List<Feature> rows = PhotoGrader.Grade([FindingRow.From(photo, "m", found, 0, ground)], [found], 200, 100, ground, _ => null);
            nodes.AddRange(new MergePhoto(photo, ground, rows, Frame).Nodes);
        }

        return (nodes.MaxBy(n => n.Finding.Real("lengthM"))!, nodes);
    }

    /// <summary>Box and Muller.</summary>
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
