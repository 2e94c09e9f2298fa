using System.Text.Json;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.Ingest.Bookings;
using Field.Ingest.Commands;
using Field.Store;

namespace Field.Ingest.Locks;

/// <summary>Something that happened at a door.</summary>
/// <param name="Id">Of the event.</param>
/// <param name="At">When, by the lock's corrected clock.</param>
/// <param name="Facility">The facility, or null when no facility has the door.</param>
/// <param name="Door">The door; one that no facility has bears the device's id.</param>
/// <param name="Kind">The lock's event, such as <c>lock-unlocked</c>.</param>
public sealed record DoorEntry(string Id, DateTimeOffset At, Facility? Facility, Door Door, string Kind)
{
    /// <summary>How: <c>booking grant key-box command manual key user auto unknown</c>, or null.</summary>
    public string? By { get; init; }

    /// <summary>The booking whose PIN it was, or null.</summary>
    public Booking? Booking { get; init; }

    /// <summary>The grant, when no booking has it.</summary>
    public string? GrantId { get; init; }

    /// <summary>Who opened it from afar.</summary>
    public string? Who { get; init; }

    /// <summary>Why, as they said; or a word of the lock: why it refused, what it noticed.</summary>
    public string? Reason { get; init; }

    /// <summary>The slot of the lock's own users.</summary>
    public long? User { get; init; }
}

/// <summary>What of the door log to read.</summary>
/// <param name="From">From.</param>
/// <param name="To">To.</param>
public sealed record DoorLogQuery(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Only at doors of this facility; null for all.</summary>
    public string? FacilityId { get; init; }

    /// <summary>Only at this door; null for all.</summary>
    public string? Device { get; init; }

    /// <summary>Only what comes after this entry: the last one of the page before; null for the first page.</summary>
    public (DateTimeOffset At, string Id)? After { get; init; }

    /// <summary>Most entries, from 1.</summary>
    public int Limit { get; init; } = 200;
}

/// <summary>A page of the door log.</summary>
/// <param name="Entries">The newest first.</param>
/// <param name="IsLast">False when there is more before.</param>
public sealed record DoorLogPage(IReadOnlyList<DoorEntry> Entries, bool IsLast);

/// <summary>Who opened which door when: the locks' events, joined with bookings and commands. What it reads is bounded by the page, not by what a lock ever told.</summary>
public sealed class DoorLog
{
    private readonly IFeatureStore _store;
    private readonly FacilityDesk _facilities;
    private readonly BookingDesk _bookings;

    internal DoorLog(IFeatureStore store, FacilityDesk facilities, BookingDesk bookings) => (_store, _facilities, _bookings) = (store, facilities, bookings);

    /// <summary>What happened, the newest first.</summary>
    public async Task<DoorLogPage> ReadAsync(DoorLogQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        IReadOnlyList<Facility> facilities = await _facilities.ListAsync(withRemoved: false, cancellationToken).ConfigureAwait(false);
        List<(DoorEntry Entry, JsonElement Details)> found = [];
        foreach ((Facility facility, Door door) in facilities.Where(f => query.FacilityId is null || f.Id == query.FacilityId).SelectMany(f => f.Doors.Select(d => (f, d))))
        {
            if (query.Device is null || query.Device == door.Device)
            {
                await AddAsync(found, facility, door, query, cancellationToken).ConfigureAwait(false);
            }
        }

        var newest = found.OrderByDescending(f => f.Entry.At).ThenByDescending(f => f.Entry.Id, StringComparer.Ordinal).Take(query.Limit).ToArray();
        IReadOnlyDictionary<string, Booking> bookings = await _bookings.ByGrantAsync(cancellationToken).ConfigureAwait(false);
        List<DoorEntry> entries = new(newest.Length);
        foreach ((DoorEntry entry, JsonElement details) in newest)
        {
            entries.Add(await WithWhoAsync(Entry(entry, details, bookings), cancellationToken).ConfigureAwait(false));
        }

        return new(entries, found.Count <= query.Limit);
    }

    /// <summary>The newest of one door: one more than the page takes, so that it is known whether there is more.</summary>
    private async Task AddAsync(List<(DoorEntry Entry, JsonElement Details)> found, Facility facility, Door door, DoorLogQuery query, CancellationToken cancellationToken)
    {
        FeatureSpan span = new("time", query.From, query.To) { Where = ("device", door.Device), After = query.After, Limit = query.Limit + 1 };
        int wanted = query.Limit + 1;
        IReadOnlyList<Feature> rows;
        do
        {
            rows = await _store.NewestAsync(FieldTables.Events, span, cancellationToken).ConfigureAwait(false);
            foreach (Feature row in rows)
            {
                if (wanted > 0 && row.Text("kind") is { } kind && IsOfDoor(kind))
                {
                    found.Add((new DoorEntry(row.Id, row.Time("time")!.Value, facility, door, kind), JsonElement.Parse(row.Text("details") ?? "{}")));
                    wanted--;
                }
            }

            span = rows.Count > 0 ? span with { After = (rows[^1].Time("time")!.Value, rows[^1].Id) } : span;
        }
        while (wanted > 0 && rows.Count == span.Limit);
    }

