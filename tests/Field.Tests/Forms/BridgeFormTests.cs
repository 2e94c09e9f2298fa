using System.Text;
using DocumentFormat.OpenXml.Spreadsheet;
using Field.MapApp.Forms;

namespace Field.Tests.Forms;

public sealed class BridgeFormTests
{
    [Fact]
    public async Task Workbook_tells_the_ledger_the_decided_damage_and_the_drafts_apart()
    {
        await using FormFixture fixture = await FormFixture.CreateAsync();
        string photo = await fixture.AddPhotoAsync();
        await fixture.AddFindingAsync(photo);
        await fixture.AddFindingAsync(photo, ("class", "rebar"), ("damageType", 7L), ("degree", "d"), ("status", "corrected"), ("areaM2", 0.042), ("elementId", "element:aoba/Mg0101"), ("decisionNote", "かぶり不足"));
        await fixture.AddFindingAsync(photo, ("status", "draft"), ("degree", null), ("decidedBy", null), ("decidedAt", null));
        await fixture.AddFindingAsync(photo, ("status", "rejected"), ("maxWidthMm", 99.0));
        await fixture.AddFindingAsync(photo, ("status", "superseded"), ("maxWidthMm", 98.0));
        await fixture.AddFindingAsync(photo, ("status", "draft"), ("mergedInto", "finding-0001"), ("maxWidthMm", 97.0));

        FormFile file = await fixture.MakeAsync(new FormArguments("bridge", "xlsx", FormFixture.Bridge));
        using Workbook book = new(file.Bytes);
        book.AssertValid();

        Assert.Equal(["調書", "損傷図", "損傷写真", "損傷程度の評価", "未判定"], book.SheetNames);
        Assert.Contains(["橋梁名", "青葉橋", "橋梁番号", "aoba"], book.Rows("調書"));
        Assert.Contains(["橋長", "32.4 m", "幅員", "8.2 m"], book.Rows("調書"));
        Assert.Contains(["路線名", "市道1号線", "管理者"], book.Rows("調書")); // the ledger has no owner: an empty cell to fill by hand
        Assert.Contains(["点検年月日", "2026年11月20日", "点検者", "髙橋 花子"], book.Rows("調書"));
        Assert.Contains(["床版", "ひびわれ", "c", "1"], book.Rows("調書"));
        Assert.Contains(["主桁", "剥離・鉄筋露出", "d", "2"], book.Rows("調書")); // class and countermeasure are left empty
        Assert.Contains("□ Ⅰ 健全　　□ Ⅱ 予防保全段階　　□ Ⅲ 早期措置段階　　□ Ⅳ 緊急措置段階", book.Texts("調書"));
        Assert.Contains(book.Texts("調書"), t => t.Contains("Field は判定しません", StringComparison.Ordinal));
        Assert.Contains(["1", "床版", "Ds0101", "6 ひびわれ", "c", "長さ 0.61 ± 0.01 m、最大幅 0.31 ± 0.08 mm、最小間隔 410 mm", "0.21", "確定"], book.Rows("損傷図"));
        Assert.Equal(0.21, book.Number("損傷図", "1", 6));
        Assert.Contains(["メモ", "メモ", "かぶり不足"], book.Rows("損傷写真"));
        Assert.Contains(["Ds0101", "床版", "c"], book.Rows("損傷程度の評価"));
        Assert.Contains(["P0101", "橋脚"], book.Rows("損傷程度の評価")); // nothing recorded is not degree a
        Assert.Contains(["未1", "床版", "Ds0101", "6 ひびわれ", "(c–d)", "長さ 0.61 ± 0.01 m、最大幅 0.31 ± 0.08 mm、最小間隔 410 mm", "0.91", "2026年11月20日"], book.Rows("未判定"));
        Assert.All(book.SheetNames, n => Assert.DoesNotContain(book.Texts(n), t => t.Contains("9.00", StringComparison.Ordinal) || t.Contains("8.00", StringComparison.Ordinal) || t.Contains("7.00", StringComparison.Ordinal)));
        Assert.Equal([("未判定 1 件を含みます", "1 drafts are undecided")], file.Notes);
    }

