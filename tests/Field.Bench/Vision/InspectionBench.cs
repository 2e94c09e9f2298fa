using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Field.Bench.Figures;
using Field.Demo.Synthetic;
using Field.Harness;

namespace Field.Bench.Vision;

/// <summary>
/// How long headquarters waits: a card of 12-megapixel photos is handed to the agent, and the clock stops when the last photo's drafts are on
/// the ranked list of the server. Agent and server are processes of their own on this machine, without a limit on the link between them.
/// </summary>
internal static class InspectionBench
{
    private const double Megabyte = 1e6;
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(2);

    private static readonly Option<int> Photos = new("--photos") { DefaultValueFactory = _ => 300, Description = "On the card." };

    public static BenchCommand Command() => new("inspection", "From the card to the ranked list, for a whole flight.", RunAsync, Photos);

    private static async Task RunAsync(FigureSheet sheet, ParseResult arguments, CancellationToken cancel)
    {
        using TemporaryFolder folder = new();
        int photos = arguments.GetValue(Photos);
        sheet.Say($"drawing {photos} photos of 12 megapixels");
        SyntheticFlight flight = new(new DemoDataOptions { PhotoWidthPx = 4000 }, DeckFlight.Shots(photos - DeckFlight.Damaged));
        long bytes = Write(flight, folder["card"], cancel);

        await using Server server = await Server.StartAsync(folder["data"]);
        long begin = TimeProvider.System.GetTimestamp();
        await using FieldProcess agent = Agent.Start(folder["card"], server.Mqtt, folder["outbox"]);
        if (await agent.ExitAsync(LongestWait) != 0)
        {
            throw new HarnessException($"the agent did not send everything:\n{agent.Output}");
        }

        TimeSpan sent = TimeProvider.System.GetElapsedTime(begin);
        sheet.Say(string.Create(CultureInfo.InvariantCulture, $"sent and stored after {sent.TotalSeconds:0} s"));
        await ScoredAsync(server, photos, cancel);
        TimeSpan whole = TimeProvider.System.GetElapsedTime(begin);
        JsonElement[] drafts = await DraftsAsync(server);
        sheet.Add(new Figure("from the card to the ranked list", whole.TotalMinutes, "min")
        {
            Target = Target.AtMost(15),
            Note = string.Create(CultureInfo.InvariantCulture, $"{photos} photos of 12 megapixels, {bytes / Megabyte:#,0} MB; all sent and stored after {sent.TotalMinutes:0.0} min"),
        });
        sheet.Add(new Figure("time a photo", whole.TotalSeconds / photos, "s"));
        sheet.Add(new Figure("drafts on the list", drafts.Length, "") { Note = $"ranked by urgency; {DeckFlight.Damaged} photos show planted cracks" });
        sheet.Add(new Figure("server memory, peak", server.Process.Memory.PeakBytes / Megabyte, "MB"));
    }

    private static long Write(SyntheticFlight flight, string card, CancellationToken cancel)
    {
        Directory.CreateDirectory(card);
        long bytes = 0;
        Parallel.For(0, flight.Photos.Count, new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            byte[] jpeg = flight.Jpeg(i, cancel);
            File.WriteAllBytes(Path.Combine(card, flight.Photos[i].Shot.FileName), jpeg);
            Interlocked.Add(ref bytes, jpeg.Length);
        });
        return bytes;
    }

    /// <summary>Asks once a second: the answer itself costs the server time.</summary>
    private static async Task ScoredAsync(Server server, int photos, CancellationToken cancel)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            string[] states = [.. (await server.FeaturesAsync("photos")).Select(p => p.GetProperty("properties").GetProperty("state").GetString()!)];
            if (states.Length == photos && states.All(s => s == "scored"))
            {
                return;
            }

            if (states.Contains("unreadable") || TimeProvider.System.GetElapsedTime(begin) > LongestWait)
            {
                throw new HarnessException($"{states.Count(s => s == "scored")} of {photos} photos were scored:\n{server.Output}");
            }

            await Task.Delay(TimeSpan.FromSeconds(1), cancel);
        }
    }

    /// <summary>What an engineer sees on the list, most urgent first.</summary>
    private static async Task<JsonElement[]> DraftsAsync(Server server) =>
    [
        .. (await server.FeaturesAsync("findings")).Select(f => f.GetProperty("properties"))
            .Where(p => p.GetProperty("status").GetString() == "draft" && p.GetProperty("mergedInto").ValueKind == JsonValueKind.Null)
            .OrderByDescending(p => p.GetProperty("urgency").GetDouble()),
    ];
}
