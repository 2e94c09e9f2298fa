namespace Field.Vision.Shape;

/// <summary>The straight line with the least sum of squared distances to the pixels.</summary>
internal sealed record FittedLine(double X, double Y, double Dx, double Dy, double RmsPx, double From, double To)
{
    internal const double MaxReach = 3; // no pixel further from the line than this many times the allowed root mean square

    internal double LengthPx => To - From;

    internal static FittedLine Of(List<LinePixel> pixels)
    {
        double x = pixels.Average(p => p.At.X), y = pixels.Average(p => p.At.Y), xx = 0, xy = 0, yy = 0;
        foreach (var p in pixels)
        {
            double u = p.At.X - x, v = p.At.Y - y;
            (xx, xy, yy) = (xx + u * u, xy + u * v, yy + v * v);
        }

        var angle = Math.Atan2(2 * xy, xx - yy) / 2; // of the principal axis
        double dx = Math.Cos(angle), dy = Math.Sin(angle);
        var across = Math.Max(0, xx * dy * dy - 2 * xy * dx * dy + yy * dx * dx);
        double Along(LinePixel p) => (p.At.X - x) * dx + (p.At.Y - y) * dy;
        return new FittedLine(x, y, dx, dy, Math.Sqrt(across / pixels.Count), pixels.Min(Along), pixels.Max(Along));
    }

    internal static FittedLine Through(PixelPoint a, PixelPoint b)
    {
        var angle = Math.Atan2(b.Y - a.Y, b.X - a.X);
        return new FittedLine(a.X, a.Y, Math.Cos(angle), Math.Sin(angle), 0, 0, 0);
    }

    internal double Allowed(StraightRule rule) => rule.MaxRmsPx + rule.MaxRmsShare * LengthPx;

    /// <summary>Where the pixels begin and end along this line.</summary>
    internal (double From, double To) Span(List<LinePixel> pixels)
    {
        var along = pixels.ConvertAll(p => (p.At.X - X) * Dx + (p.At.Y - Y) * Dy);
        return (along.Min(), along.Max());
    }

    internal double Distance(PixelPoint p) => Math.Abs((p.Y - Y) * Dx - (p.X - X) * Dy);

    internal bool Fits(List<LinePixel> pixels, StraightRule rule) =>
        RmsPx <= Allowed(rule) && pixels.TrueForAll(p => Distance(p.At) <= MaxReach * Allowed(rule));

    /// <summary>Whether a branch begins or ends within a gap of this line's ends, or lies between them.</summary>
    internal bool Reaches(IReadOnlyList<LinePixel> branch, double gapPx)
    {
        foreach (var p in branch)
        {
            var along = (p.At.X - X) * Dx + (p.At.Y - Y) * Dy;
            if (along >= From - gapPx && along <= To + gapPx)
            {
                return true;
            }
        }

        return false;
    }
}
