namespace Field.Demo.Synthetic;

/// <summary>Linear reflectance per channel, 0 (black) to 1 (white).</summary>
internal struct Rgb(float r, float g, float b)
{
    public float R = r, G = g, B = b;

    public static Rgb operator *(Rgb c, float k) => new(c.R * k, c.G * k, c.B * k);

    /// <summary>This colour at 0, <paramref name="other"/> at 1.</summary>
    public readonly Rgb Mix(Rgb other, float amount) =>
        new(R + ((other.R - R) * amount), G + ((other.G - G) * amount), B + ((other.B - B) * amount));
}

/// <summary>The few shapes that the surfaces are painted with.</summary>
internal static class Paint
{
    /// <summary>0 below <paramref name="from"/>, 1 above <paramref name="to"/>, smooth between.</summary>
    public static float Step(float from, float to, float x)
    {
        float t = Math.Clamp((x - from) / (to - from), 0, 1);
        return t * t * (3 - (2 * t));
    }

    /// <summary>1 inside |x| &lt; half, 0 outside, with an edge <paramref name="soft"/> wide.</summary>
    public static float Band(float x, float half, float soft) => Math.Clamp(((half - MathF.Abs(x)) / soft) + 0.5f, 0, 1);

    /// <summary>The distance from x to the nearest multiple of <paramref name="period"/>, signed.</summary>
    public static float Repeat(float x, float period) => x - (period * MathF.Round(x / period));
}

/// <summary>A flat surface whose look is a function of its metres only, so that overlapping photos agree.</summary>
internal interface ISurface
{
    /// <summary>The reflectance at a point; <paramref name="gsdM"/> is the size of a pixel there, metres.</summary>
    Rgb Shade(float x, float y, float gsdM);
}

/// <summary>The noise that both surfaces are grown from.</summary>
internal sealed class SurfaceNoise(int seed)
{
    /// <summary>Clouds: features from 1/4 of the texture down to two texels.</summary>
    public NoiseTexture Clouds { get; } = new(SeededRandom.For(seed, "clouds"), 4, 8, 0.55);

    /// <summary>Grain: features of one to eight texels.</summary>
    public NoiseTexture Grain { get; } = new(SeededRandom.For(seed, "grain"), 128, 4, 1.1);

    /// <summary>Blotches: features of 4 to 64 texels, sharper than clouds.</summary>
    public NoiseTexture Blotches { get; } = new(SeededRandom.For(seed, "blotches"), 16, 5, 0.7);

    /// <summary>Blotches from two turned layers of unlike scale, so that no repetition shows; coordinates in texels of the first.</summary>
    public float Scatter(float x, float y) =>
        0.75f * (Blotches.At((x * 0.94f) - (y * 0.34f), (y * 0.94f) + (x * 0.34f)) + Blotches.At((x * 0.51f) + (y * 0.33f) + 71, (y * 0.51f) - (x * 0.33f) + 433));
}

/// <summary>Paints a crack: a dark gap, a soft stained edge, and here and there a bright spalled rim.</summary>
internal static class CrackPaint
{
    private static readonly Rgb s_gap = new(0.022f, 0.020f, 0.018f);

    public static Rgb Over(Rgb ground, CrackField field, SurfaceNoise noise, float x, float y, float gsdM)
    {
        if (field.Nearest(x, y) is not { } hit)
        {
            return ground;
        }

        float ragged = noise.Grain.At(x * 310, y * 310);
        float fromEdge = hit.DistanceM - hit.HalfWidthM;
        float patch = noise.Clouds.At((x * 460) + 300, (y * 460) + 90);
        float stain = MathF.Max(0, 1 - (fromEdge / (0.012f + (2.2f * hit.HalfWidthM)))) * (0.16f + (0.22f * patch));
        ground *= 1 - Math.Clamp(stain, 0, 0.35f);
        float rimWidth = 0.7f * hit.HalfWidthM * (1 + (0.8f * ragged));
        float rim = Paint.Band(fromEdge - rimWidth, rimWidth, gsdM) * Paint.Step(0.18f, 0.5f, patch + (0.15f * hit.Side));
        ground = ground.Mix(ground * 1.35f, rim);
        CrackHit worn = hit with { HalfWidthM = hit.HalfWidthM * (1 + (0.22f * ragged)) };
        Rgb inside = s_gap.Mix(ground, 0.10f + (0.06f * MathF.Max(0, ragged)));
        return ground.Mix(inside, worn.Coverage(gsdM + 0.0004f));
    }
}
