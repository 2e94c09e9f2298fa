using System.Text.Json;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.Ingest.Bookings;
using Field.Ingest.Commands;
using Field.Store;

namespace Field.Ingest.Locks;

/// <summary>Something that happened at a door.</summary>
/// <param name="At">When, by the lock's corrected clock.</param>
/// <param name="Facility">The facility, or null when no facility has the door.</param>
/// <param name="Door">The door; one that no facility has bears the device's id.</param>
/// <param name="Kind">The lock's event, such as <c>lock-unlocked</c>.</param>
public sealed record DoorEntry(DateTimeOffset At, Facility? Facility, Door Door, string Kind)
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

/// <summary>Who opened which door when: the locks' events, joined with bookings and commands.</summary>
public sealed class DoorLog
{
    private const int PageRows = 1000;
    private readonly IFeatureStore _store;
    private readonly BookingDesk _desk;

    internal DoorLog(IFeatureStore store, BookingDesk desk) => (_store, _desk) = (store, desk);

    /// <summary>What happened, the newest first.</summary>
    /// <param name="facilityId">Only at its doors; null for all.</param>
    /// <param name="from">From.</param>
    /// <param name="to">To.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<DoorEntry>> ReadAsync(string? facilityId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        IReadOnlyList<Facility> facilities = await _desk.FacilitiesAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<string, Booking> bookings = await _desk.ByGrantAsync(cancellationToken).ConfigureAwait(false);
        List<DoorEntry> entries = [];
        foreach ((Facility facility, Door door) in facilities.Where(f => facilityId is null || f.Id == facilityId).SelectMany(f => f.Doors.Select(d => (f, d))))
        {
            Dictionary<string, JsonElement> commands = new(StringComparer.Ordinal);
            await foreach (Feature row in EventsAsync(door.Device, cancellationToken).ConfigureAwait(false))
            {
                JsonElement details = JsonElement.Parse(row.Text("details") ?? "{}");
                if (row.Text("kind") == CommandService.Kind)
                {
                    commands[row.Id["command:".Length..]] = details;
                }
                else if (row.Time("time") is { } at && at >= from && at < to && row.Text("kind") is { } kind && IsOfDoor(kind))
                {
                    entries.Add(Entry(new DoorEntry(at, facility, door, kind), details, bookings));
                }
            }

            WithWho(entries, door.Device, commands);
        }

        return [.. entries.OrderByDescending(e => e.At).ThenBy(e => e.Door.Device, StringComparer.Ordinal)];
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
            Who = Text(details, "commandId"), // until WithWho knows
            Reason = Text(details, "reason") ?? Text(details, "cause"),
            User = details.TryGetProperty("user", out JsonElement user) && user.TryGetInt64(out long slot) ? slot : null,
        };
    }

    /// <summary>A command's row comes after its event when it was answered later, so this is done at the end.</summary>
    private static void WithWho(List<DoorEntry> entries, string device, Dictionary<string, JsonElement> commands)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries[i].Door.Device == device && entries[i].Who is { } id)
            {
                entries[i] = commands.TryGetValue(id, out JsonElement command) ? entries[i] with { Who = Text(command, "who"), Reason = Text(command, "reason") } : entries[i] with { Who = null };
            }
        }
    }

    private async IAsyncEnumerable<Feature> EventsAsync(string device, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FeatureQuery query = new() { Where = ("device", device), Limit = PageRows };
        FeaturePage page;
        do
        {
            page = await _store.QueryAsync(FieldTables.Events, query, cancellationToken).ConfigureAwait(false);
            foreach (Feature row in page.Features)
            {
                yield return row;
            }

            query = query with { SinceRevision = page.Features.Count > 0 ? page.Features[^1].Revision : query.SinceRevision };
        }
        while (!page.IsLast);
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
    private readonly BookingDesk _desk;
    private readonly TimeProvider _time;

    internal DoorBatteries(string site, FieldStores stores, BookingDesk desk, TimeProvider time) => (_site, _stores, _desk, _time) = (site, stores, desk, time);

    /// <summary>All doors that have a lock with telemetry, those to go to first.</summary>
    public async Task<IReadOnlyList<(Facility Facility, Door Door, BatteryForecast Battery, bool IsSilent)>> ReadAsync(CancellationToken cancellationToken)
    {
        List<(Facility Facility, Door Door, BatteryForecast Battery, bool IsSilent)> all = [];
        foreach (Facility facility in await _desk.FacilitiesAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (Door door in facility.Doors.Where(d => !d.IsKeyBox))
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
