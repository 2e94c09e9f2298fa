using Field.Geo;

namespace Field.Tests.Geo;

/// <summary>What is known of a camera's height over the surface that it shows, and how sure that is.</summary>
public sealed class HeightEvidenceTests
{
    private const double GroundM = 55.6; // above the ellipsoid
    private const double HeightM = 6;

    /// <summary>A DJI drone with RTK at 6 m over a deck that lies 4 m above the place of take-off.</summary>
    private static readonly CameraEvidence Rtk = new(2400, 1800)
    {
        CalibratedFocalPx = 2773.5,
        Position = new LonLat(138.45, 34.75),
        AltitudeType = "RtkAlt",
        AltitudeM = GroundM + HeightM,
        RelativeAltitudeM = HeightM + 4,
        GimbalYawDeg = 0,
        GimbalPitchDeg = -90,
        GimbalRollDeg = 0,
        RtkFlag = 50,
        RtkStdHorizontalM = 0.03,
        RtkStdHeightM = 0.04,
    };

    private static readonly CameraEvidence Stated = Rtk with { SurfaceHeightM = GroundM, SurfaceErrorM = 0.3 };

    [Fact]
    public void Rtk_alone_says_nothing_of_the_surface()
    {
        var estimate = CameraModel.Derive(Rtk);

        Assert.Equal([AssumptionCodes.GroundAtTakeoffLevel], estimate.Assumptions);
        Assert.Equal((10, Math.Sqrt(10)), (estimate.Pose!.HeightAboveGroundM, estimate.Uncertainty.HeightM)); // 1 m barometer, 3 m ground
    }

    [Fact]
    public void Stated_surface_and_rtk_give_the_height_and_both_errors()
    {
        var estimate = CameraModel.Derive(Stated);

        Assert.Equal((Placement.Measured, HeightM), (estimate.Placement, Math.Round(estimate.Pose!.HeightAboveGroundM, 9)));
        Assert.Equal([AssumptionCodes.HeightOverSurface], estimate.Assumptions);
        Assert.Equal(Math.Sqrt((0.04 * 0.04) + (0.3 * 0.3)), estimate.Uncertainty.HeightM, 1e-12);
    }

    [Theory]
    [InlineData(50, 0.04, 0.04)]
    [InlineData(50, null, 0.1)]
    [InlineData(50, 0.0, 0.1)] // a zero is silence
    [InlineData(34, 0.8, 0.8)]
    [InlineData(16, 2.5, 2.5)]
    public void Camera_term_is_what_rtk_states(int flag, double? statedM, double cameraM) => Assert.Equal(
        Math.Sqrt((cameraM * cameraM) + (0.3 * 0.3)), CameraModel.Derive(Stated with { RtkFlag = flag, RtkStdHeightM = statedM }).Uncertainty.HeightM, 1e-12);

    [Theory]
    [InlineData(34, null, "RtkAlt")] // how good a float solution is, only it can say
    [InlineData(16, null, "RtkAlt")]
    [InlineData(0, 0.04, "RtkAlt")]
    [InlineData(null, 0.04, null)]
    [InlineData(50, 0.04, "GpsFusionAlt")] // not above the ellipsoid
    public void Stated_surface_needs_a_height_in_its_datum(int? flag, double? stdM, string? type)
    {
        var estimate = CameraModel.Derive(Stated with { RtkFlag = flag, RtkStdHeightM = stdM, AltitudeType = type });

        Assert.Equal([AssumptionCodes.GroundAtTakeoffLevel], estimate.Assumptions);
        Assert.Equal(Math.Sqrt(10), estimate.Uncertainty.HeightM, 1e-12);
    }

    [Theory]
    [InlineData(14.2)] // 標高 for 楕円体高: the geoid's 41.4 m
    [InlineData(70)] // the camera would be under ground
    public void Surface_in_another_datum_is_found_out(double surfaceM)
    {
        var estimate = CameraModel.Derive(Stated with { SurfaceHeightM = surfaceM });

        Assert.Equal([AssumptionCodes.SurfaceContradicted, AssumptionCodes.GroundAtTakeoffLevel], estimate.Assumptions);
        Assert.Equal((10, Placement.Measured), (estimate.Pose!.HeightAboveGroundM, estimate.Placement));
    }

    [Fact]
    public void Takeoff_from_the_surface_leaves_the_barometer()
    {
        var estimate = CameraModel.Derive(Rtk with { RtkFlag = null, SurfaceErrorM = 0.2 });

        Assert.Equal((10, Math.Sqrt(1.04)), (estimate.Pose!.HeightAboveGroundM, estimate.Uncertainty.HeightM));
    }

