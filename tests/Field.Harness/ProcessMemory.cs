using System.Globalization;

namespace Field.Harness;

/// <summary>Memory of a process as Linux counts it.</summary>
/// <param name="ResidentBytes">In memory now (VmRSS).</param>
/// <param name="PeakBytes">In memory at most since its start (VmHWM).</param>
public readonly record struct ProcessMemory(long ResidentBytes, long PeakBytes)
{
    /// <summary>Of a process; nothing when it has ended.</summary>
    public static ProcessMemory Of(int processId)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines($"/proc/{processId}/status");
        }
        catch (IOException)
        {
            return default;
        }

        return new ProcessMemory(Kilobytes("VmRSS:") * 1024, Kilobytes("VmHWM:") * 1024);

        long Kilobytes(string name) => long.Parse(
            lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Replace("kB", "", StringComparison.Ordinal) ?? "0",
            CultureInfo.InvariantCulture);
    }
}
