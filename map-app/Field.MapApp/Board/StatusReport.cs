using System.Globalization;
using Field.MapApp.Forms;
using Field.Store;

namespace Field.MapApp.Board;

/// <summary>What a status report is made of.</summary>
/// <param name="City">Who reports.</param>
/// <param name="Number">The how-manieth report, or null.</param>
/// <param name="MadeBy">Who made it.</param>
/// <param name="MadeAt">As of when.</param>
/// <param name="Situation">The row of the situation, or null.</param>
/// <param name="Items">The board, in its order.</param>
/// <param name="Shelters">Places of the shelter layers that everybody of the city may see.</param>
internal sealed record StatusContent(
    string City, int? Number, string MadeBy, DateTimeOffset MadeAt, Feature? Situation, IReadOnlyList<BoardItem> Items, IReadOnlyList<(string Layer, string Name)> Shelters);

/// <summary>
/// 被害状況即報, after form 4 of the Fire and Disaster Management Agency's directions for disaster reports (火災・災害等即報要領 第4号様式): sheet 1 the situation,
/// sheet 2 damage by kind. What Field does not know (people, houses, hectares) stays empty for the officer to fill: the number of reports of a kind is no number
/// of damages, and stands in a column of its own.
/// </summary>
internal static class StatusReport
{
    /// <summary>More rows than this are for a workbook, not for the prefecture's pages.</summary>
    public const int MaxRows = 1000;

    private static readonly (string Group, string Name, string Unit, string[] Categories)[] Damages =
    [
        ("人的被害", "死者", "人", []), ("人的被害", "うち災害関連死者", "人", []), ("人的被害", "行方不明者", "人", []), ("人的被害", "負傷者（重傷）", "人", []), ("人的被害", "負傷者（軽傷）", "人", []),
        ("住家被害", "全壊", "棟", []), ("住家被害", "半壊", "棟", []), ("住家被害", "一部破損", "棟", []), ("住家被害", "床上浸水", "棟", []), ("住家被害", "床下浸水", "棟", []),
        ("非住家", "公共建物", "棟", []), ("非住家", "その他", "棟", []),
        ("その他", "田（流失・埋没）", "ha", []), ("その他", "田（冠水）", "ha", []), ("その他", "畑（流失・埋没）", "ha", []), ("その他", "畑（冠水）", "ha", []),
        ("その他", "学校", "箇所", []), ("その他", "病院", "箇所", []), ("その他", "道路", "箇所", ["road"]), ("その他", "橋りょう", "箇所", ["bridge"]), ("その他", "河川", "箇所", ["river", "levee"]),
        ("その他", "港湾", "箇所", []), ("その他", "砂防", "箇所", []), ("その他", "清掃施設", "箇所", []), ("その他", "崖くずれ", "箇所", ["landslide"]), ("その他", "鉄道不通", "箇所", []),
        ("その他", "被害船舶", "隻", []), ("その他", "水道", "戸", ["water", "pipe"]), ("その他", "電話", "回線", []), ("その他", "電気", "戸", ["power"]), ("その他", "ガス", "戸", []), ("その他", "ブロック塀等", "箇所", []),
        ("り災", "り災世帯数", "世帯", []), ("り災", "り災者数", "人", []),
        ("火災発生", "建物", "件", []), ("火災発生", "危険物", "件", []), ("火災発生", "その他", "件", []),
    ];

    public static FormDocument Build(StatusContent c)
    {
        string subject = c.Situation?.Text("title") ?? "（災害対応名 未設定）";
        return new FormDocument("被害状況即報", subject, "速報・未確定", [Situation(c), Damage(c), List(c), Facilities(c)])
        {
            Foot = $"{FormTime.Minute(c.MadeAt, true)} 現在　作成 {c.MadeBy}　Field",
        };
    }

    private static FormSheet Situation(StatusContent c)
    {
        string number = c.Number is { } n ? string.Create(CultureInfo.InvariantCulture, $"第 {n} 報") : "第　　報";
        static FormCell[] Row(string label, FormCell value) => [FormCell.Label(label), value];
        BoardItem[] open = [.. c.Items.Where(i => i.IsOpen)];
        string Count(BoardItemKind kind) => $"{open.Count(i => i.Kind == kind)} 件";
        return new FormSheet("概況", IsLandscape: false, [48, 134],
        [
            new TextBlock("第4号様式（その1）に準じる。空欄は Field に記録がない項目で、担当者が記入する。"),
            new TableBlock([1, 1], [],
            [
                Row("災害名", c.Situation?.Text("title")), Row("報告", number), Row("報告日時", $"{FormTime.Minute(c.MadeAt, true)} 現在"), Row("市町村名", c.City), Row("報告者", c.MadeBy),
            ]),
            new HeadingBlock("災害の概況"),
            new TableBlock([1, 1], [], [Row("発生場所", ""), Row("発生日時", FormTime.Minute(c.Situation?.Time("startedAt"), true)), Row("概況", c.Situation?.Text("note"))]) { RowMm = 10 },
            new HeadingBlock("対応が必要なもの（Field の記録）"),
            new TableBlock([1, 1], [],
            [
                Row("現地報告", $"{Count(BoardItemKind.Report)}（うち対応中 {open.Count(i => i.Kind == BoardItemKind.Report && i.State == "working")} 件）"),
                Row("しきい値を超えたセンサー", Count(BoardItemKind.Sensor)), Row("施錠の異常・開いている扉", Count(BoardItemKind.Lock)), Row("重い損傷の所見", Count(BoardItemKind.Finding)),
                Row("完了・解消・誤報", $"{c.Items.Count - open.Length} 件"),
            ]),
            new HeadingBlock("応急対策の状況"),
            new TableBlock([1, 1], [],
            [
                Row("災害対策本部等の設置状況", ""), Row("消防機関等の活動状況", ""), Row("自衛隊派遣要請の状況", ""), Row("避難指示等の状況", ""), Row("119番通報件数", ""), Row("その他", ""),
            ]) { RowMm = 12 },
        ]);
    }

