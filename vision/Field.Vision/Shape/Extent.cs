namespace Field.Vision.Shape;

/// <summary>How far a set of pixels reaches.</summary>
internal static class Extent
{
    /// <summary>The largest distance between two outer corners of its pixels: the maximum Feret diameter.</summary>
    internal static double LongestPx(IReadOnlyList<Run> runs)
    {
        var hull = Hull(runs);
        double longest = 0;
        for (var i = 0; i < hull.Count; i++)
        {
            for (var k = i + 1; k < hull.Count; k++)
            {
                double dx = hull[i].X - hull[k].X, dy = hull[i].Y - hull[k].Y;
                longest = Math.Max(longest, dx * dx + dy * dy);
            }
        }

        return Math.Sqrt(longest);
    }

    /// <summary>Convex hull of the pixels' corners by Andrew's monotone chain, from the outermost corners of each row edge.</summary>
    private static List<(int X, int Y)> Hull(IReadOnlyList<Run> runs)
    {
        var edges = new SortedDictionary<int, (int Least, int Most)>();
        foreach (var run in runs)
        {
            foreach (var y in (int[])[run.Y, run.Y + 1])
            {
                var (least, most) = edges.TryGetValue(y, out var e) ? e : (run.X0, run.X1);
                edges[y] = (Math.Min(least, run.X0), Math.Max(most, run.X1));
            }
        }

        var left = Chain(edges.Select(e => (e.Value.Least, e.Key)), 1);
        return [.. left, .. Chain(edges.Select(e => (e.Value.Most, e.Key)), -1)];
    }

    /// <summary>The corners, top to bottom, that stay when every dent is left out; side 1 for the left side, -1 for the right.</summary>
    private static List<(int X, int Y)> Chain(IEnumerable<(int X, int Y)> corners, int side)
    {
        var chain = new List<(int X, int Y)>();
        foreach (var c in corners)
        {
            while (chain.Count >= 2 && side * Turn(chain[^2], chain[^1], c) >= 0)
            {
                chain.RemoveAt(chain.Count - 1);
            }

            chain.Add(c);
        }

        return chain;
    }

    private static long Turn((int X, int Y) a, (int X, int Y) b, (int X, int Y) c) =>
        (long)(b.X - a.X) * (c.Y - a.Y) - (long)(b.Y - a.Y) * (c.X - a.X);
}
