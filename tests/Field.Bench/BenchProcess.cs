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
    private BenchProcess? _companion;

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

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        if (_companion is not null)
        {
            await _companion.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Starts another program and waits until it accepts connections.</summary>
    /// <param name="folder">Its own, removed in the end.</param>
    /// <param name="address">Where it will listen.</param>
    /// <param name="environment">Variables of its own, or null.</param>
    /// <param name="companion">Another process that ends with this one, or null.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<BenchProcess> StartAsync(
        DirectoryInfo folder, Uri address, IReadOnlyDictionary<string, string>? environment, BenchProcess? companion, string program,
        params string[] arguments)
    {
        Process process = Start(environment, program, arguments);
        while (!await AcceptsAsync(address.Port))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{program} ended at its start");
            }

            await Task.Delay(50);
        }

        return new BenchProcess(process, folder, address) { _companion = companion };
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

    /// <summary>A port that was free just now.</summary>
    public static int FreePort()
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
