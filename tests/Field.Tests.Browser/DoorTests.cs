using Field.Contracts.Locks;
using Field.MapApp.Access;
using Field.Store.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>The doors of all facilities on the map, and one that is opened from afar; on the real server, with a lock that answers over MQTT.</summary>
public sealed class DoorTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const string Password = "hashi no shita ni 7 wa";

    private static readonly string Around = FormattableString.Invariant($"?lon={DoorScene.Lon}&lat={DoorScene.Lat}&zoom=15.4");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Door_is_found_on_the_map_opened_by_who_proves_to_be_there_and_the_log_says_who_and_why(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        await DoorScene.StoreAsync(server);
        IPage page = await SignedInAsync(server, "kagi", "鍵 花子", "locks", Around, widthPx, heightPx);
        await using DoorLock entrance = await DoorLock.ConnectAsync(server.Mqtt, "lock-02");

        await LegendAsync(page, widthPx);
        ILocator detail = await ClickedAsync(page);
        await Expect(detail).ToContainTextAsync("東山体育館");
        await Expect(detail.Locator(".door-row")).ToContainTextAsync("開けたまま");
        await Expect(detail).ToContainTextAsync("あと 48 日");
        await Expect(detail).ToContainTextAsync("町内会 防災部");
        await Expect(detail.Locator(".door-log li").First).ToContainTextAsync("開けたまま");
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "door", Times(page));

        await detail.GetByRole(AriaRole.Button, new() { Name = "警報を確認済みにする" }).ClickAsync();
        await Expect(detail.Locator(".door-acknowledged")).ToContainTextAsync("鍵 花子 が確認");
        await entrance.TellAsync(new LockEvent(LockEventKinds.DoorClosed).ToEvent(), Cancel);
        await entrance.TellAsync(new LockEvent(LockEventKinds.Locked) { By = "auto" }.ToEvent(), Cancel);
        await Expect(detail.Locator(".door-row .door-state")).ToContainTextAsync("施錠"); // live, without asking

        await OpenedAsync(server, page, detail);
        await WalkedAsync(page, detail);
        if (widthPx == 1440)
        {
            await NamelessAsync(server);
        }
    }

    /// <summary>How many doors stand how, in the panel; and the layer goes and comes.</summary>
    private static async Task LegendAsync(IPage page, int widthPx)
    {
        ILocator panel = page.Locator(".layers-panel");
        if (widthPx < 1200)
        {
            await page.Keyboard.PressAsync("l");
        }

        ILocator layer = panel.Locator(".layer").Filter(new() { HasText = "こじ開け" });
        await layer.ScrollIntoViewIfNeededAsync();
        await Expect(layer.Locator(".toggle-count")).ToHaveTextAsync("5");
        foreach ((string state, int count) in ((string, int)[])[("こじ開け", 1), ("開けたまま", 1), ("通信断", 1), ("施錠", 1), ("電池残量低下", 1), ("キーボックス", 1), ("解錠", 0)])
        {
            await Expect(layer.Locator(".key").Filter(new() { HasTextRegex = new($"^{state}[0-9]") })).ToContainTextAsync($"{count}");
        }

        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "doors");
        ILocator toggle = layer.GetByRole(AriaRole.Checkbox);
        await toggle.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(toggle).Not.ToBeCheckedAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(toggle).ToBeCheckedAsync();
        await page.Keyboard.PressAsync("l");
        await Expect(panel).ToHaveCountAsync(0);
    }

    /// <summary>The middle one of the gym's doors stands in the middle of the map.</summary>
    private static async Task<ILocator> ClickedAsync(IPage page)
    {
        ILocator detail = page.Locator(".door-detail");
        LocatorBoundingBoxResult box = (await page.Locator(".map-holder canvas").First.BoundingBoxAsync())!;
        await Wait(() => page.Mouse.ClickAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2)), page.Locator("aside.drawer")); // the drawing is done in software
        return detail;
    }

    /// <summary>Does it until something is there.</summary>
    private static async Task Wait(Func<Task> attempt, ILocator there)
    {
        for (int left = 20; left > 0 && !await there.IsVisibleAsync(); left--)
        {
            await attempt();
            await Task.WhenAny(there.WaitForAsync(new() { Timeout = 3_000 }));
        }
    }

    private static async Task OpenedAsync(RealServer server, IPage page, ILocator detail)
    {
        ILocator open = detail.GetByRole(AriaRole.Button, new() { Name = "この扉を遠隔解錠" });
        await Expect(open).ToBeDisabledAsync();
        await detail.GetByLabel("理由").FillAsync("避難所の開設");
        await AgeProofAsync(server);
        await open.ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "本人確認" });
        await Expect(dialog).ToContainTextAsync("鍵 花子 さん本人");
        ILocator password = dialog.Locator("input[type=password]");
        await password.FillAsync("not the password");
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("パスワードが違います");
        await Expect(detail.Locator(".remote-results")).ToContainTextAsync("送信中"); // nothing was sent
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "door-proof", Times(page));
        await password.FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(detail.Locator(".remote-results li")).ToContainTextAsync("完了");
        await Expect(detail.Locator(".door-row .door-state")).ToContainTextAsync("解錠");
        await Expect(detail.Locator(".door-log li").First).ToContainTextAsync("遠隔操作 — 鍵 花子 — 避難所の開設");
        await Accessibility.CheckAsync(page);
        await detail.Locator(".door-log").ScrollIntoViewIfNeededAsync();
        await Golden.CompareAsync(page, "door-opened", Times(page));
    }

    /// <summary>J and K go from door to door, and the bookings' screen leads to one on the map.</summary>
    private static async Task WalkedAsync(IPage page, ILocator detail)
    {
        await page.Keyboard.PressAsync("Escape");
        await Expect(detail).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("b");
        await page.GetByRole(AriaRole.Tab, new() { Name = "扉" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "青葉小学校 体育館 を地図で見る" }).ClickAsync();
        await Expect(detail).ToContainTextAsync("こじ開け・総当たり");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("select=door%3Alock-04"));
        await page.Locator("aside.drawer").FocusAsync();
        await page.Keyboard.PressAsync("j");
        await Expect(detail.Locator("h3").First).Not.ToContainTextAsync("青葉小学校");
        await page.Keyboard.PressAsync("k");
        await Expect(detail.Locator("h3").First).ToContainTextAsync("青葉小学校");
    }

    /// <summary>Who may see the map sees how a door stands, and neither who booked nor who came, and opens nothing.</summary>
    private async Task NamelessAsync(RealServer server)
    {
        IPage page = await SignedInAsync(server, "suido", "水道 太郎", "water", "?select=door:lock-02", 1440, 900);
        ILocator detail = page.Locator(".door-detail");
        await Expect(detail.Locator(".door-row")).ToContainTextAsync("解錠");
        await Expect(detail.Locator(".door-log li")).ToHaveCountAsync(6);
        await Expect(detail).Not.ToContainTextAsync("町内会");
        await Expect(detail).Not.ToContainTextAsync("避難所の開設");
        await Expect(detail).Not.ToContainTextAsync("遠隔解錠");
    }

    /// <summary>The last proof of everybody was too long ago.</summary>
    private static async Task AgeProofAsync(RealServer server)
    {
        AccountStore store = server.Services.GetRequiredService<AccountStore>();
        foreach (PersonSession session in (await store.ReadAsync(Cancel)).Sessions.Values)
        {
            await store.ProveSessionAsync(session.Id, TimeProvider.System.GetUtcNow() - SessionLimits.Proof, Cancel);
        }

        await server.Services.GetRequiredService<AccountDirectory>().LookAsync(Cancel);
    }

    private async Task<IPage> SignedInAsync(RealServer server, string name, string displayName, string role, string query, int widthPx, int heightPx)
    {
        string first = await server.Administration.AddAsync(name, displayName, [role], null, Cancel);
        await server.Services.GetRequiredService<AccountDirectory>().LookAsync(Cancel); // now, not within half a second
        IPage page = await browsers.OpenAsync(server.Address, query, ready: false, widthPx: widthPx, heightPx: heightPx);
        await page.Locator("input[autocomplete=username]").FillAsync(name);
        await page.Locator("input[autocomplete=current-password]").FillAsync(first);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("input[autocomplete=new-password]").FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => window.__field?.ready === true", null, new PageWaitForFunctionOptions { Timeout = 90_000 });
        return page;
    }

    /// <summary>What is another at each run.</summary>
    private static ILocator[] Times(IPage page) => [page.Locator(".door-state small"), page.Locator(".door-flag.quiet"), page.Locator(".door-detail dd"), page.Locator(".door-detail .fact dt"), page.Locator(".door-log time"), page.Locator(".door-alarms .quiet"), page.Locator(".door-acknowledged")];
}
