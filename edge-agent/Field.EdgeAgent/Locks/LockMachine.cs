using Field.Contracts.Locks;

namespace Field.EdgeAgent.Locks;

/// <summary>Bolt and door as last known; it survives a restart, so that what happened meanwhile is noticed.</summary>
/// <param name="Locked">The bolt is out; null when never known.</param>
/// <param name="DoorOpen">The door is open; null when never known.</param>
internal sealed record BoltAndDoor(bool? Locked = null, bool? DoorOpen = null);

/// <summary>Something that was told to move the bolt and waits for the hardware to confirm it.</summary>
/// <param name="Unlock">Which way.</param>
/// <param name="Cause">The event to report then: by whom.</param>
/// <param name="Deadline">When it has failed.</param>
internal sealed record PendingMove(bool Unlock, LockEvent Cause, DateTimeOffset Deadline);

/// <summary>What changes in the hardware mean. Pure: reports and times go in, events come out.</summary>
internal sealed class LockMachine(LockPolicy policy, BoltAndDoor known)
{
    private const string Unknown = "unknown";
    private const double BatteryHysteresisPercent = 5;

    // Some hardware tells the new state first and who did it a moment later: the event waits for the name.
    private static readonly TimeSpan NameComesWithin = TimeSpan.FromSeconds(2);

    private readonly List<PendingMove> _pending = [];
    private (bool Locked, DateTimeOffset Until)? _unnamed;
    private DateTimeOffset? _openSince;
    private bool _leftOpenTold;
    private bool _batteryLowTold;
    private bool _reachable = true;

    /// <summary>Bolt and door.</summary>
    public BoltAndDoor Known { get; private set; } = known;

    /// <summary>Somebody works on the lock.</summary>
    public bool Tamper { get; private set; }

    /// <summary>0 to 100, or null.</summary>
    public double? BatteryPercent { get; private set; }

    /// <summary>Remembers an order, so that its event can name who gave it.</summary>
    public void Expect(PendingMove move) => _pending.Add(move);

    /// <summary>Takes a report.</summary>
    public IEnumerable<LockEvent> Apply(HardwareInput.Report report, DateTimeOffset now)
    {
        List<LockEvent> events = [];
        if (report.Reachable is { } reachable && reachable != _reachable)
        {
            _reachable = reachable;
            events.Add(new LockEvent(reachable ? LockEventKinds.Reachable : LockEventKinds.Unreachable));
        }

        if (report.Tamper is { } tamper)
        {
            if (tamper && !Tamper)
            {
                events.Add(new LockEvent(LockEventKinds.Tamper) { Cause = "hardware" });
            }

            Tamper = tamper;
        }

        ApplyBolt(report, now, events);
        ApplyDoor(report, events);
        ApplyBattery(report, events);
        return events;
    }

    /// <summary>What is due: orders that were not carried out, changes nobody put a name to, a door left open.</summary>
    /// <param name="now">Now.</param>
    /// <param name="inSlot">True while somebody has booked.</param>
    /// <param name="failed">Orders that the hardware did not carry out.</param>
    public IEnumerable<LockEvent> Tick(DateTimeOffset now, bool inSlot, out IReadOnlyList<PendingMove> failed)
    {
        List<LockEvent> events = [];
        failed = [.. _pending.Where(p => p.Deadline <= now)];
        _pending.RemoveAll(failed.Contains);
        if (_unnamed is { } change && change.Until <= now)
        {
            _unnamed = null;
            events.Add(Moved(change.Locked, Unknown, null));
        }

        bool doorOpen = Known.DoorOpen == true;
        if (inSlot || !(doorOpen || (Known.Locked == false && Known.DoorOpen is null)))
        {
            (_openSince, _leftOpenTold) = (null, false);
            return events;
        }

        _openSince ??= now;
        if (!_leftOpenTold && now - _openSince >= policy.LeftOpenAfter)
        {
            _leftOpenTold = true;
            events.Add(new LockEvent(LockEventKinds.LeftOpen) { Minutes = Math.Round((now - _openSince.Value).TotalMinutes, 1), Cause = doorOpen ? "door" : "bolt" });
        }

        return events;
    }

    private static LockEvent Moved(bool locked, string? by, long? user) =>
        new(locked ? LockEventKinds.Locked : LockEventKinds.Unlocked) { By = by, User = user };

    private void ApplyBolt(HardwareInput.Report report, DateTimeOffset now, List<LockEvent> events)
    {
        if (report.Locked is not { } locked)
        {
            return;
        }

        PendingMove[] confirmed = [.. _pending.Where(p => p.Unlock != locked)];
        bool changed = Known.Locked is { } before && before != locked;
        Known = Known with { Locked = locked };
        if (report.By is { } by and not "command")
        {
            // A person at the door: an order that still waits is answered by the hardware's next report.
            _unnamed = null;
            events.Add(Moved(locked, by, report.User));
        }
        else if (confirmed.Length > 0)
        {
            _unnamed = null;
            _pending.RemoveAll(confirmed.Contains);
            events.AddRange(confirmed.Select(p => p.Cause));
        }
        else if (changed)
        {
            if (_unnamed is { } earlier)
            {
                events.Add(Moved(earlier.Locked, Unknown, null));
            }

            _unnamed = (locked, now + NameComesWithin);
        }
    }

    private void ApplyDoor(HardwareInput.Report report, List<LockEvent> events)
    {
        if (report.DoorOpen is not { } open)
        {
            return;
        }

        if (Known.DoorOpen is { } before && before != open)
        {
            events.Add(new LockEvent(open ? LockEventKinds.DoorOpened : LockEventKinds.DoorClosed));
        }

        Known = Known with { DoorOpen = open };
    }

    private void ApplyBattery(HardwareInput.Report report, List<LockEvent> events)
    {
        BatteryPercent = report.BatteryPercent ?? BatteryPercent;
        bool low = report.BatteryLow == true || report.BatteryPercent <= policy.BatteryLowPercent;
        if (low && !_batteryLowTold)
        {
            _batteryLowTold = true;
            events.Add(new LockEvent(LockEventKinds.BatteryLow) { BatteryPercent = BatteryPercent });
        }
        else if (!low && report.BatteryPercent > policy.BatteryLowPercent + BatteryHysteresisPercent)
        {
            _batteryLowTold = false;
        }
    }
}
