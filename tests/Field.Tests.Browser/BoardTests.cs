using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>The headquarters at night: two officers at two screens of the real server.</summary>
public sealed partial class BoardTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const string View = "?lon=138.4497&lat=34.7502&zoom=15";

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task What_happened_stands_in_one_list_and_on_the_map_and_whoever_takes_it_is_seen_by_all(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        await BoardScene.StoreAsync(server, TimeProvider.System.GetUtcNow());
        IPage page = await OpenAsync(server, "本部 一郎", widthPx, heightPx);
        IPage other = await OpenAsync(server, "本部 二郎");

        ILocator rows = page.Locator(".item-row");
        await Expect(rows).ToHaveCountAsync(5);
        await Expect(rows.Nth(0)).ToContainTextAsync("浸水");
        await Expect(rows.Nth(1)).ToContainTextAsync("避難判断水位");
        await Expect(rows.Nth(2)).ToContainTextAsync("道路被害");
        await Expect(Count(page, "reports")).ToHaveTextAsync("3");
        await Expect(Count(page, "doors")).ToHaveTextAsync("1");
        await Expect(Count(page, "sensors")).ToHaveTextAsync("1");
        await Accessibility.CheckAsync(page);
        await MapTests.DrawnAsync(page);
        await Golden.CompareAsync(page, "board");

        await rows.Nth(0).ClickAsync();
        ILocator drawer = page.Locator(".drawer");
        await Expect(drawer).ToContainTextAsync("県道が膝まで冠水");
        await drawer.GetByLabel("担当").FillAsync("第2分団");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "対応中", Exact = true }).ClickAsync();
        await Expect(drawer).ToContainTextAsync("保存しました");
        await Expect(drawer.Locator(".state-tag")).ToHaveTextAsync("対応中");
        await Accessibility.CheckAsync(page);
        await MapTests.DrawnAsync(page);
        await Golden.CompareAsync(page, "board-item", drawer.Locator("dl .fact").Nth(1));

        ILocator same = other.Locator(".item-row", new() { HasText = "浸水" });
        await Expect(same.Locator(".state-tag")).ToHaveTextAsync("対応中");
        await Expect(same).ToContainTextAsync("第2分団");
        await Expect(Count(other, "reports")).ToHaveTextAsync("2");
        await same.ClickAsync();
        await other.Locator(".drawer").GetByRole(AriaRole.Button, new() { Name = "完了", Exact = true }).ClickAsync();
        await Expect(drawer.Locator(".state-tag")).ToHaveTextAsync("完了");
        await other.Locator(".drawer").GetByRole(AriaRole.Button, new() { Name = "直前の変更を取り消す" }).ClickAsync();
        await Expect(drawer.Locator(".state-tag")).ToHaveTextAsync("対応中");
        await drawer.GetByText("対応の履歴").ClickAsync();
        await Expect(drawer.Locator(".history li")).ToHaveCountAsync(3);
        await Expect(drawer.Locator(".history li").First).ToContainTextAsync("本部 二郎");
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Report_is_named_by_its_form_and_versions_that_contradict_stand_side_by_side(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await BoardScene.StoreReportAsync(server, "tablet-01:1", now.AddHours(-3.5), (138.4475, 34.7485), """
            {"kind":"report","severity":"info","note":"片側は通れる","who":"佐藤 健","form":"patrol","answers":{"category":"落石","size":40,"closed":true},
             "labels":{"category":{"ja":"落石","en":"Rockfall"},"form":{"ja":"道路パトロール","en":"Road patrol"},
                       "answers":{"category":{"ja":"異状の種類","en":"What is wrong","value":{"ja":"落石","en":"Rockfall"}},"size":{"ja":"大きさ（cm）"},"closed":{"ja":"通行止め","en":"Closed"}}}}
            """);
        await BoardScene.StoreReportAsync(server, "tablet-01:2", now.AddHours(-2.5), (138.4455, 34.7505), """{"kind":"report","category":"flood","severity":"warning","note":"足首まで","who":"佐藤 健"}""");
        await BoardScene.StoreReportAsync(server, "tablet-01:3", now.AddHours(-1.5), (138.4455, 34.7505), """{"kind":"report","category":"flood","severity":"critical","note":"腰まで水がある","who":"佐藤 健","amends":"tablet-01:2","bases":["tablet-01:2"]}""");
        await BoardScene.StoreReportAsync(server, "tablet-02:7", now.AddHours(-1.2), (138.4457, 34.7506), """{"kind":"report","category":"flood","severity":"info","note":"水は引いた","who":"田中 実","amends":"tablet-01:2","bases":["tablet-01:2"]}""");
        IPage page = await OpenAsync(server, "本部 一郎", widthPx, heightPx);
        ILocator rows = page.Locator(".item-row");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(Count(page, "reports")).ToHaveTextAsync("2");
        await Expect(rows.Nth(0)).ToContainTextAsync("内容が食い違う報告 2 件"); // the worst of them leads
        await Expect(rows.Nth(1)).ToContainTextAsync("落石");
        await rows.Nth(0).ClickAsync();
        ILocator drawer = page.Locator(".drawer");
        ILocator versions = drawer.Locator(".item-versions li");
        await Expect(versions).ToHaveCountAsync(2);
        await Expect(versions.Nth(0)).ToContainTextAsync("水は引いた");
        await Expect(versions.Nth(1)).ToContainTextAsync("腰まで水がある");
        await Expect(drawer.Locator("dl")).ToContainTextAsync("危険");
        await Expect(drawer).Not.ToContainTextAsync("足首まで");
        await Accessibility.CheckAsync(page);
        await MapTests.DrawnAsync(page);
        await Golden.CompareAsync(page, "board-versions", drawer.Locator("dl .fact").Nth(1));

        page = await OpenAsync(server, "本部 一郎", widthPx, heightPx); // on a tablet the drawer lies over the list
        drawer = page.Locator(".drawer");
        await page.Locator(".item-row").Nth(1).ClickAsync();
        await Expect(drawer.Locator("dl")).ToContainTextAsync("道路パトロール");
        await Expect(drawer.Locator(".fact", new() { HasText = "大きさ（cm）" })).ToContainTextAsync("40");
        await Expect(drawer.Locator(".fact", new() { HasText = "通行止め" })).ToContainTextAsync("はい");
        await Accessibility.CheckAsync(page);
        await BoardScene.StoreReportAsync(server, "tablet-02:8", now.AddMinutes(-1), (138.4456, 34.7505), """{"kind":"report","category":"flood","severity":"info","note":"両方見た。水は引いた","who":"田中 実","amends":"tablet-01:2","bases":["tablet-01:3","tablet-02:7"]}""");
        page = await OpenAsync(server, "本部 一郎", widthPx, heightPx);
        await Expect(page.Locator(".item-row")).ToHaveCountAsync(2);
        await Expect(page.Locator(".item-conflict")).ToHaveCountAsync(0);
        await Expect(page.Locator(".item-row", new() { HasText = "両方見た" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Board_is_filtered_walked_through_and_named_without_the_mouse()
    {
        await using RealServer server = await RealServer.StartAsync();
        await BoardScene.StoreAsync(server, TimeProvider.System.GetUtcNow());
        IPage page = await OpenAsync(server, "本部 一郎");
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator(".drawer h3").First).ToHaveTextAsync("浸水");
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator(".drawer h3").First).ToContainTextAsync("避難判断水位");
        await page.Keyboard.PressAsync("k");
        await Expect(page.Locator(".drawer h3").First).ToHaveTextAsync("浸水");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".drawer")).ToHaveCountAsync(0);

        await page.Locator(".situation-count[data-of=sensors]").PressAsync("Enter");
        await Expect(page.Locator(".item-row")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Radio, new() { Name = "すべて", Exact = true }).First.ClickAsync();
        await Expect(page.Locator(".item-row")).ToHaveCountAsync(2);
        await Expect(page.Locator(".item-row .state-tag").Last).ToHaveTextAsync("解消");

        await page.GetByRole(AriaRole.Button, new() { Name = "災害対応名を決める" }).PressAsync("Enter");
        await page.GetByLabel("名称").FillAsync("令和8年台風第15号（訓練）");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".situation-name")).ToContainTextAsync("令和8年台風第15号（訓練）");
        await page.ReloadAsync();
        await Expect(page.Locator(".situation-name")).ToContainTextAsync("令和8年台風第15号（訓練）");
    }

    [Fact]
    public async Task Who_wrote_later_sees_what_was_written_first_and_keeps_what_they_typed()
    {
        await using RealServer server = await RealServer.StartAsync();
        await BoardScene.StoreAsync(server, TimeProvider.System.GetUtcNow());
        IPage page = await OpenAsync(server, "本部 一郎");
        await page.Locator(".item-row", new() { HasText = "道路被害" }).ClickAsync();
        ILocator drawer = page.Locator(".drawer");
        await drawer.GetByLabel("メモ").FillAsync("業者に連絡する");
        IPage other = await OpenAsync(server, "本部 二郎");
        await other.Locator(".item-row", new() { HasText = "道路被害" }).ClickAsync();
        await other.Locator(".drawer").GetByRole(AriaRole.Button, new() { Name = "対応中", Exact = true }).ClickAsync();
        await Expect(other.Locator(".drawer")).ToContainTextAsync("保存しました");

        await page.RouteAsync("**/api/v1/board/*", route => route.ContinueAsync(new() { PostData = Encoding.UTF8.GetBytes(Unseen().Replace(route.Request.PostData!, "\"revision\":0")) })); // as before the news came
        await drawer.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        await Expect(drawer.GetByRole(AriaRole.Alert)).ToContainTextAsync("先に 本部 二郎 が「対応中」に変更していました");
        await Expect(drawer.GetByLabel("メモ")).ToHaveValueAsync("業者に連絡する");
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Zone_is_measured_and_drawn_seen_by_all_changed_and_taken_back(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        await BoardScene.StoreAsync(server, TimeProvider.System.GetUtcNow());
        IPage page = await OpenAsync(server, "本部 一郎", widthPx, heightPx);
        IPage other = await OpenAsync(server, "本部 二郎");
        byte[] before = await MapTests.DrawnAsync(other);
        await page.Keyboard.PressAsync("w");
        ILocator panel = page.Locator(".draw-panel");
        await Expect(panel).ToBeVisibleAsync();
        await Accessibility.CheckAsync(page);

        (float x, float y) = (widthPx / 2f, heightPx / 2f);
        await TapAsync(page, (x - 60, y - 60), (x + 60, y - 60), (x + 60, y - 60));
        await Expect(panel.Locator(".draw-figure")).ToContainTextAsync("距離 ");

        await panel.GetByRole(AriaRole.Button, new() { Name = "範囲", Exact = true }).ClickAsync();
        await panel.GetByLabel("名前（なくてもよい）").FillAsync("立入禁止");
        await panel.GetByRole(AriaRole.Button, new() { Name = "斜線", Exact = true }).ClickAsync();
        await TapAsync(page, (x - 60, y - 60), (x + 60, y - 60), (x + 60, y + 60), (x - 60, y + 60), (x - 60, y - 60));
        byte[] drawn = await MapTests.DrawnAsync(other, unlike: before);
        await page.Mouse.MoveAsync(5, 5);
        await MapTests.DrawnAsync(page);
        await Golden.CompareAsync(page, "draw");

        await panel.GetByRole(AriaRole.Button, new() { Name = "元に戻す" }).ClickAsync();
        byte[] without = await MapTests.DrawnAsync(other, unlike: drawn);
        await panel.GetByRole(AriaRole.Button, new() { Name = "やり直す" }).ClickAsync();
        await MapTests.DrawnAsync(other, unlike: without);
    }

    [Fact]
    public async Task Corners_of_a_drawing_are_dragged_added_and_removed_as_shared_changes_by_hand_and_by_keys()
    {
        await using RealServer server = await RealServer.StartAsync();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await BoardScene.StoreAsync(server, now);
        await BoardScene.StoreZoneAsync(server, "drawing:zone-0001", "立入禁止", now);
        IPage page = await OpenAsync(server, "本部 一郎");
        ILocator panel = page.Locator(".draw-panel");
        ILocator corners = page.Locator(".vertex");
        await ChooseZoneAsync(page);
        await Expect(corners).ToHaveCountAsync(3);
        await Expect(page.Locator(".vertex-middle")).ToHaveCountAsync(3);
        LocatorBoundingBoxResult box = (await corners.First.BoundingBoxAsync())!;
        Assert.True(box is { Width: >= 24, Height: >= 24 }, $"a handle of {box.Width} x {box.Height} pixels");
        await Accessibility.CheckAsync(page);
        await page.Mouse.MoveAsync(5, 5);
        await MapTests.DrawnAsync(page);
        await Golden.CompareAsync(page, "draw-corners");

        IPage other = await OpenAsync(server, "本部 二郎");
        await ChooseZoneAsync(other);
        string area = await panel.Locator(".draw-figure").InnerTextAsync();
        await DragAsync(page, page.Locator(".vertex[aria-label='頂点 1 / 3']"), 60, 40);
        await Expect(panel.Locator(".draw-figure")).Not.ToHaveTextAsync(area);
        string larger = await panel.Locator(".draw-figure").InnerTextAsync();
        await Expect(other.Locator(".draw-panel .draw-figure")).ToHaveTextAsync(larger);

        await page.Locator(".vertex-middle").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(corners).ToHaveCountAsync(4);
        await page.Locator(".vertex[aria-label='頂点 2 / 4']").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(panel.Locator(".draw-figure")).Not.ToHaveTextAsync(larger);
        string moved = await panel.Locator(".draw-figure").InnerTextAsync();
        await page.Keyboard.PressAsync("Delete");
        await Expect(corners).ToHaveCountAsync(3);
        await page.Locator(".vertex").First.FocusAsync();
        await Expect(panel.GetByRole(AriaRole.Button, new() { Name = "選んだ頂点を消す" })).ToBeDisabledAsync(); // two corners are no zone
        await panel.GetByRole(AriaRole.Button, new() { Name = "元に戻す" }).ClickAsync();
        await Expect(corners).ToHaveCountAsync(4);
        await Expect(other.Locator(".vertex")).ToHaveCountAsync(4);
        await Expect(panel.Locator(".draw-figure")).ToHaveTextAsync(moved);

        await page.RouteAsync("**/api/v1/board/*", route => route.ContinueAsync(new() { PostData = Encoding.UTF8.GetBytes(Unseen().Replace(route.Request.PostData!, "\"revision\":1")) })); // as before the news came
        await DragAsync(page, page.Locator(".vertex[aria-label='頂点 3 / 4']"), -30, 30);
        await Expect(panel.GetByRole(AriaRole.Alert)).ToContainTextAsync("ほかの人が先に変更しました");
        await Expect(panel.Locator(".draw-figure")).ToHaveTextAsync(moved);
    }

    [Fact]
    public async Task Line_is_drawn_by_keys_alone_and_given_up_by_escape()
    {
        await using RealServer server = await RealServer.StartAsync();
        await BoardScene.StoreAsync(server, TimeProvider.System.GetUtcNow());
        IPage page = await OpenAsync(server, "本部 一郎");
        await page.Keyboard.PressAsync("w");
        await page.Locator(".maplibregl-canvas").FocusAsync();
        await page.Keyboard.PressAsync(" ");
        await page.Keyboard.PressAsync("ArrowRight");
        await MapTests.DrawnAsync(page);
        await page.Keyboard.PressAsync(" ");
        await Expect(page.Locator(".draw-figure")).ToContainTextAsync("距離 ");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "終える" })).ToHaveCountAsync(0);
        await Expect(page.Locator(".draw-figure")).ToContainTextAsync(" m");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".draw-panel")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Night_is_replayed_as_it_was_and_nothing_of_it_can_be_changed(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        await BoardScene.StoreAsync(server, TimeProvider.System.GetUtcNow());
        IPage page = await OpenAsync(server, "本部 一郎", widthPx, heightPx);
        await page.Keyboard.PressAsync("t");
        ILocator thumb = page.GetByRole(AriaRole.Slider, new() { Name = "時刻（過去72時間）" });
        await Expect(thumb).ToHaveAttributeAsync("aria-valuetext", "現在の状態");
        await Accessibility.CheckAsync(page);
        await thumb.FocusAsync();
        for (int i = 0; i < 18; i++)
        {
            await page.Keyboard.PressAsync("PageDown"); // ten minutes each: three hours ago
        }

        await Expect(page.Locator(".past-banner")).ToContainTextAsync("の状態を表示中");
        await Expect(page.Locator(".item-row")).ToHaveCountAsync(2);
        await Expect(page.Locator(".item-row").First).ToContainTextAsync("その他"); // neither the flooded road nor the gauge
        await Expect(page.Locator(".time-said")).ToContainTextAsync("記録のない装置 3 台");
        await page.Locator(".item-row").First.ClickAsync();
        await Expect(page.Locator(".drawer")).ToContainTextAsync("変更は、現在の状態で災害対策本部が行います");
        await Expect(page.Locator(".drawer").GetByRole(AriaRole.Button, new() { Name = "完了", Exact = true })).ToBeDisabledAsync();
        await Accessibility.CheckAsync(page);
        await MapTests.DrawnAsync(page);
        await Golden.CompareAsync(page, "replay", page.Locator(".past-banner"), page.Locator(".time-said"), page.Locator(".time-marks"), page.Locator(".drawer dl .fact").Nth(1), page.Locator(".list-panel .row-note.quiet"));

        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".past-banner")).ToHaveCountAsync(0);
        await Expect(page.Locator(".drawer").GetByRole(AriaRole.Button, new() { Name = "完了", Exact = true })).ToBeEnabledAsync();
    }

    [Fact]
    public async Task Report_to_the_prefecture_is_one_workbook_from_what_stands_on_the_board()
    {
        await using RealServer server = await RealServer.StartAsync();
        await BoardScene.StoreAsync(server, TimeProvider.System.GetUtcNow());
        IPage page = await OpenAsync(server, "本部 一郎");
        await page.GetByRole(AriaRole.Button, new() { Name = "被害状況即報" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("第何報").FillAsync("３");
        await Accessibility.CheckAsync(page);
        IDownload download = await page.RunAndWaitForDownloadAsync(() => dialog.GetByRole(AriaRole.Button, new() { Name = "Excel" }).ClickAsync());
        Assert.StartsWith("被害状況即報_", download.SuggestedFilename, StringComparison.Ordinal);
        using System.IO.Compression.ZipArchive book = new(File.OpenRead(await download.PathAsync()));
        Assert.Contains(book.Entries, e => e.FullName.EndsWith("sheet4.xml", StringComparison.Ordinal));
        await Expect(dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("ダウンロードしました");
    }

    /// <summary>By the palette: a drawing is found by its name.</summary>
    private static async Task ChooseZoneAsync(IPage page)
    {
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("立入禁止");
        await page.GetByRole(AriaRole.Option, new() { Name = "立入禁止" }).Last.ClickAsync();
        await Expect(page.Locator(".vertex").First).ToBeVisibleAsync();
        await MapTests.DrawnAsync(page);
    }

    private static async Task DragAsync(IPage page, ILocator handle, float byX, float byY)
    {
        LocatorBoundingBoxResult box = (await handle.BoundingBoxAsync())!;
        (float x, float y) = (box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x + byX, y + byY, new() { Steps = 4 });
        await page.Mouse.UpAsync();
    }

    private static async Task TapAsync(IPage page, params (float X, float Y)[] places)
    {
        foreach ((float x, float y) in places)
        {
            await page.Mouse.ClickAsync(x, y);
        }
    }

    [GeneratedRegex("\"revision\":[0-9]+")]
    private static partial Regex Unseen();

    private static ILocator Count(IPage page, string of) => page.Locator($".situation-count[data-of={of}] strong");

    private async Task<IPage> OpenAsync(RealServer server, string person, int widthPx = 1440, int heightPx = 900)
    {
        IPage page = await browsers.OpenAsync(server.Address, View, widthPx: widthPx, heightPx: heightPx, person: person);
        await page.Keyboard.PressAsync("i");
        await Expect(page.Locator(".item-row").First).ToBeVisibleAsync();
        return page;
    }
}
