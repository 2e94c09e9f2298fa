using System.Globalization;
using System.Text.RegularExpressions;
using Field.Ingest.Layers;
using Field.Ingest.Residents;
using Field.Tests.Forms;
using Field.Tests.Impact;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>
/// A night with a flood at headquarters, on the real server: the published hazard layers of a real city (withdrawn since, and said so on the screen), residents
/// of nobody, devices that speak MQTT, and an officer who signed in.
/// </summary>
[Collection(nameof(YaizuLayers))]
public sealed class FloodTests(Browsers browsers, YaizuLayers yaizu) : IClassFixture<Browsers>
{
    private const int People = 40_000;
    private const string Crew = "第2分団";
    private const string Bad = "県道が膝まで冠水";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Officer_sees_what_happened_asks_who_lives_there_sends_a_crew_and_reports(int widthPx, int heightPx)
    {
        await using RealServer server = await StartAsync();
        await using FloodScene night = await FloodScene.BeginAsync(server);
        IPage page = await Persons.OpenAsync(browsers, server, ("honbu", "本部 一郎", "hq"), "?lon=138.3185&lat=34.8545&zoom=14.5", widthPx, heightPx);
        await page.Keyboard.PressAsync("i");
        ILocator rows = page.Locator(".item-row");
        await Expect(rows).ToHaveCountAsync(3);

        await NameAsync(page);
        await night.RiseAsync();
        await Expect(rows.Filter(new() { HasText = "避難判断水位" })).ToBeVisibleAsync();
        await Expect(rows.Filter(new() { HasText = Bad })).ToBeVisibleAsync();
        await Expect(rows.Filter(new() { HasText = "lock-03" })).ToBeVisibleAsync();
        await Expect(page.Locator(".situation-count[data-of=critical] strong")).ToHaveTextAsync("3");
        await Expect(page.Locator(".situation-count[data-of=doors] strong")).ToHaveTextAsync("1");
        await Accessibility.CheckAsync(page);
        await MapTests.DrawnAsync(page);
        await Golden.CompareAsync(page, "flood-board", Times(page));

        await FilterAsync(page, rows);
        await AssignAsync(page, rows);
        await CountAsync(page, server, widthPx, heightPx);
        await BoardAsync(page);
        await ReplayAsync(page);
        await BoardAsync(page);
        await ReportAsync(page);
        await UndoAsync(page, rows);
    }

    /// <summary>The board is open; on a tablet another panel took its place.</summary>
    private static async Task BoardAsync(IPage page)
    {
        if (await page.Locator(".board-more").CountAsync() == 0)
        {
            await page.Keyboard.PressAsync("i");
        }

        await Expect(page.Locator(".item-row").Filter(new() { HasText = Bad })).ToBeVisibleAsync();
    }

    private static ILocator[] Times(IPage page) => [page.Locator(".item-row .row-note.quiet"), page.Locator(".situation-name small")];

