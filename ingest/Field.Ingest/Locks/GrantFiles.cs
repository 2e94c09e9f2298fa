using Field.Contracts;
using Field.Contracts.Locks;

namespace Field.Ingest.Locks;

/// <summary>The last list of grants of each lock, as it was sealed and published: one file for each lock, replaced in one step.</summary>
internal sealed class GrantFiles(string folder, string site)
{
    private const string Extension = ".grants.json";

    /// <summary>The devices that have a list.</summary>
    public IReadOnlyList<string> Devices => Directory.Exists(folder)
        ? [.. Directory.GetFiles(folder, "*" + Extension).Select(f => Path.GetFileName(f)[..^Extension.Length]).Where(Ids.IsDevice).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The list of a lock, or null.</summary>
    /// <exception cref="FieldException">The file is damaged.</exception>
    public (LockGrants List, byte[] Payload)? Find(string device)
    {
        string path = PathOf(device);
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] payload = File.ReadAllBytes(path);
        return LockGrants.Parse(payload, site, device) is { Value: { } list }
            ? (list, payload)
            : throw new FieldException($"{path} is no list of grants; bring it back from a backup, or remove it and grant anew: the version goes on from the clock");
    }

    /// <summary>Keeps a list; durable when this returns.</summary>
    public void Save(string device, byte[] payload)
    {
        PrivateFiles.CreateFolder(folder);
        PrivateFiles.Replace(PathOf(device), payload);
    }

    private string PathOf(string device) => Path.Combine(folder, device + Extension);
}
