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
            var alone = FittedLine.Of(line);
            open.RemoveAll(branch =>
            {
                if (!alone.Reaches(branch, MaxGapPx) || alone.Distance(branch[0].At) > 2 * FittedLine.MaxReach * alone.Allowed(rule))
                {
                    return false;
                }

                List<LinePixel> both = [.. line, .. branch];
                var together = FittedLine.Of(both);
                if (!together.Fits(both, rule))
                {
                    return false;
                }

                line.AddRange(branch);
                alone = together;
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
}
