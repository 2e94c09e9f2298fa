using System.Collections.Concurrent;
using System.Diagnostics;

namespace Field.Harness;

/// <summary>A real process of Field, or of a client nobody here wrote, that can be killed at any line.</summary>
public sealed class FieldProcess : IAsyncDisposable
{
    private const int KeptLines = 2000;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Task _reading;
    private readonly string _name;

    private FieldProcess(string name, Process process)
    {
        _name = name;
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines that it wrote, to both outputs.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Memory as the system counts it.</summary>
    public ProcessMemory Memory => ProcessMemory.Of(_process.Id);

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts any program.</summary>
    public static FieldProcess Start(string name, string program, params IEnumerable<string> arguments) =>
        Start(Launch.Plain, name, program, arguments);

    /// <summary>Starts any program under circumstances.</summary>
    public static FieldProcess Start(Launch launch, string name, string program, IEnumerable<string> arguments)
    {
        string[] line = [.. launch.Prefix, program, .. arguments];
        ProcessStartInfo start = new(line[0], line[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string key, string value) in launch.Environment)
        {
            start.Environment[key] = value;
        }

        Process process = Process.Start(start) ?? throw new HarnessException($"could not start {name}");
        if (!launch.KeepsInput)
        {
            process.StandardInput.Close();
        }

        return new FieldProcess(name, process);
    }

    /// <summary>Starts a built program of Field, in the configuration of the running one, as the launcher does.</summary>
    public static FieldProcess StartField(Launch launch, string folder, string project, params IEnumerable<string> arguments) =>
        Start(project == "Field.EdgeAgent" ? launch.And("DOTNET_GCgen0size", "0x400000") : launch, project, "dotnet", [Checkout.Program(folder, project), .. arguments]);

    /// <summary>Types a line; only with <see cref="Launch.KeepsInput"/>.</summary>
    public async Task TypeAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>kill -9: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until a line contains the text.</summary>
    public async Task SaysAsync(string text, TimeSpan within)
    {
        bool Said() => _output.Any(line => line.Contains(text, StringComparison.Ordinal));
        await Wait.UntilAsync(() => Said() || _process.HasExited, within, () => $"{_name} never said '{text}':\n{Output}");
        if (!Said())
        {
            await _reading; // what it said last may still be on its way
        }

        if (!Said())
        {
            throw new HarnessException($"{_name} ended without saying '{text}':\n{Output}");
        }
    }

    /// <summary>The exit code, once it and all that it said are known.</summary>
    public async Task<int> ExitAsync(TimeSpan within)
    {
        using CancellationTokenSource limit = new(within);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            await _reading;
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new HarnessException($"{_name} still ran after {within.TotalSeconds:0} s; it said:\n{Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _output.Enqueue(line);
            while (_output.Count > KeptLines)
            {
                _output.TryDequeue(out _);
            }
        }
    }
}
