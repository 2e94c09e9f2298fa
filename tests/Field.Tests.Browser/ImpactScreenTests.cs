using System.Globalization;
using System.Text;
using Field.Ingest.Layers;
using Field.Ingest.Residents;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>Headquarters asks who lives in the water; the town is synthetic, the server is the real one.</summary>
public sealed class ImpactScreenTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const int Households = 200;

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Answer_stands_there_as_a_sentence_then_as_a_table_and_as_a_file(int widthPx, int heightPx)
    {
        await using RealServer server = await TownAsync();
        IPage page = await browsers.OpenAsync(server.Address, "?lon=138.45&lat=34.75&zoom=14", widthPx: widthPx, heightPx: heightPx);
        ILocator panel = await OpenAsync(page);
        await Expect(panel.GetByText("合成データ（実在の住民ではありません）")).ToBeVisibleAsync();
        await Expect(panel.GetByRole(AriaRole.Status).First).ToContainTextAsync("災害の区域を選ぶか、範囲を描いてください");
        await panel.GetByRole(AriaRole.Checkbox, new() { Name = "青葉川 想定最大規模" }).CheckAsync();

        // Of 200 households of 3 people in a row 100 stand in the shallow zone and 50 in the deep one.
        ILocator sentence = panel.GetByTestId("sentence");
        await Expect(sentence).ToContainTextAsync("450人");
        await Expect(sentence).ToContainTextAsync("150世帯");
        await Expect(panel.GetByRole(AriaRole.Table)).ToContainTextAsync("600");
        await panel.GetByLabel("数える深さ・区分").SelectOptionAsync("3");
        await Expect(sentence).ToContainTextAsync("3m以上");
        await Expect(sentence).ToContainTextAsync("150人");
        await Accessibility.CheckAsync(page);
        await MapTests.DrawnAsync(page);
        await Golden.CompareAsync(page, "impact");

        IDownload file = await page.RunAndWaitForDownloadAsync(() => panel.GetByRole(AriaRole.Button, new() { Name = "CSV" }).ClickAsync());
        byte[] csv = await File.ReadAllBytesAsync(await file.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal([0xEF, 0xBB, 0xBF], csv[..3]);
        Assert.Contains("合成データ", Encoding.UTF8.GetString(csv), StringComparison.Ordinal);
        Assert.Contains("合成データ", file.SuggestedFilename, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Own_area_is_drawn_by_keys_alone_counted_and_taken_away()
    {
        await using RealServer server = await TownAsync();
        IPage page = await browsers.OpenAsync(server.Address, "?lon=138.45&lat=34.75&zoom=14");
        ILocator panel = await OpenAsync(page);
        await panel.GetByRole(AriaRole.Button, new() { Name = "範囲を描く" }).ClickAsync();
        ILocator middle = panel.GetByRole(AriaRole.Button, new() { Name = "地図の中心に打つ" });
        ILocator canvas = page.Locator(".maplibregl-canvas");
        foreach (string[] way in new[] { ["ArrowUp", "ArrowLeft"], ["ArrowDown", "ArrowDown"], new[] { "ArrowRight", "ArrowRight" } })
        {
            foreach (string key in way)
            {
                await canvas.FocusAsync();
                await page.Keyboard.PressAsync(key);
                await MapTests.DrawnAsync(page);
            }

            await middle.PressAsync("Enter");
        }

        await panel.GetByRole(AriaRole.Button, new() { Name = "終える" }).PressAsync("Enter");
        await Expect(panel.GetByText("範囲1").First).ToBeVisibleAsync();
        await Expect(panel.GetByTestId("sentence")).ToContainTextAsync("人");
        await panel.GetByRole(AriaRole.Button, new() { Name = "範囲1を消す" }).ClickAsync();
        await Expect(panel.GetByRole(AriaRole.Status).First).ToContainTextAsync("災害の区域を選ぶか、範囲を描いてください");
    }

    [Fact]
    public async Task Without_residents_it_says_how_to_bring_them_in()
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await browsers.OpenAsync(server.Address, "?lon=138.45&lat=34.75&zoom=14");
        ILocator panel = await OpenAsync(page);
        await Expect(panel).ToContainTextAsync("./field residents import");
        await Accessibility.CheckAsync(page);
    }

    private static async Task<ILocator> OpenAsync(IPage page)
    {
        await page.Keyboard.PressAsync("h");
        ILocator panel = page.Locator(".impact-panel");
        await Expect(panel).ToBeVisibleAsync();
        return panel;
    }

    private static async Task<RealServer> TownAsync()
    {
        RealServer server = await RealServer.StartAsync();
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await ImportAsync("flood", "flood", "青葉川 想定最大規模", Band("A31a_205", "1", 138.440, 138.450), Band("A31a_205", "3", 138.450, 138.455));
        await ImportAsync("districts", "boundary", "町内会の区域", Band("name", "西町", 138.435, 138.447), Band("name", "東町", 138.447, 138.465));
        StringBuilder csv = new("household,lon,lat,people,age65,needsSupport,synthetic\n");
        for (int n = 0; n < Households; n++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{n + 1},{138.44005 + (n * 0.0001):0.00000},34.75,3,1,{n % 10 / 9},1\n");
        }

        string file = Path.Combine(server.DataDirectory, "residents.csv");
        await File.WriteAllTextAsync(file, csv.ToString(), cancel);
        Assert.NotNull((await server.Services.GetRequiredService<ResidentDesk>().ImportAsync(new ResidentImportOptions { Points = file, Crs = 6668, Encoding = "UTF-8" }, "user:test", cancel)).Register);
        return server;

        async Task ImportAsync(string id, string kind, string title, params string[] features)
        {
            string path = Path.Combine(server.DataDirectory, $"{id}.geojson");
            await File.WriteAllTextAsync(path, $$"""{"type":"FeatureCollection","features":[{{string.Join(',', features)}}]}""", cancel);
            LayerImportResult result = await server.Services.GetRequiredService<LayerDesk>().ImportAsync(new LayerImportOptions { Path = path, Id = id, Title = title, Kind = kind, LabelField = kind == "boundary" ? "name" : null }, "user:test", null, cancel);
            Assert.True(result.Layer is not null, string.Join("; ", result.Faults.Select(f => f.En)));
        }
    }

    private static string Band(string field, string value, double west, double east) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"type":"Feature","properties":{"{{{field}}}":"{{{value}}}"},"geometry":{"type":"Polygon","coordinates":[[[{{{west}}},34.74],[{{{east}}},34.74],[{{{east}}},34.76],[{{{west}}},34.76],[{{{west}}},34.74]]]}}""");
}
