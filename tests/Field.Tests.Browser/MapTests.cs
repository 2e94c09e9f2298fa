using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>The map as a person meets it: real Chromium, real MQTT over WebSocket, the pages as they ship, the server's security policy.</summary>
public sealed class MapTests(Browsers browsers) : IClassFixture<Browsers>
{

    [Fact]
    public async Task Map_after_the_snapshot_draws_what_the_server_knows()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 5);
        IPage page = await browsers.OpenAsync(server.Address);

        JsonElement counts = await page.EvaluateAsync<JsonElement>("() => window.__field.counts");
        Assert.Equal((2, 5), (counts.GetProperty("photos").GetInt32(), counts.GetProperty("findings").GetInt32()));
        await Expect(page.Locator(".rows .row")).ToHaveCountAsync(5);

        byte[] all = await DrawnAsync(page);
        await page.GetByRole(AriaRole.Checkbox).First.ClickAsync(); // the layer of findings
        byte[] without = await DrawnAsync(page, unlike: all);
        await page.GetByRole(AriaRole.Checkbox).First.ClickAsync();
        Assert.Equal(all, await DrawnAsync(page, unlike: without));
    }

    [Fact]
    public async Task Page_is_ready_once_the_first_snapshot_is_drawn_however_much_news_follows()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 5);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        JsonObject finding = server.Scene.AddFinding();
        Task news = PublishAsync();
        IPage page = await browsers.OpenAsync(server.Address); // waits for it
        Assert.InRange((await page.EvaluateAsync<JsonElement>("() => window.__field.counts")).GetProperty("findings").GetInt32(), 5, 6);
        await stop.CancelAsync();
        await news;

        async Task PublishAsync()
        {
            for (long revision = 1_000; !stop.IsCancellationRequested; revision++)
            {
                finding["properties"]!["revision"] = revision;
                await server.PublishAsync(finding.DeepClone().AsObject());
                await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task Finding_published_live_appears_and_a_superseded_one_goes()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 2);
        IPage page = await browsers.OpenAsync(server.Address);
        await LinkAsync(page, "live");

        await server.PublishAsync(server.Scene.AddFinding());
        await Expect(page.Locator(".rows .row")).ToHaveCountAsync(3);
        await server.PublishAsync(server.Scene.Supersede(0));
        await Expect(page.Locator(".rows .row")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Finding_is_drawn_whatever_digits_its_id_begins_with()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 1);
        IPage page = await browsers.OpenAsync(server.Address);
        await LinkAsync(page, "live");
        byte[] one = await DrawnAsync(page);

        JsonObject finding = server.Scene.AddFinding();
        const string Id = "5424995764094591188680e30a00ee89"; // of the demo's flight: its tile was lost
        finding["id"] = Id;
        finding["properties"]!["findingId"] = Id;
        await server.PublishAsync(finding);
        await Expect(page.Locator(".rows .row")).ToHaveCountAsync(2);
        await DrawnAsync(page, unlike: one);
        await Expect(page.Locator(".map-notice")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_the_map_cannot_draw_is_told()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 1);
        IPage page = await browsers.OpenAsync(server.Address);
        await LinkAsync(page, "live");

        JsonObject finding = server.Scene.AddFinding();
        finding["properties"]!["score"] = 1e20; // more than a tile's numbers can hold
        await server.PublishAsync(finding);
        await Expect(page.Locator(".map-notice")).ToContainTextAsync("地図に描けなかったものがあります");
    }

    [Fact]
    public async Task Lost_line_shows_since_when_and_catches_up_on_what_was_missed()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 2);
        IPage page = await browsers.OpenAsync(server.Address);
        await LinkAsync(page, "live");

        server.GoDown();
        await Expect(page.Locator(".linkbar")).ToContainTextAsync("再接続中 — 最終受信");
        await Expect(page.Locator(".rows .row")).ToHaveCountAsync(2);
        server.Scene.AddFinding();
        server.Failing = null;
        await Expect(page.Locator(".rows .row")).ToHaveCountAsync(3);
        await Expect(page.Locator(".linkbar")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(1440, 900, "")]
    [InlineData(1024, 768, "")]
    [InlineData(1440, 900, "?review=")]
    [InlineData(1024, 768, "?review=")]
    public async Task Nothing_moves_under_the_hand_when_the_line_comes_or_goes(int widthPx, int heightPx, string query)
    {
        await using MapServer server = await MapServer.StartAsync(findings: 3);
        IPage page = await browsers.OpenAsync(server.Address, query, widthPx: widthPx, heightPx: heightPx, person: "山田 太郎");
        await LinkAsync(page, "live");
        ILocator bar = page.Locator(".linkbar");
        if (query.Length == 0)
        {
            if (widthPx < 1200)
            {
                await page.GetByRole(AriaRole.Button, new() { Name = "一覧", Exact = true }).ClickAsync();
            }

            await page.Locator(".rows .row").First.ClickAsync();
            await Expect(page.Locator(".drawer")).ToBeVisibleAsync();
        }
        else
        {
            await Expect(page.Locator(".review-position")).ToHaveTextAsync("1 / 3");
        }

        await Expect(page.Locator(".mask").First).ToBeVisibleAsync(); // the photo has come: what moves from now on moves for the line
        string before = await ButtonsAsync(page);
        server.GoDown();
        await Expect(bar).ToContainTextAsync("再接続中 — 最終受信");
        Assert.Equal(before, await ButtonsAsync(page));
        server.Failing = null;
        await Expect(bar).ToHaveCountAsync(0);
        Assert.Equal(before, await ButtonsAsync(page));
    }

    /// <summary>Where everything lies that can be pressed.</summary>
    private static Task<string> ButtonsAsync(IPage page) => page.EvaluateAsync<string>("""
        () => [...document.querySelectorAll('.stage button, .stage a')].map((e) => [e.textContent, ...Object.values(e.getBoundingClientRect().toJSON())].join(' ')).join('\n')
        """);

    [Fact]
    public async Task Chosen_finding_shows_the_photo_with_its_mask_and_the_numbers()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 3);
        IPage page = await browsers.OpenAsync(server.Address);
        await page.Locator(".rows .row").First.ClickAsync();

        ILocator drawer = page.Locator(".drawer");
        await Expect(drawer.Locator(".mask")).ToHaveCountAsync(3);
        await Expect(drawer.Locator(".mask[data-chosen=true] .mask-line")).ToHaveAttributeAsync("d", "M600 1000L1000 1300L1000 1312L600 1012Z");
        await Expect(drawer).ToContainTextAsync("下書き（AIによる判定。確定は点検者が行います）");
        await Expect(drawer).ToContainTextAsync("カメラは真下を向いていたと仮定しています。");
        await Expect(drawer).ToContainTextAsync("その他の仮定があります（not-in-the-dictionary）。");
        await Expect(drawer).ToContainTextAsync("2026年11月20日 14:05");
        await Expect(drawer.Locator(".fact", new() { HasText = "長さ" })).ToContainTextAsync("2.50m");
        await Expect(drawer.Locator(".fact", new() { HasText = "最大幅" })).ToContainTextAsync("9.3mm");
    }

    [Fact]
    public async Task Finding_narrower_than_a_pixel_is_never_given_a_width()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 3);
        IPage page = await browsers.OpenAsync(server.Address, $"?select={Scene.FindingId(1)}");

        ILocator drawer = page.Locator(".drawer");
        await Expect(drawer).ToContainTextAsync("この写真の解像度（5.00 mm/px）では幅を判定できません");
        await Expect(drawer.Locator(".fact", new() { HasText = "最大幅" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Keyboard_alone_walks_the_findings()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 3);
        IPage page = await browsers.OpenAsync(server.Address);
        ILocator chosen = page.Locator(".row[aria-current=true]");

        await page.Keyboard.PressAsync("j");
        await Expect(chosen).ToContainTextAsync("95%");
        await Expect(page.Locator(".drawer .mask")).ToHaveCountAsync(3);
        await page.Keyboard.PressAsync("m");
        await Expect(page.Locator(".drawer .mask")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("j");
        await Expect(chosen).ToContainTextAsync("85%");
        await page.Keyboard.PressAsync("k");
        await Expect(chosen).ToContainTextAsync("95%");
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("キー操作の一覧");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".drawer")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Language_and_theme_switch_and_are_remembered()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 1);
        IPage page = await browsers.OpenAsync(server.Address);
        await page.GetByRole(AriaRole.Button, new() { Name = "表示言語: English" }).ClickAsync();
        await Expect(page.Locator(".rows .row")).ToContainTextAsync("Crack");
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch to dark theme" }).ClickAsync();
        await page.ReloadAsync();
        await Expect(page.Locator("html[lang=en][data-theme=dark]")).ToHaveCountAsync(1);
        await Expect(page.Locator(".topbar h1")).ToContainTextAsync("Aoba City");
    }

    [Fact]
    public async Task Site_without_photos_says_what_to_do()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 0);
        IPage page = await browsers.OpenAsync(server.Address);
        await Expect(page.Locator(".list-panel")).ToContainTextAsync("はじめての方へ");
        await Expect(page.Locator(".list-panel")).ToContainTextAsync("./field agent drone --flight");
    }

    [Fact]
    public async Task Failing_server_is_said_and_never_shown_as_zero()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 2);
        server.Failing = "features";
        IPage page = await browsers.OpenAsync(server.Address, ready: false);
        await Expect(page.Locator(".list-panel [role=alert]")).ToContainTextAsync("一覧を取得できませんでした");
        await Expect(page.Locator(".count").Nth(1)).ToContainTextAsync("—");

        server.Failing = null;
        await page.Locator(".list-panel").GetByRole(AriaRole.Button, new() { Name = "今すぐ再試行" }).EvaluateAllAsync<object?>("buttons => buttons[0]?.click()"); // the page's own next try may have been sooner
        await Expect(page.Locator(".rows .row")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Server_that_does_not_answer_is_explained_and_tried_again()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 1);
        server.Failing = "config";
        IPage page = await browsers.OpenAsync(server.Address, ready: false);
        await Expect(page.Locator(".fatal")).ToContainTextAsync("現場地図を開けません");
        server.Failing = null;
        await Expect(page.Locator(".rows .row")).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData("", 1440, "")]
    [InlineData("?theme=dark", 1440, "j")]
    [InlineData("?lang=en", 1024, "l")]
    [InlineData("?theme=dark", 1024, "p")]
    [InlineData("", 1440, "?")]
    public async Task Screens_have_no_serious_accessibility_findings(string query, int widthPx, string key)
    {
        await using MapServer server = await MapServer.StartAsync(findings: 5);
        IPage page = await browsers.OpenAsync(server.Address, query, widthPx: widthPx);
        if (key.Length > 0)
        {
            await page.Keyboard.PressAsync(key);
        }

        await Accessibility.CheckAsync(page);
    }

    private static async Task LinkAsync(IPage page, string state) =>
        await page.WaitForFunctionAsync("state => window.__field?.link === state", state);

    /// <summary>The map's pixels once they stay the same, and differ from <paramref name="unlike"/>.</summary>
    internal static async Task<byte[]> DrawnAsync(IPage page, byte[]? unlike = null)
    {
        byte[] last = [];
        for (int attempt = 0; attempt < 60; attempt++)
        {
            byte[] now = await page.ScreenshotAsync(new PageScreenshotOptions { Clip = new Clip { X = 380, Y = 70, Width = 660, Height = 800 } });
            if (now.AsSpan().SequenceEqual(last) && !(unlike is not null && now.AsSpan().SequenceEqual(unlike)))
            {
                return now;
            }

            last = now;
        }

        throw new TimeoutException(unlike is null ? "the map never comes to rest" : "the map does not change");
    }
}
