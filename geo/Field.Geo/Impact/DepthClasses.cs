namespace Field.Geo.Impact;

/// <summary>A class of a hazard layer.</summary>
/// <param name="Number">1 is the slightest; 0 is outside.</param>
/// <param name="Ja">Its label in Japanese.</param>
/// <param name="En">In English.</param>
/// <param name="FromM">Depth from which it begins, metres; null where the class tells none.</param>
public sealed record HazardClass(int Number, string Ja, string En, double? FromM);

/// <summary>The classes of flood depth (国土数値情報 A31a_205).</summary>
public static class DepthClasses
{
    private static readonly HazardClass[] Official =
    [
        new(0, "浸水なし", "dry", null),
        new(1, "0.5m未満", "under 0.5 m", 0),
        new(2, "0.5〜3m", "0.5-3 m", 0.5),
        new(3, "3〜5m", "3-5 m", 3),
        new(4, "5〜10m", "5-10 m", 5),
        new(5, "10〜20m", "10-20 m", 10),
        new(6, "20m以上", "20 m or more", 20),
    ];

    /// <summary>All up to a number; those beyond the official table have only their number.</summary>
    /// <param name="highest">The highest that is needed.</param>
    public static IReadOnlyList<HazardClass> UpTo(int highest) =>
    [
        .. Enumerable.Range(0, Math.Max(highest + 1, 2))
            .Select(n => n < Official.Length ? Official[n] : new HazardClass(n, FormattableString.Invariant($"階級{n}"), FormattableString.Invariant($"class {n}"), null)),
    ];
}
