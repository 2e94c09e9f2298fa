using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Field.Harness;
using Field.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Journeys;

/// <summary>Issue 5: a field engineer without a signal, whose tablet dies again and again.</summary>
public sealed class TabletJourneyTests
{
    private const int Reports = 20;
    private const int Seed = 21;
    private const int PhotoBytes = 400_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly string[] Kinds = ["道路の損傷", "浸水・冠水", "土砂崩れ", "堤防・河川", "建物・倒木", "その他"];

    [Fact]
    public async Task Twenty_reports_made_offline_are_stored_once_though_the_browser_was_killed_three_times()
    {
        WebFolder.Dist();
        Requirement.Holds(File.Exists(Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium"), "chromium");
        using TemporaryFolder folder = new();
        string photos = folder["card"];
        string profile = folder["profile"];
        Directory.CreateDirectory(profile);
        TestPhotos.Write(photos, Reports, PhotoBytes, Seed);
        await using LinkProxy line = new();
        await using Server server = await Server.StartAsync(folder["data"]);
        line.TargetPort = server.Http.Port;
        Uri at = new($"http://127.0.0.1:{line.Uri.Port}");

        await using (Tablet office = await Tablet.StartAsync(profile, at, isOffline: false))
        {
            await office.Page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => undefined)");
            await office.TabAsync("送信箱");
            await Expect(office.Page.Locator(".page-foot")).ToContainTextAsync("tablet-"); // it has its id
            await Down(line, office);
            await MakeAsync(office, photos, 0, 7);
            await Expect(office.Page.Locator(".linkbar")).ToContainTextAsync("オフライン — 7件を保存しています");
            await office.KillAsync();
        }

        await using (Tablet field = await Tablet.StartAsync(profile, at, isOffline: true)) // opens from what is on it: there is no server
        {
            await MakeAsync(field, photos, 7, 14);
            await field.KillAsync();
        }

        await using (Tablet field = await Tablet.StartAsync(profile, at, isOffline: true))
        {
            await MakeAsync(field, photos, 14, Reports);
            await field.TabAsync("送信箱");
            await Expect(field.Lines("waiting")).ToHaveCountAsync(Reports);
            line.UpBytesPerSecond = 1_000_000; // slow enough to be killed in the middle of it
            line.IsUp = true;
            await field.SetOfflineAsync(false);
            await Expect(field.Lines("stored").First).ToBeVisibleAsync();
            Assert.True(await field.Lines("stored").CountAsync() < Reports, "it is killed while it sends");
            await field.KillAsync();
        }

        line.UpBytesPerSecond = 0;
        await using Tablet back = await Tablet.StartAsync(profile, at, isOffline: false);
        await back.TabAsync("送信箱");
        await Expect(back.Lines("stored")).ToHaveCountAsync(Reports);
        await AssertStoredOnceAsync(server, photos);
    }

    private static async Task Down(LinkProxy line, Tablet tablet)
    {
        line.IsUp = false;
        line.Cut();
        await tablet.SetOfflineAsync(true);
        await Expect(tablet.Page.Locator(".linkbar")).ToContainTextAsync("オフライン");
    }

    private static async Task MakeAsync(Tablet tablet, string photos, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            await tablet.ReportAsync(Tablet.Photo(photos, Seed, i), Kinds[i % Kinds.Length], Note(i));
        }
    }

    private static string Note(int i) => string.Create(CultureInfo.InvariantCulture, $"被害 {i:00}");

    private static async Task AssertStoredOnceAsync(Server server, string photos)
    {
        IReadOnlyList<JsonElement> events = [.. (await server.FeaturesAsync("events")).Where(e => e.GetProperty("properties").GetProperty("kind").GetString() == "report")];
        Assert.Equal(Enumerable.Range(0, Reports).Select(Note), events.Select(e => Details(e).GetProperty("note").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(Reports, events.Select(e => Details(e).GetProperty("reportId").GetString()).Distinct().Count());
        Assert.All(events, e => Assert.Equal(138.3231, e.GetProperty("geometry").GetProperty("coordinates")[0].GetDouble(), 4));

        IReadOnlyList<JsonElement> stored = await server.ScoredPhotosAsync(Limit);
        Dictionary<string, string> made = [];
        for (int i = 0; i < Reports; i++)
        {
            made[Note(i)] = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Tablet.Photo(photos, Seed, i), TestContext.Current.CancellationToken)));
        }

        Assert.Equal(made.Values.Order(StringComparer.Ordinal), stored.Select(p => p.GetProperty("properties").GetProperty("photoId").GetString()!).Order(StringComparer.Ordinal));
        foreach (JsonElement report in events)
        {
            string photo = Details(report).GetProperty("photoIds")[0].GetString()!;
            Assert.Equal(made[Details(report).GetProperty("note").GetString()!], photo); // each report has its own photo
            Assert.Equal(photo, await server.StoredSha256Async(photo));
        }
    }

    private static JsonElement Details(JsonElement feature) => feature.GetProperty("properties").GetProperty("details");
}
