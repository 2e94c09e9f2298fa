using System.Runtime.InteropServices;

namespace Field.Vision.Shape;

/// <summary>The straight line with the least sum of squared distances to the pixels.</summary>
internal sealed record FittedLine(double X, double Y, double Dx, double Dy, double RmsPx, double From, double To)
{
    internal const double MaxReach = 3; // no pixel further from the line than this many times the allowed root mean square

    internal double LengthPx => To - From;

    internal static FittedLine Of(List<LinePixel> pixels)
    {
        var line = Along(LineSpread.Of(pixels));
        var (from, to) = line.Span(pixels);
        return line with { From = from, To = to };
    }

    /// <summary>From sums alone; where the line begins and ends is not known.</summary>
    internal static FittedLine Along(LineSpread pixels)
    {
        var angle = pixels.AngleRad;
        return new FittedLine(pixels.X / pixels.Count, pixels.Y / pixels.Count, Math.Cos(angle), Math.Sin(angle), pixels.RmsPx, 0, 0);
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
        double from = double.PositiveInfinity, to = double.NegativeInfinity;
        foreach (var (at, _) in CollectionsMarshal.AsSpan(pixels))
        {
            var along = (at.X - X) * Dx + (at.Y - Y) * Dy;
            (from, to) = (Math.Min(from, along), Math.Max(to, along));
        }

        return (from, to);
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
