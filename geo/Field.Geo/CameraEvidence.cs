namespace Field.Geo;

/// <summary>
/// What a photo's file says about its camera, as read from EXIF and DJI's XMP; null where the file is silent. Values that cannot be
/// true (not finite, out of range) count as silence: files lie, and a photo must not stop the line.
/// </summary>
/// <param name="WidthPx">Columns of the file as stored.</param>
/// <param name="HeightPx">Rows of the file as stored.</param>
public sealed record CameraEvidence(int WidthPx, int HeightPx)
{
    /// <summary>EXIF Model, such as <c>FC6310</c>.</summary>
    public string? Model { get; init; }

    /// <summary>EXIF FocalLength, millimetres.</summary>
    public double? FocalLengthMm { get; init; }

    /// <summary>EXIF FocalLengthIn35mmFilm, millimetres.</summary>
    public double? FocalLength35Mm { get; init; }

    /// <summary>EXIF FocalPlaneXResolution, pixels of the original photo per <see cref="FocalPlaneResolutionUnit"/>.</summary>
    public double? FocalPlaneXResolution { get; init; }

    /// <summary>EXIF FocalPlaneResolutionUnit: 2 inch (the default), 3 centimetre, 4 millimetre, 5 micrometre.</summary>
    public int? FocalPlaneResolutionUnit { get; init; }

    /// <summary>EXIF PixelXDimension (or RelatedImageWidth): columns that the camera wrote, before anyone resized the file.</summary>
    public int? ExifWidthPx { get; init; }

    /// <summary>XMP CalibratedFocalLength, pixels of the original photo.</summary>
    public double? CalibratedFocalPx { get; init; }

    /// <summary>GPS place; DJI's XMP before EXIF, because its digits go further.</summary>
    public LonLat? Position { get; init; }

    /// <summary>GPS altitude above sea level or ellipsoid, metres.</summary>
    public double? AltitudeM { get; init; }

    /// <summary>XMP RelativeAltitude, metres above the place of take-off.</summary>
    public double? RelativeAltitudeM { get; init; }

    /// <summary>XMP GimbalYawDegree, clockwise from true north.</summary>
    public double? GimbalYawDeg { get; init; }

    /// <summary>XMP GimbalPitchDegree, -90 straight down.</summary>
    public double? GimbalPitchDeg { get; init; }

    /// <summary>XMP GimbalRollDegree.</summary>
    public double? GimbalRollDeg { get; init; }

    /// <summary>XMP FlightYawDegree, the heading of the aircraft's nose.</summary>
    public double? FlightYawDeg { get; init; }

    /// <summary>EXIF GPSTrack, the direction of movement, clockwise from true north.</summary>
    public double? GpsTrackDeg { get; init; }

    /// <summary>XMP RtkFlag: 50 fixed, 34 float, 16 single, 0 none.</summary>
    public int? RtkFlag { get; init; }

    /// <summary>XMP RtkStdLon and RtkStdLat together: the root of the sum of their squares, metres.</summary>
    public double? RtkStdHorizontalM { get; init; }

    /// <summary>XMP RtkStdHgt, metres.</summary>
    public double? RtkStdHeightM { get; init; }

    /// <summary>XMP AltitudeType; <c>RtkAlt</c>: <see cref="AltitudeM"/> is above the ellipsoid.</summary>
    public string? AltitudeType { get; init; }

    /// <summary>XMP LRFTargetDistance, metres along the optical axis.</summary>
    public double? LaserDistanceM { get; init; }

    /// <summary>The crew's word: height of the photographed surface above the ellipsoid; null with <see cref="SurfaceErrorM"/>: level with the place of take-off.</summary>
    public double? SurfaceHeightM { get; init; }

    /// <summary>The crew's word: standard deviation of the surface from that level, unevenness included; null when nothing was said.</summary>
    public double? SurfaceErrorM { get; init; }
}

