using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Field.Harness;
using Field.Mqtt;

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

    [Theory]
    [InlineData(TailDamage.Truncated)]
    [InlineData(TailDamage.Zeroed)]
    [InlineData(TailDamage.Flipped)]
    [InlineData(TailDamage.GarbageAppended)]
    public async Task Photo_store_with_a_damaged_end_has_every_photo_once_and_scores_again_what_it_lost(TailDamage damage)
    {
        using TemporaryFolder folder = new();
        TestPhotos.Write(folder["flight"], count: 4, sizeBytes: 100_000, seed: 72);
        await using (Server server = await Server.StartAsync(folder["data"]))
        {
            await using FieldProcess agent = Agent.Start(folder["flight"], server.Mqtt, folder["outbox"]);
            Assert.True(await agent.ExitAsync(Finish) == 0, agent.Output);
            await server.ScoredPhotosAsync(Finish);
            await server.KillAsync();
        }

        Tail.Damage(Path.Combine(folder["data"], "field.gpkg-wal"), damage, DamagedBytes);
        await using Server next = await Server.StartAsync(folder["data"]);
        await Flight.AssertStoredOnceAsync(folder["flight"], next, Finish);
    }

    [Theory]
    [InlineData(TailDamage.Truncated)]
    [InlineData(TailDamage.Zeroed)]
    [InlineData(TailDamage.Flipped)]
    [InlineData(TailDamage.GarbageAppended)]
    public async Task Broker_state_with_a_damaged_end_loses_its_last_message_at_most(TailDamage damage)
    {
        const int Messages = 50;
        string filler = new('x', 4 * DamagedBytes); // a record is longer than the damage
        using TemporaryFolder folder = new();
        await using (Server server = await Server.StartAsync(folder["data"]))
        {
            await using MqttClient publisher = await ConnectAsync(server);
            for (int i = 1; i <= Messages; i++)
            {
                await publisher.PublishAsync(new($"notes/{i}", Encoding.ASCII.GetBytes($"{i} {filler}"), 1, Retain: true), TestContext.Current.CancellationToken);
            }

            await server.KillAsync();
        }

        Tail.Damage(Directory.GetFiles(Path.Combine(folder["data"], "broker"), "state-*.log").Order(StringComparer.Ordinal).Last(), damage, DamagedBytes);
        await using Server next = await Server.StartAsync(folder["data"]);
        ConcurrentDictionary<int, string> received = await RetainedAsync(next);
        Assert.InRange(received.Count, Messages - (damage == TailDamage.GarbageAppended ? 0 : 1), Messages);
        Assert.All(received, r => Assert.Equal($"{r.Key} {filler}", r.Value));
    }

    private static Task<MqttClient> ConnectAsync(Server server) =>
        MqttClient.ConnectAsync(new() { Server = server.Mqtt, ClientId = "notes" }, TestContext.Current.CancellationToken);

    /// <summary>What a new subscriber is given: retained messages come before the next that is published.</summary>
    private static async Task<ConcurrentDictionary<int, string>> RetainedAsync(Server server)
    {
        ConcurrentDictionary<int, string> received = new();
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using MqttClient client = await ConnectAsync(server);
        await client.SubscribeAsync(
            "notes/#",
            1,
            (message, _) =>
            {
                string name = message.Topic["notes/".Length..];
                if (name == "end")
                {
                    all.TrySetResult();
                }
                else
                {
                    received[int.Parse(name, CultureInfo.InvariantCulture)] = Encoding.ASCII.GetString(message.Payload.Span);
                }

                return default;
            },
            TestContext.Current.CancellationToken);
        await client.PublishAsync(new("notes/end", ReadOnlyMemory<byte>.Empty, 1), TestContext.Current.CancellationToken);
        await all.Task.WaitAsync(Finish, TestContext.Current.CancellationToken);
        return received;
    }
}
