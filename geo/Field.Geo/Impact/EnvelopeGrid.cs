namespace Field.Geo.Impact;

/// <summary>Which polygons may have a place: a grid over all of them, each cell with those whose envelope touches it, in their order.</summary>
internal sealed class EnvelopeGrid
{
    private const int MaxSide = 512;

    private readonly int[] starts;
    private readonly int[] polygons;
    private readonly int side;
    private readonly double minX;
    private readonly double minY;
    private readonly double maxX;
    private readonly double maxY;
    private readonly double perX;
    private readonly double perY;

    public EnvelopeGrid(PolygonGrid[] grids)
    {
        side = (int)Math.Clamp(2 * Math.Sqrt(grids.Length), 1, MaxSide);
        (minX, minY, maxX, maxY) = (double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);
        foreach (ref readonly PolygonGrid g in grids.AsSpan())
        {
            (minX, minY, maxX, maxY) = (Math.Min(minX, g.MinX), Math.Min(minY, g.MinY), Math.Max(maxX, g.MaxX), Math.Max(maxY, g.MaxY));
        }

        (perX, perY) = (maxX > minX ? side / (maxX - minX) : 0, maxY > minY ? side / (maxY - minY) : 0);
        starts = new int[(side * side) + 1];
        foreach (ref readonly PolygonGrid g in grids.AsSpan())
        {
            foreach (int cell in Cells(g))
            {
                starts[cell + 1]++;
            }
        }

        for (int i = 1; i < starts.Length; i++)
        {
            starts[i] += starts[i - 1];
        }

        polygons = new int[starts[^1]];
        int[] next = starts[..^1];
        for (int i = 0; i < grids.Length; i++)
        {
            foreach (int cell in Cells(grids[i]))
            {
                polygons[next[cell]++] = i;
            }
        }
    }

    public ReadOnlySpan<int> At(double x, double y)
    {
        if (!(x >= minX && x <= maxX && y >= minY && y <= maxY))
        {
            return [];
        }

        int cell = (Cell(y, minY, perY) * side) + Cell(x, minX, perX);
        return polygons.AsSpan(starts[cell], starts[cell + 1] - starts[cell]);
    }

    private IEnumerable<int> Cells(PolygonGrid g)
    {
        for (int row = Cell(g.MinY, minY, perY); row <= Cell(g.MaxY, minY, perY); row++)
        {
            for (int column = Cell(g.MinX, minX, perX); column <= Cell(g.MaxX, minX, perX); column++)
            {
                yield return (row * side) + column;
            }
        }
    }

    private int Cell(double value, double min, double per) => Math.Min((int)((value - min) * per), side - 1);
}
