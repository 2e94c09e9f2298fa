using System.Collections.Frozen;
using Field.Store;

namespace Field.Ingest.Identity;

/// <summary>
/// The certificates that count now, in memory, so that a handshake asks no disk but for the revision. <see cref="RefreshAsync"/> before a
/// decision makes it as fresh as the file, which the command line changes too.
/// </summary>
internal sealed class DeviceDirectory(DeviceIdentityStore store) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile FrozenSet<string> _valid = [];
    private long _revision = -1;

    /// <summary>True for a certificate that this CA gave and nobody revoked. Whether its time has passed is the handshake's to say.</summary>
    public bool IsValid(string serial) => _valid.Contains(serial);

    /// <summary>Reads what changed; true when something did.</summary>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        if (await store.RevisionAsync(cancellationToken).ConfigureAwait(false) == Volatile.Read(ref _revision))
        {
            return false;
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            long revision = await store.RevisionAsync(cancellationToken).ConfigureAwait(false);
            IReadOnlyList<DeviceCertificate> all = await store.CertificatesAsync(cancellationToken).ConfigureAwait(false);
            _valid = all.Where(c => c.RevokedAt is null).Select(c => c.Serial).ToFrozenSet(StringComparer.Ordinal);
            Volatile.Write(ref _revision, revision); // after the set: whoever sees the number sees the set, or a later one
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
