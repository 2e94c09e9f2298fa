using Field.Contracts;
using Field.Contracts.Locks;

namespace Field.Ingest.Commands;

/// <summary>
/// The headquarters' copies of the locks' secrets: one file for each lock in a folder that only the server's user may read. A device that has
/// one is a lock. The server and, beside it, the command line use the folder; nothing is kept in memory.
/// </summary>
/// <param name="folder">The folder; created with the first secret.</param>
public sealed class LockSecrets(string folder)
{
    private readonly Lock _gate = new();

    /// <summary>A lock got a new secret: what was sealed with the one before is void.</summary>
    internal event Action? Changed;

    /// <summary>The secrets of a server's data folder.</summary>
    public static LockSecrets Under(string dataDirectory) => new(Path.Combine(Path.GetFullPath(dataDirectory), "secrets"));

    /// <summary>The secret of a lock, or null when it has none.</summary>
    /// <param name="device">A device id.</param>
    /// <exception cref="FieldException">The file is damaged, or others may read it.</exception>
    public LockSecret? Find(string device) => File.Exists(PathOf(device)) ? LockSecret.Load(PathOf(device)) : null;

    /// <summary>The device is to enrol anew: as a lock it gets a new secret when the code is used, else it has none any more.</summary>
    /// <param name="device">A device id.</param>
    /// <param name="codeId">The id of the code, or null when the device is no lock.</param>
    internal void Prepare(string device, string? codeId)
    {
        if (codeId is null)
        {
            Remove(device);
            return;
        }

        Delete(device, isWaiting: true); // codes for one device at a time: a new one ends those before
        PrivateFiles.CreateFolder(folder);
        LockSecret.Generate().Save(WaitingPathOf(device, codeId));
    }

    /// <summary>The code was used: the secret that waited for it counts from now on.</summary>
    /// <returns>The lock's secret; null when the device is no lock.</returns>
    internal LockSecret? HandOver(string device, string codeId)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = File.Exists(WaitingPathOf(device, codeId));
            if (isNew)
            {
                File.Move(WaitingPathOf(device, codeId), PathOf(device), overwrite: true);
                DirectorySync.Flush(folder);
            }
        }

        if (isNew)
        {
            Changed?.Invoke();
        }

        return Find(device);
    }

    /// <summary>Destroys a device's secret: nothing can be sealed for it any more.</summary>
    internal void Remove(string device) => Delete(device, isWaiting: false);

    private void Delete(string device, bool isWaiting)
    {
        // Device ids hold no dot, so none is the beginning of another's file. No search pattern: ".*" would match the one without, too.
        string name = Path.GetFileName(PathOf(device));
        foreach (string file in Directory.Exists(folder) ? Directory.GetFiles(folder) : [])
        {
            string found = Path.GetFileName(file);
            if (found.StartsWith(name + ".", StringComparison.Ordinal) || (!isWaiting && found == name))
            {
                File.Delete(file);
            }
        }
    }

    private string WaitingPathOf(string device, string codeId) => $"{PathOf(device)}.{codeId}";

    private string PathOf(string device) => Ids.IsDevice(device)
        ? Path.Combine(folder, $"{device}.lock-secret")
        : throw new FieldException("no device id");
}
