using System.Text.RegularExpressions;

namespace Field.Ingest.Assets;

/// <summary>The kinds of assets and what each asks of its rows.</summary>
internal static partial class AssetKind
{
    public const string Bridge = "bridge";
    public const string Element = "element";
    public const string Levee = "levee";
    public const string Mark = "mark";
    public const string Road = "road";

    public static IReadOnlyList<string> All { get; } = [Bridge, Element, Levee, Mark, Road];

    /// <summary>Member codes of 橋梁定期点検要領: main girder, cross beam, deck slab, pier, abutment, bearing.</summary>
    public const string MemberCodes = "Mg, Cr, Ds, P, A, Bh";

    /// <summary>The id of an asset.</summary>
    public static string IdOf(string kind, string ledgerId, string? bridge) => kind == Element ? $"{kind}:{bridge}/{ledgerId}" : $"{kind}:{ledgerId}";

    public static bool IsElementCode(string text) => ElementCode().IsMatch(text);

    /// <summary>What a geometry of the kind may be, for people; null when any may be.</summary>
    public static (string Ja, string En)? GeometryOf(string kind) => kind switch
    {
        Levee => ("一本の線", "one line"),
        Mark => ("点", "a point"),
        Road => ("線または面", "a line or an area"),
        _ => null,
    };

    [GeneratedRegex("^(Mg|Cr|Ds|P|A|Bh)[0-9]{2,4}$")]
    private static partial Regex ElementCode();
}
