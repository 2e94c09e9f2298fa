namespace Field.Geo;

/// <summary>
/// Where a camera was and how it looked, in the convention of DJI's gimbals: from a level camera that looks north, turn by yaw
/// about the vertical, then by pitch about the camera's right axis, then by roll about the optical axis.
/// </summary>
/// <param name="Position">The camera's place, at most 89 degrees from the equator.</param>
/// <param name="HeightAboveGroundM">Height above the ground plane, above 0 to 20,000 m.</param>
/// <param name="YawDeg">Degrees clockwise from true north of the optical axis; at pitch -90 of the top of the image.</param>
/// <param name="PitchDeg">0 looks at the horizon, -90 straight down.</param>
/// <param name="RollDeg">Positive lowers the right side of the camera; at pitch -90 it adds to yaw.</param>
public sealed record CameraPose(LonLat Position, double HeightAboveGroundM, double YawDeg, double PitchDeg, double RollDeg)
{
    /// <summary>Outlines in lon, lat have no meaning around a pole.</summary>
    internal const double MaxLatDeg = 89;

    internal void Check()
    {
        Position.Check(nameof(Position));
        Require.Range(Position.Lat, -MaxLatDeg, MaxLatDeg, nameof(Position));
        Require.Range(HeightAboveGroundM, 0.01, 20_000, nameof(HeightAboveGroundM));
        Require.Range(YawDeg, -720, 720, nameof(YawDeg));
        Require.Range(PitchDeg, -180, 180, nameof(PitchDeg));
        Require.Range(RollDeg, -360, 360, nameof(RollDeg));
    }
}

/// <summary>A pinhole camera: principal point at the centre, square pixels, no distortion.</summary>
/// <param name="WidthPx">Columns of the photo as stored, 1 to 100,000.</param>
/// <param name="HeightPx">Rows of the photo as stored, 1 to 100,000.</param>
/// <param name="FocalPx">Focal length in pixels of this photo, 1 to 1,000,000.</param>
public sealed record CameraIntrinsics(int WidthPx, int HeightPx, double FocalPx)
{
    internal void Check()
    {
        Require.Range(WidthPx, 1, 100_000, nameof(WidthPx));
        Require.Range(HeightPx, 1, 100_000, nameof(HeightPx));
        Require.Range(FocalPx, 1, 1_000_000, nameof(FocalPx));
    }
}

/// <summary>How well a pose is known, one standard deviation each; independent of each other.</summary>
/// <param name="HorizontalM">Distance error of the position in the plane (root mean square), metres.</param>
/// <param name="HeightM">Error of the height above ground, metres.</param>
/// <param name="AngleDeg">Error of the direction about each of three perpendicular axes, degrees.</param>
public sealed record PoseUncertainty(double HorizontalM, double HeightM, double AngleDeg)
{
    internal void Check()
    {
        Require.Range(HorizontalM, 0, 1e6, nameof(HorizontalM));
        Require.Range(HeightM, 0, 1e6, nameof(HeightM));
        Require.Range(AngleDeg, 0, 180, nameof(AngleDeg));
    }
}

/// <summary>Where a pixel lies on the ground.</summary>
/// <param name="Position">The place.</param>
/// <param name="ErrorM">
/// Radius around the place that holds the true one in at least 90 % of cases, metres: 1.645 times the root mean square distance error. Of
/// normal errors of one root mean square, those along one line reach furthest, 1.645 times at 90 %; those equal in all directions 1.52.
/// </param>
/// <param name="GsdM">Metres per pixel there: the side of the square as large as the ground that one pixel covers.</param>
public readonly record struct GroundPoint(LonLat Position, double ErrorM, double GsdM);

/// <summary>Argument checks that also refuse NaN.</summary>
internal static class Require
{
    internal static void Range(double value, double low, double high, string name)
    {
        if (!(value >= low && value <= high))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must lie within {low} to {high}.");
        }
    }
}
