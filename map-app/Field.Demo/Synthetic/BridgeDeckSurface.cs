namespace Field.Demo.Synthetic;

/// <summary>
/// A broomed concrete deck in its thirties: X metres along the bridge to the east bank, Y to the left. Carriageway to
/// |Y| 3.75 m with lane lines, then kerbs and railing; pouring joints every 6 m; the west abutment's expansion joint.
/// </summary>
internal sealed class BridgeDeckSurface(SurfaceNoise noise, CrackField cracks, SeededRandom random) : ISurface
{
    public const float CarriagewayHalfM = 3.75f;
    public const float ExpansionJointX = -60.9f;
    private const float KerbOuterM = 4.35f;
    private static readonly Rgb s_concrete = new(0.335f, 0.322f, 0.292f);
    private static readonly Rgb s_fresh = new(0.425f, 0.418f, 0.395f);
    private static readonly Rgb s_paint = new(0.70f, 0.70f, 0.68f);
    private static readonly Rgb s_steel = new(0.20f, 0.175f, 0.155f);
    private static readonly Rgb s_dark = new(0.025f, 0.024f, 0.024f);
    private static readonly Rgb s_silt = new(0.205f, 0.175f, 0.130f);

    private const int OilFromX = -66;
    private const int OilToX = -44;

    /// <summary>Oil stains by the whole metre of X that they touch, from <see cref="OilFromX"/>.</summary>
    private readonly (float X, float Y, float RadiusM, float Depth)[][] _oil = Oil(random);

    public Rgb Shade(float x, float y, float gsdM)
    {
        float side = MathF.Abs(y);
        if (side > KerbOuterM + 0.25f)
        {
            return River(x, y);
        }

        Rgb c = side > CarriagewayHalfM ? Kerb(x, y, gsdM) : Carriageway(x, y, gsdM);
        c = CrackPaint.Over(c, cracks, noise, x, y, gsdM);
        c = Expansion(c, x, y, gsdM);
        return c * RailingShadow(x, y);
    }

    private Rgb Carriageway(float x, float y, float gsdM)
    {
        Rgb c = Concrete(x, y);
        float wheels = Paint.Band(MathF.Abs(MathF.Abs(y) - 1.75f) - 0.85f, 0.26f, 0.5f);
        if (wheels > 0)
        {
            c *= 1 - (0.10f * wheels * (0.7f + (0.6f * noise.Clouds.At(x * 40, y * 160))));
        }

        c = Joints(c, x, y, gsdM);
        c = Silt(c, x, y);
        c = Lines(c, x, y, gsdM);
        c = Oily(c, x, y);
        return Grate(c, x, y, gsdM);
    }

    private Rgb Concrete(float x, float y)
    {
        float slab = MathF.Floor(x / 6) + (y > 0 ? 100 : 0); // every pour has its own shade
        float shade = 0.05f * MathF.Sin(slab * 12.9898f);
        float broad = noise.Clouds.At((x * 95) + (y * 31), (y * 95) - (x * 31));
        float middle = noise.Clouds.At((x * 520) - (y * 140) + 77, (y * 520) + (x * 140));
        float grain = noise.Grain.At((x * 480) + (y * 110), (y * 480) - (x * 110));
        float broom = noise.Grain.At((x * 420) + (6 * middle), y * 26);
        float value = 1 + shade + (0.20f * broad) + (0.13f * middle) + (0.15f * grain) + (0.09f * broom);
        Rgb c = s_concrete.Mix(s_fresh, Math.Clamp(0.25f + (0.5f * broad), 0, 1)) * value;
        float pits = Paint.Step(0.86f, 1.15f, noise.Scatter((x * 1900) + 13, (y * 1900) + 400));
        float stones = Paint.Step(0.66f, 0.98f, noise.Scatter((x * 790) + 500, (y * 790) + 210));
        c = c.Mix(s_dark, 0.55f * pits);
        float warm = 1 + (0.16f * grain);
        return c.Mix(new Rgb(0.47f * warm, 0.45f, 0.41f), 0.45f * stones);
    }

