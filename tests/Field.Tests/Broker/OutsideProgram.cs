using System.Diagnostics;
using System.Text;

namespace Field.Tests.Broker;

/// <summary>A program from outside, which a user would have: absent it skips on a laptop and fails in CI.</summary>
internal sealed class OutsideProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly StringBuilder _output = new();

    private OutsideProgram(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(TestBroker.Token);
    }

    /// <summary>The program's path on PATH or in the system's sbin.</summary>
    public static string Find(string name)
    {
        string? path = ((Environment.GetEnvironmentVariable("PATH") ?? "") + ":/usr/sbin:/usr/local/sbin")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        if (path is null)
        {
            Missing($"{name} is not installed");
        }

        return path!;
    }

    public static void Missing(string what)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(what + ", and in CI it must be");
        }

        Assert.Skip(what);
    }

    public static OutsideProgram Start(string name, params string[] arguments)
    {
        ProcessStartInfo info = new(Find(name), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        return new(Process.Start(info)!);
    }

    /// <summary>Runs to its end, expects exit code 0, returns what it printed.</summary>
    public static async Task<string> RunAsync(string name, params string[] arguments)
    {
        await using OutsideProgram program = Start(name, arguments);
        return await program.EndAsync();
    }

    public async Task<string> LineAsync()
    {
        string? line = await _process.StandardOutput.ReadLineAsync(TestBroker.Token).AsTask().WaitAsync(Patience, TestBroker.Token);
        _output.AppendLine(line);
        return line ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended: {await _errors}");
    }

    public async Task<string> ErrorsAsync() => await _errors.WaitAsync(Patience, TestBroker.Token);

    public async Task<string> EndAsync()
    {
        _output.Append(await _process.StandardOutput.ReadToEndAsync(TestBroker.Token).WaitAsync(Patience, TestBroker.Token));
        await _process.WaitForExitAsync(TestBroker.Token).WaitAsync(Patience, TestBroker.Token);
        Assert.True(_process.ExitCode == 0, $"{_process.StartInfo.FileName} exited {_process.ExitCode}: {await _errors}");
        return _output.ToString();
    }

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}
