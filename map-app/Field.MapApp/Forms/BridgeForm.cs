using System.Text.Json;

namespace Field.MapApp.Forms;

/// <summary>
/// 橋梁点検調書: general data, diagnosis by member and of the whole left to a person, general views that people chose, damage drawing, photos, degrees by element and type, and
/// apart from them what nobody decided yet.
/// </summary>
internal static class BridgeForm
{
    private static readonly (string Code, string Ja, string En)[] Members =
    [
        ("Mg", "主桁", "Main girder"), ("Cr", "横桁", "Cross beam"), ("Ds", "床版", "Deck slab"), ("P", "橋脚", "Pier"), ("A", "橋台", "Abutment"), ("Bh", "支承部", "Bearing"), ("", "その他", "Other"),
    ];

    public static FormDocument Build(FormContent c)
    {
        IReadOnlyList<Damage> decided = c.Decided;
        string name = c.Asset!.Text("name") ?? c.Asset.Text("ledgerId") ?? c.Asset.Id;
        return c.Document(
            c.Pick("橋梁点検調書", "Bridge inspection record"),
            name,
            Summary(c, decided, name),
            ViewSheet(c),
            DrawingSheet(c, decided),
            c.PhotoSheet(c.Pick("損傷写真", "Photos"), decided),
            Degrees(c, decided),
            Undecided(c));
    }

    private static FormSheet Summary(FormContent c, IReadOnlyList<Damage> decided, string name)
    {
        Ledger ledger = new(c.Asset!.Text("attributes"));
        FormCell L(string ja, string en) => FormCell.Label(c.Pick(ja, en));
        TableBlock general = new([2, 4, 2, 4], [],
        [
            [L("橋梁名", "Bridge"), name, L("橋梁番号", "Number"), c.Asset.Text("ledgerId")],
            [L("路線名", "Route"), ledger["路線名", "路線", "route"], L("管理者", "Owner"), ledger["管理者", "管理者名", "owner"]],
            [L("所在地", "Address"), ledger["所在地", "住所", "address"], L("架設年度", "Built"), ledger["架設年度", "架設年次", "架設年", "竣工年", "built", "year"]],
            [L("橋長", "Length"), ledger["橋長", "length", "lengthM"], L("幅員", "Width"), ledger["幅員", "全幅員", "総幅員", "width", "widthM"]],
            [L("上部構造形式", "Superstructure"), ledger["上部構造形式", "上部工形式", "橋種", "superstructure"], L("下部構造形式", "Substructure"), ledger["下部構造形式", "下部工形式", "substructure"]],
            [L("点検年月日", "Inspected on"), FormTime.Days(c.Damages.Select(d => d.Row.Time("capturedAt")), c.IsJapanese), L("点検者", "Inspector"), c.Inspector],
        ])
        { RowMm = 8 };
        TableBlock whole = new([3, 9], [],
        [
            [L("健全性の診断", "Soundness"), c.Pick("□ Ⅰ 健全　　□ Ⅱ 予防保全段階　　□ Ⅲ 早期措置段階　　□ Ⅳ 緊急措置段階", "□ I sound    □ II preventive    □ III early measures    □ IV emergency")],
            [L("判定者・判定日", "Judged by, on"), ""],
            [L("所見", "Remarks"), ""],
        ])
        { RowMm = 10 };
        return new FormSheet(c.Pick("調書", "Record"), IsLandscape: false, [.. Enumerable.Repeat(15.0, 12)],
        [
            new HeadingBlock(c.Pick("橋梁の諸元", "General data")), general,
            new HeadingBlock(c.Pick("部材単位の診断", "Diagnosis by member")), ByMember(c, decided),
            new HeadingBlock(c.Pick("橋梁の健全性", "Soundness of the bridge")), whole,
            new TextBlock(c.Pick(
                "健全性（Ⅰ～Ⅳ）、部材の判定区分、対策区分は、点検した技術者が判断して記入してください。Field は判定しません。",
                "Soundness (I to IV), the members' classes and the countermeasures are for the inspecting engineer to judge and to write. Field does not judge them.")),
            new TextBlock(Counts(c, decided.Count), IsStrong: c.Drafts.Count > 0 || decided.Count == 0),
        ]);
    }

    /// <summary>現地状況写真: the photos that people chose; null when they chose none.</summary>
    private static FormSheet? ViewSheet(FormContent c) => c.Views.Count == 0 ? null : new FormSheet(c.Pick("現地状況写真", "General views"), IsLandscape: false, FormContent.CardsGridMm,
    [
        new CardsBlock([.. c.Views.Select((v, i) => new PhotoCard(
            c.Pictures.GetValueOrDefault(v.Row.Id),
            c.Pick("写真なし", "no photo"),
            [
                (c.Pick("写真番号", "No."), c.Pick($"現{i + 1}", $"G{i + 1}")),
                (c.Pick("区分", "View"), v.Name(c.IsJapanese)),
                (c.Pick("撮影日", "Taken"), FormTime.Minute(v.Photo.Time("capturedAt"), c.IsJapanese)),
                (c.Pick("ファイル", "File"), v.Photo.Text("name") ?? ""),
                (c.Pick("選定", "Chosen by"), v.Row.Text("changedBy") ?? ""),
                (c.Pick("メモ", "Note"), v.Row.Text("note") ?? ""),
            ]))]),
    ]);

