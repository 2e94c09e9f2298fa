namespace Field.Geo.Impact;

/// <summary>The grid over one polygon of a <see cref="PolygonSet"/>: where it lies and which cell a place is in.</summary>
internal readonly struct PolygonGrid
{
    private const int EdgesPerCell = 2;
    private const int MaxSide = 4096;

    // What lies so little beyond a border of a cell, in cells, is given to both: rounding must not lose an edge.
    private const double Margin = 1e-6;

    private readonly double perX;
    private readonly double perY;
    private readonly double width;
    private readonly double height;

    public PolygonGrid(int value, ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, int firstCell)
    {
        (Value, FirstCell) = (value, firstCell);
        (MinX, MaxX) = Range(xs);
        (MinY, MaxY) = Range(ys);
        double cellCount = Math.Max(1, xs.Length / EdgesPerCell);
        double shape = MaxY > MinY && MaxX > MinX ? (MaxX - MinX) / (MaxY - MinY) : 1;
        Columns = (int)Math.Clamp(Math.Sqrt(cellCount * shape), 1, Math.Min(MaxSide, cellCount));
        Rows = (int)Math.Clamp(cellCount / Columns, 1, MaxSide);
        (width, height) = ((MaxX - MinX) / Columns, (MaxY - MinY) / Rows);
        (perX, perY) = (width > 0 ? 1 / width : 0, height > 0 ? 1 / height : 0);
    }

    /// <summary>The number that its owner gave it.</summary>
    public int Value { get; }

    public double MinX { get; }

    public double MaxX { get; }

    public double MinY { get; }

    public double MaxY { get; }

    public int Columns { get; }

    public int Rows { get; }

    /// <summary>Where its cells begin among those of all.</summary>
    public int FirstCell { get; }

    /// <summary>Grows with x, and so keeps what lies between two edges between their cells.</summary>
    public int Column(double x) => Math.Clamp((int)((x - MinX) * perX), 0, Columns - 1);

    public int Row(double y) => Math.Clamp((int)((y - MinY) * perY), 0, Rows - 1);

    public double CentreX(int column) => MinX + ((column + 0.5) * width);

    public double CentreY(int row) => MinY + ((row + 0.5) * height);

    /// <summary>
    /// True when Q lies to the right of the line through A and B, looked at upwards; on it counts as right. For a level line it is taken to
    /// lead west, so that above and on it is right.
    /// </summary>
    public static bool IsRight(double ax, double ay, double bx, double by, double qx, double qy) =>
        ay < by || (ay == by && ax > bx)
            ? ((bx - ax) * (qy - ay)) - ((by - ay) * (qx - ax)) <= 0
            : ((ax - bx) * (qy - by)) - ((ay - by) * (qx - bx)) <= 0;

    /// <summary>The rows that an edge touches.</summary>
    public (int From, int To) RowsOf(double ay, double by)
    {
        double margin = height * Margin;
        return (Row(Math.Min(ay, by) - margin), Row(Math.Max(ay, by) + margin));
    }

    /// <summary>The columns that an edge touches within a row.</summary>
    public (int From, int To) ColumnsOf(double ax, double ay, double bx, double by, int row, bool isOnlyRow)
    {
        (double from, double to) = (Math.Min(ax, bx), Math.Max(ax, bx));
        if (!isOnlyRow && ax != bx && ay != by)
        {
            double south = MinY + ((row - Margin) * height);
            double north = MinY + ((row + 1 + Margin) * height);
            double slope = (bx - ax) / (by - ay);
            (double x1, double x2) = (ax + ((south - ay) * slope), ax + ((north - ay) * slope));
            (from, to) = (Math.Max(from, Math.Min(x1, x2)), Math.Min(to, Math.Max(x1, x2)));
        }

        double margin = width * Margin;
        int first = Column(from - margin);
        return (first, Math.Max(first, Column(to + margin))); // where it only nears the row, from may be a rounding beyond to
    }

    /// <summary>The first column of a row whose centre lies to the right of an edge that passes the row's centre line; <see cref="Columns"/> when none does.</summary>
    public int FirstCentreRight(double ax, double ay, double bx, double by, int row)
    {
        double y = CentreY(row);
        double x = ax + ((y - ay) / (by - ay) * (bx - ax));
        int column = Column(x);

        // The formula that decides is IsRight; the division above only says where to begin.
        while (column > 0 && IsRight(ax, ay, bx, by, CentreX(column - 1), y))
        {
            column--;
        }

        while (column < Columns && !IsRight(ax, ay, bx, by, CentreX(column), y))
        {
            column++;
        }

        return column;
    }

    private static (double Min, double Max) Range(ReadOnlySpan<double> values)
    {
        (double min, double max) = (values[0], values[0]);
        foreach (double v in values)
        {
            min = Math.Min(min, v);
            max = Math.Max(max, v);
        }

        return (min, max);
    }
}
