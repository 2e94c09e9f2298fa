namespace Field.MapApp.Forms;

/// <summary>被災箇所一覧: what is worst first, where it is, and how long it took from the event until it was known.</summary>
internal static class FloodForm
{
    /// <summary>More photos than this make nobody act sooner.</summary>
    public const int MaxPhotos = 120;

    /// <summary>
    /// Worst first: the person's letter, else the worst of the draft, by the step that it is on its own scale. Then by urgency, then along the river.
    /// </summary>
    public static IEnumerable<Damage> InOrder(IEnumerable<Damage> damages) => damages
        .OrderByDescending(Step)
        .ThenByDescending(d => d.Row.Real("urgency") ?? 0)
        .ThenBy(d => d.Row.Text("river"), StringComparer.Ordinal)
        .ThenBy(d => d.Row.Text("bank"), StringComparer.Ordinal)
        .ThenBy(LeveeForm.Km)
        .ThenBy(d => d.Row.Id, StringComparer.Ordinal);

    public static FormDocument Build(FormContent c)
    {
        FloodTimeline line = new(c.Request.EventAt, c.Damages);
        List<FormBlock> blocks = [new TextBlock(line.Sentence(c.IsJapanese), IsStrong: true)];
        if (c.Damages.Count > 0)
        {
            blocks.AddRange([
                new HeadingBlock(c.Pick("発災から判定まで", "From event to decision")), Stages(c, line),
                new HeadingBlock(c.Pick("緊急順の一覧", "Places in order of urgency")), Places(c),
                new TextBlock(c.Pick(
                    "順位は、人が決めた評価（なければ下書きの最も厳しい評価）、緊急度、距離標の順。評価は橋梁 a～e、堤防 a～d の別の尺度で、堤防 d は橋梁 e、堤防 c は橋梁 d と同じ段に置く。評価のないものはその次。かっこ内の評価は未判定の下書き。緯度・経度は世界測地系（JGD2011）。",
                    "Ranked by the decided letter (else the draft's worst), urgency and distance mark. Bridges have a to e and levees a to d: levee d stands beside bridge e, levee c beside bridge d, then what has no letter. Letters in brackets are drafts. Coordinates are JGD2011.")),
            ]);
        }

        FormSheet sheet = new(c.Pick("被災箇所", "Places"), IsLandscape: true, [10, 46, 26, 44, 20, 16, 34, 21, 21, 22], blocks);
        return c.Document(
            c.Pick("被災箇所一覧（緊急順）", "Damaged places by urgency"), c.Asset?.Text("name") ?? c.Asset?.Id ?? c.Pick("全域", "all"),
            sheet, c.PhotoSheet(c.Pick("写真", "Photos"), [.. c.Damages.Take(MaxPhotos)]));
    }

    /// <summary>
    /// The two scales side by side: measures needed (levee d) with the worst degree (bridge e), preventive maintenance (levee c) with bridge d. What has
    /// no letter (no table applies, or it could not be measured) stands above the third step, so that nothing unknown sinks to the end.
    /// </summary>
    private static double Step(Damage damage) => (damage.Scale, damage.Letter) switch
    {
        ("levee", "d") or (_, "e") => 4,
        ("levee", "c") or (_, "d") => 3,
        (_, "c") => 2,
        (_, "b") => 1,
        (_, "a") => 0,
        _ => 2.5,
    };

    private static TableBlock Stages(FormContent c, FloodTimeline line)
    {
        string Cell(DateTimeOffset? time) => time is null ? "-" : line.Since(time) is { } span
            ? $"{FormTime.Minute(time, c.IsJapanese)}{c.Pick("（", " (+")}{FormTime.Since(span, c.IsJapanese)}{c.Pick("後）", ")")}"
            : FormTime.Minute(time, c.IsJapanese);
        return new TableBlock([2, 1, 2, 2, 3],
            [c.Pick("段階", "Step"), c.Pick("件数", "Places"), c.Pick("最初", "First"), c.Pick("中央値", "Median"), c.Pick("最後", "Last")],
            [.. line.Stages.Select(s => (IReadOnlyList<FormCell>)[c.Pick(s.Ja, s.En), FormCell.Of(s.Times.Count, 0), Cell(s.First), Cell(s.Median), Cell(s.Last)])]);
    }

    private static TableBlock Places(FormContent c) => new([.. Enumerable.Repeat(1, 10)],
    [
        c.Pick("順位", "Rank"), c.Pick("場所", "Place"), c.Pick("変状", "Damage"), c.Pick("規模", "Size"), c.Pick("評価", "Rank"), c.Pick("状態", "State"),
        c.Pick("撮影時刻", "Taken"), c.Pick("経度", "Lon"), c.Pick("緯度", "Lat"), c.Pick("写真", "Photo"),
    ],
    [
        .. c.Damages.Select(d => (IReadOnlyList<FormCell>)[
            FormCell.Of(d.Number, 0), c.PlaceOf(d), d.Name(c.IsJapanese), d.Measures(c.IsJapanese), FormCell.Centre(d.ScaledDegree(c.IsJapanese)), d.Status(c.IsJapanese),
            FormTime.Minute(d.Row.Time("capturedAt"), c.IsJapanese), FormCell.Of(d.Row.Real("centreLon"), 6), FormCell.Of(d.Row.Real("centreLat"), 6),
            d.Number > MaxPhotos ? "" : c.Pictures.ContainsKey(d.Row.Id) ? $"No. {d.Number}" : c.Pick("写真なし", "no photo")]),
    ]);
}
