using Field.MapApp.Board;
using Field.MapApp.Forms;
using Field.Store;
using Field.Tests.Forms;
using Field.Tests.Store;
using NetTopologySuite.Geometries;

namespace Field.Tests.Board;

/// <summary>The board as it is read for the report, and what the report says and leaves empty.</summary>
public sealed class StatusReportTests
{
    private static readonly DateTimeOffset Night = new(2026, 11, 21, 18, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Board_is_read_as_the_page_shows_it()
    {
        List<BoardItem> items = await ItemsAsync();
        Assert.Equal(
            ["event:t:2", "alarm:" + Hex('a'), "event:t:1", "event:t:4", "event:lock-1:3", "alarm:" + Hex('b'), "event:t:3"],
            items.Select(i => i.Key));
        Assert.Equal(["open", "open", "working", "open", "open", "done", "false-report"], items.Select(i => i.State));
        Assert.Equal(BoardItemKind.Device, items.Single(i => i.Key.EndsWith(Hex('b'), StringComparison.Ordinal)).Kind);
    }

    [Fact]
    public async Task Workbook_is_valid_counts_reports_beside_the_damage_and_invents_none()
    {
        using Workbook book = new(XlsxWriter.Write(await FormAsync()));
        book.AssertValid();
        Assert.Equal(["概況", "被害状況", "対応一覧", "施設・警報"], book.SheetNames);
        IReadOnlyList<string> first = book.Texts("概況");
        Assert.Contains("令和8年台風第15号（訓練）", first);
        Assert.Contains("第 3 報", first);
        Assert.Contains("2026年11月22日 03:00 現在", first);
        Assert.Contains("3 件（うち対応中 1 件）", first);

        IReadOnlyList<string[]> damage = book.Rows("被害状況");
        Assert.Equal(["その他", "道路", "箇所", "1"], damage.Single(r => r.Contains("道路")));
        Assert.Equal(["人的被害", "死者", "人"], damage.Single(r => r.Contains("死者")));
        Assert.Equal(["その他", "河川", "箇所", "0"], damage.Single(r => r.Contains("河川"))); // the report of one was false
        Assert.Equal(["浸水", "1"], damage.Single(r => r.Contains("浸水")));

        string[] road = book.Rows("対応一覧").Single(r => r.Any(t => t.Contains("道路被害", StringComparison.Ordinal)));
        Assert.Equal(["3", "2026年11月22日 02:00", "現地報告", "警戒", "道路被害：=1+1 ふたが外れた", "138.31", "34.81", "対応中", "第2分団　土のう"], road);
        Assert.Contains("青葉小学校", book.Texts("施設・警報"));
    }

    [Fact]
    public async Task Page_says_what_the_workbook_says_and_escapes_what_people_wrote()
    {
        string html = HtmlWriter.Write(await FormAsync());
        Assert.Contains("被害状況即報", html, StringComparison.Ordinal);
        Assert.Contains("速報・未確定", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;川&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>川</b>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_are_named_by_the_form_they_were_made_with_and_contradictions_are_told()
    {
        BoardItem Report(string details) => ReadOne(Event("t:9", "report", -1, details));
        Assert.Equal("落石：道路の半分", StatusWords.Of(Report("""{"note":"道路の半分","form":"patrol","labels":{"category":{"ja":"落石","en":"Rockfall"},"form":{"ja":"道路パトロール"}}}""")));
        Assert.Equal("道路被害", StatusWords.Of(Report("""{"category":"road","labels":{"form":{"ja":"道路パトロール"}}}""")));
        Assert.Equal("道路パトロール", StatusWords.Of(Report("""{"category":"patrol","labels":{"form":{"ja":"道路パトロール"}}}""")));
        Assert.Equal("patrol", StatusWords.Of(Report("""{"category":"patrol","labels":{"form":{"ja":" "},"category":7}}""")));
        Assert.Equal("種類の記載なし", StatusWords.Of(Report("""{"labels":[]}""")));
        BoardItem contradicted = Assert.Single(BoardItems.Reports(
        [
            Event("t:1", "report", -3, """{"category":"flood","note":"ひざまで"}"""),
            Event("t:2", "report", -2, """{"category":"flood","note":"腰まで","amends":"t:1","bases":["t:1"]}"""),
            Event("t:3", "report", -1, """{"category":"flood","note":"水が引いた","amends":"t:1","bases":["t:1"]}"""),
        ]));
        Assert.Equal(("event:t:1", "浸水（内容が食い違う報告 2 件）：腰まで／水が引いた"), (contradicted.Key, StatusWords.Of(contradicted)));
    }

    private static BoardItem ReadOne(Feature report) => Assert.Single(BoardItems.Reports([report]));

    private static string Hex(char digit) => new(digit, 32);

    private static async Task<FormDocument> FormAsync()
    {
        Feature situation = new(FieldTables.Board, "situation", null, new Dictionary<string, object?> { ["title"] = "令和8年台風第15号（訓練）", ["startedAt"] = Night.AddHours(-6) });
        return StatusReport.Build(new StatusContent("青葉市", 3, "本部 一郎", Night, situation, await ItemsAsync(), [("避難所", "青葉小学校")]));
    }

    private static async Task<List<BoardItem>> ItemsAsync()
    {
        using TempFolder folder = new();
        FieldStores stores = StoreUris.Under(folder.Root).Open(TimeProvider.System);
        await using (stores)
        {
            Feature[] rows =
            [
                Event("t:1", "report", -1, """{"category":"road","severity":"warning","note":"=1+1 ふたが外れた"}""", new Point(138.31, 34.81)),
                Event("t:2", "report", -2, """{"category":"flood","severity":"critical","note":"<b>川</b>"}"""),
                Event("t:3", "report", -3, """{"category":"river"}"""),
                Event("t:4", "report", -4, """{"category":7,"severity":"terrible"}"""),
                Event("lock-1:1", "door-opened", -5, "{}"), Event("lock-1:2", "door-closed", -4, "{}"), Event("lock-1:3", "door-opened", -3, "{}"),
                Alarm('a', "raised", "level", "critical"), Alarm('b', "cleared", "batteryPercent", "warning"),
                new(FieldTables.Board, "follow:event:t:1", null, new Dictionary<string, object?> { ["kind"] = "follow", ["state"] = "working", ["crew"] = "第2分団", ["note"] = "土のう" }),
                new(FieldTables.Board, "follow:event:t:2", null, new Dictionary<string, object?> { ["kind"] = "follow", ["state"] = "done", ["removedAt"] = Night }),
                new(FieldTables.Board, "follow:event:t:3", null, new Dictionary<string, object?> { ["kind"] = "follow", ["state"] = "false-report" }),
            ];
            await stores.Features.WriteAsync([.. rows.Select(r => new FeatureWrite(r))], Cancel);
            return await BoardItems.ReadAsync(stores.Features, Cancel);
        }
    }

    private static Feature Event(string id, string kind, int hours, string details, Point? place = null) => new(FieldTables.Events, id, place, new Dictionary<string, object?>
    {
        ["device"] = id.Split(':')[0],
        ["kind"] = kind,
        ["time"] = Night.AddHours(hours),
        ["details"] = details,
    });

    private static Feature Alarm(char digit, string state, string measure, string severity) => new(FieldTables.Alarms, Hex(digit), null, new Dictionary<string, object?>
    {
        ["device"] = "river-1",
        ["kind"] = "threshold",
        ["measure"] = measure,
        ["state"] = state,
        ["severity"] = severity,
        ["raisedAt"] = Night.AddHours(-2.5),
        ["messageJa"] = "水位が高い",
    });
}
