namespace Field.Vision.Shape;

/// <summary>How pixels lie around their centre: sums that add up, so that a line through two sets of pixels is judged without going over them.</summary>
internal readonly record struct LineSpread(double Count, double X, double Y, double Xx, double Xy, double Yy)
{
    /// <summary>Root mean square distance from the straight line that fits best.</summary>
    internal double RmsPx
    {
        get
        {
            var (xx, xy, yy) = AboutCentre;
            var across = (xx + yy) / 2 - Math.Sqrt((xx - yy) * (xx - yy) / 4 + xy * xy); // the smaller eigenvalue
            return Math.Sqrt(Math.Max(0, across) / Count);
        }
    }

    /// <summary>Direction of that line.</summary>
    internal double AngleRad
    {
        get
        {
            var (xx, xy, yy) = AboutCentre;
            return Math.Atan2(2 * xy, xx - yy) / 2;
        }
    }

    private (double Xx, double Xy, double Yy) AboutCentre => (Xx - X * X / Count, Xy - X * Y / Count, Yy - Y * Y / Count);

    internal static LineSpread Of(IReadOnlyList<LinePixel> pixels)
    {
        var sum = default(LineSpread);
        foreach (var (at, _) in pixels)
        {
            sum += new LineSpread(1, at.X, at.Y, at.X * at.X, at.X * at.Y, at.Y * at.Y);
        }

        return sum;
    }

    public static LineSpread operator +(LineSpread a, LineSpread b) =>
        new(a.Count + b.Count, a.X + b.X, a.Y + b.Y, a.Xx + b.Xx, a.Xy + b.Xy, a.Yy + b.Yy);
}
