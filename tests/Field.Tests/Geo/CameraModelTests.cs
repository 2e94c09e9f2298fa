using Field.Geo;
using NetTopologySuite.Geometries;

namespace Field.Tests.Geo;

/// <summary>
/// The files' values are exiftool 12.57's: <c>exiftool -n -csv -ImageWidth -ImageHeight -ExifImageWidth -Model -FocalLength
/// -FocalLengthIn35mmFormat -FocalPlaneXResolution -FocalPlaneResolutionUnit -GPSLongitude -GPSLatitude -GPSAltitude -GPSTrack
/// -RelativeAltitude -GimbalYawDegree -GimbalPitchDegree -GimbalRollDegree -FlightYawDegree</c> on drone/dji_phantom3_xmp and
/// drone/canon_fixedwing_cc0 (SOURCES.md).
/// </summary>
public sealed class CameraModelTests
{
    private static readonly CameraEvidence Phantom = new(4000, 2250)
    {
        Model = "FC300S",
        FocalLengthMm = 3.61,
        FocalLength35Mm = 20,
        ExifWidthPx = 4000,
        Position = new LonLat(-91.9945598888889, 46.8426070833333),
        AltitudeM = 198.309,
        RelativeAltitudeM = 39.80,
        GimbalYawDeg = 45.00,
        GimbalPitchDeg = -89.90,
        GimbalRollDeg = 0.00,
        FlightYawDeg = 46.00,
    };

    private static readonly CameraEvidence Canon = new(3600, 2700)
    {
        Model = "Canon PowerShot ELPH 300 HS",
        FocalLengthMm = 4.3,
        FocalPlaneXResolution = 16393.44262,
        FocalPlaneResolutionUnit = 2,
        ExifWidthPx = 4000,
        Position = new LonLat(-83.3046963000028, 41.0352376),
        AltitudeM = 284.501006,
        GpsTrackDeg = 59.152,
    };

    [Theory]
    [InlineData("DJI_0018", -91.9945598888889, 46.8426070833333, 39.80, 45.00, -89.90)]
    [InlineData("DJI_0019", -91.9944272777778, 46.8426906666667, 40.10, 42.80, -89.90)]
    [InlineData("DJI_0020", -91.9942993888889, 46.8427775833333, 40.10, 44.20, -89.90)]
    [InlineData("DJI_0021", -91.9941766388889, 46.8428651388889, 40.10, 45.00, -90.00)]
    [InlineData("DJI_0022", -91.9940517222222, 46.8429515833333, 40.00, 45.30, -90.00)]
    [InlineData("DJI_0026", -91.9939543888889, 46.84269025, 40.10, -132.00, -89.90)]
    [InlineData("DJI_0029", -91.9943333888889, 46.8424339166667, 40.10, -131.40, -89.90)]
    [InlineData("DJI_0030", -91.9940841666667, 46.8422816111111, 40.10, 44.20, -89.90)]
    public void Derive_phantom_photo_lies_below_the_drone_and_is_as_wide_as_lens_and_height_say(
        string photo, double lon, double lat, double heightM, double yaw, double pitch)
    {
        var position = new LonLat(lon, lat);
        var estimate = CameraModel.Derive(Phantom with
        {
            Position = position,
            RelativeAltitudeM = heightM,
            GimbalYawDeg = yaw,
            GimbalPitchDeg = pitch,
        });

        Assert.True(estimate.Placement == Placement.Measured, photo);
        var footprint = Assert.IsType<Polygon>(estimate.Projection()?.Footprint());
        var frame = new LocalFrame(position);
        var centre = frame.ToEastNorth(new LonLat(footprint.Centroid.X, footprint.Centroid.Y));
        Assert.InRange(Length(centre), 0, 2);

        // The lens: 3.61 mm on the 6.17 mm of a 1/2.3" sensor; the shape: 16:9.
        var corners = FootprintTests.ToMetres(footprint, position).ToArray();
        double[] sides = [Distance(corners[0], corners[1]), Distance(corners[1], corners[2])];
        var widthM = heightM * 6.17 / 3.61;
        Assert.Equal(widthM, sides.Max(), widthM * 0.01);
        Assert.Equal(widthM * 9 / 16, sides.Min(), widthM * 0.01);

        // The maker's angle of view, 94 degrees across the diagonal of the uncropped 4:3 frame, gives the width within 5 % too.
        var byAngle = 0.8 * 2 * heightM * Math.Tan(47 * Math.PI / 180);
        Assert.Equal(byAngle, sides.Max(), byAngle * 0.05);
    }

