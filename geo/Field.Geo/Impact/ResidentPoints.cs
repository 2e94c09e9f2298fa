namespace Field.Geo.Impact;

/// <summary>Where people live, and how many of them: columns of equal length. A null column is not known, which is not zero.</summary>
/// <param name="Lon">Longitudes, JGD2011.</param>
/// <param name="Lat">Latitudes.</param>
public sealed record ResidentPoints(double[] Lon, double[] Lat)
{
    /// <summary>Points.</summary>
    public int Count => Lon.Length;

    /// <summary>People at each point; null for one each.</summary>
    public int[]? People { get; init; }

    /// <summary>Of them, aged 65 or more.</summary>
    public int[]? Aged65 { get; init; }

    /// <summary>Of them, those on the list of people who need support to evacuate (避難行動要支援者).</summary>
    public int[]? NeedsSupport { get; init; }

    /// <summary>Households that are counted at each point: when a point is a person, 1 at one of the household's and 0 at the others.</summary>
    public int[]? Households { get; init; }

    /// <summary>A random number of each point, the same each time, for <see cref="ImpactTable.Rounded"/>; null where nothing is to be rounded.</summary>
    public ulong[]? Keys { get; init; }

    /// <summary>The same with keys that follow from places and people: who knows neither cannot guess them.</summary>
    public ResidentPoints WithKeys()
    {
        ulong[] keys = new ulong[Count];
        for (int i = 0; i < keys.Length; i++)
        {
            ulong z = unchecked((BitConverter.DoubleToUInt64Bits(Lon[i]) * 0xD6E8FEB86659FD93) ^ (BitConverter.DoubleToUInt64Bits(Lat[i]) * 0xA0761D6478BD642F) ^ ((ulong)i * 0x9E3779B97F4A7C15));
            z = unchecked((z ^ (z >> 32)) * 0xD6E8FEB86659FD93);
            keys[i] = z ^ (z >> 32);
        }

        return this with { Keys = keys };
    }

    /// <summary>What a point counts.</summary>
    public ImpactCount At(int point) => new(People is null ? 1 : People[point], Aged65?[point] ?? 0, NeedsSupport?[point] ?? 0, Households?[point] ?? 0) { Key = Keys is null ? 0 : Keys[point] };
}

/// <summary>People in a cell of a table.</summary>
/// <param name="People">All.</param>
/// <param name="Aged65">Aged 65 or more.</param>
/// <param name="NeedsSupport">Who need support to evacuate.</param>
/// <param name="Households">Households.</param>
public readonly record struct ImpactCount(long People, long Aged65, long NeedsSupport, long Households)
{
    /// <summary>Tells exactly who is counted, without telling who they are: the keys of all points, bit by bit exclusively.</summary>
    public ulong Key { get; init; }

    /// <summary>The share of those aged 65 or more; null where nobody lives.</summary>
    public double? Aged65Share => People > 0 ? (double)Aged65 / People : null;

    /// <summary>Both together.</summary>
    public static ImpactCount operator +(ImpactCount a, ImpactCount b) =>
        new(a.People + b.People, a.Aged65 + b.Aged65, a.NeedsSupport + b.NeedsSupport, a.Households + b.Households) { Key = a.Key ^ b.Key };

    /// <summary>Both together.</summary>
    public ImpactCount Add(ImpactCount other) => this + other;
}
