using Field.Contracts;
using Field.Ingest.Commands;
using Field.Store;
using Field.Store.Audit;

namespace Field.Ingest.Identity;

/// <summary>
/// The command line's hand on the devices of a data folder, whether a server runs over it or not: files with locks, guarded by the
/// folder's permissions, rather than a port on loopback that any user of the machine could reach.
/// </summary>
public sealed class DeviceAdministration : IAsyncDisposable
{
    private readonly IdentityOptions _options;
    private readonly DeviceIdentityStore _store;
    private readonly SiteCa _ca;
    private readonly AuditLog _audit;
    private readonly EnrolmentService _service;
    private readonly string _by = $"user:{Environment.UserName}";

    private DeviceAdministration(IdentityOptions options, TimeProvider time)
    {
        _options = options;
        _ca = SiteCa.Open(options.Folder, options.Site, time);
        _store = IdentityHosting.OpenStore(options, time);
        _audit = new(options.AuditFolder, time);
        _service = new(options, _ca, _store, LockSecrets.Under(options.DataDirectory), _audit, time);
    }

    /// <summary>Opens the data folder.</summary>
    /// <exception cref="FieldException">It cannot be used, or the options are wrong.</exception>
    public static DeviceAdministration Open(IdentityOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Validate() is { Count: > 0 } errors ? throw new FieldException(string.Join(Environment.NewLine, errors)) : new(options, time);
    }

    /// <summary>A one-time code for a new device; see <see cref="EnrolmentCode"/>. Shown once.</summary>
    public Task<EnrolmentCode> EnrolAsync(string device, TimeSpan validFor, CancellationToken cancellationToken) => CodeAsync(device, validFor, CodePurpose.Device, cancellationToken);

    /// <summary>A one-time code for a new lock, which gets a secret of its own with its certificate.</summary>
    public Task<EnrolmentCode> EnrolLockAsync(string device, TimeSpan validFor, CancellationToken cancellationToken) => CodeAsync(device, validFor, CodePurpose.Lock, cancellationToken);

    /// <summary>A one-time code for a device that has a certificate and cannot renew it itself.</summary>
    public Task<EnrolmentCode> RenewAsync(string device, TimeSpan validFor, CancellationToken cancellationToken) => CodeAsync(device, validFor, CodePurpose.Renewal, cancellationToken);

    /// <summary>Revokes a device; how many certificates were valid until now.</summary>
    public Task<int> RevokeAsync(string device, string reason, CancellationToken cancellationToken) => _service.RevokeAsync(device, reason, _by, cancellationToken);

    /// <summary>Every certificate of the site.</summary>
    public async Task<IReadOnlyList<DeviceCertificate>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await _store.CertificatesAsync(cancellationToken).ConfigureAwait(false)).Where(c => c.Site == _options.Site)];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync().ConfigureAwait(false);
        _ca.Dispose();
        _audit.Dispose();
    }

    private Task<EnrolmentCode> CodeAsync(string device, TimeSpan validFor, CodePurpose purpose, CancellationToken cancellationToken)
    {
        if (!Ids.IsDevice(device))
        {
            throw new FieldException($"--device {device}: up to 32 of a-z, 0-9 and -, not starting with -");
        }

        return validFor > TimeSpan.Zero && validFor <= EnrolmentService.LongestCode
            ? _service.CreateCodeAsync(device, validFor, purpose, _by, cancellationToken)
            : throw new FieldException($"--valid: from a moment to {EnrolmentService.LongestCode.TotalDays:0} days, such as 24h");
    }
}
