using Field.Contracts;
using Field.Mqtt;

namespace Field.EdgeAgent.Identity;

/// <summary>
/// The identity of a folder, kept fresh: before a connection, at most once a day, it is renewed when two thirds of its time are over. A renewal
/// that fails is tried again the next day; there are months of them before the certificate ends.
/// </summary>
/// <param name="folder">The identity's folder.</param>
/// <param name="time">The clock.</param>
internal sealed class IdentityKeeper(string folder, TimeProvider time)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromDays(1);

    private DateTimeOffset _nextLook;

    /// <summary>The certificates for the next connection.</summary>
    /// <exception cref="FieldException">The folder holds no usable identity.</exception>
    public async Task<MqttTlsOptions> TlsAsync(CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() >= _nextLook)
        {
            _nextLook = time.GetUtcNow() + LookInterval;
            await RenewAsync(cancellationToken);
        }

        return AgentIdentity.Load(folder).Tls;
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Two agents of one device must not renew at the same time: each renewal ends the other's certificate.
            using FileStream held = PrivateFiles.Open(Path.Combine(folder, "renew.lock"), FileMode.OpenOrCreate, FileShare.None);
            if (Uri.TryCreate(await File.ReadAllTextAsync(Path.Combine(folder, AgentIdentity.ServerFile), cancellationToken), UriKind.Absolute, out Uri? server))
            {
                await EnrolmentClient.RenewIfDueAsync(server, folder, time, cancellationToken);
            }
        }
        catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
        {
            // The certificate in hand is still good, or the connection will say that it is not.
        }
    }
}
