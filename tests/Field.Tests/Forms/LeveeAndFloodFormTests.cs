using System.Text;
using System.Text.Json;
using Field.MapApp.Forms;

namespace Field.Tests.Forms;

public sealed class LeveeAndFloodFormTests
{
    [Fact]
    public async Task Levee_table_follows_the_distance_marks_and_leaves_the_sections_rank_to_a_person()
    {
        await using FormFixture fixture = await FormFixture.CreateAsync();
        string photo = await fixture.AddPhotoAsync();
        await fixture.AddLeveeFindingAsync(photo, 240, ("class", "slump"), ("degree", "d"));
        await fixture.AddLeveeFindingAsync(photo, 40, ("status", "draft"), ("degree", null), ("degreeLeast", "b"), ("degreeMost", "c"));
        await fixture.AddLeveeFindingAsync(photo, -1200, ("class", "seepage"), ("degree", "c"), ("lengthM", null));

        FormFile file = await fixture.MakeAsync(new FormArguments("levee", "xlsx", FormFixture.Levee, Inspector: "点検班"));
        using Workbook book = new(file.Bytes);
        book.AssertValid();
        Assert.Contains(["河川名", "青葉川", "岸", "右岸", "区間", "11.0k – 14.0k"], book.Rows("点検結果表"));
        Assert.Contains(["台帳の名称・番号", "青葉川堤防", "点検日", "2026年11月20日", "点検者", "点検班"], book.Rows("点検結果表"));
        string[][] places = [.. book.Rows("点検結果表").Where(r => r.Length > 1 && r[1].StartsWith("右岸", StringComparison.Ordinal))];
        Assert.Equal(["1", "右岸 12.3k - 1200 m", "漏水・噴砂", "面積 4.25 m²", "c", "予防保全段階", "確定", "2026年11月20日"], places[0]);
        Assert.Equal(["2", "右岸 12.3k + 40 m", "侵食", "長さ 0.61 ± 0.01 m、面積 4.25 m²", "(b–c)", "未判定", "2026年11月20日"], places[1]);
        Assert.Equal(["3", "右岸 12.3k + 240 m", "法崩れ", "長さ 0.61 ± 0.01 m、面積 4.25 m²", "d", "措置段階", "確定", "2026年11月20日"], places[2]);
        Assert.Contains(["11.0k – 12.0k", "1", "c 1"], book.Rows("点検結果表"));
        Assert.Contains(["12.0k – 13.0k", "2", "(b–c) 1、d 1"], book.Rows("点検結果表")); // the rank A-D is empty
        Assert.StartsWith("堤防点検結果表_青葉川_右岸_青葉川堤防_", file.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flood_list_is_worst_first_and_tells_the_time_since_the_event()
    {
        await using FormFixture fixture = await FormFixture.CreateAsync();
        DateTimeOffset t = FormFixture.Captured;
        string early = await fixture.AddPhotoAsync(100, received: t.AddMinutes(30), scored: t.AddMinutes(40));
        string late = await fixture.AddPhotoAsync(140, received: t.AddMinutes(90), scored: t.AddMinutes(110));
        await fixture.AddLeveeFindingAsync(early, 10, ("degree", "b"), ("decidedAt", t.AddHours(3)));
        await fixture.AddLeveeFindingAsync(late, 20, ("status", "draft"), ("degree", null), ("degreeMost", "d"), ("urgency", 80.0), ("capturedAt", t.AddMinutes(60)));
        await fixture.AddLeveeFindingAsync(late, 30, ("degree", null), ("status", "draft"), ("degreeLeast", null), ("degreeMost", null), ("urgency", 99.0), ("capturedAt", t.AddMinutes(60)));
        await fixture.AddLeveeFindingAsync(early, 40, ("degree", "d"), ("urgency", 90.0), ("decidedAt", t.AddHours(5)));
        await fixture.AddLeveeFindingAsync(early, 50, ("capturedAt", t.AddDays(-30))); // before the event

        FormArguments given = new("flood", "xlsx", EventAt: "2026-11-20T04:00:00+09:00");
        using Workbook book = new((await fixture.MakeAsync(given)).Bytes);
        book.AssertValid();
        string[][] places = [.. book.Rows("被災箇所").Where(r => r.Length > 1 && r[1].StartsWith("青葉川 右岸", StringComparison.Ordinal))];
        Assert.Equal(["40", "20", "30", "10"], places.Select(p => p[1].Split(' ')[^2]));
        Assert.Equal(["堤防 d", "堤防 (c–d)", "堤防 (-)", "堤防 b"], places.Select(p => p[4]));
        Assert.Contains(book.Texts("被災箇所"), s => s == "発災（2026年11月20日 04:00）から、最初の被災箇所の撮影まで 5 時間 30 分、位置の特定は 4 / 4 件でその最後まで 7 時間 20 分。判定済みは 2 件（最後の判定まで 10 時間 30 分）。");
        Assert.Contains(["撮影", "4", "2026年11月20日 09:30（5 時間 30 分後）", "2026年11月20日 10:00（6 時間 0 分後）", "2026年11月20日 10:30（6 時間 30 分後）"], book.Rows("被災箇所"));
        Assert.Contains(["人の判定", "2", "2026年11月20日 12:30（8 時間 30 分後）", "2026年11月20日 13:30（9 時間 30 分後）", "2026年11月20日 14:30（10 時間 30 分後）"], book.Rows("被災箇所"));

        string[] csv = Encoding.UTF8.GetString((await fixture.MakeAsync(given with { Format = "csv" })).Bytes).Split("\r\n");
        Assert.StartsWith("\uFEFF番号,変状ID,", csv[0], StringComparison.Ordinal);
        Assert.StartsWith("1,finding-0004,確定,levee:L1,青葉川堤防,,青葉川,右岸 12.3k + 40 m,12.3,40,", csv[1], StringComparison.Ordinal);
        Assert.Contains(",2026-11-20T09:30:00+09:00,2026-11-20T10:00:00+09:00,2026-11-20T10:10:00+09:00,髙橋 花子,2026-11-20T14:30:00+09:00,", csv[1], StringComparison.Ordinal);
        Assert.Equal(6, csv.Length); // header, four rows, the end
    }

    [Fact]
    public async Task Flood_list_sets_the_two_scales_beside_each_other_and_names_them()
    {
        await using FormFixture fixture = await FormFixture.CreateAsync();
        string photo = await fixture.AddPhotoAsync();
        foreach (string letter in new[] { "a", "b", "c", "d", "e" })
        {
            await fixture.AddFindingAsync(photo, ("degree", letter), ("urgency", 10.0));
        }

        foreach (string letter in new[] { "a", "b", "c", "d" })
        {
            await fixture.AddLeveeFindingAsync(photo, 10, ("degree", letter), ("urgency", 20.0));
        }

        await fixture.AddFindingAsync(photo, ("degree", null), ("rankScale", null), ("class", "pothole"), ("urgency", 99.0));
        using Workbook book = new((await fixture.MakeAsync(new FormArguments("flood", "xlsx"))).Bytes);
        string[][] places = [.. book.Rows("被災箇所").Where(r => r.Length > 5 && int.TryParse(r[0], out _))];
        Assert.Equal(["堤防 d", "橋梁 e", "堤防 c", "橋梁 d", "-", "橋梁 c", "堤防 b", "橋梁 b", "堤防 a", "橋梁 a"], places.Select(p => p[4]));
    }

    [Fact]
    public async Task Flood_list_without_damage_says_that_nothing_is_recorded()
    {
        await using FormFixture fixture = await FormFixture.CreateAsync();
        FormFile file = await fixture.MakeAsync(new FormArguments("flood", "xlsx", EventAt: "2026-11-20"));
        using Workbook book = new(file.Bytes);
        book.AssertValid();
        Assert.Contains("この期間に記録された被災箇所はありません。被災がないことを示すものではありません。", book.Texts("被災箇所"));
        Assert.Equal("no findings for these conditions", Assert.Single(file.Notes).En);
    }

    [Fact]
    public async Task List_keeps_the_figures_of_the_rows_and_the_period()
    {
        await using FormFixture fixture = await FormFixture.CreateAsync();
        string photo = await fixture.AddPhotoAsync();
        await fixture.AddFindingAsync(photo);
        await fixture.AddFindingAsync(photo, ("assetId", null), ("elementId", null), ("lengthM", 1.25));
        await fixture.AddFindingAsync(photo, ("capturedAt", FormFixture.Captured.AddDays(2)));

        using Workbook book = new((await fixture.MakeAsync(new FormArguments("list", "xlsx", From: "2026-11-20", To: "2026-11-20"))).Bytes);
        book.AssertValid();
        Assert.Contains(["1", "青葉橋 Ds0101", "ひびわれ", "c", "確定", "0.612", "0.314", "2026年11月20日 09:30", "髙橋 花子", "2026年11月20日"], book.Rows("変状一覧"));
        Assert.Equal((0.612, 0.314, 1.25), (book.Number("変状一覧", "1", 5), book.Number("変状一覧", "1", 6), book.Number("変状一覧", "2", 5)));
        Assert.DoesNotContain(book.Rows("変状一覧"), r => r is ["3", ..]);

        using JsonDocument geo = JsonDocument.Parse((await fixture.MakeAsync(new FormArguments("list", "geojson"))).Bytes);
        JsonElement first = geo.RootElement.GetProperty("features")[0];
        Assert.Equal((3, "finding-0001", 1, "MultiPolygon"), (
            geo.RootElement.GetProperty("features").GetArrayLength(), first.GetProperty("id").GetString(), first.GetProperty("properties").GetProperty("number").GetInt32(), first.GetProperty("geometry").GetProperty("type").GetString()));
        Assert.False(first.GetProperty("properties").TryGetProperty("pixelRings", out _));
    }

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("-2", "\"'-2\"")]
    [InlineData("  @SUM(A1)", "\"'  @SUM(A1)\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("＝1", "\"'＝1\"")]
    [InlineData("a,b\"c", "\"a,b\"\"c\"")]
    [InlineData("青葉橋", "青葉橋")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(double.NaN, "")]
    [InlineData(null, "")]
    public void Csv_field_is_never_a_formula(object? value, string expected) => Assert.Equal(expected, CsvText.Field(value));

    [Fact]
    public void Time_line_median_lies_between_the_two_in_the_middle()
    {
        DateTimeOffset t = FormFixture.Captured;
        FloodTimeline.Stage stage = new("", "", [t, t.AddMinutes(10), t.AddMinutes(40), t.AddMinutes(50)]);
        Assert.Equal((t, t.AddMinutes(25), t.AddMinutes(50)), (stage.First, stage.Median, stage.Last));
        Assert.Null(new FloodTimeline.Stage("", "", []).Median);
    }
}