    [Fact]
    public void Stated_surface_places_a_photo_from_below_the_takeoff()
    {
        Assert.Equal("not-above-takeoff", CameraModel.Derive(Rtk with { RelativeAltitudeM = -3 }).Reason);
        Assert.Equal(HeightM, CameraModel.Derive(Stated with { RelativeAltitudeM = -3 }).Pose!.HeightAboveGroundM, 1e-9);
    }

    [Fact]
    public void Laser_gives_the_height_at_the_centre_and_less_beside_it()
    {
        var estimate = CameraModel.Derive(Rtk with { LaserDistanceM = 20, GimbalPitchDeg = -60 });

        var height = 20 * Math.Sin(Math.PI / 3);
        Assert.Equal(height, estimate.Pose!.HeightAboveGroundM, 1e-9);
        Assert.Equal([AssumptionCodes.HeightByLaser], estimate.Assumptions);
        Assert.Equal(0.1 * height, estimate.Uncertainty.HeightM, 0.1); // the ground beside the spot outweighs 0.23 m of laser and 0.26 m of tilt
        Assert.True(estimate.Uncertainty.HeightM > 0.1 * height);
        Assert.Equal([AssumptionCodes.HeightOverSurface], CameraModel.Derive(Stated with { LaserDistanceM = 6 }).Assumptions); // the surer of the two
        Assert.Equal([AssumptionCodes.GroundAtTakeoffLevel], CameraModel.Derive(Rtk with { LaserDistanceM = 6, GimbalPitchDeg = 5 }).Assumptions);
    }

    /// <summary>The ground lies off by what the crew's word allows, the drone by what RTK does: what is stated holds the truth.</summary>
    [Theory]
    [InlineData(6, 0.05)]
    [InlineData(6, 0.5)]
    [InlineData(13.5, 0.1)]
    [InlineData(30, 1)]
    public void Stated_errors_hold_the_truth_when_the_ground_is_off_by_what_was_stated(double heightM, double surfaceErrorM)
    {
        const int Photos = 4000;
        var random = new Random(7);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
        var (places, scales, wide) = (0, 0, 0.0);
        for (var i = 0; i < Photos; i++)
        {
            var pitch = -90 + random.Next(16);
            var (x, y) = (random.NextDouble() * 2400, random.NextDouble() * 1800);
            var position = Rtk.Position!.Value;
            var truth = new GroundProjection(new CameraPose(position, heightM, 0, pitch, 0), new CameraIntrinsics(2400, 1800, 2773.5), new PoseUncertainty(0, 0, 0)).PixelToGround(x, y)!.Value;
            var frame = new LocalFrame(position);
            var estimate = CameraModel.Derive(Stated with
            {
                Position = frame.ToLonLat(new EastNorth(Normal() * 0.03, Normal() * 0.03)),
                RtkStdHorizontalM = 0.03 * Math.Sqrt(2),
                AltitudeM = GroundM + heightM + (Normal() * 0.04),
                SurfaceHeightM = GroundM + (Normal() * surfaceErrorM),
                SurfaceErrorM = surfaceErrorM,
                RelativeAltitudeM = heightM + (Normal() * 3),
                GimbalPitchDeg = pitch + (Normal() * 1.5),
                GimbalRollDeg = Normal() * 1.5,
                GimbalYawDeg = Normal() * 1.5,
            });
            var stated = estimate.Projection()!.PixelToGround(x, y)!.Value;
            var (found, real) = (frame.ToEastNorth(stated.Position), frame.ToEastNorth(truth.Position));
            places += double.Hypot(found.EastM - real.EastM, found.NorthM - real.NorthM) <= stated.ErrorM ? 1 : 0;
            wide += stated.ErrorM / Photos;
            var height = estimate.Pose!.HeightAboveGroundM;
            scales += Math.Abs((height - heightM) / height) <= 1.645 * estimate.Uncertainty.HeightM / height ? 1 : 0;
        }

        Assert.InRange(places / (double)Photos, 0.9, 0.99); // nor is it held by stating too much
        Assert.InRange(scales / (double)Photos, 0.88, 0.92); // 90 % by definition
        Assert.True(wide < 0.1 + (0.06 * heightM) + (0.7 * surfaceErrorM), $"{wide:0.00} m from {heightM} m");
    }
}
