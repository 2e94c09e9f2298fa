namespace Field.Vision.Shape;

/// <summary>A finding with the components it was made of.</summary>
internal sealed record TracedFinding(PixelFinding Finding, IReadOnlyList<Component> Parts);

/// <summary>From probabilities to findings: threshold, connect, measure, merge fragments in one line, drop straight lines, drop the small.</summary>
internal static class LineVectoriser
{
    private const double MinHolePx = 6;
    private const double MinFragmentPx = 8; // specks below this area are not even merged
    private const double TouchingPx = 0.5; // less than a pixel between: pieces that were cut apart get one outline, not two that cross
    private const double RimPx = 1.5; // around a straight line, because a middle line lies up to a pixel off the middle

    /// <summary>Findings above the card's thresholds, highest score first.</summary>
    internal static List<TracedFinding> Findings(ProbabilityMap map, string className, Thresholds thresholds, int threads, CancellationToken ct)
    {
        var traced = new Dictionary<(Run First, long Area), List<Fragment>>();
        var groups = Groups(map, thresholds, traced, threads, ct);
        if (thresholds.Straight is { } rule && groups.SelectMany(g => StraightLines.Find(g.SelectMany(f => f.Skeleton.Branches), rule)).ToList() is { Count: > 0 } lines)
        {
            groups = Groups(Without(lines, map), thresholds, traced, threads, ct); // what is left of a crack that crosses a joint is connected anew
        }

        return [.. WorkSharing.Each([.. groups.Where(g => IsLargeEnough(g, thresholds))], threads, g => Describe(g, className, map), ct)
            .OrderByDescending(f => f.Finding.Score).ThenBy(f => f.Finding.Centre.Y).ThenBy(f => f.Finding.Centre.X)];
    }

    /// <summary>
    /// <paramref name="traced"/> keeps the cracks of every component by its first run and area: of a map with pixels taken out, a component that has both
    /// as before has lost none.
    /// </summary>
    private static List<List<Fragment>> Groups(
        ProbabilityMap map, Thresholds thresholds, Dictionary<(Run First, long Area), List<Fragment>> traced, int threads, CancellationToken ct)
    {
        var components = Components.Find(map, Level(thresholds.Low), Level(thresholds.High)).Where(c => c.Area >= MinFragmentPx).ToList();
        var unknown = components.Where(c => !traced.ContainsKey(Key(c))).Select((c, i) => (Component: c, Origin: traced.Count + i)).ToList();
        foreach (var (cracks, (component, _)) in WorkSharing.Each(unknown, threads, c => Cracks(c.Component, c.Origin, map, thresholds), ct).Zip(unknown))
        {
            traced[Key(component)] = cracks;
        }

        var groups = FragmentMerger.Groups([.. components.SelectMany(c => traced[Key(c)])], thresholds.MergeGapPx);
        return thresholds.Lines is { } rule ? LineGrouping.Groups(groups, rule) : groups;

        static (Run, long) Key(Component component) => (component.Runs[0], component.Area);
    }

    private static List<Fragment> Cracks(Component component, int origin, ProbabilityMap map, Thresholds thresholds)
    {
        var whole = new Fragment(component, Skeleton.Of(Mask.Of(component)), origin);
        return thresholds.Lines is { } rule ? [.. LineSplitter.Split(whole, map, rule)] : [whole];
    }

    private static bool IsLargeEnough(List<Fragment> group, Thresholds thresholds)
    {
        double area = group.Sum(f => f.Component.Area), length = group.Sum(f => f.Skeleton.LengthPx);
        return area >= thresholds.MinAreaPx && length >= thresholds.MinLengthPx && length * length >= thresholds.MinElongation * area;
    }

    /// <summary>The map with a disc blotted out at every pixel of the lines, a little wider than the mask there.</summary>
    private static ProbabilityMap Without(IEnumerable<IReadOnlyList<LinePixel>> lines, ProbabilityMap map)
    {
        var values = (byte[])map.Values.Clone();
        foreach (var (at, radius) in lines.SelectMany(l => l))
        {
            double reach = radius + RimPx, squared = reach * reach;
            int top = Math.Max(0, (int)(at.Y - reach)), bottom = Math.Min(map.HeightPx - 1, (int)(at.Y + reach));
            for (var y = top; y <= bottom; y++)
            {
                var dy = y + 0.5 - at.Y;
                var half = Math.Sqrt(Math.Max(0, squared - dy * dy));
                int left = Math.Max(0, (int)Math.Ceiling(at.X - half - 0.5)), right = Math.Min(map.WidthPx, (int)Math.Floor(at.X + half - 0.5) + 1);
                values.AsSpan(y * map.WidthPx + left, Math.Max(0, right - left)).Clear();
            }
        }

        return map with { Values = values };
    }

