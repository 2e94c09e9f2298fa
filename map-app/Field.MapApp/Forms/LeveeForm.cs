using System.Globalization;
using Field.Geo.Linear;

namespace Field.MapApp.Forms;

/// <summary>堤防点検結果表: places along a levee with their draft or decided rank; the sections' rank A-D is left to a person.</summary>
internal static class LeveeForm
{
    public static FormDocument Build(FormContent c)
    {
        string name = c.Asset!.Text("name") ?? c.Asset.Text("ledgerId") ?? c.Asset.Id;
        string river = c.Asset.Text("river") ?? "";
        string bank = MarkText.Name(MarkText.ParseBank(c.Asset.Text("bank")), c.IsJapanese);
        FormCell L(string ja, string en) => FormCell.Label(c.Pick(ja, en));
        TableBlock general = new([2, 2, 1, 2, 1, 3], [],
        [
            [L("河川名", "River"), river, L("岸", "Bank"), bank, L("区間", "Stretch"), Stretch(c)],
            [L("台帳の名称・番号", "Ledger"), name, L("点検日", "Inspected"), FormTime.Days(c.Damages.Select(d => d.Row.Time("capturedAt")), c.IsJapanese), L("点検者", "Inspector"), c.Inspector],
        ])
        { RowMm = 8 };
        FormSheet table = new(c.Pick("点検結果表", "Results"), IsLandscape: true, [12, 20, 24, 40, 30, 36, 16, 32, 18, 16, 16],
        [
            general,
            new HeadingBlock(c.Pick("変状箇所（距離標の順）", "Damaged places, by distance mark")),
            Places(c),
            new TextBlock(c.Pick(
                "評価 a 異常なし、b 要監視段階、c 予防保全段階、d 措置段階。かっこ内はモデルの下書きで、Field 独自の基準によります。人が決めた評価にはかっこがありません。",
                "Rank a nothing abnormal, b to be watched, c preventive maintenance, d measures needed. In brackets: a model's draft by a rule of Field's own. A rank that a person decided has no brackets.")),
            new HeadingBlock(c.Pick("区間の総合評価", "Rank of the sections")),
            Sections(c),
            new TextBlock(c.Pick(
                "総合評価（A～D）は、点検した技術者が判断して記入してください。区間は便宜上 1 km ごとに区切っています。",
                "The sections' rank A to D is for the inspecting engineer to judge and to write. Sections are cut at every kilometre for convenience.")),
            .. c.Damages.Count > 0 ? Array.Empty<FormBlock>() :
            [
                new TextBlock(c.Pick("この堤防と期間に記録された変状はありません。異常がないことを示すものではありません。", "No damage is recorded for this levee and period. That does not say that there is none."), IsStrong: true),
            ],
        ]);
        return c.Document(c.Pick("堤防点検結果表", "Levee inspection table"), $"{river} {bank} {name}".Trim(), table, c.PhotoSheet(c.Pick("写真", "Photos"), c.Damages));
    }

    private static string Stretch(FormContent c) => c.Asset!.Real("startKm") is { } start && c.Asset.Real("endKm") is { } end
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Min(start, end):0.0##}k – {Math.Max(start, end):0.0##}k")
        : "";

    private static TableBlock Places(FormContent c) => new([1, 2, 1, 2, 1, 1, 1, 2],
    [
        c.Pick("番号", "No."), c.Pick("距離標", "Place"), c.Pick("変状の種類", "Damage"), c.Pick("規模", "Size"), c.Pick("評価", "Rank"),
        c.Pick("評価の区分", "Meaning"), c.Pick("状態", "State"), c.Pick("撮影日", "Taken"),
    ],
    [
        .. c.Damages.Select(d => (IReadOnlyList<FormCell>)[
            FormCell.Of(d.Number, 0), d.Place(c.IsJapanese) is { Length: > 0 } place ? place : c.Pick("距離標なし", "no mark"), d.Name(c.IsJapanese), d.Measures(c.IsJapanese), FormCell.Centre(d.Degree),
            d.IsDecided ? DamageWords.LeveeRank(d.Letter ?? "", c.IsJapanese) : "", d.Status(c.IsJapanese), FormTime.Day(d.Row.Time("capturedAt"), c.IsJapanese)]),
    ]);

    private static TableBlock Sections(FormContent c) => new([3, 1, 2, 2, 3],
    [
        c.Pick("区間", "Section"), c.Pick("箇所数", "Places"), c.Pick("評価ごとの箇所数", "Places by rank"), c.Pick("総合評価", "A-D"), c.Pick("所見（記入）", "Remarks (fill in)"),
    ],
    [
        .. c.Damages.Where(d => d.Row.Real("markKm") is not null)
            .GroupBy(d => (int)Math.Floor(Km(d)))
            .OrderBy(g => g.Key)
            .Select(g => (IReadOnlyList<FormCell>)[
                $"{g.Key}.0k – {g.Key + 1}.0k", FormCell.Of(g.Count(), 0),
                string.Join(c.Pick("、", ", "), g.GroupBy(d => d.Degree).OrderBy(r => r.Key.Trim('('), StringComparer.Ordinal).Select(r => $"{r.Key} {r.Count()}")), "", ""]),
    ])
    { RowMm = 9 };

    /// <summary>Where along the river, km.</summary>
    public static double Km(Damage damage) => (damage.Row.Real("markKm") ?? 0) + ((damage.Row.Real("markOffsetM") ?? 0) / 1000);
}
