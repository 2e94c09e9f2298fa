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

    internal static Mask Of(Component component)
    {
        int originX = component.Left - 1, originY = component.Top - 1;
        int width = component.Right - originX + 1, height = component.Bottom - originY + 1;
        var cells = new bool[width * height];
        foreach (var run in component.Runs)
        {
            cells.AsSpan((run.Y - originY) * width + run.X0 - originX, run.X1 - run.X0).Fill(true);
        }

        return new Mask(originX, originY, width, height, cells);
    }

    /// <summary>A bitmap that has its free border already.</summary>
    internal static Mask Of(int originX, int originY, int width, bool[] cells) => new(originX, originY, width, cells.Length / width, cells);

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

    /// <summary>Every pixel as two by two, so that the distance from a middle line to the outline has no half-pixel bias.</summary>
    internal Mask Doubled()
    {
        var cells = new bool[Width * Height * 4];
        for (var i = 0; i < Cells.Length; i++)
        {
            if (Cells[i])
            {
                var at = i / Width * 2 * Width * 2 + i % Width * 2;
                cells[at] = cells[at + 1] = cells[at + Width * 2] = cells[at + Width * 2 + 1] = true;
            }
        }

        return new Mask(OriginX * 2, OriginY * 2, Width * 2, Height * 2, cells);
    }
}
