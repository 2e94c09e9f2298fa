using Field.Contracts.Locks;
using Field.EdgeAgent.Locks;

namespace Field.Tests.Edge.Locks;

/// <summary>Who may open with which PIN, and what guessing earns.</summary>
public sealed class LockPinTests : IDisposable
{
    private static readonly HardwareInput.Report BoltOpen = new() { Locked = false };

    private readonly LockBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void PIN_in_its_slot_opens_and_names_its_grant()
    {
        Assert.Equal(["lock-grants-taken v1"], _bench.Give(1, LockBench.Grant("b-1", _bench.Now, 2)).Words());
        Assert.Equal(["UNLOCK"], _bench.Type(LockBench.Pin).Words());
        Assert.Equal(["lock-unlocked grant b-1"], _bench.Take(BoltOpen).Words());
        Assert.Equal(["lock-locked manual"], _bench.Take(new HardwareInput.Report { Locked = true, By = "manual" }).Words());
    }

    [Fact]
    public void PIN_opens_from_the_tolerance_before_its_slot_to_the_tolerance_after()
    {
        _bench.Give(1, LockBench.Grant("b-1", _bench.Now.AddHours(1), 2));
        string[] At(TimeSpan ahead)
        {
            _bench.Time.Advance(ahead);
            string[] words = _bench.Type(LockBench.Pin).Words();
            _bench.Take(new HardwareInput.Report { Locked = false });
            _bench.Take(new HardwareInput.Report { Locked = true, By = "manual" });
            return words;
        }

        Assert.Equal(["lock-denied wrong-pin"], At(TimeSpan.FromMinutes(57)));
        Assert.Equal(["UNLOCK"], At(TimeSpan.FromMinutes(1.5)));
        Assert.Equal(["UNLOCK"], At(TimeSpan.FromHours(2)));
        Assert.Equal(["UNLOCK"], At(TimeSpan.FromMinutes(3)));
        Assert.Equal(["lock-denied wrong-pin"], At(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Bookings_of_ten_days_open_without_any_network()
    {
        LockGrant[] days = [.. Enumerable.Range(0, 10).Select(d => LockBench.Grant($"day-{d}", _bench.Now.AddDays(d).AddHours(9), 2, $"55{d:00}41"))];
        _bench.Give(1, days);
        for (int day = 0; day < 10; day++)
        {
            _bench.Time.Advance(_bench.Now.Hour == 0 ? TimeSpan.FromHours(10) : TimeSpan.FromDays(1));
            _bench.PowerCycle();
            Assert.Equal(["lock-denied wrong-pin"], _bench.Type($"55{(day + 1) % 10:00}41").Words());
            Assert.Equal(["UNLOCK"], _bench.Type($"55{day:00}41").Words());
            Assert.Equal([$"lock-unlocked grant day-{day}"], _bench.Take(BoltOpen).Words());
            _bench.Take(new HardwareInput.Report { Locked = true, By = "manual" });
        }
    }

    [Fact]
    public void One_time_PIN_opens_once_also_after_a_power_cut_and_keeps_its_time_when_the_bolt_jammed()
    {
        _bench.Give(1, LockBench.Grant("b-1", _bench.Now, 8, oneTime: true));
        Assert.Equal(["UNLOCK"], _bench.Type(LockBench.Pin).Words());
        _bench.Time.Advance(_bench.Policy.NoAnswerAfter);
        Assert.Equal(["lock-failed no-answer b-1"], _bench.Controller.Tick().Words());
        Assert.Equal(["UNLOCK"], _bench.Type(LockBench.Pin).Words());
        Assert.Equal(["lock-unlocked grant b-1"], _bench.Take(BoltOpen).Words());
        Assert.Equal(["lock-denied one-time-used b-1"], _bench.Type(LockBench.Pin).Words());
        _bench.PowerCycle();
        Assert.Equal(["lock-denied one-time-used b-1"], _bench.Type(LockBench.Pin).Words());
    }

    [Fact]
    public void Guessing_is_refused_counted_and_reported_and_the_delays_grow()
    {
        _bench.Give(1, LockBench.Grant("b-1", _bench.Now, 48));
        for (int i = 1; i <= 4; i++)
        {
            Assert.Equal(["lock-denied wrong-pin"], _bench.Type($"00000{i}").Words());
        }

        IReadOnlyList<LockOutput> fifth = _bench.Type("000005");
        Assert.Equal(["lock-denied wrong-pin", "lock-tamper pin-guessing"], fifth.Words());
        LockEvent alarm = ((LockOutput.Happened)fifth[1]).Event;
        Assert.Equal((5L, 30.0), (alarm.Failures, alarm.DelaySeconds));

        // Locked out: the right PIN is not even looked at, and pressing on gives one event, not one per press.
        Assert.Equal(["lock-denied locked-out x1"], _bench.Type(LockBench.Pin).Words());
        for (int i = 0; i < 100; i++)
        {
            Assert.Empty(_bench.Type(LockBench.Pin));
        }

        _bench.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(["lock-denied locked-out x100"], _bench.Controller.Tick().Words());
        double[] delays = [.. Enumerable.Range(0, 9).Select(_ => DelayAfterAnotherGuess())];
        Assert.Equal([60, 120, 240, 480, 960, 1920, 3600, 3600, 3600], delays);
        Assert.Equal(["UNLOCK"], _bench.Type(LockBench.Pin).Words());
        _bench.Take(BoltOpen);
        Assert.Equal(["lock-denied wrong-pin"], _bench.Type("000000").Words());
        Assert.Equal(15, _bench.Controller.WrongPins);
    }

    [Fact]
    public void Power_cut_neither_clears_wrong_entries_nor_shortens_a_delay_nor_saves_a_try()
    {
        _bench.Give(1, LockBench.Grant("b-1", _bench.Now, 48));
        for (int i = 1; i <= 5; i++)
        {
            _bench.Type($"00000{i}");
            _bench.PowerCycle();
        }

        Assert.Equal(5, _bench.Memory.Failures);
        _bench.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(["lock-denied locked-out x1"], _bench.Type(LockBench.Pin).Words());
        _bench.PowerCycle(clockJump: TimeSpan.FromDays(3)); // the clock set ahead does not help either
        _bench.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(["lock-denied locked-out x1"], _bench.Type(LockBench.Pin).Words());
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("lock-tamper pin-guessing", _bench.Type("000006").Words());
    }

    [Fact]
    public void Entry_is_counted_before_it_is_checked()
    {
        _bench.Give(1, LockBench.Grant("b-1", _bench.Now, 8));
        string journal = Path.Combine(_bench.Folder, "lock-memory");
        long before = new FileInfo(journal).Length;
        _bench.Type("000001");
        byte[] bytes = File.ReadAllBytes(journal);
        Assert.Equal("F1", System.Text.Encoding.ASCII.GetString(bytes.AsSpan((int)before + 8, 2)));
        Assert.Equal(before + 8 + 2, bytes.Length);
    }

    [Fact]
    public void No_PIN_at_all_counts_as_a_wrong_one()
    {
        Assert.Equal(["lock-denied wrong-pin"], _bench.Type("12").Words());
        Assert.Equal(["lock-denied wrong-pin"], _bench.Type("1234567890123").Words());
        Assert.Equal(2, _bench.Memory.Failures);
    }

    [Fact]
    public void Key_box_takes_the_codes_of_now_without_any_list()
    {
        using LockBench box = new(new LockPolicy { KeyBox = true });
        Slot slot = new(box.Now.AddMinutes(-30), box.Now.AddHours(2));
        string code = KeyBoxCode.Compute(LockBench.Identity.Secret, LockBench.Identity.LockId, slot);
        Assert.Equal(["UNLOCK"], box.Type(code).Words());
        Assert.Equal(["lock-unlocked key-box"], box.Take(BoltOpen).Words());
        box.Time.Advance(TimeSpan.FromHours(2.1));
        Assert.Equal(["lock-denied wrong-pin"], box.Type(code).Words());
        Assert.Equal(["lock-denied wrong-pin"], _bench.Type(code).Words()); // a lock that is no key box
    }

    [Fact]
    public void Grant_without_a_PIN_opens_with_the_code_of_its_slot_until_it_is_withdrawn()
    {
        Slot slot = new(_bench.Now, _bench.Now.AddHours(2));
        string code = KeyBoxCode.Compute(LockBench.Identity.Secret, LockBench.Identity.LockId, slot);
        _bench.Give(1, new LockGrant("b-1", slot, null));
        Assert.Equal(["UNLOCK"], _bench.Type(code).Words());
        Assert.Equal(["lock-unlocked grant b-1"], _bench.Take(BoltOpen).Words());
        _bench.Give(2);
        Assert.Equal(["lock-denied wrong-pin"], _bench.Type(code).Words());
    }

    [Fact]
    public void Clock_set_back_opens_no_slot_that_is_over()
    {
        _bench.Give(1, LockBench.Grant("b-1", _bench.Now, 1));
        _bench.Time.Advance(TimeSpan.FromHours(3));
        _bench.Give(2, LockBench.Grant("b-1", _bench.Now.AddHours(-3), 1));
        _bench.PowerCycle(clockJump: TimeSpan.FromHours(-2.5));
        Assert.Equal(["lock-denied wrong-pin"], _bench.Type(LockBench.Pin).Words());
        _bench.PowerCycle(clockJump: -TimeSpan.FromDays(20_000)); // 1971
        Assert.Equal(["lock-denied wrong-pin"], _bench.Type(LockBench.Pin).Words());
    }

    private double DelayAfterAnotherGuess()
    {
        IReadOnlyList<LockOutput> outputs = _bench.Type("999999");
        double seconds = outputs.OfType<LockOutput.Happened>().Select(h => h.Event.DelaySeconds).Single(d => d is not null)!.Value;
        _bench.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.Equal(["lock-denied locked-out x1"], _bench.Type(LockBench.Pin).Words());
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        return seconds;
    }
}
