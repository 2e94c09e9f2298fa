using System.Text;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.EdgeAgent.Commands;
using Field.EdgeAgent.Locks;

namespace Field.Tests.Edge.Locks;

/// <summary>Commands and lists of grants: what a lock takes from the network, and what it refuses.</summary>
public sealed class LockCommandTests : IDisposable
{
    private static readonly HardwareInput.Report BoltOpen = new() { Locked = false };

    private readonly LockBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Sealed_command_opens_and_is_answered_when_the_bolt_moved()
    {
        Assert.Equal(["UNLOCK"], _bench.Send(_bench.Command("c-1")).Words());
        Assert.Equal(["lock-unlocked command c-1", "c-1 Done"], _bench.Take(BoltOpen).Words());
        Assert.Equal(["LOCK"], _bench.Send(_bench.Command("c-2", "lock.close")).Words());
        Assert.Equal(["lock-locked command c-2", "c-2 Done"], _bench.Take(new HardwareInput.Report { Locked = true }).Words());
    }

    [Fact]
    public void Bolt_that_does_not_move_is_answered_as_failed()
    {
        _bench.Send(_bench.Command("c-1"));
        _bench.Time.Advance(_bench.Policy.NoAnswerAfter - TimeSpan.FromSeconds(1));
        Assert.Empty(_bench.Controller.Tick());
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["lock-failed no-answer c-1", "c-1 Failed no-answer"], _bench.Controller.Tick().Words());
    }

    [Fact]
    public void Replayed_command_is_refused_also_after_a_power_cut_and_after_its_expiry()
    {
        DeviceCommand command = _bench.Command("c-1");
        _bench.Send(command);
        _bench.Take(BoltOpen);
        _bench.Controller.AnswerIsKept("c-1");
        Assert.Equal(["c-1 Refused duplicate"], _bench.Send(command).Words());
        Assert.Empty(_bench.PowerCycle());
        Assert.Equal(["c-1 Refused duplicate"], _bench.Send(command).Words());
        _bench.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(["c-1 Refused duplicate"], _bench.Send(command).Words());
    }

    [Fact]
    public void Command_cut_off_by_the_power_is_answered_and_never_done_again()
    {
        DeviceCommand command = _bench.Command("c-1");
        Assert.Equal(["UNLOCK"], _bench.Send(command).Words());
        Assert.Equal(["c-1 Failed interrupted"], _bench.PowerCycle().Words());
        _bench.Controller.AnswerIsKept("c-1");
        Assert.Equal(["c-1 Refused duplicate"], _bench.Send(command).Words());
        Assert.Empty(_bench.PowerCycle());
    }

    [Fact]
    public void Expired_command_is_refused_also_when_the_board_wakes_up_in_the_past()
    {
        DeviceCommand late = _bench.Command("c-1", seconds: 60);
        _bench.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(["c-1 Expired"], _bench.Send(late).Words());
        Assert.Equal(["UNLOCK"], _bench.Send(_bench.Command("c-2")).Words());
        _bench.PowerCycle(clockJump: -TimeSpan.FromDays(3000));
        Assert.Equal(["c-1 Expired"], _bench.Send(late).Words());
    }

    [Fact]
    public void Command_that_was_forgotten_to_make_room_stays_expired()
    {
        DeviceCommand first = _bench.Command("first", seconds: 600);
        _bench.Send(first);
        _bench.Controller.AnswerIsKept("first");
        for (int i = 1; i < BegunCommands.MaxCommands; i++)
        {
            _bench.Send(_bench.Command($"c-{i}", seconds: 600));
            _bench.Controller.AnswerIsKept($"c-{i}");
        }

        Assert.Equal(["one-more Refused busy"], _bench.Send(_bench.Command("one-more")).Words());
        _bench.Time.Advance(TimeSpan.FromSeconds(601));
        Assert.Equal(["UNLOCK"], _bench.Send(_bench.Command("next")).Words());
        _bench.PowerCycle(clockJump: -TimeSpan.FromDays(3000));
        Assert.NotEqual(["UNLOCK"], _bench.Send(first).Words());
    }

    [Fact]
    public void Command_without_the_seal_of_this_lock_is_refused_and_not_remembered()
    {
        DeviceCommand good = _bench.Command("c-1");
        DeviceCommand[] forged =
        [
            good with { MacHex = null },
            good with { MacHex = new string('0', 64) },
            good with { ExpiresAt = good.ExpiresAt.AddHours(1) },
            good with { Reason = "another" },
            new DeviceCommand("c-1", "lock.open", "x", _bench.Now, _bench.Now.AddMinutes(1)).Sealed(LockSecret.Generate(), LockBench.Identity.LockId),
            good.Sealed(LockBench.Identity.Secret, "aoba/lock-08"),
        ];
        Assert.All(forged, f => Assert.Equal(["c-1 Refused not-sealed"], _bench.Send(f).Words()));
        Assert.Equal(["UNLOCK"], _bench.Send(good).Words());
    }

    [Fact]
    public void Command_without_a_reason_is_refused_and_whoever_asked_hears_why()
    {
        byte[] message = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_bench.Command("c-1").Write("aoba", "lock-07")).Replace("避難所の開設", " ", StringComparison.Ordinal));
        Assert.Equal(["c-1 Refused malformed: missing /data/reason"], _bench.Controller.TakeCommand(message).Words());
        Assert.Equal(["c-2 Refused unknown-command"], _bench.Send(_bench.Command("c-2", "lock.explode")).Words());
    }

    [Fact]
    public void Command_for_another_lock_is_refused()
    {
        byte[] other = _bench.Command("c-1").Write("aoba", "lock-08");
        Assert.Equal(["c-1 Refused malformed: mismatch /subject"], _bench.Controller.TakeCommand(other).Words());
    }

    [Fact]
    public void Junk_is_answered_a_few_times_an_hour_only()
    {
        Assert.Empty(_bench.Controller.TakeCommand("not json"u8.ToArray()));
        DeviceCommand forged = _bench.Command("c-1") with { MacHex = null };
        int answered = Enumerable.Range(0, 500).Sum(_ => _bench.Send(forged).Count);
        Assert.Equal(CommandDesk.UnsealedAnswersPerHour, answered);
        _bench.Time.Advance(TimeSpan.FromHours(1));
        Assert.Single(_bench.Send(forged with { IssuedAt = _bench.Now, ExpiresAt = _bench.Now.AddMinutes(1) }));
    }

    [Fact]
    public void Older_list_of_grants_is_refused_and_the_newer_stays()
    {
        LockGrants old = _bench.List(1, LockBench.Grant("b-1", _bench.Now, 8));
        Assert.Equal(["lock-grants-taken v1"], _bench.Give(old).Words());
        Assert.Empty(_bench.Give(old)); // retained: comes with every connection
        Assert.Equal(["lock-grants-taken v2"], _bench.Give(2).Words()); // the booking was withdrawn
        Assert.Equal(["lock-grants-refused rollback"], _bench.Give(old).Words());
        _bench.PowerCycle();
        Assert.Equal(["lock-grants-refused rollback"], _bench.Give(old).Words());
        Assert.Equal(["lock-grants-refused rollback"], _bench.Give(_bench.List(2, LockBench.Grant("b-1", _bench.Now, 8))).Words());
        Assert.Equal(["lock-denied wrong-pin"], _bench.Type(LockBench.Pin).Words());
    }

    [Fact]
    public void Forged_or_malformed_list_is_refused_and_the_last_stays()
    {
        _bench.Give(1, LockBench.Grant("b-1", _bench.Now, 8));
        LockGrants forged = _bench.List(9, LockBench.Grant("evil", _bench.Now, 8, "666666")) with { Version = 10 };
        Assert.Equal(["lock-grants-refused not-sealed"], _bench.Give(forged).Words());
        Assert.Equal(["lock-grants-refused not-sealed"], _bench.Give(new LockGrants(3, _bench.Now, []).Sealed(LockSecret.Generate(), LockBench.Identity.LockId)).Words());
        Assert.Equal(["lock-grants-refused malformed"], _bench.Controller.TakeGrants("[]"u8.ToArray()).Words());
        Assert.Equal(["lock-denied wrong-pin"], _bench.Type("666666").Words());
        Assert.Equal(["UNLOCK"], _bench.Type(LockBench.Pin).Words());
    }

    [Fact]
    public void Memory_keeps_its_state_through_thousands_of_changes_and_stays_small()
    {
        _bench.Give(1, LockBench.Grant("b-1", _bench.Now, 1000, oneTime: true));
        _bench.Type(LockBench.Pin);
        _bench.Take(BoltOpen);
        for (int i = 0; i < 3000; i++)
        {
            _bench.Memory.SetFailures(i % 7);
        }

        _bench.Memory.SetFailures(3);
        Assert.InRange(new FileInfo(Path.Combine(_bench.Folder, "lock-memory")).Length, 1, 40_000);
        _bench.PowerCycle();
        Assert.Equal((3, true, 1L, new BoltAndDoor(false, false)), (_bench.Memory.Failures, _bench.Memory.IsUsed("b-1"), _bench.Memory.Grants!.Version, _bench.Memory.Door));
    }

    [Fact]
    public void Memory_of_another_lock_is_refused_with_a_sentence()
    {
        _bench.Give(1, LockBench.Grant("b-1", _bench.Now, 1));
        _bench.Memory.Dispose();
        FieldException error = Assert.Throws<FieldException>(() => LockMemory.Open(_bench.Folder, "aoba", "lock-08"));
        Assert.Contains("another lock", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Torn_memory_keeps_everything_before_the_tear()
    {
        _bench.Give(1, LockBench.Grant("b-1", _bench.Now, 8));
        _bench.Type("000000");
        _bench.Memory.Dispose();
        string path = Path.Combine(_bench.Folder, "lock-memory");
        using (FileStream file = new(path, FileMode.Append))
        {
            file.Write([9, 0, 0, 0, 1, 2, 3]);
        }

        _bench.PowerCycle();
        Assert.Equal(7, _bench.Memory.TornBytes);
        Assert.Equal(1, _bench.Memory.Failures);
        Assert.Equal(["UNLOCK"], _bench.Type(LockBench.Pin).Words());
    }
}
