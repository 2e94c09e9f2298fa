using Field.Geo.Impact;
using Field.MapApp.Impact;

namespace Field.Tests.Impact;

/// <summary>What the exact table of an answer hides does not follow from what it shows; all other tables are rounded. The oracle is elimination over all equations at once.</summary>
public sealed class ImpactMaskTests
{
    private const int Limit = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void No_small_cell_of_any_measure_follows_from_the_table(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 25; round++)
        {
            ResidentPoints points = Points(random, 30 + random.Next(250));
            int rows = 1 + random.Next(7);
            HazardClass[] classes = [.. Enumerable.Range(0, 4).Select(n => new HazardClass(n, $"{n}", $"{n}", null))];
            int[] areaOf = [.. Draw(random, points.Count, rows + 1).Select(a => a - 1)];
            string[] areas = [.. Enumerable.Range(0, rows).Select(a => $"{a}")];
            ImpactCut[] cuts = [new("area", "", "", areas, areas, classes, ImpactTable.Count(points, areaOf, rows, Draw(random, points.Count, 4), 4))];
            ImpactMasks masks = ImpactMasks.Of(cuts, points, Limit);
            foreach ((string measure, Func<ImpactCount, long> count) in new (string, Func<ImpactCount, long>)[] { ("people", c => c.People), ("households", c => c.Households), ("age65", c => c.Aged65) })
            {
                Assert.Empty(Told(cuts, masks, measure, count).Select(t => $"seed {seed}, round {round}: {measure} {t}"));
            }

            AssertFewHouseholdsAreHidden(cuts, masks);
        }
    }

    [Fact]
    public void All_tables_but_the_first_are_rounded_where_small_counts_are_hidden()
    {
        Random random = new(7);
        ResidentPoints points = Points(random, 500).WithKeys();
        byte[] classOf = Draw(random, points.Count, 3);
        ImpactInputs inputs = new(new ResidentFile(points, false, 0), new HazardAtPoints(classOf, [classOf, Draw(random, points.Count, 3)]), ["a", "b"])
        {
            Older = new HazardAtPoints(Draw(random, points.Count, 3), []),
            Places = new NearbyPlaces([new Field.Geo.LonLat(138.5, 34.5)], 20_000),
        };
        ImpactResult closed = ImpactRun.Ask(new ImpactQuestion { MinCell = Limit, MeshDigits = 8 }, inputs), open = ImpactRun.Ask(new ImpactQuestion { MeshDigits = 8 }, inputs);
        Assert.Equal(["all", "mesh", "source", "change", "near"], closed.Cuts.Select(c => c.Key));
        Assert.All(closed.Cuts.Skip(1), c => Assert.True(c.IsRounded && Enumerable.Range(0, c.Table.Rows).All(r => c.Table[r, 0].People % Limit == 0)));
        Assert.DoesNotContain(open.Cuts, c => c.IsRounded);
        Assert.DoesNotContain(closed.Cuts.Skip(1).SelectMany(c => ImpactSheet.Of(c, points, closed.Masks, isBrief: true).Rows), row => row[1] is "その他 / elsewhere" or "合計 / total");
    }

    private static void AssertFewHouseholdsAreHidden(ImpactCut[] cuts, ImpactMasks masks)
    {
        foreach (ImpactCut cut in cuts)
        {
            for (int r = 0; r <= cut.Table.Rows; r++)
            {
                for (int c = 0; c < cut.Table.Classes; c++)
                {
                    Assert.True(cut.Table[r, c].Households is 0 or >= ImpactMasks.LeastHouseholds || masks.Of(cut.Key, "people")![r, c]);
                    Assert.True(cut.Table[r, c].People is 0 or >= Limit || masks.Of(cut.Key, "people")![r, c]);
                }
            }
        }
    }

    /// <summary>Small hidden cells that elimination solves. Unknowns: every hidden cell, a shared total once.</summary>
    private static List<string> Told(ImpactCut[] cuts, ImpactMasks masks, string measure, Func<ImpactCount, long> count)
    {
        Dictionary<string, int> unknowns = [];
        Dictionary<int, (string Name, long Value)> values = [];
        List<double[]> equations = [];
        List<Dictionary<int, double>> sparse = [];
        foreach (ImpactCut cut in cuts)
        {
            long[,] parts = ImpactSheet.Counts(cut.Table, count);
            (int rows, int columns) = (parts.GetLength(0), parts.GetLength(1));
            bool[,] hidden = masks.Of(cut.Key, measure)!;
            string Name(int r, int c) => (r == rows, c == columns) switch
            {
                (true, true) => "all",
                (true, false) => $"class {c}",
                (false, true) => $"area {r}",
                _ => $"{cut.Key} {r} {c}",
            };

            for (int r = 0; r <= rows; r++)
            {
                Equation(Enumerable.Range(0, columns + 1).Select(c => (r, c, c == columns ? -1.0 : 1)));
            }

            for (int c = 0; c <= columns; c++)
            {
                Equation(Enumerable.Range(0, rows + 1).Select(r => (r, c, r == rows ? -1.0 : 1)));
            }

            void Equation(IEnumerable<(int R, int C, double Sign)> cells)
            {
                Dictionary<int, double> equation = [];
                foreach ((int r, int c, double sign) in cells.Where(x => hidden[x.R, x.C]))
                {
                    int at = unknowns.TryGetValue(Name(r, c), out int known) ? known : unknowns[Name(r, c)] = unknowns.Count;
                    values[at] = (Name(r, c), ImpactSheet.Sum(parts, r, c));
                    equation[at] = sign;
                }

                sparse.Add(equation);
            }
        }

        foreach (Dictionary<int, double> equation in sparse)
        {
            double[] row = new double[unknowns.Count];
            foreach ((int at, double sign) in equation)
            {
                row[at] = sign;
            }

            equations.Add(row);
        }

        return [.. Solved(equations).Where(s => values[s].Value is > 0 and < Limit).Select(s => $"{values[s].Name} = {values[s].Value}")];
    }

    /// <summary>Unknowns that stand alone in an equation of the reduced row echelon form.</summary>
    private static IEnumerable<int> Solved(List<double[]> m)
    {
        int columns = m.Count == 0 ? 0 : m[0].Length, row = 0;
        for (int c = 0; c < columns && row < m.Count; c++)
        {
            int pivot = Enumerable.Range(row, m.Count - row).MaxBy(r => Math.Abs(m[r][c]));
            if (Math.Abs(m[pivot][c]) < 1e-9)
            {
                continue;
            }

            (m[row], m[pivot]) = (m[pivot], m[row]);
            double lead = m[row][c];
            m[row] = [.. m[row].Select(x => x / lead)];
            for (int r = 0; r < m.Count; r++)
            {
                if (r != row && Math.Abs(m[r][c]) > 1e-12)
                {
                    double factor = m[r][c];
                    for (int k = 0; k < columns; k++)
                    {
                        m[r][k] -= factor * m[row][k];
                    }
                }
            }

            row++;
        }

        return m.Take(row).Where(r => r.Count(x => Math.Abs(x) > 1e-9) == 1).Select(r => Array.FindIndex(r, x => Math.Abs(x) > 1e-9));
    }

    private static ResidentPoints Points(Random random, int count) => new ResidentPoints([.. Enumerable.Range(0, count).Select(_ => 138 + random.NextDouble())], [.. Enumerable.Range(0, count).Select(_ => 34 + random.NextDouble())])
    {
        Aged65 = [.. Enumerable.Range(0, count).Select(_ => random.Next(2))],
        People = [.. Enumerable.Range(0, count).Select(_ => 1 + random.Next(5))],
        Households = [.. Enumerable.Repeat(1, count)],
    };

    private static byte[] Draw(Random random, int count, int values) => [.. Enumerable.Range(0, count).Select(_ => (byte)Math.Min(random.Next(values), random.Next(values)))];
}
