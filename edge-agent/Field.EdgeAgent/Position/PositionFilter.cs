namespace Field.EdgeAgent.Position;

/// <summary>
/// Lets a position pass when the last that passed is old enough and far enough away, or very old; and always when time went back. Not
/// safe for concurrent use.
/// </summary>
internal sealed class PositionFilter(TimeSpan atMostEvery, double deadBandM)
{
    /// <summary>A device that stands still says so again after so long.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(60);

    private const double MetresPerDegree = 111_195;

    private (PositionFix Fix, DateTimeOffset Time)? _last;

    /// <summary>True when it is to be sent; then the next is compared with it.</summary>
    public bool Passes(PositionFix fix, DateTimeOffset time)
    {
        if (_last is { } last && time >= last.Time && time - last.Time is var age && (age < atMostEvery || (age < Heartbeat && DistanceM(last.Fix, fix) < deadBandM)))
        {
            return false;
        }

        _last = (fix, time);
        return true;
    }

    private static double DistanceM(PositionFix a, PositionFix b)
    {
        double x = Math.IEEERemainder(b.Place.Lon - a.Place.Lon, 360) * Math.Cos(a.Place.Lat * Math.PI / 180) * MetresPerDegree;
        double y = (b.Place.Lat - a.Place.Lat) * MetresPerDegree;
        double z = Math.Max(Math.Abs(Change(a.Place.AltitudeM, b.Place.AltitudeM)), Math.Abs(Change(a.AboveTakeoffM, b.AboveTakeoffM)));
        return Math.Sqrt((x * x) + (y * y) + (z * z));
    }

    private static double Change(double? before, double? now) => now - before ?? 0;
}
