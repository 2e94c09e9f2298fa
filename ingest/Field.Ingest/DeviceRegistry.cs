using System.Collections.Concurrent;
using Field.Contracts;
using Field.Ingest.Alarms;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest;

/// <summary>
/// The devices: state, place, battery, last seen. A device is written when something of it changed, or when it was last written
/// as seen ten seconds ago; so chunks at full speed cost no writes. Late messages do not move it back: the newest place, battery and status count.
/// </summary>
internal sealed class DeviceRegistry(FieldStores stores, LiveUpdates live, AlarmDesk alarms, DeviceClocks clocks, TimeProvider time)
{
    private static readonly TimeSpan SeenInterval = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, Entry> _devices = new(StringComparer.Ordinal);

    /// <summary>Any message proves that the device lives.</summary>
    public Task SeenAsync(string device, CancellationToken cancellationToken) => UpdateAsync(device, f => f, cancellationToken);

    /// <summary>A message of the device was refused; only a device that is known counts.</summary>
    public Task RefusedAsync(string device, CancellationToken cancellationToken) =>
        UpdateAsync(device, f => f.With(("refused", (f.Whole("refused") ?? 0) + 1)), cancellationToken, onlyKnown: true);

    /// <summary>
    /// Takes a status; what it leaves out stays as it was. One that is older than what is known (its sequence and its time are) changes
    /// nothing, except that a goodbye or will always counts: it was written when its connection began. A lower sequence with a later
    /// time means that the device counts anew.
    /// </summary>
    public Task StatusAsync(string device, DeviceMessage<DeviceStatus> message, CancellationToken cancellationToken) => UpdateAsync(
        device,
        f =>
        {
            (Contracts.Envelope envelope, DeviceStatus status) = (message.Envelope, message.Body);
            bool isLower = envelope.Sequence < f.Whole("lastSequence");
            bool isOlder = isLower && !(envelope.Time > f.Time("statusAt"));
            if (!status.Online && isOlder)
            {
                return f.With(("state", (object?)"offline"));
            }

            if (isOlder)
            {
                return f;
            }

            if (isLower && status.Online)
            {
                alarms.SequenceReset(device);
            }

            DateTimeOffset now = time.GetUtcNow();
            DateTimeOffset at = clocks.Correct(device, envelope.Time, now).Time;
            alarms.ClockSkew(device, clocks.CorrectionS(device));
            f = f.With(
                ("state", status.Online ? "online" : "offline"),
                ("kind", status.Kind ?? f.Text("kind")),
                ("firmware", status.Firmware ?? f.Text("firmware")),
                ("queueDepth", status.QueueDepth ?? f.Whole("queueDepth")),
                ("lastSequence", envelope.Sequence),
                ("statusAt", envelope.Time),
                ("clockOffsetS", (double?)clocks.OffsetS(device)));
            f = status.Place is { } place ? At(f, (place.Lon, place.Lat), at, now) : f;
            return status.BatteryPercent is { } battery ? Charged(f, battery, at, now) : f;
        },
        cancellationToken);

    /// <summary>Takes place and battery from telemetry (SPEC.md section 3), when they are newer than what is known.</summary>
    public Task TelemetryAsync(string device, IReadOnlyList<SenMLPack> packs, CancellationToken cancellationToken)
    {
        TelemetryState newest = TelemetryState.Of(packs);
        return UpdateAsync(
            device,
            f =>
            {
                DateTimeOffset now = time.GetUtcNow();
                f = newest.Place is { } place ? At(f, place, newest.PlaceAt, now) : f;
                return newest.BatteryPercent is { } battery ? Charged(f, battery, newest.BatteryAt, now) : f;
            },
            cancellationToken);
    }

    /// <summary>A time in the future counts as now: else a clock that was ahead once would hold the device where it was.</summary>
    private static Feature At(Feature device, (double Lon, double Lat) place, DateTimeOffset at, DateTimeOffset now) => at < device.Time("placeAt")
        ? device
        : device.With(("placeAt", at < now ? at : now)) with { Geometry = ToPoint(place.Lon, place.Lat) };

    private static Feature Charged(Feature device, double percent, DateTimeOffset at, DateTimeOffset now) => at < device.Time("batteryAt")
        ? device
        : device.With(("batteryPercent", percent), ("batteryAt", at < now ? at : now));

    private async Task UpdateAsync(string device, Func<Feature, Feature> change, CancellationToken cancellationToken, bool onlyKnown = false)
    {
        Entry entry = _devices.GetOrAdd(device, _ => new Entry());
        await entry.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Feature? known = entry.Stored ?? await stores.Features.FindAsync(FieldTables.Devices, device, cancellationToken).ConfigureAwait(false);
            if (known is null && onlyKnown)
            {
                return;
            }

            Feature before = known ?? new Feature(FieldTables.Devices, device, null, new Dictionary<string, object?>());
            Feature after = change(before);
            DateTimeOffset now = time.GetUtcNow();
            bool isFresh = before.Time("lastSeenAt") is { } seen && now - seen < SeenInterval;
            if (known is not null && isFresh && IsSame(before, after) && clocks.CorrectionS(device) == entry.WrittenCorrectionS)
            {
                entry.Stored = after; // what is not worth a write is written with the next one
                return;
            }

            IReadOnlyList<Feature?> written = await stores.Features
                .WriteAsync([new FeatureWrite(after.With(("lastSeenAt", now)))], cancellationToken).ConfigureAwait(false);
            (entry.Stored, entry.WrittenCorrectionS) = (written[0], clocks.CorrectionS(device));
            alarms.ObserveDevice(written[0]!);
            await live.PublishAsync([written[0]!], cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    /// <summary>True when nothing changed that is worth a write of its own.</summary>
    private static bool IsSame(Feature a, Feature b) =>
        Equals(a.Geometry?.Coordinate, b.Geometry?.Coordinate)
        && a.Table.Columns.Where(c => !c.IsInternal && c.Name is not ("refused" or "lastSequence" or "clockOffsetS")).All(c => Equals(a.Properties.GetValueOrDefault(c.Name), b.Properties.GetValueOrDefault(c.Name)));

    private static Point ToPoint(double lon, double lat) => GeometryFactory.Default.CreatePoint(new Coordinate(lon, lat));

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public Feature? Stored { get; set; }

        /// <summary>What was taken off its times when it was last written: a start must know it before the first message comes.</summary>
        public long WrittenCorrectionS { get; set; }
    }
}
