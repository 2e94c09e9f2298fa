namespace Field.Geo.Impact;

/// <summary>How two hazard maps differ for the people: an old one against a new one.</summary>
/// <param name="Newly">Affected by the new map only.</param>
/// <param name="Both">Affected by both.</param>
/// <param name="NoLonger">Affected by the old map only.</param>
/// <param name="Deeper">Of those in <see cref="Both"/>, whom the new map gives a deeper class.</param>
public sealed record ScenarioComparison(ImpactCount Newly, ImpactCount Both, ImpactCount NoLonger, ImpactCount Deeper)
{
    /// <summary>Where a point stands in the comparison, also the class of a table of it.</summary>
    public enum Change
    {
        /// <summary>Neither map affects it.</summary>
        Neither,

        /// <summary>Only the new one.</summary>
        Newly,

        /// <summary>Both.</summary>
        Both,

        /// <summary>Only the old one.</summary>
        NoLonger,
    }

    /// <summary>Compares.</summary>
    /// <param name="points">Who lives there.</param>
    /// <param name="older">Class of each point by the old map.</param>
    /// <param name="newer">By the new map.</param>
    /// <param name="leastClass">From this class on a point is affected.</param>
    /// <exception cref="ArgumentOutOfRangeException">Class 0 would affect everybody.</exception>
    public static ScenarioComparison Of(ResidentPoints points, ReadOnlySpan<byte> older, ReadOnlySpan<byte> newer, int leastClass)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(leastClass, 1);
        Span<ImpactCount> sums = stackalloc ImpactCount[4];
        ImpactCount deeper = default;
        for (int i = 0; i < points.Count; i++)
        {
            Change change = At(older[i], newer[i], leastClass);
            sums[(int)change] += points.At(i);
            if (change == Change.Both && newer[i] > older[i])
            {
                deeper += points.At(i);
            }
        }

        return new ScenarioComparison(sums[(int)Change.Newly], sums[(int)Change.Both], sums[(int)Change.NoLonger], deeper);
    }

    /// <summary>Where each point stands, to be counted by area or mesh.</summary>
    public static byte[] ChangeOf(ReadOnlySpan<byte> older, ReadOnlySpan<byte> newer, int leastClass)
    {
        byte[] changes = new byte[newer.Length];
        for (int i = 0; i < changes.Length; i++)
        {
            changes[i] = (byte)At(older[i], newer[i], leastClass);
        }

        return changes;
    }

    private static Change At(byte older, byte newer, int leastClass) => (older >= leastClass, newer >= leastClass) switch
    {
        (false, false) => Change.Neither,
        (false, true) => Change.Newly,
        (true, true) => Change.Both,
        (true, false) => Change.NoLonger,
    };
}
