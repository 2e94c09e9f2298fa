using Field.Contracts;
using Field.Contracts.Locks;
using Field.EdgeAgent.Commands;

namespace Field.EdgeAgent.Locks;

/// <summary>Whose lock it is, and its secret.</summary>
/// <param name="Site">Site id.</param>
/// <param name="Device">Device id.</param>
/// <param name="Secret">Shared with the headquarters.</param>
internal sealed record LockIdentity(string Site, string Device, LockSecret Secret)
{
    /// <summary>The lock in seals.</summary>
    public string LockId => $"{Site}/{Device}";
}

/// <summary>
/// Decides everything a lock decides, without a network: who may open, which command is done, what is reported. Synchronous; inputs come
/// one at a time, outputs are to be carried out in order. What must survive a power cut is in the memory before the output leaves.
/// </summary>
internal sealed class LockController
{
    /// <summary>Draws the bolt.</summary>
    public const string Open = "lock.open";

    /// <summary>Throws the bolt.</summary>
    public const string Close = "lock.close";

    private readonly LockIdentity _identity;
    private readonly LockPolicy _policy;
    private readonly LockMemory _memory;
    private readonly DeviceClock _clock;
    private readonly LockMachine _machine;
    private readonly PinGuard _guard;
    private readonly CodeKeeper _codes;
    private readonly CommandDesk _commands;
    private int _untoldLockedOut;
    private bool _lockedOutTold;

    /// <summary>Creates the controller.</summary>
    /// <param name="identity">Whose lock it is.</param>
    /// <param name="policy">How it decides.</param>
    /// <param name="memory">What it knows; the caller disposes it.</param>
    /// <param name="codeUsers">The hardware's user slots for codes; empty when it checks none by itself.</param>
    /// <param name="time">The clock.</param>
    public LockController(LockIdentity identity, LockPolicy policy, LockMemory memory, IReadOnlyList<int> codeUsers, TimeProvider time)
    {
        (_identity, _policy, _memory) = (identity, policy, memory);
        _clock = new DeviceClock(time);
        _clock.Learn(memory.Commands.ServerTime);
        _machine = new LockMachine(policy, memory.Door);
        _guard = new PinGuard(memory.Failures, time);
        _codes = new CodeKeeper(identity, policy, memory, codeUsers);
        CommandRules rules = new(identity.Site, identity.Device, [Open, Close], c => c.IsSealedBy(identity.Secret, identity.LockId));
        _commands = new CommandDesk(rules, memory.Commands, _clock);
    }

    /// <summary>Wrong entries since the start.</summary>
    public long WrongPins { get; private set; }

    /// <summary>Bolt and door.</summary>
    public BoltAndDoor Door => _machine.Known;

    /// <summary>Somebody works on the lock.</summary>
    public bool Tamper => _machine.Tamper;

    /// <summary>0 to 100, or null.</summary>
    public double? BatteryPercent => _machine.BatteryPercent;

    /// <summary>The lock's time.</summary>
    public DateTimeOffset Now => _clock.Now;

    /// <summary>What an earlier run left: commands that the power cut off are answered, never done again.</summary>
    public IReadOnlyList<LockOutput> Start() =>
        [.. _memory.Commands.Interrupted.Select(id => new LockOutput.Answer(new CommandResult(id, CommandOutcome.Failed, "interrupted")))];

    /// <summary>Takes what the hardware told.</summary>
    public IReadOnlyList<LockOutput> Take(HardwareInput input) => input switch
    {
        HardwareInput.PinTyped typed => TakePin(typed.Pin),
        _ => TakeReport((HardwareInput.Report)input),
    };

