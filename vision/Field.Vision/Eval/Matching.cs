using Field.Vision.Shape;

namespace Field.Vision.Eval;

/// <summary>Truth, found, predicted, correct of one image by one rule.</summary>
internal readonly record struct Tally(long Truth, long Found, long Predicted, long Correct)
{
    public static Tally operator +(Tally a, Tally b) => new(a.Truth + b.Truth, a.Found + b.Found, a.Predicted + b.Predicted, a.Correct + b.Correct);

    internal static Tally Sum(IEnumerable<Tally> tallies) => tallies.Aggregate(default(Tally), (a, b) => a + b);
}

/// <summary>How people draw boxes around thin damage: with a margin, and inside the image.</summary>
internal sealed record Drawn(double MarginPx, int WidthPx, int HeightPx)
{
    internal Box Of(Box tight) => new(
        Math.Max(0, tight.X0 - MarginPx), Math.Max(0, tight.Y0 - MarginPx), Math.Min(WidthPx, tight.X1 + MarginPx), Math.Min(HeightPx, tight.Y1 + MarginPx));
}

/// <summary>The matching rules of models/README.md.</summary>
internal static class Matching
{
    /// <summary>
    /// The rule for thin damage. A box is found when the findings' pixels inside it (enlarged by reach) cover at least
    /// <paramref name="span"/> of its longer side in projection. A finding is correct when at least <paramref name="inside"/> of its
    /// pixels lie in enlarged boxes.
    /// </summary>
    internal static Tally Line(IReadOnlyList<TracedFinding> findings, IReadOnlyList<Box> boxes, double reach, double span, double inside)
    {
        var large = boxes.Select(b => new Box(b.X0 - reach, b.Y0 - reach, b.X1 + reach, b.Y1 + reach)).ToList();
        var found = boxes.Where((b, i) => Covered(findings, b, large[i]) >= span).Count();
        var correct = findings.Count(f => Inside(f, large) >= inside && boxes.Count > 0);
        return new Tally(boxes.Count, found, findings.Count, correct);
    }

    /// <summary>Any shared pixel makes both right.</summary>
    internal static Tally Touch(IReadOnlyList<TracedFinding> findings, IReadOnlyList<Box> boxes) => new(
        boxes.Count, boxes.Count(b => findings.Any(f => Inside(f, [b]) > 0)), findings.Count, findings.Count(f => Inside(f, boxes) > 0));

    /// <summary>One to one by bounding box, highest score first, at or above an intersection over union.</summary>
    internal static Tally Iou(IReadOnlyList<TracedFinding> findings, IReadOnlyList<Box> boxes, double least, Drawn? drawn = null)
    {
        var free = boxes.ToList();
        foreach (var finding in findings)
        {
            var bounds = drawn?.Of(Bounds(finding)) ?? Bounds(finding);
            var best = free.Count == 0 ? -1 : Enumerable.Range(0, free.Count).MaxBy(i => Overlap(bounds, free[i]));
            if (best >= 0 && Overlap(bounds, free[best]) >= least)
            {
                free.RemoveAt(best);
            }
        }

        var matched = boxes.Count - free.Count;
        return new Tally(boxes.Count, matched, findings.Count, matched);
    }

    /// <summary>Per pixel: a true pixel is found, a predicted one correct, when one of the other kind lies within the tolerance.</summary>
    internal static Tally Pixels(IReadOnlyList<TracedFinding> findings, bool[] truth, int width, int height, int tolerancePx)
    {
        var predicted = Drawn(findings, width, truth.Length);
        var nearTruth = Near(truth, width, height, tolerancePx);
        var nearPredicted = Near(predicted, width, height, tolerancePx);
        return new Tally(Count(truth), Both(truth, nearPredicted), Count(predicted), Both(predicted, nearTruth));
    }

    /// <summary>Per patch of the mask: found when at least half of its pixels are predicted; a finding is correct when at least half of its own are true.</summary>
    internal static Tally Objects(IReadOnlyList<TracedFinding> findings, bool[] truth, int width, int height, double minAreaPx)
    {
        var predicted = Drawn(findings, width, truth.Length);
        var map = new ProbabilityMap(width, height, Array.ConvertAll(truth, t => t ? (byte)255 : (byte)0));
        var patches = Components.Find(map, 255, 255).Where(c => c.Area >= minAreaPx).ToList();
        return new Tally(
            patches.Count, patches.Count(p => Share(p.Runs, predicted, width) >= 0.5),
            findings.Count, findings.Count(f => Share([.. f.Parts.SelectMany(p => p.Runs)], truth, width) >= 0.5));
    }

