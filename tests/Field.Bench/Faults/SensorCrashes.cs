using Field.Bench.Figures;
using Field.Harness;

namespace Field.Bench.Faults;

/// <summary>The part of the bench that kills sensors while they sample, keep and send: what they had kept must arrive once.</summary>
internal static class SensorCrashes
{
    private const string Subject = "sensors killed: ";
    private const string Devices = "sensor:3";
    private const string SamplesPerSecond = "300";

    /// <summary>Slower than they sample, so that every kill finds messages on their way and samples that wait.</summary>
    private const int LinkBytesPerSecond = 60_000;

    private const int MaxBytesBetweenKills = 60_000;

    /// <summary>One kill in so many comes while the agent starts and takes up what earlier runs left.</summary>
    private const int KillsPerKillAtStart = 5;

    private const int MaxStartMs = 500;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task RunAsync(FigureSheet sheet, int kills, Random random, CancellationToken cancel)
    {
        using TemporaryFolder folder = new();
        DurableSamples durable = new(folder["outbox"]);
        await using (Server server = await Server.StartAsync(folder["data"]))
        {
            await using LinkProxy link = new(LinkBytesPerSecond) { TargetPort = server.MqttPort };
            for (int kill = 1; kill <= kills; kill++)
            {
                cancel.ThrowIfCancellationRequested();
                await using FieldProcess doomed = Start(folder, link, SamplesPerSecond, "3600");
                if (kill % KillsPerKillAtStart == 0)
                {
                    await Task.Delay(random.Next(MaxStartMs), cancel);
                }
                else
                {
                    long until = link.CarriedBytes + random.Next(1, MaxBytesBetweenKills);
                    await Wait.UntilAsync(() => link.CarriedBytes >= until, Limit, () => $"nothing was sent:\n{doomed.Output}");
                }

                await doomed.KillAsync();
                durable.Read();
            }

            link.UpBytesPerSecond = 0;
            await using FieldProcess rest = Start(folder, link, "0", "0");
            if (await rest.ExitAsync(Limit) != 0)
            {
                throw new HarnessException($"the agent did not send everything:\n{rest.Output}");
            }

            await server.KillAsync();
        }

        await durable.AddAsync(sheet, folder["data"], Subject);
        sheet.Add(new Figure("kill -9 of sensors", kills, "kills") { Note = $"{kills / KillsPerKillAtStart} of them while they started" });
    }

    private static FieldProcess Start(TemporaryFolder folder, LinkProxy link, string samplesPerSecond, string seconds) => Agent.Sim(
        Devices, folder["outbox"], "--broker", link.Uri.ToString(), "--rate", samplesPerSecond, "--duration", seconds);
}
