using System.Security.Cryptography;
using Field.Contracts;
using Field.Gdal;
using Field.Store;
using Microsoft.Playwright;
using NetTopologySuite.Geometries;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>An inspector chooses a photo for the bridge record's page of general views; bridge and photo are synthetic.</summary>
public sealed class GeneralViewTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const double Lon = 138.4493;
    private const double Lat = 34.7503;

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Photo_is_chosen_in_its_drawer_seen_by_all_and_stands_in_the_record(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        string photo = await StoreAsync(server);
        IPage page = await browsers.OpenAsync(server.Address, $"?select={photo}", widthPx: widthPx, heightPx: heightPx, person: "点検 花子");
        IPage other = await browsers.OpenAsync(server.Address, $"?select={photo}", person: "点検 次郎");
        ILocator views = page.GetByRole(AriaRole.Region, new() { Name = "点検調書の現地状況写真" });
        await Expect(views).ToContainTextAsync("青葉橋"); // the nearer of two bridges
        await views.GetByRole(AriaRole.Button, new() { Name = "全景", Exact = true }).ClickAsync();

        await Expect(views.GetByRole(AriaRole.Button, new() { Name = "全景", Exact = true })).ToHaveAttributeAsync("aria-pressed", "true");
        ILocator theirs = other.GetByRole(AriaRole.Region, new() { Name = "点検調書の現地状況写真" });
        await Expect(theirs).ToContainTextAsync("点検 花子");
        Assert.Contains("全景", await RecordAsync(page), StringComparison.Ordinal);
        await Accessibility.CheckAsync(page);
        await views.ScrollIntoViewIfNeededAsync();
        await page.Mouse.MoveAsync(5, 5);
        await MapTests.DrawnAsync(page);
        await Golden.CompareAsync(page, "general-view", views.Locator(".note"), page.Locator(".drawer dl"));

        await theirs.GetByRole(AriaRole.Button, new() { Name = "側面", Exact = true }).ClickAsync();
        await Expect(views.GetByRole(AriaRole.Button, new() { Name = "側面", Exact = true })).ToHaveAttributeAsync("aria-pressed", "true");
        await theirs.GetByRole(AriaRole.Button, new() { Name = "側面", Exact = true }).ClickAsync(); // again: out of the record
        await Expect(views.Locator("[aria-pressed=true]")).ToHaveCountAsync(0);
        Assert.DoesNotContain("現地状況写真", await RecordAsync(page), StringComparison.Ordinal);
    }

    private static async Task<string> RecordAsync(IPage page)
    {
        IAPIResponse answer = await page.APIRequest.GetAsync(new Uri(new Uri(page.Url), "/api/v1/forms/bridge?asset=bridge:B1&format=html").ToString());
        Assert.True(answer.Ok, await answer.TextAsync());
        return await answer.TextAsync();
    }

    private static async Task<string> StoreAsync(RealServer server)
    {
        const int Width = 800, Height = 600;
        byte[] pixels = new byte[Width * Height * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int row, int column) = (i / 3 / Width, i / 3 % Width);
            pixels[i] = (byte)(row is > 260 and < 340 ? 150 : row < 260 ? 200 + (i % 3 * 20) : 90 + (column / 40 % 2 * 10)); // a girder under the sky
        }

        byte[] jpeg = Images.EncodeJpeg(new RasterImage(Width, Height, 3, pixels), 85);
        string id = Ids.Photo(SHA256.HashData(jpeg));
        FieldStores stores = server.Find<FieldStores>();
        using MemoryStream bytes = new(jpeg);
        await stores.Blobs.PutAsync(id, bytes, TestContext.Current.CancellationToken);
        Feature photo = new(FieldTables.Photos, id, Box(Lon, Lat, 0.0003), new Dictionary<string, object?>
        {
            ["name"] = "DJI_0001.JPG",
            ["device"] = "drone-01",
            ["state"] = "scored",
            ["placement"] = "measured",
            ["capturedAt"] = new DateTimeOffset(2026, 11, 20, 0, 30, 0, TimeSpan.Zero),
            ["receivedAt"] = new DateTimeOffset(2026, 11, 20, 1, 30, 0, TimeSpan.Zero),
            ["cameraLon"] = Lon,
            ["cameraLat"] = Lat,
            ["widthPx"] = (long)Width,
            ["heightPx"] = (long)Height,
        });
        await stores.Features.WriteAsync([new FeatureWrite(photo), new FeatureWrite(Bridge("B1", "青葉橋", Lon)), new FeatureWrite(Bridge("B2", "若葉橋", Lon + 0.003))], TestContext.Current.CancellationToken);
        return id;
    }

    private static Feature Bridge(string id, string name, double lon) =>
        new(FieldTables.Assets, $"bridge:{id}", Box(lon, Lat, 0.0002), new Dictionary<string, object?> { ["kind"] = "bridge", ["name"] = name, ["ledgerId"] = id });

    private static Polygon Box(double lon, double lat, double halfDeg) =>
        GeometryFactory.Default.CreatePolygon([new(lon - halfDeg, lat - halfDeg), new(lon + halfDeg, lat - halfDeg), new(lon + halfDeg, lat + halfDeg), new(lon - halfDeg, lat + halfDeg), new(lon - halfDeg, lat - halfDeg)]);
}