/// <summary>What to assume where a photo is silent.</summary>
/// <param name="HeightAboveGroundM">Height of the camera above ground for photos without one; metres, 1 to 10,000; 100 by default.</param>
/// <param name="GroundElevationM">Elevation of the ground in the datum of the photos' GPS altitude; null when not known.</param>
public sealed record CameraAssumptions(double HeightAboveGroundM = 100, double? GroundElevationM = null);

/// <summary>How far the place of a photo's pixels can be trusted.</summary>
public enum Placement
{
    /// <summary>The photo cannot be laid on the ground.</summary>
    None,

    /// <summary>Laid on the ground by assuming what the photo does not say; for orientation only.</summary>
    Assumed,

    /// <summary>Place, height and direction were measured by the drone.</summary>
    Measured,
}

/// <summary>Stable codes of what <see cref="CameraModel"/> assumed or inferred; they are kept with the photo.</summary>
public static class AssumptionCodes
{
    /// <summary>Height above take-off taken as height above ground.</summary>
    public const string GroundAtTakeoffLevel = "ground-at-takeoff-level";

    /// <summary>Height is the drone's RTK height minus the stated height of the surface.</summary>
    public const string HeightOverSurface = "height-over-surface";

    /// <summary>Height is what the drone's laser measured at the centre of the photo.</summary>
    public const string HeightByLaser = "height-by-laser";

    /// <summary>The stated height of the surface was left out: it cannot be in the datum of the drone's height.</summary>
    public const string SurfaceContradicted = "surface-contradicted";

    /// <summary>Height is GPS altitude minus the configured ground elevation.</summary>
    public const string HeightFromGpsAltitude = "height-from-gps-altitude";

    /// <summary>Height is the configured assumption.</summary>
    public const string AssumedHeight = "assumed-height";

    /// <summary>Camera taken to look straight down.</summary>
    public const string AssumedNadir = "assumed-nadir";

    /// <summary>Top of the image taken to point where the aircraft's nose does.</summary>
    public const string YawFromFlight = "yaw-from-flight";

    /// <summary>Top of the image taken to point where the aircraft moves.</summary>
    public const string YawFromGpsTrack = "yaw-from-gps-track";

    /// <summary>Top of the image taken to point north.</summary>
    public const string AssumedNorthUp = "assumed-north-up";

    /// <summary>Focal length from EXIF millimetres and the known sensor of the model.</summary>
    public const string FocalFromSensorTable = "focal-from-sensor-table";

    /// <summary>Focal length from EXIF millimetres and the focal plane resolution.</summary>
    public const string FocalFromFocalPlane = "focal-from-focal-plane";

    /// <summary>Focal length from the 35 mm equivalent.</summary>
    public const string FocalFrom35Mm = "focal-from-35mm";

    /// <summary>Focal length taken as that of a 24 mm equivalent lens.</summary>
    public const string AssumedFocal = "assumed-focal";
}

/// <summary>What could be derived from a photo's evidence.</summary>
/// <param name="Placement">How far it can be trusted.</param>
/// <param name="Pose">Null when <paramref name="Placement"/> is <see cref="Geo.Placement.None"/>.</param>
/// <param name="Intrinsics">The photo's size and focal length.</param>
/// <param name="Uncertainty">Standard deviations that match the sources.</param>
/// <param name="Assumptions">Codes of <see cref="AssumptionCodes"/>, in the order height, pitch, yaw, focal length.</param>
/// <param name="Reason">Why it is not measured: <c>no-gps</c>, <c>not-above-takeoff</c> or <c>assumed</c>; empty when measured.</param>
public sealed record CameraEstimate(
    Placement Placement,
    CameraPose? Pose,
    CameraIntrinsics Intrinsics,
    PoseUncertainty Uncertainty,
    IReadOnlyList<string> Assumptions,
    string Reason)
{
    /// <summary>The projection of this estimate; null without a pose.</summary>
    public GroundProjection? Projection() => Pose is null ? null : new GroundProjection(Pose, Intrinsics, Uncertainty);
}
