using System.Text.RegularExpressions;
using Field.MapApp.Access;
using Field.Store.Accounts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>An administrator's screen of people and tokens, on the real server. Everybody in it is made up.</summary>
public sealed class AccountsTests(Browsers browsers) : IClassFixture<Browsers>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes a field engineer, who chooses a password; takes a role away, which counts at once; and stays administrator.</summary>
    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Administrator_makes_a_field_engineer_takes_a_role_away_and_stays_administrator(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        foreach ((string name, string displayName, string role) in new[] { ("bosai", "防災課 田中", "hq"), ("suido", "水道課 鈴木", "water") })
        {
            await server.Administration.AddAsync(name, displayName, [role], null, Cancel);
        }

        await server.Administration.LockAsync("suido", "異動", Cancel);
        IPage page = await Persons.OpenAsync(browsers, server, ("kanri", "情報課 高橋", "admin"), "", widthPx, heightPx);
        await server.Administration.ChangeAsync("kanri", null, ["hq", "admin"], Cancel); // ends the sign-in
        await SignInAsync(page, "kanri", Persons.Password);
        await page.Locator(".topbar .person").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "利用者・トークンの管理" }).ClickAsync();
        ILocator rows = page.Locator(".account-row");
        await Expect(rows).ToHaveCountAsync(3);
        await Expect(page.Locator(".account-row[aria-pressed]").Filter(new() { HasText = "水道課 鈴木" })).ToContainTextAsync("停止中");
        await Accessibility.CheckAsync(page);
        await CheckTargetsAsync(page);
        await Golden.CompareAsync(page, "accounts", page.Locator(".account-state"), page.Locator(".account-seen"));

        string first = await MakeAsync(page);
        IPage field = await browsers.OpenAsync(server.Address, "?view=map", ready: false, widthPx, heightPx);
        await SignInAsync(field, "sato", first, ready: false);
        await Expect(field.GetByRole(AriaRole.Heading, new() { Name = "道路課 佐藤 さん、はじめまして" })).ToBeVisibleAsync();
        await field.Locator("input[autocomplete=new-password]").FillAsync(Persons.Password);
        await field.Keyboard.PressAsync("Enter");
        await ReadyAsync(field);
        await Expect(field.Locator(".topbar .person")).ToContainTextAsync("現場・ドローン");

        await Expect(rows).ToHaveCountAsync(4);
        await page.GetByLabel("名前・アカウント・役割で探す").FillAsync("ドローン");
        await Expect(rows).ToHaveCountAsync(1);
        await rows.ClickAsync();
        ILocator side = page.Locator(".desk-side");
        await side.GetByLabel("ドローン").UncheckAsync();
        await Expect(side).ToContainTextAsync("サインインはすべて終わり");
        await side.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Expect(side.GetByRole(AriaRole.Status)).ToHaveTextAsync("保存しました");
        await Expect(field.GetByRole(AriaRole.Heading, new() { Name = "サインイン" })).ToBeVisibleAsync(); // at once
        await SignInAsync(field, "sato", Persons.Password);
        await Expect(field.Locator(".topbar .person small")).ToHaveTextAsync("現場");

        await page.GetByLabel("名前・アカウント・役割で探す").FillAsync("");
        await rows.Filter(new() { HasText = "情報課 高橋" }).ClickAsync();
        await Expect(side).ToContainTextAsync("ただ一人の管理者です");
        await Expect(side.GetByLabel("税務")).ToBeDisabledAsync(); // nobody raises themselves
        await side.GetByLabel("管理者").UncheckAsync();
        await side.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Expect(side.GetByRole(AriaRole.Alert)).ToContainTextAsync("先に別の人を管理者にし");
        await Accessibility.CheckAsync(page);
        await CheckTargetsAsync(page);
        await Golden.CompareAsync(page, "accounts-last", page.Locator(".account-state"), page.Locator(".account-seen"), side.Locator(".account-facts dd"));

        await page.GetByRole(AriaRole.Tab, new() { Name = "変更の記録" }).ClickAsync();
        ILocator changes = page.Locator(".changes-table tbody tr");
        await Expect(changes.Filter(new() { HasText = "拒否" }).First).ToContainTextAsync("役割・氏名を変更");
        await Expect(changes.Filter(new() { HasText = "拒否" }).First).ToContainTextAsync("情報課 高橋ほかにサインインできる管理者がいなかった"); // on whom, and why
        await Expect(changes.Filter(new() { HasText = "現場 ドローン → 現場" })).ToContainTextAsync("情報課 高橋");
        await Expect(page.Locator(".changes-table")).Not.ToContainTextAsync(first);
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "accounts-changes", changes.Locator("td:first-child"), changes.Locator("th"));
    }

    [Fact]
    public async Task Account_is_locked_given_a_password_and_removed_and_a_change_of_somebody_else_is_told()
    {
        await using RealServer server = await RealServer.StartAsync();
        await server.Administration.AddAsync("bosai", "防災課 田中", ["hq"], null, Cancel);
        IPage page = await Persons.OpenAsync(browsers, server, ("kanri", "情報課 高橋", "admin"), "?lang=en&theme=dark", 1024, 768);
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("password reset");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".account-row").Filter(new() { HasText = "防災課 田中" }).ClickAsync();
        ILocator side = page.Locator(".desk-side");
        await side.GetByRole(AriaRole.Button, new() { Name = "Lock", Exact = true }).ClickAsync();
        await side.GetByLabel("Reason").FillAsync("left");
        await page.Keyboard.PressAsync("Enter");
        await Expect(side).ToContainTextAsync("Locked (since");
        await side.GetByRole(AriaRole.Button, new() { Name = "Unlock" }).ClickAsync();
        await side.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Unlock" }).ClickAsync();
        await Expect(side).ToContainTextAsync("Still the first password");

        await side.GetByRole(AriaRole.Button, new() { Name = "Issue a new password" }).ClickAsync();
        await side.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Issue a new password" }).ClickAsync();
        await Expect(page.Locator(".once-text")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape"); // what is shown once is not closed by a slip
        await Expect(page.Locator(".once-text")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "I have it: close" }).ClickAsync();

        await page.Locator(".account-row").Filter(new() { HasText = "防災課 田中" }).ClickAsync();
        await side.GetByLabel("Tax").CheckAsync();
        await server.Administration.ChangeAsync("bosai", null, ["water"], Cancel);
        await side.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(side.GetByRole(AriaRole.Alert).First).ToContainTextAsync("another administrator changed it meanwhile");
        await side.GetByRole(AriaRole.Button, new() { Name = "Show it as it is now" }).ClickAsync();
        await Expect(side.GetByLabel("Waterworks")).ToBeCheckedAsync();
        await Expect(side.GetByLabel("Tax")).Not.ToBeCheckedAsync();
        await side.GetByRole(AriaRole.Button, new() { Name = "Remove the account" }).ClickAsync();
        await side.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Remove the account" }).ClickAsync();
        await Expect(page.Locator(".account-row")).ToHaveCountAsync(1);
        await Expect(side).ToHaveCountAsync(0);
        await Accessibility.CheckAsync(page);
    }

    [Fact]
    public async Task Token_is_issued_after_the_password_shown_once_and_revoked()
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await Persons.OpenAsync(browsers, server, ("kanri", "情報課 高橋", "admin"), "", 1440, 900);
        await LongAgoAsync(server);
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("りようしゃ");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Tab, new() { Name = "機械のトークン" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("トークンはありません");
        await page.GetByRole(AriaRole.Button, new() { Name = "新しいトークン" }).ClickAsync();
        ILocator side = page.Locator(".desk-side");
        await side.GetByLabel("使う機械・システム").FillAsync("予約システム");
        await side.GetByLabel("施設・鍵").CheckAsync();
        await Accessibility.CheckAsync(page);
        await side.GetByRole(AriaRole.Button, new() { Name = "発行して表示" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "本人確認" })).ToBeVisibleAsync();
        await page.Locator(".form-dialog input[autocomplete=current-password]").FillAsync(Persons.Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".once-text")).ToHaveTextAsync(new Regex("^[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+$"));
        await Accessibility.CheckAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "控えたので閉じる" }).ClickAsync();
        ILocator row = page.Locator(".desk-table tbody tr");
        await Expect(row).ToContainTextAsync("予約システム");
        await Golden.CompareAsync(page, "accounts-tokens", row.Locator("small"), row.Locator("td:nth-child(3)"));
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "取り消す" }).ClickAsync();
        await Expect(row).ToContainTextAsync("取り消し（");

        await page.RouteAsync("**/api/v1/accounts", r => r.AbortAsync());
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("りようしゃ");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("読み込めませんでした");
        await page.UnrouteAsync("**/api/v1/accounts");
        await page.Locator(".state .button").ClickAsync();
        await Expect(page.Locator(".account-row")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Who_is_no_administrator_is_offered_nothing_of_it()
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await Persons.OpenAsync(browsers, server, ("bosai", "防災課 田中", "hq"), "", 1024, 768);
        await page.Locator(".topbar .person").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "パスワードを変える" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "利用者・トークンの管理" })).ToHaveCountAsync(0);
    }

    /// <summary>A finger finds every button, field and line to tick.</summary>
    private static async Task CheckTargetsAsync(IPage page)
    {
        string[] small = await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.desk-screen :is(button:not(.text-button), input:not([type=checkbox]), label.check)')].filter(e => e.checkVisibility() && Math.min(e.offsetHeight, e.offsetWidth) < 44).map(e => e.outerHTML)");
        Assert.Empty(small);
    }

    /// <summary>By the form; the first password is read where the administrator reads it.</summary>
    private static async Task<string> MakeAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "新しい利用者" }).ClickAsync();
        ILocator side = page.Locator(".desk-side");
        await side.GetByLabel("氏名").FillAsync("防災課 田中");
        await side.GetByLabel("アカウント名").FillAsync("sato");
        await side.GetByLabel("現場").CheckAsync();
        await side.GetByLabel("ドローン").CheckAsync();
        ILocator make = side.GetByRole(AriaRole.Button, new() { Name = "作成して最初のパスワードを表示" });
        await make.ClickAsync();
        await Expect(side.GetByRole(AriaRole.Alert)).ToContainTextAsync("同じアカウント名か氏名の人がいます");
        await side.GetByLabel("氏名").FillAsync("道路課 佐藤");
        await make.ClickAsync();
        ILocator once = page.Locator(".once-text");
        await Expect(once).ToHaveTextAsync(new Regex("^[0-9A-Z-]{23}$"));
        await Expect(page.Locator(".once")).ToContainTextAsync("表示するのは今だけです");
        await Accessibility.CheckAsync(page);
        await CheckTargetsAsync(page);
        await Golden.CompareAsync(page, "accounts-once", once, page.Locator(".once p").Last);
        string first = await once.InnerTextAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "控えたので閉じる" }).ClickAsync();
        await Expect(once).ToHaveCountAsync(0);
        return first;
    }

    /// <summary>The password was last given too long ago for what cannot be undone.</summary>
    private static async Task LongAgoAsync(RealServer server)
    {
        AccountStore store = server.Find<AccountStore>();
        foreach (string id in (await store.ReadAsync(Cancel)).Sessions.Keys)
        {
            await store.ProveSessionAsync(id, TimeProvider.System.GetUtcNow() - SessionLimits.Proof, Cancel);
        }
    }

    private static async Task SignInAsync(IPage page, string name, string password, bool ready = true)
    {
        await page.Locator("input[autocomplete=username]").FillAsync(name);
        await page.Locator("input[autocomplete=current-password]").FillAsync(password);
        await page.Keyboard.PressAsync("Enter");
        if (ready)
        {
            await ReadyAsync(page);
        }
    }

    private static async Task ReadyAsync(IPage page) => await page.WaitForFunctionAsync("() => window.__field?.ready === true", null, new PageWaitForFunctionOptions { Timeout = 90_000 });
}
