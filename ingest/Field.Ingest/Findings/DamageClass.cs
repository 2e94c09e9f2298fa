namespace Field.Ingest.Findings;

/// <summary>The classes of findings (SPEC.md section 14).</summary>
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

    public static IReadOnlySet<string> Bridge { get; } = new HashSet<string>(StringComparer.Ordinal) { Crack, Spalling, Rebar, Efflorescence, Corrosion };

    public static IReadOnlySet<string> Levee { get; } = new HashSet<string>(StringComparer.Ordinal) { LeveeCrack, "slump", "erosion", "subsidence", "seepage" };

    public static IReadOnlySet<string> Road { get; } = new HashSet<string>(StringComparer.Ordinal) { RoadCrack, Pothole };

    /// <summary>True for what is a line: its length follows a skeleton.</summary>
    public static bool IsLine(string damage) => damage is Crack or LeveeCrack or RoadCrack;
}
