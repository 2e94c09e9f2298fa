namespace Field.Contracts;

/// <summary>What a photo's EXIF and XMP say of the camera, unaltered, and what the crew says of the surface; null where they are silent (SPEC.md section 5).</summary>
public sealed record CameraMetadata
{
    /// <summary>EXIF Make.</summary>
    public string? Make { get; init; }

    /// <summary>EXIF Model.</summary>
    public string? Model { get; init; }

    /// <summary>Width of the coded image, px.</summary>
    public int? WidthPx { get; init; }

    /// <summary>Height of the coded image, px.</summary>
    public int? HeightPx { get; init; }

    /// <summary>EXIF ExifImageWidth, px: differs from <see cref="WidthPx"/> when the file was resized after capture.</summary>
    public int? ExifWidthPx { get; init; }

    /// <summary>EXIF FocalLength, mm.</summary>
    public double? FocalMm { get; init; }

    /// <summary>EXIF FocalLengthIn35mmFilm, mm.</summary>
    public double? Focal35Mm { get; init; }

    /// <summary>EXIF FocalPlaneXResolution, pixels per <see cref="FocalPlaneUnitMm"/>.</summary>
    public double? FocalPlaneXResolution { get; init; }

    /// <summary>EXIF FocalPlaneResolutionUnit as millimetres (25.4, 10 or 1).</summary>
    public double? FocalPlaneUnitMm { get; init; }

    /// <summary>XMP CalibratedFocalLength, px.</summary>
    public double? CalibratedFocalPx { get; init; }

    /// <summary>EXIF GPSAltitude, m above sea (negative below).</summary>
    public double? GpsAltitudeM { get; init; }

    /// <summary>XMP RelativeAltitude, m above the take-off point.</summary>
    public double? RelativeAltitudeM { get; init; }

    /// <summary>XMP GimbalYawDegree, clockwise from true north.</summary>
    public double? GimbalYawDeg { get; init; }

    /// <summary>XMP GimbalPitchDegree, -90 is straight down.</summary>
    public double? GimbalPitchDeg { get; init; }

    /// <summary>XMP GimbalRollDegree.</summary>
    public double? GimbalRollDeg { get; init; }

    /// <summary>XMP FlightYawDegree, clockwise from true north.</summary>
    public double? FlightYawDeg { get; init; }

    /// <summary>XMP FlightPitchDegree.</summary>
    public double? FlightPitchDeg { get; init; }

    /// <summary>XMP FlightRollDegree.</summary>
    public double? FlightRollDeg { get; init; }

    /// <summary>EXIF GPSTrack, degrees clockwise from true north.</summary>
    public double? GpsTrackDeg { get; init; }

    /// <summary>XMP RtkFlag: 50 is a fixed solution.</summary>
    public int? RtkFlag { get; init; }

    /// <summary>XMP AltitudeType: <c>RtkAlt</c> is a height above the ellipsoid.</summary>
    public string? AltitudeType { get; init; }

    /// <summary>XMP RtkStdLon, m.</summary>
    public double? RtkStdLonM { get; init; }

    /// <summary>XMP RtkStdLat, m.</summary>
    public double? RtkStdLatM { get; init; }

    /// <summary>XMP RtkStdHgt, m.</summary>
    public double? RtkStdHeightM { get; init; }

    /// <summary>XMP LRFTargetDistance, m along the camera's axis, when LRFStatus is <c>Normal</c>.</summary>
    public double? LaserDistanceM { get; init; }

    /// <summary>The crew: height of the photographed surface above the ellipsoid, m; null with <see cref="SurfaceErrorM"/>: level with the place of take-off.</summary>
    public double? SurfaceHeightM { get; init; }

    /// <summary>The crew: standard deviation of the surface from that level, unevenness included, m; null: nothing was said of the surface.</summary>
    public double? SurfaceErrorM { get; init; }
}
