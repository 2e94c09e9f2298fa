using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;

namespace Field.Geo;

/// <summary>
/// From the pixels of a photo to the ground and back, on the flat ground plane that lies HeightAboveGroundM below the camera.
/// <para>
/// Maths: with yaw y, pitch p, roll r and axes east, north, up, the optical axis is F = (cos p sin y, cos p cos y, sin p), the level
/// right axis R0 = (cos y, -sin y, 0) and U0 = R0 x F; roll gives R = R0 cos r - U0 sin r and U = U0 cos r + R0 sin r. The ray of
/// pixel (x, y) of a W x H photo with focal length f px is d = f F + (x - W/2) R + (H/2 - y) U, and it meets the ground at the camera
/// + d h / -d.up. A pixel covers the ground area h² f / |d.up|³, whose root is the GSD. The error follows to first order: the
/// position's variance as it is; a height error moves the point by distance / h; a small rotation w moves d by w x d; the radius that
/// holds 90 % follows from the root mean square (GroundPoint).
/// </para>
/// <para>Pixel coordinates run from (0, 0), the top left corner of the top left pixel, to (W, H). Immutable, thread safe.</para>
/// </summary>
public sealed class GroundProjection
{
    private const double FarthestM = 5000;
    private const double PixelLimit = 1e6;
    private const double Within90 = 1.645; // the 95 % quantile of the normal distribution
    private static readonly GeometryFactory Wgs84 = new(new PrecisionModel(), 4326);

    private readonly PoseUncertainty uncertainty;
    private readonly LocalFrame frame;
    private readonly Vector3 axis;
    private readonly Vector3 right;
    private readonly Vector3 up;

    /// <summary>Creates the projection of one photo.</summary>
    /// <param name="pose">Where the camera was and how it looked.</param>
    /// <param name="intrinsics">The photo's size and focal length.</param>
    /// <param name="uncertainty">How well the pose is known.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite or outside the range its record states.</exception>
    public GroundProjection(CameraPose pose, CameraIntrinsics intrinsics, PoseUncertainty uncertainty)
    {
        ArgumentNullException.ThrowIfNull(pose);
        ArgumentNullException.ThrowIfNull(intrinsics);
        ArgumentNullException.ThrowIfNull(uncertainty);
        pose.Check();
        intrinsics.Check();
        uncertainty.Check();
        (Pose, Intrinsics, this.uncertainty) = (pose, intrinsics, uncertainty);
        frame = new LocalFrame(pose.Position);
        (axis, right, up) = Axes(pose);
    }

    /// <summary>Where the camera was and how it looked.</summary>
    public CameraPose Pose { get; }

    /// <summary>The photo's size and focal length.</summary>
    public CameraIntrinsics Intrinsics { get; }

    /// <summary>
    /// Horizontal distance from the camera up to which places are given: ten times the height, where rays graze the ground at 5.7
    /// degrees and one degree of pitch already moves a place by 1.8 heights; never beyond 5 km.
    /// </summary>
    public double MaxRangeM => Math.Min(10 * Pose.HeightAboveGroundM, FarthestM);

    /// <summary>Metres per pixel at the centre of the photo; null when the centre does not meet the ground within range.</summary>
    public double? CentreGsdM => PixelToGround(Intrinsics.WidthPx / 2.0, Intrinsics.HeightPx / 2.0)?.GsdM;

    /// <summary>Where a pixel lies on the ground; null when its ray does not meet the ground within <see cref="MaxRangeM"/>.</summary>
    /// <param name="xPx">Pixels to the right from the left edge; may lie outside the photo.</param>
    /// <param name="yPx">Pixels down from the top edge; may lie outside the photo.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not finite, or beyond a million pixels.</exception>
    public GroundPoint? PixelToGround(double xPx, double yPx)
    {
        Require.Range(xPx, -PixelLimit, PixelLimit, nameof(xPx));
        Require.Range(yPx, -PixelLimit, PixelLimit, nameof(yPx));
        var ray = Ray(xPx, yPx);
        var height = Pose.HeightAboveGroundM;
        if (ray.Z >= 0 || height * Math.Sqrt((ray.X * ray.X) + (ray.Y * ray.Y)) > MaxRangeM * -ray.Z)
        {
            return null;
        }

        var gsd = height * Math.Sqrt(Intrinsics.FocalPx / Math.Pow(-ray.Z, 3));
        return new GroundPoint(frame.ToLonLat(MeetGround(ray)), ErrorM(ray), gsd);
    }

