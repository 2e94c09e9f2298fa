namespace Field.Vision.Shape;

/// <summary>A component as a bitmap with a free border of one pixel; (0, 0) is photo pixel (OriginX, OriginY).</summary>
internal sealed class Mask
{
    private Mask(int originX, int originY, int width, int height, bool[] cells) =>
        (OriginX, OriginY, Width, Height, Cells) = (originX, originY, width, height, cells);

    internal int OriginX { get; }
    internal int OriginY { get; }
    internal int Width { get; }
    internal int Height { get; }
    internal bool[] Cells { get; }

    internal bool this[int x, int y] => Cells[y * Width + x];

    internal static Mask Of(Component component) => Of([component], 1);

    /// <summary>Several components as one bitmap, with a free border of at least one pixel.</summary>
    internal static Mask Of(IReadOnlyList<Component> components, int border)
    {
        int originX = components.Min(c => c.Left) - border, originY = components.Min(c => c.Top) - border;
        int width = components.Max(c => c.Right) - originX + border, height = components.Max(c => c.Bottom) - originY + border;
        var cells = new bool[width * height];
        foreach (var run in components.SelectMany(c => c.Runs))
        {
            cells.AsSpan((run.Y - originY) * width + run.X0 - originX, run.X1 - run.X0).Fill(true);
        }

        return new Mask(originX, originY, width, height, cells);
    }

    /// <summary>A bitmap that has its free border already.</summary>
    internal static Mask Of(int originX, int originY, int width, bool[] cells) => new(originX, originY, width, cells.Length / width, cells);

    /// <summary>Components with their gaps, slits and holes filled where no disc of this radius fits in (morphological closing).</summary>
    internal static Mask Closed(IReadOnlyList<Component> components, double radiusPx)
    {
        var mask = Of(components, (int)radiusPx + 2); // so wide that the border stays free when the mask is widened
        if (radiusPx <= 0)
        {
            return mask;
        }

        var squared = radiusPx * radiusPx;
        return mask.Inverted().Where(d => d <= squared).Where(d => d > squared);
    }

    private Mask Inverted() => new(OriginX, OriginY, Width, Height, Array.ConvertAll(Cells, c => !c));

    /// <summary>The cells whose squared distance to the nearest free cell fulfils the condition.</summary>
    private Mask Where(Func<float, bool> condition) =>
        new(OriginX, OriginY, Width, Height, Array.ConvertAll(DistanceTransform.Squared(this), d => condition(d)));

    /// <summary>The set cells, row by row, in photo pixels.</summary>
    internal IEnumerable<Run> Runs()
    {
        for (var i = 0; i < Cells.Length; i++)
        {
            var start = i;
            while (Cells[i]) // ends at the free border
            {
                i++;
            }

            if (i > start)
            {
                yield return new Run(OriginY + start / Width, OriginX + start % Width, OriginX + i % Width);
            }
        }
    }

    /// <summary>Where two pixels touch only by a corner, one pixel is added, so that one component has one outline.</summary>
    internal Mask Bridged()
    {
        var cells = (bool[])Cells.Clone();
        for (var i = 0; i < cells.Length - Width - 1; i++)
        {
            bool a = cells[i], b = cells[i + 1], c = cells[i + Width], d = cells[i + Width + 1];
            if (a && d && !b && !c)
            {
                cells[i + Width] = true;
            }
            else if (b && c && !a && !d)
            {
                cells[i + Width + 1] = true;
            }
        }

        return new Mask(OriginX, OriginY, Width, Height, cells);
    }
}
