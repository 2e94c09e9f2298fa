using Field.Geo;

namespace Field.Tests.Geo;

public sealed class GroundProjectionTests
{
    private static readonly LonLat Camera = new(139.9, 35.33);
    private static readonly PoseUncertainty Typical = new(2.5, 2, 1.5);

    /// <summary>
    /// Oracle: a numpy script that shares nothing with the code: R = Rz(yaw) Ry(pitch) Rx(roll) in north-east-down on the body vector
    /// (f, x - W/2, y - H/2), the ground by similar triangles, GSD as the root of the numerical Jacobian's determinant and the error
    /// by central differences over height and three small rotations. Columns: height, yaw, pitch, roll, W, H, f, x, y, then
    /// east, north, GSD, error for standard deviations of 2.5 m, 2 m and 1.5 degrees.
    /// </summary>
    [Theory]
    [InlineData(40, 45, -89.9, 0, 4000, 2250, 2340.7, 0, 0, -10.532727, 37.842649, 0.01711047, 4.06120)]
    [InlineData(40, 45, -89.9, 0, 4000, 2250, 2340.7, 4000, 1125, 24.216763, -24.118033, 0.01708894, 3.78814)]
    [InlineData(60, 120, -45, 0, 4000, 3000, 2900, 2000, 1500, 51.961524, -30.000000, 0.03479571, 5.00544)]
    [InlineData(60, 120, -45, 0, 4000, 3000, 2900, 100, 2900, 36.872665, 22.004864, 0.01927170, 4.20380)]
    [InlineData(60, -30, -60, 5, 5472, 3648, 3666, 5000, 300, 13.835285, 90.013748, 0.02881334, 7.10987)]
    [InlineData(25, 200, -30, -12, 5472, 3648, 3666, 1000, 3500, 3.677258, -17.565999, 0.00711031, 3.15343)]
    [InlineData(80, 10, -90, 180, 4000, 3000, 2900, 500, 700, 36.918430, -28.919130, 0.02758621, 4.63008)]
    [InlineData(15, -170, -20, 0, 1920, 1080, 1500, 960, 1000, -3.450436, -19.568397, 0.01998896, 3.85542)]
    public void PixelToGround_agrees_with_rotation_matrices(
        double height, double yaw, double pitch, double roll, int width, int rows, double focal, double x, double y,
        double eastM, double northM, double gsdM, double errorM)
    {
        var projection = new GroundProjection(
            new CameraPose(Camera, height, yaw, pitch, roll), new CameraIntrinsics(width, rows, focal), Typical);

        var ground = Assert.NotNull(projection.PixelToGround(x, y));

        var place = new LocalFrame(Camera).ToEastNorth(ground.Position);
        Assert.Equal(eastM, place.EastM, 1e-4);
        Assert.Equal(northM, place.NorthM, 1e-4);
        Assert.Equal(gsdM, ground.GsdM, 1e-7);
        Assert.Equal(1.645 * errorM, ground.ErrorM, 2e-3);
    }

    [Theory]
    [InlineData(0, 0, 1)] // top of the image to the north
    [InlineData(90, 1, 0)]
    [InlineData(-135, -1, -1)]
    public void PixelToGround_straight_down_top_points_to_yaw(double yaw, int eastSign, int northSign)
    {
        var ground = Nadir(yaw).PixelToGround(2000, 0);

        var place = new LocalFrame(Camera).ToEastNorth(Assert.NotNull(ground).Position);
        Assert.Equal(eastSign, Math.Abs(place.EastM) < 1e-6 ? 0 : Math.Sign(place.EastM));
        Assert.Equal(northSign, Math.Abs(place.NorthM) < 1e-6 ? 0 : Math.Sign(place.NorthM));
    }

    [Fact]
    public void PixelToGround_roll_right_side_down_looks_left()
    {
        // A level camera to the north, rolled by +90: its right side points down, so the right edge of the image sees the ground.
        var projection = new GroundProjection(
            new CameraPose(Camera, 10, 0, 0, 90), new CameraIntrinsics(4000, 3000, 2000), Typical);

        Assert.NotNull(projection.PixelToGround(4000, 1500));
        Assert.Null(projection.PixelToGround(0, 1500));
    }

    [Fact]
    public void CentreGsd_straight_down_is_height_over_focal_length() =>
        Assert.Equal(50 / 2500.0, Assert.NotNull(Nadir(30).CentreGsdM), 1e-12);

    [Fact]
    public void ErrorM_straight_down_centre_follows_from_position_and_two_tilts()
    {
        // sqrt(2.5² + 2 (50 m x 1.5 degrees)²): height and yaw do not move the point below the camera.
        var ground = Assert.NotNull(Nadir(0).PixelToGround(2000, 1500));

        Assert.Equal(1.645 * Math.Sqrt(6.25 + (2 * Math.Pow(50 * 1.5 * Math.PI / 180, 2))), ground.ErrorM, 1e-9);
    }

