using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Field.Harness;

/// <summary>A broker that nobody here wrote and that acknowledges from memory, on a loopback port that stays over kill -9 and restart.</summary>
public sealed class Mosquitto : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(20);

    private readonly string _config;
    private readonly int _port;
    private FieldProcess? _process;

    private Mosquitto(string config, int port) => (_config, _port) = (config, port);

    /// <summary>True when this machine has it.</summary>
    public static bool IsInstalled => Program is not null;

    public Uri Uri => new($"mqtt://127.0.0.1:{_port}");

    /// <param name="folder">Where its configuration goes.</param>
    public static async Task<Mosquitto> StartAsync(string folder)
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        string config = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllTextAsync(config, string.Create(CultureInfo.InvariantCulture, $"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n"));
        Mosquitto mosquitto = new(config, port);
        await mosquitto.RestartAsync();
        return mosquitto;
    }

    /// <summary>kill -9, if it runs: its sessions and what it acknowledged from memory are gone. Then it starts anew.</summary>
    public async Task RestartAsync()
    {
        if (_process is not null)
        {
            await _process.KillAsync();
            await _process.DisposeAsync();
        }

        _process = FieldProcess.Start("mosquitto", Program ?? throw new HarnessException("mosquitto is not installed"), "-c", _config);
        await Wait.UntilAsync(Answers, ReadyWithin, () => $"mosquitto did not answer:\n{_process.Output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    /// <summary>Debian keeps it off the users' path.</summary>
    private static string? Program => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin".Split(':').Select(f => Path.Combine(f, "mosquitto")).FirstOrDefault(File.Exists);

    private bool Answers()
    {
        try
        {
            using TcpClient client = new();
            client.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
