using System.Diagnostics;
using System.Globalization;
using Field.Contracts;

namespace Field.EdgeAgent.Sensor;

/// <summary>Takes a reading: a file that holds a number, or a program that prints one.</summary>
internal static class ReadingProbe
{
    /// <summary>A program that takes longer is ended.</summary>
    public static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(30);

    private const int MostCharacters = 4096;

    /// <summary>Reads once.</summary>
    /// <exception cref="FieldException">There is no number; transient.</exception>
    public static async Task<Measurement> ReadAsync(Reading reading, TimeProvider time, CancellationToken cancellationToken)
    {
        string text = reading.File is { } file ? await ReadFileAsync(reading.Name, file, cancellationToken) : await RunAsync(reading, time, cancellationToken);
        string first = text.Trim().Split('\n')[0].Trim();
        return double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? new Measurement(reading.Name, time.GetUtcNow(), reading.Unit, (value * reading.Scale) + reading.Offset)
            : throw new FieldException($"{reading.Name}: '{(first.Length > 40 ? first[..40] + "..." : first)}' is no number", isTransient: true);
    }

    private static async Task<string> ReadFileAsync(string name, string path, CancellationToken cancellationToken)
    {
        try
        {
            using StreamReader reader = new(path);
            return await ReadSomeAsync(reader, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FieldException($"{name}: {e.Message}", isTransient: true, e);
        }
    }

    private static async Task<string> RunAsync(Reading reading, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(CommandLimit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        ProcessStartInfo start = new(reading.Command![0], reading.Command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardInput = true };
        Process? process = null;
        try
        {
            process = Process.Start(start) ?? throw new FieldException($"{reading.Name}: {start.FileName} did not start", isTransient: true);
            process.StandardInput.Close();
            string text = await ReadSomeAsync(process.StandardOutput, either.Token);
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0 ? text : throw new FieldException($"{reading.Name}: {start.FileName} ended with {process.ExitCode}", isTransient: true);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new FieldException($"{reading.Name}: {start.FileName}: {e.Message}", isTransient: true, e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FieldException($"{reading.Name}: {start.FileName} took longer than {CommandLimit.TotalSeconds:0} s", isTransient: true);
        }
        finally
        {
            if (process is { HasExited: false })
            {
                process.Kill(entireProcessTree: true);
            }

            process?.Dispose();
        }
    }

    private static async Task<string> ReadSomeAsync(TextReader reader, CancellationToken cancellationToken)
    {
        char[] buffer = new char[MostCharacters];
        return new string(buffer, 0, await reader.ReadBlockAsync(buffer, cancellationToken));
    }
}
