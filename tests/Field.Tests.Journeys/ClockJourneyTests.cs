using System.Text.Json;
using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>Clocks that are wrong by days, on the device and on the server.</summary>
public sealed class ClockJourneyTests
{
    private static readonly TimeSpan Finish = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    public async Task Device_whose_clock_is_days_off_delivers_and_the_server_says_when(int days)
    {
        Requirement.Program("faketime");
        using TemporaryFolder folder = new();
        TestPhotos.Write(folder["flight"], count: 3, sizeBytes: 300_000, seed: 51);
        await using Server server = await Server.StartAsync(folder["data"]);
        await using FieldProcess agent = Agent.Start(folder["flight"], server.Mqtt, folder["outbox"], Launch.ClockOff(TimeSpan.FromDays(days)));
        Assert.True(await agent.ExitAsync(Finish) == 0, agent.Output);
        await Flight.AssertStoredOnceAsync(folder["flight"], server, Finish);
        foreach (JsonElement photo in await server.FeaturesAsync("photos"))
        {
            DateTimeOffset receivedAt = photo.GetProperty("properties").GetProperty("receivedAt").GetDateTimeOffset();
            Assert.InRange((TimeProvider.System.GetUtcNow() - receivedAt).Duration(), TimeSpan.Zero, TimeSpan.FromMinutes(10));
        }

        double off = TimeSpan.FromDays(days).TotalSeconds;
        Assert.InRange(await OffsetAsync(server) - off, -60, 60);
        JsonElement alarm = Assert.Single(await server.FeaturesAsync("alarms")).GetProperty("properties");
        Assert.Equal(("clock-skew", "raised"), (alarm.GetProperty("rule").GetString(), alarm.GetProperty("state").GetString()));

        // Its clock is set right; the next flight says so.
        TestPhotos.Write(folder["second"], count: 1, sizeBytes: 100_000, seed: 54);
        await using FieldProcess again = Agent.Start(folder["second"], server.Mqtt, folder["outbox"]);
        Assert.True(await again.ExitAsync(Finish) == 0, again.Output);
        Assert.InRange(await OffsetAsync(server), -60, 60);
    }

    [Fact]
    public async Task Server_whose_clock_was_set_back_keeps_its_data_and_takes_more()
    {
        Requirement.Program("faketime");
        using TemporaryFolder folder = new();
        TestPhotos.Write(folder["first"], count: 2, sizeBytes: 200_000, seed: 52);
        TestPhotos.Write(folder["second"], count: 2, sizeBytes: 200_000, seed: 53);
        long revision = await FlyAsync(folder["first"], folder, Launch.Plain);
        long later = await FlyAsync(folder["second"], folder, Launch.ClockOff(TimeSpan.FromDays(-3)));
        Assert.True(later > revision, $"a map that knows revision {revision} would never see {later}");
    }

    private static async Task<double> OffsetAsync(Server server) =>
        Assert.Single(await server.FeaturesAsync("devices")).GetProperty("properties").GetProperty("clockOffsetS").GetDouble();

    private static async Task<long> FlyAsync(string flight, TemporaryFolder folder, Launch launch)
    {
        await using Server server = await Server.StartAsync(folder["data"], launch);
        await using FieldProcess agent = Agent.Start(flight, server.Mqtt, folder["outbox"]);
        Assert.True(await agent.ExitAsync(Finish) == 0, agent.Output);
        IReadOnlyList<JsonElement> photos = await server.ScoredPhotosAsync(Finish);
        return photos.Max(p => p.GetProperty("properties").GetProperty("revision").GetInt64());
    }
}
