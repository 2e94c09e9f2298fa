using Field.Contracts;
using Field.Geo;

namespace Field.Ingest.Photos;

/// <summary>What a photo's file says, as the geometry wants it.</summary>
public static class PhotoEvidence
{
    private const double MaxSidePx = 100_000;

    /// <summary>The evidence; null while the photo's size is not known.</summary>
    /// <param name="camera">What EXIF and XMP say.</param>
    /// <param name="place">The camera's place, or null.</param>
    /// <param name="widthPx">Columns of the file.</param>
    /// <param name="heightPx">Rows of the file.</param>
    public static CameraEvidence? Of(CameraMetadata camera, GeoPoint? place, long? widthPx, long? heightPx)
    {
        ArgumentNullException.ThrowIfNull(camera);
        if (widthPx is not (>= 1 and <= (long)MaxSidePx) || heightPx is not (>= 1 and <= (long)MaxSidePx))
        {
            return null;
        }

        return new CameraEvidence((int)widthPx, (int)heightPx)
        {
            Model = camera.Model,
            FocalLengthMm = camera.FocalMm,
            FocalLength35Mm = camera.Focal35Mm,
            FocalPlaneXResolution = camera.FocalPlaneXResolution,
            FocalPlaneResolutionUnit = FocalPlaneUnit(camera.FocalPlaneUnitMm),
            ExifWidthPx = camera.ExifWidthPx,
            CalibratedFocalPx = camera.CalibratedFocalPx,
            Position = place is { } p ? new LonLat(p.Lon, p.Lat) : null,
            AltitudeM = camera.GpsAltitudeM ?? place?.AltitudeM,
            RelativeAltitudeM = camera.RelativeAltitudeM,
            GimbalYawDeg = camera.GimbalYawDeg,
            GimbalPitchDeg = camera.GimbalPitchDeg,
            GimbalRollDeg = camera.GimbalRollDeg,
            FlightYawDeg = camera.FlightYawDeg,
            GpsTrackDeg = camera.GpsTrackDeg,
            RtkFlag = camera.RtkFlag,
            AltitudeType = camera.AltitudeType,
            RtkStdHorizontalM = camera is { RtkStdLonM: { } lon, RtkStdLatM: { } lat } ? double.Hypot(lon, lat) : null,
            RtkStdHeightM = camera.RtkStdHeightM,
            LaserDistanceM = camera.LaserDistanceM,
            SurfaceHeightM = camera.SurfaceHeightM,
            SurfaceErrorM = camera.SurfaceErrorM,
        };
    }

    /// <summary>Millimetres as the code of EXIF's FocalPlaneResolutionUnit.</summary>
    private static int? FocalPlaneUnit(double? millimetres) => millimetres switch
    {
        25.4 => 2,
        10 => 3,
        1 => 4,
        0.001 => 5,
        _ => null,
    };
}
