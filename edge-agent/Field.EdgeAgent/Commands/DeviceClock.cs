namespace Field.EdgeAgent.Commands;

/// <summary>
/// A device's clock: the board's, but never before the latest server time seen in a command or list that it trusts. A board without a
/// battery starts in 1970, and somebody may set its clock back; neither opens a slot that is over, nor makes an expired command valid again.
/// </summary>
internal sealed class DeviceClock(TimeProvider time)
{
    private DateTimeOffset _floor = DateTimeOffset.UnixEpoch;
    private long _floorAt = time.GetTimestamp();

    /// <summary>Now, in UTC.</summary>
    public DateTimeOffset Now
    {
        get
        {
            DateTimeOffset board = time.GetUtcNow();
            DateTimeOffset atLeast = _floor + time.GetElapsedTime(_floorAt);
            return board > atLeast ? board : atLeast;
        }
    }

    /// <summary>Learns a server time; an earlier one than the last changes nothing.</summary>
    public void Learn(DateTimeOffset serverTime)
    {
        if (serverTime > Now)
        {
            (_floor, _floorAt) = (serverTime.ToUniversalTime(), time.GetTimestamp());
        }
    }
}
