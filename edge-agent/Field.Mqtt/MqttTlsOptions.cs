using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Field.Mqtt.Transport;

namespace Field.Mqtt;

/// <summary>
/// How a client secures <c>mqtts://</c> and <c>wss://</c>. TLS 1.2 or 1.3; the server's certificate must be valid now, lead to a trusted
/// root and name the host of the address. There is no way to switch these checks off.
/// </summary>
public sealed record MqttTlsOptions
{
    /// <summary>The only roots trusted; null (the default) trusts those of this machine.</summary>
    public X509Certificate2? TrustedRoot { get; init; }

    /// <summary>This client's certificate with its private key, or null. The caller disposes it, after the client.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <param name="check">Knows the name that the server's certificate must bear, and hears what is wrong with it.</param>
    internal SslClientAuthenticationOptions Authentication(ServerCertificateCheck check) => new()
    {
        RemoteCertificateValidationCallback = check.Holds,
        TargetHost = check.Host,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck, // a private site CA: its server revokes, by not being used
        CertificateChainPolicy = TrustedRoot is null ? null : Only(TrustedRoot),
        ClientCertificateContext = ClientCertificate is null ? null : SslStreamCertificateContext.Create(ClientCertificate, null, offline: true),
    };

    private static X509ChainPolicy Only(X509Certificate2 root) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { root },
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };
}
