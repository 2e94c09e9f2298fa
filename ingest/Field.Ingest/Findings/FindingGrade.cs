using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Ingest.Assets;
using Field.Store;
using Field.Vision.Grade;

namespace Field.Ingest.Findings;

/// <summary>
/// The draft degree of a finding by the table that applies to its class and asset (SPEC.md section 14), with the numbers it came from. A pure
/// function of the finding's columns, its facts and its asset, so that it is derived again when links change.
/// </summary>
internal static class FindingGrade
{
    /// <summary>No table grades it.</summary>
    public const string NoTable = "no-table";

    /// <summary>The photo has no scale: the degree is open.</summary>
    public const string NoScale = "no-scale";

    /// <summary>It is linked to no asset: graded as of a bridge.</summary>
    public const string AssetUnknown = "asset-unknown";

    /// <summary>It is linked to no element: taken for a member other than the deck slab.</summary>
    public const string MemberUnknown = "member-unknown";

    /// <summary>Another element is as near: graded by the nearest.</summary>
    public const string MemberAmbiguous = "member-ambiguous";

    /// <summary>Neither the member nor the ledger tells steel from concrete: taken for steel.</summary>
    public const string MaterialUnknown = "material-unknown";

    private const string DeckSlab = "Ds";
    private const int DeckCrackType = 11; // 床版ひびわれ
    private const int LeakageType = 8;
    private const double UnresolvedPx = 0.5;
    private const double MillimetresPerMetre = 1000;

    private sealed record Draft(int? DamageType, string? Scale, Degree? Least, Degree? Most, IReadOnlyList<DegreeNumber> Numbers, IReadOnlyList<string> Reasons)
    {
        public static Draft None(int? damageType, string? scale) => new(damageType, scale, null, null, [], [NoTable]);

        public static Draft Of(DraftDegree degree) => new(degree.DamageType, DamageClass.BridgeScale, degree.Least, degree.Most, degree.Numbers, degree.Reasons);
    }

    /// <summary>The finding with its draft degree and urgency.</summary>
    /// <param name="finding">With its measures and links.</param>
    /// <param name="facts">What else the photo tells.</param>
    /// <param name="asset">The asset it is linked to, or null.</param>
    public static Feature Apply(Feature finding, GradeFacts facts, Feature? asset)
    {
        Draft draft = Of(finding, facts, asset);
        return finding.With(
            ("damageType", (long?)draft.DamageType),
            ("rankScale", draft.Scale),
            ("degreeLeast", draft.Least?.Letter()),
            ("degreeMost", draft.Most?.Letter()),
            ("degreeNumbers", NumbersText([.. draft.Numbers, .. Measured(finding), .. facts.Numbers()])),
            ("degreeReasons", ReasonsText([.. draft.Reasons, .. facts.Reasons()])),
            ("urgency", Urgency.Of(finding, draft.Scale, draft.Most)));
    }

    private static Draft Of(Feature finding, GradeFacts facts, Feature? asset)
    {
        string damage = finding.Text("class") ?? "";
        string? kind = finding.Text("assetId")?.Split(':')[0];
        string? scale = DamageClass.ScaleOf(damage, finding.Text("assetId"));
        if (scale != DamageClass.BridgeScale)
        {
            return scale is null ? Draft.None(null, null) : OnLevee(finding, facts, damage);
        }

        Draft draft = OnBridge(finding, facts, damage, BridgeMaterial.Of(kind == AssetKind.Bridge ? asset : null));
        return kind is null ? draft with { Reasons = [.. draft.Reasons, AssetUnknown] } : draft;
    }

    private static Draft OnBridge(Feature finding, GradeFacts facts, string damage, BridgeMaterial material)
    {
        double? area = finding.Real("areaM2");
        return damage switch
        {
            DamageClass.Crack => Crack(finding, facts, material),
            DamageClass.Spalling => Draft.Of(SurfaceDegrees.Spalling(facts.HasRebar ? Vision.Grade.Corrosion.Light : null, area, isCorrosionKnown: !facts.HasRebar)),
            DamageClass.Rebar => Draft.Of(SurfaceDegrees.Spalling(Vision.Grade.Corrosion.Light, area, isCorrosionKnown: false)),
            DamageClass.Efflorescence => Draft.Of(SurfaceDegrees.Leakage(freeLime: null, mudOrRust: facts.HasRust, heavy: false, area)),
            _ => Corrosion(finding, material, area),
        };
    }

