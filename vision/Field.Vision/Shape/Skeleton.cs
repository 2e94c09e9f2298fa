namespace Field.Vision.Shape;

/// <summary>A pixel of a middle line: its centre in the photo, and half the width of the mask there.</summary>
internal readonly record struct LinePixel(PixelPoint At, double RadiusPx);

/// <summary>The middle line of a mask and what is measured along it.</summary>
/// <param name="LengthPx">Length with all branches; each open end is prolonged to the outline.</param>
/// <param name="MaxWidthPx">
/// Largest width across the middle line that 5 % of the line reach, away from junctions. Where branches meet, the largest circle in the mask is
/// wider than any of them (1.15 times at a fork of 120 degrees, 1.41 at a right crossing, more at an acute one), and a bump of the mask is
/// no width that a crack gauge would be held to.
/// </param>
/// <param name="Ends">Open ends in photo pixels, each with the direction in which the line leaves (radians, y down).</param>
/// <param name="Branches">The line cut at its junctions.</param>
internal sealed record Skeleton(
    double LengthPx, double MaxWidthPx, IReadOnlyList<(PixelPoint At, double Direction)> Ends, IReadOnlyList<IReadOnlyList<LinePixel>> Branches)
{
    internal static Skeleton Of(Mask mask) => new SkeletonTracer(mask).Trace();
}

/// <summary>Thins a mask, drops the spurs and measures; its planes are as large as the mask and live no longer than this.</summary>
internal sealed class SkeletonTracer
{
    // Chain-code weights that are unbiased over all directions (Kulpa 1977).
    private const double Straight = 0.948, Diagonal = 1.340;
    private const double WidestShare = 0.95;

    private readonly Mask _mask;
    private readonly Thinning _thin;
    private readonly bool[] _line;
    private readonly int[] _around;
    private readonly float[] _distance; // of the doubled mask, squared

    internal SkeletonTracer(Mask mask)
    {
        _mask = mask;
        _thin = new Thinning(mask);
        (_line, _around) = (_thin.Line, _thin.Around);
        _distance = DistanceTransform.Squared(mask.Doubled());
    }

    internal Skeleton Trace()
    {
        Prune();
        return Measured();
    }

    /// <summary>
    /// The line cut at its junctions. A junction is cut out with its eight neighbours, because those touch each other around it.
    /// </summary>
    private List<List<LinePixel>> Branches()
    {
        var open = (bool[])_line.Clone();
        for (var i = 0; i < _line.Length; i++)
        {
            if (_line[i] && _thin.Surroundings(i).Risings >= 3)
            {
                open[i] = false;
                foreach (var k in _around)
                {
                    open[i + k] = false;
                }
            }
        }

        var branches = new List<List<LinePixel>>();
        var pending = new Stack<int>();
        foreach (var most in (int[])[1, 8]) // from the ends of open branches first, so that their pixels come in order; then rings
        {
            for (var i = 0; i < open.Length; i++)
            {
                if (open[i] && _around.Count(k => open[i + k]) <= most)
                {
                    branches.Add(Collect(open, i, pending));
                }
            }
        }

        return branches;
    }

    private List<LinePixel> Collect(bool[] open, int start, Stack<int> pending)
    {
        var branch = new List<LinePixel>();
        open[start] = false;
        pending.Push(start);
        while (pending.TryPop(out var i))
        {
            branch.Add(new LinePixel(Place(i), RadiusPx(i)));
            foreach (var k in _around)
            {
                if (open[i + k])
                {
                    open[i + k] = false;
                    pending.Push(i + k);
                }
            }
        }

        return branch;
    }

    /// <summary>Removes spurs no longer than half the width where they leave the line: they run into corners and bumps of the outline.</summary>
    private void Prune()
    {
        var path = new List<int>();
        for (var end = 0; end < _line.Length; end++)
        {
            if (!_line[end] || _thin.Surroundings(end).Count != 1)
            {
                continue;
            }

            path.Clear();
            var (at, next, ways) = (end, end, 1);
            while (ways == 1)
            {
                path.Add(at = next);
                (next, ways) = Onwards(at, path);
            }

            if (ways > 1 && path.Count - 1 <= RadiusPx(at))
            {
                path.RemoveAt(path.Count - 1);
                _thin.Clear(path);
            }
        }
    }

