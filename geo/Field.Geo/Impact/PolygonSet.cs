using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Field.Geo.Impact;

/// <summary>
/// Polygons of any size and validity, each with a number, that answer in which of them a place lies. Made by
/// <see cref="PolygonSetBuilder"/>; never changes; thread safe.
/// </summary>
/// <remarks>
/// <para>A place lies in a polygon by the even-odd rule over all its rings: directions of rings and crossings of a ring with itself do not
/// matter, and what two rings cover is a hole.</para>
/// <para>A place exactly on a border is decided as if it lay an infinitesimal step to the east, and a much smaller one to the north, of
/// where it is. So of two polygons that share an edge exactly one has the places on it, whatever order they come in. (On an edge
/// that runs neither along a meridian nor a parallel this holds as far as doubles tell on which side a place is: nanometres.)</para>
/// <para>How: each polygon has a grid of its own. A cell knows the edges that touch it and whether its centre C is inside; for a place P
/// of that cell the edges crossed on the way from C along the meridian to K, and from K along the parallel to P, are
/// counted. Each edge is asked on which side of it C, K and P are, always by the same formula on the same numbers, so K cannot be on
/// one side for the first part of the way and on the other for the second.</para>
/// </remarks>
public sealed class PolygonSet
{
    /// <summary>What <see cref="First(double, double)"/> says of a place that lies in no polygon.</summary>
    public const int None = -1;

    private readonly double[] xs;
    private readonly double[] ys;
    private readonly PolygonGrid[] grids;
    private readonly int[] cells;
    private readonly int[] edges;
    private readonly EnvelopeGrid envelopes;

    internal PolygonSet(double[] xs, double[] ys, PolygonGrid[] grids, int[] cells, int[] edges)
    {
        (this.xs, this.ys, this.grids, this.cells, this.edges) = (xs, ys, grids, cells, edges);
        envelopes = new EnvelopeGrid(grids);
    }

    /// <summary>Polygons; a multi-part feature counts once for each part.</summary>
    public int Count => grids.Length;

    /// <summary>Corners of all rings, the first of a ring again at its end.</summary>
    public int VertexCount => xs.Length;

    /// <summary>The number of the first polygon, in the builder's order, that has the place; <see cref="None"/> when none has.</summary>
    public int First(double lon, double lat)
    {
        foreach (int i in envelopes.At(lon, lat))
        {
            if (Contains(in grids[i], lon, lat))
            {
                return grids[i].Value;
            }
        }

        return None;
    }

    /// <summary><see cref="First(double, double)"/> of many places.</summary>
    /// <param name="lon">Longitudes.</param>
    /// <param name="lat">Latitudes, as many.</param>
    /// <param name="values">Takes the answers, as many.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // called once: it would run unoptimised until it is over
    public void First(ReadOnlySpan<double> lon, ReadOnlySpan<double> lat, Span<int> values)
    {
        if (lat.Length != lon.Length || values.Length != lon.Length)
        {
            throw new ArgumentException("As many longitudes as latitudes and answers are needed.", nameof(values));
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] = None;
            foreach (int g in envelopes.At(lon[i], lat[i]))
            {
                if (Contains(in grids[g], lon[i], lat[i]))
                {
                    values[i] = grids[g].Value;
                    break;
                }
            }
        }
    }

    /// <summary>The numbers of all polygons that have the place, each once, in the builder's order.</summary>
    /// <param name="lon">Longitude.</param>
    /// <param name="lat">Latitude.</param>
    /// <param name="values">What is found is added here.</param>
    public void All(double lon, double lat, ICollection<int> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        int last = None;
        foreach (int i in envelopes.At(lon, lat))
        {
            if ((last == None || grids[i].Value != last) && Contains(in grids[i], lon, lat))
            {
                last = grids[i].Value;
                values.Add(last);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Contains(in PolygonGrid grid, double x, double y)
    {
        if (!(x >= grid.MinX && x <= grid.MaxX && y >= grid.MinY && y <= grid.MaxY))
        {
            return false;
        }

        (int column, int row) = (grid.Column(x), grid.Row(y));
        ref int cell = ref cells[grid.FirstCell + (row * grid.Columns) + column];
        bool isInside = (cell & 1) != 0;
        (int from, int to) = (cell >> 1, Unsafe.Add(ref cell, 1) >> 1); // one more cell than there are stands at the end
        if (from == to)
        {
            return isInside;
        }

        (double cx, double cy) = (grid.CentreX(column), grid.CentreY(row));
        ref double x0 = ref MemoryMarshal.GetArrayDataReference(xs);
        ref double y0 = ref MemoryMarshal.GetArrayDataReference(ys);
        foreach (int e in edges.AsSpan(from, to - from))
        {
            double ax = Unsafe.Add(ref x0, e);
            double ay = Unsafe.Add(ref y0, e);
            double bx = Unsafe.Add(ref x0, e + 1);
            double by = Unsafe.Add(ref y0, e + 1);
            bool isMet = (ax > cx) != (bx > cx);
            bool isPassed = (ay > y) != (by > y);
            if (isMet || isPassed)
            {
                bool side = PolygonGrid.IsRight(ax, ay, bx, by, cx, y);
                isInside ^= (isMet && side != PolygonGrid.IsRight(ax, ay, bx, by, cx, cy)) ^ (isPassed && side != PolygonGrid.IsRight(ax, ay, bx, by, x, y));
            }
        }

        return isInside;
    }
}
