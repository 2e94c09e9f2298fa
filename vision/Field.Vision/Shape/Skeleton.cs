namespace Field.Vision.Shape;

/// <summary>The middle line of a mask, one pixel wide, by the thinning of Zhang and Suen (1984), and what is measured along it.</summary>
internal sealed class Skeleton
{
    // Chain-code weights that are unbiased over all directions (Kulpa 1977).
    private const double Straight = 0.948, Diagonal = 1.340;

    private readonly Mask _mask;
    private readonly bool[] _line;
    private readonly int[] _around; // P2..P9: clockwise from the pixel above

    internal Skeleton(Mask mask)
    {
        _mask = mask;
        _line = (bool[])mask.Cells.Clone();
        var w = mask.Width;
        _around = [-w, -w + 1, 1, w + 1, w, w - 1, -1, -w - 1];
        Thin();
        var distance = DistanceTransform.Squared(mask.Doubled());
        Prune(distance);
        Measure(distance);
    }

    /// <summary>Length with all branches; each open end is prolonged to the outline.</summary>
    internal double LengthPx { get; private set; }

    /// <summary>Largest width across the middle line.</summary>
    internal double MaxWidthPx { get; private set; }

    /// <summary>Open ends in photo pixels, each with the direction in which the line leaves (radians, y down).</summary>
    internal List<(PixelPoint At, double Direction)> Ends { get; } = [];

    private void Thin()
    {
        var candidates = Enumerable.Range(0, _line.Length).Where(i => _line[i]).ToList();
        var doomed = new List<int>();
        bool changed;
        do
        {
            changed = false;
            for (var pass = 0; pass < 2; pass++)
            {
                doomed.Clear();
                doomed.AddRange(candidates.Where(i => Removable(i, pass)));
                doomed.ForEach(i => _line[i] = false);
                changed |= doomed.Count > 0;
            }

            candidates.RemoveAll(i => !_line[i]);
        }
        while (changed);
    }

    private bool Removable(int i, int pass)
    {
        if (!_line[i])
        {
            return false;
        }

        int count = 0, risings = 0;
        for (var k = 0; k < 8; k++)
        {
            var here = _line[i + _around[k]];
            count += here ? 1 : 0;
            risings += !here && _line[i + _around[(k + 1) % 8]] ? 1 : 0;
        }

        bool n = _line[i + _around[0]], e = _line[i + _around[2]], s = _line[i + _around[4]], w = _line[i + _around[6]];
        return count is >= 2 and <= 6 && risings == 1
            && (pass == 0 ? !(n && e && s) && !(e && s && w) : !(n && e && w) && !(n && s && w));
    }

    /// <summary>Removes spurs no longer than half the width where they leave the line: they run into corners and bumps of the outline.</summary>
    private void Prune(float[] distance)
    {
        var path = new List<int>();
        foreach (var end in Enumerable.Range(0, _line.Length).Where(i => _line[i] && _around.Count(k => _line[i + k]) == 1))
        {
            path.Clear();
            var at = end;
            var next = new List<int> { end };
            while (next.Count == 1)
            {
                path.Add(at = next[0]);
                next = [.. _around.Select(k => at + k).Where(n => _line[n] && !path.Contains(n) && path.Count <= 40)];
            }

            if (next.Count > 1 && path.Count - 1 <= RadiusPx(distance, at))
            {
                path.SkipLast(1).ToList().ForEach(i => _line[i] = false);
            }
        }
    }

    private void Measure(float[] distance)
    {
        double length = 0, widest = 0;
        for (var i = 0; i < _line.Length; i++)
        {
            if (!_line[i])
            {
                continue;
            }

            var radius = RadiusPx(distance, i); // to the outline, in pixels
            widest = Math.Max(widest, radius);
            length += Links(i);
            var neighbours = Enumerable.Range(0, 8).Where(k => _line[i + _around[k]]).ToList();
            if (neighbours.Count <= 1)
            {
                var direction = Direction(i);
                length += neighbours.Count == 0 ? 2 * radius : ToOutline(i, direction);
                Ends.Add((Place(i), direction));
            }
        }

        (LengthPx, MaxWidthPx) = (Math.Max(1, length), 2 * widest);
    }

    /// <summary>Half the width at a skeleton pixel: the largest distance among its four sub-pixels, half a pixel each.</summary>
    private double RadiusPx(float[] doubled, int i)
    {
        int w = _mask.Width * 2, at = i / _mask.Width * 2 * w + i % _mask.Width * 2;
        var squared = Math.Max(Math.Max(doubled[at], doubled[at + 1]), Math.Max(doubled[at + w], doubled[at + w + 1]));
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
