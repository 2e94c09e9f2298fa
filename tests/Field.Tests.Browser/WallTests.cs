using Field.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>The screen on the wall of the headquarters, and the palette of commands that leads to it.</summary>
public sealed class WallTests(Browsers browsers) : IClassFixture<Browsers>
{
    [Theory]
    [InlineData(1920, 1080, "light")]
    [InlineData(1440, 900, "dark")]
    public async Task Wall_shows_what_is_urgent_from_afar_says_nothing_of_persons_and_cries_when_it_is_old(int widthPx, int heightPx, string theme)
    {
        await using RealServer server = await RealServer.StartAsync();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await BoardScene.StoreAsync(server, now);
        await BoardScene.StoreZoneAsync(server, "drawing:wall-0001", "山田さん宅", now); // on the map, and without its words
        await StoreSituationAsync(server, now);
        IPage page = await browsers.OpenAsync(server.Address, $"?view=wall&theme={theme}", widthPx: widthPx, heightPx: heightPx);
        ILocator rows = page.Locator(".wall-row");
        await Expect(rows).ToHaveCountAsync(5);
        await Expect(rows.Nth(0)).ToContainTextAsync("浸水");
        await Expect(page.Locator(".wall-figures [data-severity=critical] dd")).ToHaveTextAsync("2");
        await Expect(page.Locator(".wall-link")).ToContainTextAsync("接続中");
        await Expect(page.Locator(".topbar")).ToHaveCountAsync(0);
        await Expect(page.Locator(".map-buttons")).ToHaveCountAsync(0);
        await Expect(page.GetByText("県道が膝まで冠水")).ToHaveCountAsync(0);
        Assert.Equal("?view=wall", new Uri(page.Url).Query); // a screen that starts again comes back here
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "wall", page.Locator(".wall-time"), page.Locator(".wall-when"), page.Locator(".map"));

        await server.StopAsync();
        await Expect(page.Locator(".wall-stale")).ToContainTextAsync("通信が切れています");
        await Expect(page.Locator(".wall-stale")).ToContainTextAsync("時点の情報です");
        await Expect(rows.Nth(0)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".wall")).ToHaveCountAsync(0);
        await Expect(page.Locator(".topbar")).ToBeVisibleAsync();
        Assert.DoesNotContain("view=wall", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Urgent_report_is_looked_at_as_soon_as_it_comes_and_the_screen_is_kept_awake()
    {
        await using RealServer server = await RealServer.StartAsync();
        await BoardScene.StoreAsync(server, TimeProvider.System.GetUtcNow());
        IPage page = await browsers.OpenAsync(server.Address, "?lon=138.4497&lat=34.7502&zoom=15", person: "本部 一郎");
        await page.EvaluateAsync("() => { window.asked = 0; const real = navigator.wakeLock.request.bind(navigator.wakeLock); navigator.wakeLock.request = kind => { window.asked++; return real(kind); }; }");
        await page.Keyboard.PressAsync("o");
        await Expect(page.Locator(".wall-row")).ToHaveCountAsync(5);
        Assert.Equal(1, await page.EvaluateAsync<int>("() => window.asked"));
        await page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))"); // seen again after it was hidden
        Assert.Equal(2, await page.EvaluateAsync<int>("() => window.asked"));
        await BoardScene.StoreReportAsync(server, "tablet-02:21", TimeProvider.System.GetUtcNow(), (138.4551, 34.7531), """{"kind":"report","category":"fire","severity":"critical","note":"港町3丁目の山田さん宅"}""");
        await page.EvaluateAsync("() => window.dispatchEvent(new Event('online'))"); // the line is dialled again, and what came meanwhile is asked for
        await Expect(page.Locator(".wall-row[aria-current]")).ToContainTextAsync("火災");
        await Expect(page.Locator(".wall-figures [data-severity=critical] dd")).ToHaveTextAsync("3");
        await Expect(page.GetByText("山田")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "大画面を終える" }).ClickAsync();
        await Expect(page.Locator(".item-row").First).ToContainTextAsync("火災");
    }

    [Fact]
    public async Task Palette_runs_commands_and_finds_things_by_keys_alone_in_kana_and_english()
    {
        await using RealServer server = await RealServer.StartAsync();
        await BoardScene.StoreAsync(server, TimeProvider.System.GetUtcNow());
        IPage page = await browsers.OpenAsync(server.Address, "?lon=138.4497&lat=34.7502&zoom=15", person: "本部 一郎");
        ILocator field = page.GetByRole(AriaRole.Combobox, new() { Name = "操作・施設・装置・災害対応を検索" });
        ILocator options = page.GetByRole(AriaRole.Option);

        await page.Keyboard.PressAsync("Control+k");
        await Expect(field).ToBeFocusedAsync();
        await Expect(options.First).ToHaveAttributeAsync("aria-selected", "true");
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "palette");
        await page.Keyboard.TypeAsync("けいそく");
        await Expect(options).ToHaveCountAsync(1);
        await Expect(options.First).ToContainTextAsync("計測・書き込み");
        await Expect(options.First).ToContainTextAsync("W");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".draw-panel")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("ＲＩＶＥＲ０１");
        await Expect(options.Filter(new() { HasText = "避難判断水位" })).ToBeVisibleAsync();
        for (int i = 0; i < 20 && await options.Filter(new() { HasText = "センサー" }).Last.GetAttributeAsync("aria-selected") != "true"; i++)
        {
            await page.Keyboard.PressAsync("ArrowDown");
        }

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".drawer")).ToContainTextAsync("river-01");

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("そくほう");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "被害状況即報を作る" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("english");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("zzz");
        await Expect(page.GetByText("Nothing found")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Big screen");
    }

    private static async Task StoreSituationAsync(RealServer server, DateTimeOffset now)
    {
        Feature situation = new(FieldTables.Board, "situation", null, new Dictionary<string, object?>
        {
            ["kind"] = "situation",
            ["title"] = "令和8年台風第15号（訓練）",
            ["startedAt"] = new DateTimeOffset(2026, 11, 21, 18, 0, 0, TimeSpan.FromHours(9)),
            ["changedBy"] = "本部",
            ["changedAt"] = now,
            ["changeCount"] = 1L,
        });
        await server.Services.GetRequiredService<FieldStores>().Features.WriteAsync([new FeatureWrite(situation)], TestContext.Current.CancellationToken);
    }
}
