namespace Field.Contracts.Tracks;

/// <summary>Why a photo gets no place from a track.</summary>
public enum TrackRefusal
{
    /// <summary>It got one.</summary>
    None,

    /// <summary>The track has no place.</summary>
    EmptyTrack,

    /// <summary>The track does not know at what time of day it was recorded.</summary>
    ClockUnknown,

    /// <summary>The photo does not say when it was taken.</summary>
    NoCaptureTime,

    /// <summary>The photo was taken before the track begins or after it ends.</summary>
    OutsideTrack,

    /// <summary>The track has a hole at that time.</summary>
    TrackGap,
}

/// <summary>Where the aircraft was when a photo was taken.</summary>
/// <param name="Refusal">Why there is no place.</param>
/// <param name="Point">Interpolated between the neighbours in time; default with a refusal.</param>
/// <param name="ErrorM">Expected horizontal error, one standard deviation, metres.</param>
/// <param name="OutsideBy">With <see cref="TrackRefusal.OutsideTrack"/>: from the nearer end of the track to the photo, negative before its beginning.</param>
public readonly record struct TrackPlace(TrackRefusal Refusal, TrackPoint Point, double ErrorM, TimeSpan OutsideBy = default);

/// <summary>
/// Gives photos without GPS the place of the aircraft at their time of capture. Assumed: the clocks of camera and record differ by no more
/// than the offset given, and the aircraft flew straight between two points of the record. The stated error adds up the receiver (2.5 m),
/// the step of the record's coordinates, and the way flown in the time that the two clocks may be apart (the steps of both: EXIF counts
/// whole seconds).
/// </summary>
/// <param name="track">The flight's record.</param>
/// <param name="clockOffset">What to add to a photo's time to get the track's.</param>
public sealed class TrackPlacement(FlightTrack track, TimeSpan clockOffset = default)
{
    /// <summary>A longer hole is not bridged: the aircraft may have turned.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(5);

    private const double ReceiverM = 2.5;
    private const double ExifStepS = 1;
    private const double MetresPerDegree = 111_320;
    private static readonly TimeSpan BeyondEnd = TimeSpan.FromSeconds(1);

    /// <summary>The place at the time of a photo.</summary>
    public TrackPlace At(DateTimeOffset? capturedAt)
    {
        IReadOnlyList<TrackPoint> points = track.Points;
        TrackRefusal refusal = points.Count == 0 ? TrackRefusal.EmptyTrack
            : track.Clock == TrackClock.Unknown ? TrackRefusal.ClockUnknown
            : capturedAt is null ? TrackRefusal.NoCaptureTime
            : TrackRefusal.None;
        if (refusal != TrackRefusal.None)
        {
            return new TrackPlace(refusal, default, 0);
        }

        DateTimeOffset time = FlightTrack.Shift(capturedAt!.Value, clockOffset);
        if (time < points[0].Time - BeyondEnd || time > points[^1].Time + BeyondEnd)
        {
            return new TrackPlace(TrackRefusal.OutsideTrack, default, 0, time < points[0].Time ? time - points[0].Time : time - points[^1].Time);
        }

        int after = FirstNotBefore(points, time);
        TrackPoint next = points[Math.Min(after, points.Count - 1)];
        TrackPoint last = points[Math.Max(0, after - 1)];
        return next.Time - last.Time > LongestGap
            ? new TrackPlace(TrackRefusal.TrackGap, default, 0)
            : new TrackPlace(TrackRefusal.None, Between(last, next, time), ErrorM(points, after));
    }

    private static int FirstNotBefore(IReadOnlyList<TrackPoint> points, DateTimeOffset time)
    {
        (int low, int high) = (0, points.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = points[middle].Time < time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static TrackPoint Between(TrackPoint a, TrackPoint b, DateTimeOffset time)
    {
        double share = b.Time > a.Time ? Math.Clamp((time - a.Time) / (b.Time - a.Time), 0, 1) : 0;
        double? Mix(double? from, double? to) => from is { } f && to is { } t ? f + ((t - f) * share) : share < 0.5 ? from : to;
        double? Turn(double? from, double? to) => from is { } f && to is { } t ? f + (Math.IEEERemainder(t - f, 360) * share) : share < 0.5 ? from : to;
        return new TrackPoint(time, Mix(a.Lon, b.Lon)!.Value, Mix(a.Lat, b.Lat)!.Value)
        {
            AltitudeM = Mix(a.AltitudeM, b.AltitudeM),
            RelativeAltitudeM = Mix(a.RelativeAltitudeM, b.RelativeAltitudeM),
            FlightYawDeg = Turn(a.FlightYawDeg, b.FlightYawDeg),
            GimbalYawDeg = Turn(a.GimbalYawDeg, b.GimbalYawDeg),
            GimbalPitchDeg = Mix(a.GimbalPitchDeg, b.GimbalPitchDeg),
            GimbalRollDeg = Turn(a.GimbalRollDeg, b.GimbalRollDeg),
        };
    }

    private double ErrorM(IReadOnlyList<TrackPoint> points, int after)
    {
        // Speed over a second or more: frames of one second share one place of the receiver.
        int from = Math.Clamp(after - 1, 0, points.Count - 1);
        int to = Math.Clamp(after, 0, points.Count - 1);
        while (points[to].Time - points[from].Time < TimeSpan.FromSeconds(1) && (from > 0 || to < points.Count - 1))
        {
            (from, to) = (Math.Max(0, from - 1), Math.Min(points.Count - 1, to + 1));
        }

        double seconds = (points[to].Time - points[from].Time).TotalSeconds;
        double speed = seconds > 0 ? DistanceM(points[from], points[to]) / seconds : 0;
        double clockS = Math.Sqrt(((ExifStepS * ExifStepS) + (track.TimeStepS * track.TimeStepS)) / 12); // evenly spread within a step
        double step = track.PlaceStepDeg * MetresPerDegree / Math.Sqrt(6); // two coordinates
        return Math.Sqrt((ReceiverM * ReceiverM) + (step * step) + (speed * clockS * speed * clockS));
    }

    private static double DistanceM(TrackPoint a, TrackPoint b)
    {
        double north = (b.Lat - a.Lat) * MetresPerDegree;
        double east = Math.IEEERemainder(b.Lon - a.Lon, 360) * MetresPerDegree * Math.Cos(double.DegreesToRadians(a.Lat));
        return Math.Sqrt((north * north) + (east * east));
    }
}