    [Theory]
    [InlineData(-90, 2000, 1500)]
    [InlineData(-90, 100, 100)]
    [InlineData(-60, 3900, 200)]
    [InlineData(-35, 2000, 1500)] // far more uncertain along the view than across
    public void ErrorM_holds_nine_of_ten_true_places(double pitch, double x, double y)
    {
        const int Draws = 20_000;
        Random random = new(7);
        double Normal(double deviation) => deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        PoseUncertainty small = new(1, 0.5, 0.3); // small, because the error follows to first order
        CameraIntrinsics camera = new(4000, 3000, 2900);
        GroundPoint said = Assert.NotNull(new GroundProjection(new CameraPose(Camera, 40, 30, pitch, 0), camera, small).PixelToGround(x, y));
        LocalFrame frame = new(Camera);
        EastNorth place = frame.ToEastNorth(said.Position);
        int held = 0;
        for (int i = 0; i < Draws; i++)
        {
            // Yaw turns about the vertical, the third axis; pitch and roll as the gimbal has them.
            GroundProjection truth = new(
                new CameraPose(Camera, 40 + Normal(0.5), 30 + Normal(0.3), pitch + Normal(0.3), Normal(0.3)), camera, small);
            EastNorth at = frame.ToEastNorth(Assert.NotNull(truth.PixelToGround(x, y)).Position);
            double east = at.EastM + Normal(Math.Sqrt(0.5)) - place.EastM, north = at.NorthM + Normal(Math.Sqrt(0.5)) - place.NorthM;
            held += (east * east) + (north * north) <= said.ErrorM * said.ErrorM ? 1 : 0;
        }

        Assert.InRange((double)held / Draws, 0.894, 0.97); // 90 % less three standard deviations of the count
    }

    [Fact]
    public void Pixel_to_ground_and_back_is_the_same_pixel()
    {
        var random = new Random(20260102);
        var hits = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var projection = RandomProjection(random);
            var (x, y) = (random.NextDouble() * projection.Intrinsics.WidthPx, random.NextDouble() * projection.Intrinsics.HeightPx);
            if (projection.PixelToGround(x, y) is not { } ground)
            {
                continue;
            }

            hits++;
            Assert.True(ground is { GsdM: > 0, ErrorM: > 0 });
            var back = Assert.NotNull(projection.GroundToPixel(ground.Position));

            // 0.1 mm of the local frame, in pixels.
            var tolerance = 1e-4 / ground.GsdM * 20 + 1e-4;
            Assert.Equal(x, back.X, tolerance);
            Assert.Equal(y, back.Y, tolerance);
        }

        Assert.InRange(hits, 5000, 20_000);
    }

    [Fact]
    public void GroundToPixel_behind_the_camera_is_null()
    {
        var projection = new GroundProjection(new CameraPose(Camera, 30, 0, -20, 0), new CameraIntrinsics(4000, 3000, 3000), Typical);
        var frame = new LocalFrame(Camera);

        Assert.NotNull(projection.GroundToPixel(frame.ToLonLat(new EastNorth(0, 100))));
        Assert.Null(projection.GroundToPixel(frame.ToLonLat(new EastNorth(0, -100))));
        Assert.Null(projection.GroundToPixel(frame.ToLonLat(new EastNorth(0, 301)))); // range is ten heights
        Assert.Null(projection.GroundToPixel(new LonLat(-40.1, -35.33))); // the other side of the earth
    }

    [Fact]
    public void PixelToGround_sky_is_null()
    {
        var projection = new GroundProjection(new CameraPose(Camera, 30, 0, 0, 0), new CameraIntrinsics(4000, 3000, 3000), Typical);

        Assert.Null(projection.PixelToGround(2000, 1499));
        Assert.Null(projection.PixelToGround(2000, 1500));
        Assert.Null(projection.PixelToGround(2000, 1799)); // 3000 / 299 > 10 heights away
        Assert.NotNull(projection.PixelToGround(2000, 1801));
        Assert.Null(projection.CentreGsdM);
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(1e300, 0)]
    public void PixelToGround_impossible_pixel_throws(double x, double y) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Nadir(0).PixelToGround(x, y));

    [Fact]
    public void GroundToPixel_impossible_place_throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Nadir(0).GroundToPixel(new LonLat(double.NaN, 1)));

    internal static GroundProjection Nadir(double yaw) =>
        new(new CameraPose(Camera, 50, yaw, -90, 0), new CameraIntrinsics(4000, 3000, 2500), Typical);

    internal static GroundProjection RandomProjection(Random random) => new(
        new CameraPose(
            new LonLat((random.NextDouble() * 360) - 180, (random.NextDouble() * 170) - 85),
            Math.Exp(random.NextDouble() * 6), // 1 to 400 m
            (random.NextDouble() * 720) - 360,
            (random.NextDouble() * 120) - 110,
            random.Next(4) == 0 ? (random.NextDouble() * 360) - 180 : 0),
        new CameraIntrinsics(random.Next(100, 8000), random.Next(100, 6000), 200 + (random.NextDouble() * 8000)),
        Typical);
}
