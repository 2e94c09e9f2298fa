using Field.Bench.Figures;
using Field.Harness;

namespace Field.Bench.Faults;

/// <summary>The half of the bench that kills the agent.</summary>
internal static class AgentCrashes
{
    private const int PhotosPerKill = 2;
    private const int PhotoBytes = 700_000;
    private const int LinkBytesPerSecond = 3_000_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task RunAsync(FigureSheet sheet, int kills, Random random, CancellationToken cancel)
    {
        using TemporaryFolder folder = new();
        await using Server server = await Server.StartAsync(folder["data"]);
        await using LinkProxy link = new(LinkBytesPerSecond) { TargetPort = server.MqttPort };
        for (int kill = 1; kill <= kills; kill++)
        {
            cancel.ThrowIfCancellationRequested();
            TestPhotos.Write(folder["card"], PhotosPerKill, PhotoBytes, seed: kill);
            await using FieldProcess doomed = Agent.Watch(folder["card"], link.Uri, folder["outbox"]);
            long until = link.CarriedBytes + random.Next(1, PhotosPerKill * PhotoBytes);
            await Wait.UntilAsync(() => link.CarriedBytes >= until, Limit, () => $"nothing was sent:\n{doomed.Output}");
            await doomed.KillAsync();
        }

        await using FieldProcess agent = Agent.Start(folder["card"], link.Uri, folder["outbox"]);
        if (await agent.ExitAsync(TimeSpan.FromMinutes(10)) != 0)
        {
            throw new HarnessException($"the agent did not send everything:\n{agent.Output}");
        }

        await PhotoCheck.AddAsync(sheet, folder["card"], server, subject: "agent killed: ", cancel);
        sheet.Add(new Figure("kill -9 of the agent", kills, "kills"));
    }
}
