using System.Collections.Concurrent;
using System.Collections.Frozen;
using Field.Broker;
using Field.Contracts;
using Field.Store;
using Microsoft.Extensions.Hosting;

namespace Field.Ingest;

/// <summary>
/// How far each device's clock is off, and times put right by it (SPEC.md section 3, "Clocks"). A device's status says when it was sent:
/// sent minus received is the clock's offset less the delay on the way, so of several statuses the largest is nearest to the truth.
/// </summary>
internal sealed class DeviceClocks(IngestOptions options, FieldStores stores) : IHostedService
{
    /// <summary>A measured offset that changes by no more than this is taken for a change of delay.</summary>
    private const long JitterS = 1;

    private readonly ConcurrentDictionary<string, ClockEstimate> _clocks = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly long _thresholdS = (long)options.ClockSkewThreshold.TotalSeconds;

    /// <summary>The devices whose clock is off by more than the threshold: few, so the path of a message costs one look at an empty table.</summary>
    private volatile FrozenDictionary<string, long> _skewed = FrozenDictionary<string, long>.Empty;

    /// <summary>Devices whose times are corrected now.</summary>
    public int SkewedCount => _skewed.Count;

    /// <summary>What the device's clock is ahead of the server's, whole seconds; null when no status has told it.</summary>
    public long? OffsetS(string device) => _clocks.TryGetValue(device, out ClockEstimate? clock) ? clock.KnownS : null;

    /// <summary>What is taken off the device's times: its offset when that is beyond the threshold, else 0.</summary>
    public long CorrectionS(string device) => _skewed.GetValueOrDefault(device);

    /// <summary>
    /// Takes a status, before anything that came after it is looked at. Only what was written for this moment tells the time: no will, no
    /// repetition, nothing brought again, nothing older than what is known.
    /// </summary>
    public void Observe(string device, DeviceMessage<DeviceStatus> status, InboundPublish message, DateTimeOffset now)
    {
        if (!status.Body.Online || message.IsWill || message.Message.Duplicate || message.ReceivedAt is not null)
        {
            return;
        }

        ClockEstimate clock = _clocks.GetOrAdd(device, _ => new ClockEstimate(null));
        lock (_lock)
        {
            clock.Observe(status.Envelope, now, message.IsRelayed, _thresholdS);
            Mark(device, clock);
        }
    }

    /// <summary>Puts an event's time right.</summary>
    /// <returns>The time to store, and what was taken off it, seconds.</returns>
    public (DateTimeOffset Time, long OffsetS) Correct(string device, DateTimeOffset at, DateTimeOffset receivedAt)
    {
        long shift = ShiftS(at, CorrectionS(device), receivedAt);
        return (at.AddTicks(-shift * TimeSpan.TicksPerSecond), shift);
    }

    /// <summary>Puts a pack's times right. Relative ones count from the receipt: no offset is taken off them, but none lies in the future.</summary>
    /// <param name="device">Who sent it.</param>
    /// <param name="pack">As it was read.</param>
    /// <param name="payload">What it was read from.</param>
    /// <param name="receivedAt">When it came.</param>
    public SenMLPack Correct(string device, SenMLPack pack, ReadOnlyMemory<byte> payload, DateTimeOffset receivedAt)
    {
        FrozenDictionary<string, long> skewed = _skewed;
        long offset = skewed.Count > 0 ? skewed.GetValueOrDefault(device) : 0;
        return offset == 0 && !IsFuture(pack, receivedAt) ? pack : Shift(pack, payload, offset, receivedAt);
    }

    /// <summary>Knows again what the registry kept, before the first message comes.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        FeatureQuery query = new();
        FeaturePage page;
        do
        {
            page = await stores.Features.QueryAsync(FieldTables.Devices, query, cancellationToken).ConfigureAwait(false);
            foreach (Feature device in page.Features)
            {
                if (device.Real("clockOffsetS") is { } known)
                {
                    ClockEstimate clock = _clocks.GetOrAdd(device.Id, _ => new ClockEstimate((long)known));
                    lock (_lock)
                    {
                        Mark(device.Id, clock);
                    }
                }

                query = query with { SinceRevision = device.Revision };
            }
        }
        while (!page.IsLast);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Mark(string device, ClockEstimate clock)
    {
        long correction = clock.KnownS is { } known && Math.Abs(known) > _thresholdS ? known : 0;
        if (correction != CorrectionS(device))
        {
            IEnumerable<KeyValuePair<string, long>> others = _skewed.Where(s => s.Key != device);
            _skewed = (correction == 0 ? others : others.Append(new(device, correction))).ToFrozenDictionary(StringComparer.Ordinal);
        }
    }