    [Fact]
    public async Task General_views_that_people_chose_stand_on_their_own_page_in_the_order_of_the_record()
    {
        await using FormFixture fixture = await FormFixture.CreateAsync();
        string[] photos = [await fixture.AddPhotoAsync(100), await fixture.AddPhotoAsync(110), await fixture.AddPhotoAsync(130), await fixture.AddPhotoAsync(140, hasBytes: false), await fixture.AddPhotoAsync(150)];
        await fixture.AddViewAsync(photos[0], "deck", FormFixture.Bridge, ("note", "起点側から"));
        await fixture.AddViewAsync(photos[1], "whole", FormFixture.Bridge);
        await fixture.AddViewAsync(photos[2], "side", "bridge:other");
        await fixture.AddViewAsync(photos[3], "span", FormFixture.Bridge);
        await fixture.AddViewAsync(photos[4], "side", FormFixture.Bridge, ("removedAt", FormFixture.Captured));

        FormFile file = await fixture.MakeAsync(new FormArguments("bridge", "xlsx", FormFixture.Bridge));
        using Workbook book = new(file.Bytes);
        book.AssertValid();
        Assert.Equal("現地状況写真", book.SheetNames[1]);
        Assert.Equal(["全景", "橋面", "径間"], book.Texts("現地状況写真").Where(t => t is "全景" or "側面" or "橋面" or "径間"));
        Assert.Contains("起点側から", book.Texts("現地状況写真"));
        Assert.Contains("撮影 花子", book.Texts("現地状況写真"));
        Assert.Single(book.Texts("現地状況写真"), t => t == "写真なし"); // the one whose bytes are not there
        Assert.Equal(2, book.Part("現地状況写真").DrawingsPart!.ImageParts.Count());

        string html = Encoding.UTF8.GetString((await fixture.MakeAsync(new FormArguments("bridge", "html", FormFixture.Bridge))).Bytes);
        Assert.True(html.IndexOf("全景", StringComparison.Ordinal) < html.IndexOf("橋面", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_sheet_is_a4_with_a_print_area_and_says_what_is_undecided()
    {
        await using FormFixture fixture = await FormFixture.CreateAsync();
        string photo = await fixture.AddPhotoAsync();
        await fixture.AddFindingAsync(photo);
        await fixture.AddFindingAsync(photo, ("status", "draft"));

        using Workbook book = new((await fixture.MakeAsync(new FormArguments("bridge", "xlsx", FormFixture.Bridge))).Bytes);
        foreach (string name in book.SheetNames)
        {
            Worksheet sheet = book.Part(name).Worksheet;
            Assert.Equal(9u, sheet.GetFirstChild<PageSetup>()!.PaperSize!.Value); // A4
            Assert.Contains("未判定 1 件を含む", sheet.GetFirstChild<HeaderFooter>()!.OddHeader!.Text, StringComparison.Ordinal);
            Assert.Contains(book.Rows(name), r => r is ["未判定 1 件を含む"]);
        }

        string html = Encoding.UTF8.GetString((await fixture.MakeAsync(new FormArguments("bridge", "html", FormFixture.Bridge))).Bytes);
        Assert.Equal(book.SheetNames.Count, html.Split("<p class=\"warning\">未判定 1 件を含む</p>").Length - 1);
        Assert.Contains("@top-right { content: \"未判定\\20 1\\20 件を含む\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 3, 0)]
    [InlineData(1, 4, 0)]
    [InlineData(200, 4, 33)]
    public async Task Form_of_a_bridge_with_any_number_of_damages_is_valid_and_breaks_after_six_photos(int count, int sheets, int breaks)
    {
        await using FormFixture fixture = await FormFixture.CreateAsync();
        string photo = await fixture.AddPhotoAsync();
        for (int i = 0; i < count; i++)
        {
            await fixture.AddFindingAsync(photo);
        }

        using Workbook book = new((await fixture.MakeAsync(new FormArguments("bridge", "xlsx", FormFixture.Bridge))).Bytes);
        book.AssertValid();
        Assert.Equal(sheets, book.SheetNames.Count);
        Assert.Equal(count, book.Rows("損傷図").Count(r => r.Contains("6 ひびわれ")));
        Assert.Equal(count, count == 0 ? 0 : book.Part("損傷写真").DrawingsPart!.ImageParts.Count());
        Assert.Equal(breaks, count == 0 ? 0 : book.Part("損傷写真").Worksheet.Descendants<Break>().Count());
        string html = Encoding.UTF8.GetString((await fixture.MakeAsync(new FormArguments("bridge", "html", FormFixture.Bridge))).Bytes);
        Assert.Equal((count + 5) / 6, html.Split("<div class=\"cards\">").Length - 1);
        Assert.Equal(count, html.Split("<figure>").Length - 1);
        Assert.Equal(count == 0, html.Contains("健全であることを示すものではありません", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Drawing_has_each_damage_once_with_number_and_degree_and_names_those_without_a_place()
    {
        await using FormFixture fixture = await FormFixture.CreateAsync();
        string photo = await fixture.AddPhotoAsync();
        await fixture.AddFindingAsync(photo);
        await fixture.AddFindingAsync(photo, ("degree", "e"));
        await fixture.WriteAsync((await fixture.AddFindingAsync(photo, ("centreLon", null), ("centreLat", null))) with { Geometry = null });

        using Workbook book = new((await fixture.MakeAsync(new FormArguments("bridge", "xlsx", FormFixture.Bridge))).Bytes);
        string[] labels = [.. book.Part("損傷図").DrawingsPart!.WorksheetDrawing.Descendants<DocumentFormat.OpenXml.Drawing.Text>().Select(t => t.Text)];
        Assert.Single(labels, "1 c");
        Assert.Single(labels, "2 e");
        Assert.DoesNotContain("3 c", labels);
        Assert.Contains("N", labels);
        Assert.Contains(labels, t => t.StartsWith("5 m　縮尺 約 1:130", StringComparison.Ordinal)); // 32 m on 252 mm of paper
        Assert.Contains("位置がなく図にない変状: 3", book.Texts("損傷図"));
    }

    [Fact]
    public async Task Hostile_names_and_notes_stay_text()
    {
        const string Name = "𠮷野橋<script>alert(1)</script>\u0001\uD842";
        await using FormFixture fixture = await FormFixture.CreateAsync(Name);
        await fixture.AddFindingAsync(await fixture.AddPhotoAsync(), ("decidedBy", "=HYPERLINK(\"http://evil\")"), ("decisionNote", "\"><img src=x onerror=alert(1)>"), ("elementId", "element:aoba/=cmd|' -C calc'!A0"));

        FormFile xlsx = await fixture.MakeAsync(new FormArguments("bridge", "xlsx", FormFixture.Bridge));
        using Workbook book = new(xlsx.Bytes);
        book.AssertValid();
        Assert.Contains("𠮷野橋<script>alert(1)</script>\uFFFD\uFFFD", book.Texts("調書"));
        Assert.Contains("=HYPERLINK(\"http://evil\")", book.Texts("調書"));
        Assert.DoesNotContain(book.Part("調書").Worksheet.Descendants<CellFormula>(), _ => true);
        Assert.StartsWith("橋梁点検調書_𠮷野橋_script_alert_1___script", xlsx.Name, StringComparison.Ordinal);

        string html = Encoding.UTF8.GetString((await fixture.MakeAsync(new FormArguments("bridge", "html", FormFixture.Bridge, Inspector: "</style><script>alert(2)</script>"))).Bytes);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img src=x", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&#134071;野橋&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.Equal(1, html.Split("</style>").Length - 1);
        string csv = Encoding.UTF8.GetString((await fixture.MakeAsync(new FormArguments("list", "csv", FormFixture.Bridge))).Bytes);
        Assert.Contains(",\"'=HYPERLINK(\"\"http://evil\"\")\",", csv, StringComparison.Ordinal);
        Assert.Contains(",\"'=cmd|' -C calc'!A0\",", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Photo_that_is_gone_or_broken_says_so_and_the_form_is_made_all_the_same()
    {
        await using FormFixture fixture = await FormFixture.CreateAsync();
        await fixture.AddFindingAsync(await fixture.AddPhotoAsync(hasBytes: false));

        FormFile file = await fixture.MakeAsync(new FormArguments("bridge", "xlsx", FormFixture.Bridge));
        using Workbook book = new(file.Bytes);
        book.AssertValid();
        Assert.Contains("写真なし", book.Texts("損傷写真"));
        Assert.Contains(file.Notes, n => n.En == "1 have no photo that can be shown");
    }

    [Fact]
    public async Task English_form_has_no_japanese_but_what_the_ledger_has()
    {
        await using FormFixture fixture = await FormFixture.CreateAsync("Aoba bridge");
        await fixture.AddFindingAsync(await fixture.AddPhotoAsync(), ("decidedBy", "Hanako"), ("maxWidthMm", null), ("resolvable", false));
        using Workbook book = new((await fixture.MakeAsync(new FormArguments("bridge", "xlsx", FormFixture.Bridge, Language: "en"))).Bytes);
        Assert.Equal(["Record", "Drawing", "Photos", "Degrees"], book.SheetNames);
        Assert.Contains(["1", "deck slab", "Ds0101", "6 crack", "c", "length 0.61 ± 0.01 m, width not resolvable at 0.3 mm/px, least spacing 410 mm", "0.21", "confirmed"], book.Rows("Drawing"));
        Assert.DoesNotContain(book.Texts("Degrees").Concat(book.Texts("Photos")), t => t.Any(c => c >= 0x3040 && c < 0xA000));
    }

    [Theory]
    [InlineData("bridge:none", "xlsx", 404, "資産 bridge:none は台帳にありません / there is no asset bridge:none")]
    [InlineData(FormFixture.Levee, "xlsx", 400, "levee:L1 は堤防です。この様式には橋梁が要ります / levee:L1 is a levee; this form needs a bridge")]
    public async Task Asset_that_the_form_cannot_be_of_is_refused_in_both_languages(string asset, string format, int status, string message)
    {
        await using FormFixture fixture = await FormFixture.CreateAsync();
        FormException e = await Assert.ThrowsAsync<FormException>(() => fixture.MakeAsync(new FormArguments("bridge", format, asset)));
        Assert.Equal((status, message), (e.Fault.Status, e.Message));
    }

    [Fact]
    public void Request_that_is_wrong_tells_all_its_errors_at_once()
    {
        FormException e = Assert.Throws<FormException>(() => FormRequest.Parse(new FormArguments("7", "docx", null, "yesterday", "2026-01-01", null, "fr", "a\nb")));
        Assert.Equal(5, e.Fault.En.Split("; ").Length);
        Assert.Equal("name the asset (asset, such as bridge:0012)", Assert.Throws<FormException>(() => FormRequest.Parse(new FormArguments("bridge", "pdf"))).Fault.En);
        Assert.Equal("from must lie before to", Assert.Throws<FormException>(() => FormRequest.Parse(new FormArguments("list", "csv", From: "2026-11-21", To: "2026-11-20"))).Fault.En);
        FormRequest day = FormRequest.Parse(new FormArguments("list", "csv", From: "2026-11-20", To: "2026-11-20"));
        Assert.Equal(("2026-11-19T15:00:00Z", "2026-11-20T15:00:00Z"), ($"{day.From:yyyy-MM-dd'T'HH:mm:ss'Z'}", $"{day.Until:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
    }
}
