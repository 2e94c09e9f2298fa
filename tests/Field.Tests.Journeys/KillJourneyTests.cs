using System.Security.Cryptography;
using System.Text.Json;
using Field.Tests.Journeys.Harness;

namespace Field.Tests.Journeys;

/// <summary>Issue 2: kill -9 of the server in the middle of an upload, and of the agent, 20 times each; after restart every photo arrives once.</summary>
public sealed class KillJourneyTests
{
    private const int Kills = 20;
    private const int Photos = 40;
    private const int PhotoBytes = 700_000;

    // 28 MB at 1.5 MB/s; between two kills at most 0.1 + 0.7 * 1.5 MB are carried, 23 MB in 20, so that every kill falls into the upload.
    private const int LinkBytesPerSecond = 1_500_000;

    private const long PhotosAreOnTheirWayBytes = 100_000;

    private static readonly TimeSpan Finish = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Server_killed_20_times_during_an_upload_every_photo_arrives_once()
    {
        using TemporaryFolder folder = new();
        TestPhotos.Write(folder["flight"], Photos, PhotoBytes, seed: 1);
        await using LinkProxy link = new(LinkBytesPerSecond);
        Random random = new(20);
        await using FieldProcess agent = Agent.Start(folder["flight"], link.Uri, folder["outbox"]);
        for (int kill = 0; kill < Kills; kill++)
        {
            await using Server doomed = await Server.StartAsync(folder["data"]);
            link.TargetPort = doomed.MqttPort;
            await MidUploadAsync(link, random);
            Assert.False(agent.HasExited, $"the upload ended before kill {kill + 1}:\n{agent.Output}");
            await doomed.KillAsync();
        }

        await using Server server = await Server.StartAsync(folder["data"]);
        link.TargetPort = server.MqttPort;
        Assert.True(await agent.ExitAsync(Finish) == 0, agent.Output);
        await AssertEveryPhotoOnceAsync(folder["flight"], server);
    }

    [Fact]
    public async Task Agent_killed_20_times_during_an_upload_every_photo_arrives_once()
    {
        using TemporaryFolder folder = new();
        TestPhotos.Write(folder["flight"], Photos, PhotoBytes, seed: 2);
        await using Server server = await Server.StartAsync(folder["data"]);
        await using LinkProxy link = new(LinkBytesPerSecond) { TargetPort = server.MqttPort };
        Random random = new(21);
        for (int kill = 0; kill < Kills; kill++)
        {
            await using FieldProcess doomed = Agent.Start(folder["flight"], link.Uri, folder["outbox"]);
            await MidUploadAsync(link, random);
            Assert.False(doomed.HasExited, $"the upload ended before kill {kill + 1}:\n{doomed.Output}");
            await doomed.KillAsync();
        }

        await using FieldProcess agent = Agent.Start(folder["flight"], link.Uri, folder["outbox"]);
        Assert.True(await agent.ExitAsync(Finish) == 0, agent.Output);
        await AssertEveryPhotoOnceAsync(folder["flight"], server);
    }

    /// <summary>
    /// Waits until more than a handshake was carried since the last kill, so that photos are on their way, then for a moment that is
    /// the input of the test and drawn from a seeded generator: 0 to 0.7 s, in which the link carries about 1 MB at most.
    /// </summary>
    private static async Task MidUploadAsync(LinkProxy link, Random random)
    {
        long before = link.CarriedBytes;
        using CancellationTokenSource limit = new(Finish);
        while (link.CarriedBytes < before + PhotosAreOnTheirWayBytes)
        {
            Assert.False(limit.IsCancellationRequested, $"no photo was on its way within {Finish}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 700)), TestContext.Current.CancellationToken);
    }

    private static async Task AssertEveryPhotoOnceAsync(string flight, Server server)
    {
        IReadOnlyList<JsonElement> photos = await server.ScoredPhotosAsync(Finish);
        string[] stored = [.. photos.Select(p => p.GetProperty("properties").GetProperty("photoId").GetString()!).Order()];
        string[] onCard = [.. Directory.GetFiles(flight).Select(f => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f)))).Order()];
        Assert.Equal(onCard, stored);
        foreach (string photoId in onCard)
        {
            Assert.Equal(photoId, await server.StoredSha256Async(photoId));
        }

        Assert.All(photos, p => Assert.Equal("scored", p.GetProperty("properties").GetProperty("state").GetString()));
        IReadOnlyList<JsonElement> findings = await server.FeaturesAsync("findings");
        Assert.Equal(findings.Count, findings.Select(f => f.GetProperty("properties").GetProperty("findingId").GetString()).Distinct().Count());
    }
}
