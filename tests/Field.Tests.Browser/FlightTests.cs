using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>The flights as the crew and headquarters meet them.</summary>
public sealed class FlightTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const string Sentence = "青葉大橋の50%を撮影。橋脚P0201の下流側が写っていません。ぶれた写真1枚。もう一度飛んでください。";

    [Fact]
    public async Task Flight_says_what_to_do_lists_what_is_wrong_and_leads_to_it()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 5);
        IPage page = await browsers.OpenAsync(server.Address);
        await page.GetByRole(AriaRole.Tab, new() { Name = "飛行" }).ClickAsync();
        ILocator row = page.Locator(".flight-row");
        await Expect(row).ToContainTextAsync("2026年11月20日 14:05～14:15");
        await Expect(row).ToContainTextAsync("受信 3・解析 2 / 4");
        await Expect(row).ToContainTextAsync("機体側の端末に未送信 3 件");
        await Expect(row).ToContainTextAsync("ぶれ 1");

        byte[] without = await MapTests.DrawnAsync(page);
        await row.ClickAsync();
        ILocator detail = page.Locator(".flight-detail");
        await Expect(detail.Locator(".flight-said")).ToContainTextAsync(Sentence);
        await Expect(detail).ToContainTextAsync("橋脚P0201の下流側");
        await MapTests.DrawnAsync(page, unlike: without); // the gap, the target and the mark of the blurred photo

        await detail.GetByRole(AriaRole.Button, new() { Name = "FLD_0000.JPG" }).ClickAsync();
        await Expect(page.Locator(".drawer h2")).ToHaveTextAsync("写真");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Button, new() { Name = "表示言語: English" }).ClickAsync();
        await Expect(detail.Locator(".flight-said")).ToContainTextAsync("Not shown: downstream side of pier P0201. 1 blurred. Fly again.");
    }

    [Fact]
    public async Task Another_target_is_asked_for_and_none_leaves_the_photos()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 2);
        IPage page = await browsers.OpenAsync(server.Address);
        await page.Keyboard.PressAsync("g");
        await page.Locator(".flight-row").ClickAsync();
        ILocator detail = page.Locator(".flight-detail");
        await detail.GetByRole(AriaRole.Combobox).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "対象なし" }).ClickAsync();

        await Expect(detail.Locator(".flight-said p")).ToHaveTextAsync("ぶれた写真1枚。もう一度飛んでください。");
        await Expect(detail).Not.ToContainTextAsync("橋脚P0201");
        Assert.Equal(["auto", "none"], server.Targets.Distinct());
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Flight_that_was_compared_with_nothing_does_not_look_like_one_that_is_all_there(string theme)
    {
        await using MapServer server = await MapServer.StartAsync(findings: 2);
        server.IsFlightSharp = true;
        IPage page = await browsers.OpenAsync(server.Address, $"?theme={theme}");
        await page.Keyboard.PressAsync("g");
        await page.Locator(".flight-row").ClickAsync();
        ILocator detail = page.Locator(".flight-detail");
        await detail.GetByRole(AriaRole.Combobox).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "対象なし" }).ClickAsync();

        ILocator said = detail.Locator(".flight-said");
        await Expect(said.Locator("strong")).ToHaveTextAsync("写真の確認のみ・撮り残しは未確認");
        await Expect(said.Locator("strong")).Not.ToHaveCSSAsync("color", await page.EvaluateAsync<string>("() => { const e = document.createElement('i'); e.style.color = 'var(--ok)'; document.body.append(e); const c = getComputedStyle(e).color; e.remove(); return c; }"));
        await Expect(said).ToHaveCSSAsync("border-top-style", "dashed");
        await Expect(detail).ToContainTextAsync("「調べる対象」で橋・堤防・道路を選んでください");
        await Expect(page.Locator(".flight-detail, .flight-banner")).Not.ToContainTextAsync("撮影完了");
    }

    [Fact]
    public async Task Keyboard_alone_opens_a_flight_and_goes_back()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 2);
        IPage page = await browsers.OpenAsync(server.Address);
        await page.Keyboard.PressAsync("g");
        await Expect(page.Locator(".flight-row")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Tab, new() { Name = "飛行" }).FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        for (int i = 0; i < 3 && await page.Locator(".flight-row:focus").CountAsync() == 0; i++)
        {
            await page.Keyboard.PressAsync("Tab"); // the tab's own panel may take the focus first
        }

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".flight-said")).ToContainTextAsync(Sentence);
        await Expect(page.Locator(".flight-back")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".flight-row")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Closed_list_leaves_the_sentence_and_the_legend_on_the_tablets_map()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 2);
        IPage page = await browsers.OpenAsync(server.Address, widthPx: 1024, heightPx: 768);
        await page.Keyboard.PressAsync("g");
        await page.Locator(".flight-row").ClickAsync();
        await Expect(page.Locator(".flight-said")).ToContainTextAsync(Sentence);
        double[] heights = await page.EvaluateAsync<double[]>("() => [...document.querySelectorAll('.flight-detail button')].map(b => b.getBoundingClientRect().height)");
        Assert.All(heights, h => Assert.True(h >= 44, $"{h} px"));
        await page.GetByRole(AriaRole.Button, new() { Name = "地図", Exact = true }).ClickAsync();

        ILocator banner = page.Locator(".flight-banner");
        await Expect(banner).ToContainTextAsync(Sentence);
        await Expect(banner).ToContainTextAsync("写っていない所");
        await Expect(banner).ToContainTextAsync("ぶれ");
        await banner.GetByRole(AriaRole.Button, new() { Name = "詳細" }).ClickAsync();
        await Expect(page.Locator(".flight-detail")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "地図", Exact = true }).ClickAsync();
        await banner.GetByRole(AriaRole.Button, new() { Name = "点検結果を地図から消す" }).ClickAsync();
        await Expect(banner).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Nothing_a_failure_and_old_news_are_each_said()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 2);
        server.HasFlights = false;
        IPage page = await browsers.OpenAsync(server.Address);
        await page.Keyboard.PressAsync("g");
        await Expect(page.Locator(".list-panel")).ToContainTextAsync("飛行はまだありません");

        server.HasFlights = true;
        server.Failing = "flights";
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "飛行" }).ClickAsync();
        await Expect(page.Locator(".list-panel [role=alert]")).ToContainTextAsync("飛行を取得できませんでした");
        server.Failing = null;
        await page.Locator(".list-panel").GetByRole(AriaRole.Button, new() { Name = "今すぐ再試行" }).EvaluateAllAsync<object?>("buttons => buttons[0]?.click()"); // the page's own next try may have been sooner
        await Expect(page.Locator(".flight-row")).ToHaveCountAsync(1);

        server.Failing = "flights";
        await page.GetByRole(AriaRole.Tab, new() { Name = "写真" }).ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "飛行" }).ClickAsync();
        await Expect(page.Locator(".flight-stale")).ToContainTextAsync("時点の内容です");
        await Expect(page.Locator(".flight-row")).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Flight_has_no_serious_accessibility_fault(string theme)
    {
        await using MapServer server = await MapServer.StartAsync(findings: 2);
        IPage page = await browsers.OpenAsync(server.Address, $"?theme={theme}");
        await page.Keyboard.PressAsync("g");
        await page.Locator(".flight-row").ClickAsync();
        await Expect(page.Locator(".flight-said")).ToContainTextAsync(Sentence);

        await Accessibility.CheckAsync(page);
    }
}
