using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Field.Bench.Figures;
using Field.Mqtt;

namespace Field.Bench;

/// <summary>
/// QoS 1 telemetry of 200 bytes from 20 publishers, to Field (which stores it durably before PUBACK) and to Mosquitto without
/// persistence (which stores nothing), by the same client in the same run.
/// </summary>
internal static class MqttBench
{
    private const int Publishers = 20;
    private const int PerPublisher = 2_000;
    private const int PayloadBytes = 200;
    private const int Runs = 3;

    public static BenchCommand Command() => new("mqtt", "QoS 1 telemetry: stored before PUBACK, beside Mosquitto from memory.", RunAsync);

    private static async Task RunAsync(FigureSheet sheet, ParseResult arguments, CancellationToken cancel)
    {
        double[] field = await MeasureAsync(BenchProcess.FieldAsync);
        double[] mosquitto = await MeasureAsync(BenchProcess.MosquittoAsync);
        sheet.Add(new Figure("qos 1, durable", Median(field), "messages/s")
        {
            Peer = new Peer("Mosquitto from memory", Median(mosquitto)),
            Note = string.Create(CultureInfo.InvariantCulture, $"median of {Runs} runs, {field.Min():0} to {field.Max():0}"),
        });
    }

    private static async Task<double[]> MeasureAsync(Func<Task<BenchProcess>> start)
    {
        double[] rates = new double[Runs];
        await using BenchProcess server = await start();
        await LoadAsync(server, run: 0, PerPublisher / 10);
        for (int run = 0; run < Runs; run++)
        {
            long begin = Stopwatch.GetTimestamp();
            await LoadAsync(server, run + 1, PerPublisher);
            rates[run] = Publishers * PerPublisher / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }

        return rates;
    }

    private static Task LoadAsync(BenchProcess server, int run, int messages) =>
        Task.WhenAll(Enumerable.Range(0, Publishers).Select(p => PublishAsync(server.Mqtt, run, p, messages)));

    private static async Task PublishAsync(Uri broker, int run, int publisher, int messages)
    {
        await using MqttClient client = await MqttClient.ConnectAsync(
            new MqttClientOptions { Server = broker, ClientId = $"bench-{run}-{publisher}" }, CancellationToken.None);
        string topic = $"field/v1/bench/sensor-{publisher}/up/telemetry";
        List<Task> waiting = new(messages);
        for (int i = 0; i < messages; i++)
        {
            waiting.Add(client.PublishAsync(new MqttMessage(topic, Payload((run * 1_000_000L) + i + 1), Qos: 1), CancellationToken.None));
        }

        await Task.WhenAll(waiting);
    }

    private static byte[] Payload(long sequence)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $$"""[{"seq":{{sequence}},"bn":"gauge/","n":"level","u":"m","v":1.42,"bt":{{1.79e9 + sequence}}},{"n":"note","vs":"###"}]""");
        return Encoding.ASCII.GetBytes(text.Replace("###", new string('x', Math.Max(0, PayloadBytes - text.Length + 3)), StringComparison.Ordinal));
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
