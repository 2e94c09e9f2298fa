namespace Field.Demo.Synthetic;

/// <summary>SplitMix64: the same seed gives the same numbers on every runtime version.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>An independent stream for one named purpose, so that adding a tree does not move a crack.</summary>
    public static SeededRandom For(int seed, string purpose)
    {
        ulong hash = 14695981039346656037UL ^ unchecked((ulong)seed);
        foreach (char c in purpose)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return new SeededRandom(hash);
    }

    public ulong NextBits()
    {
        ulong z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    public double Next(double min, double max) => min + ((max - min) * Next());

    public int Next(int exclusiveMax) => (int)(Next() * exclusiveMax);

    /// <summary>Standard normal (Box-Muller).</summary>
    public double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - Next())) * Math.Cos(2 * Math.PI * Next());
}