    /// <summary>Transverse pouring joints every 6 m and the construction joint between the two lanes, sealed with bitumen.</summary>
    private Rgb Joints(Rgb c, float x, float y, float gsdM)
    {
        if (MathF.Abs(Paint.Repeat(x, 6)) > 0.12f && MathF.Abs(y - 0.31f) > 0.12f)
        {
            return c;
        }

        float wander = 0.004f * noise.Clouds.At(y * 300, MathF.Floor(x / 6) * 57);
        float across = MathF.Abs(Paint.Repeat(x, 6) + wander);
        float along = MathF.Abs(y - 0.31f + (0.003f * noise.Clouds.At(x * 260, 40)));
        float near = MathF.Min(across, along);
        float missing = Paint.Step(0.25f, 0.55f, noise.Clouds.At((x * 210) + 9, (y * 210) + 700));
        c *= 1 - (0.16f * Paint.Band(near, 0.05f, 0.09f) * (0.6f + noise.Clouds.At(x * 330, y * 330)));
        Rgb seal = new Rgb(0.06f, 0.058f, 0.055f).Mix(c, 0.55f * missing);
        return c.Mix(seal, Paint.Band(near, 0.006f, gsdM + 0.001f) * 0.92f);
    }

    private Rgb Lines(Rgb c, float x, float y, float gsdM)
    {
        float edge = Paint.Band(MathF.Abs(y) - 3.25f, 0.075f, gsdM + 0.003f);
        float dash = Paint.Band(Paint.Repeat(x + 1.2f, 10), 2.5f, gsdM + 0.004f) * Paint.Band(y, 0.075f, gsdM + 0.003f);
        float line = MathF.Max(edge, dash);
        if (line <= 0)
        {
            return c;
        }

        float worn = Paint.Step(0.02f, 0.55f, (0.75f * noise.Blotches.At(x * 420, y * 420)) + (0.6f * noise.Clouds.At(x * 130, y * 130)) - 0.05f);
        Rgb paint = s_paint * (1 + (0.10f * noise.Grain.At(x * 500, y * 500)) + (0.12f * noise.Clouds.At(x * 250, y * 250)));
        return c.Mix(paint, line * (1 - (0.85f * worn)) * 0.9f);
    }

    private Rgb Silt(Rgb c, float x, float y)
    {
        if (MathF.Abs(y) < 2.9f)
        {
            return c;
        }

        float wave = 0.16f * noise.Clouds.At(x * 110, 512);
        float amount = Paint.Step(3.25f + wave, 3.75f, MathF.Abs(y)) * (0.75f + (0.5f * noise.Blotches.At(x * 260, y * 260)));
        Rgb silt = s_silt * (1 + (0.35f * noise.Grain.At((x * 400) + 9, y * 400)));
        return c.Mix(silt, Math.Clamp(amount, 0, 0.92f));
    }

    private Rgb Oily(Rgb c, float x, float y)
    {
        int metre = (int)MathF.Floor(x) - OilFromX;
        if (metre < 0 || metre >= _oil.Length)
        {
            return c;
        }

        foreach ((float ox, float oy, float radius, float depth) in _oil[metre])
        {
            float dx = (x - ox) * 0.8f;
            float dy = y - oy;
            float squared = (dx * dx) + (dy * dy);
            if (squared < radius * radius * 4)
            {
                float d = (MathF.Sqrt(squared) / radius) + (0.5f * noise.Clouds.At((x * 900) + (ox * 70), (y * 900) + 20)) + (0.45f * noise.Blotches.At(x * 300, y * 300));
                float amount = depth * (1 - Paint.Step(0.2f, 1.15f, d));
                c = new Rgb(c.R * (1 - (0.92f * amount)), c.G * (1 - (0.95f * amount)), c.B * (1 - amount));
            }
        }

        return c;
    }

    private Rgb Grate(Rgb c, float x, float y, float gsdM)
    {
        float dx = Paint.Repeat(x + 2.6f, 10);
        float dy = MathF.Abs(y) - 3.52f;
        float frame = Paint.Band(dx, 0.27f, gsdM) * Paint.Band(dy, 0.17f, gsdM);
        if (frame <= 0)
        {
            return c;
        }

        Rgb steel = s_steel * (1 + (0.5f * noise.Blotches.At(x * 500, y * 500)));
        float hole = Paint.Band(dx, 0.235f, gsdM) * Paint.Band(dy, 0.135f, gsdM) * Paint.Band(Paint.Repeat(dx, 0.05f), 0.016f, gsdM);
        return c.Mix(steel.Mix(s_dark, hole), frame);
    }

