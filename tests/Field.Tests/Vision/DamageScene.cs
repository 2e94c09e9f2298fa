using Field.Gdal;
using Field.Vision;

namespace Field.Tests.Vision;

/// <summary>
/// A drawn photo with one damage in its middle. Written apart from the training generators (other noise, other shapes, plain shading), so
/// that it does not flatter the models.
/// </summary>
internal sealed class DamageScene
{
    private const int Width = 640, Height = 512;
    private const int ReachPx = 12;
    private readonly float[] _pixels = new float[Width * Height * 3];
    private readonly bool[] _damage = new bool[Width * Height];
    private readonly Random _random = new(17);

    private DamageScene()
    {
    }

    internal RasterImage Image => new(Width, Height, 3, [.. _pixels.Select(v => (byte)Math.Clamp(v, 0, 255))]);

    internal static DamageScene With(string damage)
    {
        var scene = new DamageScene();
        switch (damage)
        {
            case "spalling": scene.Concrete().Hollow(); break;
            case "rebar": scene.Concrete().Hollow().Bars(); break;
            case "corrosion": scene.Concrete().Runs(120, 66, 30, 0.85f); break;
            case "efflorescence": scene.Concrete().Runs(236, 234, 226, 0.9f).Line(3, 45, 0); break;
            case "levee-crack": scene.Grass().Line(7, 30, 0.12); break;
            case "slump": scene.Grass().Slide(); break;
            case "erosion": scene.Grass().Gullies(); break;
            case "subsidence": scene.Grass().Dish(); break;
            case "seepage": scene.Grass().Wet(); break;
            case "road-crack": scene.Asphalt().Line(4, 28, 0.35); break;
            case "pothole": scene.Asphalt().Pothole(); break;
            default: throw new ArgumentOutOfRangeException(nameof(damage), damage, "is drawn by nobody");
        }

        return scene;
    }

    /// <summary>Whether the damage lies within a few pixels.</summary>
    internal bool Holds(PixelPoint p)
    {
        for (var y = Math.Max(0, (int)p.Y - ReachPx); y <= Math.Min(Height - 1, (int)p.Y + ReachPx); y++)
        {
            for (var x = Math.Max(0, (int)p.X - ReachPx); x <= Math.Min(Width - 1, (int)p.X + ReachPx); x++)
            {
                if (_damage[y * Width + x])
                {
                    return true;
                }
            }
        }

        return false;
    }

    private DamageScene Concrete() => Ground(158, 154, 146, 10, 6);

    private DamageScene Asphalt() => Ground(92, 92, 94, 6, 12);

    private DamageScene Grass() => Ground(86, 112, 48, 26, 20);

