using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>The review screen as an engineer works with it: the keyboard alone, somebody else at the same findings, a lost line.</summary>
public sealed class ReviewTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const string Person = "山田 太郎";

    [Fact]
    public async Task Drafts_are_decided_by_keyboard_alone_and_the_next_opens_at_once()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 3);
        IPage page = await browsers.OpenAsync(server.Address);

        await page.Keyboard.PressAsync("v");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("サインインなしで使っているため、お名前は本人の申告です");
        await page.Keyboard.TypeAsync(Person);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".topbar .person")).ToContainTextAsync(Person);
        await AtAsync(page, "1 / 3");

        await Expect(page.Locator(".decision-hint")).ToContainTextAsync("c-e の範囲です");
        await page.Keyboard.PressAsync("c"); // an open draft is not confirmed without a degree
        await Expect(page.Locator(".review-position")).ToHaveTextAsync("1 / 3");
        await page.Keyboard.PressAsync("4");
        await page.Keyboard.PressAsync("c");
        await AtAsync(page, "1 / 2");
        await Expect(page.Locator(".toast")).ToContainTextAsync("確定しました：ひび割れ d");
        await page.Keyboard.PressAsync("c"); // a draft of one letter is
        await AtAsync(page, "1 / 1");
        await page.Keyboard.PressAsync("r");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("却下の理由");
        await page.Keyboard.PressAsync("1");
        await Expect(page.Locator(".review-middle")).ToContainTextAsync("判定待ちの所見はありません");
        await SentAsync(server, 3);

        Assert.Equal(["confirm d", "confirm c", "reject 目地"], server.Decisions.Select(d => $"{d["action"]} {d["degree"] ?? d["note"]}"));
        Assert.All(server.Decisions, d => Assert.Equal(Person, (string?)d["who"]));

        await page.Keyboard.PressAsync("z");
        await AtAsync(page, "1 / 1");
        await SentAsync(server, 4);
        Assert.Equal("undo", (string?)server.Decisions.Last()["action"]);
        await Expect(page.Locator(".history")).ToContainTextAsync("取り消し — 山田 太郎");
    }

    [Fact]
    public async Task Finding_that_somebody_else_decided_first_shows_both_and_loses_neither()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 2);
        IPage page = await browsers.OpenAsync(server.Address, "?review=", person: Person);
        await AtAsync(page, "1 / 2");
        server.Scene.Change(0, new JsonObject { ["status"] = "rejected", ["decidedBy"] = "佐藤 花子", ["decidedAt"] = "2026-11-20T06:00:00Z", ["decisionNote"] = "目地です" });

        await page.Keyboard.PressAsync("5");
        await page.Keyboard.PressAsync("c");
        ILocator notice = page.Locator(".notice");
        await Expect(notice).ToContainTextAsync("ほかの人が先に判定しました");
        await Expect(notice).ToContainTextAsync("佐藤 花子");
        await Expect(notice).ToContainTextAsync("目地です");
        await Expect(notice).ToContainTextAsync("程度 e");
        await notice.GetByRole(AriaRole.Button, new() { Name = "自分の判定で上書きする" }).ClickAsync();
        await Expect(notice).ToHaveCountAsync(0);
        await SentAsync(server, 2);
        Assert.Equal("confirmed", (string?)server.Scene.Collection("findings", 0)!["features"]![0]!["properties"]!["status"]);
    }

    [Fact]
    public async Task Decision_during_an_outage_is_kept_over_a_reload_and_sent_when_the_server_is_back()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 2);
        IPage page = await browsers.OpenAsync(server.Address, "?review=", person: Person);
        page.Dialog += async (_, dialog) => await dialog.AcceptAsync(); // the page warns before it is left
        await AtAsync(page, "1 / 2");
        server.Failing = "findings";
        await page.Keyboard.PressAsync("4");
        await page.Keyboard.PressAsync("c");
        await AtAsync(page, "1 / 1");
        await Expect(page.Locator(".outbox-bar")).ToContainTextAsync("未送信の判定 1 件");

        await page.ReloadAsync();
        await Expect(page.Locator(".outbox-bar")).ToContainTextAsync("未送信の判定 1 件");
        server.Failing = null;
        await page.EvaluateAsync("document.querySelector('.outbox-bar button')?.click()"); // at once, or the page's own next attempt was faster
        await Expect(page.Locator(".outbox-bar")).ToHaveCountAsync(0);
        await SentAsync(server, 1);
    }

    [Fact]
    public async Task Mask_is_edited_by_dragging_and_by_drawing_and_decided_as_a_correction()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 1);
        IPage page = await browsers.OpenAsync(server.Address, $"?review={Scene.FindingId(0)}", person: Person);
        await AtAsync(page, "1 / 1");
        await Expect(page.Locator(".review-photo .mask")).ToHaveCountAsync(1);

        await page.Keyboard.PressAsync("e");
        ILocator shape = page.Locator(".edit-line");
        await Expect(shape).ToHaveAttributeAsync("d", "M600 1000L1000 1300L1000 1312L600 1012Z");
        await page.Keyboard.PressAsync("n");
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await Expect(shape).ToHaveAttributeAsync("d", "M590 1000L1000 1300L1000 1312L600 1012Z");
        LocatorBoundingBoxResult box = (await page.Locator(".mask-edit").BoundingBoxAsync())!;
        (float X, float Y) Screen(double x, double y) => ((float)(box.X + (box.Width * x / 4000)), (float)(box.Y + (box.Height * y / 3000)));
        (float x, float y) = Screen(1000, 1300);
        await page.Mouse.MoveAsync(x, y - 2); // the upper of two corners close to each other
        await page.Mouse.DownAsync();
        (x, y) = Screen(1040, 1240);
        await page.Mouse.MoveAsync(x, y, new MouseMoveOptions { Steps = 4 });
        await page.Mouse.UpAsync();
        await Expect(shape).ToHaveAttributeAsync("d", new Regex(@"^M590 1000L10[34]\d[.\d]* 12[34]\d[.\d]*L1000 1312"));
        await page.Keyboard.PressAsync("z");
        await Expect(shape).ToHaveAttributeAsync("d", "M590 1000L1000 1300L1000 1312L600 1012Z");

        await page.Keyboard.PressAsync("2"); // the pen
        foreach ((double px, double py) in new[] { (650.0, 1400.0), (900.0, 1400.0) })
        {
            (x, y) = Screen(px, py);
            await page.Mouse.ClickAsync(x, y);
        }

        await page.Keyboard.PressAsync("Enter"); // closes the line
        await page.Keyboard.PressAsync("Enter"); // accepts the mask
        await Expect(page.Locator(".prepared")).ToContainTextAsync("マスクを修正しました");
        await page.Keyboard.PressAsync("3");
        await page.Keyboard.PressAsync("c");
        await SentAsync(server, 1);
        JsonObject sent = server.Decisions.Single();
        Assert.Equal("correct", (string?)sent["action"]);
        Assert.Equal(2, sent["pixelRings"]!.AsArray().Count);
        Assert.Equal([590.0, 1000.0], sent["pixelRings"]![0]![0]!.AsArray().Select(n => (double)n!));
    }

    [Fact]
    public async Task Queue_is_filtered_and_merged_and_superseded_findings_never_appear()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 5);
        server.Scene.AddAssets();
        server.Scene.Change(1, new JsonObject { ["mergedInto"] = Scene.FindingId(0) });
        server.Scene.Supersede(2);
        server.Scene.Change(3, new JsonObject { ["class"] = "spalling", ["degreeLeast"] = "d", ["degreeMost"] = "d" });
        server.Scene.Change(4, new JsonObject { ["status"] = "rejected" });
        IPage page = await browsers.OpenAsync(server.Address, "?review=", person: Person);
        await AtAsync(page, "1 / 2");
        await Expect(page.Locator(".review-queue .row")).ToHaveCountAsync(2);

        await page.GetByRole(AriaRole.Combobox, new() { Name = "種別" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "剥離" }).ClickAsync();
        await Expect(page.Locator(".review-queue .row")).ToHaveCountAsync(1);
        await Expect(page.Locator(".review-queue .row")).ToContainTextAsync("d?");
        await page.GetByRole(AriaRole.Radio, new() { Name = "却下" }).ClickAsync();
        await Expect(page.Locator(".review-queue")).ToContainTextAsync("条件に合う所見はありません");
        await page.GetByRole(AriaRole.Button, new() { Name = "絞り込みを解除" }).ClickAsync();
        await Expect(page.Locator(".review-queue .row")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Same_damage_on_another_photo_is_stepped_to_and_the_element_is_corrected()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 4);
        server.Scene.AddAssets();
        server.Scene.Change(0, new JsonObject { ["photoIds"] = new JsonArray(Scene.PhotoId(0), Scene.PhotoId(1)), ["assetId"] = "bridge:B-1", ["elementId"] = "element:B-1/Mg0101" });
        server.Scene.Change(3, new JsonObject { ["mergedInto"] = Scene.FindingId(0) });
        IPage page = await browsers.OpenAsync(server.Address, $"?review={Scene.FindingId(0)}", person: Person);
        await Expect(page.Locator(".review-place")).ToContainTextAsync("青葉大橋 主桁 Mg0101");

        await Expect(page.Locator(".photo-steps")).ToContainTextAsync("写真 1 / 2");
        await page.Keyboard.PressAsync("]");
        await Expect(page.Locator(".photo-steps")).ToContainTextAsync("DJI_0002.JPG");
        await Expect(page.Locator(".review-photo .mask[data-chosen=true]")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("t");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "部材" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "主桁 Mg0102" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "反映する" }).ClickAsync();
        await Expect(page.Locator(".prepared")).ToContainTextAsync("Mg0102");
        await page.Keyboard.PressAsync("5");
        await page.Keyboard.PressAsync("c");
        await SentAsync(server, 1);
        Assert.Equal(("correct", "element:B-1/Mg0102", "e"), ((string?)server.Decisions.Single()["action"], (string?)server.Decisions.Single()["elementId"], (string?)server.Decisions.Single()["degree"]));
    }

    [Fact]
    public async Task Link_to_a_finding_that_was_merged_leads_to_what_stands_for_it()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 3);
        server.Scene.Change(2, new JsonObject { ["mergedInto"] = Scene.FindingId(1) });
        IPage page = await browsers.OpenAsync(server.Address, $"?review={Scene.FindingId(2)}", person: Person);
        await AtAsync(page, "2 / 2");
        await page.WaitForFunctionAsync($"() => new URLSearchParams(location.search).get('review') === '{Scene.FindingId(1)}'");

        IPage map = await browsers.OpenAsync(server.Address, $"?select={Scene.FindingId(2)}");
        await Expect(map.Locator(".row[aria-current=true]")).ToHaveCountAsync(1);
        await server.PublishAsync(server.Scene.Change(1, new JsonObject { ["mergedInto"] = Scene.FindingId(0) })); // while it is on the screen
        await map.WaitForFunctionAsync($"() => new URLSearchParams(location.search).get('select') === '{Scene.FindingId(0)}'");
    }

    [Fact]
    public async Task Asset_shows_its_ledger_and_its_findings_by_degree()
    {
        await using MapServer server = await MapServer.StartAsync(findings: 3);
        server.Scene.AddAssets();
        foreach (int number in new[] { 0, 1, 2 })
        {
            server.Scene.Change(number, new JsonObject { ["assetId"] = "bridge:B-1" });
        }

        server.Scene.Change(1, new JsonObject { ["status"] = "confirmed", ["degree"] = "d" });
        IPage page = await browsers.OpenAsync(server.Address, "?select=bridge:B-1");
        ILocator drawer = page.Locator(".drawer");
        await Expect(drawer).ToContainTextAsync("青葉大橋");
        await Expect(drawer.Locator(".fact", new() { HasText = "橋長" })).ToContainTextAsync("35 m");
        await Expect(drawer.Locator(".degree-counts > div").First).ToHaveTextAsync("d1件");
        await Expect(drawer.Locator(".degree-counts > div").Last).ToHaveTextAsync("判定待ち2件");
        await drawer.Locator(".row").First.ClickAsync();
        await drawer.GetByRole(AriaRole.Button, new() { Name = "この所見を判定する" }).ClickAsync();
        await Expect(page.Locator(".review-place")).ToContainTextAsync("青葉大橋");
    }

    [Theory]
    [InlineData("?review=", 1440, "")]
    [InlineData("?review=&theme=dark&lang=en", 1024, "p")]
    [InlineData("?review=", 1024, "r")]
    [InlineData("?review=&theme=dark", 1440, "e")]
    [InlineData("?review=", 1440, "t")]
    [InlineData("?select=bridge:B-1", 1440, "")]
    public async Task Review_has_no_serious_accessibility_findings(string query, int widthPx, string key)
    {
        await using MapServer server = await MapServer.StartAsync(findings: 3);
        server.Scene.AddAssets();
        IPage page = await browsers.OpenAsync(server.Address, query, widthPx: widthPx, person: Person);
        if (query.Contains("review", StringComparison.Ordinal))
        {
            await Expect(page.Locator(".review-photo .mask")).ToHaveCountAsync(3);
        }

        if (key.Length > 0)
        {
            await page.Keyboard.PressAsync(key);
        }

        await Accessibility.CheckAsync(page);
    }

    private static async Task AtAsync(IPage page, string position)
    {
        await Expect(page.Locator(".review-position")).ToHaveTextAsync(position);
        await Expect(page.Locator(".review-side")).ToBeVisibleAsync();
    }

    /// <summary>Until the server has taken that many decisions.</summary>
    private static async Task SentAsync(MapServer server, int count)
    {
        for (int attempt = 0; server.Decisions.Count < count; attempt++)
        {
            Assert.True(attempt < 300, $"only {server.Decisions.Count} of {count} decisions arrived");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Equal(count, server.Decisions.Count);
    }
}
