using System.Collections.Concurrent;
using Field.Contracts;
using Field.Ingest.Alarms;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest;

/// <summary>
/// The devices: state, place, battery, last seen. A device is written when something of it changed, or when it was last written
/// as seen ten seconds ago; so chunks at full speed cost no writes. Messages of one device are taken in the order of their arrival.
/// </summary>
internal sealed class DeviceRegistry(FieldStores stores, LiveUpdates live, AlarmDesk alarms, TimeProvider time)
{
    private static readonly TimeSpan SeenInterval = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, Entry> _devices = new(StringComparer.Ordinal);

    /// <summary>Any message proves that the device lives.</summary>
    public Task SeenAsync(string device, CancellationToken cancellationToken) => UpdateAsync(device, f => f, cancellationToken);

    /// <summary>Takes a status; what it leaves out stays as it was.</summary>
    public Task StatusAsync(string device, DeviceStatus status, CancellationToken cancellationToken) => UpdateAsync(
        device,
        f => f.With(
            ("state", status.Online ? "online" : "offline"),
            ("kind", status.Kind ?? f.Text("kind")),
            ("firmware", status.Firmware ?? f.Text("firmware")),
            ("batteryPercent", status.BatteryPercent ?? f.Real("batteryPercent")),
            ("queueDepth", status.QueueDepth ?? f.Whole("queueDepth"))) with
        { Geometry = status.Place is { } place ? ToPoint(place.Lon, place.Lat) : f.Geometry },
        cancellationToken);

    /// <summary>Takes place and battery from telemetry (SPEC.md section 3), the newest of the packs.</summary>
    public Task TelemetryAsync(string device, IReadOnlyList<SenMLPack> packs, CancellationToken cancellationToken)
    {
        TelemetryState newest = TelemetryState.Of(packs);
        return UpdateAsync(
            device,
            f => (newest.BatteryPercent is { } battery ? f.With(("batteryPercent", battery)) : f) with
            { Geometry = newest.Place is { } p ? ToPoint(p.Lon, p.Lat) : f.Geometry },
            cancellationToken);
    }

    private async Task UpdateAsync(string device, Func<Feature, Feature> change, CancellationToken cancellationToken)
    {
        Entry entry = _devices.GetOrAdd(device, _ => new Entry());
        await entry.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Feature? known = entry.Stored ?? await stores.Features.FindAsync(FieldTables.Devices, device, cancellationToken).ConfigureAwait(false);
            Feature before = known ?? new Feature(FieldTables.Devices, device, null, new Dictionary<string, object?>());
            Feature after = change(before);
            DateTimeOffset now = time.GetUtcNow();
            bool isFresh = before.Time("lastSeenAt") is { } seen && now - seen < SeenInterval;
            if (known is not null && isFresh && IsSame(before, after))
            {
                entry.Stored = known;
                return;
            }

            IReadOnlyList<Feature?> written = await stores.Features
                .WriteAsync([new FeatureWrite(after.With(("lastSeenAt", now)))], cancellationToken).ConfigureAwait(false);
            entry.Stored = written[0];
            alarms.ObserveDevice(written[0]!);
            await live.PublishAsync([written[0]!], cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    private static bool IsSame(Feature a, Feature b) =>
        Equals(a.Geometry?.Coordinate, b.Geometry?.Coordinate)
        && a.Table.Columns.All(c => Equals(a.Properties.GetValueOrDefault(c.Name), b.Properties.GetValueOrDefault(c.Name)));

    private static Point ToPoint(double lon, double lat) => GeometryFactory.Default.CreatePoint(new Coordinate(lon, lat));

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public Feature? Stored { get; set; }
    }
}
