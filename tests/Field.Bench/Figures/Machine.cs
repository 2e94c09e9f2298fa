using System.Globalization;
using System.Runtime.InteropServices;

namespace Field.Bench.Figures;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    public static string Describe()
    {
        string processor = Line("/proc/cpuinfo", "model name")?.Split(':')[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        double memoryGb = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        string system = Line("/etc/os-release", "PRETTY_NAME")?.Split('=')[^1].Trim('"') ?? RuntimeInformation.OSDescription;
        string disk = new DriveInfo(Path.GetTempPath()).DriveFormat;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{processor}, {Environment.ProcessorCount} cores, {memoryGb:0} GB, {system}, .NET {Environment.Version}, data on {disk}");
    }

    private static string? Line(string file, string start) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal)) : null;
}
