namespace Field.Ingest.Residents;

/// <summary>splitmix64 (Steele, Lea, Flood 2014): the same numbers on every machine and version, which <see cref="Random"/> does not promise.</summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>From 0 to under 1.</summary>
    public double Next()
    {
        _state = unchecked(_state + 0x9E3779B97F4A7C15);
        ulong z = unchecked((_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>True with this chance.</summary>
    public bool Chance(double p) => Next() < p;
}