    /// <summary>Takes a message from <c>down/command</c>.</summary>
    public IReadOnlyList<LockOutput> TakeCommand(ReadOnlyMemory<byte> payload)
    {
        (CommandResult? answer, DeviceCommand? accepted) = _commands.Take(payload);
        if (accepted is null)
        {
            return answer is null ? [] : [new LockOutput.Answer(answer)];
        }

        bool unlock = accepted.Name == Open;
        LockEvent cause = new(unlock ? LockEventKinds.Unlocked : LockEventKinds.Locked) { By = "command", CommandId = accepted.Id };
        _machine.Expect(new PendingMove(unlock, cause, _clock.Now + _policy.NoAnswerAfter));
        return [new LockOutput.Drive(unlock)];
    }

    /// <summary>Takes a message from <c>down/grants</c>.</summary>
    public IReadOnlyList<LockOutput> TakeGrants(ReadOnlyMemory<byte> payload)
    {
        if (LockGrants.Parse(payload, _identity.Site, _identity.Device).Value is not { } list)
        {
            return Refuse("malformed");
        }

        if (!list.IsSealedBy(_identity.Secret, _identity.LockId))
        {
            return Refuse("not-sealed");
        }

        if (_memory.Grants is { } last && list.Version <= last.Version)
        {
            return list.Version == last.Version && list.MacHex == last.MacHex ? [] : Refuse("rollback"); // the retained one comes with every connection
        }

        _memory.Take(list, payload);
        _clock.Learn(list.IssuedAt);
        return [Event(new LockEvent(LockEventKinds.GrantsTaken) { Version = list.Version }), .. _codes.Due(_clock.Now)];
    }

    /// <summary>What is due by now; to be called every second or so.</summary>
    public IReadOnlyList<LockOutput> Tick()
    {
        DateTimeOffset now = _clock.Now;
        List<LockOutput> outputs = [];
        if (!_guard.IsLockedOut)
        {
            TellLockedOut(outputs);
        }

        bool inSlot = _memory.Grants?.Grants.Any(g => g.Slot.Contains(now, _policy.Tolerance)) == true;
        outputs.AddRange(_machine.Tick(now, inSlot, out IReadOnlyList<PendingMove> failed).Select(Event));
        foreach (PendingMove move in failed)
        {
            outputs.AddRange(NoAnswer(move));
        }

        outputs.AddRange(_codes.Due(now));
        return outputs;
    }

    /// <summary>The hardware has, or has no more, a code.</summary>
    public void CodeIsSet(CodeSlot slot) => _memory.SetCode(slot.User, slot.Key);

    /// <summary>The answer to a command is in the outbox.</summary>
    public void AnswerIsKept(string commandId) => _commands.SetAnswered(commandId);

    private static LockOutput.Happened Event(LockEvent e) => new(e);

    private static LockOutput[] Refuse(string reason) => [Event(new LockEvent(LockEventKinds.GrantsRefused) { Reason = reason })];

    private List<LockOutput> TakePin(PinEntry? pin)
    {
        List<LockOutput> outputs = [];
        if (_guard.IsLockedOut)
        {
            _untoldLockedOut++;
            if (!_lockedOutTold)
            {
                TellLockedOut(outputs);
                _lockedOutTold = true;
            }

            return outputs;
        }

        TellLockedOut(outputs);
        _guard.Charge();
        _memory.SetFailures(_guard.Failures); // before the check: whoever cuts the power now has spent the try
        (LockGrant? grant, bool keyBox) = Find(pin);
        if (grant is null && !keyBox)
        {
            Deny(outputs, new LockEvent(LockEventKinds.Denied) { Reason = "wrong-pin", Failures = _guard.Failures });
            return outputs;
        }

        if (grant is { OneTime: true } && _memory.IsUsed(grant.GrantId))
        {
            Deny(outputs, new LockEvent(LockEventKinds.Denied) { Reason = "one-time-used", GrantId = grant.GrantId, Failures = _guard.Failures });
            return outputs;
        }

        _guard.Clear();
        _memory.SetFailures(0);
        if (grant is { OneTime: true })
        {
            _memory.SetUsed(grant.GrantId, used: true);
        }

        LockEvent cause = new(LockEventKinds.Unlocked) { By = keyBox ? "key-box" : "grant", GrantId = grant?.GrantId };
        _machine.Expect(new PendingMove(Unlock: true, cause, _clock.Now + _policy.NoAnswerAfter));
        outputs.Add(new LockOutput.Drive(Unlock: true));
        return outputs;
    }

