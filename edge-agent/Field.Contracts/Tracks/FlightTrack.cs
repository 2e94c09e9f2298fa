namespace Field.Contracts.Tracks;

/// <summary>Where an aircraft was at one time, and how it and its camera looked; null where the record is silent.</summary>
/// <param name="Time">When.</param>
/// <param name="Lon">Degrees.</param>
/// <param name="Lat">Degrees.</param>
public readonly record struct TrackPoint(DateTimeOffset Time, double Lon, double Lat)
{
    /// <summary>Metres above sea or ellipsoid, as the record has it.</summary>
    public double? AltitudeM { get; init; }

    /// <summary>Metres above the place of take-off.</summary>
    public double? RelativeAltitudeM { get; init; }

    /// <summary>Direction of the nose, clockwise from true north.</summary>
    public double? FlightYawDeg { get; init; }

    /// <summary>Direction of the camera, clockwise from true north.</summary>
    public double? GimbalYawDeg { get; init; }

    /// <summary>-90 looks straight down.</summary>
    public double? GimbalPitchDeg { get; init; }

    /// <summary>About the optical axis.</summary>
    public double? GimbalRollDeg { get; init; }
}

/// <summary>A part of a record that could not be used.</summary>
/// <param name="At">Line from 1 of a text, byte from 0 of a binary record.</param>
/// <param name="Code">Why, of <see cref="TrackFaultCodes"/>.</param>
public readonly record struct TrackFault(long At, string Code);

/// <summary>Stable codes of what is wrong with a part of a record.</summary>
public static class TrackFaultCodes
{
    /// <summary>A time line, or the clock in the text, is not a time.</summary>
    public const string BadTime = "bad-time";

    /// <summary>No position where one belongs: the record was cut off, or the receiver was silent.</summary>
    public const string NoPosition = "no-position";

    /// <summary>A position that is none on the earth.</summary>
    public const string BadPosition = "bad-position";

    /// <summary>0, 0, which receivers write before their first fix.</summary>
    public const string NoFix = "no-fix";

    /// <summary>A passage longer than any that a camera writes.</summary>
    public const string TooLong = "too-long";

    /// <summary>Text that belongs to no passage.</summary>
    public const string Stray = "stray";

    /// <summary>Not a record of the kind.</summary>
    public const string WrongKind = "wrong-kind";

    /// <summary>Bytes that are no message: the record is damaged here.</summary>
    public const string Damaged = "damaged";

    /// <summary>The record ends in the middle of a message.</summary>
    public const string CutOff = "cut-off";

    /// <summary>Written in a way that this reader does not know.</summary>
    public const string NewerFormat = "newer-format";
}

/// <summary>How the times of a track are known.</summary>
public enum TrackClock
{
    /// <summary>From satellites.</summary>
    Utc,

    /// <summary>The device's clock, without its offset to UTC.</summary>
    Local,

    /// <summary>Only since the record's beginning; the times count from <see cref="DateTimeOffset.UnixEpoch"/>.</summary>
    Unknown,
}

/// <summary>What a flight record says of the flight.</summary>
public sealed record FlightTrack
{
    /// <summary>Faults kept; more are only counted.</summary>
    public const int MostFaults = 1000;

    /// <summary>In the order of time.</summary>
    public IReadOnlyList<TrackPoint> Points { get; init; } = [];

    /// <summary>The first <see cref="MostFaults"/> parts that were left out.</summary>
    public IReadOnlyList<TrackFault> Faults { get; init; } = [];

    /// <summary>All parts that were left out.</summary>
    public int FaultCount { get; init; }

    /// <summary>How the times are known.</summary>
    public TrackClock Clock { get; init; }

    /// <summary>Smallest difference of time that the record tells apart, seconds.</summary>
    public double TimeStepS { get; init; }

    /// <summary>Smallest difference of a coordinate that the record tells apart, degrees.</summary>
    public double PlaceStepDeg { get; init; }

    /// <summary>The same track when its record's own clock was at zero at this time (first frame of a video, start of the aircraft).</summary>
    public FlightTrack StartingAt(DateTimeOffset zero) => this with
    {
        Clock = TrackClock.Utc,
        Points = [.. Points.Select(p => p with { Time = Shift(zero, p.Time - DateTimeOffset.UnixEpoch) })],
    };

    /// <summary>A time moved, and held within the calendar: records lie.</summary>
    internal static DateTimeOffset Shift(DateTimeOffset time, TimeSpan by)
    {
        DateTimeOffset utc = time.ToUniversalTime();
        return by >= TimeSpan.Zero
            ? (DateTimeOffset.MaxValue - utc < by ? DateTimeOffset.MaxValue : utc + by)
            : (utc - DateTimeOffset.MinValue < -by ? DateTimeOffset.MinValue : utc + by);
    }
}

/// <summary>Collects what was left out, without end in number but not in memory.</summary>
internal sealed class TrackFaults
{
    private readonly List<TrackFault> _kept = [];

    public int Count { get; private set; }

    public IReadOnlyList<TrackFault> Kept => _kept;

    public void Add(long at, string code)
    {
        Count++;
        if (_kept.Count < FlightTrack.MostFaults)
        {
            _kept.Add(new TrackFault(at, code));
        }
    }
}
