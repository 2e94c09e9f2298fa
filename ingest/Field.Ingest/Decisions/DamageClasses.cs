namespace Field.Ingest.Decisions;

/// <summary>The classes of damage that people may name, and the scale on which each is ranked (SPEC.md, Inspection).</summary>
internal static class DamageClasses
{
    public const string Bridge = "bridge";
    public const string Levee = "levee";

    private static readonly Dictionary<string, string?> Scales = new(StringComparer.Ordinal)
    {
        ["crack"] = Bridge,
        ["spalling"] = Bridge,
        ["rebar"] = Bridge,
        ["efflorescence"] = Bridge,
        ["corrosion"] = Bridge,
        ["levee-crack"] = Levee,
        ["slump"] = Levee,
        ["erosion"] = Levee,
        ["subsidence"] = Levee,
        ["seepage"] = Levee,
        ["road-crack"] = null,
        ["pothole"] = null,
    };

    public static IReadOnlyList<string> All { get; } = [.. Scales.Keys];

    public static bool IsKnown(string name) => Scales.ContainsKey(name);

    /// <summary><c>bridge</c>, <c>levee</c>, or null when no table applies.</summary>
    public static string? ScaleOf(string? name) => name is null ? null : Scales.GetValueOrDefault(name);

    /// <summary>The letters of a scale, for people.</summary>
    public static string Letters(string scale) => scale == Levee ? "a-d" : "a-e";

    public static bool IsLetter(string scale, string letter) => letter is ['a' or 'b' or 'c' or 'd'] || (scale == Bridge && letter == "e");
}