    private static string Counts(FormContent c, int decided) => (decided, c.Drafts.Count) switch
    {
        (0, 0) => c.Pick("この資産と期間に記録された変状はありません。健全であることを示すものではありません。", "No damage is recorded for this asset and period. That does not say that the bridge is sound."),
        (0, int n) => c.Pick($"人が確定した変状はまだありません。未判定 {n} 件は別紙のとおりです。", $"Nobody has decided on any damage yet; {n} drafts are listed apart."),
        (int k, 0) => c.Pick($"確定した変状 {k} 件。却下したものは含みません。", $"{k} decided. What was rejected is not in this form."),
        (int k, int n) => c.Pick($"確定した変状 {k} 件。未判定 {n} 件は別紙のとおりで、図・写真・評価には含みません。却下したものは含みません。", $"{k} decided; {n} undecided drafts are listed apart and are not in drawing, photos or degrees. What was rejected is not in this form."),
    };

    private static TableBlock ByMember(FormContent c, IReadOnlyList<Damage> decided)
    {
        List<IReadOnlyList<FormCell>> rows = [];
        foreach ((string code, string ja, string en) in Members)
        {
            Damage[] here = [.. decided.Where(d => (Array.Exists(Members, m => m.Code.Length > 0 && m.Code == DamageWords.MemberCode(d.Element)) ? DamageWords.MemberCode(d.Element) : "") == code)];
            rows.Add([
                c.Pick(ja, en),
                string.Join(c.Pick("、", ", "), here.Select(d => d.Name(c.IsJapanese)).Distinct()),
                FormCell.Centre(here.Select(d => d.Letter).Max(StringComparer.Ordinal) ?? ""),
                Numbers(here),
                "",
                "",
            ]);
        }

        return new TableBlock([2, 3, 1, 2, 2, 2],
        [
            c.Pick("部材", "Member"), c.Pick("変状の種類", "Damage types"), c.Pick("最大の程度", "Worst"), c.Pick("写真番号", "Photos"),
            c.Pick("判定区分 Ⅰ～Ⅳ（記入）", "Class I-IV (fill in)"), c.Pick("対策区分（記入）", "Countermeasure (fill in)"),
        ], rows)
        { RowMm = 8 };
    }

    private static string Numbers(Damage[] damages) => damages.Length <= 8
        ? string.Join(", ", damages.Select(d => d.Number))
        : $"{string.Join(", ", damages.Take(7).Select(d => d.Number))} … {damages[^1].Number}";

    private static FormSheet? DrawingSheet(FormContent c, IReadOnlyList<Damage> decided)
    {
        List<FormBlock> blocks = [];
        if (PlanBuilder.Draw(c.Asset!, c.Elements, decided, c.IsJapanese) is { } plan)
        {
            blocks.Add(new PlanBlock(plan));
        }
        else
        {
            blocks.Add(new TextBlock(c.Pick("台帳にも変状にも位置がないため、図はありません。", "Neither ledger nor damage has a place: there is no drawing.")));
        }

        string placeless = string.Join(", ", decided.Where(d => PlanBuilder.PlaceOf(d) is null).Select(d => d.Number));
        if (placeless.Length > 0)
        {
            blocks.Add(new TextBlock(c.Pick($"位置がなく図にない変状: {placeless}", $"Without a place and not in the drawing: {placeless}")));
        }

        blocks.Add(new TextBlock(c.Pick(
            "上から見た図です。番号は下の表と損傷写真の番号、英字は損傷程度です。桁下や側面の変状も、その真上の位置に示します。",
            "Seen from above. Numbers are those of the table and the photos, letters the degrees. Damage below or beside the deck is shown at its place in plan.")));
        blocks.Add(new TableBlock([1, 1, 1, 1, 1, 1, 1, 1],
        [
            c.Pick("番号", "No."), c.Pick("部材", "Member"), c.Pick("要素番号", "Element"), c.Pick("損傷の種類", "Damage type"), c.Pick("程度", "Degree"),
            c.Pick("計測", "Measures"), c.Pick("位置の誤差 m", "Place error, m"), c.Pick("判定", "Decision"),
        ],
        [
            .. decided.Select(d => (IReadOnlyList<FormCell>)[
                FormCell.Of(d.Number, 0), DamageWords.Member(d.Element, c.IsJapanese), d.Element, $"{(d.Type is { } t ? $"{t} " : "")}{d.Name(c.IsJapanese)}",
                FormCell.Centre(d.Degree), d.Measures(c.IsJapanese), FormCell.Of(d.Row.Real("errorM"), 2), d.Status(c.IsJapanese)]),
        ]));
        return new FormSheet(c.Pick("損傷図", "Drawing"), IsLandscape: true, [12, 26, 26, 50, 14, 92, 20, 20], blocks);
    }