    private static Draft Crack(Feature finding, GradeFacts facts, BridgeMaterial material)
    {
        string? member = Member(finding);
        if (member == DeckSlab)
        {
            return Draft.None(DeckCrackType, DamageClass.BridgeScale) with { Reasons = [NoTable, .. MemberDoubts(finding)] };
        }

        if (finding.Real("gsdM") is not { } gsd)
        {
            return new Draft(CrackDegree.DamageType, DamageClass.BridgeScale, Degree.B, Degree.E, [], [NoScale, .. MemberDoubts(finding)]);
        }

        double gsdMm = gsd * MillimetresPerMetre;
        CrackEvidence crack = new(finding.Real("maxWidthMm") / gsdMm ?? UnresolvedPx, gsdMm, facts.SpacingM)
        {
            WidthSigmaPx = (finding.Real("widthErrorMm") ?? 0) / gsdMm, // holds the error of the scale too
            ScaleSigma = 0,
        };
        ConcreteKind? concrete = member is "P" or "A" ? ConcreteKind.Reinforced : material.Concrete; // piers and abutments are not prestressed
        Draft draft = Draft.Of(CrackDegree.Of(crack, concrete));
        return draft with { Reasons = [.. draft.Reasons, .. MemberDoubts(finding)] };
    }

    /// <summary>On steel it is corrosion, type 1; on concrete a stain of rust, type 8, whose water may carry lime or not.</summary>
    private static Draft Corrosion(Feature finding, BridgeMaterial material, double? area)
    {
        string? member = Member(finding);
        bool? isSteel = member switch
        {
            "Bh" => true,
            "P" or "A" or DeckSlab => false,
            _ => material.IsSteel,
        };
        if (isSteel == false)
        {
            return new Draft(LeakageType, DamageClass.BridgeScale, Degree.C, Degree.E, [], [GradeFacts.RustStain, .. MemberDoubts(finding)]);
        }

        Draft draft = Draft.Of(SurfaceDegrees.SteelCorrosion(isDeep: null, isLarge: null, area));
        return draft with { Reasons = [.. draft.Reasons, .. MemberDoubts(finding), .. isSteel is null ? (string[])[MaterialUnknown] : []] };
    }

    private static Draft OnLevee(Feature finding, GradeFacts facts, string damage)
    {
        double? gsdMm = finding.Real("gsdM") * MillimetresPerMetre;
        bool resolvable = finding.Flag("resolvable") ?? true;
        Limits? width = Around(finding.Real("maxWidthMm"), finding.Real("widthErrorMm")) ?? (gsdMm is { } most && !resolvable ? new Limits(0, most) : null);
        DraftRank rank = LeveeRank.Of(damage, new LeveeEvidence(
            Around(finding.Real("lengthM"), finding.Real("lengthErrorM")), width, Around(finding.Real("areaM2"), facts.AreaErrorM2)))!;
        string[] doubts = [.. gsdMm is null ? (string[])[NoScale] : [], .. DamageClass.IsLine(damage) && !resolvable ? (string[])[CrackDegree.NotResolvable] : []];
        return new Draft(null, DamageClass.LeveeScale, rank.Least, rank.Most, [], [.. rank.Reasons, .. doubts]);
    }

    private static Limits? Around(double? value, double? error) => value is { } v ? Limits.Around(v, error ?? 0) : null;

    /// <summary>The letters of the member code, such as Mg of element:B1/Mg0101.</summary>
    private static string? Member(Feature finding) => finding.Text("elementId") is { } id ? new string([.. id[(id.LastIndexOf('/') + 1)..].TakeWhile(char.IsAsciiLetter)]) : null;

    private static string[] MemberDoubts(Feature finding) => finding.Text("elementId") is null ? [MemberUnknown]
        : finding.Text("assetReason") == AssetLink.ElementAmbiguous ? [MemberAmbiguous] : [];

    /// <summary>The measures of the finding that a table or a person looks at.</summary>
    private static IEnumerable<DegreeNumber> Measured(Feature finding)
    {
        string[] columns = DamageClass.IsLine(finding.Text("class") ?? "")
            ? ["maxWidthMm", "widthErrorMm", "lengthM", "lengthErrorM"]
            : ["areaM2", "lengthM", "lengthErrorM"];
        IEnumerable<DegreeNumber> gsd = finding.Real("gsdM") is { } metres ? [new DegreeNumber("gsdMm", metres * MillimetresPerMetre)] : [];
        return [.. gsd, .. columns.Where(c => finding.Real(c) is not null).Select(c => new DegreeNumber(c == "widthErrorMm" ? "maxWidthErrorMm" : c, finding.Real(c)!.Value))];
    }

    private static string NumbersText(IEnumerable<DegreeNumber> numbers) => Text(writer =>
    {
        writer.WriteStartObject();
        foreach (DegreeNumber number in numbers.DistinctBy(n => n.Name))
        {
            writer.WriteNumber(number.Name, Math.Round(number.Value, 6));
        }

        writer.WriteEndObject();
    });

    private static string ReasonsText(IEnumerable<string> reasons) => Text(writer =>
    {
        writer.WriteStartArray();
        foreach (string reason in reasons.Distinct())
        {
            writer.WriteStringValue(reason);
        }

        writer.WriteEndArray();
    });

    private static string Text(Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
