using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Field.Bench.Load;

/// <summary>What to send.</summary>
/// <param name="Port">The broker's, on loopback.</param>
/// <param name="Publishers">Connections that publish, each as a device of its own.</param>
/// <param name="MessagesEach">Messages of each publisher.</param>
/// <param name="Window">QoS 1 messages of a publisher without PUBACK, at most.</param>
/// <param name="FirstIndex">Index of each publisher's first message: runs on one server continue where the last one ended.</param>
/// <param name="RatePerSecond">Messages per second of all publishers together, or null for as fast as acknowledgements come.</param>
/// <param name="Subscribe">One more connection receives all messages at QoS 1.</param>
internal sealed record LoadOptions(
    int Port, int Publishers, int MessagesEach, int Window, long FirstIndex = 0, double? RatePerSecond = null, bool Subscribe = true)
{
    public long Total => (long)Publishers * MessagesEach;
}

/// <summary>What came of it.</summary>
/// <param name="Elapsed">From the first PUBLISH to the last PUBACK, and the last delivery when there is a subscriber.</param>
/// <param name="Acknowledged">PUBACKs.</param>
/// <param name="Delivered">Different messages that the subscriber got.</param>
/// <param name="Twice">Messages that the subscriber got again.</param>
/// <param name="LatencyMs">PUBLISH written to PUBACK read, sorted.</param>
/// <param name="ClientCpu">Processor time of the generator.</param>
internal sealed record LoadResult(TimeSpan Elapsed, long Acknowledged, long Delivered, long Twice, float[] LatencyMs, TimeSpan ClientCpu)
{
    public double Rate => Acknowledged / Elapsed.TotalSeconds;

    public double Percentile(double share) => LatencyMs.Length == 0 ? double.NaN : LatencyMs[(int)(share * (LatencyMs.Length - 1))];
}

/// <summary>The same load for every broker: one thread publishes on all connections, one receives.</summary>
internal static class LoadGenerator
{
    public const string Filter = "field/v1/bench/+/up/telemetry";

    private const int SilenceMs = 15_000;

    public static LoadResult Run(LoadOptions options)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        using Subscriber? subscriber = options.Subscribe ? new Subscriber(options) : null;
        using Publishers publishers = new(options);
        long begin = Stopwatch.GetTimestamp();
        publishers.Run();
        subscriber?.Join();
        long end = Math.Max(publishers.LastAckAt, subscriber?.LastAt ?? 0);
        float[] latency = [.. publishers.LatencyMs];
        Array.Sort(latency);
        return new(
            Stopwatch.GetElapsedTime(begin, end), publishers.Acknowledged, subscriber?.Delivered ?? 0, subscriber?.Twice ?? 0, latency,
            Environment.CpuUsage.TotalTime - cpu);
    }

    public static string Topic(int publisher) => $"field/v1/bench/gauge-{publisher:000}/up/telemetry";

    public static Socket Open(int port, string clientId)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4 << 20 };
        socket.Connect(IPAddress.Loopback, port);
        socket.ReceiveTimeout = SilenceMs;
        socket.Send(Frames.Connect(clientId));
        Span<byte> answer = stackalloc byte[4];
        Exactly(socket, answer);
        return answer[0] == 0x20 && answer[3] == 0 ? socket : throw new InvalidOperationException($"{clientId} was refused: {answer[3]}");
    }

    public static void Exactly(Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int read = socket.Receive(buffer);
            buffer = read > 0 ? buffer[read..] : throw new InvalidOperationException("the broker closed the connection");
        }
    }
}
