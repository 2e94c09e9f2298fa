namespace Field.Vision.Grade;

/// <summary>How the concrete is reinforced: decides which crack is wide.</summary>
public enum ConcreteKind
{
    /// <summary>Reinforced concrete (RC).</summary>
    Reinforced,

    /// <summary>Prestressed concrete (PC).</summary>
    Prestressed,
}

/// <summary>What a photo tells of a crack.</summary>
/// <param name="MaxWidthPx">Largest width, pixels.</param>
/// <param name="GsdMm">Ground sample distance at the crack, millimetres per pixel.</param>
/// <param name="SpacingM">Distance to the nearest crack beside it, metres; null when the photo does not tell.</param>
public sealed record CrackEvidence(double MaxWidthPx, double GsdMm, Limits? SpacingM)
{
    /// <summary>Standard deviation of a width in pixels; the card's figure where there is one.</summary>
    public double WidthSigmaPx { get; init; } = 0.5;

    /// <summary>Standard deviation of the ground sample distance as a share of it: the height's and the focal length's.</summary>
    public double ScaleSigma { get; init; } = 0.05;
}

/// <summary>
/// Damage type 6, cracks (ひびわれ): the largest width against the smallest spacing (DOMAIN.md, bridges).
/// Small, medium and large are bounded by 0.2 and 0.3 mm in reinforced concrete, by 0.1 and 0.2 mm in prestressed; spacing by 0.5 m.
/// </summary>
public static class CrackDegree
{
    /// <summary>Number of the damage type.</summary>
    public const int DamageType = 6;

    /// <summary>The width is below about one ground sample distance: no number is given.</summary>
    public const string NotResolvable = "not-resolvable";

    /// <summary>Reinforced or prestressed is not known: the degree covers both.</summary>
    public const string ConcreteUnknown = "concrete-unknown";

    /// <summary>The photo does not show half a metre around the crack: another may be near.</summary>
    public const string SpacingUnknown = "spacing-unknown";

    /// <summary>The measurement's error reaches over a boundary of the table.</summary>
    public const string NearBoundary = "near-boundary";

    private const double ResolvablePx = 1;
    private const double DenseM = 0.5;

    private static readonly double[] ReinforcedMm = [0.2, 0.3];
    private static readonly double[] PrestressedMm = [0.1, 0.2];

    /// <summary>The draft degree of a crack, b to e.</summary>
    /// <param name="crack">What the photo tells.</param>
    /// <param name="kind">The concrete, or null when it is not known.</param>
    public static DraftDegree Of(CrackEvidence crack, ConcreteKind? kind)
    {
        ArgumentNullException.ThrowIfNull(crack);
        bool resolvable = crack.MaxWidthPx >= ResolvablePx;
        Limits width = WidthMm(crack);
        (int leastWidth, int mostWidth) = Classes(width, kind);
        (int leastDense, int mostDense) = Dense(crack.SpacingM);

        List<string> reasons = [];
        Note(!resolvable, NotResolvable);
        Note(kind is null, ConcreteUnknown);
        Note(crack.SpacingM is null, SpacingUnknown);
        Note(resolvable && Crosses(crack, width, kind), NearBoundary);
        return new DraftDegree(DamageType, Degree.B + leastWidth + leastDense, Degree.B + mostWidth + mostDense, Numbers(crack, width, resolvable), reasons);

        void Note(bool holds, string reason)
        {
            if (holds)
            {
                reasons.Add(reason);
            }
        }
    }

    /// <summary>Between which limits the width lies with 95 % confidence, millimetres; one that cannot be resolved is anything up to a pixel.</summary>
    public static Limits WidthMm(CrackEvidence crack)
    {
        ArgumentNullException.ThrowIfNull(crack);
        if (crack.MaxWidthPx < ResolvablePx)
        {
            return new Limits(0, crack.GsdMm);
        }

        double width = crack.MaxWidthPx * crack.GsdMm;
        return Limits.Around(width, ErrorMm(crack));
    }

    /// <summary>One standard deviation of the width, millimetres.</summary>
    private static double ErrorMm(CrackEvidence crack) =>
        double.Hypot(crack.WidthSigmaPx * crack.GsdMm, crack.ScaleSigma * crack.MaxWidthPx * crack.GsdMm);

    private static (int Least, int Most) Classes(Limits widthMm, ConcreteKind? kind) => kind switch
    {
        ConcreteKind.Reinforced => widthMm.Reached(ReinforcedMm),
        ConcreteKind.Prestressed => widthMm.Reached(PrestressedMm),
        _ => (widthMm.Reached(ReinforcedMm).Least, widthMm.Reached(PrestressedMm).Most),
    };

    /// <summary>1 when the spacing is below half a metre.</summary>
    private static (int Least, int Most) Dense(Limits? spacingM) => spacingM is { } s ? (s.Most < DenseM ? 1 : 0, s.Least < DenseM ? 1 : 0) : (0, 1);

    private static bool Crosses(CrackEvidence crack, Limits width, ConcreteKind? kind)
    {
        double middle = crack.MaxWidthPx * crack.GsdMm;
        return Classes(width, kind) != Classes(new Limits(middle, middle), kind);
    }

    private static List<DegreeNumber> Numbers(CrackEvidence crack, Limits width, bool resolvable)
    {
        List<DegreeNumber> numbers = [new("gsdMm", crack.GsdMm)];
        if (resolvable)
        {
            numbers.Add(new("maxWidthMm", crack.MaxWidthPx * crack.GsdMm));
            numbers.Add(new("maxWidthErrorMm", ErrorMm(crack)));
            numbers.Add(new("maxWidthLeastMm", width.Least));
        }

        numbers.Add(new("maxWidthMostMm", width.Most));
        if (crack.SpacingM is { } spacing)
        {
            numbers.Add(new("spacingLeastM", spacing.Least));
            if (double.IsFinite(spacing.Most))
            {
                numbers.Add(new("spacingMostM", spacing.Most));
            }
        }

        return numbers;
    }
}
