namespace Field.Geo.Routes;

/// <summary>Elevation of the ground along a line.</summary>
internal sealed class GroundProfile(IReadOnlyList<GroundSample> samples)
{
    internal IReadOnlyList<GroundSample> Samples => samples;

    /// <summary>Finite, and each farther along the line than the one before.</summary>
    internal bool IsValid =>
        samples.All(s => double.IsFinite(s.DistanceM) && double.IsFinite(s.GroundM))
        && Enumerable.Range(1, Math.Max(0, samples.Count - 1)).All(i => samples[i].DistanceM > samples[i - 1].DistanceM);

    internal double GroundM(double distanceM)
    {
        if (samples.Count == 0)
        {
            return 0;
        }

        var (next, end) = (0, samples.Count);
        while (next < end)
        {
            var middle = (next + end) / 2;
            (next, end) = samples[middle].DistanceM < distanceM ? (middle + 1, end) : (next, middle);
        }

        if (next == 0 || next == samples.Count)
        {
            return samples[Math.Min(next, samples.Count - 1)].GroundM;
        }

        var (a, b) = (samples[next - 1], samples[next]);
        return a.GroundM + ((b.GroundM - a.GroundM) * (distanceM - a.DistanceM) / (b.DistanceM - a.DistanceM));
    }
}
