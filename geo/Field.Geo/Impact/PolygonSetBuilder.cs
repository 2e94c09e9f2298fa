using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Field.Geo.Impact;

/// <summary>Which polygon <see cref="PolygonSet.First(double, double)"/> names where several have a place.</summary>
public enum PolygonOrder
{
    /// <summary>That with the highest number: the deepest class.</summary>
    Highest,

    /// <summary>That with the lowest number: the lowest id.</summary>
    Lowest,
}

/// <summary>Collects polygons and makes a <see cref="PolygonSet"/> of them. For one thread.</summary>
/// <param name="order">Which of several comes first.</param>
public sealed class PolygonSetBuilder(PolygonOrder order)
{
    private readonly List<double> xs = [];
    private readonly List<double> ys = [];
    private readonly List<int> ringEnds = [];
    private readonly List<(int Value, int FirstRing)> polygons = [];

    /// <summary>Polygons so far.</summary>
    public int Count => polygons.Count;

    /// <summary>Begins a polygon; rings follow.</summary>
    /// <param name="value">Its number, not negative: a class, or the place of an area in a list.</param>
    public void BeginPolygon(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        polygons.Add((value, ringEnds.Count));
    }

    /// <summary>Adds a ring to the polygon that was begun last. It is closed when it is not; less than three corners enclose nothing.</summary>
    /// <param name="xy">Lon, lat, lon, lat ..., all finite.</param>
    /// <param name="crs">The system of the numbers; null for lon, lat as they are to be.</param>
    /// <returns>False when a corner is no place in the system: then nothing was added.</returns>
    public bool AddRing(ReadOnlySpan<double> xy, OfficialCrs? crs = null)
    {
        int before = xs.Count;
        int count = xy.Length / 2;
        CollectionsMarshal.SetCount(xs, before + count);
        CollectionsMarshal.SetCount(ys, before + count);
        Span<double> x = CollectionsMarshal.AsSpan(xs)[before..];
        Span<double> y = CollectionsMarshal.AsSpan(ys)[before..];
        if (crs is null or { IsGeographic: true } ? !Copy(xy, x, y) : !Convert(xy, crs, x, y))
        {
            CollectionsMarshal.SetCount(xs, before);
            CollectionsMarshal.SetCount(ys, before);
            return false;
        }

        if (count > 0 && (x[0] != x[^1] || y[0] != y[^1]))
        {
            xs.Add(x[0]);
            ys.Add(y[0]);
        }

        ringEnds.Add(xs.Count);
        return true;
    }

    /// <summary>The set. The builder may go on and make another.</summary>
    public PolygonSet Build()
    {
        double[] x = [.. xs];
        double[] y = [.. ys];
        int[] ranked = [.. Enumerable.Range(0, polygons.Count).Where(p => Vertices(p).Count > 0)];
        int sign = order == PolygonOrder.Highest ? -1 : 1;
        Array.Sort(ranked, (a, b) => polygons[a].Value != polygons[b].Value ? sign * polygons[a].Value.CompareTo(polygons[b].Value) : a.CompareTo(b));

        PolygonGrid[] grids = new PolygonGrid[ranked.Length];
        int cellCount = 0;
        for (int i = 0; i < ranked.Length; i++)
        {
            (int from, int count) = Vertices(ranked[i]);
            grids[i] = new PolygonGrid(polygons[ranked[i]].Value, x.AsSpan(from, count), y.AsSpan(from, count), cellCount);
            cellCount = checked(cellCount + (grids[i].Columns * grids[i].Rows));
        }

        int[] cells = new int[cellCount + 1];
        for (int i = 0; i < ranked.Length; i++)
        {
            Edges(ranked[i], new Counter(grids[i], x, y, cells));
        }

        int[] edges = new int[Sum(cells)];
        for (int i = 0; i < ranked.Length; i++)
        {
            Edges(ranked[i], new Filler(grids[i], x, y, cells, edges));
        }

        // Filling moved each start to the next cell's; one bit makes room for whether the centre is inside.
        for (int i = cells.Length - 1; i > 0; i--)
        {
            cells[i] = cells[i - 1] << 1;
        }

        cells[0] = 0;
        for (int i = 0; i < ranked.Length; i++)
        {
            MarkCentres(ranked[i], in grids[i], x, y, cells);
        }

        return new PolygonSet(x, y, grids, cells, edges);
    }