    /// <summary>The pixel that shows a place on the ground, possibly outside the photo's edges.</summary>
    /// <returns>Null when the place lies behind the camera or farther than <see cref="MaxRangeM"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Not a place on the earth.</exception>
    public (double X, double Y)? GroundToPixel(LonLat p)
    {
        p.Check(nameof(p));
        if (Math.Abs(p.Lat - Pose.Position.Lat) > 1)
        {
            return null; // more than 110 km away: the frame does not reach the far side of the earth
        }

        var (east, north) = frame.ToEastNorth(p);
        var ray = new Vector3(east, north, -Pose.HeightAboveGroundM);
        var depth = ray.Dot(axis);
        if (depth <= 0 || Math.Sqrt((east * east) + (north * north)) > MaxRangeM)
        {
            return null;
        }

        var scale = Intrinsics.FocalPx / depth;
        return ((Intrinsics.WidthPx / 2.0) + (ray.Dot(right) * scale), (Intrinsics.HeightPx / 2.0) - (ray.Dot(up) * scale));
    }

    /// <summary>
    /// The ground that the photo shows: lon, lat, closed, exterior counter-clockwise (RFC 7946), SRID 4326. When part of the photo sees
    /// the horizon it is cut at <see cref="MaxRangeM"/>. Near the antimeridian longitudes run on past 180.
    /// </summary>
    /// <returns>Null when no pixel meets the ground within range.</returns>
    public Polygon? Footprint()
    {
        var corners = FootprintRing.Clip(CornerRays(), Intrinsics.FocalPx);
        if (corners.Count < 3)
        {
            return null;
        }

        var ring = FootprintRing.WithinRange([.. corners.Select(MeetGround)], MaxRangeM);
        if (ring.Length == 0)
        {
            return null;
        }

        var shell = ring.Select(ToCoordinate).ToArray();
        if (!Orientation.IsCCW(shell))
        {
            Array.Reverse(shell);
        }

        return Wgs84.CreatePolygon(shell);
    }

    internal static (Vector3 Axis, Vector3 Right, Vector3 Up) Axes(CameraPose pose)
    {
        var (sinYaw, cosYaw) = Math.SinCos(double.DegreesToRadians(pose.YawDeg));
        var (sinPitch, cosPitch) = Math.SinCos(double.DegreesToRadians(pose.PitchDeg));
        var (sinRoll, cosRoll) = Math.SinCos(double.DegreesToRadians(pose.RollDeg));
        var axis = new Vector3(cosPitch * sinYaw, cosPitch * cosYaw, sinPitch);
        var levelRight = new Vector3(cosYaw, -sinYaw, 0);
        var levelUp = levelRight.Cross(axis);
        return (axis, (levelRight * cosRoll) - (levelUp * sinRoll), (levelUp * cosRoll) + (levelRight * sinRoll));
    }

    private Vector3 Ray(double xPx, double yPx) =>
        (axis * Intrinsics.FocalPx) + (right * (xPx - (Intrinsics.WidthPx / 2.0))) + (up * ((Intrinsics.HeightPx / 2.0) - yPx));

    private Vector3[] CornerRays()
    {
        var (width, height) = (Intrinsics.WidthPx, Intrinsics.HeightPx);
        return [Ray(0, 0), Ray(width, 0), Ray(width, height), Ray(0, height)];
    }

    private EastNorth MeetGround(Vector3 ray)
    {
        var distance = Pose.HeightAboveGroundM / -ray.Z;
        return new EastNorth(ray.X * distance, ray.Y * distance);
    }

    private double ErrorM(Vector3 ray)
    {
        var place = MeetGround(ray);
        var height = Pose.HeightAboveGroundM;
        var perHeight = Math.Sqrt((place.EastM * place.EastM) + (place.NorthM * place.NorthM)) / height;
        var angle = double.DegreesToRadians(uncertainty.AngleDeg);
        var variance = Square(uncertainty.HorizontalM) + Square(perHeight * uncertainty.HeightM);
        Span<Vector3> turns = [new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)];
        foreach (var turn in turns)
        {
            var moved = turn.Cross(ray);
            var east = (moved.X + (ray.X * moved.Z / -ray.Z)) * height / -ray.Z;
            var north = (moved.Y + (ray.Y * moved.Z / -ray.Z)) * height / -ray.Z;
            variance += Square(angle) * (Square(east) + Square(north));
        }

        return Within90 * Math.Sqrt(variance);
    }

    private Coordinate ToCoordinate(EastNorth place)
    {
        var (lon, lat) = frame.ToLonLat(place);
        return new Coordinate(lon - (360 * Math.Round((lon - Pose.Position.Lon) / 360)), lat);
    }

    private static double Square(double value) => value * value;
}
