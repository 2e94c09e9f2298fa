using Field.Vision.Shape;

namespace Field.Vision;

/// <summary>Measures a mask that a person drew, as the model's masks are measured.</summary>
public static class MaskMeasure
{
    /// <summary>The largest box around a mask, square pixels: 40 megapixels, some 400 MB while it is measured.</summary>
    public const double MaxBoxPx = 40_000_000;

    private const double FinestCells = 4_000_000;
    private const double NarrowPx = 3; // drawn narrower than this, pixel centres alone would tear the mask
    private const double SlimPx = 8;

    /// <summary>
    /// Fills the rings and measures along their skeleton. Narrow masks are measured on a finer raster (a half or a quarter of a pixel), so that
    /// a crack one pixel wide is not torn. The area is that of the rings.
    /// </summary>
    /// <param name="className">The class.</param>
    /// <param name="score">Kept as it is.</param>
    /// <param name="rings">Rings that do not cross; one within another is a hole in it. x right, y down, pixels, not closed twice.</param>
    /// <returns>Null when the rings enclose no pixel. Its rings run as <see cref="PixelFinding.Rings"/> says.</returns>
    /// <exception cref="ArgumentException">The box around the rings is larger than <see cref="MaxBoxPx"/>.</exception>
    public static PixelFinding? FromRings(string className, double score, IReadOnlyList<IReadOnlyList<PixelPoint>> rings)
    {
        ArgumentNullException.ThrowIfNull(rings);
        if (BoxPx(rings) > MaxBoxPx)
        {
            throw new ArgumentException($"the box around the rings is above {MaxBoxPx} square pixels", nameof(rings));
        }

        var oriented = RingOrder.Oriented(rings);
        var area = oriented.Sum(Outline.SignedArea);
        var scale = Scale(oriented, area);
        var mask = oriented.Count == 0 ? null : RingRaster.Fill(oriented, scale);
        if (mask is null || Centre(mask, scale) is not { } centre)
        {
            return null;
        }

        var skeleton = Skeleton.Of(mask);
        var length = Math.Max(1, skeleton.LengthPx / scale);
        return new PixelFinding(className, score, oriented, area, length, area / length, skeleton.MaxWidthPx / scale, centre);
    }

    /// <summary>Area of the box around the rings, square pixels.</summary>
    public static double BoxPx(IReadOnlyList<IReadOnlyList<PixelPoint>> rings)
    {
        var points = rings.SelectMany(r => r).ToList();
        return points.Count == 0 ? 0 : (points.Max(p => p.X) - points.Min(p => p.X)) * (points.Max(p => p.Y) - points.Min(p => p.Y));
    }

    /// <summary>
    /// The rings as a bitmap of a window of the photo: 255 inside, 0 outside, row by row. For masks of training data.
    /// </summary>
    /// <param name="rings">As of <see cref="FromRings"/>.</param>
    /// <param name="x">First column of the window in the photo.</param>
    /// <param name="y">First row.</param>
    /// <param name="widthPx">Columns.</param>
    /// <param name="heightPx">Rows.</param>
    public static byte[] Fill(IReadOnlyList<IReadOnlyList<PixelPoint>> rings, int x, int y, int widthPx, int heightPx)
    {
        var cells = new byte[widthPx * heightPx];
        if (rings is null || rings.All(r => r.Count < 3))
        {
            return cells;
        }

        var mask = RingRaster.Fill(rings, 1);
        for (var row = Math.Max(0, mask.OriginY - y); row < Math.Min(heightPx, mask.OriginY + mask.Height - y); row++)
        {
            for (var column = Math.Max(0, mask.OriginX - x); column < Math.Min(widthPx, mask.OriginX + mask.Width - x); column++)
            {
                cells[row * widthPx + column] = mask[column + x - mask.OriginX, row + y - mask.OriginY] ? (byte)255 : (byte)0;
            }
        }

        return cells;
    }

    private static int Scale(IReadOnlyList<IReadOnlyList<PixelPoint>> rings, double area)
    {
        var outline = rings.Sum(r => r.Select((p, i) => double.Hypot(r[(i + 1) % r.Count].X - p.X, r[(i + 1) % r.Count].Y - p.Y)).Sum());
        var width = outline > 0 ? 2 * area / outline : 0;
        var wanted = width < NarrowPx ? 4 : width < SlimPx ? 2 : 1;
        while (wanted > 1 && BoxPx(rings) * wanted * wanted > FinestCells)
        {
            wanted /= 2;
        }

        return wanted;
    }

    /// <summary>The centre of the cell nearest to the centroid, in pixels; null when there is no cell.</summary>
    private static PixelPoint? Centre(Mask mask, int scale)
    {
        double count = 0, x = 0, y = 0;
        for (var i = 0; i < mask.Cells.Length; i++)
        {
            if (mask.Cells[i])
            {
                (count, x, y) = (count + 1, x + i % mask.Width, y + i / mask.Width);
            }
        }

        if (count == 0)
        {
            return null;
        }

        (x, y) = (x / count, y / count);
        var (best, nearest) = (-1, double.PositiveInfinity);
        for (var i = 0; i < mask.Cells.Length; i++)
        {
            double dx = i % mask.Width - x, dy = i / mask.Width - y;
            if (mask.Cells[i] && dx * dx + dy * dy < nearest)
            {
                (best, nearest) = (i, dx * dx + dy * dy);
            }
        }

        return new PixelPoint((mask.OriginX + best % mask.Width + 0.5) / scale, (mask.OriginY + best / mask.Width + 0.5) / scale);
    }
}
