namespace Field.Vision.Grade;

/// <summary>What a photo tells of a damage on a levee; null where it tells nothing, such as without a scale.</summary>
/// <param name="LengthM">Length of a crack, metres.</param>
/// <param name="WidthMm">Largest width of a crack, millimetres.</param>
/// <param name="AreaM2">Area, square metres.</param>
public sealed record LeveeEvidence(Limits? LengthM, Limits? WidthMm, Limits? AreaM2);

/// <summary>A draft of a levee rank: a 異常なし, b 要監視段階, c 予防保全段階, d 措置段階.</summary>
/// <param name="Least">The mildest rank that the numbers allow.</param>
/// <param name="Most">The worst rank that the numbers allow.</param>
/// <param name="Reasons">Codes of what was assumed or left it open.</param>
public sealed record DraftRank(Degree Least, Degree Most, IReadOnlyList<string> Reasons);

/// <summary>
/// Draft ranks of levee damage from its size. The evaluation manual (堤防等河川管理施設の点検・評価要領) names the ranks and leaves the judgement to
/// people; these thresholds are Field's own, they order the places for the person who decides, and every draft says so (<see cref="OwnRule"/>).
/// What is found is at least b.
/// </summary>
public static class LeveeRank
{
    /// <summary>The thresholds are not of a manual.</summary>
    public const string OwnRule = "own-rule";

    /// <summary>A photo does not tell how deep it is: the worst rank is one higher.</summary>
    public const string DepthUnknown = "depth-unknown";

    /// <summary>A photo does not tell whether the water carries soil: the worst rank is d.</summary>
    public const string TurbidityUnknown = "turbidity-unknown";

    private static readonly double[] SoilCrackWidthMm = [20, 50];
    private static readonly double[] SoilCrackLengthM = [5, 20];
    private static readonly double[] RevetmentCrackWidthMm = [5, 20];
    private static readonly double[] SlumpM2 = [10];
    private static readonly double[] ErosionM2 = [1, 10];
    private static readonly double[] SubsidenceM2 = [5];
    private static readonly double[] SpallingM2 = [0.5];
    private static readonly Limits Anything = new(0, double.PositiveInfinity);

    /// <summary>The draft rank of a class of SPEC.md section 14, or null for a class that has none.</summary>
    public static DraftRank? Of(string damage, LeveeEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return damage switch
        {
            "levee-crack" => Worse(From(Degree.B, evidence.WidthMm, SoilCrackWidthMm), From(Degree.B, evidence.LengthM, SoilCrackLengthM)),
            "slump" => From(Degree.C, evidence.AreaM2, SlumpM2),
            "erosion" => Deeper(From(Degree.B, evidence.AreaM2, ErosionM2)),
            "subsidence" => Deeper(From(Degree.B, evidence.AreaM2, SubsidenceM2)),
            "seepage" => Draft(Degree.C, Degree.D, TurbidityUnknown),
            "crack" => From(Degree.B, evidence.WidthMm, RevetmentCrackWidthMm),
            "spalling" => From(Degree.B, evidence.AreaM2, SpallingM2),
            "rebar" => Draft(Degree.C, Degree.C),
            "efflorescence" or "corrosion" => Draft(Degree.B, Degree.B),
            _ => null,
        };
    }

    private static DraftRank From(Degree lowest, Limits? size, double[] boundaries)
    {
        (int least, int most) = (size ?? Anything).Reached(boundaries);
        return Draft(lowest + least, lowest + most);
    }

    private static DraftRank Worse(DraftRank a, DraftRank b) => Draft((Degree)Math.Max((int)a.Least, (int)b.Least), (Degree)Math.Max((int)a.Most, (int)b.Most));

    private static DraftRank Deeper(DraftRank draft) => Draft(draft.Least, (Degree)Math.Min((int)Degree.D, (int)draft.Most + 1), DepthUnknown);

    private static DraftRank Draft(Degree least, Degree most, params string[] reasons) => new(least, most, [OwnRule, .. reasons]);
}
