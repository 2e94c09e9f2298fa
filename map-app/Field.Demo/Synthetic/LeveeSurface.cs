namespace Field.Demo.Synthetic;

/// <summary>
/// The right bank's levee, drawn flat: X metres downstream, Y towards the river. Asphalt to |Y| 2.0 m, gravel to about
/// 2.8 m, mown grass, on the river side concrete revetment blocks from 7.5 m and water from 10 m.
/// </summary>
internal sealed class LeveeSurface(SurfaceNoise noise, CrackField cracks) : ISurface
{
    public const float AsphaltHalfM = 2.0f;
    public const float WaterFromM = 10.0f;
    private const float GravelHalfM = 2.75f;
    private const float RevetmentFromM = 7.5f;
    private static readonly Rgb s_asphalt = new(0.165f, 0.163f, 0.160f);
    private static readonly Rgb s_stone = new(0.36f, 0.345f, 0.315f);
    private static readonly Rgb s_soil = new(0.175f, 0.135f, 0.090f);
    private static readonly Rgb s_grass = new(0.088f, 0.125f, 0.038f);
    private static readonly Rgb s_straw = new(0.275f, 0.245f, 0.130f);
    private static readonly Rgb s_concrete = new(0.335f, 0.330f, 0.305f);

    public Rgb Shade(float x, float y, float gsdM)
    {
        float fringe = (0.22f * noise.Clouds.At(x * 130, y * 130)) + (0.10f * noise.Blotches.At(x * 170, y * 170));
        float side = MathF.Abs(y);
        Rgb c = y > WaterFromM + (0.3f * fringe) ? Water(x, y)
            : y > RevetmentFromM + (0.25f * fringe) ? Revetment(x, y, gsdM)
            : side > GravelHalfM + fringe ? Grass(x, y)
            : side > AsphaltHalfM + (0.25f * fringe) ? Shoulder(x, y, fringe)
            : Asphalt(x, y, gsdM);
        return side < AsphaltHalfM + 0.3f ? CrackPaint.Over(c, cracks, noise, x, y, gsdM) : c;
    }

    private Rgb Asphalt(float x, float y, float gsdM)
    {
        float broad = noise.Clouds.At((x * 60) + (y * 22), (y * 60) - (x * 22));
        float middle = noise.Clouds.At((x * 330) + 91, (y * 330) + 17);
        float grain = noise.Grain.At((x * 230) + (y * 60), (y * 230) - (x * 60));
        float value = 1 + (0.17f * broad) + (0.12f * middle) + (0.26f * grain);
        Rgb c = s_asphalt * value;
        float stones = Paint.Step(0.74f, 1.08f, noise.Scatter((x * 980) + 90, (y * 980) + 300));
        c = c.Mix(s_stone, 0.5f * stones);
        float wheels = Paint.Band(MathF.Abs(y) - 0.85f, 0.28f, 0.5f);
        c *= 1 + (0.12f * wheels * (0.8f + (0.5f * middle)));
        c = Patch(c, x, y, gsdM);
        float dust = Paint.Step(1.35f, 2.05f, MathF.Abs(y) + (0.3f * broad)) * (0.55f + (0.5f * middle));
        c = c.Mix(s_soil * (1.25f + (0.3f * grain)), Math.Clamp(dust, 0, 0.7f));
        float tufts = Paint.Step(0.75f, 1.0f, noise.Blotches.At(x * 150, y * 150) + (0.35f * (MathF.Abs(y) - 1.9f)));
        return tufts > 0 ? c.Mix(Grass(x, y), tufts) : c;
    }

    /// <summary>An old trench across the road, filled with newer asphalt.</summary>
    private Rgb Patch(Rgb c, float x, float y, float gsdM)
    {
        if (MathF.Abs(x - 2.9f) > 0.6f)
        {
            return c;
        }

        float wander = 0.012f * noise.Clouds.At(y * 200, 333);
        float inside = Paint.Band(x - 2.9f + wander, 0.45f, gsdM + 0.01f);
        float rim = Paint.Band(MathF.Abs(x - 2.9f + wander) - 0.45f, 0.025f, 0.012f);
        c = c.Mix(new Rgb(0.095f, 0.096f, 0.098f) * (1 + (0.30f * noise.Grain.At(x * 250, y * 250))), 0.85f * inside);
        return c.Mix(new Rgb(0.055f, 0.055f, 0.055f), 0.65f * rim);
    }