    /// <summary>The grant of a PIN. Every grant of the moment is tried, so that the time it takes tells nothing.</summary>
    private (LockGrant? Grant, bool KeyBox) Find(PinEntry? pin)
    {
        if (pin is null)
        {
            return (null, false);
        }

        DateTimeOffset now = _clock.Now;
        LockGrant? found = null;
        foreach (LockGrant grant in _memory.Grants?.Grants.Where(g => g.Slot.Contains(now, _policy.Tolerance)) ?? [])
        {
            found = grant.Accepts(_identity.Secret, _identity.LockId, pin) ? found ?? grant : found;
        }

        bool keyBox = _policy.KeyBox && KeyBoxCode.Find(_identity.Secret, _identity.LockId, pin, now, _policy.Tolerance) is not null;
        return (found, keyBox && found is null);
    }

    private void Deny(List<LockOutput> outputs, LockEvent denied)
    {
        WrongPins++;
        _lockedOutTold = false;
        outputs.Add(Event(denied));
        if (_guard.Failures >= PinGuard.FreeFailures)
        {
            double delay = PinGuard.Delay(_guard.Failures).TotalSeconds;
            outputs.Add(Event(new LockEvent(LockEventKinds.Tamper) { Cause = "pin-guessing", Failures = _guard.Failures, DelaySeconds = delay }));
        }
    }

    /// <summary>One event stands for all entries refused unchecked: pressing keys must not fill the outbox.</summary>
    private void TellLockedOut(List<LockOutput> outputs)
    {
        if (_untoldLockedOut > 0)
        {
            outputs.Add(Event(new LockEvent(LockEventKinds.Denied) { Reason = "locked-out", Attempts = _untoldLockedOut, Failures = _guard.Failures }));
            _untoldLockedOut = 0;
        }
    }

    private List<LockOutput> TakeReport(HardwareInput.Report report)
    {
        List<LockOutput> outputs = [];
        foreach (LockEvent e in _machine.Apply(report, _clock.Now).Select(_codes.WithGrant))
        {
            outputs.Add(Event(e));
            if (e is { CommandId: { } commandId })
            {
                outputs.Add(new LockOutput.Answer(new CommandResult(commandId, CommandOutcome.Done)));
            }

            if (e is { Kind: LockEventKinds.Unlocked, By: "grant" or "user", User: not null })
            {
                UsedByHardware(e);
            }
        }

        _memory.SetDoor(_machine.Known);
        if (report.Denied)
        {
            _guard.Charge();
            _memory.SetFailures(_guard.Failures);
            Deny(outputs, new LockEvent(LockEventKinds.Denied) { Reason = "reported", User = report.User, Failures = _guard.Failures });
        }

        return outputs;
    }

    /// <summary>The hardware checked a code by itself: it was right.</summary>
    private void UsedByHardware(LockEvent e)
    {
        if (_guard.Failures > 0)
        {
            _guard.Clear();
            _memory.SetFailures(0);
        }

        if (e.GrantId is { } grantId && _memory.Grants?.Grants.Any(g => g.OneTime && g.GrantId == grantId) == true)
        {
            _memory.SetUsed(grantId, used: true);
        }
    }

    private IEnumerable<LockOutput> NoAnswer(PendingMove move)
    {
        LockEvent cause = move.Cause;
        if (cause.GrantId is { } grantId && _memory.IsUsed(grantId))
        {
            _memory.SetUsed(grantId, used: false); // it did not open: the one time is still theirs
        }

        yield return Event(new LockEvent(LockEventKinds.Failed) { Reason = "no-answer", GrantId = cause.GrantId, CommandId = cause.CommandId });
        if (cause.CommandId is { } commandId)
        {
            yield return new LockOutput.Answer(new CommandResult(commandId, CommandOutcome.Failed, "no-answer"));
        }
    }
}