    [Fact]
    public void Derive_phantom_photo_keeps_codes()
    {
        var estimate = CameraModel.Derive(Phantom);

        Assert.Equal([AssumptionCodes.GroundAtTakeoffLevel, AssumptionCodes.FocalFromSensorTable], estimate.Assumptions);
        Assert.Equal("", estimate.Reason);
        Assert.Equal(new CameraPose(Phantom.Position!.Value, 39.80, 45, -89.9, 0), estimate.Pose);
    }

    [Theory]
    [InlineData(-83.3046963000028, 41.0352376, 59.152)]
    [InlineData(-83.3057237999889, 41.0370545, 222.9286957)]
    [InlineData(-83.3056653000056, 41.0346618000067, 66.98870056)]
    [InlineData(-83.3065006999694, 41.0360701000122, 62.17433888)]
    public void Derive_photo_without_xmp_is_placed_by_stated_assumptions(double lon, double lat, double track)
    {
        var estimate = CameraModel.Derive(Canon with { Position = new LonLat(lon, lat), GpsTrackDeg = track });

        Assert.Equal(Placement.Assumed, estimate.Placement);
        Assert.Equal("assumed", estimate.Reason);
        Assert.Equal(
            [AssumptionCodes.AssumedHeight, AssumptionCodes.AssumedNadir, AssumptionCodes.YawFromGpsTrack, AssumptionCodes.FocalFromFocalPlane],
            estimate.Assumptions);
        Assert.Equal(new CameraPose(new LonLat(lon, lat), 100, track, -90, 0), estimate.Pose);
        Assert.Equal(new PoseUncertainty(2.5, 50, 10), estimate.Uncertainty);

        // 4.3 mm x 16393.44262 / 25.4 px per mm = 2775.27 px of 4000; the file has been resized to 3600: x 0.9.
        Assert.Equal(2497.74, estimate.Intrinsics.FocalPx, 0.01);
    }

    [Fact]
    public void Derive_with_ground_elevation_takes_height_from_gps_altitude()
    {
        var estimate = CameraModel.Derive(Canon, new CameraAssumptions(GroundElevationM: 224));

        Assert.Equal(60.501006, estimate.Pose!.HeightAboveGroundM, 1e-9);
        Assert.Contains(AssumptionCodes.HeightFromGpsAltitude, estimate.Assumptions);
        Assert.Equal(Placement.Assumed, estimate.Placement);
    }

    [Fact]
    public void Derive_calibrated_focal_length_wins_and_follows_resizing()
    {
        // A Phantom 4 RTK's CalibratedFocalLength of 3666.666504 px in 5472 x 3648, shrunk to half.
        var estimate = CameraModel.Derive(new CameraEvidence(2736, 1824)
        {
            Model = "FC6310R",
            FocalLengthMm = 8.8,
            CalibratedFocalPx = 3666.666504,
            ExifWidthPx = 5472,
            FocalLength35Mm = 24,
        });

        Assert.Equal(1833.333252, estimate.Intrinsics.FocalPx, 1e-6);
        Assert.DoesNotContain(estimate.Assumptions, c => c.Contains("focal", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, 16393.44262, 2775.27)]
    [InlineData(3, 6454.11, 2775.27)]
    [InlineData(4, 645.411, 2775.27)]
    [InlineData(5, 0.645411, 2775.27)]
    [InlineData(null, 16393.44262, 2775.27)]
    public void Derive_focal_plane_resolution_minds_the_unit(int? unit, double resolution, double focalPx)
    {
        var estimate = CameraModel.Derive(
            Canon with { ExifWidthPx = 3600, FocalPlaneResolutionUnit = unit, FocalPlaneXResolution = resolution });

        Assert.Equal(focalPx, estimate.Intrinsics.FocalPx, 0.01);
    }

    [Theory]
    [InlineData(4000, 3000, 20, 2311.24)] // 20 / 43.2666 x 5000
    [InlineData(4000, 2250, 20, 2311.24)] // 16:9 cut from the same 4:3 frame
    [InlineData(5472, 3648, 24, 3648.0)] // 3:2: 8.8 mm on 13.2 mm gives 3648
    public void Derive_35_mm_equivalent_is_by_the_diagonal_of_the_frame(int width, int height, double equivalent, double focalPx)
    {
        var estimate = CameraModel.Derive(new CameraEvidence(width, height) { Model = "unknown", FocalLength35Mm = equivalent });

        Assert.Equal(focalPx, estimate.Intrinsics.FocalPx, 0.5);
        Assert.Contains(AssumptionCodes.FocalFrom35Mm, estimate.Assumptions);
    }

    [Fact]
    public void Derive_bare_photo_has_no_place()
    {
        var estimate = CameraModel.Derive(new CameraEvidence(640, 480));

        Assert.Equal((Placement.None, "no-gps"), (estimate.Placement, estimate.Reason));
        Assert.Null(estimate.Pose);
        Assert.Null(estimate.Projection());
        Assert.Contains(AssumptionCodes.AssumedFocal, estimate.Assumptions);
    }

    [Fact]
    public void Derive_zero_zero_is_no_fix() =>
        Assert.Equal("no-gps", CameraModel.Derive(Phantom with { Position = new LonLat(0, 0) }).Reason);

    [Theory]
    [InlineData(0.0)]
    [InlineData(-12.5)]
    public void Derive_photo_taken_at_or_below_takeoff_has_no_place(double relativeAltitudeM)
    {
        var estimate = CameraModel.Derive(Phantom with { RelativeAltitudeM = relativeAltitudeM });

        Assert.Equal((Placement.None, "not-above-takeoff"), (estimate.Placement, estimate.Reason));
    }

    [Fact]
    public void Derive_gimbal_pitch_without_yaw_uses_the_nose_and_says_so()
    {
        var estimate = CameraModel.Derive(Phantom with { GimbalYawDeg = null });

        Assert.Equal(46, estimate.Pose!.YawDeg);
        Assert.Equal(Placement.Assumed, estimate.Placement);
        Assert.Contains(AssumptionCodes.YawFromFlight, estimate.Assumptions);
    }

    [Theory]
    [InlineData(50, null, 0.05)]
    [InlineData(50, 0.018, 0.018)]
    [InlineData(34, 0.4, 0.4)]
    [InlineData(16, null, 2.5)]
    [InlineData(0, 0.01, 2.5)]
    [InlineData(null, null, 2.5)]
    public void Derive_rtk_sets_the_horizontal_error(int? flag, double? stdM, double expectedM) =>
        Assert.Equal(expectedM, CameraModel.Derive(Phantom with { RtkFlag = flag, RtkStdHorizontalM = stdM }).Uncertainty.HorizontalM);

    [Theory]
    [InlineData(0, 100)]
    [InlineData(100, -1)]
    public void Derive_photo_without_size_throws(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CameraModel.Derive(new CameraEvidence(width, height)));

    [Fact]
    public void Derive_impossible_assumption_throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CameraModel.Derive(Canon, new CameraAssumptions(double.NaN)));

