using NetTopologySuite.Geometries;

namespace Field.Geo.Linear;

/// <summary>A side of a river, looking downstream.</summary>
public enum Bank
{
    /// <summary>左岸.</summary>
    Left,

    /// <summary>右岸.</summary>
    Right,
}

/// <summary>A distance mark (距離標): kilometres from the mouth, on a post beside the levee.</summary>
/// <param name="Km">Grows upstream.</param>
/// <param name="Place">Where the post stands.</param>
public readonly record struct DistanceMark(double Km, LonLat Place);

/// <summary>Why a place on a levee is doubtful or has no mark.</summary>
public enum LinearReason
{
    /// <summary>Another levee of another river or bank, or another stretch, is about as near.</summary>
    Ambiguous,

    /// <summary>The place lies ahead of the line's end, not beside it; the mark is that of the end.</summary>
    BeyondEnd,

    /// <summary>Fewer than two distance marks belong to the line.</summary>
    NoMarks,

    /// <summary>Its distance marks do not rise or fall along the line.</summary>
    DisorderedMarks,
}

/// <summary>
/// A levee line with its distance marks. A place is named by the next mark downstream and the metres from it upstream along the
/// line: <c>12.3k + 40 m</c>. Marks are where they stand, also when they are not 100 m apart. Immutable.
/// </summary>
public sealed class LeveeLine
{
    /// <summary>A post farther from the line does not belong to it.</summary>
    public const double MarkReachM = 50;

    private const double VirtualMarkKm = 0.1;
    private const double SameKm = 1e-6;
    private readonly (double Km, double ChainageM)[] marks;
    private readonly double upstream;

    private LeveeLine(string id, string river, Bank? bank, MeasuredLine line, IEnumerable<(double Km, double ChainageM)> marks)
    {
        (Id, River, Bank, Line) = (id, river, bank, line);
        (double Km, double ChainageM)[] sorted = [.. marks.OrderBy(m => m.ChainageM)];
        upstream = sorted.Length > 1 ? Math.Sign(sorted[^1].Km - sorted[0].Km) : 0;
        bool isOrdered = sorted.Zip(sorted.Skip(1)).All(p => (p.Second.Km - p.First.Km) * upstream > SameKm && p.Second.ChainageM > p.First.ChainageM);
        Problem = sorted.Length < 2 ? LinearReason.NoMarks : isOrdered ? null : LinearReason.DisorderedMarks;
        this.marks = Problem is null ? [.. sorted.OrderBy(m => m.Km)] : [];
    }

    /// <summary>Its id among the assets.</summary>
    public string Id { get; }

    /// <summary>Name of the river.</summary>
    public string River { get; }

    /// <summary>Its bank, or null when the ledger does not tell.</summary>
    public Bank? Bank { get; }

    /// <summary>The line on the ground.</summary>
    public MeasuredLine Line { get; }

    /// <summary>Why it has no marks, or null.</summary>
    public LinearReason? Problem { get; }

    /// <summary>The lowest and highest mark; null without marks.</summary>
    public (double LowKm, double HighKm)? Range => marks.Length > 0 ? (marks[0].Km, marks[^1].Km) : null;

    /// <summary>1 when the river lies to the right of the line as it is drawn, -1 when to the left; null when bank or marks do not tell.</summary>
    public int? RiverSide => Bank is { } bank && marks.Length > 0 ? (int)upstream * (bank == Linear.Bank.Left ? -1 : 1) : null;

    /// <summary>A line whose marks are posts. Those beyond <see cref="MarkReachM"/> are left out.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="river">Name of the river.</param>
    /// <param name="bank">Its bank, or null.</param>
    /// <param name="line">x lon, y lat, drawn in either direction.</param>
    /// <param name="marks">Posts of the river and bank.</param>
    public static LeveeLine WithMarks(string id, string river, Bank? bank, LineString line, IEnumerable<DistanceMark> marks)
    {
        ArgumentNullException.ThrowIfNull(marks);
        MeasuredLine measured = new(line);
        return new LeveeLine(id, river, bank, measured, marks
            .Select(m => (m.Km, Foot: measured.Nearest(m.Place)))
            .Where(m => m.Foot.DistanceM <= MarkReachM && m.Foot.BeyondEndM < 1)
            .Select(m => (m.Km, m.Foot.ChainageM)));
    }

