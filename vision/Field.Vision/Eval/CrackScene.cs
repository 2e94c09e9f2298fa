using Field.Gdal;

namespace Field.Vision.Eval;

/// <summary>
/// A drawn photo of concrete, asphalt, grass or a marked lane with planted cracks. Written apart from the training generator (other
/// noise, other paths, other drawing), so that it does not flatter the model.
/// </summary>
internal sealed class CrackScene
{
    private readonly int _width, _height;
    private readonly float[] _grey;
    private readonly float[] _tint;
    private readonly Random _random;

    internal CrackScene(int width, int height, int seed, double level = 150, double grain = 9)
    {
        (_width, _height, _random) = (width, height, new Random(seed));
        _grey = new float[width * height];
        _tint = [1.02f, 1f, 0.96f];
        var broad = Lattice(64);
        var fine = Lattice(5);
        for (var i = 0; i < _grey.Length; i++)
        {
            int x = i % width, y = i / width;
            _grey[i] = (float)(level + 14 * Value(broad, 64, x, y) + 6 * Value(fine, 5, x, y) + grain * Gauss());
        }
    }

    internal List<(double X, double Y)> Truth { get; } = [];

    internal RasterImage Image => new(_width, _height, 3, [.. _grey.SelectMany(g => _tint.Select(t => (byte)Math.Clamp(g * t, 0, 255)))]);

    /// <summary>A crack across most of the picture: straight legs of 8 to 20 px, each turned up to 35 degrees from the main direction.</summary>
    internal CrackScene WithCrack(double widthPx, double darkness = 0.35)
    {
        var main = _random.NextDouble() * Math.PI;
        var length = 0.6 * Math.Min(_width, _height);
        double x = _width / 2.0 - Math.Cos(main) * length / 2, y = _height / 2.0 - Math.Sin(main) * length / 2;
        for (double gone = 0; gone < length;)
        {
            double leg = 8 + 12 * _random.NextDouble(), turn = main + (_random.NextDouble() - 0.5) * 1.2;
            for (double t = 0; t < leg; t += 0.5)
            {
                (x, y) = (x + Math.Cos(turn) * 0.5, y + Math.Sin(turn) * 0.5);
                Truth.Add((x, y));
            }

            gone += leg;
        }

        Darken(widthPx, darkness);
        return this;
    }

    /// <summary>A straight painted band, and its edges, from top to bottom.</summary>
    internal CrackScene WithLane(double atX, double widthPx)
    {
        for (var i = 0; i < _grey.Length; i++)
        {
            var cover = Math.Clamp(widthPx / 2 + 0.5 - Math.Abs(i % _width - atX - 0.05 * (i / _width)), 0, 1);
            _grey[i] = (float)(_grey[i] * (1 - cover) + 230 * cover);
        }

        return this;
    }

    /// <summary>Turns the ground into grass: short strokes of other greens.</summary>
    internal CrackScene AsGrass()
    {
        (_tint[0], _tint[1], _tint[2]) = (0.75f, 1.05f, 0.45f);
        for (var n = 0; n < _grey.Length / 14; n++)
        {
            double x = _random.NextDouble() * _width, y = _random.NextDouble() * _height, a = -Math.PI / 2 + Gauss() * 0.5;
            var shade = (float)(70 + 110 * _random.NextDouble());
            for (var t = 0; t < 9; t++)
            {
                int px = (int)(x + Math.Cos(a) * t), py = (int)(y + Math.Sin(a) * t);
                if (px >= 0 && px < _width && py >= 0 && py < _height)
                {
                    _grey[py * _width + px] = shade;
                }
            }
        }

        return this;
    }

    private void Darken(double widthPx, double darkness)
    {
        var cover = new float[_grey.Length];
        var reach = (int)Math.Ceiling(widthPx / 2 + 1);
        foreach (var (x, y) in Truth)
        {
            for (var py = (int)y - reach; py <= y + reach; py++)
            {
                for (var px = (int)x - reach; px <= x + reach; px++)
                {
                    if (px >= 0 && px < _width && py >= 0 && py < _height)
                    {
                        var d = Math.Sqrt((px + 0.5 - x) * (px + 0.5 - x) + (py + 0.5 - y) * (py + 0.5 - y));
                        cover[py * _width + px] = Math.Max(cover[py * _width + px], (float)Math.Clamp(widthPx / 2 + 0.5 - d, 0, 1));
                    }
                }
            }
        }

        for (var i = 0; i < _grey.Length; i++)
        {
            _grey[i] *= (float)(1 - cover[i] * (1 - darkness));
        }
    }

    private float[] Lattice(int cell) => [.. Enumerable.Range(0, (_width / cell + 2) * (_height / cell + 2)).Select(_ => (float)(_random.NextDouble() * 2 - 1))];

    private double Value(float[] lattice, int cell, int x, int y)
    {
        int columns = _width / cell + 2, i = y / cell * columns + x / cell;
        double u = x % cell / (double)cell, v = y % cell / (double)cell;
        return (lattice[i] * (1 - u) + lattice[i + 1] * u) * (1 - v) + (lattice[i + columns] * (1 - u) + lattice[i + columns + 1] * u) * v;
    }

    private double Gauss() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