    /// <summary>A neighbour that is not on the path yet, and how many there are; none once the path is longer than any spur.</summary>
    private (int Next, int Ways) Onwards(int at, List<int> path)
    {
        int next = -1, ways = 0;
        foreach (var k in _around)
        {
            if (path.Count <= 40 && _line[at + k] && !path.Contains(at + k))
            {
                (next, ways) = (at + k, ways + 1);
            }
        }

        return (next, ways);
    }

    private Skeleton Measured()
    {
        var ends = new List<(PixelPoint, double)>();
        double length = 0;
        for (var i = 0; i < _line.Length; i++)
        {
            if (!_line[i])
            {
                continue;
            }

            var radius = RadiusPx(i); // to the outline, in pixels
            length += Links(i);
            var neighbours = _thin.Surroundings(i).Count;
            if (neighbours <= 1)
            {
                var direction = Direction(i);
                length += neighbours == 0 ? 2 * radius : ToOutline(i, direction);
                ends.Add((Place(i), direction));
            }
        }

        var branches = Branches();
        return new Skeleton(Math.Max(1, length), 2 * WidestRadiusPx(branches), ends, branches);
    }

    /// <summary>Of a mask that is all junction, the radius anywhere.</summary>
    private double WidestRadiusPx(List<List<LinePixel>> branches)
    {
        var line = Enumerable.Range(0, _line.Length).Where(i => _line[i]);
        var junctions = line.Where(i => _thin.Surroundings(i).Risings >= 3).Select(i => new LinePixel(Place(i), RadiusPx(i))).ToList();
        double[] radii = [.. branches.SelectMany(b => b).Where(p => !junctions.Exists(j => IsWithin(p.At, j.At, 2 * j.RadiusPx))).Select(p => p.RadiusPx)];
        if (radii.Length == 0)
        {
            return line.Select(RadiusPx).DefaultIfEmpty().Max();
        }

        Array.Sort(radii);
        return radii[(int)(WidestShare * (radii.Length - 1))];
    }

    private static bool IsWithin(PixelPoint a, PixelPoint b, double reach) =>
        (a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y) <= reach * reach;

    /// <summary>Half the width at a skeleton pixel: the largest distance among its four sub-pixels, half a pixel each.</summary>
    private double RadiusPx(int i)
    {
        int w = _mask.Width * 2, at = i / _mask.Width * 2 * w + i % _mask.Width * 2;
        var squared = Math.Max(Math.Max(_distance[at], _distance[at + 1]), Math.Max(_distance[at + w], _distance[at + w + 1]));
        return Math.Sqrt(squared) / 2;
    }

    /// <summary>Length of the links to the right and below; a diagonal beside a straight link is not counted twice.</summary>
    private double Links(int i)
    {
        var w = _mask.Width;
        bool right = _line[i + 1], down = _line[i + w], left = _line[i - 1];
        var sum = (right ? Straight : 0) + (down ? Straight : 0);
        sum += _line[i + w + 1] && !right && !down ? Diagonal : 0;
        sum += _line[i + w - 1] && !left && !down ? Diagonal : 0;
        return sum;
    }

    private PixelPoint Place(int i) => new(_mask.OriginX + i % _mask.Width + 0.5, _mask.OriginY + i / _mask.Width + 0.5);

    /// <summary>How far the mask goes on from an open end.</summary>
    private double ToOutline(int end, double direction)
    {
        double x = end % _mask.Width + 0.5, y = end / _mask.Width + 0.5, dx = Math.Cos(direction) / 4, dy = Math.Sin(direction) / 4;
        var steps = 0;
        while (_mask[(int)(x + dx * steps), (int)(y + dy * steps)])
        {
            steps++;
        }

        return steps / 4.0;
    }

    /// <summary>Walks up to 15 pixels back along the line and looks from there to the end.</summary>
    private double Direction(int end)
    {
        int at = end, from = end;
        for (var n = 0; n < 15; n++)
        {
            var next = Array.FindIndex(_around, k => _line[at + k] && at + k != from && (n == 0 || Math.Abs(at + k - from) > 1));
            if (next < 0)
            {
                break;
            }

            (from, at) = (at, at + _around[next]);
        }

        var (a, b) = (Place(at), Place(end));
        return Math.Atan2(b.Y - a.Y, b.X - a.X);
    }
}
