using Field.Geo.Impact;

namespace Field.Tests.Geo.Impact;

/// <summary>Nobody who solves all equations of a published table together can tell a small count: asked of every table that would look the same.</summary>
public sealed class CellDisclosureTests
{
    private const int Limit = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_hidden_small_count_could_be_another_one(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 60; round++)
        {
            long[,] parts = new long[2 + random.Next(2), 2 + random.Next(2)];
            for (int i = 0; i < parts.Length; i++)
            {
                parts[i / parts.GetLength(1), i % parts.GetLength(1)] = random.Next(4) == 0 ? 0 : random.Next(1, random.Next(2) == 0 ? 5 : 9);
            }

            bool[,] hidden = CellSuppression.Hide(parts, Limit);
            HashSet<long>[,] possible = Possible(parts, hidden);
            for (int r = 0; r < parts.GetLength(0); r++)
            {
                for (int c = 0; c < parts.GetLength(1); c++)
                {
                    if (parts[r, c] is > 0 and < Limit)
                    {
                        Assert.True(hidden[r, c]);
                        Assert.True(possible[r, c].Count > 1, $"seed {seed}, round {round}: {parts[r, c]} at {r},{c} follows from what is shown");
                    }
                }
            }
        }
    }

    [Fact]
    public void Cell_that_hangs_between_two_groups_of_hidden_cells_is_found()
    {
        // Each line hides two or more, and yet the 3 in the middle follows: rows 1 and 2 and columns 1 and 2 hide four, which add up without it.
        long[,] all = { { 3, 9, 8, 20 }, { 40, 7, 6, 53 }, { 50, 9, 7, 66 }, { 93, 25, 21, 139 } };
        bool[,] hidden = { { true, true, true, false }, { false, true, true, false }, { false, true, true, false }, { false, false, false, false } };
        bool[,] sensitive = new bool[4, 4];
        sensitive[0, 0] = true;
        Assert.Equal((0, 0), new CellDisclosure(all, hidden, 1).Find(sensitive));
        hidden[1, 0] = true;
        Assert.Null(new CellDisclosure(all, hidden, 1).Find(sensitive));
    }

    [Fact]
    public void Rounded_counts_are_the_same_for_the_same_people_and_tell_no_single_household()
    {
        (double[] lon, double[] lat) = ([.. Enumerable.Range(0, 400).Select(i => 138 + (i * 1e-4))], [.. Enumerable.Range(0, 400).Select(_ => 34.8)]);
        ResidentPoints points = new ResidentPoints(lon, lat) { People = [.. Enumerable.Range(0, 400).Select(i => 1 + (i % 5))] }.WithKeys();
        ImpactTable Count(int until) => ImpactTable.Count(points, [.. Enumerable.Range(0, 400).Select(i => i < until ? 0 : -1)], 1, new byte[400], 1).Rounded(Limit);
        Assert.Equal(Count(200)[0, 0], Count(200)[0, 0]);
        Assert.Equal(0, Count(0)[0, 0].People);
        long[] differences = [.. Enumerable.Range(50, 300).Select(n => Count(n + 1)[0, 0].People - Count(n)[0, 0].People)];
        Assert.All(differences, d => Assert.Equal(0, d % Limit));
        Assert.All(Enumerable.Range(1, 5), size => Assert.True(Enumerable.Range(50, 300).Where(n => points.People![n] == size).Select(n => differences[n - 50]).Distinct().Count() >= 2)); // so a difference tells no size
        Assert.All(Enumerable.Range(50, 300), n => Assert.InRange(Count(n)[0, 0].People - (long)Enumerable.Range(0, n).Sum(i => points.People![i]), -6, 6));
    }

    /// <summary>Every value that a hidden part has in any table with the same shown numbers; hidden ones are 1 or more, for zeros are shown.</summary>
    private static HashSet<long>[,] Possible(long[,] parts, bool[,] hidden)
    {
        (int rows, int columns) = (parts.GetLength(0), parts.GetLength(1));
        (int R, int C)[] cells = [.. from r in Enumerable.Range(0, rows) from c in Enumerable.Range(0, columns) where hidden[r, c] select (r, c)];
        HashSet<long>[,] possible = new HashSet<long>[rows, columns];
        foreach ((int r, int c) in cells)
        {
            possible[r, c] = [];
        }

        long[,] guess = (long[,])parts.Clone();
        Try(0);
        return possible;

        void Try(int at)
        {
            if (at == cells.Length)
            {
                if (Agrees())
                {
                    foreach ((int r, int c) in cells)
                    {
                        possible[r, c].Add(guess[r, c]);
                    }
                }

                return;
            }

            (int row, int column) = cells[at];
            long most = Math.Min(parts[row, column] + 3, 11);
            for (long value = Math.Max(1, parts[row, column] - 3); value <= most; value++)
            {
                guess[row, column] = value;
                bool isLastOfRow = at + 1 == cells.Length || cells[at + 1].R != row;
                if (!isLastOfRow || hidden[row, columns] || Sum(guess, row, null) == Sum(parts, row, null))
                {
                    Try(at + 1);
                }
            }

            guess[row, column] = parts[row, column];
        }

        bool Agrees() => Enumerable.Range(0, rows).All(r => hidden[r, columns] || Sum(guess, r, null) == Sum(parts, r, null))
            && Enumerable.Range(0, columns).All(c => hidden[rows, c] || Sum(guess, null, c) == Sum(parts, null, c))
            && (hidden[rows, columns] || Sum(guess, null, null) == Sum(parts, null, null));
    }

    private static long Sum(long[,] of, int? row, int? column)
    {
        long sum = 0;
        for (int r = row ?? 0; r < (row + 1 ?? of.GetLength(0)); r++)
        {
            for (int c = column ?? 0; c < (column + 1 ?? of.GetLength(1)); c++)
            {
                sum += of[r, c];
            }
        }

        return sum;
    }
}
