using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>
/// Step 2: with mosquitto between, which acknowledges from memory, a receipt keeps the promise: both are killed in turn, and nothing that
/// was receipted is lost or stored twice.
/// </summary>
public sealed class ExternalBrokerJourneyTests
{
    private const int Kills = 6;
    private const int Messages = 4000;
    private const int Devices = 3;

    private static readonly TimeSpan Finish = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Mosquitto_and_ingest_killed_in_turn_lose_nothing_that_has_a_receipt_and_store_nothing_twice()
    {
        Requirement.Holds(Mosquitto.IsInstalled, "mosquitto");
        using TemporaryFolder folder = new();
        await using Mosquitto mosquitto = await Mosquitto.StartAsync(folder.Path);
        Launch behind = Launch.With("FIELD_EXTERNAL_BROKER", mosquitto.Uri.ToString());
        AckLedger ledger = new();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(3 * Finish);
        ReceiptLoad[] load = [.. Enumerable.Range(0, Devices).Select(d => new ReceiptLoad(mosquitto.Uri, $"gauge-{d}", ledger))];
        long sent = 0;
        Server server = await Server.StartAsync(folder["data"], behind);
        try
        {
            TaskCompletionSource killed = new();
            Task<long[]> sending = Task.WhenAll(load.Select(l => l.RunAsync(Messages, killed.Task, TimeSpan.FromMilliseconds(1), limit.Token)));
            Random random = new(31);
            for (int kill = 0; kill < Kills; kill++)
            {
                long before = ledger.Count;
                int more = random.Next(50, 500);
                await Wait.UntilAsync(() => ledger.Count > before + more, Finish, () => $"receipts stopped at {ledger.Count}:\n{server.Output}");
                if (kill % 2 == 0)
                {
                    await mosquitto.RestartAsync();
                }
                else
                {
                    await server.KillAsync();
                    await server.DisposeAsync();
                    server = await Server.StartAsync(folder["data"], behind);
                }
            }

            killed.SetResult();
            await Wait.UntilAsync(
                () => sending.IsCompleted, Finish, () => $"no receipts for {string.Join(", ", load.Select(l => l.Kept))} messages:\n{server.Output}");
            sent = (await sending).Sum();
            await server.KillAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }

        Assert.InRange(sent, Devices * Messages, long.MaxValue);
        Assert.Equal(new LedgerResult(sent, sent, 0, 0), await ledger.CompareAsync(folder["data"]));
    }
}
