using Field.Geo;

namespace Field.Ingest.Findings;

/// <summary>A photo laid on the ground, with what was known of its camera.</summary>
internal sealed class PhotoGround
{
    // How well a focal length is known, as a share of it. Calibrated: what DJI's and Pix4D's calibrations of the same camera differ by. Sensor
    // table and focal plane: their digits. 35 mm equivalent: rounded to whole millimetres, and see FocalLength. Assumed: lenses of drones and
    // phones have equivalents of 20 to 35 mm.
    private const double CalibratedShare = 0.005;
    private const double SensorTableShare = 0.01;
    private const double FocalPlaneShare = 0.02;
    private const double From35MmShare = 0.03;
    private const double AssumedShare = 0.3;

    private readonly CameraEstimate _camera;
    private readonly double _focalShare;

    private PhotoGround(CameraEstimate camera, GroundProjection projection)
    {
        (_camera, Projection) = (camera, projection);
        _focalShare = camera.Assumptions.Select(FocalShare).DefaultIfEmpty(CalibratedShare).Max();
    }

    public GroundProjection Projection { get; }

    /// <summary>Null for a photo without a place.</summary>
    public static PhotoGround? Of(CameraEstimate? camera) => camera?.Projection() is { } projection ? new PhotoGround(camera, projection) : null;

    /// <summary>
    /// Standard deviation of the ground sample distance at a place, as a share of it. The ground sample distance is h f^-1 cos^-1.5 t of height h,
    /// focal length f and the angle t between the ray and the vertical (GroundProjection); to first order its share is the root of the squares of
    /// dh/h, df/f and 1.5 tan t da for an error da of the camera's direction. Off the vertical a pixel is longer away from the camera than
    /// across: the root of 1 / cos t either way, which the direction of a damage decides and which is added as it is.
    /// </summary>
    public double ScaleShare(GroundPoint at)
    {
        CameraPose pose = Projection.Pose;
        (double east, double north) = new LocalFrame(pose.Position).ToEastNorth(at.Position);
        double tan = double.Hypot(east, north) / pose.HeightAboveGroundM;
        double stretch = Math.Pow(1 + (tan * tan), 0.25) - 1; // 1 / cos t is the root of 1 + tan² t
        double turn = 1.5 * tan * double.DegreesToRadians(_camera.Uncertainty.AngleDeg);
        double height = _camera.Uncertainty.HeightM / pose.HeightAboveGroundM;
        return Math.Sqrt((height * height) + (_focalShare * _focalShare) + (turn * turn) + (stretch * stretch));
    }

    private static double FocalShare(string code) => code switch
    {
        AssumptionCodes.FocalFromSensorTable => SensorTableShare,
        AssumptionCodes.FocalFromFocalPlane => FocalPlaneShare,
        AssumptionCodes.FocalFrom35Mm => From35MmShare,
        AssumptionCodes.AssumedFocal => AssumedShare,
        _ => CalibratedShare,
    };
}
