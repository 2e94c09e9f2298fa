namespace Field.Geo.Tiles;

/// <summary>Cuts lines and rings to a square (Sutherland and Hodgman 1974 for rings). Reused by one thread.</summary>
internal sealed class TileClip(double low, double high)
{
    private List<(double X, double Y)> _in = [];
    private List<(double X, double Y)> _out = [];

    /// <summary>The ring within the square, closed by its first point not repeated; along the border where it was cut.</summary>
    public List<(double X, double Y)> Ring(List<(double X, double Y)> ring)
    {
        _in.Clear();
        _in.AddRange(ring);
        foreach (bool isX in (ReadOnlySpan<bool>)[true, false])
        {
            Half(isX, low, keepsAbove: true);
            Half(isX, high, keepsAbove: false);
        }

        return _in;
    }

    /// <summary>The pieces of a line within the square.</summary>
    public IEnumerable<List<(double X, double Y)>> Line(List<(double X, double Y)> line)
    {
        List<(double X, double Y)> piece = [];
        for (int i = 1; i < line.Count; i++)
        {
            if (Segment(line[i - 1], line[i]) is not { } cut)
            {
                continue;
            }

            if (piece.Count == 0 || piece[^1] != cut.From)
            {
                if (piece.Count > 1)
                {
                    yield return piece;
                }

                piece = [cut.From];
            }

            piece.Add(cut.To);
        }

        if (piece.Count > 1)
        {
            yield return piece;
        }
    }

    private void Half(bool isX, double limit, bool keepsAbove)
    {
        _out.Clear();
        for (int i = 0; i < _in.Count; i++)
        {
            (double X, double Y) a = _in[(i + _in.Count - 1) % _in.Count];
            (double X, double Y) b = _in[i];
            (double va, double vb) = isX ? (a.X, b.X) : (a.Y, b.Y);
            (bool hasA, bool hasB) = keepsAbove ? (va >= limit, vb >= limit) : (va <= limit, vb <= limit);
            if (hasA != hasB)
            {
                double t = (limit - va) / (vb - va);
                _out.Add(isX ? (limit, a.Y + (t * (b.Y - a.Y))) : (a.X + (t * (b.X - a.X)), limit));
            }

            if (hasB)
            {
                _out.Add(b);
            }
        }

        (_in, _out) = (_out, _in);
    }

    /// <summary>Liang and Barsky 1984.</summary>
    private ((double X, double Y) From, (double X, double Y) To)? Segment((double X, double Y) a, (double X, double Y) b)
    {
        (double first, double last, double dx, double dy) = (0.0, 1.0, b.X - a.X, b.Y - a.Y);
        foreach ((double p, double q) in (ReadOnlySpan<(double, double)>)[(-dx, a.X - low), (dx, high - a.X), (-dy, a.Y - low), (dy, high - a.Y)])
        {
            if (p == 0)
            {
                if (q < 0)
                {
                    return null;
                }

                continue;
            }

            if (p < 0)
            {
                first = Math.Max(first, q / p);
            }
            else
            {
                last = Math.Min(last, q / p);
            }
        }

        return first > last ? null : (At(a, dx, dy, first), last == 1 ? b : At(a, dx, dy, last));
    }

    private static (double X, double Y) At((double X, double Y) a, double dx, double dy, double t) => t == 0 ? a : (a.X + (t * dx), a.Y + (t * dy));
}
