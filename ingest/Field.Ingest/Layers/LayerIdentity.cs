using System.Security.Cryptography;
using System.Text;
using Field.Gdal;

namespace Field.Ingest.Layers;

/// <summary>The names that follow from what is imported: the same file imported in the same way always has the same.</summary>
internal static class LayerIdentity
{
    private const int Form = 1; // of features: raise it when the same file would give others
    private const int IdHash = 12;
    internal const int EditionHash = 16;
    private static readonly string[] Sidecars = [".dbf", ".prj", ".cpg"];

    /// <summary>Folder and name of the file, so that 222127.json of shelters and of evacuation sites are two.</summary>
    public static string Origin(LayerImportOptions options)
    {
        string full = Path.GetFullPath(options.Path);
        string name = Path.GetFileName(full);
        return options.Origin ?? (Path.GetFileName(Path.GetDirectoryName(full)) is { Length: > 0 } folder ? $"{folder}/{name}" : name);
    }

    /// <summary>The id when nobody gives one.</summary>
    public static string Id(string origin, string? layer) => $"l-{Hash($"{origin}\n{layer}")[..IdHash]}";

    public static bool IsId(string id) => id.Length is > 0 and <= 32 && id[0] != '-' && id.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    /// <summary>The edition: what the file's bytes are, and all that decides about its features.</summary>
    public static string Edition(string id, LayerImportOptions o, LayerImport import)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in Sidecars.Select(s => VectorFiles.Sibling(o.Path, s)).OfType<string>().Prepend(o.Path).Distinct())
        {
            using FileStream stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }

        string classes = string.Join('|', import.Classes?.Classes.Select(LayerReclass.SignatureOf) ?? []);
        string how = string.Join('\n', Form, o.Layer, import.Epsg, o.Encoding, import.Classes?.Field, import.Classes?.Constant, classes, import.LabelField, o.EastColumn, o.NorthColumn, o.MeshField);
        hash.AppendData(Encoding.UTF8.GetBytes(how));
        return $"{id}@{Convert.ToHexStringLower(hash.GetHashAndReset())[..EditionHash]}";
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
