using System.Text.Json;
using Field.Harness;
using Field.MapApp;
using Field.Vision;
using Field.Vision.Shape;
using Microsoft.Playwright;

namespace Field.Tests.Browser;

/// <summary>
/// The tablet's own look at a photo, in the browser, with the model that the server scores with; beside the server's scorer on the same photo.
/// Photos: MDMCS (Guo, Bao 2025, CC BY 4.0), concrete with cracks; SaltSpot (JaGuzmanT, MIT), sound concrete.
/// </summary>
public sealed class TabletHintTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const string Cracked = "damage/concrete_masks/images/10488.jpg";
    private const string Sound = "damage/concrete_salt/healthy/No_salt_damage-1-__1.jpg";

    /// <summary>
    /// Two JPEG decoders and two runtimes: pixels may differ by a step or two of 255, the network's output by less than a quarter of one
    /// (WebRuntimeTests), so that pixels at the rim of a place come or go. Half a percent is far below the step between two words for a score.
    /// </summary>
    private const double ScoreTolerance = 0.005;
    private const double PlaceTolerancePx = 3;

    [Fact]
    public async Task Hint_of_a_crack_agrees_with_the_server_travels_with_the_report_and_works_without_a_line()
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await browsers.OpenAsync(server.Address, "?view=tablet", ready: false, 1024, 768);
        await page.Context.GrantPermissionsAsync(["geolocation"]);
        await page.Context.SetGeolocationAsync(new Geolocation { Longitude = 138.45f, Latitude = 34.75f, Accuracy = 8 });
        List<string> refused = [];
        page.Console += (_, message) => { if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal)) { refused.Add(message.Text); } };
        await page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => undefined)");
        ILocator card = page.Locator(".hint-card");

        await ChooseAsync(page, Cracked);
        await Expect(card).ToContainTextAsync("15.1 MB"); // before anything of it is fetched
        await page.GetByRole(AriaRole.Button, new() { Name = "取り込む", Exact = true }).ClickAsync();
        await Expect(card).ToContainTextAsync("ひび割れの疑い");
        await Expect(card).ToContainTextAsync("判定ではありません");
        await Expect(page.Locator(".hint-frame rect.over").First).ToBeAttachedAsync();
        await Expect(page.Locator(".place-now")).ToContainTextAsync("現在地（誤差 約8 m）");
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "tablet-hint");
        Assert.Equal(0, await page.Locator(".six [aria-pressed=true]").CountAsync()); // it proposes and sets nothing
        await page.GetByRole(AriaRole.Button, new() { Name = "「道路の損傷・様子見」にする", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "道路の損傷", Exact = true })).ToHaveAttributeAsync("aria-pressed", "true");
        await page.GetByRole(AriaRole.Button, new() { Name = "送る", Exact = true }).ClickAsync();
        AssertAgrees(await HintAsync(page), Cracked);

        await server.StopAsync();
        await page.ReloadAsync();
        await Expect(page.Locator(".linkbar")).ToContainTextAsync("オフライン");
        await ChooseAsync(page, Sound);
        await Expect(card).ToContainTextAsync("目立つ損傷は見つかりません");
        Assert.Empty(PhotoScorerSays(Sound).Findings);
        Assert.Empty(refused);
    }

    private static void AssertAgrees(JsonElement hint, string photo)
    {
        Assert.Equal("crack-v1", hint.GetProperty("model").GetString());
        Assert.True(hint.GetProperty("taken").GetBoolean());
        PhotoScore there = PhotoScorerSays(photo);
        Assert.NotEmpty(there.Findings);
        double[] place = [.. hint.GetProperty("places")[0].EnumerateArray().Select(n => n.GetDouble())];
        (double left, double top, double right, double bottom) = (place[0] * there.WidthPx, place[1] * there.HeightPx, place[2] * there.WidthPx, place[3] * there.HeightPx);

        // The scorer goes on from the same connected pixels: it joins, cuts and measures them.
        using PhotoScorer scorer = PhotoScorer.Load(Card());
        ProbabilityMap map = scorer.Infer(SharedData.Path(photo), TestContext.Current.CancellationToken)[0];
        Component same = Components.Find(map, LineVectoriser.Level(scorer.Card.Thresholds.Low), LineVectoriser.Level(scorer.Card.Thresholds.High))
            .MinBy(c => Math.Abs(c.Left - left) + Math.Abs(c.Top - top) + Math.Abs(c.Right - right) + Math.Abs(c.Bottom - bottom))!;
        Assert.InRange(same.Left - left, -PlaceTolerancePx, PlaceTolerancePx);
        Assert.InRange(same.Top - top, -PlaceTolerancePx, PlaceTolerancePx);
        Assert.InRange(same.Right - right, -PlaceTolerancePx, PlaceTolerancePx);
        Assert.InRange(same.Bottom - bottom, -PlaceTolerancePx, PlaceTolerancePx);
        double score = hint.GetProperty("score").GetDouble();
        TestContext.Current.TestOutputHelper?.WriteLine($"tablet {score} of {hint.GetProperty("found")}, server's region {same.ProbabilitySum / (same.Area * 255.0):F4}, server's findings {string.Join(' ', there.Findings.Select(f => f.Score.ToString("F3", System.Globalization.CultureInfo.InvariantCulture)))}");
        Assert.InRange(score, (same.ProbabilitySum / (same.Area * 255.0)) - ScoreTolerance, (same.ProbabilitySum / (same.Area * 255.0)) + ScoreTolerance);
    }

    private static PhotoScore PhotoScorerSays(string photo)
    {
        using PhotoScorer scorer = PhotoScorer.Load(Card());
        return scorer.Score(SharedData.Path(photo), TestContext.Current.CancellationToken);
    }

    private static string Card() => Path.Combine(Installation.Root(), "models", "crack-v1.json");

    private static Task ChooseAsync(IPage page, string photo) => page.GetByLabel("保存した写真を選ぶ").Last.SetInputFilesAsync(SharedData.Path(photo));

    private static async Task<JsonElement> HintAsync(IPage page)
    {
        JsonElement[] reports = [];
        await Wait.UntilAsync(async () =>
        {
            JsonElement events = await page.EvaluateAsync<JsonElement>("() => fetch('/api/v1/features/events').then(r => r.json())");
            reports = [.. events.GetProperty("features").EnumerateArray().Where(f => f.GetProperty("properties").GetProperty("kind").GetString() == "report")];
            return reports.Length > 0;
        }, TimeSpan.FromSeconds(30), () => "the report was not stored");
        return Assert.Single(Assert.Single(reports).GetProperty("properties").GetProperty("details").GetProperty("hints").EnumerateArray());
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
