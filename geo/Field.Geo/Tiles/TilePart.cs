using NetTopologySuite.Geometries;

namespace Field.Geo.Tiles;

/// <summary>
/// A point, line or ring in the world square, with how far each vertex stands out (Douglas and Peucker 1973): a zoom keeps those that stand out
/// by more than half a pixel, found by one comparison each.
/// </summary>
internal sealed class TilePart
{
    private TilePart(double[] x, double[] y, bool isRing)
    {
        (X, Y, IsRing) = (x, y, isRing);
        (MinX, MaxX, MinY, MaxY) = (x.Min(), x.Max(), y.Min(), y.Max());
        Standing = Importance(x, y, isRing);
    }

    public double[] X { get; }

    public double[] Y { get; }

    /// <summary>Distance in the world square; infinite for vertices that always stay.</summary>
    public float[] Standing { get; }

    public bool IsRing { get; }

    public double MinX { get; }

    public double MaxX { get; }

    public double MinY { get; }

    public double MaxY { get; }

    public static TilePart Of(CoordinateSequence points, bool isRing)
    {
        (double[] x, double[] y) = (new double[points.Count], new double[points.Count]);
        for (int i = 0; i < points.Count; i++)
        {
            (x[i], y[i]) = WebMercator.FromLonLat(points.GetX(i), points.GetY(i));
        }

        return new TilePart(x, y, isRing);
    }


    /// <summary>How often a ray to the east crosses the ring.</summary>
    public bool IsInsideEvenOdd(double x, double y)
    {
        bool inside = false;
        for (int i = 1; i < X.Length; i++)
        {
            if ((Y[i] > y) != (Y[i - 1] > y) && x < ((X[i - 1] - X[i]) * (y - Y[i]) / (Y[i - 1] - Y[i])) + X[i])
            {
                inside = !inside;
            }
        }

        return inside;
    }

    /// <summary>Square of the distance to the nearest place of the line or point.</summary>
    public double SquareDistance(double x, double y)
    {
        double least = X.Length == 1 ? Square(X[0] - x, Y[0] - y) : double.PositiveInfinity;
        for (int i = 1; i < X.Length; i++)
        {
            least = Math.Min(least, FromSegment(x, y, X[i - 1], Y[i - 1], X[i], Y[i]));
        }

        return least;
    }

    private static float[] Importance(double[] x, double[] y, bool isRing)
    {
        int last = x.Length - 1;
        float[] standing = new float[x.Length];
        standing[0] = standing[last] = float.PositiveInfinity;
        Stack<(int From, int To)> open = new();
        if (isRing && last > 2)
        {
            int far = Farthest(x, y, 0, last, static (x, y, i, a, _) => Square(x[i] - x[a], y[i] - y[a])).At;
            standing[far] = float.PositiveInfinity;
            open.Push((0, far));
            open.Push((far, last));
        }
        else
        {
            open.Push((0, last));
        }

        while (open.TryPop(out (int From, int To) span))
        {
            (int at, double square) = Farthest(x, y, span.From, span.To, static (x, y, i, a, b) => FromSegment(x[i], y[i], x[a], y[a], x[b], y[b]));
            if (at > 0)
            {
                standing[at] = (float)Math.Sqrt(square);
                open.Push((span.From, at));
                open.Push((at, span.To));
            }
        }

        return standing;
    }

    private static (int At, double Square) Farthest(double[] x, double[] y, int from, int to, Func<double[], double[], int, int, int, double> distance)
    {
        (int at, double most) = (0, -1);
        for (int i = from + 1; i < to; i++)
        {
            if (distance(x, y, i, from, to) is var square && square > most)
            {
                (at, most) = (i, square);
            }
        }

        return (at, most);
    }

    private static double FromSegment(double x, double y, double ax, double ay, double bx, double by)
    {
        (double dx, double dy) = (bx - ax, by - ay);
        double length = Square(dx, dy);
        double t = length == 0 ? 0 : Math.Clamp((((x - ax) * dx) + ((y - ay) * dy)) / length, 0, 1);
        return Square(x - ax - (t * dx), y - ay - (t * dy));
    }

    private static double Square(double dx, double dy) => (dx * dx) + (dy * dy);
}
