using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Field.Harness;
using Field.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Journeys;

/// <summary>
/// A hall's evening over real processes: booked on the screen, opened by the PIN that was told once, seen in the door log, opened from afar with
/// a reason, cancelled; and the PIN opens no more.
/// </summary>
public sealed partial class BookingJourneyTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const string Device = "lock-07";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Japan = TimeSpan.FromHours(9);

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Booking_on_the_screen_opens_the_door_until_it_is_cancelled(int widthPx, int heightPx)
    {
        using TemporaryFolder folder = new();
        string data = folder["data"];
        await using Server server = await Server.StartAsync(data, null, "--public", "127.0.0.1", "--mqtts", "0", "--https", "0");
        await EnrolAsync(server, data, folder["identity"]);
        await File.WriteAllTextAsync(folder["gym.json"], $$"""{"name":"東山体育館","kind":"gym","isShelter":true,"rooms":[{"roomId":"court","name":"アリーナ"}],"doors":[{"device":"{{Device}}","name":"正面玄関"}]}""", TestContext.Current.CancellationToken);
        await RunAsync(Server.Command("bookings", "facility", "gym", folder["gym.json"], "--data", data));
        await using FieldProcess agent = FieldProcess.StartField(
            Launch.Typed, "edge-agent", "Field.EdgeAgent", "lock", "--broker", server.Endpoints.GetProperty("mqtts").GetString()!, "--site", Server.Site,
            "--device", Device, "--identity", folder["identity"], "--outbox", folder["outbox"], "--lang", "en");

        IPage page = await browsers.OpenAsync(server.Http, widthPx: widthPx, heightPx: heightPx);
        await page.Keyboard.PressAsync("b");
        string pin = await BookAsync(page);
        await agent.SaysAsync("bookings taken", Limit);
        await agent.TypeAsync($"pin {pin}");
        await EventsAsync(server, "lock-unlocked", 1);
        await agent.TypeAsync("lock");
        await EventsAsync(server, "lock-locked", 1);

        await page.GetByRole(AriaRole.Tab, new() { Name = "扉" }).ClickAsync();
        await Expect(page.Locator(".door-row")).ToContainTextAsync("施錠");
        await page.Locator(".door-row input").CheckAsync();
        await page.GetByLabel("理由").FillAsync("避難所の開設");
        await page.GetByRole(AriaRole.Button, new() { Name = "遠隔解錠" }).ClickAsync();
        await Expect(page.Locator(".remote-results li")).ToContainTextAsync("完了", new() { Timeout = 60_000 });
        await Expect(page.Locator(".door-row")).ToContainTextAsync("解錠");

        await page.GetByRole(AriaRole.Tab, new() { Name = "入退室記録" }).ClickAsync();
        ILocator log = page.Locator(".desk-table tbody tr");
        await Expect(log.Filter(new() { HasText = "遠隔操作" })).ToContainTextAsync("避難所の開設");
        await Expect(log.Filter(new() { HasText = "山田 花子" })).ToContainTextAsync("解錠");

        await CancelAsync(page);
        await agent.TypeAsync("lock");
        await Wait.UntilAsync(() => agent.Output.Split("bookings taken").Length > 2, Limit, () => agent.Output);
        await agent.TypeAsync($"pin {pin}");
        JsonElement denied = Assert.Single(await EventsAsync(server, "lock-denied", 1));
        Assert.Equal("wrong-pin", denied.GetProperty("reason").GetString());
        Assert.Equal(2, (await EventsAsync(server, "lock-unlocked", 2)).Count);
        Assert.DoesNotMatch($"(?<![0-9A-Za-z.:-]){pin}(?![0-9A-Za-z.:-])", server.Output + Audit(data));
        Assert.DoesNotContain("山田", Audit(data), StringComparison.Ordinal);
        Assert.Contains("避難所の開設", Audit(data), StringComparison.Ordinal);
    }

    /// <summary>Books the hour that is now, and reads the PIN.</summary>
    private static async Task<string> BookAsync(IPage page)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow().ToOffset(Japan);
        int from = Math.Max(0, ((now.Hour * 60) + now.Minute - 10) / 5 * 5);
        int to = Math.Min(24 * 60, from + 90) % (24 * 60);
        await page.GetByRole(AriaRole.Button, new() { Name = "新しい予約", Exact = true }).ClickAsync();
        ILocator side = page.Locator(".desk-side");
        await side.GetByLabel("利用日").FillAsync(now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await side.GetByLabel("開始").FillAsync(Time(from));
        await side.GetByLabel("終了").FillAsync(Time(to));
        await side.GetByLabel("利用者名").FillAsync("山田 花子");
        await side.GetByLabel("連絡先").FillAsync("054-000-0000");
        await side.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await side.GetByRole(AriaRole.Button, new() { Name = "暗証番号を発行" }).ClickAsync();
        string pin = await side.Locator(".pin-once output").InnerTextAsync();
        Assert.Matches("^[0-9]{6}$", pin);
        await side.GetByRole(AriaRole.Button, new() { Name = "控えたので閉じる" }).ClickAsync();
        await Expect(page.GetByText(pin)).ToHaveCountAsync(0);
        return pin;
    }

    private static async Task CancelAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Tab, new() { Name = "施設予約" }).ClickAsync();
        await page.Locator(".day-block").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "予約を取り消す" }).ClickAsync();
        await Expect(page.Locator(".booking-said")).ToContainTextAsync("取り消しました");
    }

    private static string Time(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");

    private static string Audit(string data) => string.Concat(Directory.GetFiles(Path.Combine(data, "audit"), "*.jsonl").Order(StringComparer.Ordinal).Select(file =>
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(stream);
        return Regex.Unescape(reader.ReadToEnd().Replace("\\\"", "", StringComparison.Ordinal));
    }));

    /// <summary>The events of a kind, oldest first, once there are so many of them.</summary>
    private static async Task<IReadOnlyList<JsonElement>> EventsAsync(Server server, string kind, int count)
    {
        IReadOnlyList<JsonElement> found = [];
        await Wait.UntilAsync(
            async () =>
            {
                found = [.. (await server.FeaturesAsync("events")).Select(f => f.GetProperty("properties")).Where(p => p.GetProperty("kind").GetString() == kind).Select(p => p.GetProperty("details"))];
                return found.Count >= count;
            },
            Limit,
            () => $"{found.Count} of {count} {kind}:\n{server.Output}");
        return found;
    }

    private static async Task EnrolAsync(Server server, string data, string identity)
    {
        string code = EnrolmentCode().Match(await RunAsync(Server.Command("device", "enrol", "--kind", "lock", "--device", Device, "--site", Server.Site, "--data", data))).Value;
        string https = server.Endpoints.GetProperty("https").GetString()!;
        await RunAsync(FieldProcess.StartField(Launch.Plain, "edge-agent", "Field.EdgeAgent", "enrol", "--server", https, "--code", code, "--identity", identity, "--lang", "en"));
    }

    private static async Task<string> RunAsync(FieldProcess process)
    {
        await using (process)
        {
            int code = await process.ExitAsync(Limit);
            Assert.True(code == 0, process.Output);
            return process.Output;
        }
    }

    [GeneratedRegex("[0-9A-Z]{5}(-[0-9A-Z]{5}){8}")]
    private static partial Regex EnrolmentCode();
}
