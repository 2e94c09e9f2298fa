using System.Security.Cryptography;
using System.Text.Json;

namespace Field.Demo.Synthetic;

/// <summary>manifest.json: which generator made the folder, from which options, and the SHA-256 of every other file.</summary>
internal sealed record DemoManifest(
    bool Synthetic, string Generator, int Version, DemoDataOptions Options, int Photos, int Cracks, IReadOnlyList<DemoManifest.FileEntry> Files)
{
    public const string FileName = "manifest.json";
    public const string GeneratorName = "Field.Demo synthetic city and flight";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>One file: path relative to the folder with forward slashes, size in bytes, lower-case hex SHA-256.</summary>
    public sealed record FileEntry(string Path, long Bytes, string Sha256)
    {
        public static FileEntry Of(string path, byte[] content) =>
            new(path, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    public void Write(string directory) =>
        File.WriteAllBytes(Path.Combine(directory, FileName), JsonSerializer.SerializeToUtf8Bytes(this, s_json));

    /// <summary>The manifest of a folder, or null when there is none that this generator wrote.</summary>
    public static DemoManifest? Read(string directory)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<DemoManifest>(File.ReadAllBytes(Path.Combine(directory, FileName)), s_json);
            return manifest is { Generator: GeneratorName, Options: not null, Files: not null } ? manifest : null;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>True when every listed file is there with its hash, and the flight folder holds nothing else.</summary>
    public bool Matches(string directory, CancellationToken ct)
    {
        string flight = Path.Combine(directory, DemoData.FlightFolder);
        int photos = Directory.Exists(flight) ? Directory.GetFileSystemEntries(flight).Length : 0;
        return photos == Photos && Files.All(file => Matches(directory, file, ct));
    }

    private static bool Matches(string directory, FileEntry file, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        string path = Path.Combine(directory, file.Path);
        return File.Exists(path) && FileEntry.Of(file.Path, File.ReadAllBytes(path)) == file;
    }
}
