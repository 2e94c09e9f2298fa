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
    private static readonly TimeSpan Most = TimeSpan.FromDays(400);

    public static void MapDoors(this RouteGroupBuilder api)
    {
        api.MapGet("/doors/batteries", BatteriesAsync).Needs(Permissions.MapView);
        RouteGroupBuilder doors = api.MapGroup("/doors/log").Needs(Permissions.LocksBook);
        doors.MapGet("", LogAsync);
        doors.MapGet("/csv", CsvAsync).Audited(Export);
    }

    private static Task<IResult> BatteriesAsync(HttpContext http, DoorBatteries batteries) => BookingAnswer.AnswerAsync(http, null, async () => BookingAnswer.Ok(new
    {
        limitPercent = DoorBatteries.LimitPercent,
        doors = (await batteries.ReadAsync(http.RequestAborted).ConfigureAwait(false)).Select(b => new
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

    private static Task<IResult> LogAsync(HttpContext http, DoorLog log, TimeProvider time, string? facility = null, string? from = null, string? to = null) => BookingAnswer.AnswerAsync(http, null, async () =>
    {
        bool isShown = BookingAnswer.ShowsPeople(http);
        IReadOnlyList<DoorEntry> entries = await ReadAsync(http, log, time, facility, from, to).ConfigureAwait(false);
        return BookingAnswer.Ok(new
        {
            entries = entries.Select(e => new
            {
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
        });
    });

    /// <summary>For Excel; who took it away is written before it goes.</summary>
    private static Task<IResult> CsvAsync(HttpContext http, DoorLog log, SecurityAudit audit, TimeProvider time, string? facility = null, string? from = null, string? to = null) => BookingAnswer.AnswerAsync(http, null, async () =>
    {
        IReadOnlyList<DoorEntry> entries = await ReadAsync(http, log, time, facility, from, to).ConfigureAwait(false);
        AuditEntry entry = new(Export, http.AuditName(), facility ?? "all", "done") { From = http.AuditFrom(), Detail = $"{from} {to}: {entries.Count} rows" };
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

    private static Task<IReadOnlyList<DoorEntry>> ReadAsync(HttpContext http, DoorLog log, TimeProvider time, string? facility, string? from, string? to)
    {
        DateTimeOffset last = to is null ? time.GetUtcNow().AddMinutes(5) : BookingAnswer.Time(to, "to");
        DateTimeOffset first = from is null ? last.AddDays(-7) : BookingAnswer.Time(from, "from");
        return last > first && last - first <= Most
            ? log.ReadAsync(facility, first, last, http.RequestAborted)
            : throw new BookingException(new("bad-value", "to は from より後で400日以内", "to: after from, within 400 days"));
    }

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
}
