using System.Security.Cryptography;
using Field.Contracts.Locks;

namespace Field.Ingest.Bookings;

/// <summary>A row of a file of bookings.</summary>
/// <param name="Row">Line on which it begins, from 1.</param>
/// <param name="Request">What it asks for; facility and room as they are written. Null when it cannot be read.</param>
/// <param name="Fault">Why it cannot be read, or null.</param>
/// <param name="IsCancelled">True when the row says that the booking is cancelled.</param>
/// <param name="Hash">Of the whole row: the same row again changes nothing.</param>
internal sealed record BookingRow(int Row, BookingRequest? Request, BookingFault? Fault, bool IsCancelled, string Hash);

/// <summary>A CSV file of bookings as municipal booking systems export them, in UTF-8 or Shift_JIS; the first line names the columns.</summary>
public sealed class BookingFile
{
    /// <summary>Most bytes of a file.</summary>
    public const int MaxBytes = 8 << 20;

    private const int MaxRows = 20_000;

    private BookingFile(string encoding, IReadOnlyDictionary<string, string> columns, IReadOnlyList<BookingRow> rows) => (Encoding, Columns, Rows) = (encoding, columns, rows);

    /// <summary><c>UTF-8</c> or <c>Shift_JIS</c>.</summary>
    public string Encoding { get; }

    /// <summary>Which column was taken for what: <c>facility</c> to <c>施設名</c>.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; }

    internal IReadOnlyList<BookingRow> Rows { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="BookingException">It is no such file; rows that cannot be read are no reason.</exception>
    public static BookingFile Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes || CsvTable.Decode(bytes) is not { } decoded)
        {
            throw new BookingException(bytes.Length > MaxBytes
                ? new("too-large", "8 MiB を超えています。分けてください", "it is above 8 MiB: divide it")
                : new("encoding", "UTF-8 でも Shift_JIS でもありません", "it is neither UTF-8 nor Shift_JIS"));
        }

        (int Line, string[] Fields)[] rows = [.. CsvTable.Rows(decoded.Text, MaxRows + 2)];
        if (rows.Length > MaxRows + 1)
        {
            throw new BookingException(new("too-many", $"{MaxRows} 行を超えています。分けてください", $"it has more than {MaxRows} rows: divide it"));
        }

