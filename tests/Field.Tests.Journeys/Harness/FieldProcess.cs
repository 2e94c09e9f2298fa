using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Field.Tests.Journeys.Harness;

/// <summary>A real process of Field, or of a client nobody here wrote, that a test can kill at any line.</summary>
internal sealed class FieldProcess : IAsyncDisposable
{
    private const int KeptLines = 200;

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

    public string Output => string.Join('\n', _output);

    public static FieldProcess Start(string name, string program, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException($"could not start {name}");
        process.StandardInput.Close();
        return new FieldProcess(name, process);
    }

    /// <summary>A built program of Field, in the configuration of the tests.</summary>
    public static FieldProcess StartField(string folder, string project, params IEnumerable<string> arguments)
    {
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string program = Path.Combine(
            SharedData.RepositoryRoot(), folder, project, "bin", framework.Parent!.Name, framework.Name, project + ".dll");
        return Start(project, "dotnet", [program, .. arguments]);
    }

    /// <summary>kill -9: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until a line contains the text.</summary>
    public async Task SaysAsync(string text, TimeSpan within)
    {
        using CancellationTokenSource limit = new(within);
        while (!_output.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            Assert.False(limit.IsCancellationRequested || _process.HasExited, $"{_name} never said '{text}':\n{Output}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The exit code, or a failure that shows what the process said.</summary>
    public async Task<int> ExitAsync(TimeSpan within)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(within);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            await _reading;
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"{_name} still ran after {within.TotalSeconds} s; it said:\n{Output}"));
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
