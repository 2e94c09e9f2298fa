using System.Globalization;
using System.Text;
using Field.Ingest.Bookings;
using Field.MapApp.Forms;
using FormFile = Field.MapApp.Forms.FormFile;

namespace Field.MapApp.Bookings;

/// <summary>
/// The slip of a booking that is opened by a key box: where, when, the code and how to use it, in Japanese and English. No person's name is on
/// it, so that a lost one tells nobody's. One at a time, because Chromium takes a core. Thread-safe.
/// </summary>
internal sealed class SlipDesk(TimeProvider time, string? browser) : IDisposable
{
    private const int MaxWaiting = 8;
    private const string Weekdays = "日月火水木金土";
    private static readonly TimeSpan Japan = FormRequest.JapanOffset;
    private readonly OneAtATime _turn = new(MaxWaiting);

    /// <exception cref="FormException">It cannot be printed.</exception>
    public async Task<FormFile> MakeAsync(Booking booking, Facility facility, IReadOnlyList<BoxCode> codes, bool isPdf, CancellationToken cancel)
    {
        string html = HtmlWriter.Write(Build(booking, facility, codes));
        byte[] bytes = isPdf
            ? await _turn.RunAsync(() => PdfPrinter.PrintAsync(html, browser, cancel), () => new FormException(FormFault.Busy), cancel).ConfigureAwait(false)
            : Encoding.UTF8.GetBytes(html);
        return new FormFile(bytes, isPdf ? "application/pdf" : "text/html; charset=utf-8", $"{FormText.FileName($"鍵の利用票_{booking.Id}")}.{(isPdf ? "pdf" : "html")}", []);
    }

    public void Dispose() => _turn.Dispose();

    internal FormDocument Build(Booking booking, Facility facility, IReadOnlyList<BoxCode> codes)
    {
        string room = facility.Rooms.FirstOrDefault(r => r.RoomId == booking.RoomId)?.Name ?? booking.RoomId;
        bool hasPin = facility.Doors.Any(d => !d.IsKeyBox && d.Serves(booking.RoomId));
        List<FormBlock> blocks =
        [
            .. Part(
                [("予約番号", booking.Id), ("施設", $"{facility.Name}　{room}"), ("利用時間", Slot(booking.Slot.Start, booking.Slot.End, isJapanese: true))],
                codes, "番号", "キーボックス", isJapanese: true),
            new HeadingBlock("使い方"),
            new TextBlock("1. キーボックスのカバーを開け、上の8けたの番号を順に押します。"),
            new TextBlock("2. ふたが開いたら鍵を取り出し、扉を開けます。番号は使える時間の間だけ有効です。"),
            new TextBlock("3. 帰るときは戸締まりと消灯を確かめ、鍵を必ずキーボックスに戻してふたを閉めます。"),
            new TextBlock("番号をほかの人に教えないでください。5回間違えると、しばらく受け付けなくなります。" + (hasPin ? "暗証番号式の扉の番号は、別にお知らせします。" : "")),
            .. Part(
                [("Booking", booking.Id), ("Facility", $"{facility.Name}　{room}"), ("Time", Slot(booking.Slot.Start, booking.Slot.End, isJapanese: false))],
                codes, "Code", "Key box", isJapanese: false),
            new HeadingBlock("How to use it"),
            new TextBlock("1. Open the key box's cover and press the eight digits above, one after the other."),
            new TextBlock("2. When the lid opens, take the key and open the door. The code works within the time beside it only."),
            new TextBlock("3. When you leave, lock up, switch off the lights, put the key back into the box and close the lid."),
            new TextBlock("Tell the code to nobody. After five wrong tries the box refuses for a while." + (hasPin ? " The PIN of doors with a keypad is told separately." : "")),
        ];
        return new FormDocument("鍵の利用票 / Key slip", facility.Name, "", [new FormSheet(booking.Id, IsLandscape: false, [40, 142], blocks)])
        {
            Foot = $"Field {time.GetUtcNow().ToOffset(Japan).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}",
        };
    }

    private static IEnumerable<FormBlock> Part((string Label, string Value)[] facts, IReadOnlyList<BoxCode> codes, string code, string box, bool isJapanese)
    {
        yield return new TableBlock([1, 1], [], [.. facts.Select(f => (IReadOnlyList<FormCell>)[FormCell.Label(f.Label), f.Value])]) { RowMm = 8 };
        foreach (BoxCode c in codes)
        {
            yield return new HeadingBlock($"{box}: {c.Door.Name}　{Slot(c.Access.Start, c.Access.End, isJapanese)}");
            yield return new BigTextBlock($"{c.Code[..4]} {c.Code[4..]}", $"{code} {string.Join(' ', c.Code.ToCharArray())}");
        }
    }

    private static string Slot(DateTimeOffset start, DateTimeOffset end, bool isJapanese)
    {
        (DateTimeOffset from, DateTimeOffset to) = (start.ToOffset(Japan), end.ToOffset(Japan));
        string last = from.Date == to.Date ? "" : isJapanese ? $"{Day(to)} " : to.ToString("ddd, d MMMM, ", CultureInfo.InvariantCulture);
        string first = isJapanese ? string.Create(CultureInfo.InvariantCulture, $"{from.Year}年{Day(from)} ") : from.ToString("ddd, d MMMM yyyy, ", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{first}{from:H:mm} {(isJapanese ? "～" : "–")} {last}{to:H:mm}");

        static string Day(DateTimeOffset day) => string.Create(CultureInfo.InvariantCulture, $"{day.Month}月{day.Day}日({Weekdays[(int)day.DayOfWeek]})");
    }
}
