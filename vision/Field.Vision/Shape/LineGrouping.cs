namespace Field.Vision.Shape;

/// <summary>
/// Takes pieces for one crack that lie on one line over a gap which is short beside them: concrete hides a crack where dirt, moisture or
/// the light do, and an engineer draws it through. Nearest pieces first, so that a crack grows from its best evidence.
/// </summary>
internal static class LineGrouping
{
    private const double CellPx = 64;
    private const double SlackPx = 2;          // of the root mean square, because short pieces are ragged
    private const double RoundingPx = 1e-3;   // two ways to compute the same
    private const double MaxSideBySide = 0.2; // of the shorter piece: pieces of one crack follow each other ...
    private const double BothEdgesPx = 16;    // ... unless one runs this close along the other: both edges of a wide one

    internal static List<List<Fragment>> Groups(List<List<Fragment>> pieces, LineRule rule)
    {
        var small = pieces.ToLookup(p => p.Sum(f => f.Skeleton.LengthPx) < rule.MinPiecePx || p.TrueForAll(f => f.Skeleton.Branches.Count == 0));
        var groups = new List<Group?>(); // null once it is part of a later one
        var places = new PlaceIndex(Math.Max(CellPx, rule.MaxGapPx));
        var pairs = new PriorityQueue<(int A, int B), (double GapPx, int A, int B)>();
        foreach (var piece in small[false])
        {
            Add(new Group(piece, [.. piece.SelectMany(f => f.Skeleton.Branches).SelectMany(b => b)]));
        }

        while (pairs.TryDequeue(out var pair, out _))
        {
            if (groups[pair.A] is { } a && groups[pair.B] is { } b)
            {
                groups[pair.A] = groups[pair.B] = null;
                Add(a.With(b));
            }
        }

        return [.. groups.OfType<Group>().Select(g => g.Pieces), .. small[true]];

        void Add(Group group)
        {
            foreach (var i in places.Near(group, rule.MaxGapPx))
            {
                if (groups[i] is { } other && GapWithinOneLine(other, group, rule) is { } gap)
                {
                    pairs.Enqueue((i, groups.Count), (gap, i, groups.Count));
                }
            }

            places.Add(group, groups.Count);
            groups.Add(group);
        }
    }

    /// <summary>The gap between two groups that are one crack; null of those that are not.</summary>
    private static double? GapWithinOneLine(Group a, Group b, LineRule rule) =>
        a.BoxGapPx(b) <= rule.MaxGapPx && MayBeOneLine(a, b, rule) && a.GapPx(b) is var gap && gap <= rule.MaxGapPx && IsOneLine(a, b, gap, rule) ? gap : null;

    /// <summary>From sums alone, without looking at a pixel: no line through both is longer than the diagonal of the box around them.</summary>
    private static bool MayBeOneLine(Group a, Group b, LineRule rule)
    {
        var longest = a.DiagonalPx(b);
        return a.BoxGapPx(b) <= rule.MaxGapShare * longest && (a.Spread + b.Spread).RmsPx <= rule.MaxRmsShare * longest + SlackPx + RoundingPx;
    }

    private static bool IsOneLine(Group a, Group b, double gapPx, LineRule rule)
    {
        var line = FittedLine.Of([.. a.Line, .. b.Line]);
        return gapPx <= rule.MaxGapShare * line.LengthPx && line.RmsPx <= rule.MaxRmsShare * line.LengthPx + SlackPx
            && (SideBySide(line.Span(a.Line), line.Span(b.Line)) <= MaxSideBySide || (a.Line.Count < b.Line.Count ? a.RunsAlong(b) : b.RunsAlong(a)));
    }

    /// <summary>From the middle of a first pixel to the middle of a last one; a line across the other has no length along it but its pixel.</summary>
    private static double SideBySide((double From, double To) a, (double From, double To) b) =>
        (Math.Min(a.To, b.To) - Math.Max(a.From, b.From) + 1) / (Math.Min(a.To - a.From, b.To - b.From) + 1);

    /// <summary>Which groups lie about a place, by the squares that the boxes around them touch: a photo of crazing has tens of thousands.</summary>
    private sealed class PlaceIndex(double cellPx)
    {
        private readonly Dictionary<(int X, int Y), List<int>> _cells = [];

        internal void Add(Group group, int number)
        {
            foreach (var cell in Cells(group, 0))
            {
                if (!_cells.TryGetValue(cell, out var numbers))
                {
                    _cells[cell] = numbers = [];
                }

                numbers.Add(number);
            }
        }

        internal HashSet<int> Near(Group group, double reachPx) => [.. Cells(group, reachPx).SelectMany(c => _cells.GetValueOrDefault(c) ?? [])];

        private IEnumerable<(int X, int Y)> Cells(Group group, double reachPx)
        {
            int Cell(double at) => (int)Math.Floor(at / cellPx);
            for (var y = Cell(group.Top - reachPx); y <= Cell(group.Bottom + reachPx); y++)
            {
                for (var x = Cell(group.Left - reachPx); x <= Cell(group.Right + reachPx); x++)
                {
                    yield return (x, y);
                }
            }
        }
    }

    private sealed class Group(List<Fragment> pieces, List<LinePixel> line)
    {
        internal double Left { get; } = line.Min(p => p.At.X);

        internal double Right { get; } = line.Max(p => p.At.X);

        internal double Top { get; } = line.Min(p => p.At.Y);

        internal double Bottom { get; } = line.Max(p => p.At.Y);

        internal LineSpread Spread { get; } = LineSpread.Of(line);

        internal List<Fragment> Pieces => pieces;

        internal List<LinePixel> Line => line;

        internal Group With(Group other) => new([.. pieces, .. other.Pieces], [.. line, .. other.Line]);

        /// <summary>Between the boxes around the lines: never more than between the lines.</summary>
        internal double BoxGapPx(Group other)
        {
            double dx = Math.Max(0, Math.Max(other.Left - Right, Left - other.Right)), dy = Math.Max(0, Math.Max(other.Top - Bottom, Top - other.Bottom));
            return Math.Sqrt(dx * dx + dy * dy);
        }

        /// <summary>Of the box around both.</summary>
        internal double DiagonalPx(Group other)
        {
            double dx = Math.Max(Right, other.Right) - Math.Min(Left, other.Left), dy = Math.Max(Bottom, other.Bottom) - Math.Min(Top, other.Top);
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