    private static bool Copy(ReadOnlySpan<double> xy, Span<double> x, Span<double> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            (x[i], y[i]) = (xy[2 * i], xy[(2 * i) + 1]);
            if (!(Math.Abs(x[i]) <= 180 && Math.Abs(y[i]) <= 90))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Convert(ReadOnlySpan<double> xy, OfficialCrs crs, Span<double> x, Span<double> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            if (crs.ToLonLat(xy[2 * i], xy[(2 * i) + 1]) is not { } place)
            {
                return false;
            }

            (x[i], y[i]) = (place.Lon, place.Lat);
        }

        return true;
    }

    private static int Sum(int[] cells)
    {
        int sum = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            (cells[i], sum) = (sum, checked(sum + cells[i]));
        }

        return sum;
    }

    private (int From, int Count) Vertices(int polygon)
    {
        (int first, int last) = Rings(polygon);
        int from = first == 0 ? 0 : ringEnds[first - 1];
        return (from, last == first ? 0 : ringEnds[last - 1] - from);
    }

    private (int First, int Last) Rings(int polygon) =>
        (polygons[polygon].FirstRing, polygon + 1 < polygons.Count ? polygons[polygon + 1].FirstRing : ringEnds.Count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Edges<TVisitor>(int polygon, TVisitor visitor)
        where TVisitor : struct, IEdgeVisitor
    {
        (int first, int last) = Rings(polygon);
        int from = first == 0 ? 0 : ringEnds[first - 1];
        for (int ring = first; ring < last; ring++)
        {
            for (; from < ringEnds[ring] - 1; from++)
            {
                visitor.Visit(from);
            }

            from = ringEnds[ring];
        }
    }

    /// <summary>Whether the centre of each cell is inside: an edge turns all centres of its rows to the right of it.</summary>
    private void MarkCentres(int polygon, in PolygonGrid grid, double[] x, double[] y, int[] cells)
    {
        Edges(polygon, new Turner(grid, x, y, cells));
        for (int row = 0; row < grid.Rows; row++)
        {
            int turned = 0;
            foreach (ref int cell in cells.AsSpan(grid.FirstCell + (row * grid.Columns), grid.Columns))
            {
                turned ^= cell & 1;
                cell = (cell & ~1) | turned;
            }
        }
    }

    /// <summary>A generic parameter instead of a delegate: these run for each of a million edges.</summary>
    private interface IEdgeVisitor
    {
        void Visit(int e);
    }

    private readonly struct Counter(PolygonGrid grid, double[] x, double[] y, int[] cells) : IEdgeVisitor
    {
        public void Visit(int e)
        {
            (int from, int to) = grid.RowsOf(y[e], y[e + 1]);
            for (int row = from; row <= to; row++)
            {
                (int first, int last) = grid.ColumnsOf(x[e], y[e], x[e + 1], y[e + 1], row, from == to);
                foreach (ref int cell in cells.AsSpan(grid.FirstCell + (row * grid.Columns) + first, last - first + 1))
                {
                    cell++;
                }
            }
        }
    }

    private readonly struct Filler(PolygonGrid grid, double[] x, double[] y, int[] cells, int[] edges) : IEdgeVisitor
    {
        public void Visit(int e)
        {
            (int from, int to) = grid.RowsOf(y[e], y[e + 1]);
            for (int row = from; row <= to; row++)
            {
                (int first, int last) = grid.ColumnsOf(x[e], y[e], x[e + 1], y[e + 1], row, from == to);
                foreach (ref int cell in cells.AsSpan(grid.FirstCell + (row * grid.Columns) + first, last - first + 1))
                {
                    edges[cell++] = e;
                }
            }
        }
    }

    private readonly struct Turner(PolygonGrid grid, double[] x, double[] y, int[] cells) : IEdgeVisitor
    {
        public void Visit(int e)
        {
            (int from, int to) = grid.RowsOf(y[e], y[e + 1]);
            for (int row = from; row <= to; row++)
            {
                double centre = grid.CentreY(row);
                if ((y[e] > centre) != (y[e + 1] > centre))
                {
                    int column = grid.FirstCentreRight(x[e], y[e], x[e + 1], y[e + 1], row);
                    if (column < grid.Columns)
                    {
                        cells[grid.FirstCell + (row * grid.Columns) + column] ^= 1;
                    }
                }
            }
        }
    }
}