        BookingColumns columns = BookingColumns.Of(rows.Length == 0 ? [] : rows[0].Fields);
        return new BookingFile(decoded.Encoding, columns.Names, [.. rows.Skip(1).Select(r => Read(columns, r.Line, r.Fields))]);
    }

    /// <summary>What becomes of each row: those that can be read as <paramref name="plan"/> says, of an id the first only.</summary>
    internal IEnumerable<BookingOutcome> Plan(BookingBook book, Func<BookingRow, BookingOutcome> plan)
    {
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        foreach (BookingRow row in Rows)
        {
            if (row.Request is not { } written)
            {
                yield return new("", "refused", null, row.Fault, row.Row);
                continue;
            }

            Facility? facility = book.Facility(written.FacilityId) ?? book.Facilities.FirstOrDefault(f => f.RemovedAt is null && JapaneseText.Same(f.Name, written.FacilityId));
            BookingRequest request = written with { FacilityId = facility?.Id ?? written.FacilityId };
            request = request.Id.Length > 0 ? request : request with { Id = DerivedId(request) };
            if (facility is null)
            {
                yield return new(request.Id, "refused", null, new("no-facility", $"施設「{written.FacilityId}」は登録されていません", $"there is no facility '{written.FacilityId}'"), row.Row);
            }
            else if (!seen.TryAdd(request.Id, row.Row))
            {
                yield return new(request.Id, "refused", null, new("twice", $"同じ予約番号が {seen[request.Id]} 行目にもあります", $"line {seen[request.Id]} has the same booking"), row.Row);
            }
            else
            {
                yield return plan(row with { Request = request }) with { Row = row.Row };
            }
        }
    }

    /// <summary>For files without booking numbers: place and time are the booking.</summary>
    private static string DerivedId(BookingRequest r) =>
        "csv-" + Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{r.FacilityId}|{JapaneseText.Key(r.RoomId ?? "")}|{r.Slot.Start.ToUnixTimeSeconds()}|{r.Slot.End.ToUnixTimeSeconds()}")))[..16];

    private static BookingRow Read(BookingColumns columns, int line, string[] fields)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\u001f', fields.Select(f => f.Trim())))));
        string Text(string role) => columns.Text(role, fields);
        BookingRow Bad(string ja, string en) => new(line, null, new("bad-row", ja, en), false, hash);
        if (Text("facility") is not { Length: > 0 } facility)
        {
            return Bad("施設名が空です", "the facility is empty");
        }

        string state = JapaneseText.Key(Text("state"));
        if (state.Contains('仮', StringComparison.Ordinal) || state.Contains("抽選", StringComparison.Ordinal) || state.Contains("申請中", StringComparison.Ordinal) || state is "TENTATIVE")
        {
            return Bad($"確定していない予約です（{Text("state")}）", $"the booking is not confirmed ({Text("state")})");
        }

        if (When(Text) is not { } slot)
        {
            return Bad($"日時が読めません（{Text("date")} {Text("start")} {Text("end")} {Text("range")}）".Replace("  ", " ", StringComparison.Ordinal), "its day or time cannot be read");
        }

        string id = JapaneseText.Plain(Text("id")).Replace(' ', '-');
        if (id.Length > 0 && !BookingText.IsId(id))
        {
            return Bad($"予約番号「{id}」は使えません（半角英数字と . _ - で64文字まで）", $"the booking number '{id}' is not 1 to 64 of A-Z, a-z, 0-9, dot, _ and -");
        }

        string room = Text("room");
        BookingRequest request = new(id, facility, room.Length > 0 ? room : null, slot, Line(Text("name")), Line(Text("contact")), Line(Text("purpose")));
        return new(line, request, null, IsCancelled(state, columns.IsCancelFlag), hash);
    }

    /// <summary>A column of its own, named 取消, is marked with anything; one that tells the state says so.</summary>
    private static bool IsCancelled(string state, bool isFlag) => isFlag
        ? state.Length > 0 && state is not ("0" or "-" or "無" or "なし" or "FALSE")
        : state.Contains("取消", StringComparison.Ordinal) || state.Contains("取り消", StringComparison.Ordinal) || state.Contains("キャンセル", StringComparison.Ordinal)
            || state.Contains("却下", StringComparison.Ordinal) || state.Contains("CANCEL", StringComparison.Ordinal);

    private static string? Line(string text) => text.Length == 0 ? null : string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    private static Slot? When(Func<string, string> text)
    {
        (string start, string end) = (text("start"), text("end"));
        if (text("range") is { Length: > 0 } range && JapaneseText.Plain(range).Split('~', '-', '～', '〜', '－', '–') is [{ } from, { } to])
        {
            (start, end) = (from, to);
        }

        DateOnly? day = JapaneseText.Day(text("date")) ?? JapaneseText.Day(start);
        DateOnly? lastDay = JapaneseText.Day(end) ?? (JapaneseText.Day(text("endDate")) ?? day);
        if (day is null || lastDay is null || TimeOf(start) is not { } first || TimeOf(end) is not { } last)
        {
            return null;
        }

        DateTimeOffset begins = JapaneseText.At(day.Value, first);
        DateTimeOffset ends = JapaneseText.At(lastDay.Value, last);
        return new(begins, ends <= begins && last == 0 && lastDay == day ? ends.AddDays(1) : ends); // 22:00 to 0:00 is to the day's end
    }

    /// <summary>The time of a text that may have a day in front of it.</summary>
    private static int? TimeOf(string text)
    {
        string plain = JapaneseText.Plain(text);
        return JapaneseText.Minutes(plain) ?? (plain.LastIndexOfAny([' ', 'T']) is > 0 and var at ? JapaneseText.Minutes(plain[(at + 1)..]) : null);
    }
}