    /// <summary>A line of which only the kilometres at both ends are known: marks every 0.1 km are interpolated.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="river">Name of the river.</param>
    /// <param name="bank">Its bank, or null.</param>
    /// <param name="line">x lon, y lat.</param>
    /// <param name="startKm">At the first vertex.</param>
    /// <param name="endKm">At the last vertex.</param>
    public static LeveeLine WithEnds(string id, string river, Bank? bank, LineString line, double startKm, double endKm)
    {
        MeasuredLine measured = new(line);
        if (!(Math.Abs(endKm - startKm) > SameKm) || !double.IsFinite(endKm - startKm) || Math.Abs(endKm - startKm) > 1000)
        {
            return new LeveeLine(id, river, bank, measured, []);
        }

        double low = Math.Min(startKm, endKm);
        double high = Math.Max(startKm, endKm);
        double ChainageOf(double km) => (km - startKm) / (endKm - startKm) * measured.LengthM;
        List<(double, double)> marks = [(low, ChainageOf(low)), (high, ChainageOf(high))];
        for (double n = Math.Ceiling((low / VirtualMarkKm) + SameKm); n * VirtualMarkKm < high - SameKm; n++)
        {
            double km = Math.Round(n * VirtualMarkKm, 6);
            if (km - low > SameKm)
            {
                marks.Add((km, ChainageOf(km)));
            }
        }

        return new LeveeLine(id, river, bank, measured, marks);
    }

    /// <summary>Names a place.</summary>
    public LeveePlace Locate(LonLat place)
    {
        LineFoot foot = Line.Nearest(place);
        (double Km, double MetresUpstream)? mark = MarkAt(foot.ChainageM);
        LinearReason? reason = foot.BeyondEndM > 1 ? LinearReason.BeyondEnd : Problem;
        return new LeveePlace(this, mark?.Km, mark?.MetresUpstream, foot.DistanceM, upstream == 0 ? null : -upstream * foot.OffsetM, reason);
    }

    /// <summary>The place of a mark.</summary>
    /// <param name="km">A mark, or kilometres between two marks, which are interpolated.</param>
    /// <param name="metresUpstream">Metres from it along the line, negative downstream.</param>
    /// <param name="offsetM">Metres to the right of the line, looking downstream.</param>
    /// <returns>Null when it is not on this line.</returns>
    public LonLat? PlaceOf(double km, double metresUpstream = 0, double offsetM = 0)
    {
        if (marks.Length == 0 || !(km >= marks[0].Km - SameKm && km <= marks[^1].Km + SameKm))
        {
            return null;
        }

        int above = Math.Clamp(Array.FindIndex(marks, m => m.Km >= km - SameKm), 0, marks.Length - 1);
        double chainage = marks[above].ChainageM;
        if (above > 0 && marks[above].Km > km + SameKm)
        {
            (double lowKm, double lowM) = marks[above - 1];
            chainage = lowM + ((km - lowKm) / (marks[above].Km - lowKm) * (chainage - lowM));
        }

        chainage += upstream * metresUpstream;
        const double Rounding = 1e-3;
        return chainage >= -Rounding && chainage <= Line.LengthM + Rounding
            ? Line.At(Math.Clamp(chainage, 0, Line.LengthM), -upstream * offsetM)
            : null;
    }

    /// <summary>Names what lies between places, from downstream to upstream; null without marks.</summary>
    public LeveeStretch? Stretch(IEnumerable<LonLat> places)
    {
        LeveePlace[] named = [.. places.Select(Locate).Where(p => p.MarkKm is not null).OrderBy(p => p.MarkKm).ThenBy(p => p.MarkOffsetM)];
        return named.Length == 0 ? null : new LeveeStretch(River, Bank, named[0].MarkKm!.Value, named[0].MarkOffsetM!.Value, named[^1].MarkKm!.Value, named[^1].MarkOffsetM!.Value);
    }

    private (double Km, double MetresUpstream)? MarkAt(double chainageM)
    {
        if (marks.Length == 0)
        {
            return null;
        }

        const double Rounding = 1e-3;
        int below = Array.FindLastIndex(marks, m => (chainageM - m.ChainageM) * upstream >= -Rounding);
        (double km, double at) = marks[Math.Max(0, below)];
        return (km, (chainageM - at) * upstream);
    }
}

/// <summary>A place on a levee.</summary>
/// <param name="Line">The nearest line.</param>
/// <param name="MarkKm">The next mark downstream (the lowest one below it), or null without marks.</param>
/// <param name="MarkOffsetM">Metres from that mark upstream along the line, negative below the lowest mark.</param>
/// <param name="DistanceM">Metres from the line.</param>
/// <param name="OffsetM">The same, positive to the right of the line looking downstream; null when marks do not tell the direction.</param>
/// <param name="Reason">Why it is doubtful, or null.</param>
public sealed record LeveePlace(
    LeveeLine Line, double? MarkKm, double? MarkOffsetM, double DistanceM, double? OffsetM, LinearReason? Reason);