    private DamageScene Ground(float r, float g, float b, float broad, float grain)
    {
        Func<double, double, double> hills = Waves(40), tufts = Waves(9);
        Each((x, y, at) =>
        {
            var shade = (float)(broad * hills(x, y) + broad * 0.6 * tufts(x, y) + grain * (_random.NextDouble() + _random.NextDouble() - 1));
            (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = (r + shade, g + shade, b + shade * 0.8f);
        });
        return this;
    }

    /// <summary>Broken concrete: darker, rough, with pebbles; its upper left wall in shadow, the lower right one lit.</summary>
    private DamageScene Hollow()
    {
        Func<double, double, double> rough = Waves(5), ragged = Waves(30);
        double Depth(double x, double y) => 1 - Math.Sqrt(Math.Pow((x - 320) / 150, 2) + Math.Pow((y - 256) / 110, 2)) + 0.15 * ragged(x, y);
        Each((x, y, at) =>
        {
            if (Depth(x, y) <= 0)
            {
                return;
            }

            var wall = Depth(x, y) > 0.12 ? 0 : Depth(x + 3, y + 3) > Depth(x, y) ? -45 : 25;
            var pebble = Math.Sin(x * 0.7 + 3 * rough(x, y)) * Math.Sin(y * 0.6 + 2 * rough(y, x)) > 0.55 ? 35 : 0;
            var shade = (float)(28 * rough(x, y) + 16 * Noise() + wall + pebble);
            Paint(x, y, at, 118 + shade, 108 + shade, 96 + shade);
        });
        return this;
    }

    /// <summary>Three rusty bars across the hollow; only they are the damage then.</summary>
    private DamageScene Bars()
    {
        var hollow = (bool[])_damage.Clone();
        Array.Clear(_damage);
        Each((x, y, at) =>
        {
            var d = Math.Abs((x + 0.12 * y - 20) % 75 - 37.5) / 7;
            if (d < 1 && x is > 240 and < 440 && hollow[at / 3])
            {
                var shade = (float)((0.5 + 0.5 * Math.Sqrt(1 - d * d)) * ((int)(y / 5) % 2 == 0 ? 1.1 : 0.85));
                Paint(x, y, at, 104 * shade, 60 * shade, 36 * shade);
            }
        });
        return this;
    }

    /// <summary>What water carried down from a line at y = 150: threads of different width and length, fading.</summary>
    private DamageScene Runs(float r, float g, float b, float strength)
    {
        var ragged = Waves(14);
        for (var k = 0; k < 5; k++)
        {
            double from = 200 + 55 * k, wide = 10 + 5 * (k % 3), length = 140 + 60 * (k % 2);
            Each((x, y, at) =>
            {
                double down = (y - 150) / length, d = Math.Abs(x - from - 6 * ragged(y, k * 50)) / (wide * (1 - 0.4 * down));
                if (down is >= 0 and < 1 && d < 1)
                {
                    var a = (float)(strength * Math.Min(1, 3 * (1 - d)) * Math.Min(1, 2.5 * (1 - down)) * (0.85 + 0.15 * ragged(x, y)));
                    Blend(at, r, g, b, a, isDamage: a > 0.3);
                }
            });
        }

        return this;
    }

    /// <summary>A dark jagged line across the picture.</summary>
    private DamageScene Line(double widthPx, float level, double slope)
    {
        Func<double, double, double> far = Waves(60), near = Waves(8);
        Each((x, y, at) =>
        {
            var middle = 150 + slope * x + 40 * far(x, 7) + 6 * near(x, 3);
            if (x is > 60 and < 580 && Math.Abs(y - middle) <= widthPx / 2 * (1 + 0.4 * near(x, 90)))
            {
                Paint(x, y, at, level, level, level * 0.9f);
            }
        });
        return this;
    }

    /// <summary>Bare soil below a dark scarp, sods at its foot.</summary>
    private DamageScene Slide()
    {
        Func<double, double, double> ragged = Waves(45), clods = Waves(6);
        Each((x, y, at) =>
        {
            var d = Math.Sqrt(Math.Pow((x - 320) / 170, 2) + Math.Pow((y - 256) / 150, 2)) + 0.08 * ragged(x, y);
            if (d < 1)
            {
                var scarp = d > 0.9 && y < 256 ? -50 : 0;
                var shade = (float)(22 * clods(x, y) + 10 * Noise() + scarp + 10 * Math.Sin(x / 5.0 + ragged(x, y)));
                Paint(x, y, at, 132 + shade, 100 + shade, 70 + shade);
            }
        });
        return this;
    }

    /// <summary>Three rills that come together and widen downwards, bare, one bank in shadow.</summary>
    private DamageScene Gullies()
    {
        Func<double, double, double> bends = Waves(25), clods = Waves(5);
        foreach (var top in (double[])[200, 320, 430])
        {
            Each((x, y, at) =>
            {
                var down = (y - 60) / 420.0;
                double middle = top + (320 - top) * Math.Min(1, down * 1.3) + 9 * bends(y, top), half = 5 + 15 * down;
                if (down is > 0 and < 1 && Math.Abs(x - middle) < half)
                {
                    var shade = (float)(18 * clods(x, y) + 10 * Noise() - (x < middle - half * 0.4 ? 40 : 0));
                    Paint(x, y, at, 128 + shade, 98 + shade, 68 + shade);
                }
            });
        }

        return this;
    }

    /// <summary>A sunk round: one side in shadow, the other lit, water in the middle, a ring of cracks.</summary>
    private DamageScene Dish()
    {
        var ragged = Waves(40);
        Each((x, y, at) =>
        {
            double dx = (x - 320) / 110.0, dy = (y - 256) / 95.0, d = Math.Sqrt(dx * dx + dy * dy) + 0.06 * ragged(x, y);
            if (d < 1)
            {
                var light = (float)(1 + 0.6 * (dx + dy) * Math.Exp(-Math.Pow((d - 0.55) / 0.3, 2)) - (d > 0.93 ? 0.5 : 0));
                Paint(x, y, at, _pixels[at] * light, _pixels[at + 1] * light, _pixels[at + 2] * light);
                if (d < 0.45)
                {
                    Paint(x, y, at, 96, 104, 116);
                }
            }
        });
        return this;
    }

    /// <summary>A wet fan below a spring: dark, with glints of water.</summary>
    private DamageScene Wet()
    {
        Func<double, double, double> ragged = Waves(20), puddles = Waves(10);
        Each((x, y, at) =>
        {
            double down = (y - 120) / 280.0, d = Math.Abs(x - 320) / (18 + 110 * down) + 0.15 * ragged(x, y);
            if (down is > 0 and < 1 && d < 1)
            {
                var wet = puddles(x, y) > 0.6 ? 1.5f : 0.45f;
                Paint(x, y, at, _pixels[at] * wet, _pixels[at + 1] * wet, _pixels[at + 2] * wet + (wet > 1 ? 70 : 6));
            }
        });
        return this;
    }

    /// <summary>A broken hole in the road, seen obliquely: rough, its near edge lit, its far edge in shadow.</summary>
    private DamageScene Pothole()
    {
        Func<double, double, double> ragged = Waves(24), gravel = Waves(4);
        Each((x, y, at) =>
        {
            double d = Math.Sqrt(Math.Pow((x - 320) / 120.0, 2) + Math.Pow((y - 300) / 60.0, 2)) + 0.1 * ragged(x, y);
            if (d < 1)
            {
                var shade = (float)(30 * gravel(x, y) + 14 * Noise() + (d > 0.85 ? y < 300 ? -50 : 35 : 0));
                Paint(x, y, at, 104 + shade, 96 + shade, 84 + shade);
            }
        });
        return this;
    }

    private void Paint(int x, int y, int at, float r, float g, float b)
    {
        (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = (r, g, b);
        _damage[y * Width + x] = true;
    }

    private void Blend(int at, float r, float g, float b, float a, bool isDamage)
    {
        (_pixels[at], _pixels[at + 1], _pixels[at + 2]) =
            (_pixels[at] * (1 - a) + r * a, _pixels[at + 1] * (1 - a) + g * a, _pixels[at + 2] * (1 - a) + b * a);
        _damage[at / 3] |= isDamage;
    }

    private static void Each(Action<int, int, int> visit)
    {
        for (var i = 0; i < Width * Height; i++)
        {
            visit(i % Width, i / Width, i * 3);
        }
    }

    private float Noise() => (float)(_random.NextDouble() * 2 - 1);

    /// <summary>A smooth field in -1..1: five sine waves of about the given length in different directions.</summary>
    private Func<double, double, double> Waves(double lengthPx)
    {
        var waves = Enumerable.Range(0, 5).Select(_ => (A: _random.NextDouble() * Math.PI, P: _random.NextDouble() * 7, L: lengthPx * (0.6 + _random.NextDouble()))).ToArray();
        return (x, y) => waves.Sum(w => Math.Sin((x * Math.Cos(w.A) + y * Math.Sin(w.A)) * 2 * Math.PI / w.L + w.P)) / 3;
    }
}