    [Fact]
    public void Derive_any_evidence_gives_a_usable_camera_or_a_reason()
    {
        double?[] odd = [null, 0, -1, 1e-9, 5, 47, -90, 1e9, double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        var random = new Random(99);
        double? Pick() => odd[random.Next(odd.Length)];
        int? PickInt() => random.Next(4) == 0 ? null : random.Next(-5, 9000);
        for (var i = 0; i < 20_000; i++)
        {
            var estimate = CameraModel.Derive(new CameraEvidence(random.Next(1, 9000), random.Next(1, 9000))
            {
                Model = random.Next(2) == 0 ? "FC300S" : null,
                FocalLengthMm = Pick(),
                FocalLength35Mm = Pick(),
                FocalPlaneXResolution = Pick(),
                FocalPlaneResolutionUnit = PickInt(),
                ExifWidthPx = PickInt(),
                CalibratedFocalPx = Pick(),
                Position = Pick() is { } lon ? new LonLat(lon, Pick() ?? 35) : null,
                AltitudeM = Pick(),
                RelativeAltitudeM = Pick(),
                GimbalYawDeg = Pick(),
                GimbalPitchDeg = Pick(),
                GimbalRollDeg = Pick(),
                FlightYawDeg = Pick(),
                GpsTrackDeg = Pick(),
                RtkFlag = PickInt(),
                RtkStdHorizontalM = Pick(),
                RtkStdHeightM = Pick(),
                AltitudeType = random.Next(2) == 0 ? "RtkAlt" : null,
                LaserDistanceM = Pick(),
                SurfaceHeightM = Pick(),
                SurfaceErrorM = Pick(),
            });

            Assert.Equal(estimate.Placement == Placement.None, estimate.Pose is null);
            Assert.Equal(estimate.Placement == Placement.Measured, estimate.Reason.Length == 0);
            var footprint = estimate.Projection()?.Footprint();
            Assert.All(footprint?.Coordinates ?? [], c => Assert.True(double.IsFinite(c.X) && double.IsFinite(c.Y)));
        }
    }

    private static double Length(EastNorth a) => Math.Sqrt((a.EastM * a.EastM) + (a.NorthM * a.NorthM));

    private static double Distance(EastNorth a, EastNorth b) => Length(new EastNorth(a.EastM - b.EastM, a.NorthM - b.NorthM));
}
