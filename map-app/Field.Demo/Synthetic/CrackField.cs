namespace Field.Demo.Synthetic;

/// <summary>What the nearest crack does to one point of a surface.</summary>
/// <param name="DistanceM">Distance to the crack's centre line, metres.</param>
/// <param name="HalfWidthM">Half of the crack's width there, metres.</param>
/// <param name="Side">+1 when the point lies left of the line, -1 right of it.</param>
internal readonly record struct CrackHit(float DistanceM, float HalfWidthM, float Side)
{
    /// <summary>The share of a pixel of <paramref name="gsdM"/> metres that the crack covers (a box filter across it).</summary>
    public float Coverage(float gsdM)
    {
        float half = gsdM / 2;
        float from = MathF.Max(DistanceM - half, -HalfWidthM);
        float to = MathF.Min(DistanceM + half, HalfWidthM);
        return MathF.Max(0, to - from) / gsdM;
    }
}

/// <summary>All cracks of one surface in a grid, so that a pixel asks only the few segments near it.</summary>
internal sealed class CrackField
{
    /// <summary>How far from a crack its rim and stain reach, metres.</summary>
    public const float ReachM = 0.06f;

    private const double CellM = 0.05;
    private readonly Vec _min;
    private readonly int _columns, _rows;
    private readonly Segment[]?[] _cells;

    public CrackField(IEnumerable<Crack> cracks)
    {
        CrackPath[] paths = [.. cracks.SelectMany(c => c.Branches.Prepend(c.Trunk))];
        Vec[] all = [.. paths.SelectMany(p => p.Points)];
        _min = new Vec(all.Min(p => p.X) - ReachM, all.Min(p => p.Y) - ReachM);
        _columns = (int)((all.Max(p => p.X) + ReachM - _min.X) / CellM) + 1;
        _rows = (int)((all.Max(p => p.Y) + ReachM - _min.Y) / CellM) + 1;
        var cells = new List<Segment>?[_columns * _rows];
        foreach (CrackPath path in paths)
        {
            for (int i = 1; i < path.Points.Count; i++)
            {
                Add(cells, new Segment(path.Points[i - 1], path.Points[i], path.WidthsM[i - 1], path.WidthsM[i]));
            }
        }

        _cells = [.. cells.Select(c => c?.ToArray())];
    }

    /// <summary>The crack whose edge is nearest, or null further than <see cref="ReachM"/> from every crack.</summary>
    public CrackHit? Nearest(float x, float y)
    {
        int column = (int)((x - _min.X) / CellM);
        int row = (int)((y - _min.Y) / CellM);
        if (x < _min.X || y < _min.Y || column >= _columns || row >= _rows || _cells[(row * _columns) + column] is not { } segments)
        {
            return null;
        }

        CrackHit best = new(float.MaxValue, 0, 1);
        foreach (Segment segment in segments)
        {
            CrackHit hit = segment.Hit(x, y);
            if (hit.DistanceM - hit.HalfWidthM < best.DistanceM - best.HalfWidthM)
            {
                best = hit;
            }
        }

        return best.DistanceM - best.HalfWidthM <= ReachM ? best : null;
    }

    private void Add(List<Segment>?[] cells, Segment s)
    {
        double reach = ReachM + s.MaxHalfWidth;
        for (int row = Row(s.MinY - reach); row <= Row(s.MaxY + reach); row++)
        {
            for (int column = Column(s.MinX - reach); column <= Column(s.MaxX + reach); column++)
            {
                (cells[(row * _columns) + column] ??= []).Add(s);
            }
        }
    }

    private int Column(double x) => Math.Clamp((int)((x - _min.X) / CellM), 0, _columns - 1);

    private int Row(double y) => Math.Clamp((int)((y - _min.Y) / CellM), 0, _rows - 1);

    private readonly struct Segment(Vec a, Vec b, double widthA, double widthB)
    {
        private readonly float _ax = (float)a.X, _ay = (float)a.Y, _dx = (float)(b.X - a.X), _dy = (float)(b.Y - a.Y);
        private readonly float _halfA = (float)(widthA / 2), _halfChange = (float)((widthB - widthA) / 2);

        public double MinX => Math.Min(_ax, _ax + _dx);

        public double MaxX => Math.Max(_ax, _ax + _dx);

        public double MinY => Math.Min(_ay, _ay + _dy);

        public double MaxY => Math.Max(_ay, _ay + _dy);

        public double MaxHalfWidth => Math.Max(_halfA, _halfA + _halfChange);

        public CrackHit Hit(float x, float y)
        {
            float px = x - _ax;
            float py = y - _ay;
            float t = Math.Clamp(((px * _dx) + (py * _dy)) / ((_dx * _dx) + (_dy * _dy)), 0, 1);
            float ox = px - (t * _dx);
            float oy = py - (t * _dy);
            float side = (_dx * py) - (_dy * px) >= 0 ? 1 : -1;
            return new CrackHit(MathF.Sqrt((ox * ox) + (oy * oy)), _halfA + (t * _halfChange), side);
        }
    }
}
