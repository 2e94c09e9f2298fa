namespace Field.Ingest.Alarms;

/// <summary>Something of a rule began or ended at a device.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Device">The device.</param>
/// <param name="AlarmId">The alarm.</param>
/// <param name="IsRaised">True: raised; false: cleared.</param>
/// <param name="At">When, in the time of the data.</param>
/// <param name="Value">The number that did it, or null.</param>
internal sealed record AlarmChange(AlarmRule Rule, string Device, string AlarmId, bool IsRaised, DateTimeOffset At, double? Value);

/// <summary>
/// One rule at one device: raised or not, and since when its condition holds. What is older than what was seen is passed over, so that
/// late data neither raises nor clears. Thread-safe. A change counts only when <c>tell</c> took it (its queue is bounded): otherwise the
/// state stays and the next observation tries again.
/// </summary>
internal sealed class AlarmWatch(AlarmRule rule, string device, Func<AlarmChange, bool> tell)
{
    private readonly Lock _lock = new();
    private string? _alarmId;
    private DateTimeOffset _newest = DateTimeOffset.MinValue;
    private DateTimeOffset _cleared = DateTimeOffset.MinValue;
    private DateTimeOffset? _since;
    private double? _value;

    public AlarmRule Rule => rule;

    /// <summary>True while the condition holds and has not held long enough.</summary>
    public bool IsPending => _since is not null && _alarmId is null;

    public bool IsRaised => _alarmId is not null;

    /// <summary>Takes what the store knows: the newest alarm of the rule at the device.</summary>
    public void Restore(string? openAlarmId, DateTimeOffset newest)
    {
        lock (_lock)
        {
            (_alarmId, _newest) = (openAlarmId, newest);
            _cleared = openAlarmId is null ? newest : _cleared;
        }
    }

    /// <summary>The condition holds (true), is over (false), or lies between limit and clear (null).</summary>
    public void Observe(bool? holds, DateTimeOffset at, double? value)
    {
        lock (_lock)
        {
            if (at < _newest)
            {
                return;
            }

            _newest = at;
            if (_alarmId is not null)
            {
                if (holds == false)
                {
                    Clear(at, value);
                }

                return;
            }

            _since = holds == true ? _since ?? at : null;
            _value = value;
            if (_since is { } since && at - since >= rule.For)
            {
                Raise(at);
            }
        }
    }

    /// <summary>The clock: a condition that goes on holding is raised though nothing new is heard.</summary>
    public void Tick(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_alarmId is null && _since is { } since && now - since >= rule.For)
            {
                Raise(since + rule.For);
            }
        }
    }

    /// <summary>Ends the alarm if it is this one.</summary>
    public void End(string alarmId)
    {
        lock (_lock)
        {
            if (_alarmId == alarmId)
            {
                (_alarmId, _since) = (null, null);
            }
        }
    }

    private void Raise(DateTimeOffset at)
    {
        at = at > _cleared ? at : _cleared.AddMilliseconds(1); // its own id, also when the data's clock stands
        string id = AlarmRow.Id(rule.Id, device, at);
        if (tell(new AlarmChange(rule, device, id, true, at, _value)))
        {
            _alarmId = id;
        }
    }

    private void Clear(DateTimeOffset at, double? value)
    {
        if (tell(new AlarmChange(rule, device, _alarmId!, false, at, value)))
        {
            (_alarmId, _since, _cleared) = (null, null, at);
        }
    }
}