    private bool IsFuture(SenMLPack pack, DateTimeOffset receivedAt)
    {
        DateTimeOffset latest = receivedAt + options.ClockSkewThreshold;
        foreach (Measurement m in pack.Measurements)
        {
            if (m.Time > latest)
            {
                return true;
            }
        }

        return false;
    }

    private SenMLPack Shift(SenMLPack pack, ReadOnlyMemory<byte> payload, long offset, DateTimeOffset receivedAt)
    {
        // Read as if it had come a day later, the relative times differ and no others do.
        SenMLPack? later = SenMLPack.Parse(payload, receivedAt.AddDays(1)).Value;
        bool IsAbsolute(int i) => later is null || later.Measurements[i].Time == pack.Measurements[i].Time;

        Measurement[] shifted = [.. pack.Measurements];
        foreach (IGrouping<bool, int> group in Enumerable.Range(0, shifted.Length).GroupBy(IsAbsolute))
        {
            long shift = ShiftS(group.Max(i => shifted[i].Time), group.Key ? offset : 0, receivedAt);
            foreach (int i in shift == 0 ? [] : group.ToArray())
            {
                Measurement m = shifted[i];
                long own = Fits(m.Time, shift, receivedAt) ? shift : ShiftS(m.Time, 0, receivedAt);
                shifted[i] = m with { Time = m.Time.AddTicks(-own * TimeSpan.TicksPerSecond), ClockOffsetS = own };
            }
        }

        return pack with { Measurements = shifted };
    }

    /// <summary>
    /// The offset, when what it gives can be: not before 1970 and not after the receipt. Else the message was written by another clock than
    /// today's, and its time stays; one that lies in the future is put to the receipt.
    /// </summary>
    private long ShiftS(DateTimeOffset at, long offset, DateTimeOffset receivedAt)
    {
        if (offset != 0 && Fits(at, offset, receivedAt))
        {
            return offset;
        }

        return at > receivedAt + options.ClockSkewThreshold ? (long)Math.Ceiling((at - receivedAt).TotalSeconds) : 0;
    }

    private bool Fits(DateTimeOffset at, long offset, DateTimeOffset receivedAt)
    {
        long ticks = at.UtcTicks - (offset * TimeSpan.TicksPerSecond);
        return ticks >= DateTimeOffset.UnixEpoch.Ticks && ticks <= (receivedAt + options.ClockSkewThreshold).UtcTicks;
    }

    /// <summary>One device's clock; guarded by the lock of all.</summary>
    private sealed class ClockEstimate(long? stored)
    {
        private const int WindowLength = 5;
        private const long AgreementS = 5;

        private readonly Queue<long> _window = new(stored is { } s ? [s] : []);
        private long? _unconfirmed;
        private long _sequence;
        private DateTimeOffset _sentAt = DateTimeOffset.MinValue;

        public long? KnownS { get; private set; } = stored;

        public void Observe(Envelope sent, DateTimeOffset now, bool isRelayed, long thresholdS)
        {
            if (sent.Sequence <= _sequence && sent.Time <= _sentAt)
            {
                return;
            }

            (_sequence, _sentAt) = (sent.Sequence ?? 0, sent.Time);
            long observed = (long)Math.Round((sent.Time - now).TotalSeconds);
            if (isRelayed && observed < (KnownS ?? 0) - thresholdS && !(Math.Abs(observed - _unconfirmed ?? long.MaxValue) <= AgreementS))
            {
                _unconfirmed = observed; // it may have waited in another broker: one that waited as long would have to follow
                return;
            }

            _unconfirmed = null;
            if (KnownS is { } known && Math.Abs(observed - known) > thresholdS)
            {
                _window.Clear(); // the clock was set
            }

            _window.Enqueue(observed);
            if (_window.Count > WindowLength)
            {
                _window.Dequeue();
            }

            long best = _window.Max();
            KnownS = KnownS is { } before && Math.Abs(best - before) <= JitterS ? before : best;
        }
    }
}
