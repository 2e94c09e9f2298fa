using NetTopologySuite.Geometries;

namespace Field.Geo.Linear;

/// <summary>The levees of a municipality. Immutable; thread safe.</summary>
/// <param name="lines">In any order.</param>
public sealed class LeveeNetwork(IReadOnlyList<LeveeLine> lines)
{
    /// <summary>A degree of latitude is longer than this everywhere.</summary>
    private const double MetresPerDegree = 110_000;

    /// <summary>Its lines.</summary>
    public IReadOnlyList<LeveeLine> Lines { get; } = lines;

    /// <summary>Names a place by the nearest levee.</summary>
    /// <param name="place">Where.</param>
    /// <param name="limitM">Levees farther away are not considered.</param>
    /// <param name="toleranceM">
    /// A second levee that is farther by no more than this makes the answer <see cref="LinearReason.Ambiguous"/>: the error of the place.
    /// </param>
    /// <returns>Null when no levee is within the limit.</returns>
    public LeveePlace? Locate(LonLat place, double limitM, double toleranceM)
    {
        double latDegrees = limitM / MetresPerDegree;
        double lonDegrees = latDegrees / Math.Max(0.01, Math.Cos(double.DegreesToRadians(place.Lat)));
        Envelope around = new(place.Lon - lonDegrees, place.Lon + lonDegrees, place.Lat - latDegrees, place.Lat + latDegrees);
        LeveePlace[] near =
        [
            .. Lines.Where(l => l.Line.Envelope.Intersects(around)).Select(l => l.Locate(place))
                .Where(p => p.DistanceM <= limitM).OrderBy(p => p.DistanceM),
        ];
        if (near.Length == 0)
        {
            return null;
        }

        // Where one line goes on as the next, the one beside which the place lies knows better than the one that has ended.
        LeveePlace best = near.FirstOrDefault(p => p.Reason != LinearReason.BeyondEnd && p.DistanceM <= near[0].DistanceM + toleranceM) ?? near[0];
        bool isDoubtful = near.Any(p => p != best && p.DistanceM <= best.DistanceM + toleranceM && !IsSame(best, p, toleranceM));
        return isDoubtful ? best with { Reason = LinearReason.Ambiguous } : best;
    }

    /// <summary>The place of a mark.</summary>
    /// <param name="river">Name of the river.</param>
    /// <param name="bank">Its bank.</param>
    /// <param name="km">A mark, or kilometres between two marks.</param>
    /// <param name="metresUpstream">Metres from it along the levee, negative downstream.</param>
    /// <returns>Null when no levee of the river and bank reaches it.</returns>
    public LonLat? PlaceOf(string river, Bank bank, double km, double metresUpstream = 0) => Lines
        .Where(l => l.River == river && l.Bank == bank)
        .Select(l => l.PlaceOf(km, metresUpstream))
        .FirstOrDefault(p => p is not null);

    /// <summary>True when both name the same spot: one levee drawn as several lines.</summary>
    private static bool IsSame(LeveePlace a, LeveePlace b, double toleranceM) =>
        a.Line.River == b.Line.River && a.Line.Bank == b.Line.Bank
        && (b.Reason == LinearReason.BeyondEnd
            || (a.MarkKm is not null && a.MarkKm == b.MarkKm && Math.Abs(a.MarkOffsetM!.Value - b.MarkOffsetM!.Value) <= toleranceM));
}
