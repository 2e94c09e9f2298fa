using Field.Contracts.Locks;
using Field.EdgeAgent.Locks;

namespace Field.Tests.Edge.Locks;

/// <summary>What changes in the hardware mean.</summary>
public sealed class LockMachineTests : IDisposable
{
    private readonly LockBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void First_report_is_how_things_are_and_no_event() =>
        Assert.Equal(new BoltAndDoor(true, false), _bench.Controller.Door);

    [Fact]
    public void Door_events_come_once_per_change()
    {
        Assert.Equal(["door-opened"], _bench.Take(new HardwareInput.Report { DoorOpen = true }).Words());
        Assert.Empty(_bench.Take(new HardwareInput.Report { DoorOpen = true }));
        Assert.Equal(["door-closed"], _bench.Take(new HardwareInput.Report { DoorOpen = false }).Words());
    }

    [Fact]
    public void What_happened_while_the_agent_was_away_is_noticed()
    {
        _bench.PowerCycle();
        Assert.Equal(["door-opened"], _bench.Take(new HardwareInput.Report { Locked = false, DoorOpen = true }).Words());
        _bench.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["lock-unlocked unknown"], _bench.Controller.Tick().Words());
    }

    [Fact]
    public void Name_that_comes_after_the_state_is_the_event_s_name()
    {
        Assert.Empty(_bench.Take(new HardwareInput.Report { Locked = false }));
        Assert.Equal(["lock-unlocked key"], _bench.Take(new HardwareInput.Report { Locked = false, By = "key" }).Words());
        _bench.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(_bench.Controller.Tick());
    }

    [Fact]
    public void Change_that_goes_back_before_it_has_a_name_is_not_lost()
    {
        Assert.Empty(_bench.Take(new HardwareInput.Report { Locked = false }));
        Assert.Equal(["lock-unlocked unknown"], _bench.Take(new HardwareInput.Report { Locked = true }).Words());
        _bench.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["lock-locked unknown"], _bench.Controller.Tick().Words());
    }

    [Fact]
    public void Tamper_is_told_when_it_begins()
    {
        Assert.Equal(["lock-tamper hardware"], _bench.Take(new HardwareInput.Report { Tamper = true }).Words());
        Assert.Empty(_bench.Take(new HardwareInput.Report { Tamper = true }));
        Assert.Empty(_bench.Take(new HardwareInput.Report { Tamper = false }));
        Assert.Equal(["lock-tamper hardware"], _bench.Take(new HardwareInput.Report { Tamper = true }).Words());
    }

    [Fact]
    public void Battery_is_told_once_until_it_was_changed()
    {
        string[][] told = [.. new double[] { 50, 20, 19, 21, 24, 18, 100, 20 }.Select(p => _bench.Take(new HardwareInput.Report { BatteryPercent = p }).Words())];
        Assert.Equal([[], ["lock-battery-low"], [], [], [], [], [], ["lock-battery-low"]], told);
        using LockBench other = new();
        Assert.Equal(["lock-battery-low"], other.Take(new HardwareInput.Report { BatteryLow = true }).Words());
    }

    [Fact]
    public void Door_left_open_outside_every_slot_is_told_once()
    {
        _bench.Give(1, LockBench.Grant("b-1", _bench.Now, 1));
        _bench.Take(new HardwareInput.Report { DoorOpen = true });
        _bench.Time.Advance(TimeSpan.FromMinutes(61));
        Assert.Empty(_bench.Controller.Tick()); // the slot and its tolerance
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_bench.Controller.Tick());
        _bench.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(["lock-left-open door"], _bench.Controller.Tick().Words());
        _bench.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(_bench.Controller.Tick());
    }

    [Fact]
    public void Hardware_that_cannot_be_reached_is_told_at_each_change()
    {
        Assert.Empty(_bench.Take(new HardwareInput.Report { Reachable = true }));
        Assert.Equal(["lock-unreachable"], _bench.Take(new HardwareInput.Report { Reachable = false }).Words());
        Assert.Empty(_bench.Take(new HardwareInput.Report { Reachable = false }));
        Assert.Equal(["lock-reachable"], _bench.Take(new HardwareInput.Report { Reachable = true }).Words());
    }

    [Fact]
    public void Lock_that_checks_by_itself_reports_wrong_codes_and_guessing_is_an_alarm()
    {
        HardwareInput.Report wrong = new() { Denied = true, User = 3 };
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(["lock-denied reported #3"], _bench.Take(wrong).Words());
        }

        Assert.Equal(["lock-denied reported #3", "lock-tamper pin-guessing"], _bench.Take(wrong).Words());
    }

    [Fact]
    public void Codes_are_in_the_hardware_while_their_slot_lasts_and_name_their_grant()
    {
        using LockBench bench = new(codeUsers: [10, 11]);
        LockGrant Booking(string id, double from, double hours) => new(id, new Slot(bench.Now.AddHours(from), bench.Now.AddHours(from + hours)), null);
        IReadOnlyList<LockOutput> outputs = bench.Give(1, Booking("a", 0, 2), Booking("b", 1, 2), Booking("c", 5, 1));
        Assert.Equal(["lock-grants-taken v1", "code 10 a"], outputs.Words());

        // The bridge was not there: it is asked again, and only what was set is remembered.
        bench.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(bench.Controller.Tick());
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        Confirm(bench, bench.Controller.Tick(), "code 10 a");
        Assert.Equal(["lock-unlocked grant a #10"], bench.Take(new HardwareInput.Report { Locked = false, By = "user", User = 10 }).Words());
        Assert.Equal(["lock-locked auto"], bench.Take(new HardwareInput.Report { Locked = true, By = "auto" }).Words());
        Assert.Equal(["lock-unlocked user #3"], bench.Take(new HardwareInput.Report { Locked = false, By = "user", User = 3 }).Words());
        bench.Take(new HardwareInput.Report { Locked = true, By = "auto" });

        bench.Time.Advance(TimeSpan.FromHours(1));
        Confirm(bench, bench.Controller.Tick(), "code 11 b");
        bench.PowerCycle();
        bench.Time.Advance(TimeSpan.FromHours(1.1));
        Confirm(bench, bench.Controller.Tick(), "code 10 cleared");
        bench.Time.Advance(TimeSpan.FromHours(3));
        Confirm(bench, bench.Controller.Tick(), "code 11 cleared", "code 10 c");
    }

    private static void Confirm(LockBench bench, IReadOnlyList<LockOutput> outputs, params string[] expected)
    {
        Assert.Equal(expected, outputs.Words());
        foreach (LockOutput.SetCode code in outputs.OfType<LockOutput.SetCode>())
        {
            bench.Controller.CodeIsSet(code.Slot);
        }
    }
}