    private static bool IsOfDoor(string kind) => kind is LockEventKinds.DoorOpened or LockEventKinds.DoorClosed
        || (kind.StartsWith("lock-", StringComparison.Ordinal) && kind is not (LockEventKinds.GrantsTaken or LockEventKinds.GrantsRefused));

    private static DoorEntry Entry(DoorEntry entry, JsonElement details, IReadOnlyDictionary<string, Booking> bookings)
    {
        string? grant = Text(details, "grantId");
        Booking? booking = grant is not null && grant.LastIndexOf('-') is > 2 and var at ? bookings.GetValueOrDefault(grant[..at]) : null;
        return entry with
        {
            By = booking is not null ? "booking" : Text(details, "by"),
            Booking = booking,
            GrantId = booking is null ? grant : null,
            Who = Text(details, "commandId"), // until WithWhoAsync knows
            Reason = Text(details, "reason") ?? Text(details, "cause"),
            User = details.TryGetProperty("user", out JsonElement user) && user.TryGetInt64(out long slot) ? slot : null,
        };
    }

    /// <summary>Who sent the command, and why: the command's own row says it.</summary>
    private async Task<DoorEntry> WithWhoAsync(DoorEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Who is not { } commandId)
        {
            return entry;
        }

        Feature? row = await _store.FindAsync(FieldTables.Events, $"{CommandService.Kind}:{commandId}", cancellationToken).ConfigureAwait(false);
        return row?.Text("device") == entry.Door.Device && row.Text("details") is { } details && JsonElement.Parse(details) is var command
            ? entry with { Who = Text(command, "who"), Reason = Text(command, "reason") }
            : entry with { Who = null };
    }

    private static string? Text(JsonElement details, string name) => details.ValueKind == JsonValueKind.Object && details.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}

/// <summary>The batteries of the doors, whose battery must be changed when.</summary>
public sealed class DoorBatteries
{
    /// <summary>At which a lock's battery is to be changed, percent.</summary>
    public const double LimitPercent = 20;

    /// <summary>A lock that tells nothing of its battery for so long is not to be trusted to have one.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromDays(2);

    private const int MostReadings = 500_000;
    private readonly string _site;
    private readonly FieldStores _stores;
    private readonly FacilityDesk _facilities;
    private readonly TimeProvider _time;

    internal DoorBatteries(string site, FieldStores stores, FacilityDesk facilities, TimeProvider time) => (_site, _stores, _facilities, _time) = (site, stores, facilities, time);

    /// <summary>Doors that have a lock with telemetry, those to go to first.</summary>
    /// <param name="device">Only this one; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<(Facility Facility, Door Door, BatteryForecast Battery, bool IsSilent)>> ReadAsync(string? device, CancellationToken cancellationToken)
    {
        List<(Facility Facility, Door Door, BatteryForecast Battery, bool IsSilent)> all = [];
        foreach (Facility facility in await _facilities.ListAsync(withRemoved: false, cancellationToken).ConfigureAwait(false))
        {
            foreach (Door door in facility.Doors.Where(d => !d.IsKeyBox && (device is null || d.Device == device)))
            {
                BatteryForecast battery = await OfAsync(door.Device, cancellationToken).ConfigureAwait(false);
                all.Add((facility, door, battery, battery.ReadAt is not { } at || _time.GetUtcNow() - at > Silence));
            }
        }

        return [.. all.OrderBy(b => Rank(b.Battery, b.IsSilent)).ThenBy(b => b.Battery.Date ?? b.Battery.Earliest ?? DateOnly.MaxValue).ThenBy(b => b.Facility.Name, StringComparer.Ordinal)];
    }

    private static int Rank(BatteryForecast battery, bool isSilent) => battery.Outlook == BatteryOutlook.Low ? 0 : isSilent ? 1 : battery.Outlook switch { BatteryOutlook.Falls => 2, BatteryOutlook.Steady => 3, _ => 4 };

    private async Task<BatteryForecast> OfAsync(string device, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        Feature? row = await _stores.Features.FindAsync(FieldTables.Devices, device, cancellationToken).ConfigureAwait(false);
        if (row?.Time("batteryAt") is not { } last)
        {
            return new(BatteryOutlook.TooLittle);
        }

        // What the lock calls it is learnt from the last reading.
        IReadOnlyList<Measurement> around = await _stores.Telemetry.ReadAsync(new(_site, device, null, last.AddSeconds(-2), last.AddSeconds(2)), cancellationToken).ConfigureAwait(false);
        string? name = around.Select(m => m.Name).FirstOrDefault(n => n.AsSpan(n.AsSpan().LastIndexOfAny('/', ':') + 1).SequenceEqual("battery"));
        IReadOnlyList<Measurement> readings = name is null ? [] : await _stores.Telemetry.ReadAsync(new(_site, device, name, now.AddDays(-400), now.AddDays(1), MostReadings), cancellationToken).ConfigureAwait(false);
        BatteryForecast battery = BatteryForecast.Of([.. readings.Where(m => m.Value is not null).Select(m => (m.Time, m.Value!.Value))], LimitPercent, JapaneseText.Offset);
        return battery.ReadAt is null ? battery with { Percent = row.Real("batteryPercent"), ReadAt = last } : battery;
    }
}
