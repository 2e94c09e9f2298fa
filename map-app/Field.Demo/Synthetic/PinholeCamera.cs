namespace Field.Demo.Synthetic;

/// <summary>
/// A camera over a flat surface. Conventions (DJI's): yaw is clockwise from true north; pitch 0 looks at the horizon and
/// -90 straight down; roll is 0. At pitch -90 the top of the image points where the yaw points. Pixel x goes right and
/// y down from the outer top left corner of the image (the centre of the first pixel is 0.5, 0.5); the optical axis
/// meets the image in its middle; no distortion. East, north and height are metres; the surface is height 0.
/// </summary>
internal sealed class PinholeCamera
{
    private readonly double _focalPx;
    private readonly (double E, double N, double U) _forward, _right, _top;

    public PinholeCamera(Vec eastNorth, double heightM, double yawDeg, double pitchDeg, int widthPx, int heightPx, double focalPx)
    {
        (EastNorth, HeightM, WidthPx, HeightPx, _focalPx) = (eastNorth, heightM, widthPx, heightPx, focalPx);
        (double sinYaw, double cosYaw) = Math.SinCos(yawDeg * Math.PI / 180);
        (double sinPitch, double cosPitch) = Math.SinCos(pitchDeg * Math.PI / 180);
        _forward = (sinYaw * cosPitch, cosYaw * cosPitch, sinPitch);
        _right = (cosYaw, -sinYaw, 0);
        _top = (-sinYaw * sinPitch, -cosYaw * sinPitch, cosPitch); // right x forward
    }

    public Vec EastNorth { get; }

    public double HeightM { get; }

    public int WidthPx { get; }

    public int HeightPx { get; }

    /// <summary>Where the ray through a pixel meets the surface, and the metres per pixel across the ray there.</summary>
    public (Vec EastNorth, double GsdM) PixelToGround(double xPx, double yPx)
    {
        double right = xPx - (WidthPx / 2.0);
        double top = (HeightPx / 2.0) - yPx;
        double e = (_focalPx * _forward.E) + (right * _right.E) + (top * _top.E);
        double n = (_focalPx * _forward.N) + (right * _right.N) + (top * _top.N);
        double u = (_focalPx * _forward.U) + (top * _top.U);
        double reach = -HeightM / u; // every camera of the flight looks down steeply enough: u < 0 in the whole image
        return (new Vec(EastNorth.X + (reach * e), EastNorth.Y + (reach * n)), reach);
    }

    /// <summary>The pixel that shows a point of the surface; it may lie outside the image.</summary>
    public Vec GroundToPixel(Vec eastNorth)
    {
        Vec d = eastNorth - EastNorth;
        double depth = (d.X * _forward.E) + (d.Y * _forward.N) - (HeightM * _forward.U);
        double right = (d.X * _right.E) + (d.Y * _right.N);
        double top = (d.X * _top.E) + (d.Y * _top.N) - (HeightM * _top.U);
        return new Vec((WidthPx / 2.0) + (_focalPx * right / depth), (HeightPx / 2.0) - (_focalPx * top / depth));
    }

    public bool Shows(Vec pixel) => pixel.X >= 0 && pixel.Y >= 0 && pixel.X < WidthPx && pixel.Y < HeightPx;
}
