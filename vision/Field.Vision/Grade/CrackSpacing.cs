namespace Field.Vision.Grade;

/// <summary>How far the next crack beside a crack is, in the photo.</summary>
public static class CrackSpacing
{
    private const double EdgePx = 0.5; // one standard deviation of a distance between two edges of masks

    /// <summary>
    /// The spacing of a crack, metres: the smallest, over the other cracks, of the median distance of the shorter one's outline to the longer
    /// one's, so that cracks that only cross are not as near as cracks that run side by side; with 95 % confidence. Without another crack
    /// near, from <paramref name="reachM"/> on. Null when the photo ends before it can tell.
    /// </summary>
    /// <param name="cracks">All cracks of the photo.</param>
    /// <param name="index">Which one.</param>
    /// <param name="widthPx">Photo width.</param>
    /// <param name="heightPx">Photo height.</param>
    /// <param name="gsdM">Ground sample distance at the crack, metres per pixel.</param>
    /// <param name="scaleSigma">Standard deviation of the ground sample distance as a share of it.</param>
    /// <param name="reachM">What is farther away does not matter.</param>
    public static Limits? Of(IReadOnlyList<PixelFinding> cracks, int index, int widthPx, int heightPx, double gsdM, double scaleSigma = 0.05, double reachM = 0.5)
    {
        ArgumentNullException.ThrowIfNull(cracks);
        double reachPx = 2 * reachM / gsdM;
        Shape self = Shape.Of(cracks[index]);
        double nearest = double.PositiveInfinity;
        for (int i = 0; i < cracks.Count; i++)
        {
            if (i != index && Shape.Of(cracks[i]) is var other && self.GapTo(other) <= reachPx)
            {
                (Shape shorter, Shape longer) = self.LengthPx <= other.LengthPx ? (self, other) : (other, self);
                nearest = Math.Min(nearest, Median(shorter, longer));
            }
        }

        double spacing = nearest * gsdM;
        double marginPx = reachM / gsdM;
        bool isInside = self.Left >= marginPx && self.Top >= marginPx && self.Right <= widthPx - marginPx && self.Bottom <= heightPx - marginPx;
        return (double.IsFinite(spacing), spacing < reachM || isInside) switch
        {
            (_, false) => null,
            (true, _) => Limits.Around(spacing, double.Hypot(spacing * scaleSigma, EdgePx * gsdM)),
            _ => new Limits(reachM, double.PositiveInfinity),
        };
    }

    private static double Median(Shape from, Shape to)
    {
        double[] distances = [.. from.Points.Select(to.DistancePx)];
        Array.Sort(distances);
        return distances[distances.Length / 2];
    }

    /// <summary>A finding's outline with its box.</summary>
    private sealed record Shape(IReadOnlyList<IReadOnlyList<PixelPoint>> Rings, double LengthPx, double Left, double Top, double Right, double Bottom)
    {
        private const double StepPx = 8;

        public IEnumerable<PixelPoint> Points => Rings.SelectMany(Resampled);

        public static Shape Of(PixelFinding finding)
        {
            var points = finding.Rings.SelectMany(r => r).ToList();
            return new Shape(
                finding.Rings, finding.LengthPx, points.Min(p => p.X), points.Min(p => p.Y), points.Max(p => p.X), points.Max(p => p.Y));
        }

        public double GapTo(Shape other)
        {
            double dx = Math.Max(0, Math.Max(Left - other.Right, other.Left - Right));
            double dy = Math.Max(0, Math.Max(Top - other.Bottom, other.Top - Bottom));
            return double.Hypot(dx, dy);
        }

        public double DistancePx(PixelPoint p)
        {
            double least = double.PositiveInfinity;
            foreach (IReadOnlyList<PixelPoint> ring in Rings)
            {
                for (int i = 0; i < ring.Count; i++)
                {
                    least = Math.Min(least, Squared(p, ring[i], ring[(i + 1) % ring.Count]));
                }
            }

            return Math.Sqrt(least);
        }

        /// <summary>Points at even distances, so that straight stretches, which have few corners, count by their length.</summary>
        private static IEnumerable<PixelPoint> Resampled(IReadOnlyList<PixelPoint> ring)
        {
            for (int i = 0; i < ring.Count; i++)
            {
                (PixelPoint a, PixelPoint b) = (ring[i], ring[(i + 1) % ring.Count]);
                int steps = Math.Max(1, (int)(double.Hypot(b.X - a.X, b.Y - a.Y) / StepPx));
                for (int s = 0; s < steps; s++)
                {
                    double t = (double)s / steps;
                    yield return new PixelPoint(a.X + ((b.X - a.X) * t), a.Y + ((b.Y - a.Y) * t));
                }
            }
        }

        private static double Squared(PixelPoint p, PixelPoint a, PixelPoint b)
        {
            (double dx, double dy) = (b.X - a.X, b.Y - a.Y);
            double length = (dx * dx) + (dy * dy);
            double t = length == 0 ? 0 : Math.Clamp((((p.X - a.X) * dx) + ((p.Y - a.Y) * dy)) / length, 0, 1);
            (double x, double y) = (a.X + (t * dx) - p.X, a.Y + (t * dy) - p.Y);
            return (x * x) + (y * y);
        }
    }
}
