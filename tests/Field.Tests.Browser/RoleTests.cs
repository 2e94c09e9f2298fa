using System.Text.Json;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.Mqtt;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>The two desks beside headquarters, each with its own sign-in and nothing more than its role, on the real server.</summary>
public sealed class RoleTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const string Day = "2031-05-12";
    private const string Site = "aoba";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Drone_crew_brings_a_card_in_and_sees_that_it_is_stored_and_scored(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        string[] files = [.. ((string[])["DJI_0018.JPG", "DJI_0019.JPG"]).Select(n => SharedData.Path($"drone/dji_phantom3_xmp/{n}"))];
        IPage page = await Persons.OpenAsync(browsers, server, ("kusatsu", "空撮 三郎", "drone"), "?lon=138&lat=35&zoom=8", widthPx, heightPx);
        await Expect(page.Locator(".review-button")).ToHaveCountAsync(0); // a crew decides on nothing
        await page.Keyboard.PressAsync("h");
        await Expect(page.Locator(".impact-panel")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("g");
        await page.GetByRole(AriaRole.Button, new() { Name = "写真を取り込む" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.Locator("input[accept]").SetInputFilesAsync(files);
        await Expect(dialog.Locator(".upload-sum")).ToContainTextAsync("2 枚すべてを保存しました", new() { Timeout = 90_000 });
        await Expect(dialog.Locator(".upload-files li[data-state=scored]")).ToHaveCountAsync(2, new() { Timeout = 120_000 });
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "drone-upload");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "閉じる" }).ClickAsync();
        await Expect(page.Locator(".upload-bar")).ToHaveCountAsync(0);
        await Expect(page.Locator(".list-panel").GetByText("2 枚").First).ToBeVisibleAsync(); // the flight that they make
        Assert.Contains(server.Audit(), l => l.Contains("tablet.issue", StringComparison.Ordinal) && l.Contains("user:kusatsu", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Facilities_desk_books_gives_the_PIN_and_reads_in_the_log_who_came(int widthPx, int heightPx)
    {
        await using RealServer server = await LocksTests.StartAsync();
        IPage page = await Persons.OpenAsync(browsers, server, ("shisetsu", "施設 四郎", "locks"), "", widthPx, heightPx);
        await page.Keyboard.PressAsync("b");
        await Expect(page.Locator(".desk-tabs")).ToBeVisibleAsync();
        await page.Locator(".day-steps input").FillAsync(Day);
        await page.GetByRole(AriaRole.Button, new() { Name = "新しい予約", Exact = true }).ClickAsync();
        ILocator side = page.Locator(".desk-side");
        await side.GetByLabel("開始").FillAsync("13:00");
        await side.GetByLabel("終了").FillAsync("15:00");
        await side.GetByLabel("利用者名").FillAsync("山田 花子");
        await side.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Expect(page.Locator(".day-block")).ToHaveCountAsync(3);
        await side.GetByRole(AriaRole.Button, new() { Name = "暗証番号を発行" }).ClickAsync();
        await side.GetByRole(AriaRole.Button, new() { Name = "控えたので閉じる" }).ClickAsync();
        await Expect(side).ToContainTextAsync("発行済み");
        await Accessibility.CheckAsync(page);

        IAPIResponse grants = await page.Context.APIRequest.GetAsync(new Uri(server.Address, "/api/v1/locks/lock-01/grants").ToString());
        string grant = Assert.Single(JsonElement.Parse(await grants.TextAsync()).EnumerateArray()).GetProperty("grantId").GetString()!;
        await using (MqttClient door = await MqttClient.ConnectAsync(new MqttClientOptions { Server = server.Mqtt }, Cancel))
        {
            await EventAsync(door, 1, new LockEvent(LockEventKinds.Unlocked) { By = "grant", GrantId = grant });
            await EventAsync(door, 2, new LockEvent(LockEventKinds.DoorOpened));
            await EventAsync(door, 3, new LockEvent(LockEventKinds.DoorClosed));
            await EventAsync(door, 4, new LockEvent(LockEventKinds.Locked) { By = "auto" });
        }

        await page.GetByRole(AriaRole.Tab, new() { Name = "入退室記録" }).ClickAsync();
        ILocator log = page.Locator(".desk-table tbody tr");
        await Expect(log).ToHaveCountAsync(4);
        await Expect(log.Filter(new() { HasText = "山田 花子" })).ToContainTextAsync("解錠");
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "locks-log", page.Locator(".desk-table tbody td:first-child"), log.Filter(new() { HasText = "山田 花子" }).Locator("td").Last);
    }

    private static Task EventAsync(MqttClient door, long sequence, LockEvent happened) => door.PublishAsync(
        new MqttMessage(Topics.Event(Site, "lock-01"), happened.ToEvent().Write(Site, "lock-01", sequence, TimeProvider.System.GetUtcNow()), Qos: 1), Cancel);
}
