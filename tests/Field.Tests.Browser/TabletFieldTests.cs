using System.Text.Json;
using Field.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>The journey of a field engineer who is signed in: out of the office, without a signal, and back.</summary>
public sealed class TabletFieldTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const string Password = "hashi no shita ni 7 wa";

    [Theory]
    [InlineData(1024, 768)]
    [InlineData(1440, 900)]
    public async Task Engineer_signs_in_reports_without_a_line_and_it_is_stored_under_their_name_when_back(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        string first = await server.Administration.AddAsync("sato", "佐藤 次郎", ["field"], null, TestContext.Current.CancellationToken);
        await using LinkProxy line = new() { TargetPort = server.Address.Port };
        IPage page = await browsers.OpenAsync(new Uri($"http://127.0.0.1:{line.Uri.Port}"), "?view=tablet", ready: false, widthPx, heightPx);
        await page.Context.GrantPermissionsAsync(["geolocation"]);
        await page.Context.SetGeolocationAsync(new Geolocation { Longitude = 138.45f, Latitude = 34.75f, Accuracy = 8 });
        await SignInAsync(page, first);
        await Expect(page.Locator(".place-now")).ToContainTextAsync("現在地（誤差 約8 m）");
        await page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => undefined)");
        await TabAsync(page, "送信箱");
        await Expect(page.Locator(".page-foot")).ToContainTextAsync("tablet-"); // it has its id
        await TabAsync(page, "報告");
        await Expect(page.Locator(".linkbar")).ToContainTextAsync("オンライン");
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "tablet-field-report");

        line.IsUp = false;
        line.Cut();
        await page.ReloadAsync(); // the tablet was off: it opens for who was here last
        await Expect(page.Locator(".linkbar")).ToContainTextAsync("オフライン");
        await Expect(page.Locator(".topbar")).ToContainTextAsync("佐藤 次郎");
        await page.GetByRole(AriaRole.Button, new() { Name = "土砂崩れ", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "危険・至急", Exact = true }).ClickAsync();
        await page.GetByLabel("メモ", new() { Exact = true }).FillAsync("県道の上の斜面が崩れています");
        await page.GetByRole(AriaRole.Button, new() { Name = "送る", Exact = true }).ClickAsync();
        await Expect(page.Locator(".linkbar")).ToContainTextAsync("オフライン — 1件を保存しています");
        await TabAsync(page, "送信箱");
        await Expect(page.Locator(".outbox-list > li[data-state=waiting]")).ToContainTextAsync("待機");
        await Accessibility.CheckAsync(page);
        await Expect(page.Locator(".tablet-said")).ToHaveAttributeAsync("data-said", "false");
        await Golden.CompareAsync(page, "tablet-field-offline", page.Locator(".page-foot"), page.Locator(".outbox-text small"));

        line.IsUp = true;
        await page.GetByRole(AriaRole.Button, new() { Name = "いま送る", Exact = true }).ClickAsync();
        await Expect(page.Locator(".outbox-list > li[data-state=stored]")).ToContainTextAsync("保存済み");
        await Expect(page.Locator(".linkbar")).ToContainTextAsync("オンライン — 送り残しはありません");
        await Golden.CompareAsync(page, "tablet-field-stored", page.Locator(".page-foot"), page.Locator(".outbox-text small"));
        JsonElement report = Assert.Single(await ReportsAsync(page));
        Assert.Equal(("佐藤 次郎", "県道の上の斜面が崩れています"), (report.GetProperty("who").GetString(), report.GetProperty("note").GetString()));

        await SignOutAsync(page);
        line.IsUp = false;
        line.Cut();
        await page.ReloadAsync();
        await Expect(page.Locator("#root")).ToContainTextAsync("サーバー"); // no answer, and nobody to open for
        await Expect(page.GetByText("佐藤 次郎")).ToHaveCountAsync(0);
    }

    /// <summary>What was said in reports, as the server has it.</summary>
    internal static async Task<JsonElement[]> ReportsAsync(IPage page)
    {
        JsonElement events = await page.EvaluateAsync<JsonElement>("() => fetch('/api/v1/features/events').then(r => r.json())");
        return [.. events.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties")).Where(p => p.GetProperty("kind").GetString() == "report").Select(p => p.GetProperty("details"))];
    }

    internal static Task TabAsync(IPage page, string name) => page.Locator(".bottom-nav").GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();

    private static async Task SignInAsync(IPage page, string first)
    {
        await page.GetByLabel("アカウント名").FillAsync("sato");
        await page.Locator("input[type=password]").FillAsync(first);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("input[autocomplete=new-password]").FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "送る", Exact = true })).ToBeVisibleAsync();
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.Locator(".topbar .person").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "サインアウト", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "サインイン" })).ToBeVisibleAsync();
    }
}
