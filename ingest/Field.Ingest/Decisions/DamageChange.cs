using Field.Store;

namespace Field.Ingest.Decisions;

/// <summary>What became of one damage between two inspections.</summary>
/// <param name="Kind">One of the constants.</param>
/// <param name="Before">The finding of the first inspection, or null.</param>
/// <param name="After">The finding of the second, or null.</param>
/// <param name="Differences">The measures that both have.</param>
/// <param name="Reason">A code that says more, or null.</param>
public sealed record DamageChange(string Kind, Feature? Before, Feature? After, IReadOnlyList<MeasureDifference> Differences, string? Reason = null)
{
    /// <summary>Only the second inspection found it.</summary>
    public const string New = "new";

    /// <summary>A measure grew by more than the two measurements' error.</summary>
    public const string Grown = "grown";

    /// <summary>Both found it, no larger than measured before as far as can be told.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>Only the first found it, and the second photographed the whole place well enough.</summary>
    public const string Repaired = "repaired";

    /// <summary>Only the first found it, and the second did not photograph the place, or not well enough.</summary>
    public const string NotSeenAgain = "not-seen-again";

    /// <summary>Of a new one: the first inspection did not photograph its place, so that it may be older.</summary>
    public const string NotPhotographedBefore = "not-photographed-before";

    /// <summary>The second inspection did not photograph the whole place with photos that are sharp, exposed and scored.</summary>
    public const string NotPhotographed = "not-photographed";

    /// <summary>The second inspection photographed it only from farther away.</summary>
    public const string TooCoarse = "too-coarse";

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [New, Grown, Unchanged, Repaired, NotSeenAgain];
}

/// <summary>One measure of a damage at two times.</summary>
/// <param name="Name">Column of the finding: <c>lengthM</c>, <c>maxWidthMm</c> or <c>areaM2</c>.</param>
/// <param name="Before">Then.</param>
/// <param name="After">Now.</param>
/// <param name="Sigma">One standard deviation of the difference.</param>
public sealed record MeasureDifference(string Name, double Before, double After, double Sigma)
{
    private const double Sigmas = 2;

    /// <summary>True when it grew by more than two standard deviations.</summary>
    public bool IsGrowth => After - Before > Sigmas * Sigma;
}