    private Rgb Shoulder(float x, float y, float fringe)
    {
        float cells = noise.Scatter((x * 720) + 40, (y * 720) + 77);
        float earth = noise.Clouds.At((x * 240) + 31, (y * 240) + 5);
        float grain = noise.Grain.At(x * 190, y * 190);
        float stony = Math.Clamp(0.40f + (0.85f * cells) - (0.35f * earth), 0, 1);
        Rgb c = s_soil.Mix(s_stone, stony) * (1 + (0.34f * grain) + (0.45f * MathF.Min(0, cells)) + (0.3f * fringe));
        float weeds = Paint.Step(0.10f, 0.45f, noise.Scatter(x * 210, y * 210) + (0.9f * (MathF.Abs(y) - 2.55f)));
        return weeds > 0 ? c.Mix(Grass(x, y), weeds) : c;
    }

    /// <summary>Mown grass: blades leaning one way, tufts with a dark side, dry straw, bare soil.</summary>
    private Rgb Grass(float x, float y)
    {
        float broad = noise.Clouds.At((x * 70) - (y * 28), (y * 70) + (x * 28));
        float lean = 3 * noise.Clouds.At(x * 90, y * 90);
        float blades = noise.Grain.At((x * 210) + (y * 70) + lean, (y * 95) - (x * 25));
        float crossed = noise.Grain.At((x * 85) - (y * 60) + 400, (y * 190) + (x * 50) + lean);
        float tufts = noise.Blotches.At((x * 95) + 20, (y * 95) + 60);
        float lit = tufts - noise.Blotches.At((x * 95) + 23, (y * 95) + 57); // slope of the tuft against the sun
        float dry = Math.Clamp(0.30f + (0.42f * broad) + (0.35f * tufts), 0, 1);
        float value = 1 + (0.42f * blades) + (0.34f * crossed) + (0.75f * lit) + (0.20f * tufts);
        Rgb c = s_grass.Mix(s_straw, dry) * MathF.Max(0.18f, value);
        float bare = Paint.Step(0.62f, 0.95f, (0.8f * noise.Clouds.At((x * 150) + 200, y * 150)) - (0.35f * tufts) + 0.1f);
        return c.Mix(s_soil * (1 + (0.4f * crossed)), 0.8f * bare);
    }

    private Rgb Revetment(float x, float y, float gsdM)
    {
        float row = MathF.Floor((y - RevetmentFromM) / 0.5f);
        float shifted = x + (0.5f * (row % 2));
        float block = MathF.Sin((MathF.Round(shifted) * 7.13f) + (row * 3.7f));
        float seam = MathF.Max(
            Paint.Band(Paint.Repeat(y - RevetmentFromM - 0.25f, 0.5f) - 0.25f, 0.02f, gsdM + 0.006f),
            Paint.Band(MathF.Abs(Paint.Repeat(shifted, 1)) - 0.5f, 0.02f, gsdM + 0.006f));
        float damp = Paint.Step(8.6f, 10.0f, y + (0.5f * noise.Clouds.At(x * 80, y * 80)));
        float grain = noise.Grain.At(x * 240, y * 240);
        Rgb c = s_concrete * (1 + (0.08f * block) + (0.15f * grain) + (0.2f * noise.Clouds.At(x * 200, y * 200)));
        c = c.Mix(new Rgb(0.085f, 0.092f, 0.060f), 0.75f * damp);
        Rgb joint = new Rgb(0.05f, 0.05f, 0.04f).Mix(s_grass, Paint.Step(0.1f, 0.5f, noise.Blotches.At(x * 120, y * 120)));
        return c.Mix(joint, seam);
    }

    private Rgb Water(float x, float y)
    {
        float wave = noise.Clouds.At((x * 55) + (y * 70), (y * 150) - (x * 12));
        float ripple = noise.Grain.At((x * 30) + (6 * wave), y * 75);
        float shallow = 1 - Paint.Step(10.0f, 11.6f, y);
        Rgb c = new Rgb(0.050f, 0.078f, 0.070f).Mix(new Rgb(0.125f, 0.120f, 0.078f), shallow);
        float glint = Paint.Step(0.75f, 1.1f, wave + (0.5f * ripple));
        return (c * (1 + (0.35f * wave) + (0.22f * ripple))).Mix(new Rgb(0.5f, 0.55f, 0.6f), 0.45f * glint);
    }
}
