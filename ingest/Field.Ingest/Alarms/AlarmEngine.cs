using System.Collections.Concurrent;
using System.Collections.Frozen;
using Field.Contracts;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Alarms;

/// <summary>
/// Evaluates the rules in memory, as data is stored; it never waits. A measurement that no rule names costs one look-up in a frozen
/// dictionary, a device that no rule matches one look-up for its whole pack. Changes go to <paramref name="tell"/>.
/// </summary>
internal sealed class AlarmEngine(IReadOnlyList<AlarmRule> rules, Func<AlarmChange, bool> tell, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DeviceWatches> _devices = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<AlarmRule> _rules = [.. rules, .. BuiltInRules.All, .. BuiltInRules.Defaults.Where(d => rules.All(r => r.Id != d.Id))];

    /// <summary>The rules, the built-in ones among them.</summary>
    public IReadOnlyList<AlarmRule> Rules => _rules;

    /// <summary>Every watch of a device.</summary>
    public IReadOnlyList<AlarmWatch> Watches(string device) => Of(device).All;

    /// <summary>Any message proves that the device lives.</summary>
    public void Heard(string device) => Of(device).Heard(time.GetUtcNow());

    /// <summary>Takes a stored pack.</summary>
    public void Observe(string device, SenMLPack pack)
    {
        Of(device).Heard(time.GetUtcNow());
        Evaluate(device, pack.Measurements);
    }

    /// <summary>Evaluates measurements, which may be old: nothing was heard.</summary>
    public void Evaluate(string device, IReadOnlyList<Measurement> measurements)
    {
        DeviceWatches watches = Of(device);
        if (!watches.HasMeasurements)
        {
            return;
        }

        foreach (Measurement m in measurements)
        {
            if (m.Value is { } value)
            {
                foreach (AlarmWatch watch in watches.Measured(m.Name))
                {
                    if (watch.Rule is AbsenceRule)
                    {
                        watches.Told(watch, m.Time);
                    }
                    else
                    {
                        Observe(watch, m.Time, value);
                    }
                }
            }
        }
    }

    /// <summary>Takes the state of the device as the registry knows it now; the registry has put late messages in their place.</summary>
    public void Observe(Feature device)
    {
        DeviceWatches watches = Of(device.Id);
        DateTimeOffset now = time.GetUtcNow();
        foreach (AlarmWatch watch in watches.Properties)
        {
            string property = ((ThresholdRule)watch.Rule).Property!;
            if ((device.Real(property) ?? device.Whole(property)) is { } value)
            {
                Observe(watch, now, value);
            }
        }

        if (device.Time("batteryAt") is { } chargedAt)
        {
            foreach (AlarmWatch watch in watches.Measured("battery").Where(w => w.Rule is AbsenceRule))
            {
                watches.Told(watch, chargedAt); // after a start, the registry knows when a battery was told of last
            }
        }

        if (device.Geometry is Point place)
        {
            foreach (AlarmWatch watch in watches.Fences)
            {
                watch.Observe(((GeofenceRule)watch.Rule).IsBeyond(place), now, null);
            }
        }
    }

    /// <summary>Takes a stored event.</summary>
    public void Observe(string device, string kind, DateTimeOffset at)
    {
        Of(device).Heard(time.GetUtcNow());
        Evaluate(device, kind, at);
    }

    /// <summary>Evaluates an event, which may be old: nothing was heard.</summary>
    public void Evaluate(string device, string kind, DateTimeOffset at)
    {
        foreach (AlarmWatch watch in Of(device).Events)
        {
            EventRule rule = (EventRule)watch.Rule;
            if (kind == rule.EventKind || rule.ClearKinds.Contains(kind))
            {
                watch.Observe(kind == rule.EventKind, at, null);
            }
        }
    }

    /// <summary>The device counts its messages anew.</summary>
    public void SequenceReset(string device) => Observe(device, BuiltInRules.SequenceReset.EventKind, time.GetUtcNow());

    /// <summary>The device's clock is off by so many seconds, or (0) right.</summary>
    public void ClockSkew(string device, long offsetS) =>
        Of(device).Events.First(w => w.Rule == BuiltInRules.ClockSkew).Observe(offsetS != 0, time.GetUtcNow(), offsetS);

    /// <summary>Looks at the clock: absences, and conditions that go on holding.</summary>
    /// <param name="listeningSince">Since when devices can be heard at all; null while they cannot, so that none is called absent.</param>
    public void Tick(DateTimeOffset? listeningSince)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (DeviceWatches watches in _devices.Values)
        {
            foreach (AlarmWatch watch in watches.All)
            {
                if (watch.IsPending)
                {
                    watch.Tick(now);
                }
            }

            if (listeningSince is { } since)
            {
                watches.LookForAbsence(now, since);
            }
        }
    }

    /// <summary>Begins to watch a device of which nothing was heard yet.</summary>
    public void Know(string device) => Of(device);

    private static void Observe(AlarmWatch watch, DateTimeOffset at, double value)
    {
        ThresholdRule rule = (ThresholdRule)watch.Rule;
        watch.Observe(rule.IsBeyond(value) ? true : rule.IsBack(value) ? false : null, at, value);
    }

    private DeviceWatches Of(string device) =>
        _devices.TryGetValue(device, out DeviceWatches? known)
            ? known
            : _devices.GetOrAdd(device, d => new DeviceWatches([.. _rules.Where(r => r.Matches(d)).Select(r => new AlarmWatch(r, d, tell))]));

    /// <summary>The rules at one device.</summary>
    private sealed class DeviceWatches
    {
        private readonly FrozenDictionary<string, AlarmWatch[]> _byName;
        private static readonly TimeSpan LeastListening = TimeSpan.FromHours(1);
        private readonly ConcurrentDictionary<AlarmWatch, DateTimeOffset> _toldAt = new();
        private readonly AlarmWatch[] _absences;
        private long _heardTicks;

        public DeviceWatches(AlarmWatch[] all)
        {
            All = all;
            _absences = [.. all.Where(w => w.Rule is AbsenceRule { Measurement: null })];
            Properties = [.. all.Where(w => w.Rule is ThresholdRule { Property: not null })];
            Fences = [.. all.Where(w => w.Rule is GeofenceRule)];
            Events = [.. all.Where(w => w.Rule is EventRule)];
            _byName = all.Where(w => MeasurementOf(w.Rule) is not null)
                .GroupBy(w => MeasurementOf(w.Rule)!, StringComparer.Ordinal)
                .ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        }

        public AlarmWatch[] All { get; }

        public AlarmWatch[] Properties { get; }

        public AlarmWatch[] Fences { get; }

        public AlarmWatch[] Events { get; }

        public bool HasMeasurements => _byName.Count > 0;

        /// <summary>Rules that name the measurement, by its last part or in full.</summary>
        public IEnumerable<AlarmWatch> Measured(string name)
        {
            int last = name.AsSpan().LastIndexOfAny('/', ':');
            _byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name.AsSpan(last + 1), out AlarmWatch[]? byPart);
            AlarmWatch[]? inFull = last >= 0 ? _byName.GetValueOrDefault(name) : null;
            return (byPart, inFull) switch
            {
                (null, null) => [],
                ({ } part, null) => part,
                (null, { } full) => full,
                ({ } part, { } full) => part.Concat(full),
            };
        }

        private static string? MeasurementOf(AlarmRule rule) => (rule as ThresholdRule)?.Measurement ?? (rule as AbsenceRule)?.Measurement;

        /// <summary>The measurement that an absence rule waits for was told.</summary>
        public void Told(AlarmWatch watch, DateTimeOffset at)
        {
            DateTimeOffset newest = _toldAt.AddOrUpdate(watch, at, (_, before) => before > at ? before : at);
            if (newest == at && (watch.IsRaised || watch.IsPending))
            {
                watch.Observe(false, at, null);
            }
        }

        public void Heard(DateTimeOffset now)
        {
            if (now.UtcTicks <= Volatile.Read(ref _heardTicks))
            {
                return;
            }

            Volatile.Write(ref _heardTicks, now.UtcTicks);
            foreach (AlarmWatch watch in _absences)
            {
                if (watch.IsRaised || watch.IsPending)
                {
                    watch.Observe(false, now, null);
                }
            }
        }

        public void LookForAbsence(DateTimeOffset now, DateTimeOffset listeningSince)
        {
            DateTimeOffset heard = new(Volatile.Read(ref _heardTicks), TimeSpan.Zero);
            DateTimeOffset from = heard > listeningSince ? heard : listeningSince;
            foreach (AlarmWatch watch in _absences)
            {
                if (!watch.IsRaised && now - from >= watch.Rule.For)
                {
                    watch.Observe(true, from, null);
                    watch.Tick(now);
                }
            }

            foreach ((AlarmWatch watch, DateTimeOffset told) in _toldAt)
            {
                // What waited in the outboxes while nobody listened comes in the first hour.
                if (!watch.IsRaised && now - told >= watch.Rule.For && now - listeningSince >= (watch.Rule.For < LeastListening ? watch.Rule.For : LeastListening))
                {
                    watch.Observe(true, told, null);
                    watch.Tick(now);
                }
            }
        }
    }
}
