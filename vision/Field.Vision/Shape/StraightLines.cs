namespace Field.Vision.Shape;

/// <summary>
/// Finds the straight lines in a group of fragments: joints, saw cuts, formwork seams, edges of paint and of shadows.
/// <para>
/// Why a line is told from a crack by its shape: people draw lines with a ruler, a blade or a board, so they leave the straight by a
/// fraction of their width over metres, and keep their width. A crack goes round the aggregate: over twenty widths it leaves its chord
/// by several widths, and its width changes all the way.
/// </para>
/// <para>
/// Branches of the middle lines that lie on one straight line are taken together, because a joint is cut wherever a crack, a spur or
/// a gap of the mask touches it. Together they are a straight line when they are long enough, leave the fitted line by little (root
/// mean square), and their width hardly varies.
/// </para>
/// </summary>
internal static class StraightLines
{
    private const double MinSeedPx = 16;  // a shorter branch has no direction of its own
    private const double MaxGapPx = 40;   // between two branches on one line
    private const double MinCover = 0.6;  // pixels per pixel of length; an unbroken diagonal line has 0.7
    private const double MaxReach = 3;    // no pixel further from the line than this many times the allowed root mean square

    /// <summary>The pixels of every straight line that is found, line by line.</summary>
    internal static List<IReadOnlyList<LinePixel>> Find(IEnumerable<IReadOnlyList<LinePixel>> branches, StraightRule rule)
    {
        var open = branches.SelectMany(b => Pieces(b, rule)).OrderByDescending(b => b.Count).ToList();
        var found = new List<IReadOnlyList<LinePixel>>();
        while (open.Count > 0 && open[0].Count >= MinSeedPx)
        {
            var line = new List<LinePixel>(open[0]);
            open.RemoveAt(0);
            Extend(line, open, rule);
            if (IsStraight(line, rule))
            {
                found.Add(line);
            }
        }

        return found;
    }

    /// <summary>A branch that bends, cut where it is furthest from its chord, and so on until every piece is straight.</summary>
    private static List<IReadOnlyList<LinePixel>> Pieces(IReadOnlyList<LinePixel> branch, StraightRule rule)
    {
        var pieces = new List<IReadOnlyList<LinePixel>>();
        var pending = new Stack<List<LinePixel>>([[.. branch]]);
        while (pending.TryPop(out var piece))
        {
            if (piece.Count < MinSeedPx || FittedLine.Of(piece).Fits(piece, rule))
            {
                pieces.Add(piece);
                continue;
            }

            var chord = FittedLine.Through(piece[0].At, piece[^1].At);
            var cut = Math.Clamp(Enumerable.Range(0, piece.Count).MaxBy(i => chord.Distance(piece[i].At)), 1, piece.Count - 1);
            pending.Push(piece[..cut]);
            pending.Push(piece[cut..]);
        }

        return pieces;
    }

    /// <summary>Takes branches that lie on the same line, until none does.</summary>
    private static void Extend(List<LinePixel> line, List<IReadOnlyList<LinePixel>> open, StraightRule rule)
    {
        int before;
        do
        {
            before = line.Count;
            open.RemoveAll(branch =>
            {
                var alone = FittedLine.Of(line);
                if (!alone.Reaches(branch, MaxGapPx) || alone.Distance(branch[0].At) > 2 * MaxReach * alone.Allowed(rule))
                {
                    return false;
                }

                List<LinePixel> both = [.. line, .. branch];
                if (!FittedLine.Of(both).Fits(both, rule))
                {
                    return false;
                }

                line.AddRange(branch);
                return true;
            });
        }
        while (line.Count > before);
    }

    private static bool IsStraight(List<LinePixel> line, StraightRule rule)
    {
        var length = FittedLine.Of(line).LengthPx;
        double mean = line.Average(p => p.RadiusPx), spread = Math.Sqrt(line.Average(p => (p.RadiusPx - mean) * (p.RadiusPx - mean)));
        return length >= rule.MinLengthPx && line.Count >= MinCover * length && spread <= rule.MaxWidthSpread * mean;
    }

    /// <summary>The straight line with the least sum of squared distances to the pixels.</summary>
    private sealed record FittedLine(double X, double Y, double Dx, double Dy, double RmsPx, double From, double To)
    {
        internal double LengthPx => To - From;

        internal static FittedLine Of(List<LinePixel> pixels)
        {
            double x = pixels.Average(p => p.At.X), y = pixels.Average(p => p.At.Y), xx = 0, xy = 0, yy = 0;
            foreach (var p in pixels)
            {
                double u = p.At.X - x, v = p.At.Y - y;
                (xx, xy, yy) = (xx + u * u, xy + u * v, yy + v * v);
            }

            var angle = Math.Atan2(2 * xy, xx - yy) / 2; // of the principal axis
            double dx = Math.Cos(angle), dy = Math.Sin(angle);
            var across = Math.Max(0, xx * dy * dy - 2 * xy * dx * dy + yy * dx * dx);
            double Along(LinePixel p) => (p.At.X - x) * dx + (p.At.Y - y) * dy;
            return new FittedLine(x, y, dx, dy, Math.Sqrt(across / pixels.Count), pixels.Min(Along), pixels.Max(Along));
        }

        internal static FittedLine Through(PixelPoint a, PixelPoint b)
        {
            var angle = Math.Atan2(b.Y - a.Y, b.X - a.X);
            return new FittedLine(a.X, a.Y, Math.Cos(angle), Math.Sin(angle), 0, 0, 0);
        }

        internal double Allowed(StraightRule rule) => rule.MaxRmsPx + rule.MaxRmsShare * LengthPx;

        internal double Distance(PixelPoint p) => Math.Abs((p.Y - Y) * Dx - (p.X - X) * Dy);

        internal bool Fits(List<LinePixel> pixels, StraightRule rule) =>
            RmsPx <= Allowed(rule) && pixels.TrueForAll(p => Distance(p.At) <= MaxReach * Allowed(rule));

        /// <summary>Whether a branch begins or ends within a gap of this line's ends, or lies between them.</summary>
        internal bool Reaches(IReadOnlyList<LinePixel> branch, double gapPx)
        {
            foreach (var p in branch)
            {
                var along = (p.At.X - X) * Dx + (p.At.Y - Y) * Dy;
                if (along >= From - gapPx && along <= To + gapPx)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
