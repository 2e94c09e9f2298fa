namespace Field.Geo.Impact;

/// <summary>
/// Asks whether somebody who solves all equations of a table with totals together can tell a hidden count exactly. Pure.
/// </summary>
/// <remarks>
/// Each count stands in one equation of its row and one of its column. With the signs of the total row and the total column turned, each has
/// one plus and one minus: a network (Fischetti and Salazar, 2000). Another table with the same shown numbers differs by a circulation in it; so a count
/// is not fixed when there is a cycle through it along which hidden counts can grow, or shrink and stay at least as large as
/// everybody knows hidden counts to be.
/// </remarks>
internal sealed class CellDisclosure
{
    private readonly long[,] all;
    private readonly bool[,] hidden;
    private readonly int rows;
    private readonly int columns;
    private readonly List<(int To, int Cell)>[] arcs;
    private readonly int[] seen;
    private readonly Queue<int> queue = new();
    private int round;

    /// <param name="all">Counts with totals.</param>
    /// <param name="hidden">Which are hidden.</param>
    /// <param name="leastHidden">1 where zeros are always shown, else 0.</param>
    public CellDisclosure(long[,] all, bool[,] hidden, int leastHidden)
    {
        (this.all, this.hidden, rows, columns) = (all, hidden, all.GetLength(0), all.GetLength(1));
        arcs = [.. Enumerable.Range(0, rows + columns).Select(_ => new List<(int, int)>())];
        seen = new int[rows + columns];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                if (hidden[r, c])
                {
                    (int from, int to) = Ends(r, c);
                    arcs[from].Add((to, (r * columns) + c));
                    if (all[r, c] > leastHidden)
                    {
                        arcs[to].Add((from, (r * columns) + c));
                    }
                }
            }
        }

        this.leastHidden = leastHidden;
    }

    private readonly int leastHidden;

    /// <summary>A cell of these that can be told exactly, or null.</summary>
    public (int Row, int Column)? Find(bool[,] sensitive)
    {
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                if (sensitive[r, c] && hidden[r, c] && all[r, c] > 0 && IsFixed(r, c))
                {
                    return (r, c);
                }
            }
        }

        return null;
    }

    private bool IsFixed(int row, int column)
    {
        (int from, int to) = Ends(row, column);
        int cell = (row * columns) + column;
        return !Reaches(to, from, cell) && !(all[row, column] > leastHidden && Reaches(from, to, cell));
    }

    private bool Reaches(int start, int goal, int without)
    {
        round++;
        queue.Clear();
        queue.Enqueue(start);
        seen[start] = round;
        while (queue.TryDequeue(out int node))
        {
            foreach ((int next, int cell) in arcs[node])
            {
                if (cell == without || seen[next] == round)
                {
                    continue;
                }

                if (next == goal)
                {
                    return true;
                }

                seen[next] = round;
                queue.Enqueue(next);
            }
        }

        return false;
    }

    /// <summary>From the equation where the count stands with a plus to that with a minus.</summary>
    private (int From, int To) Ends(int row, int column)
    {
        bool isTotal = (row == rows - 1) != (column == columns - 1);
        return isTotal ? (rows + column, row) : (row, rows + column);
    }
}
