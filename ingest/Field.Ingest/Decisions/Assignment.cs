namespace Field.Ingest.Decisions;

/// <summary>Pairs two sets at the least total cost (Hungarian method with potentials, Kuhn 1955, Munkres 1957; O(n³)).</summary>
internal static class Assignment
{
    /// <summary>
    /// For each row the column it is paired with, or -1. A pair costs what the matrix says, a row or column that stays alone costs
    /// <paramref name="alone"/>, so no pair dearer than twice that is made; the sum is the least there is.
    /// </summary>
    /// <param name="cost">Rows by columns; infinite for a pair that must not be.</param>
    /// <param name="alone">What it costs to stay alone, above 0.</param>
    public static int[] Of(double[,] cost, double alone)
    {
        (int rows, int columns) = (cost.GetLength(0), cost.GetLength(1));
        int size = rows + columns;
        double never = 4 * alone * (size + 1); // dearer than to leave everything alone

        // The square problem: real pairs, each row's and each column's own place to be alone, and free pairs of those places.
        double Cost(int r, int c) => (r < rows, c < columns) switch
        {
            (true, true) => cost[r, c] < 2 * alone ? cost[r, c] : never,
            (true, false) => c - columns == r ? alone : never,
            (false, true) => r - rows == c ? alone : never,
            _ => 0,
        };
        int[] rowOf = Solve(size, Cost);
        int[] result = new int[rows];
        Array.Fill(result, -1);
        for (int c = 0; c < columns; c++)
        {
            if (rowOf[c] < rows)
            {
                result[rowOf[c]] = c;
            }
        }

        return result;
    }

    /// <summary>Rows and columns that finite costs connect: each island is solved by itself, so that a long bridge costs no more than its parts.</summary>
    public static IEnumerable<(int[] Rows, int[] Columns)> Islands(double[,] cost)
    {
        (int rows, int columns) = (cost.GetLength(0), cost.GetLength(1));
        bool[] seen = new bool[rows];
        for (int first = 0; first < rows; first++)
        {
            if (seen[first])
            {
                continue;
            }

            SortedSet<int> mine = [first];
            SortedSet<int> theirs = [];
            Queue<int> waiting = new([first]);
            while (waiting.TryDequeue(out int r))
            {
                seen[r] = true;
                foreach (int c in Enumerable.Range(0, columns).Where(c => double.IsFinite(cost[r, c]) && theirs.Add(c)))
                {
                    foreach (int other in Enumerable.Range(0, rows).Where(o => double.IsFinite(cost[o, c]) && mine.Add(o)))
                    {
                        waiting.Enqueue(other);
                    }
                }
            }

            yield return ([.. mine], [.. theirs]);
        }
    }

    /// <summary>The row of each column of the cheapest perfect pairing: rows are added one by one along the cheapest alternating path.</summary>
    private static int[] Solve(int size, Func<int, int, double> cost)
    {
        double[] u = new double[size + 1];
        double[] v = new double[size + 1];
        int[] row = new int[size + 1]; // 1-based; row[0] is the row being placed
        int[] way = new int[size + 1];
        for (int r = 1; r <= size; r++)
        {
            row[0] = r;
            int at = 0;
            double[] least = new double[size + 1];
            Array.Fill(least, double.PositiveInfinity);
            bool[] used = new bool[size + 1];
            do
            {
                used[at] = true;
                (int here, int next, double delta) = (row[at], 0, double.PositiveInfinity);
                for (int c = 1; c <= size; c++)
                {
                    if (used[c])
                    {
                        continue;
                    }

                    double reduced = cost(here - 1, c - 1) - u[here] - v[c];
                    (least[c], way[c]) = reduced < least[c] ? (reduced, at) : (least[c], way[c]);
                    (delta, next) = least[c] < delta ? (least[c], c) : (delta, next);
                }

                for (int c = 0; c <= size; c++)
                {
                    if (used[c])
                    {
                        u[row[c]] += delta;
                        v[c] -= delta;
                    }
                    else
                    {
                        least[c] -= delta;
                    }
                }

                at = next;
            }
            while (row[at] != 0);
            for (; at != 0; at = way[at])
            {
                row[at] = row[way[at]];
            }
        }

        return [.. row.Skip(1).Select(r => r - 1)];
    }
}
