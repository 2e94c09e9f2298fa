using System.CommandLine;
using System.Globalization;
using Field.Bench.Figures;
using Field.Bench.Load;
using Field.Bench.Profile;

namespace Field.Bench;

/// <summary>
/// QoS 1 telemetry of 200 bytes from 20 publishers to one subscriber: Field, which stores it with fsync before PUBACK, beside its peers
/// with the same packets in the same run.
/// </summary>
internal static class MqttBench
{
    private const int Publishers = 20;
    private const int Window = 100;
    private const double LatencySeconds = 5;

    private static readonly Option<int> Messages = new("--messages") { Description = "Messages of a run.", DefaultValueFactory = _ => 200_000 };
    private static readonly Option<int> Runs = new("--runs") { Description = "Runs after the warm-up; the median counts.", DefaultValueFactory = _ => 5 };
    private static readonly Option<string[]> Only = new("--only")
    {
        Description = "Which brokers, in this order.",
        DefaultValueFactory = _ => ["nats", "rabbitmq", "mosquitto", "field"],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Flame = new("--flame")
    {
        HelpName = "FILE",
        Description = "Draw where the server's time goes in one more run (SVG); needs perf.",
    };

    public static BenchCommand Command() =>
        new("mqtt", "QoS 1 telemetry, 20 publishers: stored before PUBACK, beside NATS JetStream and Mosquitto.", RunAsync, Messages, Runs, Only, Flame);

    private static async Task RunAsync(FigureSheet sheet, ParseResult arguments, CancellationToken cancel)
    {
        int each = arguments.GetValue(Messages) / Publishers;
        Dictionary<string, Measured> measured = [];
        foreach (string name in arguments.GetValue(Only)!)
        {
            await using BenchProcess server = await StartAsync(name);
            measured[name] = Measure(name, server, each, arguments.GetValue(Runs), sheet, cancel);
        }

        if (measured.TryGetValue("field", out Measured? field))
        {
            Report(sheet, field, measured.GetValueOrDefault("nats"), measured.GetValueOrDefault("rabbitmq"), measured.GetValueOrDefault("mosquitto"));
        }

        if (arguments.GetValue(Flame) is { } flame)
        {
            await DrawAsync(flame, each);
        }
    }

    /// <summary>A run of its own: sampling costs time.</summary>
    private static async Task DrawAsync(string path, int each)
    {
        await using BenchProcess server = await BenchProcess.FieldAsync(PerfRecorder.Symbols);
        LoadGenerator.Run(new(server.Address.Port, Publishers, each, Window));
        using PerfRecorder perf = new(server.ProcessId);
        LoadGenerator.Run(new(server.Address.Port, Publishers, 2 * each, Window, each));
        await perf.WriteAsync(path, "Field's server: QoS 1 telemetry of 20 publishers, stored before PUBACK");
    }

    private static Task<BenchProcess> StartAsync(string name) => name switch
    {
        "field" => BenchProcess.FieldAsync(),
        "nats" => Peers.NatsAsync(Window),
        "mosquitto" => Peers.MosquittoAsync(Window),
        "rabbitmq" => Peers.RabbitAsync(Window),
        _ => throw new ArgumentException($"no broker named {name}; there are field, nats, rabbitmq and mosquitto"),
    };

    private static void Report(FigureSheet sheet, Measured field, Measured? nats, Measured? rabbit, Measured? mosquitto)
    {
        string how = string.Create(CultureInfo.InvariantCulture, $"median, {field.Rates.Min():0} to {field.Rates.Max():0}; fsync before PUBACK");
        sheet.Add(new Figure("stored and acknowledged, beside NATS", field.Rate, "messages/s")
        {
            Target = nats is null ? null : Target.AtLeast(nats.Rate),
            Peer = nats is null ? null : new Peer("NATS JetStream", nats.Rate),
            Note = how,
        });
        sheet.Add(new Figure("stored and acknowledged, beside RabbitMQ", field.Rate, "messages/s")
        {
            Peer = rabbit is null ? null : new Peer("RabbitMQ", rabbit.Rate),
            Note = how,
        });
        sheet.Add(new Figure("stored and acknowledged, beside Mosquitto", field.Rate, "messages/s")
        {
            Peer = mosquitto is null ? null : new Peer("Mosquitto, from memory", mosquitto.Rate),
            Note = how,
        });
        sheet.Add(new Figure("messages acknowledged and not in the store", field.Missing, "messages") { Target = Target.Exactly(0) });
        sheet.Add(new Figure("processor time of the server per message", field.CpuMicroseconds, "us") { Peer = nats is null ? null : new Peer("NATS JetStream", nats.CpuMicroseconds) });
        string load = string.Create(CultureInfo.InvariantCulture, $"at {field.Rate / 2:0} messages/s, half of its own rate");
        sheet.Add(new Figure("acknowledgement latency, p50", field.P50, "ms") { Peer = nats is null ? null : new Peer("NATS JetStream", nats.P50), Note = load });
        sheet.Add(new Figure("acknowledgement latency, p99", field.P99, "ms") { Peer = nats is null ? null : new Peer("NATS JetStream", nats.P99), Note = load });
    }

    private static Measured Measure(string name, BenchProcess server, int each, int runs, FigureSheet sheet, CancellationToken cancel)
    {
        long index = 0;
        LoadResult Load(int messages, double? rate)
        {
            cancel.ThrowIfCancellationRequested();
            LoadResult result = LoadGenerator.Run(new(server.Address.Port, Publishers, messages, Window, index, rate));
            index += messages;
            return result.Delivered == result.Acknowledged && result.Acknowledged == (long)messages * Publishers
                ? result
                : throw new InvalidOperationException($"{name}: sent {(long)messages * Publishers}, acknowledged {result.Acknowledged}, delivered {result.Delivered}");
        }

        Load(each / 2, null);
        List<LoadResult> results = [];
        TimeSpan before = server.Cpu;
        for (int i = 0; i < runs; i++)
        {
            results.Add(Load(each, null));
            LoadResult r = results[^1];
            sheet.Say(string.Create(CultureInfo.InvariantCulture, $"{name}: {r.Rate:0} messages/s, generator {r.ClientCpu.TotalMicroseconds / r.Acknowledged:0.0} us a message"));
        }

        double cpu = (server.Cpu - before).TotalMicroseconds / results.Sum(r => r.Acknowledged);
        double[] rates = [.. results.Select(r => r.Rate)];
        double half = rates.Order().ElementAt(runs / 2) / 2;
        LoadResult paced = Load((int)(half * LatencySeconds / Publishers), half);
        long missing = name == "field" ? (index * Publishers) - TelemetryCount.Levels(server.Folder) : 0;
        return new(rates, cpu, paced.Percentile(0.5), paced.Percentile(0.99), missing);
    }

    private sealed record Measured(double[] Rates, double CpuMicroseconds, double P50, double P99, long Missing)
    {
        public double Rate => Rates.Order().ElementAt(Rates.Length / 2);
    }
}
