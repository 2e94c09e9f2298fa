using System.Globalization;
using System.Text;
using Field.Contracts;
using Field.Ingest.Bookings;
using Field.Ingest.Identity;
using Field.Ingest.Locks;
using Field.MapApp.Access;
using Field.MapApp.Forms;
using Field.Store.Audit;

namespace Field.MapApp.Bookings;

/// <summary><c>/api/v1/doors</c>: who opened which door, and whose battery must be changed when.</summary>
internal static class DoorApi
{
    private const string Export = "door.log.export";
    private const int PageRows = 200;
    private const int MostRows = 1000;
    private const int MostOfFile = 100_000;
    private static readonly TimeSpan Most = TimeSpan.FromDays(400);

    public static void MapDoors(this RouteGroupBuilder api)
    {
        api.MapGet("/doors/batteries", BatteriesAsync).Needs(Permissions.MapView);
        RouteGroupBuilder doors = api.MapGroup("/doors/log").Needs(Permissions.LocksBook);
        doors.MapGet("", LogAsync);
        doors.MapGet("/csv", CsvAsync).Audited(Export);
    }

    private static Task<IResult> BatteriesAsync(HttpContext http, DoorBatteries batteries, string? device = null) => BookingAnswer.AnswerAsync(http, null, async () => BookingAnswer.Ok(new
    {
        limitPercent = DoorBatteries.LimitPercent,
        doors = (await batteries.ReadAsync(device, http.RequestAborted).ConfigureAwait(false)).Select(b => new
        {
            device = b.Door.Device,
            door = b.Door.Name,
            facilityId = b.Facility.Id,
            facility = b.Facility.Name,
            outlook = b.Battery.Outlook switch { BatteryOutlook.Low => "low", BatteryOutlook.Falls => "falls", BatteryOutlook.Steady => "steady", _ => "too-little" },
            isSilent = b.IsSilent,
            percent = b.Battery.Percent,
            readAt = b.Battery.ReadAt is { } at ? WireTime.Format(at) : null,
            date = Day(b.Battery.Date),
            earliest = Day(b.Battery.Earliest),
            latest = Day(b.Battery.Latest),
            percentPerMonth = b.Battery.PercentPerMonth is { } by ? Math.Round(by, 2) : (double?)null,
            days = b.Battery.Days,
            changedOn = Day(b.Battery.ChangedOn),
        }),
    }));

    private static Task<IResult> LogAsync(HttpContext http, DoorLog log, TimeProvider time, [AsParameters] LogAsk ask) => BookingAnswer.AnswerAsync(http, null, async () =>
    {
        bool isShown = BookingAnswer.ShowsPeople(http);
        DoorLogPage page = await log.ReadAsync(Query(ask, time), http.RequestAborted).ConfigureAwait(false);
        return BookingAnswer.Ok(new
        {
            entries = page.Entries.Select(e => new
            {
                id = e.Id,
                at = WireTime.Format(e.At),
                device = e.Door.Device,
                door = e.Door.Name,
                facilityId = e.Facility?.Id,
                facility = e.Facility?.Name,
                kind = e.Kind,
                by = e.By,
                bookingId = e.Booking?.Id,
                name = isShown ? e.Booking?.Name : null,
                grantId = e.GrantId,
                who = e.Who,
                reason = e.Reason,
                user = e.User,
            }),
            next = page.IsLast ? null : $"{WireTime.Format(page.Entries[^1].At)}/{page.Entries[^1].Id}",
        });
    });

