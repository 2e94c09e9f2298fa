using System.CommandLine;
using Field.Bench.Figures;
using Field.Harness;

namespace Field.Bench.Faults;

/// <summary>
/// A card full of photos over a radio link that is cut again and again. The bytes are those that left the agent, with MQTT and the
/// chunks' headers, and with what a cut lost on the way.
/// </summary>
internal static class FlightBench
{
    private const int PhotoBytes = 1_000_000;
    private const double Megabyte = 1e6;

    private static readonly Option<int> Photos = new("--photos") { DefaultValueFactory = _ => 2_000, Description = "Photos of 1 MB on the card." };
    private static readonly Option<int> Cuts = new("--cuts") { DefaultValueFactory = _ => 50, Description = "How often the link is cut." };
    private static readonly Option<int> Rate = new("--rate") { DefaultValueFactory = _ => 200, Description = "Of the link, Mbit/s; 0 for no limit." };

    public static BenchCommand Command() => new(
        "flight", "Photos over a link that is cut: every SHA-256, bytes sent per byte stored, the server's memory.", RunAsync, Photos, Cuts, Rate);

    private static async Task RunAsync(FigureSheet sheet, ParseResult arguments, CancellationToken cancel)
    {
        (int photos, int cuts) = (arguments.GetValue(Photos), arguments.GetValue(Cuts));
        using TemporaryFolder folder = new();
        sheet.Say($"writing {photos} photos of 1 MB");
        TestPhotos.Write(folder["card"], photos, PhotoBytes, seed: 1);
        await using Server server = await Server.StartAsync(folder["data"]);
        await using LinkProxy link = new(arguments.GetValue(Rate) * 125_000) { TargetPort = server.MqttPort };
        long begin = TimeProvider.System.GetTimestamp();
        await using FieldProcess agent = Agent.Start(folder["card"], link.Uri, folder["outbox"]);
        Task<int> sent = agent.ExitAsync(TimeSpan.FromMinutes(60));
        await FlyAsync(sheet, link, server, agent, sent, photos, cuts, cancel);
        double seconds = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
        double serverPeak = server.Process.Memory.PeakBytes / Megabyte;
        long bytes = await PhotoCheck.AddAsync(sheet, folder["card"], server, subject: "", cancel);
        sheet.Add(new Figure("time", seconds, "s") { Note = $"{cuts} cuts, {link.ConnectionCount} connections" });
        sheet.Add(new Figure("bytes sent per byte stored", (double)link.SentBytes / bytes, "") { Target = Target.AtMost(1.02) });
        sheet.Add(new Figure("server memory, peak", serverPeak, "MB"));
    }

    /// <summary>Cuts the link at even distances and looks at the server's memory on the way.</summary>
    private static async Task FlyAsync(
        FigureSheet sheet, LinkProxy link, Server server, FieldProcess agent, Task<int> sent, int photos, int cuts, CancellationToken cancel)
    {
        long total = (long)photos * PhotoBytes;
        double agentPeak = 0, atTenth = 0;
        Queue<double> looks = new([0.1, 0.5]);
        int cut = 0;
        while (!sent.IsCompleted)
        {
            cancel.ThrowIfCancellationRequested();
            double share = (double)link.CarriedBytes / total;
            if (cut < cuts && share >= (cut + 1.0) / (cuts + 1))
            {
                link.Cut();
                cut++;
            }

            if (looks.TryPeek(out double look) && share >= look)
            {
                looks.Dequeue();
                double memory = server.Process.Memory.ResidentBytes / Megabyte;
                atTenth = look < 0.5 ? memory : atTenth;
                sheet.Add(new Figure($"server memory at {look:0 %}", memory, "MB"));
            }

            agentPeak = Math.Max(agentPeak, agent.Memory.PeakBytes / Megabyte);
            await Task.WhenAny(sent, Task.Delay(5, cancel));
        }

        if (await sent != 0)
        {
            throw new HarnessException($"the agent did not send everything:\n{agent.Output}");
        }

        double atEnd = server.Process.Memory.ResidentBytes / Megabyte;
        sheet.Add(new Figure("server memory at 100 %", atEnd, "MB"));
        sheet.Add(new Figure("server memory, end per tenth", atEnd / atTenth, "") { Target = Target.AtMost(1.25) });
        sheet.Add(new Figure("agent memory, peak", agentPeak, "MB"));
    }
}
