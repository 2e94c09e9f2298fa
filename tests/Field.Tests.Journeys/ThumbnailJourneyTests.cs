using System.Text.Json;
using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>A thin line: the headquarters sees the whole flight small, long before the first photo is there.</summary>
public sealed class ThumbnailJourneyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Whole_flight_is_on_the_map_small_before_the_first_photo_is_stored_and_again_after_a_kill()
    {
        string card = SharedData.Path("drone/dji_phantom3_xmp"); // eight photos of 4 MB
        using TemporaryFolder folder = new();
        await using Server server = await Server.StartAsync(folder["data"]);
        await using LinkProxy link = new(upBytesPerSecond: 250_000) { TargetPort = server.MqttPort };
        FieldProcess agent = Agent.Start(card, link.Uri, folder["outbox"]);
        IReadOnlyList<JsonElement> photos = [];
        await Wait.UntilAsync(
            async () => (photos = await server.FeaturesAsync("photos")).Count == 8, Limit, () => $"{photos.Count} of 8 announced\n{agent.Output}");
        Assert.All(photos, p => Assert.Equal("announced", State(p)));
        Assert.All(photos, p => Assert.Equal("Polygon", p.GetProperty("geometry").GetProperty("type").GetString()));
        using HttpClient http = new() { BaseAddress = server.Http };
        foreach (JsonElement photo in photos)
        {
            using HttpResponseMessage small = await http.GetAsync($"/api/v1/photos/{Id(photo)}/image?width=160", TestContext.Current.CancellationToken);
            byte[] jpeg = await small.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.Equal(("image/jpeg", "no-store"), (small.Content.Headers.ContentType?.MediaType, small.Headers.CacheControl?.ToString()));
            Assert.InRange(jpeg.Length, 3_000, 64 * 1024);
            Assert.Equal([0xFF, 0xD8], jpeg[..2]);
        }

        Assert.InRange(link.SentBytes, 1, 1_500_000); // 32 MB wait

        await agent.KillAsync();
        await agent.DisposeAsync();
        link.UpBytesPerSecond = 0;
        await using FieldProcess again = Agent.Start(card, link.Uri, folder["outbox"]);
        Assert.True(await again.ExitAsync(Limit) == 0, again.Output);
        Assert.DoesNotContain("preview", again.Output, StringComparison.Ordinal); // the outbox remembers what the server has
        Assert.DoesNotContain("縮小画像", again.Output, StringComparison.Ordinal);
        photos = await server.ScoredPhotosAsync(Limit);
        Assert.Equal(8, photos.Count(p => State(p) == "scored"));
    }

    private static string State(JsonElement photo) => photo.GetProperty("properties").GetProperty("state").GetString()!;

    private static string Id(JsonElement photo) => photo.GetProperty("properties").GetProperty("photoId").GetString()!;
}
