using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Field.Demo.Run;

/// <summary>One of Field's programs as a process of its own; its output goes to a log file. Disposing stops it.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Task _log;
    private readonly string _name;
    private readonly string _logPath;

    private ChildProcess(string name, Process process, string logPath)
    {
        _name = name;
        _process = process;
        _logPath = logPath;
        _log = CopyAsync(process, logPath);
    }

    /// <summary>Completes with the exit code.</summary>
    public async Task<int> ExitAsync(CancellationToken cancel)
    {
        await _process.WaitForExitAsync(cancel).ConfigureAwait(false);
        await _log.ConfigureAwait(false);
        return _process.ExitCode;
    }

    public bool HasExited => _process.HasExited;

    /// <summary>What to say when it failed: the last lines of its log.</summary>
    public async Task<FieldException> FailureAsync()
    {
        await _log.ConfigureAwait(false);
        string[] lines = await File.ReadAllLinesAsync(_logPath).ConfigureAwait(false);
        return new FieldException($"the {_name} ended with code {_process.ExitCode}; its last lines ({_logPath}):\n{string.Join('\n', lines.TakeLast(15))}");
    }

    public static ChildProcess Start(string name, string program, IEnumerable<string> arguments, string logPath)
    {
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(program);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start) ?? throw new FieldException($"could not start the {name}");
        process.StandardInput.Close();
        return new ChildProcess(name, process, logPath);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using Process? term = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            using CancellationTokenSource limit = new(StopWithin);
            try
            {
                await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        await _log.ConfigureAwait(false);
        _process.Dispose();
    }

    private static async Task CopyAsync(Process process, string logPath)
    {
        StreamWriter log = new(logPath, append: false) { AutoFlush = true };
        await using ConfiguredAsyncDisposable _ = log.ConfigureAwait(false);
        using SemaphoreSlim one = new(1);
        async Task Pump(StreamReader reader)
        {
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                await one.WaitAsync().ConfigureAwait(false);
                await log.WriteLineAsync(line).ConfigureAwait(false);
                one.Release();
            }
        }

        await Task.WhenAll(Pump(process.StandardOutput), Pump(process.StandardError)).ConfigureAwait(false);
    }
}
