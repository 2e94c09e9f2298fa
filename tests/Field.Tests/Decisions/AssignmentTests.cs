using Field.Ingest.Decisions;

namespace Field.Tests.Decisions;

public sealed class AssignmentTests
{
    private const double Alone = 0.65;

    [Fact]
    public void Pairing_is_the_cheapest_of_all()
    {
        Random random = new(7);
        for (int run = 0; run < 2000; run++)
        {
            double[,] cost = Matrix(random, random.Next(6), random.Next(6));
            int[] paired = Assignment.Of(cost, Alone);
            Assert.Equal(Cheapest(cost, 0, []), Total(cost, paired), 1e-9);
            Assert.Equal(paired.Count(c => c >= 0), paired.Where(c => c >= 0).Distinct().Count());
        }
    }

    [Fact]
    public void Islands_hold_every_row_once_and_every_pair_that_may_be()
    {
        Random random = new(8);
        for (int run = 0; run < 500; run++)
        {
            double[,] cost = Matrix(random, 1 + random.Next(8), 1 + random.Next(8));
            (int[] Rows, int[] Columns)[] islands = [.. Assignment.Islands(cost)];
            Assert.Equal(Enumerable.Range(0, cost.GetLength(0)), islands.SelectMany(i => i.Rows).Order());
            Assert.Equal(islands.Sum(i => i.Columns.Length), islands.SelectMany(i => i.Columns).Distinct().Count());
            Assert.All(
                from r in Enumerable.Range(0, cost.GetLength(0)) from c in Enumerable.Range(0, cost.GetLength(1)) where double.IsFinite(cost[r, c]) select (r, c),
                p => Assert.Contains(islands, i => i.Rows.Contains(p.r) && i.Columns.Contains(p.c)));
        }
    }

    [Fact]
    public void Greedy_would_leave_two_alone()
    {
        // The best pair (0, 0) leaves row 1 with nothing; together (0, 1) and (1, 0) are cheaper than that pair and two alone.
        double[,] cost = { { 0.1, 0.3 }, { 0.3, double.PositiveInfinity } };
        Assert.Equal([1, 0], Assignment.Of(cost, Alone));
    }

    private static double[,] Matrix(Random random, int rows, int columns)
    {
        double[,] cost = new double[rows, columns];
        for (int i = 0; i < rows * columns; i++)
        {
            cost[i / columns, i % columns] = random.Next(3) == 0 ? double.PositiveInfinity : random.NextDouble() * 1.6;
        }

        return cost;
    }

    private static double Total(double[,] cost, int[] paired)
    {
        int pairs = paired.Count(c => c >= 0);
        return paired.Select((c, r) => c >= 0 ? cost[r, c] : Alone).Sum() + ((cost.GetLength(1) - pairs) * Alone);
    }

    /// <summary>Tries every pairing.</summary>
    private static double Cheapest(double[,] cost, int row, HashSet<int> taken)
    {
        if (row == cost.GetLength(0))
        {
            return (cost.GetLength(1) - taken.Count) * Alone;
        }

        double best = Alone + Cheapest(cost, row + 1, taken);
        for (int c = 0; c < cost.GetLength(1); c++)
        {
            if (double.IsFinite(cost[row, c]) && taken.Add(c))
            {
                best = Math.Min(best, cost[row, c] + Cheapest(cost, row + 1, taken));
                taken.Remove(c);
            }
        }

        return best;
    }
}
