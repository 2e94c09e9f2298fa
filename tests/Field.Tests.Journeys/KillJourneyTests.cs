using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>
/// kill -9 of the server and of the agent in the middle of an upload, 20 times each, and of the server under telemetry: what was
/// acknowledged is stored, and stored once. <c>./field bench crash</c> does it 250 times.
/// </summary>
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
        await Flight.AssertStoredOnceAsync(folder["flight"], server, Finish);
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
        await Flight.AssertStoredOnceAsync(folder["flight"], server, Finish);
    }

    [Fact]
    public async Task Server_killed_under_telemetry_every_acknowledged_message_is_stored_once()
    {
        using TemporaryFolder folder = new();
        await using LinkProxy link = new();
        AckLedger ledger = new();
        await using TelemetryLoad load = new(() => link.Uri, devices: 6, inFlight: 32, ledger);
        Random random = new(22);
        for (int kill = 0; kill < 6; kill++)
        {
            await using Server doomed = await Server.StartAsync(folder["data"]);
            link.TargetPort = doomed.MqttPort;
            await AcknowledgesAsync(ledger, random.Next(200, 2000));
            await doomed.KillAsync();
        }

        await using Server server = await Server.StartAsync(folder["data"]);
        link.TargetPort = server.MqttPort;
        await AcknowledgesAsync(ledger, 500);
        await load.DrainAsync(Finish);
        await server.KillAsync();
        LedgerResult result = await ledger.CompareAsync(folder["data"]);
        Assert.Equal((0, 0), (result.Lost, result.Twice));
        Assert.Equal(result.Acknowledged, result.Stored);
    }

    private static async Task AcknowledgesAsync(AckLedger ledger, long more)
    {
        long before = ledger.Count;
        await Wait.UntilAsync(() => ledger.Count >= before + more, Finish, () => $"no {more} more acknowledgements");
    }

    /// <summary>
    /// Waits until more than a handshake was carried since the last kill, so that photos are on their way, then for a moment that is
    /// the input of the test and drawn from a seeded generator: 0 to 0.7 s, in which the link carries about 1 MB at most.
    /// </summary>
    private static async Task MidUploadAsync(LinkProxy link, Random random)
    {
        await Flight.CarriesAsync(link, PhotosAreOnTheirWayBytes, Finish);
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 700)), TestContext.Current.CancellationToken);
    }
}
