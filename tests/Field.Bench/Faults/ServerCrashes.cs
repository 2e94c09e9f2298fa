using Field.Bench.Figures;
using Field.Harness;

namespace Field.Bench.Faults;

/// <summary>The half of the bench that kills the server.</summary>
internal static class ServerCrashes
{
    private const string Subject = "server killed: ";
    private const int Devices = 8;
    private const int InFlight = 32;
    private const int PhotosPerKill = 2;
    private const int PhotoBytes = 300_000;

    /// <summary>One kill in so many comes while the server starts: recovery must survive a crash too.</summary>
    private const int KillsPerKillAtStart = 5;

    private const int MaxAcknowledgedBetweenKills = 4_000;
    private const int MaxStartMs = 1_500;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task RunAsync(FigureSheet sheet, int kills, Random random, CancellationToken cancel)
    {
        using TemporaryFolder folder = new();
        string card = folder["card"];
        Directory.CreateDirectory(card);
        await using LinkProxy link = new();
        AckLedger ledger = new();
        List<double> startMs = [];
        await using TelemetryLoad load = new(() => link.Uri, Devices, InFlight, ledger);
        await using (FieldProcess agent = Agent.Watch(card, link.Uri, folder["outbox"]))
        {
            for (int kill = 1; kill <= kills; kill++)
            {
                cancel.ThrowIfCancellationRequested();
                TestPhotos.Write(card, PhotosPerKill, PhotoBytes, seed: kill);
                startMs.AddRange(await KillAsync(kill, folder["data"], link, ledger, random));
                if (kill % 20 == 0)
                {
                    sheet.Say($"{kill} kills of the server, {ledger.Count} messages acknowledged");
                }
            }

            await agent.KillAsync();
        }

        await FinishAsync(sheet, folder, link, load, cancel);
        sheet.Add(new Figure("kill -9 of the server", kills, "kills") { Note = $"{kills / KillsPerKillAtStart} of them while it started" });
        sheet.Add(new Figure("server start, median", startMs.Count > 0 ? startMs.Order().ElementAt(startMs.Count / 2) : 0, "ms"));
    }

    /// <summary>Starts the server, lets it work for a random while, kills it; returns how long the start took, unless it was killed in it.</summary>
    private static async Task<double[]> KillAsync(int kill, string data, LinkProxy link, AckLedger ledger, Random random)
    {
        if (kill % KillsPerKillAtStart == 0)
        {
            await using FieldProcess starting = Server.StartProcess(data);
            await Task.Delay(random.Next(MaxStartMs));
            await starting.KillAsync();
            return [];
        }

        long begin = TimeProvider.System.GetTimestamp();
        await using Server server = await Server.StartAsync(data);
        double startMs = TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds;
        link.TargetPort = server.MqttPort;
        long until = ledger.Count + random.Next(1, MaxAcknowledgedBetweenKills);
        await Wait.UntilAsync(() => ledger.Count >= until, Limit, () => $"no acknowledgements:\n{server.Output}");
        await server.KillAsync();
        return [startMs];
    }

    private static async Task FinishAsync(FigureSheet sheet, TemporaryFolder folder, LinkProxy link, TelemetryLoad load, CancellationToken cancel)
    {
        await using (Server server = await Server.StartAsync(folder["data"]))
        {
            link.TargetPort = server.MqttPort;
            await load.DrainAsync(Limit);
            await using FieldProcess agent = Agent.Start(folder["card"], link.Uri, folder["outbox"]);
            if (await agent.ExitAsync(TimeSpan.FromMinutes(10)) != 0)
            {
                throw new HarnessException($"the agent did not send everything:\n{agent.Output}");
            }

            await PhotoCheck.AddAsync(sheet, folder["card"], server, Subject, cancel);
            await server.KillAsync();
        }

        LedgerResult result = await load.Ledger.CompareAsync(folder["data"]);
        sheet.Add(new Figure($"{Subject}telemetry acknowledged", result.Acknowledged, "messages"));
        sheet.Add(new Figure($"{Subject}telemetry acknowledged and lost", result.Lost, "messages") { Target = Target.Exactly(0) });
        sheet.Add(new Figure($"{Subject}telemetry stored twice", result.Twice, "messages") { Target = Target.Exactly(0) });
    }
}
