namespace Field.Vision.Shape;

/// <summary>
/// Takes pieces for one crack that lie on one line over a gap which is short beside them: concrete hides a crack where dirt, moisture or
/// the light do, and an engineer draws it through. Nearest pieces first, so that a crack grows from its best evidence.
/// </summary>
internal static class LineGrouping
{
    private const double CellPx = 64;
    private const double SlackPx = 2;          // of the root mean square, because short pieces are ragged
    private const double MaxSideBySide = 0.2; // of the shorter piece: pieces of one crack follow each other ...
    private const double BothEdgesPx = 16;    // ... unless one runs this close along the other: both edges of a wide one

    internal static List<List<Fragment>> Groups(List<List<Fragment>> pieces, LineRule rule)
    {
        var small = pieces.ToLookup(p => p.Sum(f => f.Skeleton.LengthPx) < rule.MinPiecePx || p.TrueForAll(f => f.Skeleton.Branches.Count == 0));
        List<Group?> groups = [.. small[false].Select(piece => new Group(piece, [.. piece.SelectMany(f => f.Skeleton.Branches).SelectMany(b => b)]))]; // null once part of a later one
        var pairs = new PriorityQueue<(int A, int B), (double GapPx, int A, int B)>();
        var places = new PlaceIndex(Math.Max(CellPx, rule.MaxGapPx));
        for (var number = 0; number < groups.Count; number++)
        {
            foreach (var i in places.Near(groups[number]!, rule.MaxGapPx))
            {
                Meet(i, number, groups[i]!.GapPx(groups[number]!, rule.MaxGapPx));
            }

            places.Add(groups[number]!, number);
        }

        while (pairs.TryDequeue(out var pair, out var order))
        {
            if (groups[pair.A] is { } a && groups[pair.B] is { } b && IsOneLine(a, b, order.GapPx, rule))
            {
                groups[pair.A] = groups[pair.B] = null;
                groups.Add(a.With(b));
                foreach (var near in a.Gaps.Concat(b.Gaps).Where(g => groups[g.Key] is not null).GroupBy(g => g.Key, g => g.Value))
                {
                    Meet(near.Key, groups.Count - 1, near.Min());
                }
            }
        }

        return [.. groups.OfType<Group>().Select(g => g.Pieces), .. small[true]];

        void Meet(int a, int b, double gapPx)
        {
            if (gapPx <= rule.MaxGapPx)
            {
                groups[a]!.Gaps[b] = groups[b]!.Gaps[a] = gapPx;
                if (MayBeOneLine(groups[a]!, groups[b]!, gapPx, rule))
                {
                    pairs.Enqueue((a, b), (gapPx, a, b));
                }
            }
        }
    }

    /// <summary>From sums alone, without looking at a pixel: no line through both is longer than the diagonal of the box around them.</summary>
    private static bool MayBeOneLine(Group a, Group b, double gapPx, LineRule rule)
    {
        var longest = a.Box.With(b.Box).DiagonalPx;
        return gapPx <= rule.MaxGapShare * longest && (a.Spread + b.Spread).RmsPx <= rule.MaxRmsShare * longest + SlackPx;
    }

