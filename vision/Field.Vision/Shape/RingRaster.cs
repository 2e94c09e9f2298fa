namespace Field.Vision.Shape;

/// <summary>Rings as a bitmap: a cell belongs to them when its centre lies inside an odd number of rings.</summary>
internal static class RingRaster
{
    /// <summary>The bitmap, with a free border of one cell; its origin is in cells.</summary>
    /// <param name="rings">In pixels of the photo.</param>
    /// <param name="scale">Cells per pixel.</param>
    internal static Mask Fill(IReadOnlyList<IReadOnlyList<PixelPoint>> rings, int scale)
    {
        var points = rings.SelectMany(r => r).ToList();
        int left = (int)Math.Floor(points.Min(p => p.X) * scale) - 1, top = (int)Math.Floor(points.Min(p => p.Y) * scale) - 1;
        int width = (int)Math.Ceiling(points.Max(p => p.X) * scale) + 1 - left, height = (int)Math.Ceiling(points.Max(p => p.Y) * scale) + 1 - top;
        var cells = new bool[checked(width * height)];
        var crossings = Crossings(rings, scale, top, height);
        for (var row = 0; row < height; row++)
        {
            var along = crossings[row];
            along.Sort();
            for (var i = 0; i + 1 < along.Count; i += 2)
            {
                int from = (int)Math.Ceiling(along[i] - left - 0.5), to = (int)Math.Ceiling(along[i + 1] - left - 0.5);
                cells.AsSpan(row * width + from, Math.Max(0, to - from)).Fill(true);
            }
        }

        return Mask.Of(left, top, width, cells);
    }

    /// <summary>Per row of cells, where the rings cross the line through the centres; each edge owns its upper end only.</summary>
    private static List<double>[] Crossings(IReadOnlyList<IReadOnlyList<PixelPoint>> rings, int scale, int top, int height)
    {
        var rows = new List<double>[height];
        for (var i = 0; i < height; i++)
        {
            rows[i] = [];
        }

        foreach (var ring in rings)
        {
            for (var i = 0; i < ring.Count; i++)
            {
                var (a, b) = (ring[i], ring[(i + 1) % ring.Count]);
                var (upper, lower) = a.Y <= b.Y ? (a, b) : (b, a);
                double y0 = upper.Y * scale - top - 0.5, y1 = lower.Y * scale - top - 0.5;
                for (var row = Math.Max(0, (int)Math.Ceiling(y0)); row < y1; row++)
                {
                    var x = upper.X * scale + (row - y0) * (lower.X - upper.X) * scale / (y1 - y0);
                    rows[row].Add(x);
                }
            }
        }

        return rows;
    }
}
