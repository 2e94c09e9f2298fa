using System.CommandLine;
using Field.Bench.Figures;
using Field.Harness;

namespace Field.Bench.Faults;

/// <summary>
/// One device comes back after a month without a line: a sample each ten seconds and the photos of its card wait in its outbox, and one
/// agent brings all of it to the server over a line that is as fast as the machine.
/// </summary>
internal static class ThirtyDaysBench
{
    private const string Device = "sim-sensor-1";
    private const int PhotoBytes = 1_000_000;
    private const double Megabyte = 1e6;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private static readonly Option<int> Days = new("--days") { DefaultValueFactory = _ => 30, Description = "Time without a line; 8,640 samples each day." };
    private static readonly Option<int> Photos = new("--photos") { DefaultValueFactory = _ => 500, Description = "Photos of 1 MB on the card." };

    public static BenchCommand Command() => new(
        "30days", "A month of samples and photos in one outbox, drained completely: what is stored, the agent's memory.", RunAsync, Days, Photos);

    private static async Task RunAsync(FigureSheet sheet, ParseResult arguments, CancellationToken cancel)
    {
        using TemporaryFolder folder = new();
        string outbox = Path.Combine(folder["outbox"], Device);
        string card = Path.Combine(outbox, "card");
        DurableSamples durable = new(folder["outbox"]);
        sheet.Say($"filling the outbox with {arguments.GetValue(Days)} days and {arguments.GetValue(Photos)} photos");
        TestPhotos.Write(card, arguments.GetValue(Photos), PhotoBytes, seed: 1);
        await using (FieldProcess offline = Start(folder, "--offline", "--fill-outbox", $"{arguments.GetValue(Days)}d"))
        {
            await EndsAsync(offline);
        }

        durable.Read();
        sheet.Add(new Figure("outbox before", (SizeOf(outbox) - SizeOf(card)) / Megabyte, "MB") { Note = "without the card" });
        await using (Server server = await Server.StartAsync(folder["data"]))
        {
            await DrainAsync(sheet, folder, server, cancel);
            await PhotoCheck.AddAsync(sheet, card, server, subject: "", cancel);
            await server.KillAsync();
        }

        sheet.Add(new Figure("outbox afterwards", (SizeOf(outbox) - SizeOf(card)) / Megabyte, "MB"));
        await durable.AddAsync(sheet, folder["data"], subject: "");
    }

    private static async Task DrainAsync(FigureSheet sheet, TemporaryFolder folder, Server server, CancellationToken cancel)
    {
        long begin = TimeProvider.System.GetTimestamp();
        await using FieldProcess agent = Start(folder, "--broker", server.Mqtt.ToString());
        Task sent = EndsAsync(agent);
        long peak = 0;
        while (!sent.IsCompleted)
        {
            cancel.ThrowIfCancellationRequested();
            peak = Math.Max(peak, agent.Memory.PeakBytes);
            await Task.WhenAny(sent, Task.Delay(5, cancel));
        }

        await sent;
        sheet.Add(new Figure("drained in", TimeProvider.System.GetElapsedTime(begin).TotalSeconds, "s"));
        sheet.Add(new Figure("agent memory, peak", peak / Megabyte, "MB") { Target = Target.AtMost(100), Note = "VmHWM" });
        sheet.Add(new Figure("server memory, peak", server.Process.Memory.PeakBytes / Megabyte, "MB"));
    }

    /// <summary>One device that measures nothing now.</summary>
    private static FieldProcess Start(TemporaryFolder folder, params string[] more) =>
        Agent.Sim("sensor:1", folder["outbox"], ["--rate", "0", "--duration", "0", .. more]);

    private static async Task EndsAsync(FieldProcess agent)
    {
        if (await agent.ExitAsync(Limit) != 0)
        {
            throw new HarnessException($"the agent did not do everything:\n{agent.Output}");
        }
    }

    private static long SizeOf(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
}
