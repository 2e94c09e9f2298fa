namespace Field.Vision.Shape;

/// <summary>Pixels X0 to X1 - 1 of row Y.</summary>
internal readonly record struct Run(int Y, int X0, int X1);

/// <summary>A set of pixels as runs in row order: 8-connected, or pieces over small gaps that are one finding.</summary>
internal sealed class Component(List<Run> runs, long probabilitySum, byte peak)
{
    /// <summary>A part of a component, with its own probabilities.</summary>
    internal static Component Of(List<Run> runs, ProbabilityMap map)
    {
        long sum = 0;
        byte peak = 0;
        foreach (var run in runs)
        {
            foreach (var v in map.Values.AsSpan(run.Y * map.WidthPx + run.X0, run.X1 - run.X0))
            {
                sum += v;
                peak = Math.Max(peak, v);
            }
        }

        return new Component(runs, sum, peak);
    }

    internal IReadOnlyList<Run> Runs => runs;
    internal long Area { get; } = runs.Sum(r => (long)r.X1 - r.X0);
    internal int Left { get; } = runs.Min(r => r.X0);
    internal int Right { get; } = runs.Max(r => r.X1);
    internal int Top => runs[0].Y;
    internal int Bottom => runs[^1].Y + 1;

    /// <summary>Largest probability, 0..255.</summary>
    internal byte Peak => peak;

    /// <summary>Sum of the probabilities, 0..255 each.</summary>
    internal long ProbabilitySum => probabilitySum;
}

/// <summary>Finds the connected components of a probability map with two thresholds (hysteresis).</summary>
internal static class Components
{
    /// <summary>Components of the pixels at or above <paramref name="low"/> that reach <paramref name="high"/> somewhere, top to bottom.</summary>
    internal static List<Component> Find(ProbabilityMap map, byte low, byte high)
    {
        var runs = new List<Run>();
        var sets = new Unions();
        var previous = 0;
        for (var y = 0; y < map.HeightPx; y++)
        {
            var next = runs.Count;
            AddRuns(map, y, low, runs, sets);
            Join(runs, sets, previous, next);
            previous = next;
        }

        return Collect(map, runs, sets, high);
    }

    /// <summary>Groups of components with at most <paramref name="gapPx"/> free pixels between one and the next.</summary>
    internal static List<List<Component>> Near(IReadOnlyList<Component> components, double gapPx)
    {
        var sets = new Unions(components.Count);
        var rows = components.SelectMany((c, i) => c.Runs.Select(r => (Run: r, Owner: i))).GroupBy(p => p.Run.Y)
            .ToDictionary(g => g.Key, g => g.OrderBy(p => p.Run.X0).ToArray());
        foreach (var (y, row) in rows)
        {
            for (var down = 0; down <= gapPx + 1; down++)
            {
                if (rows.TryGetValue(y + down, out var other))
                {
                    JoinRows(row, other, Math.Sqrt((gapPx + 1) * (gapPx + 1) - down * down), sets);
                }
            }
        }

        return [.. components.Select((c, i) => (c, i)).GroupBy(p => sets.Of(p.i)).Select(g => g.Select(p => p.c).ToList())];
    }

    /// <summary>Unites the owners of runs whose nearest pixels are at most <paramref name="reach"/> columns apart.</summary>
    private static void JoinRows((Run Run, int Owner)[] row, (Run Run, int Owner)[] other, double reach, Unions sets)
    {
        var first = 0;
        foreach (var (run, owner) in other)
        {
            while (first < row.Length && row[first].Run.X1 - 1 + reach < run.X0)
            {
                first++;
            }

            for (var k = first; k < row.Length && row[k].Run.X0 - reach <= run.X1 - 1; k++)
            {
                sets.Unite(row[k].Owner, into: owner);
            }
        }
    }

    private static void AddRuns(ProbabilityMap map, int y, byte low, List<Run> runs, Unions sets)
    {
        var row = map.Values.AsSpan(y * map.WidthPx, map.WidthPx);
        for (var x = 0; x < row.Length;)
        {
            var ahead = row[x..].IndexOfAnyInRange(low, byte.MaxValue);
            if (ahead < 0)
            {
                return;
            }

            var length = row[(x + ahead)..].IndexOfAnyExceptInRange(low, byte.MaxValue);
            var start = x + ahead;
            x = length < 0 ? row.Length : start + length;
            sets.Add();
            runs.Add(new Run(y, start, x));
        }
    }

    /// <summary>Unites the runs from <paramref name="next"/> on with those of the row above that they touch, diagonally too.</summary>
    private static void Join(List<Run> runs, Unions sets, int previous, int next)
    {
        var above = previous;
        for (var i = next; i < runs.Count; i++)
        {
            while (above < next && runs[above].X1 < runs[i].X0)
            {
                above++;
            }

            for (var k = above; k < next && runs[k].X0 <= runs[i].X1; k++)
            {
                sets.Unite(k, into: i);
            }
        }
    }

    private static List<Component> Collect(ProbabilityMap map, List<Run> runs, Unions sets, byte high)
    {
        var groups = new Dictionary<int, (List<Run> Runs, long Sum, byte Peak)>();
        for (var i = 0; i < runs.Count; i++)
        {
            var root = sets.Of(i);
            var group = groups.TryGetValue(root, out var g) ? g : ([], 0L, (byte)0);
            group.Runs.Add(runs[i]);
            foreach (var v in map.Values.AsSpan(runs[i].Y * map.WidthPx + runs[i].X0, runs[i].X1 - runs[i].X0))
            {
                group.Sum += v;
                group.Peak = Math.Max(group.Peak, v);
            }

            groups[root] = group;
        }

        return [.. groups.Values.Where(g => g.Peak >= high).Select(g => new Component(g.Runs, g.Sum, g.Peak)).OrderBy(c => c.Top).ThenBy(c => c.Left)];
    }
}
