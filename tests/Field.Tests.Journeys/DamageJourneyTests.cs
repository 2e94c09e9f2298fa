using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>
/// The end of each journal, damaged as a power cut or a bad disk does it, after kill -9. Bytes behind what was acknowledged may be
/// anything: nothing is lost. When the disk loses bytes that it had promised to keep, the last commit goes, and nothing else.
/// </summary>
public sealed class DamageJourneyTests
{
    private const int DamagedBytes = 64;

    private static readonly TimeSpan Finish = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData(TailDamage.Truncated)]
    [InlineData(TailDamage.Zeroed)]
    [InlineData(TailDamage.Flipped)]
    [InlineData(TailDamage.GarbageAppended)]
    public async Task Outbox_with_a_damaged_end_is_taken_up_and_every_photo_arrives_once(TailDamage damage)
    {
        using TemporaryFolder folder = new();
        TestPhotos.Write(folder["flight"], count: 8, sizeBytes: 300_000, seed: 71);
        await using Server server = await Server.StartAsync(folder["data"]);
        await using LinkProxy link = new(upBytesPerSecond: 1_500_000) { TargetPort = server.MqttPort };
        await using (FieldProcess doomed = Agent.Start(folder["flight"], link.Uri, folder["outbox"]))
        {
            await Flight.CarriesAsync(link, 500_000, Finish);
            await doomed.KillAsync();
        }

        Tail.Damage(Path.Combine(folder["outbox"], "journal"), damage, DamagedBytes);
        await using FieldProcess agent = Agent.Start(folder["flight"], link.Uri, folder["outbox"]);
        Assert.True(await agent.ExitAsync(Finish) == 0, agent.Output);
        await Flight.AssertStoredOnceAsync(folder["flight"], server, Finish);
    }

    [Theory]
    [InlineData(TailDamage.Truncated)]
    [InlineData(TailDamage.Zeroed)]
    [InlineData(TailDamage.Flipped)]
    [InlineData(TailDamage.GarbageAppended)]
    public async Task Telemetry_log_with_a_damaged_end_loses_its_last_commit_at_most(TailDamage damage)
    {
        using TemporaryFolder folder = new();
        AckLedger ledger = new();
        await using (Server server = await Server.StartAsync(folder["data"]))
        {
            // One message at a time: each is a commit of its own.
            await using TelemetryLoad load = new(() => server.Mqtt, devices: 1, inFlight: 1, ledger);
            await Wait.UntilAsync(() => ledger.Count >= 50, Finish, () => "no acknowledgements");
            await load.DrainAsync(Finish);
            await server.KillAsync();
        }

        string log = Path.Combine(folder["data"], "telemetry.sqlite-wal");
        Tail.Damage(log, damage, DamagedBytes);
        await using (Server next = await Server.StartAsync(folder["data"]))
        {
            await next.KillAsync();
        }

        LedgerResult result = await ledger.CompareAsync(folder["data"]);
        Assert.InRange(result.Lost, 0, damage == TailDamage.GarbageAppended ? 0 : 1);
        Assert.Equal(0, result.Twice);
        Assert.Equal(result.Acknowledged - result.Lost, result.Stored);
    }
}
