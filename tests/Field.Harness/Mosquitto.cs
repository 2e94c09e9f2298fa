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

    /// <summary>Its address for clients that use TLS, by a name.</summary>
    public Uri Tls(string host) => new($"mqtts://{host}:{_port}");

    /// <summary>What it wrote since it was started last.</summary>
    public string Output => _process?.Output ?? "";

    /// <param name="folder">Where its configuration goes.</param>
    /// <param name="settings">Lines of the configuration, in place of <c>allow_anonymous true</c>.</param>
    public static async Task<Mosquitto> StartAsync(string folder, params IEnumerable<string> settings)
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        // The user: started by root it would become another one, who cannot read what lies in the folder.
        string config = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllLinesAsync(
            config, [string.Create(CultureInfo.InvariantCulture, $"listener {port} 127.0.0.1"), "max_queued_messages 0", $"user {Environment.UserName}", .. settings.DefaultIfEmpty("allow_anonymous true")]);
        Mosquitto mosquitto = new(config, port);
        await mosquitto.RestartAsync();
        return mosquitto;
    }

    /// <summary>kill -9: its sessions and what it acknowledged from memory are gone.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
        {
            await _process.KillAsync();
            await _process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>kill -9, if it runs; then it starts anew.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        _process = FieldProcess.Start("mosquitto", Program ?? throw new HarnessException("mosquitto is not installed"), "-c", _config);
        await Wait.UntilAsync(() => Answers() || _process.HasExited, ReadyWithin, () => $"mosquitto did not answer:\n{_process.Output}");
    }

    /// <summary>Waits until it says something; needs <c>log_type all</c> among the settings for what clients do.</summary>
    public Task SaysAsync(string text, TimeSpan within) => _process!.SaysAsync(text, within);

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