    private static FormSheet Degrees(FormContent c, IReadOnlyList<Damage> decided)
    {
        ILookup<string, Damage> byElement = decided.ToLookup(d => d.Element);
        string[] codes = [.. c.Elements.Select(e => e.Id[(e.Id.LastIndexOf('/') + 1)..]).Concat(byElement.Select(g => g.Key)).Where(e => e.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        List<IReadOnlyList<FormCell>> rows = [];
        foreach (string code in byElement.Contains("") ? codes.Append("") : codes)
        {
            FormCell[] row = new FormCell[DamageWords.TypeCount + 2];
            (row[0], row[1]) = (code.Length > 0 ? code : c.Pick("要素なし", "no element"), DamageWords.Member(code, c.IsJapanese));
            for (int type = 1; type <= DamageWords.TypeCount; type++)
            {
                row[type + 1] = FormCell.Centre(byElement[code].Where(d => d.Type == type).Select(d => d.Letter).Max(StringComparer.Ordinal) ?? "");
            }

            rows.Add(row);
        }

        string names = string.Join(c.Pick("　", "; "), Enumerable.Range(1, DamageWords.TypeCount).Select(t => $"{t} {DamageWords.Type(t, c.IsJapanese)}"));
        return new FormSheet(c.Pick("損傷程度の評価", "Degrees"), IsLandscape: true, [30, 22, .. Enumerable.Repeat(8.0, DamageWords.TypeCount)],
        [
            new TextBlock(c.Pick(
                "要素ごとの損傷程度（a～e）。同じ要素に同じ種類が複数あるときは最も厳しいもの。空欄は、確定した記録がないことを示し、a（損傷なし）ではありません。",
                "Degree a to e by element and damage type, the worst where there are several. An empty cell means that nothing decided is recorded; it does not mean a (none).")),
            new TableBlock([.. Enumerable.Repeat(1, DamageWords.TypeCount + 2)],
                [c.Pick("要素番号", "Element"), c.Pick("部材", "Member"), .. Enumerable.Range(1, DamageWords.TypeCount).Select(t => $"{t}")], rows),
            new TextBlock(names),
        ]);
    }

    private static FormSheet? Undecided(FormContent c) => c.Drafts.Count == 0 ? null : new FormSheet(c.Pick("未判定", "Undecided"), IsLandscape: true, [14, 26, 28, 50, 20, 82, 16, 26],
    [
        new HeadingBlock(c.Pick($"未判定 {c.Drafts.Count} 件", $"{c.Drafts.Count} undecided")),
        new TextBlock(c.Pick(
            "モデルの下書きで、人がまだ確定も却下もしていません。種類と程度（かっこ内）は下書きです。",
            "Drafts of a model that nobody has confirmed or rejected yet. Types and degrees (in brackets) are drafts."), IsStrong: true),
        new TableBlock([1, 1, 1, 1, 1, 1, 1, 1],
        [
            c.Pick("番号", "No."), c.Pick("部材", "Member"), c.Pick("要素番号", "Element"), c.Pick("種類（下書き）", "Type (draft)"), c.Pick("程度（下書き）", "Degree (draft)"),
            c.Pick("計測", "Measures"), c.Pick("スコア", "Score"), c.Pick("撮影日", "Taken"),
        ],
        [
            .. c.Drafts.Select(d => (IReadOnlyList<FormCell>)[
                c.Pick($"未{d.Number}", $"U{d.Number}"), DamageWords.Member(d.Element, c.IsJapanese), d.Element, $"{(d.Type is { } t ? $"{t} " : "")}{d.Name(c.IsJapanese)}",
                FormCell.Centre(d.Degree), d.Measures(c.IsJapanese), FormCell.Of(d.Row.Real("score"), 2), FormTime.Day(d.Row.Time("capturedAt"), c.IsJapanese)]),
        ]),
    ]);

    /// <summary>The ledger's row: a column is found by its usual names, also with a unit behind, such as 橋長(m). What is not there stays empty.</summary>
    private sealed class Ledger
    {
        private readonly List<(string Name, string Value)> _row = [];

        public Ledger(string? attributes)
        {
            using JsonDocument json = JsonDocument.Parse(attributes ?? "{}");
            foreach (JsonProperty p in json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.EnumerateObject() : default)
            {
                string value = p.Value.ValueKind switch
                {
                    JsonValueKind.String => p.Value.GetString()!,
                    JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => p.Value.GetRawText(),
                    _ => "",
                };
                _row.Add((p.Name, value.Trim()));
            }
        }

        public string this[params ReadOnlySpan<string> names]
        {
            get
            {
                foreach (string name in names)
                {
                    foreach ((string column, string value) in _row)
                    {
                        string rest = column.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? column[name.Length..].Trim() : "?";
                        if (rest.Length == 0)
                        {
                            return value;
                        }

                        if (rest[0] is '(' or '（' or '_' or '[')
                        {
                            return value.Length > 0 ? $"{value} {rest.Trim('(', '（', ')', '）', '_', '[', ']')}" : "";
                        }
                    }
                }

                return "";
            }
        }
    }
}