    private Rgb Kerb(float x, float y, float gsdM)
    {
        float into = MathF.Abs(y) - CarriagewayHalfM;
        float grain = noise.Grain.At((x * 450) + 60, y * 450);
        float streaks = noise.Clouds.At(x * 700, y * 60);
        Rgb c = s_fresh * (0.98f + (0.14f * grain) + (0.16f * streaks) + (0.14f * noise.Clouds.At(x * 120, y * 120)));
        c = c.Mix(s_silt * 0.8f, 0.5f * Paint.Step(0.16f, 0.0f, into) * (0.7f + streaks));
        c = c.Mix(s_dark, 0.8f * Paint.Band(Paint.Repeat(x, 3), 0.006f, gsdM));
        float rail = Paint.Band(into - 0.42f, 0.06f, gsdM + 0.004f);
        float glint = 0.75f + (0.35f * Paint.Band(into - 0.44f, 0.018f, 0.02f));
        return c.Mix(new Rgb(0.52f, 0.54f, 0.55f) * glint, rail);
    }

    /// <summary>Two steel plates with finger teeth over a dark gap, rusty at the edges.</summary>
    private Rgb Expansion(Rgb c, float x, float y, float gsdM)
    {
        float d = x - ExpansionJointX;
        float plate = Paint.Band(d, 0.16f, gsdM + 0.002f);
        if (plate <= 0 && MathF.Abs(d) > 0.3f)
        {
            return c;
        }

        float blotch = noise.Blotches.At(x * 380, y * 380);
        c = c.Mix(new Rgb(0.20f, 0.135f, 0.085f), 0.35f * Paint.Band(d, 0.19f, 0.12f) * (0.6f + blotch));
        float tooth = 0.055f * ((4 * MathF.Abs(Paint.Repeat(y, 0.12f)) / 0.12f) - 1);
        float gap = Paint.Band(d - Math.Clamp(2.5f * tooth, -0.05f, 0.05f), 0.011f, gsdM);
        Rgb steel = s_steel * (1.25f + (0.35f * blotch) + (0.25f * noise.Grain.At(x * 60, y * 480)));
        return c.Mix(steel.Mix(s_dark, gap), plate);
    }

    /// <summary>Sun from the right of the bridge (south-east, morning): the right railing throws its bars onto the deck.</summary>
    private static float RailingShadow(float x, float y)
    {
        float inside = y + 4.17f; // metres from the right railing towards the left
        if (inside is < 0.05f or > 1.6f)
        {
            return 1;
        }

        float slanted = x + (0.35f * inside);
        float shadow = Paint.Band(inside - 1.15f, 0.045f, 0.016f);
        shadow = MathF.Max(shadow, Paint.Band(inside - 0.78f, 0.028f, 0.013f));
        shadow = MathF.Max(shadow, Paint.Band(inside - 0.48f, 0.028f, 0.010f));
        shadow = MathF.Max(shadow, inside < 1.15f ? Paint.Band(Paint.Repeat(slanted, 2), 0.04f, 0.012f) : 0);
        return 1 - (0.60f * shadow);
    }

    private Rgb River(float x, float y)
    {
        float wave = noise.Clouds.At((x * 60) + (y * 20), y * 34);
        return new Rgb(0.052f, 0.082f, 0.078f) * (1 + (0.5f * wave));
    }

    private static (float X, float Y, float RadiusM, float Depth)[][] Oil(SeededRandom random)
    {
        (float X, float Y, float RadiusM, float Depth)[] stains =
        [
            .. Enumerable.Range(0, 110).Select(i => (
                (float)random.Next(OilFromX, OilToX),
                (float)((i % 2 == 0 ? -1.75 : 1.75) + (0.35 * random.Gaussian())),
                (float)(0.015 + (0.16 * Math.Pow(random.Next(), 4))),
                (float)random.Next(0.2, 0.65))),
        ];
        return
        [
            .. Enumerable.Range(OilFromX, OilToX - OilFromX).Select(metre =>
                stains.Where(s => s.X + (2.5f * s.RadiusM) > metre && s.X - (2.5f * s.RadiusM) < metre + 1).ToArray()),
        ];
    }
}
