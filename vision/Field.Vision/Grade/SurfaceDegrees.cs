namespace Field.Vision.Grade;

/// <summary>How far a rebar or a steel face is corroded.</summary>
public enum Corrosion
{
    /// <summary>None is to be seen.</summary>
    None,

    /// <summary>Light: the surface.</summary>
    Light,

    /// <summary>Heavy: it swells or has lost section, or is broken.</summary>
    Heavy,
}

/// <summary>Degrees of the damage types whose tables ask what is there, not how wide it is (DOMAIN.md, bridges).</summary>
public static class SurfaceDegrees
{
    /// <summary>From a photo the depth of corrosion cannot be told: the degree covers shallow and deep.</summary>
    public const string DepthUnknown = "depth-unknown";

    /// <summary>How heavily a rebar is corroded cannot be told.</summary>
    public const string CorrosionUnknown = "corrosion-unknown";

    /// <summary>What share of the member is corroded is not known.</summary>
    public const string ShareUnknown = "share-unknown";

    /// <summary>Whether a stain is free lime or water alone cannot be told.</summary>
    public const string LimeUnknown = "lime-unknown";

    /// <summary>Type 7, spalling and exposed rebar (剥離・鉄筋露出): c without rebar, d with light corrosion, e with heavy corrosion or a break.</summary>
    /// <param name="rebar">The corrosion of the exposed rebar; null when no rebar is exposed.</param>
    /// <param name="areaM2">Area of the spalling, square metres, or null.</param>
    /// <param name="isCorrosionKnown">False when the photo shows the rebar and not how it is.</param>
    public static DraftDegree Spalling(Corrosion? rebar, double? areaM2, bool isCorrosionKnown = true) => rebar switch
    {
        null => Draft(7, Degree.C, Degree.C, areaM2),
        _ when !isCorrosionKnown => Draft(7, Degree.D, Degree.E, areaM2, CorrosionUnknown),
        Corrosion.Heavy => Draft(7, Degree.E, Degree.E, areaM2),
        _ => Draft(7, Degree.D, Degree.D, areaM2),
    };

    /// <summary>Type 8, leakage and free lime (漏水・遊離石灰): c leakage only, d free lime without rust, e heavy or with mud or rust.</summary>
    /// <param name="freeLime">Whether there is free lime; null when the photo shows a stain and not of what.</param>
    /// <param name="mudOrRust">Whether mud or rust is in it.</param>
    /// <param name="heavy">Whether it is heavy.</param>
    /// <param name="areaM2">Area, square metres, or null.</param>
    public static DraftDegree Leakage(bool? freeLime, bool mudOrRust, bool heavy, double? areaM2)
    {
        Degree At(bool lime) => mudOrRust || heavy ? Degree.E : lime ? Degree.D : Degree.C;
        (Degree least, Degree most) = (At(freeLime ?? false), At(freeLime ?? true));
        return least == most ? Draft(8, least, most, areaM2) : Draft(8, least, most, areaM2, LimeUnknown);
    }

    /// <summary>Type 1, corrosion (腐食): b shallow and small, c shallow and large, d deep and small, e deep and large.</summary>
    /// <param name="isDeep">Whether section is lost; null when the photo cannot tell, which is the rule.</param>
    /// <param name="isLarge">Whether it covers much of the member; null when the member's extent is not known.</param>
    /// <param name="areaM2">Area, square metres, or null.</param>
    public static DraftDegree SteelCorrosion(bool? isDeep, bool? isLarge, double? areaM2)
    {
        Degree At(bool deep, bool large) => Degree.B + (deep ? 2 : 0) + (large ? 1 : 0);
        string[] reasons = [.. isDeep is null ? (string[])[DepthUnknown] : [], .. isLarge is null ? (string[])[ShareUnknown] : []];
        return Draft(1, At(isDeep ?? false, isLarge ?? false), At(isDeep ?? true, isLarge ?? true), areaM2, reasons);
    }

    /// <summary>Types 9 (抜け落ち) and 12 (うき): e when present.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another type.</exception>
    public static DraftDegree Present(int damageType, double? areaM2) => damageType is 9 or 12
        ? Draft(damageType, Degree.E, Degree.E, areaM2)
        : throw new ArgumentOutOfRangeException(nameof(damageType), damageType, "9 or 12");

    private static DraftDegree Draft(int type, Degree least, Degree most, double? areaM2, params string[] reasons) =>
        new(type, least, most, areaM2 is { } area ? [new DegreeNumber("areaM2", area)] : [], reasons);
}
