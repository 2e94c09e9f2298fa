using Field.Ingest.Layers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Field.Tests.Browser;

/// <summary>A field engineer's tablet before the real server; what is synthetic is made here.</summary>
public sealed class TabletTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const string Zones = """
        { "type": "FeatureCollection", "features": [
          { "type": "Feature", "properties": { "A31a_205": 3 }, "geometry": { "type": "Polygon", "coordinates": [[[138.447,34.7475],[138.453,34.7475],[138.453,34.7525],[138.447,34.7525],[138.447,34.7475]]] } } ] }
        """;

    [Theory]
    [InlineData(1024, 768)]
    [InlineData(1440, 900)]
    public async Task Report_is_made_in_a_few_presses_and_its_state_is_told(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await OpenAsync(server, widthPx, heightPx);
        await Expect(page.Locator(".place-now")).ToContainTextAsync("現在地（誤差 約8 m）");
        await Expect(page.Locator(".linkbar")).ToContainTextAsync("オンライン");
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "tablet-report");

        await page.GetByRole(AriaRole.Button, new() { Name = "送る", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("写真、種類、メモのどれか一つは必要です");
        await page.GetByRole(AriaRole.Button, new() { Name = "土砂崩れ", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "危険・至急", Exact = true }).ClickAsync();
        await page.GetByLabel("メモ", new() { Exact = true }).FillAsync("県道の上の斜面が崩れています");
        await page.GetByRole(AriaRole.Button, new() { Name = "送る", Exact = true }).ClickAsync();
        await TabAsync(page, "送信箱");
        await Expect(page.Locator(".outbox-list > li[data-state=stored]")).ToContainTextAsync("保存済み");
        await Accessibility.CheckAsync(page);
        await Expect(page.Locator(".tablet-said")).ToHaveAttributeAsync("data-said", "false"); // what was said of the report has gone again
        await Golden.CompareAsync(page, "tablet-outbox", page.Locator(".page-foot"), page.Locator(".outbox-text small"));
    }

    [Fact]
    public async Task Draft_is_there_after_the_page_was_lost()
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await OpenAsync(server, 1024, 768);
        await page.GetByLabel("メモ", new() { Exact = true }).FillAsync("橋のたもと");
        await page.GetByRole(AriaRole.Button, new() { Name = "道路の損傷", Exact = true }).ClickAsync();
        await page.ReloadAsync();
        await Expect(page.GetByLabel("メモ", new() { Exact = true })).ToHaveValueAsync("橋のたもと");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "道路の損傷", Exact = true })).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task Nothing_moves_under_the_finger_when_the_line_comes_or_goes()
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await OpenAsync(server, 1024, 768);
        ILocator button = page.GetByRole(AriaRole.Button, new() { Name = "道路の損傷", Exact = true });
        ILocator place = page.GetByRole(AriaRole.Button, new() { Name = "数値で入れる", Exact = true });
        (string, string) first = (await BoxAsync(button), await BoxAsync(place));
        await Expect(page.Locator(".linkbar")).ToContainTextAsync("オンライン — 送り残しはありません");
        await Expect(page.Locator(".place-now")).ToContainTextAsync("現在地（誤差 約8 m）");
        Assert.Equal(first, (await BoxAsync(button), await BoxAsync(place)));

        IPage second = await page.Context.NewPageAsync(); // the first tab sends for both
        await second.GotoAsync(page.Url);
        await Expect(second.Locator(".linkbar")).ToContainTextAsync("オンライン");

        await page.Context.SetOfflineAsync(true);
        await Expect(page.Locator(".linkbar")).ToContainTextAsync("オフライン");
        Assert.Equal(first, (await BoxAsync(button), await BoxAsync(place)));
        await page.Context.SetOfflineAsync(false);
        await Expect(page.Locator(".linkbar")).ToContainTextAsync("オンライン");

        await server.StopAsync();
        await Expect(page.Locator(".linkbar")).ToContainTextAsync("オフライン");
        await Expect(second.Locator(".linkbar")).ToContainTextAsync("オフライン");
        Assert.Equal(first, (await BoxAsync(button), await BoxAsync(place)));
    }

    private static async Task<string> BoxAsync(ILocator locator)
    {
        LocatorBoundingBoxResult box = (await locator.BoundingBoxAsync())!;
        return $"{box.X:0} {box.Y:0} {box.Width:0} {box.Height:0}";
    }

    [Fact]
    public async Task Where_am_I_answers_the_same_when_there_is_no_server_any_more()
    {
        await using RealServer server = await RealServer.StartAsync();
        string path = Path.Combine(server.DataDirectory, "zones.geojson");
        await File.WriteAllTextAsync(path, Zones, TestContext.Current.CancellationToken);
        await server.Services.GetRequiredService<LayerDesk>().ImportAsync(
            new LayerImportOptions { Path = path, Id = "zones", Title = "青葉川 想定最大規模（合成データ）", DataClass = "public" }, "user:test", null, TestContext.Current.CancellationToken);
        IPage page = await OpenAsync(server, 1024, 768, "&lon=138.45&lat=34.75&zoom=15");
        await page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => undefined)");
        await TabAsync(page, "地図");
        await AskAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "持ち出し", Exact = true }).ClickAsync();
        await page.GetByLabel("青葉川 想定最大規模（合成データ）").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "大きさを調べる", Exact = true }).ClickAsync();
        await Expect(page.Locator(".area-actions")).ToContainTextAsync("タイル");
        await Accessibility.CheckAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "保存する", Exact = true }).ClickAsync();
        await Expect(page.Locator(".area-list")).ToContainTextAsync("たった今に保存");

        await server.StopAsync();
        await page.ReloadAsync();
        await Expect(page.Locator(".linkbar")).ToContainTextAsync("オフライン");
        await TabAsync(page, "地図");
        await AskAsync(page);
    }

    private static async Task AskAsync(IPage page)
    {
        await Expect(page.Locator(".me-dot")).ToHaveCountAsync(1);
        await Expect(async () =>
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "現在地を調べる", Exact = true }).ClickAsync();
            await Expect(page.Locator(".here-card")).ToContainTextAsync("3.0", new() { Timeout = 2_000 });
        });
        await Expect(page.Locator(".here-card")).ToContainTextAsync("青葉川 想定最大規模（合成データ）");
    }

    private static async Task Expect(Func<Task> attempt)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                await attempt(); // the list of layers may still be on its way when it is asked for the first time
                return;
            }
            catch (PlaywrightException) when (i < 10)
            {
            }
        }
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static Task TabAsync(IPage page, string name) => page.Locator(".bottom-nav").GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();

    private async Task<IPage> OpenAsync(RealServer server, int widthPx, int heightPx, string more = "")
    {
        IPage page = await browsers.OpenAsync(server.Address, $"?view=tablet{more}", ready: false, widthPx, heightPx);
        await page.Context.GrantPermissionsAsync(["geolocation"]);
        await page.Context.SetGeolocationAsync(new Geolocation { Longitude = 138.45f, Latitude = 34.75f, Accuracy = 8 });
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "送る", Exact = true })).ToBeVisibleAsync();
        return page;
    }
}
