namespace Field.Vision.Grade;

/// <summary>Degree of damage of the bridge inspection manual (橋梁定期点検要領), a (none) to e.</summary>
public enum Degree
{
    /// <summary>No damage.</summary>
    A,

    /// <summary>b.</summary>
    B,

    /// <summary>c.</summary>
    C,

    /// <summary>d.</summary>
    D,

    /// <summary>e, the worst.</summary>
    E,
}

/// <summary>A value of which only limits are known; both inclusive.</summary>
/// <param name="Least">Not below this.</param>
/// <param name="Most">Not above this; may be infinite.</param>
public readonly record struct Limits(double Least, double Most)
{
    private const double Sigmas = 1.96; // 95 %

    /// <summary>Where a measure of at least 0 lies with 95 % confidence.</summary>
    /// <param name="value">The measure.</param>
    /// <param name="error">Its standard deviation.</param>
    public static Limits Around(double value, double error) => new(Math.Max(0, value - (Sigmas * error)), value + (Sigmas * error));

    /// <summary>The number of boundaries, ascending, that the value has reached at least and at most.</summary>
    internal (int Least, int Most) Reached(ReadOnlySpan<double> boundaries)
    {
        int least = 0, most = 0;
        foreach (double boundary in boundaries)
        {
            least += Least >= boundary ? 1 : 0;
            most += Most >= boundary ? 1 : 0;
        }

        return (least, most);
    }
}

/// <summary>A number that a degree was derived from.</summary>
/// <param name="Name">With its unit, such as <c>maxWidthMm</c>.</param>
/// <param name="Value">The number.</param>
public sealed record DegreeNumber(string Name, double Value);

/// <summary>
/// A draft of a degree, for a person to decide. What the photo cannot tell stays open: then <see cref="Least"/> and <see cref="Most"/> differ.
/// </summary>
/// <param name="DamageType">Number of the damage type, 1 to 26 (DOMAIN.md, bridges).</param>
/// <param name="Least">The mildest degree that the numbers allow.</param>
/// <param name="Most">The worst degree that the numbers allow.</param>
/// <param name="Numbers">What it was derived from.</param>
/// <param name="Reasons">Codes of what was assumed or left it open, such as <c>not-resolvable</c>.</param>
public sealed record DraftDegree(int DamageType, Degree Least, Degree Most, IReadOnlyList<DegreeNumber> Numbers, IReadOnlyList<string> Reasons)
{
    /// <summary>As officers write it: <c>c</c>, or <c>b-d</c> while it is open.</summary>
    public override string ToString() => Least == Most ? Least.Letter() : $"{Least.Letter()}-{Most.Letter()}";
}

/// <summary>How degrees are written.</summary>
public static class DegreeText
{
    /// <summary><c>a</c> to <c>e</c>.</summary>
    public static string Letter(this Degree degree) => ((char)('a' + (int)degree)).ToString();
}
