using System.Globalization;
using System.Threading.Channels;
using Field.Contracts.Locks;

namespace Field.EdgeAgent.Locks;

/// <summary>
/// A lock on a desk, driven by lines: <c>pin DIGITS</c>, <c>open</c>, <c>close</c> (the door), <c>lock</c>, <c>unlock</c> (by hand),
/// <c>key</c> (unlocks), <c>tamper on|off</c>, <c>battery N</c>, <c>jam on|off</c> (orders are not carried out). It prints what its bolt does.
/// </summary>
/// <param name="lines">Where the lines come from.</param>
/// <param name="output">Where it prints.</param>
internal sealed class SimulatedLock(TextReader lines, TextWriter output) : ILockHardware
{
    private readonly Channel<HardwareInput> _inputs = Channel.CreateBounded<HardwareInput>(64);
    private readonly TextWriter _output = TextWriter.Synchronized(output);
    private volatile bool _jammed;

    /// <inheritdoc/>
    public IReadOnlyList<int> CodeUsers => [];

    /// <inheritdoc/>
    public async Task RunAsync(Func<HardwareInput, CancellationToken, ValueTask> heard, CancellationToken cancellationToken)
    {
        await heard(new HardwareInput.Report { Locked = true, DoorOpen = false, BatteryPercent = 100 }, cancellationToken);
        _ = Task.Run(() => ReadLinesAsync(cancellationToken), cancellationToken); // a terminal's read blocks its thread and ends with the process
        await foreach (HardwareInput input in _inputs.Reader.ReadAllAsync(cancellationToken))
        {
            await heard(input, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task DriveAsync(bool unlock, CancellationToken cancellationToken)
    {
        if (!_jammed)
        {
            await _output.WriteLineAsync(unlock ? "bolt: open" : "bolt: closed");
            await _inputs.Writer.WriteAsync(new HardwareInput.Report { Locked = !unlock }, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task SetCodeAsync(int user, PinEntry? code, CancellationToken cancellationToken) =>
        throw new FieldException("the simulated lock checks no codes by itself");

    /// <summary>What a line means; null when it means nothing.</summary>
    internal static HardwareInput? Parse(string line)
    {
        string[] word = line.Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
        return (word[0], word.Length > 1 ? word[1] : null) switch
        {
            ("pin", { } digits) => new HardwareInput.PinTyped(PinEntry.TryCreate(digits)),
            ("open", null) => new HardwareInput.Report { DoorOpen = true },
            ("close", null) => new HardwareInput.Report { DoorOpen = false },
            ("lock", null) => new HardwareInput.Report { Locked = true, By = "manual" },
            ("unlock", null) => new HardwareInput.Report { Locked = false, By = "manual" },
            ("key", null) => new HardwareInput.Report { Locked = false, By = "key" },
            ("tamper", "on" or "off") => new HardwareInput.Report { Tamper = word[1] == "on" },
            ("battery", { } percent) when double.TryParse(percent, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= 0 and <= 100 =>
                new HardwareInput.Report { BatteryPercent = value },
            _ => null,
        };
    }

    private async Task ReadLinesAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.Trim() is "jam on" or "jam off")
                {
                    _jammed = line.Contains("on", StringComparison.Ordinal);
                }
                else if (Parse(line) is { } input)
                {
                    await _inputs.Writer.WriteAsync(input, cancellationToken);
                }
                else if (line.Trim().Length > 0)
                {
                    // The line is not repeated: somebody may have typed a PIN at the wrong place.
                    await _output.WriteLineAsync("? pin DIGITS | open | close | lock | unlock | key | tamper on|off | battery N | jam on|off");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