    internal static byte Level(double probability) => (byte)Math.Clamp(Math.Ceiling(probability * 255), 1, 255);

    private static TracedFinding Describe(IReadOnlyList<Fragment> group, string className, ProbabilityMap map)
    {
        var parts = group.Select(f => f.Component).ToList();
        double area = parts.Sum(p => p.Area), length = group.Sum(f => f.Skeleton.LengthPx);
        var tolerance = Math.Clamp(area / length / 10, 0.35, 0.7); // a tenth of the width, so that a thin crack keeps its area
        var rings = Components.Near(parts, TouchingPx).SelectMany(p => Outline.Rings(Mask.Of(p, 1).Bridged(), tolerance, MinHolePx)).ToList();
        var score = parts.Sum(p => p.ProbabilitySum) / (area * 255);
        var rim = (area - parts.Sum(p => EvenArea(p, map))) / length; // by how much the mask is wider than the damage
        var mean = area / length - rim;
        return new TracedFinding(
            new PixelFinding(className, score, rings, area, length, mean, Math.Max(mean, group.Max(f => f.Skeleton.MaxWidthPx) - rim), Centre(parts, area)), parts);
    }

    /// <summary>
    /// The area within the line of probability 0.5, to a part of a pixel: the mask goes down to a lower threshold so that thin places stay
    /// connected, which makes it about a pixel too wide where the damage is thin.
    /// </summary>
    private static double EvenArea(Component part, ProbabilityMap map)
    {
        var sum = 0.0;
        foreach (var run in part.Runs)
        {
            foreach (var v in map.Values.AsSpan(run.Y * map.WidthPx + run.X0, run.X1 - run.X0))
            {
                sum += Math.Clamp(2 * (v / 255.0) - 0.5, 0, 1);
            }
        }

        return sum;
    }

    /// <summary>The centre of the mask pixel nearest to the centroid.</summary>
    internal static PixelPoint Centre(IReadOnlyList<Component> parts, double area)
    {
        var runs = parts.SelectMany(p => p.Runs).ToList();
        var x = runs.Sum(r => (r.X1 - r.X0) * (r.X0 + r.X1) / 2.0) / area;
        var y = runs.Sum(r => (r.X1 - r.X0) * (r.Y + 0.5)) / area;
        var best = runs.Select(r => new PixelPoint(Math.Clamp(Math.Floor(x), r.X0, r.X1 - 1) + 0.5, r.Y + 0.5))
            .MinBy(p => (p.X - x) * (p.X - x) + (p.Y - y) * (p.Y - y));
        return best;
    }
}

/// <summary>A component and its middle line; fragments of one origin were one component and have been cut apart.</summary>
internal sealed record Fragment(Component Component, Skeleton Skeleton, int Origin);

/// <summary>
/// Joins fragments whose open ends face each other over a short gap: one crack that the picture interrupts. What was cut at a junction stays cut:
/// its ends lie so close together that they face each other whatever the turn.
/// </summary>
internal static class FragmentMerger
{
    private const double MaxTurnRad = 0.7; // 40 degrees between each end's direction and the gap

    internal static List<List<Fragment>> Groups(List<Fragment> fragments, double maxGapPx)
    {
        var sets = new Unions(fragments.Count);
        if (maxGapPx > 0)
        {
            var ends = fragments.SelectMany((f, i) => f.Skeleton.Ends.Select(e => new OpenEnd(e.At, e.Direction, i, f.Origin))).OrderBy(e => e.At.Y).ToList();
            Unite(ends, sets, maxGapPx);
        }

        return [.. fragments.Select((f, i) => (f, i)).GroupBy(p => sets.Of(p.i)).Select(g => g.Select(p => p.f).ToList())];
    }

    private static void Unite(List<OpenEnd> ends, Unions sets, double maxGapPx)
    {
        for (var i = 0; i < ends.Count; i++)
        {
            for (var k = i + 1; k < ends.Count && ends[k].At.Y - ends[i].At.Y <= maxGapPx; k++)
            {
                if (ends[i].Origin != ends[k].Origin && Faces(ends[i], ends[k].At, maxGapPx) && Faces(ends[k], ends[i].At, maxGapPx))
                {
                    sets.Unite(ends[k].Owner, into: ends[i].Owner);
                }
            }
        }
    }

    private static bool Faces(OpenEnd end, PixelPoint other, double maxGapPx)
    {
        double dx = other.X - end.At.X, dy = other.Y - end.At.Y;
        var turn = Math.Abs(Math.IEEERemainder(Math.Atan2(dy, dx) - end.Direction, 2 * Math.PI));
        return dx * dx + dy * dy <= maxGapPx * maxGapPx && turn <= MaxTurnRad;
    }

    private readonly record struct OpenEnd(PixelPoint At, double Direction, int Owner, int Origin);
}
