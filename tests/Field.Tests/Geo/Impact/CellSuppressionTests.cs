using Field.Geo.Impact;

namespace Field.Tests.Geo.Impact;

public sealed class CellSuppressionTests
{
    [Fact]
    public void Counts_from_one_to_four_are_hidden_and_zero_is_not()
    {
        bool[,] hidden = CellSuppression.Hide(new long[,] { { 0, 1, 40 }, { 4, 50, 60 }, { 70, 80, 5 } }, 5);
        Assert.True(hidden[0, 1]);
        Assert.True(hidden[1, 0]);
        Assert.False(hidden[0, 0]);
    }

    [Fact]
    public void Nothing_is_hidden_where_nothing_is_small_or_the_limit_is_one()
    {
        Assert.DoesNotContain(true, CellSuppression.Hide(new long[,] { { 5, 6 }, { 0, 9 } }, 5).Cast<bool>());
        Assert.DoesNotContain(true, CellSuppression.Hide(new long[,] { { 1, 2 }, { 3, 4 } }, 1).Cast<bool>());
    }

    [Fact]
    public void One_hidden_cell_hides_another_of_its_row_and_column()
    {
        bool[,] hidden = CellSuppression.Hide(new long[,] { { 3, 20, 90 }, { 30, 40, 80 }, { 50, 60, 70 } }, 5);
        Assert.True(hidden[0, 0]);
        Assert.True(hidden[0, 1]);
        Assert.True(hidden[1, 0]);
        Assert.True(hidden[1, 1]);
        Assert.False(hidden[0, 3]);
    }

    [Fact]
    public void Two_hidden_cells_that_add_up_to_a_small_sum_hide_a_third() =>
        Assert.True(CellSuppression.Hide(new long[,] { { 1, 1, 30 }, { 40, 50, 60 } }, 5)[0, 2]);

    [Fact]
    public void Total_is_hidden_where_it_would_tell_the_only_cell() =>
        Assert.True(CellSuppression.Hide(new long[,] { { 3, 0 }, { 20, 30 } }, 5)[0, 2]);

    [Fact]
    public void Part_is_hidden_where_the_rest_is_small_or_the_whole_is_hidden()
    {
        bool[,] hidden = CellSuppression.Hide(new long[,] { { 18, 30 }, { 40, 50 } }, 5, whole: new long[,] { { 20, 60 }, { 80, 90 } });
        Assert.True(hidden[0, 0]);
        bool[,] people = CellSuppression.Hide(new long[,] { { 3, 60 }, { 80, 90 } }, 5);
        Assert.True(CellSuppression.Hide(new long[,] { { 0, 30 }, { 40, 50 } }, 5, null, people)[0, 0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_small_count_follows_by_subtraction_step_by_step(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 300; round++)
        {
            long[,] parts = new long[1 + random.Next(8), 1 + random.Next(6)];
            for (int r = 0; r < parts.GetLength(0); r++)
            {
                for (int c = 0; c < parts.GetLength(1); c++)
                {
                    parts[r, c] = random.Next(4) switch { 0 => 0, 1 => random.Next(6), _ => random.Next(100) };
                }
            }

            bool[,] known = Attack(CellSuppression.Hide(parts, 5));
            for (int r = 0; r < parts.GetLength(0); r++)
            {
                for (int c = 0; c < parts.GetLength(1); c++)
                {
                    Assert.False(parts[r, c] is > 0 and < 5 && known[r, c], $"seed {seed} round {round}: cell {r},{c}");
                }
            }
        }
    }

    /// <summary>What an attacker learns who solves, again and again, each row and column with one unknown.</summary>
    private static bool[,] Attack(bool[,] hidden)
    {
        (int rows, int columns) = (hidden.GetLength(0), hidden.GetLength(1));
        bool[,] known = new bool[rows, columns];
        for (int i = 0; i < hidden.Length; i++)
        {
            known[i / columns, i % columns] = !hidden[i / columns, i % columns];
        }

        for (bool isNews = true; isNews;)
        {
            isNews = false;
            IEnumerable<(int, int)[]> lines = Enumerable.Range(0, rows).Select(r => Enumerable.Range(0, columns).Select(c => (r, c)).ToArray())
                .Concat(Enumerable.Range(0, columns).Select(c => Enumerable.Range(0, rows).Select(r => (r, c)).ToArray()));
            foreach ((int, int)[] line in lines)
            {
                (int R, int C)[] unknown = [.. line.Where(x => !known[x.Item1, x.Item2])];
                if (unknown.Length == 1)
                {
                    known[unknown[0].R, unknown[0].C] = isNews = true;
                }
            }
        }

        return known;
    }
}