/// <summary>Which column holds what, by the names that booking systems give them.</summary>
internal sealed class BookingColumns
{
    private static readonly (string Role, string[] Names)[] Known =
    [
        ("id", ["予約番号", "予約ID", "予約NO", "受付番号", "申請番号", "許可番号", "利用番号", "bookingId", "booking", "id"]),
        ("facility", ["施設名", "施設名称", "施設", "館名", "施設コード", "利用施設", "facility", "facilityId"]),
        ("room", ["室場名", "室場", "部屋名", "部屋", "室名", "場所名", "利用場所", "場所", "面", "コート", "コート名", "室場名称", "room", "roomId"]),
        ("date", ["利用日", "使用日", "利用年月日", "使用年月日", "利用開始日", "使用開始日", "開始日", "date"]),
        ("endDate", ["利用終了日", "使用終了日", "終了日"]),
        ("start", ["開始時刻", "開始時間", "利用開始時刻", "利用開始時間", "使用開始時刻", "使用開始時間", "利用開始日時", "開始日時", "利用開始", "開始", "時間(自)", "start"]),
        ("end", ["終了時刻", "終了時間", "利用終了時刻", "利用終了時間", "使用終了時刻", "使用終了時間", "利用終了日時", "終了日時", "利用終了", "終了", "時間(至)", "end"]),
        ("range", ["利用時間", "使用時間", "利用時間帯", "使用時間帯", "時間帯", "時間", "利用時刻"]),
        ("name", ["団体名", "利用団体名", "利用者名", "利用者", "使用者名", "申請者名", "申請者", "予約者名", "予約者", "代表者名", "氏名", "name"]),
        ("contact", ["連絡先", "電話番号", "電話", "連絡先電話番号", "携帯電話番号", "TEL", "メールアドレス", "contact"]),
        ("purpose", ["利用目的", "使用目的", "目的", "行事名", "催物名", "利用内容", "purpose"]),
        ("state", ["状態", "予約状態", "状況", "予約状況", "ステータス", "申請状態", "state", "status", "取消", "取消区分", "キャンセル", "取消日"]),
    ];

    private readonly Dictionary<string, int> _at = new(StringComparer.Ordinal);

    /// <summary>True when the column of the state is one that is marked for a cancelled booking, and empty for others.</summary>
    public bool IsCancelFlag { get; private init; }

    /// <summary>Role to the column's name.</summary>
    public IReadOnlyDictionary<string, string> Names { get; private init; } = new Dictionary<string, string>();

    /// <exception cref="BookingException">What must be there is not.</exception>
    public static BookingColumns Of(string[] header)
    {
        string[] keys = [.. header.Select(JapaneseText.Key)];
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        Dictionary<string, int> at = new(StringComparer.Ordinal);
        foreach ((string role, string[] known) in Known)
        {
            if (known.Select(n => Array.IndexOf(keys, JapaneseText.Key(n))).FirstOrDefault(i => i >= 0, -1) is >= 0 and var index)
            {
                (at[role], names[role]) = (index, header[index].Trim());
            }
        }

        bool hasTime = at.ContainsKey("range") || (at.ContainsKey("start") && at.ContainsKey("end"));
        if (!at.ContainsKey("facility") || !hasTime)
        {
            throw new BookingException(new(
                "columns",
                $"1行目に列の名前（施設名、利用日、開始時刻、終了時刻など）が必要です。読めた列: {string.Join('、', header.Take(12).Select(h => h.Trim()))}",
                "the first line must name the columns facility, date, start and end (施設名, 利用日, 開始時刻, 終了時刻)"));
        }

        BookingColumns columns = new()
        {
            Names = names,
            IsCancelFlag = names.TryGetValue("state", out string? state) && JapaneseText.Key(state) is "取消" or "取消区分" or "キャンセル" or "取消日",
        };
        foreach ((string role, int index) in at)
        {
            columns._at[role] = index;
        }

        return columns;
    }

    /// <summary>What stands in a row, without spaces at its ends; empty when there is nothing.</summary>
    public string Text(string role, string[] fields) => _at.TryGetValue(role, out int at) && at < fields.Length ? fields[at].Trim() : "";
}
