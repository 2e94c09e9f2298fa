using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Field.Bench;

/// <summary>A server under load, in a process and a folder of its own.</summary>
internal sealed class BenchProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private BenchProcess(Process process, DirectoryInfo folder, Uri address)
    {
        _process = process;
        _folder = folder;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The data folder.</summary>
    public string Folder => _folder.FullName;

    public int ProcessId => _process.Id;

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <param name="environment">Variables of its own, or null.</param>
    public static async Task<BenchProcess> FieldAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("field-bench-");
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string root = framework.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        string program = Path.Combine(root, "map-app", "Field.MapApp", "bin", framework.Parent.Name, framework.Name, "Field.MapApp.dll");
        Process process = Start(environment, "dotnet", program, "up", "--data", folder.FullName, "--http", "0", "--mqtt", "0", "--site", "bench");
        string endpoints = Path.Combine(folder.FullName, "endpoints.json");
        while (!File.Exists(endpoints))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException("the server ended at its start; try ./field up to see why");
            }

            await Task.Delay(50);
        }

        using JsonDocument where = JsonDocument.Parse(await File.ReadAllBytesAsync(endpoints));
        return new BenchProcess(process, folder, new Uri(where.RootElement.GetProperty("mqtt").GetString()!));
    }

    /// <summary>Mosquitto as its users run it for speed: no persistence, so it acknowledges from memory.</summary>
    /// <param name="window">Messages in flight to a subscriber, at most.</param>
    public static Task<BenchProcess> MosquittoAsync(int window) => PeerAsync(
        "mqtt",
        "mosquitto",
        (folder, port) => $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\nmax_inflight_messages {window}\n",
        "-c");

    /// <summary>NATS with JetStream on disk behind its MQTT door, as it stores QoS 1 messages.</summary>
    /// <param name="window">Messages in flight to a subscriber, at most.</param>
    public static Task<BenchProcess> NatsAsync(int window) => PeerAsync(
        "mqtt",
        "nats-server",
        (folder, port) => $$"""
            listen: "127.0.0.1:{{FreePort()}}"
            server_name: bench
            jetstream { store_dir: "{{folder}}/data", max_memory_store: 1GB, max_file_store: 8GB }
            mqtt { listen: "127.0.0.1:{{port}}", ack_wait: "30s", max_ack_pending: {{window}} }
            """,
        "-c");

    /// <summary>InfluxDB 1.x as it is installed; its write-ahead log is synced before each answer.</summary>
    public static Task<BenchProcess> InfluxAsync() => PeerAsync(
        "http",
        "influxd",
        (folder, port) => $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{FreePort()}"
            [meta]
              dir = "{folder}/meta"
            [data]
              dir = "{folder}/data"
              wal-dir = "{folder}/wal"
            [http]
              bind-address = "127.0.0.1:{port}"
              log-enabled = false
            """,
        "-config");

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<BenchProcess> PeerAsync(string scheme, string program, Func<string, int, string> config, string configOption)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("field-bench-");
        int port = FreePort();
        string file = Path.Combine(folder.FullName, "peer.conf");
        await File.WriteAllTextAsync(file, config(folder.FullName, port));
        Process process = Start(null, program, configOption, file);
        while (!await AcceptsAsync(port))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{program} ended at its start");
            }

            await Task.Delay(50);
        }

        return new BenchProcess(process, folder, new Uri($"{scheme}://127.0.0.1:{port}"));
    }

    private static Process Start(IReadOnlyDictionary<string, string>? environment, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException($"could not start {program}");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static async Task<bool> AcceptsAsync(int port)
    {
        try
        {
            using TcpClient client = new();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
