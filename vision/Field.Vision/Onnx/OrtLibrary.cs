using System.Runtime.InteropServices;

namespace Field.Vision.Onnx;

/// <summary>Finds the native ONNX Runtime: the environment variable FIELD_ORT, else vision/native upwards from the program and the current folder.</summary>
internal static class OrtLibrary
{
    internal const string Variable = "FIELD_ORT";

    internal static string Find() =>
        Find(Environment.GetEnvironmentVariable(Variable), [AppContext.BaseDirectory, Environment.CurrentDirectory]);

    internal static string Find(string? named, IEnumerable<string> folders)
    {
        if (!string.IsNullOrEmpty(named))
        {
            return File.Exists(named) ? named : throw Missing($"{Variable} names {named}, which does not exist.");
        }

        return folders.SelectMany(Candidates).FirstOrDefault(File.Exists) ?? throw Missing("ONNX Runtime is not installed.");
    }

    internal static VisionException Missing(string what) => new(
        $"{what} Run `npm ci --ignore-scripts` in vision/native, or set {Variable} to the path of libonnxruntime.so.1.");

    private static IEnumerable<string> Candidates(string start)
    {
        var relative = Path.Combine("vision", "native", "node_modules", "onnxruntime-node", "bin", "napi-v6", Platform(), "libonnxruntime.so.1");
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, relative);
        }
    }

    private static string Platform() => Path.Combine("linux", RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64");
}
