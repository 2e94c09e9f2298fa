using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Field.Bench.Figures;
using Field.Mqtt;

namespace Field.Bench;

/// <summary>
/// Backfill: what one device gathered while it was offline, from its first packet to the last acknowledgement, every observation stored.
/// Beside it InfluxDB, which takes the same observations by its own line protocol and syncs its log before it answers.
/// </summary>
internal static class IngestBench
{
    private const int PerPack = 1_000;
    private const int PerWrite = 5_000; // what InfluxData recommends
    private const long FirstSecond = 1_790_000_000;

    private static readonly Option<int> Observations = new("--observations") { Description = "Of one device.", DefaultValueFactory = _ => 250_000 };
    private static readonly Option<int> Runs = new("--runs") { Description = "The median counts.", DefaultValueFactory = _ => 3 };

    public static BenchCommand Command() =>
        new("ingest", "Backfill of one device that was offline, beside InfluxDB.", RunAsync, Observations, Runs);

    private static async Task RunAsync(FigureSheet sheet, ParseResult arguments, CancellationToken cancel)
    {
        int count = arguments.GetValue(Observations);
        double[] influx = await MeasureAsync(() => Peers.InfluxAsync(), (server, run) => WriteAsync(server, run, count, cancel), arguments);
        long missing = 0;
        double[] field = await MeasureAsync(
            () => BenchProcess.FieldAsync(),
            async (server, run) =>
            {
                double seconds = await PublishAsync(server, run, count, cancel);
                missing = ((run + 1L) * count) - TelemetryCount.Levels(server.Folder);
                return seconds;
            },
            arguments);
        sheet.Add(new Figure($"backfill of {count:#,0} observations", Median(field), "s")
        {
            Target = Target.AtMost(10),
            Peer = new Peer("InfluxDB 1.x, lines of 5,000", Median(influx)),
            Note = string.Create(CultureInfo.InvariantCulture, $"one device, packs of {PerPack}; median, {field.Min():0.00} to {field.Max():0.00}; aim 3"),
        });
        sheet.Add(new Figure("backfill acknowledged and not in the store", missing, "observations") { Target = Target.Exactly(0) });
    }

    private static async Task<double[]> MeasureAsync(
        Func<Task<BenchProcess>> start, Func<BenchProcess, int, Task<double>> measure, ParseResult arguments)
    {
        double[] seconds = new double[arguments.GetValue(Runs)];
        await using BenchProcess server = await start();
        for (int run = 0; run < seconds.Length; run++)
        {
            seconds[run] = await measure(server, run);
        }

        return seconds;
    }

    private static async Task<double> PublishAsync(BenchProcess server, int run, int count, CancellationToken cancel)
    {
        string device = $"gauge-{run}";
        byte[][] packs = [.. Enumerable.Range(0, count / PerPack).Select(p => Pack(device, p))];
        MqttClientOptions options = new() { Server = server.Address, ClientId = device };
        await using MqttClient client = await MqttClient.ConnectAsync(options, cancel);
        long begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(packs.Select(p => client.PublishAsync(new MqttMessage($"field/v1/bench/{device}/up/telemetry", p, Qos: 1), cancel)));
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static byte[] Pack(string device, int number)
    {
        StringBuilder json = new();
        json.Append(CultureInfo.InvariantCulture, $$"""[{"seq":{{number + 1}},"bt":{{FirstSecond + (number * PerPack)}},"bn":"{{device}}/","bu":"m","n":"level","t":0,"v":1.42}""");
        for (int i = 1; i < PerPack; i++)
        {
            json.Append(CultureInfo.InvariantCulture, $$""",{"n":"level","t":{{i}},"v":{{1.42 + (i % 100 / 100.0):0.00}}}""");
        }

        return Encoding.ASCII.GetBytes(json.Append(']').ToString());
    }

    private static async Task<double> WriteAsync(BenchProcess server, int run, int count, CancellationToken cancel)
    {
        using HttpClient http = new() { BaseAddress = server.Address };
        (await http.PostAsync(new Uri("query?q=CREATE%20DATABASE%20bench", UriKind.Relative), null, cancel)).EnsureSuccessStatusCode();
        string[] bodies = [.. Enumerable.Range(0, count / PerWrite).Select(w => string.Join('\n', Enumerable.Range(w * PerWrite, PerWrite).Select(
            i => string.Create(CultureInfo.InvariantCulture, $"level,device=gauge-{run} v={1.42 + (i % 100 / 100.0):0.00} {FirstSecond + i}"))))];
        long begin = Stopwatch.GetTimestamp();
        foreach (string body in bodies)
        {
            using StringContent content = new(body);
            (await http.PostAsync(new Uri("write?db=bench&precision=s", UriKind.Relative), content, cancel)).EnsureSuccessStatusCode();
        }

        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
