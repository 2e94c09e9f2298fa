using Field.Ingest.Assets;

namespace Field.Ingest.Findings;

/// <summary>The classes of findings, those that people may name, and the scale on which each is ranked (SPEC.md section 14).</summary>
internal static class DamageClass
{
    public const string Crack = "crack";
    public const string Spalling = "spalling";
    public const string Rebar = "rebar";
    public const string Efflorescence = "efflorescence";
    public const string Corrosion = "corrosion";
    public const string LeveeCrack = "levee-crack";
    public const string RoadCrack = "road-crack";
    public const string Pothole = "pothole";

    /// <summary>Degrees a to e of 橋梁定期点検要領.</summary>
    public const string BridgeScale = "bridge";

    /// <summary>Ranks a to d of 堤防等河川管理施設の点検結果評価要領.</summary>
    public const string LeveeScale = "levee";

    public static IReadOnlySet<string> Bridge { get; } = new HashSet<string>(StringComparer.Ordinal) { Crack, Spalling, Rebar, Efflorescence, Corrosion };

    public static IReadOnlySet<string> Levee { get; } = new HashSet<string>(StringComparer.Ordinal) { LeveeCrack, "slump", "erosion", "subsidence", "seepage" };

    public static IReadOnlySet<string> Road { get; } = new HashSet<string>(StringComparer.Ordinal) { RoadCrack, Pothole };

    /// <summary>All, in the order of the forms.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Bridge, .. Levee, .. Road];

    public static bool IsKnown(string damage) => Bridge.Contains(damage) || Levee.Contains(damage) || Road.Contains(damage);

    /// <summary>True for what is a line: its length follows a skeleton.</summary>
    public static bool IsLine(string damage) => damage is Crack or LeveeCrack or RoadCrack;

    /// <summary>The scale of a damage on an asset; what a bridge has is ranked as of a levee on its revetment. Null when no table applies: roads.</summary>
    /// <param name="damage">Its class.</param>
    /// <param name="assetId">The asset that it is linked to, or null: as of a bridge.</param>
    public static string? ScaleOf(string damage, string? assetId)
    {
        string? kind = assetId?.Split(':')[0];
        return Levee.Contains(damage) || (kind == AssetKind.Levee && Bridge.Contains(damage)) ? LeveeScale
            : Bridge.Contains(damage) && kind != AssetKind.Road ? BridgeScale
            : null;
    }

    /// <summary>The letters of a scale, for people.</summary>
    public static string Letters(string scale) => scale == LeveeScale ? "a-d" : "a-e";

    public static bool IsLetter(string scale, string letter) => letter is ['a' or 'b' or 'c' or 'd'] || (scale == BridgeScale && letter == "e");
}
