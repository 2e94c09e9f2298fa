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

    /// <summary>What a point counts.</summary>
    public ImpactCount At(int point) => new(People is null ? 1 : People[point], Aged65?[point] ?? 0, NeedsSupport?[point] ?? 0, Households?[point] ?? 0);
}

/// <summary>People in a cell of a table.</summary>
/// <param name="People">All.</param>
/// <param name="Aged65">Aged 65 or more.</param>
/// <param name="NeedsSupport">Who need support to evacuate.</param>
/// <param name="Households">Households.</param>
public readonly record struct ImpactCount(long People, long Aged65, long NeedsSupport, long Households)
{
    /// <summary>The share of those aged 65 or more; null where nobody lives.</summary>
    public double? Aged65Share => People > 0 ? (double)Aged65 / People : null;

    /// <summary>Both together.</summary>
    public static ImpactCount operator +(ImpactCount a, ImpactCount b) =>
        new(a.People + b.People, a.Aged65 + b.Aged65, a.NeedsSupport + b.NeedsSupport, a.Households + b.Households);

    /// <summary>Both together.</summary>
    public ImpactCount Add(ImpactCount other) => this + other;
}
