using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>A register comes in by the page, is looked at on the map by who may, and is taken back. Nobody in it is real.</summary>
public sealed class ResidentsTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const string Points = "世帯番号,経度,緯度\nH-77,138.3100,34.8600\nH-78,138.3112,34.8604\nH-79,138.3090,34.8611\nH-80,138.3120,34.8590\n";
    private const string Register = "世帯番号,世帯人数,65歳以上,要支援者,自治会\nH-77,3,1,1,港第一\nH-78,2,0,0,港第一\nH-79,1,1,0,港第二\nH-99,2,0,0,港第二\n";

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Register_is_looked_at_before_it_counts_then_on_the_map_and_taken_back(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await Persons.OpenAsync(browsers, server, ("honbu", "本部 一郎", "hq"), "?lon=138.3103&lat=34.8602&zoom=16", widthPx, heightPx);
        List<string> tiles = [];
        page.Request += (_, request) =>
        {
            if (request.Url.Contains("/residents/tiles/", StringComparison.Ordinal))
            {
                tiles.Add(request.Url);
            }
        };
        await page.Keyboard.PressAsync("h");
        ILocator panel = page.Locator(".impact-panel");
        await Expect(panel).ToContainTextAsync("住民データがありません");
        ILocator dialog = await OpenAsync(page);
        await FillAsync(dialog, Points, Register);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "確かめる" }).ClickAsync();
        ILocator outcome = dialog.Locator(".import-outcome");
        await Expect(outcome).ToContainTextAsync("まだ取り込んでいません");
        await Expect(outcome).ToContainTextAsync("3世帯・6人");
        await Expect(outcome.GetByRole(AriaRole.Row).Filter(new() { HasText = "H-99" })).ToContainTextAsync("点のない世帯");
        await Expect(outcome.GetByRole(AriaRole.Row).Filter(new() { HasText = "H-80" })).ToContainTextAsync("世帯番号が台帳にありません");
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "residents-trial");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "この内容で取り込む" }).ClickAsync();
        await Expect(outcome).ToContainTextAsync("取り込みました");
        await FillAsync(dialog, Points, Register.Replace("H-79,1,1,0", "H-79,4,1,0", StringComparison.Ordinal));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "確かめる" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "この内容で取り込む" }).ClickAsync();
        await Expect(dialog.Locator(".import-seen")).ToContainTextAsync("3世帯・9人");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "前の版に戻す" }).ClickAsync();
        await Expect(dialog.Locator(".import-seen")).ToContainTextAsync("3世帯・6人");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "閉じる" }).ClickAsync();

        await Expect(panel).ToContainTextAsync("3世帯・6人");
        Assert.Empty(tiles);
        byte[] without = await MapTests.DrawnAsync(page);
        ILocator onMap = panel.GetByRole(AriaRole.Checkbox, new() { Name = "世帯を地図に表示" });
        await onMap.CheckAsync();
        await MapTests.DrawnAsync(page, unlike: without);
        await Expect(panel.GetByText("要支援者のいる世帯")).ToBeVisibleAsync();
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "residents-map");
        int views = Views(server);
        Assert.InRange(views, 1, 4); // one for each area of 2 km, and not one for each tile
        await onMap.UncheckAsync();
        await onMap.CheckAsync();
        await Expect(panel.GetByText("要支援者のいる世帯")).ToBeVisibleAsync();
        await MapTests.DrawnAsync(page);
        Assert.Equal(views, Views(server));
        Assert.NotEmpty(tiles);
        Assert.Equal(0, await page.EvaluateAsync<int>("async () => (await Promise.all((await caches.keys()).map(async n => (await (await caches.open(n)).keys()).filter(r => r.url.includes('/residents')).length))).reduce((a, b) => a + b, 0)"));

        await page.Locator(".topbar .person").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "サインアウト", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "サインイン" })).ToBeVisibleAsync();
        await Expect(page.Locator(".maplibregl-canvas")).ToHaveCountAsync(0);
        Assert.DoesNotContain(server.Audit(), l => l.Contains("H-77", StringComparison.Ordinal) || l.Contains("H-99", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Field_engineer_is_offered_neither_the_register_nor_single_households()
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await Persons.OpenAsync(browsers, server, ("genba", "現場 二郎", "field"), "?view=map&lon=138.31&lat=34.86&zoom=16", 1440, 900);
        await page.Keyboard.PressAsync("h");
        await Expect(page.Locator(".impact-panel")).ToContainTextAsync("住民データがありません");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "住民データの管理" })).ToHaveCountAsync(0);
        IAPIResponse refused = await page.Context.APIRequest.GetAsync(new Uri(server.Address, "/api/v1/residents/tiles/14/14486/6496").ToString());
        Assert.Equal(403, refused.Status);
    }

    private static int Views(RealServer server) => server.Audit().Count(l => l.Contains("residents.view", StringComparison.Ordinal) && l.Contains("area 14/", StringComparison.Ordinal));

    private static async Task<ILocator> OpenAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "住民データの管理" }).First.ClickAsync();
        return page.GetByRole(AriaRole.Dialog);
    }

    private static async Task FillAsync(ILocator dialog, string points, string register)
    {
        await dialog.GetByLabel("世帯の点").SetInputFilesAsync(Csv("世帯の点.csv", points));
        await dialog.GetByLabel("住民台帳").SetInputFilesAsync(Csv("台帳.csv", register));
        await dialog.GetByLabel("座標系").FillAsync("6668");
        foreach (string label in (string[])["点の文字コード", "台帳の文字コード"])
        {
            await dialog.GetByRole(AriaRole.Combobox, new() { Name = label }).ClickAsync();
            await dialog.Page.GetByRole(AriaRole.Option, new() { Name = "UTF-8" }).ClickAsync();
        }
    }

    private static FilePayload Csv(string name, string text) => new() { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) };
}
