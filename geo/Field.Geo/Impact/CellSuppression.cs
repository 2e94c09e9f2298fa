namespace Field.Geo.Impact;

/// <summary>
/// Which cells of a table with totals must not be shown so that nobody can be picked out: counts from 1 to under the limit (primary), and
/// as many others as it takes so that none of those follows by subtraction (secondary). Pure.
/// </summary>
/// <remarks>
/// <para>The table stands with its totals at the end of each row and column. Each row and each column, totals included, is one equation: the
/// last is the sum of the others. An equation is safe when it hides nothing, or at least two numbers of which the hidden parts on the
/// parts' side add up to the limit or more: two hidden ones whose sum is told to be 2 would both be 1. An unsafe equation hides its
/// smallest shown part above 0; when there is none, its total. This is repeated until all are safe; every step hides one more cell,
/// so it ends.</para>
/// <para>Zero stays shown: an empty mesh is seen from the street. A part of a count (aged 65 or more, of people) is also small when the rest
/// is: 18 of 20 tells of two; and it is hidden where the count that it is a part of is hidden.</para>
/// <para>What this does not protect against: two tables of different cuts of the same people put side by side (associations and meshes), or the
/// same table before and after one family moved. Publish one cut, and larger limits where it is updated often. An attacker who solves
/// all equations together can narrow a hidden number to a range, but not to one number (<see cref="CellDisclosure"/>).</para>
/// </remarks>
public static class CellSuppression
{
    /// <summary>The limit that is usual in Japan: 1 to 4 are hidden.</summary>
    public const int DefaultLimit = 5;

    /// <summary>The cells to hide.</summary>
    /// <param name="parts">Counts by row and column, without totals; not negative.</param>
    /// <param name="limit">Counts from 1 to under this are small; 1 hides nothing.</param>
    /// <param name="whole">What the counts are parts of, cell by cell, or null.</param>
    /// <param name="wholeHidden">What is hidden of <paramref name="whole"/>, with totals, or null.</param>
    /// <param name="also">What must be hidden besides, with totals (too few households; a total that another table of the same people hides), or null.</param>
    /// <returns>One row and one column more than the counts: those of the totals. True is hidden.</returns>
    public static bool[,] Hide(long[,] parts, int limit, long[,]? whole = null, bool[,]? wholeHidden = null, bool[,]? also = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        long[,] all = WithTotals(parts);
        long[,]? allWhole = whole is null ? null : WithTotals(whole);
        (int rows, int columns) = (all.GetLength(0), all.GetLength(1));
        bool[,] hidden = new bool[rows, columns];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                hidden[r, c] = IsSmall(all[r, c], limit)
                    || (allWhole is not null && IsSmall(allWhole[r, c] - all[r, c], limit))
                    || (wholeHidden is not null && wholeHidden[r, c])
                    || (also is not null && also[r, c]);
            }
        }

        bool[,] sensitive = (bool[,])hidden.Clone();
        do
        {
            Balance(all, hidden, limit);
        }
        while (new CellDisclosure(all, hidden, leastHidden: whole is null && wholeHidden is null ? 1 : 0).Find(sensitive) is { } told && HideOneMore(told, all, hidden));
        return hidden;
    }

    private static void Balance(long[,] all, bool[,] hidden, int limit)
    {
        (int rows, int columns) = (all.GetLength(0), all.GetLength(1));
        bool isChanged;
        do
        {
            isChanged = false;
            for (int r = 0; r < rows; r++)
            {
                isChanged |= Protect(columns, limit, i => (r, i), all, hidden);
            }

            for (int c = 0; c < columns; c++)
            {
                isChanged |= Protect(rows, limit, i => (i, c), all, hidden);
            }
        }
        while (isChanged);
    }

    /// <summary>Hides the smallest shown count above 0 of the cell's row or column, totals last, then of the table; false when none is left.</summary>
    private static bool HideOneMore((int Row, int Column) cell, long[,] all, bool[,] hidden)
    {
        (int rows, int columns) = (all.GetLength(0), all.GetLength(1));
        (int Row, int Column)[] line = [.. Enumerable.Range(0, columns).Select(c => (cell.Row, c)), .. Enumerable.Range(0, rows).Select(r => (r, cell.Column))];
        (int Row, int Column)[] shown = [.. line.Where(c => !hidden[c.Row, c.Column] && all[c.Row, c.Column] > 0)
            .OrderBy(c => c.Row == rows - 1 || c.Column == columns - 1).ThenBy(c => all[c.Row, c.Column])];
        if (shown.Length == 0)
        {
            shown = [.. from r in Enumerable.Range(0, rows) from c in Enumerable.Range(0, columns) where !hidden[r, c] && all[r, c] > 0 orderby all[r, c] select (r, c)];
        }

        if (shown.Length == 0)
        {
            return false;
        }

        hidden[shown[0].Row, shown[0].Column] = true;
        return true;
    }

    private static bool IsSmall(long count, int limit) => count > 0 && count < limit;

    /// <summary>Hides one more cell of an equation that is not safe; false when it is.</summary>
    private static bool Protect(int length, int limit, Func<int, (int Row, int Column)> at, long[,] all, bool[,] hidden)
    {
        (int count, long sum, int smallest) = (0, 0, -1);
        for (int i = 0; i < length - 1; i++)
        {
            (int r, int c) = at(i);
            if (hidden[r, c])
            {
                count++;
                sum += all[r, c];
            }
            else if (all[r, c] > 0 && (smallest < 0 || all[r, c] < all[at(smallest).Row, at(smallest).Column]))
            {
                smallest = i;
            }
        }

        (int row, int column) = at(length - 1);
        bool isTotalHidden = hidden[row, column];
        bool isSafe = isTotalHidden ? count > 0 : count == 0 || (count > 1 && sum >= limit);
        if (isSafe)
        {
            return false;
        }

        (row, column) = smallest < 0 ? (row, column) : at(smallest);
        if (hidden[row, column])
        {
            return false; // the total is hidden and all parts are zero: nothing is left to hide
        }

        hidden[row, column] = true;
        return true;
    }

    private static long[,] WithTotals(long[,] parts)
    {
        (int rows, int columns) = (parts.GetLength(0), parts.GetLength(1));
        long[,] all = new long[rows + 1, columns + 1];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(parts[r, c], nameof(parts));
                all[r, c] = parts[r, c];
                all[r, columns] += parts[r, c];
                all[rows, c] += parts[r, c];
                all[rows, columns] += parts[r, c];
            }
        }

        return all;
    }
}
