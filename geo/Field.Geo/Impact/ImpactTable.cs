using System.Runtime.CompilerServices;

namespace Field.Geo.Impact;

/// <summary>
/// Counts by row (areas, meshes, own polygons) and by class; class 0 is outside. Points in no row are in a last row of their own,
/// <see cref="Unassigned"/>, so that nobody is lost.
/// </summary>
public sealed class ImpactTable
{
    private readonly ImpactCount[] counts;

    private ImpactTable(int rows, int classes) => (Rows, Classes, counts) = (rows, classes, new ImpactCount[(rows + 1) * classes]);

    /// <summary>Rows without the last one.</summary>
    public int Rows { get; }

    /// <summary>Classes, 0 included.</summary>
    public int Classes { get; }

    /// <summary>The row of the points that are in no row.</summary>
    public int Unassigned => Rows;

    /// <summary>One cell.</summary>
    public ImpactCount this[int row, int hazardClass] => counts[(row * Classes) + hazardClass];

    /// <summary>Counts.</summary>
    /// <param name="points">Who lives there.</param>
    /// <param name="rowOf">Row of each point; negative for none.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="classOf">Class of each point.</param>
    /// <param name="classes">Classes, 0 included.</param>
    /// <exception cref="IndexOutOfRangeException">A point is in a row or class that there is not.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // called once for millions of points
    public static ImpactTable Count(ResidentPoints points, ReadOnlySpan<int> rowOf, int rows, ReadOnlySpan<byte> classOf, int classes)
    {
        ArgumentNullException.ThrowIfNull(points);
        ImpactTable table = new(rows, classes);
        for (int i = 0; i < points.Count; i++)
        {
            int row = rowOf[i] < 0 ? rows : rowOf[i];
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(classOf[i], classes, nameof(classOf));
            table.counts[(row * classes) + classOf[i]] += points.At(i);
        }

        return table;
    }

    /// <summary>Counts where rows overlap, as own polygons may: a point counts in each of them, so rows must not be added up.</summary>
    /// <param name="points">Who lives there.</param>
    /// <param name="areas">Their numbers are rows.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="classOf">Class of each point.</param>
    /// <param name="classes">Classes, 0 included.</param>
    public static ImpactTable CountAll(ResidentPoints points, PolygonSet areas, int rows, ReadOnlySpan<byte> classOf, int classes)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(areas);
        ImpactTable table = new(rows, classes);
        List<int> found = [];
        for (int i = 0; i < points.Count; i++)
        {
            found.Clear();
            areas.All(points.Lon[i], points.Lat[i], found);
            if (found.Count == 0)
            {
                found.Add(rows);
            }

            foreach (int row in found)
            {
                table.counts[(row * classes) + classOf[i]] += points.At(i);
            }
        }

        return table;
    }

    /// <summary>The first rows of several tables as the rows of one; their unassigned are left out.</summary>
    public static ImpactTable Stack(IReadOnlyList<ImpactTable> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ImpactTable all = new(tables.Count, tables.Count == 0 ? 1 : tables[0].Classes);
        for (int row = 0; row < tables.Count; row++)
        {
            Array.Copy(tables[row].counts, 0, all.counts, row * all.Classes, all.Classes);
        }

        return all;
    }

    /// <summary>
    /// The counts moved by less than a unit and rounded to units, so that two answers that differ by one household do not tell it. What a cell is
    /// moved by follows from who is in it (<see cref="ResidentPoints.Keys"/>): asking again tells nothing new. Zero stays zero.
    /// </summary>
    /// <param name="unit">5: multiples of 5.</param>
    public ImpactTable Rounded(int unit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(unit, 1);
        ImpactTable table = new(Rows, Classes);
        for (int i = 0; i < counts.Length; i++)
        {
            ImpactCount c = counts[i];
            long people = Round(c.People, c.Key, 1, unit);
            table.counts[i] = new(people, Math.Min(people, Round(c.Aged65, c.Key, 2, unit)), Math.Min(people, Round(c.NeedsSupport, c.Key, 3, unit)), Round(c.Households, c.Key, 4, unit)) { Key = c.Key };
        }

        return table;
    }

    /// <summary>The same without the counts of some rows.</summary>
    public ImpactTable Only(Func<int, bool> isKept)
    {
        ArgumentNullException.ThrowIfNull(isKept);
        ImpactTable table = new(Rows, Classes);
        for (int i = 0; i < counts.Length; i++)
        {
            table.counts[i] = isKept(i / Classes) ? counts[i] : default;
        }

        return table;
    }

    private static long Round(long count, ulong key, ulong measure, int unit)
    {
        if (count == 0 || unit == 1)
        {
            return count;
        }

        ulong z = unchecked(key + (measure * 0x9E3779B97F4A7C15)); // splitmix64
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        long moved = count + (long)((z ^ (z >> 31)) % (ulong)((2 * unit) - 1)) - (unit - 1);
        return Math.Max(0, moved + (unit / 2)) / unit * unit;
    }

    /// <summary>A row's classes from one on.</summary>
    public ImpactCount From(int row, int leastClass)
    {
        ImpactCount sum = default;
        for (int c = leastClass; c < Classes; c++)
        {
            sum += this[row, c];
        }

        return sum;
    }

    /// <summary>A class in all rows, those in no row included.</summary>
    public ImpactCount Class(int hazardClass)
    {
        ImpactCount sum = default;
        for (int row = 0; row <= Rows; row++)
        {
            sum += this[row, hazardClass];
        }

        return sum;
    }

    /// <summary>All rows, classes from one on.</summary>
    public ImpactCount TotalFrom(int leastClass)
    {
        ImpactCount sum = default;
        for (int c = leastClass; c < Classes; c++)
        {
            sum += Class(c);
        }

        return sum;
    }
}

/// <summary>The meshes that points lie in, as rows of a table.</summary>
/// <param name="Meshes">By row, ascending.</param>
/// <param name="RowOf">By point; negative where no mesh code reaches.</param>
public sealed record MeshRows(IReadOnlyList<MeshCode> Meshes, int[] RowOf)
{
    /// <summary>Sorts points into meshes.</summary>
    /// <param name="points">The points.</param>
    /// <param name="digits">10 for 250 m.</param>
    public static MeshRows Of(ResidentPoints points, int digits)
    {
        ArgumentNullException.ThrowIfNull(points);
        int[] rowOf = new int[points.Count];
        Dictionary<MeshCode, int> seen = [];
        for (int i = 0; i < rowOf.Length; i++)
        {
            rowOf[i] = PolygonSet.None;
            if (MeshCode.Of(new LonLat(points.Lon[i], points.Lat[i]), digits) is { } mesh)
            {
                seen.TryAdd(mesh, seen.Count);
                rowOf[i] = seen[mesh];
            }
        }

        MeshCode[] meshes = [.. seen.Keys.OrderBy(m => m.Number)];
        int[] ranks = new int[meshes.Length];
        for (int i = 0; i < meshes.Length; i++)
        {
            ranks[seen[meshes[i]]] = i;
        }

        for (int i = 0; i < rowOf.Length; i++)
        {
            rowOf[i] = rowOf[i] < 0 ? PolygonSet.None : ranks[rowOf[i]];
        }

        return new MeshRows(meshes, rowOf);
    }
}
