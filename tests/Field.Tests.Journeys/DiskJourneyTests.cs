using System.Globalization;
using System.Text.Json;
using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>A disk that is full, of the server and of the device: nothing is acknowledged that is not stored, and it says what to do.</summary>
public sealed class DiskJourneyTests
{
    private static readonly TimeSpan Finish = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Server_with_a_full_disk_acknowledges_nothing_that_is_not_stored_and_goes_on_when_there_is_room()
    {
        Requirement.SmallDisk();
        using SmallDisk disk = new(megabytes: 64);
        await using LinkProxy link = new();
        AckLedger ledger = new();
        await using TelemetryLoad load = new(() => link.Uri, devices: 4, inFlight: 16, ledger);
        await using (Server server = await Server.StartAsync(disk["data"]))
        {
            link.TargetPort = server.MqttPort;
            await AcknowledgesAsync(ledger, 500);
            disk.Fill();
            await server.Process.SaysAsync("disk is full", Finish);
            Assert.False(server.Process.HasExited, server.Output);
            disk.MakeRoom();
            await AcknowledgesAsync(ledger, 500);
            disk.Fill();
            await RefusesAsync(ledger);
            await server.KillAsync();
        }

        disk.MakeRoom();
        await using Server next = await Server.StartAsync(disk["data"]);
        link.TargetPort = next.MqttPort;
        await AcknowledgesAsync(ledger, 500);
        await load.DrainAsync(Finish);
        await next.KillAsync();
        LedgerResult result = await ledger.CompareAsync(disk["data"]);
        Assert.Equal((0, 0), (result.Lost, result.Twice));
        Assert.Equal(result.Acknowledged, result.Stored);
    }

    [Fact]
    public async Task Photos_to_a_server_with_a_full_disk_wait_on_the_card_and_arrive_when_there_is_room()
    {
        Requirement.SmallDisk();
        using TemporaryFolder folder = new();
        using SmallDisk disk = new(megabytes: 64);
        TestPhotos.Write(folder["flight"], count: 6, sizeBytes: 700_000, seed: 41);
        await using Server server = await Server.StartAsync(disk["data"]);
        await using LinkProxy link = new(upBytesPerSecond: 2_000_000) { TargetPort = server.MqttPort };
        await using FieldProcess agent = Agent.Start(folder["flight"], link.Uri, folder["outbox"]);
        await Flight.CarriesAsync(link, 1_000_000, Finish);
        disk.Fill();
        await server.Process.SaysAsync("disk is full", Finish);
        Assert.False(agent.HasExited, agent.Output);
        disk.MakeRoom();
        Assert.True(await agent.ExitAsync(Finish) == 0, agent.Output);
        await Flight.AssertStoredOnceAsync(folder["flight"], server, Finish);
    }

    [Fact]
    public async Task Server_that_cannot_begin_on_a_full_disk_says_so()
    {
        Requirement.SmallDisk();
        using SmallDisk disk = new(megabytes: 1);
        disk.Fill();
        await using FieldProcess server = Server.StartProcess(disk["data"]);
        Assert.Equal(2, await server.ExitAsync(Finish));
        Assert.Contains(disk.Path, server.Output, StringComparison.Ordinal);
        Assert.Contains("disk is full", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agent_whose_outbox_is_on_a_full_disk_says_so_and_finishes_when_there_is_room()
    {
        Requirement.SmallDisk();
        using TemporaryFolder folder = new();
        using SmallDisk disk = new(megabytes: 1);
        TestPhotos.Write(folder["flight"], count: 3, sizeBytes: 100_000, seed: 42);
        await using Server server = await Server.StartAsync(folder["data"]);
        Directory.CreateDirectory(disk["outbox"]);
        disk.Fill();
        await using (FieldProcess refused = Agent.Start(folder["flight"], server.Mqtt, disk["outbox"]))
        {
            Assert.Equal(2, await refused.ExitAsync(Finish));
            Assert.Contains(disk["outbox"], refused.Output, StringComparison.Ordinal);
            Assert.Contains("free space", refused.Output, StringComparison.Ordinal);
        }

        disk.MakeRoom();
        await using FieldProcess agent = Agent.Start(folder["flight"], server.Mqtt, disk["outbox"]);
        Assert.True(await agent.ExitAsync(Finish) == 0, agent.Output);
        await Flight.AssertStoredOnceAsync(folder["flight"], server, Finish);
    }

    [Fact]
    public async Task Sensor_whose_disk_fills_loses_nothing_that_it_does_not_tell_and_goes_on_when_there_is_room()
    {
        const int First = 1_500;
        const int All = 6_000; // what follows the first is more than the pipe holds, so it is not written before the agent has met the full disk
        const string Device = "river-1";
        Requirement.SmallDisk();
        using TemporaryFolder folder = new();
        using SmallDisk disk = new(megabytes: 16);
        long free = disk.FreeBytes;
        await using Server server = await Server.StartAsync(folder["data"]);
        await using LinkProxy link = new(); // nothing behind it yet: everything waits in the outbox
        await using FieldProcess fifo = FieldProcess.Start("mkfifo", "mkfifo", folder["lines"]);
        Assert.Equal(0, await fifo.ExitAsync(Finish));
        await using FieldProcess agent = Agent.Sensor(Device, folder["lines"], link.Uri, disk["outbox"], folder["summary"]);
        await using StreamWriter lines = new(folder["lines"]);
        await WriteAsync(lines, 1, First);
        await Wait.UntilAsync(() => free - disk.FreeBytes > 65_536, Finish, () => $"nothing was kept:\n{agent.Output}");
        disk.Fill();
        Task writing = WriteAsync(lines, First + 1, All);
        await Task.WhenAny(writing, agent.SaysAsync("could not write", Finish));
        Assert.False(agent.HasExited, agent.Output);
        disk.MakeRoom();
        await writing;
        await lines.DisposeAsync();
        link.TargetPort = server.MqttPort;
        Assert.True(await agent.ExitAsync(Finish) == 0, agent.Output);
        await server.KillAsync();

        await using StoredTelemetry store = StoredTelemetry.Open(folder["data"]);
        Dictionary<long, int> stored = await store.TimesStoredAsync(Device);
        long dropped = JsonElement.Parse(await File.ReadAllBytesAsync(folder["summary"], TestContext.Current.CancellationToken)).GetProperty("dropped").GetInt64();
        Assert.All(stored.Values, times => Assert.Equal(1, times));
        Assert.Equal(All, stored.Count + dropped);
        Assert.True(dropped > 0 || agent.Output.Contains("could not write", StringComparison.Ordinal), agent.Output);
    }

    /// <summary>Lines of a second each, whose value is their number.</summary>
    private static async Task WriteAsync(StreamWriter lines, int first, int last)
    {
        for (int i = first; i <= last; i++)
        {
            await lines.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{1_777_593_600 + i},{TelemetryLoad.Quantity},{i},m"));
        }

        await lines.FlushAsync(TestContext.Current.CancellationToken);
    }

    private static async Task AcknowledgesAsync(AckLedger ledger, long more)
    {
        long before = ledger.Count;
        await Wait.UntilAsync(() => ledger.Count >= before + more, Finish, () => $"no {more} more acknowledgements");
    }

    /// <summary>Waits until the last room in files that had been made before is used up.</summary>
    private static async Task RefusesAsync(AckLedger ledger)
    {
        long last = -1;
        await Wait.UntilAsync(
            async () =>
            {
                (long before, last) = (last, ledger.Count);
                await Task.Delay(500, TestContext.Current.CancellationToken);
                return last == before;
            },
            Finish,
            () => "acknowledgements never ended");
    }
}
