using System.IO.Compression;
using System.Text.Json;
using Microsoft.Playwright;
using NetTopologySuite.Geometries;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>A drone operator plans flights in the map; the routes are the server's own, the ledger is synthetic.</summary>
public sealed class RouteTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const double Lon = 138.4493;
    private const double Lat = 34.7503;

    [Fact]
    public async Task Levee_is_planned_from_its_panel_and_both_files_come_down()
    {
        await using MapServer server = await StartAsync();
        IPage page = await browsers.OpenAsync(server.Address, "?select=levee:L1");
        await page.GetByRole(AriaRole.Button, new() { Name = "飛行経路を作る" }).ClickAsync();

        ILocator status = page.Locator(".route-status");
        await Expect(status).ToContainTextAsync("バッテリー");
        await Expect(page.Locator(".drawer h2")).ToHaveTextAsync("飛行経路");
        await Expect(page.Locator(".drawer h3").First).ToHaveTextAsync("青葉川堤防");
        await Expect(page.Locator(".route-result .fact", new() { HasText = "画素寸法" })).ToContainTextAsync("13.3mm/px");
        await Expect(page.Locator(".route-result .fact", new() { HasText = "写る割合" })).ToContainTextAsync("100%");
        await Expect(page.Locator(".route-warnings")).ToContainTextAsync("離着陸地点は提案です（左岸 3.");
        string before = await status.InnerTextAsync();

        await Field(page, "対地高度").FillAsync("２５"); // as Japanese keyboards write it
        await Expect(page.Locator(".route-result .fact", new() { HasText = "画素寸法" })).ToContainTextAsync("6.7mm/px");
        Assert.NotEqual(before, await status.InnerTextAsync());

        using ZipArchive kmz = new(await DownloadAsync(page, "KMZ：バッテリー 1 をダウンロード", "青葉川堤防_flight-01.kmz"));
        Assert.Equal(["wpmz/template.kml", "wpmz/waylines.wpml"], kmz.Entries.Select(e => e.FullName).Order());
        await using Stream plan = await DownloadAsync(page, ".plan：バッテリー 1 をダウンロード", "青葉川堤防_flight-01.plan");
        Assert.Equal("Plan", (await JsonDocument.ParseAsync(plan, cancellationToken: TestContext.Current.CancellationToken)).RootElement.GetProperty("fileType").GetString());
        Assert.Equal(2, server.Audit().Count(l => l.Contains("route.export", StringComparison.Ordinal) && l.Contains("\"done\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Refusal_says_why_in_both_languages_and_gives_no_file()
    {
        await using MapServer server = await StartAsync();
        IPage page = await browsers.OpenAsync(server.Address, "?select=levee:L1");
        await page.GetByRole(AriaRole.Button, new() { Name = "飛行経路を作る" }).ClickAsync();
        await Field(page, "対地高度").FillAsync("200");

        await Expect(page.Locator(".route-status")).ToContainTextAsync("この条件では飛べません（理由 1 件）");
        await Expect(page.Locator(".route-refused [data-code=too-high]")).ToContainTextAsync("地上高 200 m は上限 150 m（航空法）を超えます");
        await Expect(Field(page, "対地高度")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Locator(".route-flights")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "表示言語: English" }).ClickAsync();
        await Expect(page.Locator(".route-status")).ToContainTextAsync("Cannot be flown as asked for (1 reason)");
        await Expect(page.Locator(".route-refused [data-code=too-high]")).ToContainTextAsync("200 m above ground is over the limit of 150 m");

        await Field(page, "Height above ground").FillAsync("high");
        await Expect(page.Locator(".route-status")).ToContainTextAsync("1 field is no number");
        await Field(page, "Height above ground").FillAsync("");
        await Expect(page.Locator(".route-flights")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Bridge_asks_for_heights_and_a_home_point_that_is_tapped_on_the_map()
    {
        await using MapServer server = await StartAsync();
        IPage page = await browsers.OpenAsync(server.Address, "?select=bridge:B1", widthPx: 1024, heightPx: 768);
        await page.GetByRole(AriaRole.Button, new() { Name = "飛行経路を作る" }).ClickAsync();

        await Expect(page.Locator(".route-status")).ToContainTextAsync("あと 4 項目で経路を計算します");
        await Field(page, "上端の標高").FillAsync("12");
        await Field(page, "桁下の標高").FillAsync("10");
        await Field(page, "水面の標高").FillAsync("-1");
        await Expect(page.Locator(".route-status")).ToContainTextAsync("あと 1 項目で経路を計算します");
        await page.GetByRole(AriaRole.Group, new() { Name = "離着陸地点" }).GetByRole(AriaRole.Button, new() { Name = "地図で置く" }).ClickAsync();
        await page.Mouse.ClickAsync(120, 600);

        await Expect(page.Locator(".route-homes li")).ToHaveCountAsync(1);
        await Expect(page.Locator(".route-status")).ToContainTextAsync("バッテリー 2 本");
        await Expect(page.Locator(".route-warnings")).ToContainTextAsync("桁の真下は飛びません");
        await page.Keyboard.PressAsync("Escape"); // ends the tapping, not the panel
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "置き終わる" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "施設に戻る" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "飛行経路を作る" }).ClickAsync();
        await Expect(Field(page, "上端の標高")).ToHaveValueAsync("12"); // nothing typed is lost
    }

    [Fact]
    public async Task Plan_that_runs_is_given_up_when_a_value_changes_and_when_the_panel_closes()
    {
        await using MapServer server = await StartAsync();
        server.HoldsPlans = true;
        IPage page = await browsers.OpenAsync(server.Address, "?select=levee:L1");
        async Task<bool> IsAsync(SemaphoreSlim so) => await so.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await page.GetByRole(AriaRole.Button, new() { Name = "飛行経路を作る" }).ClickAsync();
        Assert.True(await IsAsync(server.Held));
        await Field(page, "対地高度").FillAsync("30");
        Assert.True(await IsAsync(server.GivenUp));

        Assert.True(await IsAsync(server.Held)); // the new values are asked for
        await page.GetByRole(AriaRole.Button, new() { Name = "施設に戻る" }).ClickAsync();
        Assert.True(await IsAsync(server.GivenUp));
    }

    [Fact]
    public async Task Outage_keeps_the_route_marks_it_and_tries_again()
    {
        await using MapServer server = await StartAsync();
        IPage page = await browsers.OpenAsync(server.Address, "?select=levee:L1");
        await page.GetByRole(AriaRole.Button, new() { Name = "飛行経路を作る" }).ClickAsync();
        await Expect(page.Locator(".route-flights")).ToHaveCountAsync(1);

        server.Failing = "routes";
        await Field(page, "対地高度").FillAsync("30");
        await Expect(page.Locator(".route-alert")).ToContainTextAsync("サーバーにつながりません。経路は更新されていません。");
        await Expect(page.Locator(".route-flights .button").First).ToHaveAttributeAsync("aria-disabled", "true");
        server.Failing = null;
        await page.GetByRole(AriaRole.Button, new() { Name = "もう一度試す" }).ClickAsync();
        await Expect(page.Locator(".route-alert")).ToHaveCountAsync(0);
        await Expect(page.Locator(".route-flights .button").First).ToHaveAttributeAsync("aria-disabled", "false");
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Panel_has_no_serious_accessibility_finding(string theme)
    {
        await using MapServer server = await StartAsync();
        IPage page = await browsers.OpenAsync(server.Address, $"?select=levee:L1&theme={theme}");
        await page.GetByRole(AriaRole.Button, new() { Name = "飛行経路を作る" }).ClickAsync();
        await Expect(page.Locator(".route-flights")).ToHaveCountAsync(1);

        await Accessibility.CheckAsync(page);
    }

    private static async Task<MapServer> StartAsync()
    {
        MapServer server = await MapServer.StartAsync(findings: 0);
        await server.AddAssetAsync(
            "levee:L1", "levee", "青葉川堤防", GeometryFactory.Default.CreateLineString([new(Lon - 0.004, Lat), new(Lon + 0.004, Lat + 0.001)]),
            ("river", "青葉川"), ("bank", "left"), ("startKm", 3.0), ("endKm", 3.7));
        await server.AddAssetAsync("bridge:B1", "bridge", "青葉橋", GeometryFactory.Default.CreatePolygon(
            [new(Lon, Lat), new(Lon + 0.0008, Lat), new(Lon + 0.0008, Lat + 0.00008), new(Lon, Lat + 0.00008), new(Lon, Lat)]));
        return server;
    }

    private static ILocator Field(IPage page, string name) => page.Locator(".route-field", new() { HasText = name }).First.Locator("input");

    private static async Task<Stream> DownloadAsync(IPage page, string button, string name)
    {
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync());
        Assert.Equal(name, download.SuggestedFilename);
        MemoryStream bytes = new();
        await using Stream stream = await download.CreateReadStreamAsync();
        await stream.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        bytes.Position = 0;
        return bytes;
    }
}
