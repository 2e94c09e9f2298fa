using Field.Geo;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;

namespace Field.Tests.Geo;

public sealed class FootprintTests
{
    private static readonly LonLat Camera = new(139.9, 35.33);
    private static readonly PoseUncertainty Typical = new(2.5, 2, 1.5);

    [Fact]
    public void Footprint_straight_down_has_the_four_corners_counter_clockwise()
    {
        // 50 m high, 2500 px focal length, 4000 x 3000 px: 80 m x 60 m.
        var footprint = Assert.IsType<Polygon>(GroundProjectionTests.Nadir(0).Footprint());

        Assert.Equal(5, footprint.Shell.NumPoints);
        Assert.True(Orientation.IsCCW(footprint.Shell.Coordinates));
        Assert.True(footprint.IsValid);
        var corners = ToMetres(footprint, Camera).Select(p => (Math.Round(p.EastM, 3), Math.Round(p.NorthM, 3))).Distinct().Order();
        Assert.Equal([(-40, -30), (-40, 30), (40, -30), (40, 30)], corners.ToArray());
    }

    [Fact]
    public void Footprint_contains_the_ground_of_its_pixels_and_no_other()
    {
        var random = new Random(11);
        var checkedPixels = 0;
        for (var i = 0; i < 400; i++)
        {
            var projection = GroundProjectionTests.RandomProjection(random);
            var (width, height) = (projection.Intrinsics.WidthPx, projection.Intrinsics.HeightPx);
            var footprint = projection.Footprint();
            for (var j = 0; j < 20; j++)
            {
                // From half a picture outside to well inside; pixels within 2 % of an edge are left out.
                var (u, v) = ((random.NextDouble() * 2) - 0.5, (random.NextDouble() * 2) - 0.5);
                if (projection.PixelToGround(u * width, v * height) is not { } ground || NearEdge(u) || NearEdge(v)
                    || NearRange(projection, ground.Position))
                {
                    continue;
                }

                checkedPixels++;
                var inside = u is > 0 and < 1 && v is > 0 and < 1;
                var lon = ground.Position.Lon - (360 * Math.Round((ground.Position.Lon - projection.Pose.Position.Lon) / 360));
                Assert.Equal(inside, footprint?.Contains(new Point(lon, ground.Position.Lat)) ?? false);
            }
        }

        Assert.InRange(checkedPixels, 2000, 8000);
    }

    [Fact]
    public void Footprint_with_horizon_is_cut_at_the_range()
    {
        var projection = new GroundProjection(new CameraPose(Camera, 30, 90, -10, 0), new CameraIntrinsics(4000, 3000, 2500), Typical);

        var footprint = Assert.IsType<Polygon>(projection.Footprint());

        Assert.True(footprint.IsValid);
        Assert.True(Orientation.IsCCW(footprint.Shell.Coordinates));
        var places = ToMetres(footprint, Camera).ToArray();
        Assert.All(places, p => Assert.InRange(Math.Sqrt((p.EastM * p.EastM) + (p.NorthM * p.NorthM)), 0, 300.001));
        Assert.Equal(300, places.Max(p => p.EastM), 0.05);

        // The nearest row: the bottom edge looks atan(1500/2500) = 30.96 degrees below the axis, 40.96 below the horizon.
        Assert.Equal(30 / Math.Tan((10 * Math.PI / 180) + Math.Atan(0.6)), places.Min(p => p.EastM), 0.01);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(90)]
    public void Footprint_of_the_sky_is_null(double pitch)
    {
        var projection = new GroundProjection(new CameraPose(Camera, 30, 0, pitch, 0), new CameraIntrinsics(4000, 3000, 2500), Typical);

        Assert.Null(projection.Footprint());
    }

    [Fact]
    public void Footprint_at_the_antimeridian_stays_in_one_piece()
    {
        var projection = new GroundProjection(
            new CameraPose(new LonLat(179.9999, 0), 50, 0, -90, 0), new CameraIntrinsics(4000, 3000, 2500), Typical);

        var footprint = Assert.IsType<Polygon>(projection.Footprint());

        Assert.InRange(footprint.EnvelopeInternal.Width, 0.0007, 0.0008); // 80 m
        Assert.True(footprint.IsValid);
    }

    [Fact]
    public void Projection_of_random_extremes_throws_clearly_or_gives_finite_polygons()
    {
        double[] extremes =
        [
            0, -0.0, 1e-300, 0.01, 1, 89.999999, 90, -90, -89.9999999, 180, -180, 359, 720, 5000, 20_000, 1e6, 1e18, -1e18,
            double.MaxValue, double.Epsilon, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
        ];
        var random = new Random(31);
        double Pick() => random.Next(3) == 0 ? extremes[random.Next(extremes.Length)] : (random.NextDouble() * 360) - 180;
        var (refused, polygons) = (0, 0);
        for (var i = 0; i < 30_000; i++)
        {
            var pose = new CameraPose(new LonLat(Pick(), Pick() / 2), Math.Abs(Pick()), Pick(), Pick() / 2, Pick());
            var intrinsics = new CameraIntrinsics(random.Next(-1, 9000), random.Next(-1, 9000), Math.Abs(Pick() * 20));
            try
            {
                var footprint = new GroundProjection(pose, intrinsics, new PoseUncertainty(Math.Abs(Pick()), 2, 3)).Footprint();
                polygons += footprint is null ? 0 : 1;
                Assert.All(footprint?.Coordinates ?? [], c => Assert.True(double.IsFinite(c.X) && double.IsFinite(c.Y)));
                Assert.True(footprint is null || Orientation.IsCCW(footprint.Shell.Coordinates), pose.ToString());
            }
            catch (ArgumentOutOfRangeException error)
            {
                refused++;
                Assert.NotNull(error.ParamName);
            }
        }

        Assert.True(refused > 5000, $"{refused} refused");
        Assert.True(polygons > 3000, $"{polygons} polygons");
    }

    internal static IEnumerable<EastNorth> ToMetres(Polygon polygon, LonLat origin)
    {
        var frame = new LocalFrame(origin);
        return polygon.Shell.Coordinates.Select(c => frame.ToEastNorth(new LonLat(c.X, c.Y)));
    }

    private static bool NearEdge(double share) => Math.Abs(share) < 0.02 || Math.Abs(share - 1) < 0.02;

    private static bool NearRange(GroundProjection projection, LonLat place)
    {
        var (east, north) = new LocalFrame(projection.Pose.Position).ToEastNorth(place);
        return Math.Sqrt((east * east) + (north * north)) > 0.999 * projection.MaxRangeM;
    }
}
