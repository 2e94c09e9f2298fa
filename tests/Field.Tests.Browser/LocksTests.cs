using System.Text;
using Field.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>Bookings, doors, batteries and the door log, on the real server. Everything in it is synthetic.</summary>
public sealed class LocksTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const string Day = "2031-05-12";

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Day_is_seen_booked_moved_and_cancelled_and_a_PIN_is_told_once(int widthPx, int heightPx)
    {
        await using RealServer server = await StartAsync();
        IPage page = await OpenAsync(server, widthPx, heightPx);
        await page.Locator(".day-steps input").FillAsync(Day);
        ILocator blocks = page.Locator(".day-block");
        await Expect(blocks).ToHaveCountAsync(2);
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "locks-bookings");

        await page.GetByRole(AriaRole.Button, new() { Name = "新しい予約", Exact = true }).ClickAsync();
        ILocator side = page.Locator(".desk-side");
        await side.GetByLabel("開始").FillAsync("11:00");
        await side.GetByLabel("終了").FillAsync("13:00");
        await side.GetByLabel("利用者名").FillAsync("山田 花子");
        await side.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Expect(side.Locator(".booking-said")).ToContainTextAsync("R8-001"); // who is in the way
        await side.GetByLabel("開始").FillAsync("13:00");
        await side.GetByLabel("終了").FillAsync("15:00");
        await side.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Expect(blocks).ToHaveCountAsync(3);

        await side.GetByRole(AriaRole.Button, new() { Name = "暗証番号を発行" }).ClickAsync();
        ILocator pin = side.Locator(".pin-once output");
        await Expect(pin).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[0-9]{6}$"));
        await Accessibility.CheckAsync(page);
        await side.GetByRole(AriaRole.Button, new() { Name = "控えたので閉じる" }).ClickAsync();
        await Expect(pin).ToHaveCountAsync(0);
        await Expect(side).ToContainTextAsync("発行済み");

        await side.GetByRole(AriaRole.Button, new() { Name = "予約を取り消す" }).ClickAsync();
        await Expect(side.Locator(".booking-said")).ToContainTextAsync("取り消しました");
        await Expect(blocks).ToHaveCountAsync(2);
        await side.GetByRole(AriaRole.Button, new() { Name = "取消を元に戻す" }).ClickAsync();
        await Expect(blocks).ToHaveCountAsync(3);
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Doors_stand_with_their_state_in_words_and_only_a_reason_opens_them(int widthPx, int heightPx)
    {
        await using RealServer server = await StartAsync();
        await HappenAsync(server);
        IPage page = await OpenAsync(server, widthPx, heightPx);
        await page.GetByRole(AriaRole.Tab, new() { Name = "扉" }).ClickAsync();
        ILocator rows = page.Locator(".door-row");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.Nth(0)).ToContainTextAsync("開けたまま");
        await Expect(rows.Nth(1)).ToContainTextAsync("施錠");
        ILocator open = page.GetByRole(AriaRole.Button, new() { Name = "遠隔解錠" });
        await Expect(open).ToBeDisabledAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "避難所の扉をすべて選ぶ" }).ClickAsync();
        await Expect(page.Locator(".door-row input:checked")).ToHaveCountAsync(2);
        await Expect(open).ToBeDisabledAsync();
        await page.GetByLabel("理由").FillAsync("避難所の開設");
        await Expect(open).ToBeEnabledAsync();
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "locks-doors", page.Locator(".door-state small"), page.Locator(".door-flag.quiet"));
        await open.ClickAsync();
        await Expect(page.Locator(".remote-results li")).ToHaveCountAsync(2);
        await Expect(page.Locator(".remote-results li").First).ToContainTextAsync("応答待ち");

        await page.GetByRole(AriaRole.Tab, new() { Name = "電池" }).ClickAsync();
        await Expect(page.Locator(".desk-table tbody tr")).ToHaveCountAsync(2);
        await Expect(page.Locator(".desk-table")).ToContainTextAsync("データ不足");
        await Accessibility.CheckAsync(page);
        await page.GetByRole(AriaRole.Tab, new() { Name = "入退室記録" }).ClickAsync();
        await Expect(page.Locator(".desk-table tbody tr")).ToHaveCountAsync(4);
        await Expect(page.Locator(".desk-table tbody tr").First).ToContainTextAsync("開けたまま");
        await Accessibility.CheckAsync(page);
    }

    [Fact]
    public async Task File_is_looked_at_before_it_is_taken_and_what_is_not_taken_says_why()
    {
        await using RealServer server = await StartAsync();
        IPage page = await OpenAsync(server, 1440, 900);
        await page.GetByRole(AriaRole.Button, new() { Name = "CSV取り込み" }).ClickAsync();
        string csv = "予約番号,施設名,室場名,利用日,開始時刻,終了時刻,利用者名\nR8-100,東山体育館,会議室,2031/5/12,13:00,15:00,佐藤\nR8-101,西体育館,会議室,2031/5/12,13:00,15:00,鈴木\n";
        byte[] shiftJis = CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetBytes(csv);
        await page.Locator(".desk-side input[type=file]").SetInputFilesAsync(new FilePayload { Name = "予約.csv", MimeType = "text/csv", Buffer = shiftJis });
        ILocator side = page.Locator(".desk-side");
        await Expect(side).ToContainTextAsync("Shift_JIS");
        await Expect(side.Locator(".import-notes li")).ToContainTextAsync("西体育館");
        await side.GetByRole(AriaRole.Button, new() { Name = "取り込む", Exact = true }).ClickAsync();
        await Expect(side).ToContainTextAsync("取り込みました");
        await Accessibility.CheckAsync(page);
        await page.Locator(".day-steps input").FillAsync(Day);
        await Expect(page.Locator(".day-block")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Server_without_facilities_says_what_to_do_and_one_that_fails_says_so()
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await browsers.OpenAsync(server.Address);
        await page.Keyboard.PressAsync("b");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("施設が登録されていません");
        await Accessibility.CheckAsync(page);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.RouteAsync("**/api/v1/facilities", r => r.AbortAsync());
        await page.Keyboard.PressAsync("b");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("読み込めませんでした");
        await page.UnrouteAsync("**/api/v1/facilities");
        await page.GetByRole(AriaRole.Button, new() { Name = "再試行" }).Or(page.Locator(".state .button")).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("施設が登録されていません");
        await RegisterAsync(server, page);
    }

    /// <summary>A facility with its rooms and doors: what is wrong is said, it is made, changed, undone, changed by somebody else, removed and brought back.</summary>
    private static async Task RegisterAsync(RealServer server, IPage page)
    {
        await page.GetByRole(AriaRole.Tab, new() { Name = "施設の登録" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "新しい施設" }).ClickAsync();
        ILocator side = page.Locator(".facility-side");
        ILocator save = side.GetByRole(AriaRole.Button, new() { Name = "保存" });
        await side.GetByRole(AriaRole.Button, new() { Name = "扉を追加" }).ClickAsync();
        await save.ClickAsync();
        await Expect(side.GetByRole(AriaRole.Alert).Locator("li")).ToHaveCountAsync(4); // name, room, device, door
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "facility-wrong");
        await side.GetByLabel("施設名").FillAsync("港公民館");
        await side.GetByLabel("部屋 1 の名前").FillAsync("ホール");
        await side.GetByLabel("扉 1 の名前").FillAsync("玄関");
        await side.GetByLabel("錠の機器ID").FillAsync("lock-03");
        await side.GetByLabel("緯度").FillAsync("34.75");
        await side.GetByLabel("経度").FillAsync("138.45");
        await page.Keyboard.PressAsync("Enter");
        ILocator row = page.Locator(".desk-row");
        await Expect(row).ToContainTextAsync("港公民館");
        await Expect(row).ToContainTextAsync("部屋 1・扉 1");
        await page.SetViewportSizeAsync(1024, 768);
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "facility");
        await page.SetViewportSizeAsync(1440, 900);

        await side.GetByLabel("災害時に避難所として開く").CheckAsync();
        await save.ClickAsync();
        await Expect(row).ToContainTextAsync("避難所");
        await side.GetByRole(AriaRole.Button, new() { Name = "元に戻す" }).ClickAsync();
        await Expect(row).Not.ToContainTextAsync("避難所");

        using HttpClient http = new() { BaseAddress = server.Address };
        string list = await http.GetStringAsync("/api/v1/facilities", Cancel);
        string id = System.Text.Json.JsonElement.Parse(list).GetProperty("facilities")[0].GetProperty("facilityId").GetString()!;
        await LockRows.PutAsync(http, $"facilities/{id}", new { name = "港公民館 本館", rooms = new[] { new { roomId = "hall", name = "ホール" } } });
        await save.ClickAsync();
        await Expect(side.GetByRole(AriaRole.Alert)).ToContainTextAsync("ほかの人が先に変更しました");
        await side.GetByRole(AriaRole.Button, new() { Name = "最新の内容を開く" }).ClickAsync();
        await row.Filter(new() { HasText = "本館" }).ClickAsync();
        await side.GetByRole(AriaRole.Button, new() { Name = "施設を削除" }).ClickAsync();
        await side.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "施設を削除" }).ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
        await Expect(side.GetByLabel("施設名")).ToBeDisabledAsync();
        await side.GetByRole(AriaRole.Button, new() { Name = "戻る" }).ClickAsync();

        // Another day: what was removed is found, with who did what, and comes back.
        await page.GetByText("削除した施設").ClickAsync();
        await row.Filter(new() { HasText = "本館" }).ClickAsync();
        await side.GetByText("変更の履歴").ClickAsync();
        ILocator changes = side.Locator(".history li");
        await Expect(changes).ToHaveCountAsync(5);
        await Expect(changes.Nth(0)).ToContainTextAsync("削除");
        await Expect(changes.Nth(1)).ToContainTextAsync("港公民館 → 港公民館 本館");
        await Expect(changes.Nth(2)).ToContainTextAsync("変更を取り消し");
        await Expect(changes.Nth(4)).ToContainTextAsync("登録");
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "facility-removed", page.Locator(".history .quiet"), page.Locator(".desk-row small"));
        await side.GetByRole(AriaRole.Button, new() { Name = "削除した施設を元に戻す" }).ClickAsync();
        await Expect(page.Locator(".scroll .desk-row")).ToContainTextAsync("本館");
        await Expect(changes).ToHaveCountAsync(6);
        await Expect(side.GetByLabel("施設名")).ToBeEnabledAsync();

        // The last change also long after it was made, but not when somebody was later.
        ILocator last = side.GetByRole(AriaRole.Button, new() { Name = "最後の変更を元に戻す" });
        await LockRows.PutAsync(http, $"facilities/{id}", new { name = "港公民館 別館", rooms = new[] { new { roomId = "hall", name = "ホール" } } });
        await last.ClickAsync();
        await Expect(side.GetByRole(AriaRole.Alert)).ToContainTextAsync("ほかの人が先に変更しました");
        await side.GetByRole(AriaRole.Button, new() { Name = "最新の内容を開く" }).ClickAsync();
        await row.Filter(new() { HasText = "別館" }).ClickAsync();
        await side.GetByText("変更の履歴").ClickAsync();
        await last.ClickAsync();
        await Expect(row).ToContainTextAsync("本館");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static async Task<RealServer> StartAsync()
    {
        RealServer server = await RealServer.StartAsync();
        LockRows.Enrol(server, "lock-01", "lock-02");
        using HttpClient http = new() { BaseAddress = server.Address };
        object gym = new
        {
            name = "東山体育館",
            kind = "gym",
            isShelter = true,
            rooms = new[] { new { roomId = "court", name = "アリーナ" }, new { roomId = "meeting", name = "会議室" } },
            doors = new object[] { new { device = "lock-01", name = "正面玄関" }, new { device = "lock-02", name = "会議室", rooms = (string[])["meeting"] } },
        };
        await LockRows.PutAsync(http, "facilities/gym", gym);
        foreach ((string id, string room, string from, string to, string name) in new[] { ("R8-001", "court", "09:00", "12:00", "東山クラブ"), ("R8-002", "meeting", "18:00", "21:00", "町内会 防災部") })
        {
            object booking = new { facilityId = "gym", roomId = room, start = $"{Day}T{from}:00+09:00", end = $"{Day}T{to}:00+09:00", name };
            await LockRows.PutAsync(http, $"bookings/{id}", booking);
        }

        return server;
    }

    private static async Task HappenAsync(RealServer server)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        IFeatureStore store = server.Services.GetRequiredService<FieldStores>().Features;
        Feature Device(string id, double battery) => LockRows.Device(id, battery, now);
        Feature Event(string device, long sequence, string kind, double minutesAgo, string details) => LockRows.Event(device, sequence, kind, now.AddMinutes(-minutesAgo), details);
        Feature[] rows =
        [
            Device("lock-01", 81), Device("lock-02", 15),
            Event("lock-01", 1, "lock-unlocked", 95, """{"kind":"lock-unlocked","by":"key"}"""), Event("lock-01", 2, "door-opened", 94, """{"kind":"door-opened"}"""),
            Event("lock-01", 3, "lock-left-open", 35, """{"kind":"lock-left-open","minutes":60,"cause":"door"}"""), Event("lock-02", 1, "lock-locked", 200, """{"kind":"lock-locked","by":"auto"}"""),
        ];
        await store.WriteAsync([.. rows.Select(r => new FeatureWrite(r))], Cancel);
    }

    private async Task<IPage> OpenAsync(RealServer server, int widthPx, int heightPx)
    {
        IPage page = await browsers.OpenAsync(server.Address, widthPx: widthPx, heightPx: heightPx);
        await page.Keyboard.PressAsync("b");
        await Expect(page.Locator(".desk-tabs")).ToBeVisibleAsync();
        return page;
    }
}
