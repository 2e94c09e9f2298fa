using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Field.Bench.Figures;
using Field.Harness;

namespace Field.Bench.Faults;

/// <summary>Clients that are connected and silent: what each of them costs the server, beside Mosquitto.</summary>
internal static class ConnectionsBench
{
    private const int WarmUp = 200;
    private const int AtATime = 100;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    private static readonly Option<int> Count = new("--count") { DefaultValueFactory = _ => 10_000, Description = "Idle connections." };

    public static BenchCommand Command() => new("connections", "Idle MQTT connections: memory of each, beside Mosquitto.", RunAsync, Count);

    private static async Task RunAsync(FigureSheet sheet, ParseResult arguments, CancellationToken cancel)
    {
        int count = arguments.GetValue(Count);
        using TemporaryFolder folder = new();
        (double KilobytesEach, double Seconds) mosquitto;
        int port = FreePort();
        await File.WriteAllTextAsync(folder["peer.conf"], $"listener {port} 127.0.0.1\nallow_anonymous true\nmax_connections -1\n", cancel);
        await using (FieldProcess peer = FieldProcess.Start("mosquitto", "mosquitto", "-c", folder["peer.conf"]))
        {
            await peer.SaysAsync("running", TimeSpan.FromSeconds(10));
            mosquitto = await MeasureAsync(port, count, peer, cancel);
        }

        await using Server server = await Server.StartAsync(folder["data"]);
        (double KilobytesEach, double Seconds) field = await MeasureAsync(server.MqttPort, count, server.Process, cancel);
        sheet.Add(new Figure("idle connections", count, "connections"));
        sheet.Add(new Figure("resident memory of each", field.KilobytesEach, "KB")
        {
            Target = Target.AtMost(20),
            Peer = new Peer("Mosquitto", mosquitto.KilobytesEach),
        });
        sheet.Add(new Figure("connecting", count / field.Seconds, "connections/s") { Peer = new Peer("Mosquitto", count / mosquitto.Seconds) });
    }

    private static async Task<(double KilobytesEach, double Seconds)> MeasureAsync(int port, int count, FieldProcess process, CancellationToken cancel)
    {
        List<Socket> open = [];
        try
        {
            await ConnectAsync(port, 0, WarmUp, open, cancel);
            await Task.Delay(Settle, cancel);
            long before = process.Memory.ResidentBytes;
            long begin = TimeProvider.System.GetTimestamp();
            await ConnectAsync(port, WarmUp, count - WarmUp, open, cancel);
            double seconds = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
            await Task.Delay(Settle, cancel);
            if (open.Any(s => s.Poll(0, SelectMode.SelectRead)))
            {
                throw new HarnessException($"not every connection lives:\n{process.Output}");
            }

            return ((process.Memory.ResidentBytes - before) / 1000.0 / (count - WarmUp), seconds);
        }
        finally
        {
            open.ForEach(s => s.Dispose());
        }
    }

    private static async Task ConnectAsync(int port, int first, int count, List<Socket> open, CancellationToken cancel)
    {
        for (int done = 0; done < count; done += AtATime)
        {
            int begin = first + done;
            open.AddRange(await Task.WhenAll(Enumerable.Range(begin, Math.Min(AtATime, count - done)).Select(n => ConnectAsync(port, n, cancel))));
        }
    }

    /// <summary>CONNECT of MQTT 3.1.1 with an hour of keep-alive, and its CONNACK; no client library, so that only the server is measured.</summary>
    private static async Task<Socket> ConnectAsync(int port, int number, CancellationToken cancel)
    {
        byte[] id = System.Text.Encoding.ASCII.GetBytes($"idle-{number:00000}");
        byte[] connect = [0x10, (byte)(12 + id.Length), 0, 4, .. "MQTT"u8, 4, 2, 0x0E, 0x10, 0, (byte)id.Length, .. id];
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, cancel);
        await socket.SendAsync(connect, cancel);
        byte[] answer = new byte[4];
        for (int read = 0; read < answer.Length;)
        {
            int more = await socket.ReceiveAsync(answer.AsMemory(read), cancel);
            read += more > 0 ? more : throw new HarnessException($"connection {number} was closed");
        }

        return answer is [0x20, 2, 0, 0] ? socket : throw new HarnessException($"connection {number} was refused with code {answer[3]}");
    }

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
