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

    internal SkeletonTracer(Mask mask)
    {
        _mask = mask;
        _thin = new Thinning(mask);
        (_line, _around) = (_thin.Line, _thin.Around);
    }

    /// <summary>The cells of the line as it is now, row by row.</summary>
    private IEnumerable<int> Line => _thin.Thinned.Where(i => _line[i]);

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
        foreach (var i in Line.Where(IsJunction))
        {
            open[i] = false;
            foreach (var k in _around)
            {
                open[i + k] = false;
            }
        }

        var branches = new List<List<LinePixel>>();
        var pending = new Stack<int>();
        foreach (var most in (int[])[1, 8]) // from the ends of open branches first, so that their pixels come in order; then rings
        {
            foreach (var i in Line)
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
        foreach (var end in Line.Where(i => _thin.Surroundings(i).Count == 1))
        {
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
        foreach (var i in Line)
        {
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
        var near = NearJunctions();
        double[] radii = [.. branches.SelectMany(b => b).Where(p => !near[((int)p.At.Y - _mask.OriginY) * _mask.Width + (int)p.At.X - _mask.OriginX]).Select(p => p.RadiusPx)];
        if (radii.Length == 0)
        {
            return Line.Select(RadiusPx).DefaultIfEmpty().Max();
        }

        Array.Sort(radii);
        return radii[(int)(WidestShare * (radii.Length - 1))];
    }

    /// <summary>The cells within the width of a junction.</summary>
    private bool[] NearJunctions()
    {
        var near = new bool[_line.Length];
        foreach (var i in Line.Where(IsJunction))
        {
            int x = i % _mask.Width, y = i / _mask.Width;
            var reach = 2 * RadiusPx(i);
            for (var row = Math.Max(0, y - (int)reach); row <= Math.Min(_mask.Height - 1, y + (int)reach); row++)
            {
                var half = (int)Math.Sqrt(reach * reach - (row - y) * (row - y));
                int left = Math.Max(0, x - half), right = Math.Min(_mask.Width - 1, x + half);
                near.AsSpan(row * _mask.Width + left, right - left + 1).Fill(true);
            }
        }

        return near;
    }

    private bool IsJunction(int i) => _thin.Surroundings(i).Risings >= 3;

    /// <summary>
    /// Half the width at a skeleton pixel. The pixel is cut into two by two, so that the distance from a middle line to the outline has no
    /// half-pixel bias; of the four, the one that is farthest from every free cell counts. Cells are looked at in rings around the pixel, because a
    /// line is a few pixels wide, while the box around it may be as large as the photo.
    /// </summary>
    private double RadiusPx(int i)
    {
        int x = i % _mask.Width, y = i / _mask.Width;
        var squared = new Quarters(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue); // in half pixels
        for (var ring = 1; squared.Most > (2 * ring - 1) * (2 * ring - 1); ring++)
        {
            int left = Math.Max(0, x - ring), right = Math.Min(_mask.Width - 1, x + ring);
            for (var row = Math.Max(0, y - ring); row <= Math.Min(_mask.Height - 1, y + ring); row++)
            {
                var step = row == y - ring || row == y + ring ? 1 : 2 * ring; // whole rows above and below, else the two sides
                for (var column = step == 1 ? left : x - ring; column <= right; column += step)
                {
                    if (column >= 0 && !_mask[column, row])
                    {
                        squared = squared.Near(column - x, row - y);
                    }
                }
            }
        }

        return Math.Sqrt(squared.Most) / 2;
    }

    /// <summary>Squared distances of the four quarters of a pixel, in halves of a pixel, to the nearest free cell so far.</summary>
    private readonly record struct Quarters(int TopLeft, int TopRight, int BottomLeft, int BottomRight)
    {
        internal int Most => Math.Max(Math.Max(TopLeft, TopRight), Math.Max(BottomLeft, BottomRight));

        internal Quarters Near(int dx, int dy)
        {
            int left = Squared(dx, 0), right = Squared(dx, 1), top = Squared(dy, 0), bottom = Squared(dy, 1);
            return new(
                Math.Min(TopLeft, left + top), Math.Min(TopRight, right + top), Math.Min(BottomLeft, left + bottom), Math.Min(BottomRight, right + bottom));
        }

        private static int Squared(int cells, int half)
        {
            var d = cells > 0 ? 2 * cells - half : cells < 0 ? half - 2 * cells - 1 : 0;
            return d * d;
        }
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
