namespace Field.Vision.Shape;

/// <summary>
/// From probabilities to areas of one class: threshold, connect, close small gaps, drop the weak and the small, measure. Classes are looked
/// at one by one, so areas of different classes may overlap: rebar in spalling is both.
/// </summary>
internal static class AreaVectoriser
{
    private const double MinHolePx = 16;

    /// <summary>Findings above the card's thresholds for the class, highest score first.</summary>
    internal static List<TracedFinding> Findings(ProbabilityMap map, string className, Thresholds thresholds, CancellationToken ct)
    {
        var limits = thresholds.For(className);
        byte low = LineVectoriser.Level(limits.Low), high = LineVectoriser.Level(limits.High);
        var findings = new List<TracedFinding>();
        foreach (var pieces in Components.Near(Components.Find(map, low, low), thresholds.MergeGapPx))
        {
            ct.ThrowIfCancellationRequested();
            if (pieces.Max(p => p.Peak) >= high && Describe(map, pieces, thresholds.MergeGapPx / 2, className) is { } found
                && found.Finding.AreaPx >= limits.MinAreaPx && found.Finding.LengthPx >= thresholds.MinLengthPx)
            {
                findings.Add(found);
            }
        }

        return [.. findings.OrderByDescending(f => f.Finding.Score).ThenBy(f => f.Finding.Centre.Y).ThenBy(f => f.Finding.Centre.X)];
    }

    private static TracedFinding Describe(ProbabilityMap map, List<Component> pieces, double radiusPx, string className)
    {
        var mask = Mask.Closed(pieces, radiusPx);
        var area = Measured(map, [.. mask.Runs()]);
        var tolerance = Math.Clamp(Math.Sqrt(area.Area) / 100, 0.35, 2); // a hundredth of its size, so that a large area has no thousand corners
        var rings = Outline.Rings(mask.Bridged(), tolerance, MinHolePx);
        var length = Extent.LongestPx(area.Runs);
        return new TracedFinding(
            new PixelFinding(
                className, area.ProbabilitySum / (area.Area * 255.0), rings, area.Area, length, area.Area / length, WidestPx(mask),
                LineVectoriser.Centre([area], area.Area)),
            [area]);
    }

    private static Component Measured(ProbabilityMap map, List<Run> runs)
    {
        long sum = 0;
        byte peak = 0;
        foreach (var run in runs)
        {
            foreach (var v in map.Values.AsSpan(run.Y * map.WidthPx + run.X0, run.X1 - run.X0))
            {
                (sum, peak) = (sum + v, Math.Max(peak, v));
            }
        }

        return new Component(runs, sum, peak);
    }

    /// <summary>Twice the distance from the innermost pixel's centre to the outline, right within half a pixel.</summary>
    private static double WidestPx(Mask mask) => 2 * Math.Sqrt(DistanceTransform.Squared(mask).Max()) - 0.5;
}
