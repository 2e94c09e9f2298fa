using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>A link that is cut, reset, slow, one-sided or silent: every photo arrives once, without anybody's help.</summary>
public sealed class LinkJourneyTests
{
    private const int PhotoBytes = 400_000;

    private static readonly TimeSpan Finish = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Link_cut_and_reset_during_an_upload_every_photo_arrives_once()
    {
        using TemporaryFolder folder = new();
        TestPhotos.Write(folder["flight"], count: 20, PhotoBytes, seed: 31);
        await using Server server = await Server.StartAsync(folder["data"]);
        await using LinkProxy link = new(upBytesPerSecond: 3_000_000) { TargetPort = server.MqttPort };
        await using FieldProcess agent = Agent.Start(folder["flight"], link.Uri, folder["outbox"]);
        Random random = new(31);
        for (int cut = 0; cut < 8; cut++)
        {
            await Flight.CarriesAsync(link, 100_000 + random.Next(600_000), Finish);
            if (cut % 2 == 0)
            {
                link.Cut();
            }
            else
            {
                link.Reset();
            }
        }

        Assert.True(await agent.ExitAsync(Finish) == 0, agent.Output);
        await Flight.AssertStoredOnceAsync(folder["flight"], server, Finish);
    }

    [Fact]
    public async Task Link_that_is_slow_in_both_directions_carries_the_upload_without_a_repeat()
    {
        using TemporaryFolder folder = new();
        TestPhotos.Write(folder["flight"], count: 2, PhotoBytes, seed: 32);
        await using Server server = await Server.StartAsync(folder["data"]);
        await using LinkProxy link = new(upBytesPerSecond: 100_000) { TargetPort = server.MqttPort, DownBytesPerSecond = 500 };
        await using FieldProcess agent = Agent.Start(folder["flight"], link.Uri, folder["outbox"]);
        Assert.True(await agent.ExitAsync(Finish) == 0, agent.Output);
        await Flight.AssertStoredOnceAsync(folder["flight"], server, Finish);
        Assert.Equal(1, link.ConnectionCount);
        Assert.InRange(link.SentBytes, 2 * PhotoBytes, 2.1 * PhotoBytes);
    }

    [Theory]
    [InlineData(LinkDirection.Up)]
    [InlineData(LinkDirection.Down)]
    [InlineData(LinkDirection.Both)]
    public async Task Link_without_signal_for_a_while_goes_on_where_it_was(LinkDirection lost)
    {
        using TemporaryFolder folder = new();
        TestPhotos.Write(folder["flight"], count: 6, PhotoBytes, seed: 33);
        await using Server server = await Server.StartAsync(folder["data"]);
        await using LinkProxy link = new(upBytesPerSecond: 3_000_000) { TargetPort = server.MqttPort };
        await using FieldProcess agent = Agent.Start(folder["flight"], link.Uri, folder["outbox"]);
        await Flight.CarriesAsync(link, PhotoBytes, Finish);
        link.Swallows = lost;
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken); // the input of the test: how long the signal is away
        Assert.False(agent.HasExited, agent.Output);
        link.Swallows = LinkDirection.None;
        Assert.True(await agent.ExitAsync(Finish) == 0, agent.Output);
        Assert.Equal(1, link.ConnectionCount);
        await Flight.AssertStoredOnceAsync(folder["flight"], server, Finish);
    }
}

/// <summary>In a class of its own, because it waits for the keep-alive and others can run meanwhile.</summary>
public sealed class HalfOpenLinkJourneyTests
{
    private static readonly TimeSpan Finish = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Link_whose_server_end_is_gone_is_found_dead_and_opened_again()
    {
        using TemporaryFolder folder = new();
        TestPhotos.Write(folder["flight"], count: 10, sizeBytes: 400_000, seed: 34);
        await using Server server = await Server.StartAsync(folder["data"]);
        await using LinkProxy link = new(upBytesPerSecond: 3_000_000) { TargetPort = server.MqttPort };
        await using FieldProcess agent = Agent.StartImpatient(folder["flight"], link.Uri, folder["outbox"]);
        await Flight.CarriesAsync(link, 400_000, Finish);
        link.LoseServerEnds();
        Assert.True(await agent.ExitAsync(Finish) == 0, agent.Output);
        Assert.True(link.ConnectionCount > 1);
        await Flight.AssertStoredOnceAsync(folder["flight"], server, Finish);
    }
}