    private static bool IsOneLine(Group a, Group b, double gapPx, LineRule rule)
    {
        var line = FittedLine.Along(a.Spread + b.Spread);
        var (spanA, spanB) = (line.Span(a.Line), line.Span(b.Line));
        var length = Math.Max(spanA.To, spanB.To) - Math.Min(spanA.From, spanB.From);
        return gapPx <= rule.MaxGapShare * length && line.RmsPx <= rule.MaxRmsShare * length + SlackPx
            && (SideBySide(spanA, spanB) <= MaxSideBySide || (a.Line.Count < b.Line.Count ? a.RunsAlong(b) : b.RunsAlong(a)));
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
            for (var y = Cell(group.Box.Top - reachPx); y <= Cell(group.Box.Bottom + reachPx); y++)
            {
                for (var x = Cell(group.Box.Left - reachPx); x <= Cell(group.Box.Right + reachPx); x++)
                {
                    yield return (x, y);
                }
            }
        }
    }

    private sealed class Group
    {
        internal Group(List<Fragment> pieces, List<LinePixel> line)
            : this(pieces, line, [.. Stretch.Of(line)])
        {
        }

        private Group(List<Fragment> pieces, List<LinePixel> line, List<Stretch> stretches)
        {
            (Pieces, Line, Stretches, Spread) = (pieces, line, stretches, LineSpread.Of(line));
            Box = stretches.Select(s => s.Box).Aggregate((a, b) => a.With(b));
        }

        internal Box Box { get; }

        internal LineSpread Spread { get; }

        internal List<Fragment> Pieces { get; }

        internal List<LinePixel> Line { get; }

        /// <summary>To the groups that are near; of one that is part of a later one it says nothing any more.</summary>
        internal Dictionary<int, double> Gaps { get; } = [];

        private List<Stretch> Stretches { get; }

        internal Group With(Group other) => new([.. Pieces, .. other.Pieces], [.. Line, .. other.Line], [.. Stretches, .. other.Stretches]);

        /// <summary>Infinite if it is more than <paramref name="mostPx"/>.</summary>
        internal double GapPx(Group other, double mostPx)
        {
            var limit = Math.BitIncrement(mostPx * mostPx);
            var least = limit; // squared
            foreach (var own in Stretches)
            {
                foreach (var p in own.Box.SquaredGap(other.Box) < least ? own.Pixels : [])
                {
                    least = other.SquaredWithin(p, least);
                }
            }

            return least < limit ? Math.Sqrt(least) : double.PositiveInfinity;
        }

        internal bool RunsAlong(Group other) => Line.TrueForAll(p => other.SquaredWithin(p, double.MaxValue) <= BothEdgesPx * BothEdgesPx);

        /// <summary>The squared distance from a pixel, if it is less than what is known already.</summary>
        private double SquaredWithin(LinePixel from, double least)
        {
            var place = new Box(from.At.X, from.At.X, from.At.Y, from.At.Y);
            foreach (var stretch in Stretches)
            {
                if (stretch.Box.SquaredGap(place) >= least)
                {
                    continue;
                }

                foreach (var p in stretch.Pixels)
                {
                    double dx = p.At.X - from.At.X, dy = p.At.Y - from.At.Y;
                    least = Math.Min(least, dx * dx + dy * dy);
                }
            }

            return least;
        }
    }

    /// <summary>Some pixels that follow each other, with the box around them: most are too far away to be looked at one by one.</summary>
    private sealed record Stretch(LinePixel[] Pixels, Box Box)
    {
        private const int Length = 16;

        internal static IEnumerable<Stretch> Of(List<LinePixel> line) => line.Chunk(Length).Select(pixels => new Stretch(
            pixels, new Box(pixels.Min(p => p.At.X), pixels.Max(p => p.At.X), pixels.Min(p => p.At.Y), pixels.Max(p => p.At.Y))));
    }

    private readonly record struct Box(double Left, double Right, double Top, double Bottom)
    {
        internal double DiagonalPx => Math.Sqrt((Right - Left) * (Right - Left) + (Bottom - Top) * (Bottom - Top));

        internal Box With(Box other) =>
            new(Math.Min(Left, other.Left), Math.Max(Right, other.Right), Math.Min(Top, other.Top), Math.Max(Bottom, other.Bottom));

        /// <summary>Never more than between what lies in the boxes.</summary>
        internal double SquaredGap(Box other)
        {
            double dx = Math.Max(0, Math.Max(other.Left - Right, Left - other.Right)), dy = Math.Max(0, Math.Max(other.Top - Bottom, Top - other.Bottom));
            return dx * dx + dy * dy;
        }
    }
}