    private static double Share(IReadOnlyList<Run> runs, bool[] mask, int width) =>
        (double)runs.Sum(r => (long)mask.AsSpan(r.Y * width + r.X0, r.X1 - r.X0).Count(true)) / runs.Sum(r => (long)r.X1 - r.X0);

    private static bool[] Drawn(IReadOnlyList<TracedFinding> findings, int width, int length)
    {
        var drawn = new bool[length];
        foreach (var run in findings.SelectMany(f => f.Parts).SelectMany(p => p.Runs))
        {
            drawn.AsSpan(run.Y * width + run.X0, run.X1 - run.X0).Fill(true);
        }

        return drawn;
    }

    private static long Count(bool[] mask) => mask.AsSpan().Count(true);

    private static long Both(bool[] a, bool[] b)
    {
        long both = 0;
        for (var i = 0; i < a.Length; i++)
        {
            both += a[i] && b[i] ? 1 : 0;
        }

        return both;
    }

    private static bool[] Near(bool[] mask, int width, int height, int r)
    {
        var near = new bool[mask.Length];
        for (var i = 0; i < mask.Length; i++)
        {
            for (var dy = -r; mask[i] && dy <= r; dy++)
            {
                for (var dx = -r; dx <= r; dx++)
                {
                    int x = i % width + dx, y = i / width + dy;
                    if (x >= 0 && x < width && y >= 0 && y < height && dx * dx + dy * dy <= r * r)
                    {
                        near[y * width + x] = true;
                    }
                }
            }
        }

        return near;
    }

    /// <summary>Share of the box's longer side over which some finding has a pixel inside the enlarged box.</summary>
    private static double Covered(IReadOnlyList<TracedFinding> findings, Box box, Box large)
    {
        var wide = box.X1 - box.X0 >= box.Y1 - box.Y0;
        int from = (int)Math.Floor(wide ? box.X0 : box.Y0), to = (int)Math.Ceiling(wide ? box.X1 : box.Y1);
        var hit = new HashSet<int>();
        foreach (var run in findings.SelectMany(f => f.Parts).SelectMany(p => p.Runs).Where(r => Clip(r, large).Length > 0))
        {
            var (start, length) = Clip(run, large);
            hit.UnionWith(wide ? Enumerable.Range(start, length) : [run.Y]);
        }

        return hit.Count(v => v >= from && v < to) / Math.Max(1.0, (wide ? box.X1 - box.X0 : box.Y1 - box.Y0));
    }

    private static double Inside(TracedFinding finding, IReadOnlyList<Box> boxes)
    {
        long total = 0, within = 0;
        foreach (var run in finding.Parts.SelectMany(p => p.Runs))
        {
            total += run.X1 - run.X0;
            for (var x = run.X0; x < run.X1; x++)
            {
                within += boxes.Any(b => Holds(b, x, run.Y)) ? 1 : 0;
            }
        }

        return (double)within / total;
    }

    private static bool Holds(Box b, int x, int y) => x >= b.X0 && x < b.X1 && y >= b.Y0 && y < b.Y1;

    private static (int Start, int Length) Clip(Run run, Box box)
    {
        if (run.Y < box.Y0 || run.Y >= box.Y1)
        {
            return (0, 0);
        }

        int start = Math.Max(run.X0, (int)Math.Ceiling(box.X0)), end = Math.Min(run.X1, (int)Math.Ceiling(box.X1));
        return (start, Math.Max(0, end - start));
    }

    private static Box Bounds(TracedFinding f) =>
        new(f.Parts.Min(p => p.Left), f.Parts.Min(p => p.Top), f.Parts.Max(p => p.Right), f.Parts.Max(p => p.Bottom));

    private static double Overlap(Box a, Box b)
    {
        var both = Math.Max(0, Math.Min(a.X1, b.X1) - Math.Max(a.X0, b.X0)) * Math.Max(0, Math.Min(a.Y1, b.Y1) - Math.Max(a.Y0, b.Y0));
        return both / ((a.X1 - a.X0) * (a.Y1 - a.Y0) + (b.X1 - b.X0) * (b.Y1 - b.Y0) - both);
    }
}
