namespace Field.Vision.Shape;

/// <summary>
/// Cuts a network into its cracks. At a junction the two branches that continue each other with the least turn are one crack, the
/// others begin there; a branch that is too short to be a crack of its own stays with the one it leaves. Every pixel of the mask goes to
/// the nearest crack, counted along the mask.
/// </summary>
internal static class LineSplitter
{
    private const double JunctionPx = 6;    // a junction is cut out with its neighbours, so branch ends lie some pixels apart; plus the width there
    private const int DirectionPixels = 15; // from which the direction of a branch's end is taken

    /// <summary>The fragment, or the cracks it consists of.</summary>
    internal static IEnumerable<Fragment> Split(Fragment fragment, ProbabilityMap map, LineRule rule)
    {
        var branches = fragment.Skeleton.Branches;
        if (branches.Count < 2)
        {
            return [fragment];
        }

        var crack = Chains(branches, rule.MaxTurnDeg * Math.PI / 180);
        var length = crack.Zip(branches).GroupBy(p => p.First).ToDictionary(g => g.Key, g => g.Sum(p => p.Second.Count));
        if (length.Values.Count(l => l >= rule.MinBranchPx) < 2)
        {
            return [fragment];
        }

        return Parts(fragment.Component, branches, crack, i => length[i] >= rule.MinBranchPx, map).Select(c => new Fragment(c, Skeleton.Of(Mask.Of(c)), fragment.Origin));
    }

    /// <summary>For each branch the number of the crack it belongs to.</summary>
    private static int[] Chains(IReadOnlyList<IReadOnlyList<LinePixel>> branches, double maxTurnRad)
    {
        var ends = branches.SelectMany((b, i) => b.Count < 2 ? [] : new[] { End(b, i, isFirst: true), End(b, i, isFirst: false) }).ToList();
        int[] downwards = [.. Enumerable.Range(0, ends.Count).OrderBy(i => ends[i].At.Y)];
        var furthest = JunctionPx + 2 * ends.Select(e => e.RadiusPx).DefaultIfEmpty().Max();
        var pairs = new List<(double Turn, int A, int B)>();
        for (var i = 0; i < downwards.Length; i++)
        {
            var upper = downwards[i];
            foreach (var lower in downwards.Skip(i + 1).TakeWhile(k => ends[k].At.Y - ends[upper].At.Y <= furthest))
            {
                if (ends[upper].Branch != ends[lower].Branch && Near(ends[upper], ends[lower]))
                {
                    pairs.Add((Turn(ends[upper], ends[lower]), Math.Min(upper, lower), Math.Max(upper, lower)));
                }
            }
        }

        var cracks = new Unions(branches.Count);
        var taken = new HashSet<int>();
        foreach (var (turn, a, b) in pairs.Where(p => p.Turn <= maxTurnRad).Order())
        {
            if (!taken.Contains(a) && !taken.Contains(b))
            {
                taken.UnionWith([a, b]);
                cracks.Unite(ends[b].Branch, into: ends[a].Branch);
            }
        }

        return [.. Enumerable.Range(0, branches.Count).Select(cracks.Of)];
    }

    private static double Turn(BranchEnd a, BranchEnd b) => Math.Abs(Math.IEEERemainder(a.Direction - b.Direction - Math.PI, 2 * Math.PI));

    private static bool Near(BranchEnd a, BranchEnd b)
    {
        double dx = a.At.X - b.At.X, dy = a.At.Y - b.At.Y, reach = JunctionPx + a.RadiusPx + b.RadiusPx;
        return dx * dx + dy * dy <= reach * reach;
    }

    private static BranchEnd End(IReadOnlyList<LinePixel> branch, int number, bool isFirst)
    {
        var (end, back) = isFirst ? (branch[0], branch[Math.Min(DirectionPixels, branch.Count - 1)]) : (branch[^1], branch[Math.Max(0, branch.Count - 1 - DirectionPixels)]);
        return new BranchEnd(number, end.At, end.RadiusPx, Math.Atan2(end.At.Y - back.At.Y, end.At.X - back.At.X));
    }

    /// <summary>Floods the mask from the branches of the cracks, all at the same pace.</summary>
    private static IEnumerable<Component> Parts(
        Component component, IReadOnlyList<IReadOnlyList<LinePixel>> branches, int[] crack, Func<int, bool> isCrack, ProbabilityMap map)
    {
        var mask = Mask.Of(component);
        var owner = new int[mask.Cells.Length];
        var front = new Queue<int>();
        foreach (var (branch, number) in branches.Zip(crack).Where(p => isCrack(p.Second)))
        {
            foreach (var pixel in branch)
            {
                var at = ((int)pixel.At.Y - mask.OriginY) * mask.Width + (int)pixel.At.X - mask.OriginX;
                owner[at] = number + 1;
                front.Enqueue(at);
            }
        }

        int[] around = [-1, 1, -mask.Width, mask.Width, -mask.Width - 1, -mask.Width + 1, mask.Width - 1, mask.Width + 1];
        while (front.TryDequeue(out var at))
        {
            foreach (var k in around)
            {
                if (mask.Cells[at + k] && owner[at + k] == 0)
                {
                    owner[at + k] = owner[at];
                    front.Enqueue(at + k);
                }
            }
        }

        var runs = Runs(mask, owner);
        return crack.Distinct().Where(isCrack).Select(number => Component.Of(runs[number + 1], map));
    }

    /// <summary>The runs of every owner, in one pass over the mask.</summary>
    private static Dictionary<int, List<Run>> Runs(Mask mask, int[] owner)
    {
        var runs = new Dictionary<int, List<Run>>();
        for (var y = 1; y < mask.Height - 1; y++)
        {
            for (var x = 1; x < mask.Width - 1;)
            {
                var (start, number) = (x, owner[y * mask.Width + x]);
                while (owner[y * mask.Width + x] == number && x < mask.Width - 1)
                {
                    x++;
                }

                if (number == 0)
                {
                    continue;
                }

                if (!runs.TryGetValue(number, out var own))
                {
                    runs[number] = own = [];
                }

                own.Add(new Run(y + mask.OriginY, start + mask.OriginX, x + mask.OriginX));
            }
        }

        return runs;
    }

    private readonly record struct BranchEnd(int Branch, PixelPoint At, double RadiusPx, double Direction);
}
