namespace Field.Vision.Shape;

/// <summary>
/// Takes pieces for one crack that lie on one line over a gap which is short beside them: concrete hides a crack where dirt, moisture or
/// the light do, and an engineer draws it through. Nearest pieces first, so that a crack grows from its best evidence.
/// </summary>
internal static class LineGrouping
{
    private const double SlackPx = 2;          // of the root mean square, because short pieces are ragged
    private const double MaxSideBySide = 0.2; // of the shorter piece: pieces of one crack follow each other ...
    private const double BothEdgesPx = 16;    // ... unless one runs this close along the other: both edges of a wide one

    internal static List<List<Fragment>> Groups(List<List<Fragment>> pieces, LineRule rule)
    {
        var small = pieces.ToLookup(p => p.Sum(f => f.Skeleton.LengthPx) < rule.MinPiecePx || p.TrueForAll(f => f.Skeleton.Branches.Count == 0));
        var groups = small[false].Select(p => new Group(p, [.. p.SelectMany(f => f.Skeleton.Branches).SelectMany(b => b)])).ToList();
        while (Nearest(groups, rule) is { } pair)
        {
            groups.Remove(pair.A);
            groups.Remove(pair.B);
            groups.Add(pair.A.With(pair.B));
        }

        return [.. groups.Select(g => g.Pieces), .. small[true]];
    }

    private static (Group A, Group B)? Nearest(List<Group> groups, LineRule rule)
    {
        (Group A, Group B)? best = null;
        var least = double.MaxValue;
        for (var i = 0; i < groups.Count; i++)
        {
            for (var k = i + 1; k < groups.Count; k++)
            {
                if (groups[i].BoxGapPx(groups[k]) <= Math.Min(least, rule.MaxGapPx)
                    && groups[i].GapPx(groups[k]) is var gap && gap < least && gap <= rule.MaxGapPx && IsOneLine(groups[i], groups[k], gap, rule))
                {
                    (best, least) = ((groups[i], groups[k]), gap);
                }
            }
        }

        return best;
    }

    private static bool IsOneLine(Group a, Group b, double gapPx, LineRule rule)
    {
        var line = FittedLine.Of([.. a.Line, .. b.Line]);
        return gapPx <= rule.MaxGapShare * line.LengthPx && line.RmsPx <= rule.MaxRmsShare * line.LengthPx + SlackPx
            && (SideBySide(line.Span(a.Line), line.Span(b.Line)) <= MaxSideBySide || (a.Line.Count < b.Line.Count ? a.RunsAlong(b) : b.RunsAlong(a)));
    }

    private static double SideBySide((double From, double To) a, (double From, double To) b) =>
        (Math.Min(a.To, b.To) - Math.Max(a.From, b.From)) / Math.Max(1, Math.Min(a.To - a.From, b.To - b.From));

    private sealed class Group(List<Fragment> pieces, List<LinePixel> line)
    {
        private readonly double _left = line.Min(p => p.At.X), _right = line.Max(p => p.At.X), _top = line.Min(p => p.At.Y), _bottom = line.Max(p => p.At.Y);

        internal List<Fragment> Pieces => pieces;

        internal List<LinePixel> Line => line;

        internal Group With(Group other) => new([.. pieces, .. other.Pieces], [.. line, .. other.Line]);

        /// <summary>Between the boxes around the lines: never more than between the lines.</summary>
        internal double BoxGapPx(Group other)
        {
            double dx = Math.Max(0, Math.Max(other._left - _right, _left - other._right)), dy = Math.Max(0, Math.Max(other._top - _bottom, _top - other._bottom));
            return Math.Sqrt(dx * dx + dy * dy);
        }

        internal double GapPx(Group other) => line.Min(other.DistancePx);

        internal bool RunsAlong(Group other) => line.TrueForAll(p => other.DistancePx(p) <= BothEdgesPx);

        private double DistancePx(LinePixel from)
        {
            var least = double.MaxValue;
            foreach (var p in line)
            {
                double dx = p.At.X - from.At.X, dy = p.At.Y - from.At.Y;
                least = Math.Min(least, dx * dx + dy * dy);
            }

            return Math.Sqrt(least);
        }
    }
}
