using Field.Contracts;
using Field.Contracts.Locks;

namespace Field.Ingest.Commands;

/// <summary>The headquarters' copies of the locks' secrets: one file for each lock in a folder that only the server's user may read.</summary>
/// <param name="folder">The folder; created with the first secret.</param>
public sealed class LockSecrets(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Lock _gate = new();

    /// <summary>The secret of a lock, or null when it has none.</summary>
    /// <param name="device">A device id.</param>
    /// <exception cref="FieldException">The file is damaged, or others may read it.</exception>
    public LockSecret? Find(string device) => File.Exists(PathOf(device)) ? LockSecret.Load(PathOf(device)) : null;

    /// <summary>The secret of a lock, made when it has none: for enrolment, which hands it to the lock inside its TLS connection.</summary>
    /// <param name="device">A device id.</param>
    public LockSecret GetOrCreate(string device)
    {
        lock (_gate)
        {
            if (Find(device) is { } known)
            {
                return known;
            }

            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, OwnerOnly);
            }

            LockSecret secret = LockSecret.Generate();
            secret.Save(PathOf(device));
            return secret;
        }
    }

    private string PathOf(string device) => Ids.IsDevice(device)
        ? Path.Combine(folder, $"{device}.lock-secret")
        : throw new FieldException("no device id");
}