    private static async Task NameAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "災害対応名を決める" }).ClickAsync();
        await page.GetByLabel("名称").FillAsync("台風第15号（訓練）");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".situation-name")).ToContainTextAsync("台風第15号（訓練）");
    }

    /// <summary>Only the worst: three of all that happened.</summary>
    private static async Task FilterAsync(IPage page, ILocator rows)
    {
        await page.Locator(".board-more").ClickAsync();
        await page.Locator("#board-filters").GetByRole(AriaRole.Radio, new() { Name = "危険", Exact = true }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(3);
        await Expect(rows.Nth(0)).ToContainTextAsync(Bad);
        await page.Locator(".board-more").ClickAsync();
    }

    private static async Task AssignAsync(IPage page, ILocator rows)
    {
        await rows.Filter(new() { HasText = Bad }).ClickAsync();
        ILocator drawer = page.Locator(".drawer");
        await drawer.GetByLabel("担当").FillAsync(Crew);
        await drawer.GetByLabel("メモ").FillAsync("ボートを持って向かっている");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "対応中", Exact = true }).ClickAsync();
        await Expect(drawer).ToContainTextAsync("保存しました");
        await Expect(drawer.Locator(".state-tag")).ToHaveTextAsync("対応中");
        await Accessibility.CheckAsync(page);
        await MapTests.DrawnAsync(page);
        await Golden.CompareAsync(page, "flood-item", [drawer.Locator("dl .fact").Nth(1), .. Times(page)]);
        await page.Keyboard.PressAsync("Escape");
        await Expect(drawer).ToHaveCountAsync(0);
    }

    /// <summary>Who lives in the water: by class and association, against the older map, and within what is drawn by hand; few people stay hidden until it is written who looks.</summary>
    private static async Task CountAsync(IPage page, RealServer server, int widthPx, int heightPx)
    {
        await page.Keyboard.PressAsync("h");
        ILocator panel = page.Locator(".impact-panel"), sentence = panel.GetByTestId("sentence");
        await Expect(panel.GetByText("合成データ（実在の住民ではありません）").First).ToBeVisibleAsync();
        await panel.GetByText("洪水浸水想定", new() { Exact = true }).ClickAsync();
        await panel.GetByRole(AriaRole.Checkbox, new() { Name = "洪水浸水想定をすべて" }).CheckAsync();
        await panel.GetByRole(AriaRole.Checkbox, new() { Name = "計画規模" }).UncheckAsync();
        await panel.GetByRole(AriaRole.Combobox, new() { Name = "区域", Exact = true }).SelectOptionAsync("districts");
        await panel.GetByText("くわしく").ClickAsync();
        await panel.GetByLabel("比べる旧図").SelectOptionAsync("old");
        await Expect(sentence).ToContainTextAsync("想定最大規模で浸水区域内");
        await Expect(panel).ToContainTextAsync("旧図と比べて 新たに区域内");
        ILocator hidden = panel.Locator(".impact-table abbr");
        await Expect(hidden.First).ToBeAttachedAsync();
        int people = Number(await sentence.TextContentAsync(), "([0-9,]+)人");
        Assert.InRange(people, People / 5, People / 2); // a third of the city's area
        Assert.Matches("[0-9]町内会、うち65歳以上 [0-9,]+人(以上)?、要支援者 [0-9,]+人", await sentence.TextContentAsync());
        await Accessibility.CheckAsync(page);
        await panel.GetByRole(AriaRole.Tablist).ScrollIntoViewIfNeededAsync();
        await MapTests.DrawnAsync(page);
        await Golden.CompareAsync(page, "flood-impact", Times(page));

        await panel.GetByRole(AriaRole.Button, new() { Name = "範囲を描く" }).ClickAsync();
        (float west, float east) = widthPx > 1200 ? (450, 760) : (80, 400);
        foreach ((float x, float y) in new[] { (west, 300f), (east, 320f), (east, heightPx - 300f), (west, heightPx - 320f) })
        {
            await page.Mouse.ClickAsync(x, y);
        }

        await panel.GetByRole(AriaRole.Button, new() { Name = "終える" }).ClickAsync();
        await panel.GetByRole(AriaRole.Tab, new() { Name = "範囲別" }).ClickAsync();
        await Expect(panel.Locator(".impact-table tbody tr").First).ToContainTextAsync("範囲1");
        await Expect(panel).ToContainTextAsync("約（5人単位）");

        await panel.GetByRole(AriaRole.Checkbox, new() { Name = "少ない数も表示する" }).CheckAsync();
        await panel.GetByRole(AriaRole.Tab, new() { Name = "町内会別" }).ClickAsync();
        await Expect(hidden).ToHaveCountAsync(0);
        Assert.Contains(server.Audit(), l => l.Contains("residents.view", StringComparison.Ordinal) && l.Contains("user:honbu", StringComparison.Ordinal) && l.Contains("exact counts", StringComparison.Ordinal));
        await panel.GetByRole(AriaRole.Button, new() { Name = "閉じる" }).ClickAsync();
        await Expect(panel).ToHaveCountAsync(0);
    }

    /// <summary>An hour ago the gauge was quiet.</summary>
    private static async Task ReplayAsync(IPage page)
    {
        await page.Keyboard.PressAsync("t");
        ILocator thumb = page.GetByRole(AriaRole.Slider, new() { Name = "時刻（過去72時間）" }), rows = page.Locator(".item-row");
        await thumb.FocusAsync();
        for (int i = 0; i < 6; i++)
        {
            await page.Keyboard.PressAsync("PageDown"); // ten minutes each
        }

        await Expect(page.Locator(".past-banner")).ToContainTextAsync("の状態を表示中");
        await Expect(rows.Filter(new() { HasText = "避難判断水位" })).ToHaveCountAsync(0);
        await Expect(rows.Filter(new() { HasText = Bad })).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Escape");
        await BoardAsync(page);
        await page.Keyboard.PressAsync("t");
    }

    /// <summary>The workbook says what the board says, in its order.</summary>
    private static async Task ReportAsync(IPage page)
    {
        await page.Locator(".board-more").ClickAsync();
        ILocator filters = page.Locator("#board-filters");
        await filters.GetByRole(AriaRole.Radio, new() { Name = "すべて", Exact = true }).First.ClickAsync();
        await filters.GetByRole(AriaRole.Radio, new() { Name = "全期間", Exact = true }).ClickAsync();
        await page.Locator(".board-filters .chips").First.GetByRole(AriaRole.Radio, new() { Name = "すべて", Exact = true }).ClickAsync();
        await page.Locator(".board-more").ClickAsync();
        string[] seen = await page.Locator(".item-row").EvaluateAllAsync<string[]>(
            "rows => rows.map(r => [r.querySelector('.row-title').textContent, r.querySelector('.state-tag').textContent, r.querySelector('.item-crew')?.textContent ?? ''].join('|'))");
        Assert.InRange(seen.Length, 7, 12);

        await page.GetByRole(AriaRole.Button, new() { Name = "被害状況即報" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("第何報").FillAsync("1");
        IDownload download = await page.RunAndWaitForDownloadAsync(() => dialog.GetByRole(AriaRole.Button, new() { Name = "Excel" }).ClickAsync());
        using Workbook book = new(await File.ReadAllBytesAsync(await download.PathAsync(), Cancel));
        book.AssertValid();
        Assert.Contains(book.Texts("概況"), t => t.Contains("台風第15号（訓練）", StringComparison.Ordinal));
        Assert.Contains("本部 一郎", book.Texts("概況"));
        string[][] listed = [.. book.Rows("対応一覧").Where(r => r.Length > 5 && r[0].All(char.IsAsciiDigit))];
        Assert.Equal(seen.Length, listed.Length);
        foreach ((string row, string[] cells) in seen.Zip(listed))
        {
            string[] parts = row.Split('|');
            Assert.Contains(cells, c => c == parts[1]);
            Assert.Contains(cells, c => c.StartsWith(parts[0], StringComparison.Ordinal) || cells.Contains("所見"));
            Assert.True(parts[2].Length == 0 || cells[^1].StartsWith(parts[2], StringComparison.Ordinal), row);
        }

        await dialog.GetByRole(AriaRole.Button, new() { Name = "閉じる" }).ClickAsync();
    }

    /// <summary>The crew was the wrong one: taken back, and both stand in the history.</summary>
    private static async Task UndoAsync(IPage page, ILocator rows)
    {
        await rows.Filter(new() { HasText = Bad }).ClickAsync();
        ILocator drawer = page.Locator(".drawer");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "直前の変更を取り消す" }).ClickAsync();
        await Expect(drawer.Locator(".state-tag")).ToHaveTextAsync("未対応");
        await Expect(drawer.GetByLabel("担当")).ToHaveValueAsync("");
    }

    private static int Number(string? text, string pattern) => int.Parse(Regex.Match(text ?? "", pattern).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private async Task<RealServer> StartAsync()
    {
        RealServer server = await RealServer.StartAsync(options =>
        {
            yaizu.CopyTo(options.DataDirectory);
            return options with { AlarmRulesPath = Path.Combine(SharedData.RepositoryRoot(), "ingest", "alarms.example.json") };
        });
        ResidentImportResult made = await SyntheticDesk.ImportAsync(server.Find<ResidentDesk>(), server.Find<LayerDesk>(), new SyntheticOptions { Boundaries = "districts", People = People }, "user:test", Cancel);
        Assert.True(made.Register is { IsSynthetic: true }, string.Join("; ", made.Faults.Select(f => f.En)));
        return server;
    }
}