    private static FormSheet Damage(StatusContent c) => new("被害状況", IsLandscape: false, [30, 52, 30, 16, 54],
    [
        new TextBlock("第4号様式（その2）に準じる。「被害」は空欄で、確認した数を担当者が記入する。「現地報告」は Field に届いた報告の件数（誤報を除く）で、被害の数ではない。"),
        new TableBlock([1, 1, 1, 1, 1], ["区分", "種別", "被害", "単位", "現地報告（件）"],
        [
            .. Damages.Select(d => (IReadOnlyList<FormCell>)[FormCell.Label(d.Group), d.Name, "", FormCell.Centre(d.Unit), d.Categories.Length == 0 ? "" : FormCell.Of(Reported(c, d.Categories), 0)]),
        ]),
        new HeadingBlock("上の種別に入らない現地報告"),
        new TableBlock([2, 1, 2], ["種類", "件数", ""], [.. Others(c).Select(o => (IReadOnlyList<FormCell>)[o.Name, FormCell.Of(o.Count, 0), ""])]),
    ]);

    private static int Reported(StatusContent c, string[] categories) =>
        c.Items.Count(i => i.Kind == BoardItemKind.Report && i.State != "false-report" && i.Category is { } category && categories.Contains(category));

    private static IEnumerable<(string Name, int Count)> Others(StatusContent c)
    {
        HashSet<string> known = [.. Damages.SelectMany(d => d.Categories)];
        return c.Items.Where(i => i.Kind == BoardItemKind.Report && i.State != "false-report" && !(i.Category is { } category && known.Contains(category)))
            .GroupBy(i => StatusWords.Category(i)).Select(g => (g.Key, g.Count())).OrderByDescending(g => g.Item2);
    }

    private static FormSheet List(StatusContent c)
    {
        BoardItem[] rows = [.. c.Items.Take(MaxRows)];
        string more = c.Items.Count > rows.Length ? $"　ほかに {c.Items.Count - rows.Length} 件" : "";
        return new FormSheet("対応一覧", IsLandscape: true, [10, 32, 20, 22, 66, 24, 24, 30, 39],
        [
            new TextBlock($"対応が必要なものから、重大度、新しさの順。{rows.Length} 件{more}。緯度・経度は世界測地系（JGD2011）。"),
            new TableBlock([.. Enumerable.Repeat(1, 9)], ["番号", "発生日時", "種類", "重大度", "内容", "経度", "緯度", "状態", "担当・メモ"],
            [
                .. rows.Select((item, n) => (IReadOnlyList<FormCell>)[
                    FormCell.Of(n + 1, 0), FormTime.Minute(item.At, true), StatusWords.Kind(item.Kind), StatusWords.Severity(item.Severity), StatusWords.Of(item),
                    FormCell.Of(item.Place?.X, 6), FormCell.Of(item.Place?.Y, 6), FormCell.Centre(StatusWords.State(item)),
                    string.Join("　", new[] { item.Follow?.Text("crew"), item.Follow?.Text("note") }.OfType<string>())]),
            ]),
        ]);
    }

    private static FormSheet Facilities(StatusContent c)
    {
        BoardItem[] doors = [.. c.Items.Where(i => i.IsOpen && i.Kind == BoardItemKind.Lock)];
        BoardItem[] alarms = [.. c.Items.Where(i => i.IsOpen && i.Row.Table == FieldTables.Alarms).Take(MaxRows)];
        static FormCell[] Row(BoardItem i) => [i.Row.Text("device"), FormTime.Minute(i.At, true), StatusWords.Of(i), StatusWords.State(i)];
        (string Layer, string Name)[] shelters = [.. c.Shelters.Take(MaxRows)];
        return new FormSheet("施設・警報", IsLandscape: false, [40, 40, 76, 26],
        [
            new HeadingBlock($"開いている扉・施錠の異常　{doors.Length} 件"),
            new TableBlock([1, 1, 1, 1], ["装置", "発生日時", "内容", "状態"], [.. doors.Select(Row)]),
            new HeadingBlock($"続いている警報　{alarms.Length} 件"),
            new TableBlock([1, 1, 1, 1], ["装置", "発生日時", "内容", "状態"], [.. alarms.Select(Row)]),
            new HeadingBlock($"避難所　{c.Shelters.Count} か所"),
            new TextBlock(c.Shelters.Count == 0 ? "避難所のレイヤーが取り込まれていません。" : "開設・避難者数は Field に記録がないため空欄。担当者が記入する。"),
            new TableBlock([2, 1, 1], ["避難所", "開設", "避難者数（人）"], [.. shelters.Select(s => (IReadOnlyList<FormCell>)[s.Name, "", ""])]),
        ]);
    }
}
