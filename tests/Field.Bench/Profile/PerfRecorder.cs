using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Field.Bench.Profile;

/// <summary>Samples a .NET process with perf(1) while a load runs, and draws where the time went.</summary>
internal sealed partial class PerfRecorder : IDisposable
{
    private const int SamplesPerSecond = 499;

    private readonly string _data = Path.Combine(Path.GetTempPath(), $"field-perf-{Environment.ProcessId}.data");
    private readonly Process _perf;

    /// <summary>Begins; the process must have been started with <see cref="Symbols"/>.</summary>
    public PerfRecorder(int processId) => _perf = Start(
        "record", "-q", "-F", SamplesPerSecond.ToString(CultureInfo.InvariantCulture), "-g", "-p", processId.ToString(CultureInfo.InvariantCulture), "-o", _data);

    /// <summary>Environment of a .NET process whose compiled methods perf can name.</summary>
    public static IReadOnlyDictionary<string, string> Symbols { get; } =
        new Dictionary<string, string> { ["DOTNET_PerfMapEnabled"] = "1", ["DOTNET_EnableWriteXorExecute"] = "0" };

    /// <summary>Ends the recording and writes the flame graph.</summary>
    public async Task WriteAsync(string path, string title)
    {
        using (Process interrupt = Process.Start("kill", ["-INT", _perf.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await interrupt.WaitForExitAsync();
        }

        await _perf.WaitForExitAsync();
        using Process script = Start("script", "-i", _data, "-F", "comm,ip,sym");
        FlameGraph graph = new();
        List<string> stack = [];
        while (await script.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Length > 0 && !char.IsWhiteSpace(line[0]))
            {
                stack = [line.Trim()];
            }
            else if (line.Length == 0 && stack.Count > 0)
            {
                graph.Add([stack[0], .. stack.Skip(1).Reverse()]);
                stack = [];
            }
            else if (line.Length > 0)
            {
                stack.Add(Name(line.Trim().Split(' ', 2)[^1]));
            }
        }

        await script.WaitForExitAsync();
        await File.WriteAllTextAsync(path, graph.ToSvg(title));
    }

    public void Dispose()
    {
        _perf.Dispose();
        File.Delete(_data);
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("perf", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
        ?? throw new InvalidOperationException("perf could not be started; install it (Debian: apt-get install linux-perf)");

    /// <summary>Of a method signature only type and name.</summary>
    private static string Name(string symbol) => Method().Match(symbol) is { Success: true } match ? match.Groups[1].Value : symbol;

    [GeneratedRegex(@"([^\s\[\]]+::[^\s(]+)\(")]
    private static partial Regex Method();
}
