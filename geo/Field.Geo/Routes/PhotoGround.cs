namespace Field.Geo.Routes;

/// <summary>
/// The ground of one photo of a camera that looks ahead and down, nose along the track, over level ground: a trapezoid between
/// <see cref="NearM"/> and <see cref="FarM"/> ahead of the aircraft. Its length is the same at every distance from the track, so the front
/// overlap is exact; the side overlap is measured where the photo is narrowest, at its near edge.
/// </summary>
internal readonly record struct PhotoGround(double NearM, double FarM, double NarrowM, double IntervalM, double SpacingM)
{
    /// <summary>Steepest angle from straight down at which the upper edge may look; beyond it a pixel is over ten times as coarse as below.</summary>
    internal const double MaxEdgeDeg = 75;

    /// <summary>Middle of the photo's ground ahead of the aircraft.</summary>
    internal double CentreM => (NearM + FarM) / 2;

    internal static double EdgeDeg(RouteCamera camera, double pitchDeg) => 90 + pitchDeg + HalfHeightDeg(camera);

    internal static PhotoGround Of(LeveeRouteRequest request)
    {
        var camera = request.Camera;
        var tilt = double.DegreesToRadians(90 + request.GimbalPitchDeg);
        var half = double.DegreesToRadians(HalfHeightDeg(camera));
        var (near, far) = (request.HeightM * Math.Tan(tilt - half), request.HeightM * Math.Tan(tilt + half));
        var depth = (request.HeightM * Math.Cos(tilt)) + (near * Math.Sin(tilt));
        var narrow = depth * camera.WidthPx / camera.FocalPx;
        return new PhotoGround(near, far, narrow, (far - near) * (1 - request.FrontOverlap), narrow * (1 - request.SideOverlap));
    }

    private static double HalfHeightDeg(RouteCamera camera) => double.RadiansToDegrees(Math.Atan(camera.HeightPx / 2.0 / camera.FocalPx));
}
