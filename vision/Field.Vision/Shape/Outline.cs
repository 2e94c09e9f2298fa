namespace Field.Vision.Shape;

/// <summary>
/// Outlines of a mask through the middles of its pixel edges, so that a slanted line has no stairs; simplified. Every convex corner
/// loses 1/8 px² and every concave one gains it: a ring encloses 0.5 px² less than its pixels.
/// </summary>
internal static class Outline
{
    private static readonly (int X, int Y)[] Step = [(1, 0), (0, 1), (-1, 0), (0, -1)]; // right, down, left, up

    /// <summary>Rings in photo pixels: exteriors (clockwise on the screen) first, then holes of at least <paramref name="minHolePx"/>.</summary>
    internal static List<IReadOnlyList<PixelPoint>> Rings(Mask mask, double tolerancePx, double minHolePx)
    {
        var exteriors = new List<IReadOnlyList<PixelPoint>>();
        var holes = new List<IReadOnlyList<PixelPoint>>();
        var used = new bool[mask.Cells.Length * 4];
        for (var i = 0; i < mask.Cells.Length; i++)
        {
            for (var side = 0; side < 4; side++)
            {
                if (!IsEdge(mask, i % mask.Width, i / mask.Width, side) || used[i * 4 + side])
                {
                    continue;
                }

                var ring = Trace(mask, i, side, used);
                var area = SignedArea(ring);
                if (area > 0 || -area >= minHolePx)
                {
                    (area > 0 ? exteriors : holes).Add(Simplifier.Ring(ring, tolerancePx));
                }
            }
        }

        return [.. exteriors, .. holes];
    }

    /// <summary>Twice-halved shoelace sum: positive for clockwise on the screen (y down).</summary>
    internal static double SignedArea(IReadOnlyList<PixelPoint> ring)
    {
        double sum = 0;
        for (var i = 0; i < ring.Count; i++)
        {
            var (a, b) = (ring[i], ring[(i + 1) % ring.Count]);
            sum += a.X * b.Y - b.X * a.Y;
        }

        return sum / 2;
    }

    /// <summary>Side 0 is the top edge walked right, 1 the right edge walked down, 2 the bottom walked left, 3 the left walked up: the pixel lies to the right of the walker.</summary>
    private static bool IsEdge(Mask mask, int x, int y, int side)
    {
        if (!mask[x, y])
        {
            return false;
        }

        var (dx, dy) = Step[(side + 3) % 4];
        return !mask[x + dx, y + dy];
    }

    private static List<PixelPoint> Trace(Mask mask, int cell, int side, bool[] used)
    {
        var ring = new List<PixelPoint>();
        int x = cell % mask.Width, y = cell / mask.Width, startCell = cell, startSide = side;
        do
        {
            used[(y * mask.Width + x) * 4 + side] = true;
            var (dx, dy) = side switch { 0 => (0.5, 0.0), 1 => (1.0, 0.5), 2 => (0.5, 1.0), _ => (0.0, 0.5) };
            ring.Add(new PixelPoint(mask.OriginX + x + dx, mask.OriginY + y + dy));
            (x, y, side) = Next(mask, x, y, side);
        }
        while (y * mask.Width + x != startCell || side != startSide);
        return ring;
    }

    /// <summary>The edge after this one: turns right at a corner of the pixel, goes straight on, or turns left into the diagonal pixel.</summary>
    private static (int X, int Y, int Side) Next(Mask mask, int x, int y, int side)
    {
        var (ax, ay) = Step[side];
        var (ox, oy) = Step[(side + 3) % 4];
        if (!mask[x + ax, y + ay])
        {
            return (x, y, (side + 1) % 4);
        }

        return mask[x + ax + ox, y + ay + oy] ? (x + ax + ox, y + ay + oy, (side + 3) % 4) : (x + ax, y + ay, side);
    }
}

/// <summary>Douglas-Peucker.</summary>
internal static class Simplifier
{
    /// <summary>Drops points of a ring that lie within the tolerance of the line that replaces them; at least four points stay.</summary>
    internal static IReadOnlyList<PixelPoint> Ring(IReadOnlyList<PixelPoint> ring, double tolerance)
    {
        if (ring.Count <= 4)
        {
            return ring;
        }

        var far = Enumerable.Range(0, ring.Count).MaxBy(i => Squared(ring[i], ring[0]));
        var keep = new bool[ring.Count + 1];
        keep[0] = keep[far] = keep[ring.Count] = true;
        Keep(ring, 0, far, tolerance, keep);
        Keep(ring, far, ring.Count, tolerance, keep);
        var result = ring.Where((_, i) => keep[i]).ToList();
        return result.Count >= 4 ? result : ring;
    }

    private static void Keep(IReadOnlyList<PixelPoint> ring, int from, int to, double tolerance, bool[] keep)
    {
        var pending = new Stack<(int From, int To)>();
        pending.Push((from, to));
        while (pending.TryPop(out var part))
        {
            var (worst, at) = (0.0, -1);
            for (var i = part.From + 1; i < part.To; i++)
            {
                var d = Distance(ring[i], ring[part.From], ring[part.To % ring.Count]);
                (worst, at) = d > worst ? (d, i) : (worst, at);
            }

            if (worst > tolerance)
            {
                keep[at] = true;
                pending.Push((part.From, at));
                pending.Push((at, part.To));
            }
        }
    }

    private static double Squared(PixelPoint a, PixelPoint b) => (a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y);

    private static double Distance(PixelPoint p, PixelPoint a, PixelPoint b)
    {
        var length = Squared(a, b);
        var t = length == 0 ? 0 : Math.Clamp(((p.X - a.X) * (b.X - a.X) + (p.Y - a.Y) * (b.Y - a.Y)) / length, 0, 1);
        return Math.Sqrt(Squared(p, new PixelPoint(a.X + t * (b.X - a.X), a.Y + t * (b.Y - a.Y))));
    }
}
