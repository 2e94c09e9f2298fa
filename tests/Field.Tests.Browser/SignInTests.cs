using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>People sign in at the real server with the built page.</summary>
public sealed partial class SignInTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const string Password = "hashi no shita ni 7 wa";

    [Fact]
    public async Task Person_signs_in_chooses_a_password_works_under_their_name_and_signs_out()
    {
        await using RealServer server = await RealServer.StartAsync();
        string first = await server.Administration.AddAsync("yamada", "山田 太郎", ["hq"], null, TestContext.Current.CancellationToken);
        IPage page = await browsers.OpenAsync(server.Address, ready: false);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "サインイン" })).ToBeVisibleAsync();
        await SignInAsync(page, "yamada", "not the password");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("名前かパスワードが違います");

        await SignInAsync(page, "yamada", first);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "山田 太郎 さん、はじめまして" })).ToBeVisibleAsync();
        ILocator wanted = page.Locator("input[autocomplete=new-password]");
        await wanted.FillAsync("short");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("12 文字以上");
        await wanted.FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await ReadyAsync(page);
        await Expect(page.Locator(".topbar .person")).ToContainTextAsync("山田 太郎");
        await Expect(page.Locator(".topbar .person")).ToContainTextAsync("災害対策本部");
        await Expect(page.Locator(".topbar .link[data-link=live]")).ToBeVisibleAsync(); // MQTT over WebSocket knows them too

        await page.ReloadAsync();
        await ReadyAsync(page);
        await page.Locator(".topbar .person").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "サインアウト", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "サインイン" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_the_role_may_not_do_is_not_offered_and_locking_shows_the_door_at_once()
    {
        await using RealServer server = await RealServer.StartAsync();
        string first = await server.Administration.AddAsync("zeimu", "税務 花子", ["tax"], null, TestContext.Current.CancellationToken);
        IPage page = await browsers.OpenAsync(server.Address, "?lang=en&review=", ready: false);
        await page.GetByLabel("Account name").FillAsync("zeimu");
        await page.Locator("input[type=password]").FillAsync(first);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("input[autocomplete=new-password]").FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await ReadyAsync(page);
        await Expect(page.Locator(".review-button")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("v");
        await Expect(page.Locator(".review")).ToHaveCountAsync(0);

        await server.Administration.LockAsync("zeimu", "test", TestContext.Current.CancellationToken);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync(); // its line is cut, and it asks who it is
    }

    [Fact]
    public async Task Too_many_failures_say_until_when()
    {
        await using RealServer server = await RealServer.StartAsync();
        await server.Administration.AddAsync("yamada", "山田 太郎", ["hq"], null, TestContext.Current.CancellationToken);
        IPage page = await browsers.OpenAsync(server.Address, ready: false);
        ILocator alert = page.Locator("[role=alert]"); // empty and not shown at first
        for (int attempt = 0; attempt < 9 && !Silenced().IsMatch(await alert.TextContentAsync() ?? ""); attempt++)
        {
            Task<IResponse> answered = page.WaitForResponseAsync(r => r.Request.Method == "POST");
            await SignInAsync(page, "yamada", $"guess {attempt}");
            await answered;
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "サインイン" })).ToBeVisibleAsync();
        }

        await Expect(alert).ToHaveTextAsync(Silenced());
    }

    [Theory]
    [InlineData("", 1440)]
    [InlineData("?lang=en&theme=dark", 1024)]
    public async Task Sign_in_page_has_no_serious_accessibility_findings(string query, int widthPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        await server.Administration.AddAsync("yamada", "山田 太郎", ["hq"], null, TestContext.Current.CancellationToken);
        IPage page = await browsers.OpenAsync(server.Address, query, ready: false, widthPx: widthPx);
        await Expect(page.Locator(".access-card")).ToBeVisibleAsync();
        await SignInAsync(page, "yamada", "not the password");
        await Expect(page.GetByRole(AriaRole.Alert).Locator(".problem")).ToBeVisibleAsync();
        await Accessibility.CheckAsync(page);
        int smallest = await page.EvaluateAsync<int>("() => Math.min(...[...document.querySelectorAll('button, input')].filter(e => e.checkVisibility()).map(e => Math.min(e.offsetHeight, e.offsetWidth)))");
        Assert.True(smallest >= 44, $"a target of {smallest} px");
    }

    private static async Task SignInAsync(IPage page, string name, string password)
    {
        await page.Locator("input[autocomplete=username]").FillAsync(name);
        await page.Locator("input[autocomplete=current-password]").FillAsync(password);
        await page.Keyboard.PressAsync("Enter");
    }

    private static async Task ReadyAsync(IPage page) => await page.WaitForFunctionAsync("() => window.__field?.ready === true", null, new PageWaitForFunctionOptions { Timeout = 90_000 });

    [GeneratedRegex("失敗が続いたため、[0-9]{2}:[0-9]{2}:[0-9]{2} まで受け付けません|もう一度お試しください")]
    private static partial Regex Silenced();
}