    /// <summary>For Excel; who took it away is written before it goes.</summary>
    private static Task<IResult> CsvAsync(HttpContext http, DoorLog log, SecurityAudit audit, TimeProvider time, [AsParameters] LogAsk ask) => BookingAnswer.AnswerAsync(http, null, async () =>
    {
        List<DoorEntry> entries = await AllAsync(log, Query(ask with { Before = null }, time) with { Limit = MostRows }, http.RequestAborted).ConfigureAwait(false);
        AuditEntry entry = new(Export, http.AuditName(), ask.Device ?? ask.Facility ?? "all", "done") { From = http.AuditFrom(), Detail = $"{ask.From} {ask.To}: {entries.Count} rows" };
        await audit.RecordAsync(entry, http.RequestAborted).ConfigureAwait(false);
        bool isShown = BookingAnswer.ShowsPeople(http);
        StringBuilder csv = new("日時,施設,扉,できごと,方法,予約番号,利用者,操作した人,理由\r\n");
        foreach (DoorEntry e in entries)
        {
            string at = e.At.ToOffset(FormRequest.JapanOffset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            object?[] fields = [at, e.Facility?.Name, e.Door.Name, What(e.Kind), How(e), e.Booking?.Id ?? e.GrantId, isShown ? e.Booking?.Name : null, e.Who, e.Reason];
            csv.AppendJoin(',', fields.Select(CsvText.Field)).Append("\r\n");
        }

        return Results.File([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(csv.ToString())], "text/csv; charset=utf-8", "入退室記録.csv");
    });

    private static async Task<List<DoorEntry>> AllAsync(DoorLog log, DoorLogQuery query, CancellationToken cancel)
    {
        List<DoorEntry> entries = [];
        DoorLogPage page;
        do
        {
            page = await log.ReadAsync(query, cancel).ConfigureAwait(false);
            entries.AddRange(page.Entries);
            query = page.IsLast ? query : query with { After = (page.Entries[^1].At, page.Entries[^1].Id) };
        }
        while (!page.IsLast && entries.Count < MostOfFile);
        return page.IsLast ? entries : throw new BookingException(new("too-many", $"{MostOfFile:N0} 件を超えます。期間を短くするか、施設を選んでください", $"more than {MostOfFile:N0} entries: choose a shorter time or a facility"));
    }

    private static DoorLogQuery Query(LogAsk ask, TimeProvider time)
    {
        DateTimeOffset last = ask.To is null ? time.GetUtcNow().AddMinutes(5) : BookingAnswer.Time(ask.To, "to");
        DateTimeOffset first = ask.From is null ? last.AddDays(-7) : BookingAnswer.Time(ask.From, "from");
        if (last <= first || last - first > Most)
        {
            throw new BookingException(new("bad-value", "to は from より後で400日以内", "to: after from, within 400 days"));
        }

        int limit = ask.Limit is null ? PageRows : ask.Limit is >= 1 and <= MostRows and var rows ? rows : throw new BookingException(new("bad-value", $"limit: 1～{MostRows}", $"limit: 1 to {MostRows}"));
        return new(first, last) { FacilityId = ask.Facility, Device = ask.Device, Limit = limit, After = Cursor(ask.Before) };
    }

    /// <summary>Where the page before ended: its last entry's time and id.</summary>
    private static (DateTimeOffset At, string Id)? Cursor(string? before) => before is null ? null
        : before.IndexOf('/', StringComparison.Ordinal) is > 0 and var at && at < before.Length - 1 ? (BookingAnswer.Time(before[..at], "before"), before[(at + 1)..])
        : throw new BookingException(new("bad-value", "before: 前の答えの next", "before: next of the answer before"));

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string What(string kind) => kind switch
    {
        "lock-unlocked" => "解錠",
        "lock-locked" => "施錠",
        "door-opened" => "扉が開いた",
        "door-closed" => "扉が閉じた",
        "lock-denied" => "拒否",
        "lock-tamper" => "こじ開け・総当たり",
        "lock-left-open" => "開けたまま",
        "lock-battery-low" => "電池残量低下",
        "lock-failed" => "動作不良",
        "lock-unreachable" => "通信断",
        "lock-reachable" => "通信回復",
        _ => kind,
    };

    private static string How(DoorEntry e) => e.By switch
    {
        "booking" => "予約の暗証番号",
        "grant" => "個別の暗証番号",
        "key-box" => "キーボックスの番号",
        "command" => "遠隔操作",
        "key" => "鍵",
        "manual" => "室内のつまみ",
        "user" => $"錠の登録番号 {e.User}",
        "auto" => "自動",
        "unknown" => "不明",
        _ => "",
    };

    private sealed record LogAsk(string? Facility = null, string? Device = null, string? From = null, string? To = null, string? Before = null, int? Limit = null);
}
