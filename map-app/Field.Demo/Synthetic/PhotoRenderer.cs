namespace Field.Demo.Synthetic;

/// <summary>Turns a surface into the bytes of a photo: rays, a lens that is soft and darker at the edge, a noisy sensor, a tone curve.</summary>
internal sealed class PhotoRenderer
{
    private const float BlurSide = 0.17f;
    private const float BlurMiddle = 1 - (2 * BlurSide);
    private const float PhotonNoise = 0.0075f;
    private const int NoiseCount = 1 << 16;
    private readonly float[] _gaussian = new float[NoiseCount];
    private readonly byte[] _tone = new byte[4096];

    public PhotoRenderer(int seed)
    {
        SeededRandom random = SeededRandom.For(seed, "sensor");
        for (int i = 0; i < NoiseCount; i++)
        {
            _gaussian[i] = (float)random.Gaussian();
        }

        for (int i = 0; i < _tone.Length; i++)
        {
            double linear = i / (_tone.Length - 1.0);
            double encoded = linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055;
            double contrast = encoded + (0.12 * encoded * (1 - encoded) * ((2 * encoded) - 1)); // a slight S-curve
            _tone[i] = (byte)Math.Round(255 * contrast);
        }
    }

    /// <summary>Red, green, blue bytes of a shot, rows from the top.</summary>
    public byte[] Render(PinholeCamera camera, ISurface surface, Func<Vec, Vec> toSurface, double exposure, ulong noiseSeed, CancellationToken ct)
    {
        int width = camera.WidthPx;
        int height = camera.HeightPx;
        var linear = new Rgb[width * height];
        var parallel = new ParallelOptions { CancellationToken = ct };
        Parallel.For(0, height, parallel, y => Expose(linear.AsSpan(y * width, width), camera, surface, toSurface, (float)exposure, y));
        byte[] pixels = new byte[width * height * 3];
        Parallel.For(0, height, parallel, y => Develop(linear, pixels, width, height, y, noiseSeed));
        return pixels;
    }

    /// <summary>Roll is 0, so a row of pixels lies at one depth and meets the surface in evenly spaced points.</summary>
    private static void Expose(Span<Rgb> row, PinholeCamera camera, ISurface surface, Func<Vec, Vec> toSurface, float exposure, int y)
    {
        (Vec firstGround, double gsd) = camera.PixelToGround(0.5, y + 0.5);
        Vec first = toSurface(firstGround);
        Vec step = (toSurface(camera.PixelToGround(row.Length + 0.5, y + 0.5).EastNorth) - first) * (1.0 / row.Length);
        for (int x = 0; x < row.Length; x++)
        {
            Vec p = first + (step * x);
            row[x] = surface.Shade((float)p.X, (float)p.Y, (float)gsd) * (exposure * Vignette(camera, x, y));
        }
    }

    private static float Vignette(PinholeCamera camera, int x, int y)
    {
        float dx = ((2f * x) / camera.WidthPx) - 1;
        float dy = (((2f * y) / camera.HeightPx) - 1) * camera.HeightPx / camera.WidthPx;
        float r2 = (dx * dx) + (dy * dy);
        return 1 - (0.13f * r2) - (0.04f * r2 * r2);
    }

    private void Develop(Rgb[] linear, byte[] pixels, int width, int height, int y, ulong noiseSeed)
    {
        int above = Math.Max(0, y - 1) * width;
        int here = y * width;
        int below = Math.Min(height - 1, y + 1) * width;
        uint state = (uint)new SeededRandom(noiseSeed + (ulong)y).NextBits();
        Rgb left = Column(linear, above, here, below, 0);
        Rgb middle = left;
        for (int x = 0; x < width; x++)
        {
            Rgb right = x + 1 < width ? Column(linear, above, here, below, x + 1) : middle;
            int at = (here + x) * 3;
            pixels[at] = Tone((middle.R * BlurMiddle) + (BlurSide * (left.R + right.R)), ref state);
            pixels[at + 1] = Tone((middle.G * BlurMiddle) + (BlurSide * (left.G + right.G)), ref state);
            pixels[at + 2] = Tone((middle.B * BlurMiddle) + (BlurSide * (left.B + right.B)), ref state);
            (left, middle) = (middle, right);
        }
    }

    private static Rgb Column(Rgb[] linear, int above, int here, int below, int x)
    {
        Rgb a = linear[above + x];
        Rgb b = linear[below + x];
        Rgb c = linear[here + x];
        return new Rgb(
            (c.R * BlurMiddle) + (BlurSide * (a.R + b.R)),
            (c.G * BlurMiddle) + (BlurSide * (a.G + b.G)),
            (c.B * BlurMiddle) + (BlurSide * (a.B + b.B)));
    }

    private byte Tone(float value, ref uint state)
    {
        state = (state * 1664525u) + 1013904223u;
        float noisy = value + (PhotonNoise * MathF.Sqrt(MathF.Max(0.0004f, value)) * _gaussian[state >> 16]);
        return _tone[(int)Math.Clamp((noisy * 1.35f * 4095) + 0.5f, 0, 4095)];
    }
}
