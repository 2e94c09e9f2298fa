using Field.Store;
using Microsoft.Playwright;
using NetTopologySuite.Geometries;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>Two who plan flights share the areas that no route may enter, and see how high they fly over what; the ledger is synthetic.</summary>
public sealed class NoFlyTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const double Lon = 138.4493;
    private const double Lat = 34.7503;

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Area_is_drawn_named_seen_by_all_avoided_by_all_changed_and_taken_back(int widthPx, int heightPx)
    {
        await using RealServer server = await StartAsync();
        IPage page = await PlanAsync(server, "操縦 一郎", widthPx, heightPx);
        IPage other = await PlanAsync(server, "操縦 二郎");
        ILocator areas = page.Locator(".no-fly");
        await Expect(areas).ToContainTextAsync("まだ登録がありません");

        await areas.GetByRole(AriaRole.Button, new() { Name = "地図に描く" }).ClickAsync();
        (float x, float y) = await MiddleAsync(page);
        foreach ((float dx, float dy) in new[] { (-50f, -50f), (50f, -50f), (50f, 50f), (-50f, 50f), (-50f, -50f) })
        {
            await page.Mouse.ClickAsync(x + dx, y + dy);
        }

        await areas.GetByLabel("名前（必須）").FillAsync("青葉小学校");
        await areas.GetByLabel("理由・条件").FillAsync("登下校の時間は飛ばない");
        await areas.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();

        await Expect(page.Locator(".route-refused [data-code=no-fly]").First).ToContainTextAsync("飛行禁止区域「青葉小学校」に入ります");
        await Expect(other.Locator(".no-fly-list li")).ToContainTextAsync("青葉小学校登下校の時間は飛ばない操縦 一郎"); // the other one's route is planned again, too
        await Expect(other.Locator(".route-refused [data-code=no-fly]").First).ToContainTextAsync("青葉小学校");
        await Accessibility.CheckAsync(page);
        await areas.ScrollIntoViewIfNeededAsync();
        await page.Mouse.MoveAsync(5, 5);
        await MapTests.DrawnAsync(page);
        await Golden.CompareAsync(page, "route-no-fly", page.Locator(".no-fly-list small"));

        await other.GetByRole(AriaRole.Button, new() { Name = "「青葉小学校」を直す" }).ClickAsync();
        await Expect(other.Locator(".vertex")).ToHaveCountAsync(4);
        await other.GetByLabel("名前（必須）").FillAsync("青葉小・中学校");
        await other.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        await Expect(page.Locator(".no-fly-list li")).ToContainTextAsync("青葉小・中学校登下校の時間は飛ばない操縦 二郎");

        await other.GetByRole(AriaRole.Button, new() { Name = "「青葉小・中学校」を直す" }).ClickAsync();
        await other.Locator(".no-fly").GetByRole(AriaRole.Button, new() { Name = "消す", Exact = true }).ClickAsync();
        await Expect(page.Locator(".no-fly-list li")).ToHaveCountAsync(0);
        await Expect(page.Locator(".route-flights")).ToHaveCountAsync(1);
        await other.GetByRole(AriaRole.Button, new() { Name = "元に戻す" }).ClickAsync();
        await Expect(page.Locator(".no-fly-list li")).ToHaveCountAsync(1);
        await Expect(page.Locator(".route-flights")).ToHaveCountAsync(0);
        Assert.Equal(4, server.Audit().Count(l => l.Contains("no-fly:", StringComparison.Ordinal) && l.Contains("\"done\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Permit_that_is_written_to_an_area_lets_every_plan_through_and_is_told_with_it(int widthPx, int heightPx)
    {
        await using RealServer server = await StartAsync();
        Polygon around = (Polygon)GeometryFactory.Default.ToGeometry(new Envelope(Lon - 0.0005, Lon + 0.0005, Lat - 0.001, Lat + 0.002));
        Feature school = new(FieldTables.Board, "no-fly:0190aaaa-school", around, new Dictionary<string, object?> { ["kind"] = "no-fly", ["title"] = "青葉小学校", ["changedBy"] = "操縦 二郎", ["changedAt"] = DateTimeOffset.UnixEpoch, ["changeCount"] = 1L });
        await server.Find<FieldStores>().Features.WriteAsync([new FeatureWrite(school)], TestContext.Current.CancellationToken);
        IPage page = await browsers.OpenAsync(server.Address, "?select=levee:L1", widthPx: widthPx, heightPx: heightPx, person: "操縦 一郎");
        await page.GetByRole(AriaRole.Button, new() { Name = "飛行経路を作る" }).ClickAsync();
        await Expect(page.Locator(".route-refused [data-code=no-fly]").First).ToContainTextAsync("青葉小学校");

        ILocator areas = page.Locator(".no-fly");
        await areas.GetByRole(AriaRole.Button, new() { Name = "「青葉小学校」を直す" }).ClickAsync();
        await areas.GetByText("飛行の許可・承認").ClickAsync();
        await areas.GetByLabel("許可・承認番号").FillAsync("東空運航第123号");
        await areas.GetByLabel("許可を受けた人・団体").FillAsync("青葉市 河川課");
        ILocator save = areas.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true });
        await save.ClickAsync();
        await Expect(areas.GetByRole(AriaRole.Alert)).ToContainTextAsync("許可の期限を"); // half a permit is none
        await Accessibility.CheckAsync(page);
        await areas.GetByLabel("許可の期限").FillAsync("2999-03-31");
        await save.ClickAsync();
        await Expect(areas.Locator(".no-fly-list li")).ToContainTextAsync("許可・承認番号 東空運航第123号（青葉市 河川課、2999-03-31 まで）により飛行できます");
        await Expect(page.Locator(".route-warnings [data-code=no-fly-permit]")).ToContainTextAsync("飛行禁止区域「青葉小学校」を、許可・承認番号 東空運航第123号");
        await Expect(page.Locator(".route-flights")).ToHaveCountAsync(1);

        await areas.GetByRole(AriaRole.Button, new() { Name = "「青葉小学校」を直す" }).ClickAsync();
        await areas.GetByLabel("許可の期限").FillAsync("2020-03-31");
        await save.ClickAsync();
        await Expect(areas.Locator(".no-fly-list li")).ToContainTextAsync("2020-03-31 で期限切れです");
        await Expect(page.Locator(".route-refused [data-code=no-fly]").First).ToContainTextAsync("青葉小学校");
        await Accessibility.CheckAsync(page);
        await areas.GetByRole(AriaRole.Button, new() { Name = "元に戻す" }).ClickAsync();
        await Expect(page.Locator(".route-warnings [data-code=no-fly-permit]")).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData(1440, 900, "light")]
    [InlineData(1024, 768, "dark")]
    public async Task Heights_along_the_route_stand_over_the_ground_as_far_as_it_is_known(int widthPx, int heightPx, string theme)
    {
        await using RealServer server = await StartAsync();
        IPage page = await PlanAsync(server, "操縦 一郎", widthPx, heightPx, $"&theme={theme}");
        ILocator profile = page.Locator(".route-profile");
        await Expect(profile.Locator(".note")).ToContainTextAsync("地面・水面から 50 m");
        await Expect(profile.Locator(".note")).ToContainTextAsync("地面の高さは分かりません");
        await Expect(profile.Locator("svg")).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("地面の高さは分かりません"));

        // 741 m of levee that rise by 6 m: the ground under the last waypoint of the first track lies 6 m higher than under its first.
        await page.GetByLabel("CSV を読み込む").SetInputFilesAsync(new FilePayload { Name = "縦断.csv", MimeType = "text/csv", Buffer = "距離,標高\n0,2\n741,8\n"u8.ToArray() });
        await Expect(profile.Locator(".note")).ToContainTextAsync("地面は読み込んだ縦断によります");
        await Expect(profile.Locator(".note")).ToContainTextAsync("上限 150 m を超える所はありません");
        await profile.GetByText("数値の表").ClickAsync();
        IReadOnlyList<string> grounds = await profile.Locator("tbody td:nth-child(2)").AllInnerTextsAsync();
        double[] metres = [.. grounds.Select(g => double.Parse(g.Replace(" m", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(6, metres.Max() - metres.Min(), 0.2);
        Assert.All(await profile.Locator("tbody td:nth-child(4)").AllInnerTextsAsync(), a => Assert.Equal("50.0 m", a));
        await profile.GetByText("数値の表").ClickAsync();

        await Accessibility.CheckAsync(page);
        await profile.ScrollIntoViewIfNeededAsync();
        await page.Mouse.MoveAsync(5, 5);
        await MapTests.DrawnAsync(page);
        await Golden.CompareAsync(page, "route-profile");

        await page.Locator(".route-field", new() { HasText = "対地高度" }).First.Locator("input").FillAsync("160");
        await Expect(profile.Locator(".note")).ToContainTextAsync("上限 150 m を超える所があります");
    }

    private static async Task<(float X, float Y)> MiddleAsync(IPage page)
    {
        LocatorBoundingBoxResult map = (await page.Locator(".maplibregl-canvas").BoundingBoxAsync())!;
        LocatorBoundingBoxResult drawer = (await page.Locator(".drawer").BoundingBoxAsync())!;
        LocatorBoundingBoxResult? list = await page.Locator(".panel:not(.drawer)").CountAsync() > 0 ? await page.Locator(".panel:not(.drawer)").First.BoundingBoxAsync() : null;
        float left = list is { Width: > 0 } ? list.X + list.Width : map.X;
        return ((left + drawer.X) / 2, map.Y + (map.Height / 2));
    }

    private static async Task<RealServer> StartAsync()
    {
        RealServer server = await RealServer.StartAsync();
        LineString line = GeometryFactory.Default.CreateLineString([new(Lon - 0.004, Lat), new(Lon + 0.004, Lat + 0.001)]);
        Feature levee = new(FieldTables.Assets, "levee:L1", line, new Dictionary<string, object?>
        {
            ["kind"] = "levee",
            ["name"] = "青葉川堤防",
            ["ledgerId"] = "L1",
            ["river"] = "青葉川",
            ["bank"] = "left",
            ["startKm"] = 3.0,
            ["endKm"] = 3.7,
        });
        await server.Find<FieldStores>().Features.WriteAsync([new FeatureWrite(levee)], TestContext.Current.CancellationToken);
        return server;
    }

    private async Task<IPage> PlanAsync(RealServer server, string person, int widthPx = 1440, int heightPx = 900, string more = "")
    {
        IPage page = await browsers.OpenAsync(server.Address, $"?select=levee:L1{more}", widthPx: widthPx, heightPx: heightPx, person: person);
        await page.GetByRole(AriaRole.Button, new() { Name = "飛行経路を作る" }).ClickAsync();
        await Expect(page.Locator(".route-status")).ToContainTextAsync("バッテリー");
        return page;
    }
}
