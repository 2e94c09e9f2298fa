using System.Security.Cryptography;
using System.Text.Json;
using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>What the journeys of photos ask at their end.</summary>
internal static class Flight
{
    /// <summary>Every photo of the card is stored once, byte for byte, and scored; no finding is there twice.</summary>
    public static async Task AssertStoredOnceAsync(string card, Server server, TimeSpan within)
    {
        IReadOnlyList<JsonElement> photos = await server.ScoredPhotosAsync(within);
        string[] stored = [.. photos.Select(p => p.GetProperty("properties").GetProperty("photoId").GetString()!).Order()];
        string[] onCard = [.. Directory.GetFiles(card).Select(f => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f)))).Order()];
        Assert.Equal(onCard, stored);
        foreach (string photoId in onCard)
        {
            Assert.Equal(photoId, await server.StoredSha256Async(photoId));
        }

        Assert.All(photos, p => Assert.Equal("scored", p.GetProperty("properties").GetProperty("state").GetString()));
        IReadOnlyList<JsonElement> findings = await server.FeaturesAsync("findings");
        Assert.Equal(findings.Count, findings.Select(f => f.GetProperty("properties").GetProperty("findingId").GetString()).Distinct().Count());
    }

    /// <summary>Waits until the link has carried so much more from the device to the server.</summary>
    public static async Task CarriesAsync(LinkProxy link, long bytes, TimeSpan within)
    {
        long before = link.CarriedBytes;
        await Wait.UntilAsync(() => link.CarriedBytes >= before + bytes, within, () => $"the link did not carry {bytes} bytes");
    }
}
