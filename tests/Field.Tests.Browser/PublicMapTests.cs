using Field.Ingest.Layers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>A citizen looks where the water may come and draws the way out; the layers are synthetic, the listener is the public one.</summary>
public sealed class PublicMapTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const string Zones = """
        { "type": "FeatureCollection", "features": [
          { "type": "Feature", "properties": { "A31a_205": 1 }, "geometry": { "type": "Polygon", "coordinates": [[[138.444,34.745],[138.456,34.745],[138.456,34.755],[138.444,34.755],[138.444,34.745]]] } },
          { "type": "Feature", "properties": { "A31a_205": 3 }, "geometry": { "type": "Polygon", "coordinates": [[[138.447,34.7475],[138.453,34.7475],[138.453,34.7525],[138.447,34.7525],[138.447,34.7475]]] } } ] }
        """;

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Way_is_drawn_measured_against_the_zones_taken_back_and_kept_in_the_link_alone(int widthPx, int heightPx)
    {
        await using RealServer server = await StartAsync();
        await ImportAsync(server, "aoba", "青葉川 想定最大規模（合成データ）", "public");
        await ImportAsync(server, "inside", "庁内だけの図", "internal");
        IPage page = await browsers.OpenAsync(server.LastAddress, ready: false, widthPx: widthPx, heightPx: heightPx);
        List<string> asked = [];
        page.Request += (_, request) => asked.Add(request.Url + request.PostData);
        await Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "青葉川 想定最大規模（合成データ）" })).ToBeCheckedAsync(); // floods are on for who comes the first time
        await Expect(page.GetByText("庁内だけの図")).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "経路を描く" })).ToBeEnabledAsync(); // the map is there, and shows where the layers are
        await SettledAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "経路を描く" }).ClickAsync();
        int x = (widthPx + 380) / 2, y = heightPx / 2;
        await page.Mouse.ClickAsync(x, y); // in the deep zone
        await page.Mouse.ClickAsync(x, 130); // above both
        ILocator route = page.Locator(".public-route");
        await Expect(route.Locator(".public-facts")).ToContainTextAsync("道のり");
        await Expect(route.Locator(".public-crossings")).ToContainTextAsync("3.0～5.0m");
        await Expect(route.Locator(".public-crossings li")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new() { Name = "画面の中心に点を置く" }).ClickAsync();
        await Expect(route.Locator(".public-points li")).ToHaveCountAsync(3);
        await page.GetByRole(AriaRole.Button, new() { Name = "元に戻す" }).ClickAsync();
        await Expect(route.Locator(".public-points li")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new() { Name = "描くのをやめる" }).ClickAsync();
        await Expect(route.Locator(".public-crossings li")).ToHaveCountAsync(2);
        await Accessibility.CheckAsync(page);
        await SettledAsync(page);
        await Golden.CompareAsync(page, "public-map");

        string link = page.Url;
        Assert.Contains("#r=", link, StringComparison.Ordinal);
        string length = await route.Locator(".public-facts dd").First.InnerTextAsync();
        IPage other = await browsers.OpenAsync(new Uri(link), ready: false, widthPx: widthPx, heightPx: heightPx);
        await Expect(other.Locator(".public-route .public-facts dd").First).ToHaveTextAsync(length);
        await Expect(other.Locator(".public-route .public-crossings li")).ToHaveCountAsync(2);
        Assert.DoesNotContain(asked, a => a.Contains("r=", StringComparison.Ordinal) || a.Contains("138.4", StringComparison.Ordinal)); // no server was told
    }

    [Fact]
    public async Task Sheet_of_paper_has_map_way_legend_sources_and_code()
    {
        await using RealServer server = await StartAsync();
        await ImportAsync(server, "aoba", "青葉川 想定最大規模（合成データ）", "public");
        IPage page = await browsers.OpenAsync(server.LastAddress, ready: false, widthPx: 1024, heightPx: 768);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "経路を描く" })).ToBeEnabledAsync(); // the map is there, and shows where the layers are
        await SettledAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "経路を描く" }).ClickAsync();
        await page.Mouse.ClickAsync(700, 400);
        await page.Mouse.ClickAsync(700, 130);
        await Expect(page.Locator(".public-route .public-crossings li").First).ToBeVisibleAsync();
        await page.GetByLabel("名前・行き先（印刷だけに使います）").FillAsync("山田家");
        await SettledAsync(page);
        await page.EvaluateAsync("() => window.dispatchEvent(new Event('beforeprint'))");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        ILocator sheet = page.Locator(".print-sheet");
        await Expect(sheet).ToBeVisibleAsync();
        await Expect(sheet).ToContainTextAsync("避難経路 山田家");
        await Expect(sheet).ToContainTextAsync("試験用の合成データ");
        await Expect(sheet.Locator(".print-qr svg")).ToBeVisibleAsync();
        await Expect(page.Locator(".topbar")).ToBeHiddenAsync();
        int colours = await page.EvaluateAsync<int>("""
            () => { const c = document.querySelector('.print-sheet canvas'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
                    const seen = new Set(); for (let i = 0; i < d.length; i += 400) seen.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]); return seen.size; }
            """);
        Assert.True(colours > 3, $"the map on paper has {colours} colours");
        byte[] pdf = await page.PdfAsync(new PagePdfOptions { PreferCSSPageSize = true });
        Assert.Equal(1, System.Text.Encoding.Latin1.GetString(pdf).Split("/Type /Page\n").Length - 1);
    }

    [Fact]
    public async Task On_a_phone_the_way_is_drawn_with_a_finger_kept_in_the_link_and_printed()
    {
        await using RealServer server = await StartAsync();
        await ImportAsync(server, "aoba", "青葉川 想定最大規模（合成データ）", "public");
        IPage page = await OpenPhoneAsync(server.LastAddress);
        ILocator route = page.Locator(".public-route");
        await page.GetByRole(AriaRole.Button, new() { Name = "経路を描く" }).TapAsync();
        await page.Touchscreen.TapAsync(195, 276); // in the deep zone
        await page.Touchscreen.TapAsync(195, 90); // above both
        await Expect(route.Locator(".public-crossings li")).ToHaveCountAsync(2);
        await Expect(route.Locator(".public-crossings")).ToContainTextAsync("3.0～5.0m");
        await page.GetByRole(AriaRole.Button, new() { Name = "画面の中心に点を置く" }).TapAsync();
        await Expect(route.Locator(".public-points li")).ToHaveCountAsync(3);
        await page.GetByRole(AriaRole.Button, new() { Name = "元に戻す" }).TapAsync();
        await Expect(route.Locator(".public-points li")).ToHaveCountAsync(2);
        string before = await route.Locator(".public-facts dd").First.InnerTextAsync();
        await DragAsync(page, (195, 90), (330, 90)); // a point follows the finger, and the map stays
        await Expect(route.Locator(".public-facts dd").First).Not.ToHaveTextAsync(before);
        await Expect(route.Locator(".public-points li")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new() { Name = "描くのをやめる" }).ClickAsync(); // the browser takes a tap that follows a drag at once as the end of its fling
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "経路を描く" })).ToBeVisibleAsync();
        await Expect(route.Locator(".public-crossings li")).ToHaveCountAsync(2);
        await Accessibility.CheckAsync(page);
        Assert.Equal(390, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")); // nothing makes a phone scroll sideways
        await SettledAsync(page);
        await Golden.CompareAsync(page, "public-map");

        string length = await route.Locator(".public-facts dd").First.InnerTextAsync();
        IPage other = await OpenPhoneAsync(new Uri(page.Url));
        await Expect(other.Locator(".public-route .public-facts dd").First).ToHaveTextAsync(length);
        await Expect(other.Locator(".public-route .public-crossings li")).ToHaveCountAsync(2);

        await other.EvaluateAsync("() => window.dispatchEvent(new Event('beforeprint'))");
        await other.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await Expect(other.Locator(".print-sheet canvas")).ToBeVisibleAsync();
        await Expect(other.Locator(".print-sheet")).ToContainTextAsync("3.0～5.0m");
        await Expect(other.Locator(".print-qr svg")).ToBeVisibleAsync();
        byte[] pdf = await other.PdfAsync(new PagePdfOptions { PreferCSSPageSize = true });
        Assert.Equal(1, System.Text.Encoding.Latin1.GetString(pdf).Split("/Type /Page\n").Length - 1);
    }

    [Fact]
    public async Task Link_that_was_cut_off_says_so_and_the_map_is_there()
    {
        await using RealServer server = await StartAsync();
        IPage page = await browsers.OpenAsync(new Uri(server.LastAddress, "#r=_p~iF~ps%7C"), ready: false);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("リンクの経路を読み取れませんでした");
        await Expect(page.GetByText("公開されている情報はまだありません")).ToBeVisibleAsync();

        IPage english = await browsers.OpenAsync(new Uri(server.LastAddress, "?lang=en&theme=dark#r=_p~iF~ps%7C"), ready: false);
        await Expect(english.GetByRole(AriaRole.Alert)).ToContainTextAsync("The route of this link cannot be read");
        await Expect(english.Locator("html[lang=en][data-theme=dark]")).ToHaveCountAsync(1);
    }

    private async Task<IPage> OpenPhoneAsync(Uri address)
    {
        IPage page = await browsers.OpenAsync(address, ready: false, widthPx: 390, heightPx: 844, isPhone: true);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "経路を描く" })).ToBeEnabledAsync();
        await SettledAsync(page);
        return page;
    }

    private static async Task DragAsync(IPage page, (int X, int Y) from, (int X, int Y) to)
    {
        ICDPSession touch = await page.Context.NewCDPSessionAsync(page);
        Task SendAsync(string type, params object[] points) => touch.SendAsync("Input.dispatchTouchEvent", new Dictionary<string, object> { ["type"] = type, ["touchPoints"] = points });
        await SendAsync("touchStart", new { x = from.X, y = from.Y });
        for (int step = 1; step <= 5; step++)
        {
            await SendAsync("touchMove", new { x = from.X + ((to.X - from.X) * step / 5), y = from.Y + ((to.Y - from.Y) * step / 5) });
        }

        await SendAsync("touchEnd");
    }

    private static Task<RealServer> StartAsync() => RealServer.StartAsync(o => o with { PublicMapAddress = "127.0.0.1", PublicMapPort = 0 });

    private static async Task ImportAsync(RealServer server, string id, string title, string dataClass)
    {
        string file = Path.Combine(server.DataDirectory, $"{id}.geojson");
        await File.WriteAllTextAsync(file, Zones, TestContext.Current.CancellationToken);
        LayerImportOptions options = new() { Path = file, Id = id, Title = title, Kind = "flood", DataClass = dataClass, Source = "試験用の合成データ", SourceDate = "2026-11-01" };
        Assert.Empty((await server.Services.GetRequiredService<LayerDesk>().ImportAsync(options, "user:test", null, TestContext.Current.CancellationToken)).Faults);
    }

    /// <summary>The map's pixels once they stay the same.</summary>
    private static async Task SettledAsync(IPage page)
    {
        byte[] last = [];
        for (int attempt = 0; attempt < 60; attempt++)
        {
            byte[] now = await page.Locator(".map-holder").ScreenshotAsync();
            if (now.AsSpan().SequenceEqual(last))
            {
                return;
            }

            last = now;
        }

        Assert.Fail("the map never comes to rest");
    }
}
