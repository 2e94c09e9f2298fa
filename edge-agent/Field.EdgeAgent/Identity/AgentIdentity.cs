using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Field.Contracts;
using Field.Mqtt;

namespace Field.EdgeAgent.Identity;

/// <summary>What this device proves itself with: its key with its certificate, and the site's CA, two PEM files in one folder.</summary>
/// <param name="Site">The site in the certificate.</param>
/// <param name="Device">The device in the certificate.</param>
/// <param name="Certificate">The certificate with the private key.</param>
/// <param name="Authority">The site's CA, the only root this device trusts.</param>
internal sealed record AgentIdentity(string Site, string Device, X509Certificate2 Certificate, X509Certificate2 Authority) : IDisposable
{
    /// <summary>The device's private key while its certificate is being asked for (PKCS #8, readable by its user only).</summary>
    public const string KeyFile = "device.key";

    /// <summary>The device's certificate and its private key, readable by its user only; the key never leaves the device.</summary>
    public const string CertificateFile = "device.pem";

    /// <summary>The certificate of the site's CA.</summary>
    public const string AuthorityFile = "ca.pem";

    /// <summary>A lock's secret, readable by its user only.</summary>
    public const string LockSecretFile = "lock.secret";

    /// <summary>The server's enrolment address, where the certificate is renewed.</summary>
    public const string ServerFile = "server.txt";

    /// <summary>For <see cref="MqttClientOptions.Tls"/>.</summary>
    public MqttTlsOptions Tls => new() { ClientCertificate = Certificate, TrustedRoot = Authority };

    /// <summary>True when the folder holds an identity.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, CertificateFile));

    /// <summary>Reads the folder.</summary>
    /// <exception cref="FieldException">Files are missing, cannot be read, or do not belong together.</exception>
    public static AgentIdentity Load(string folder)
    {
        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(Path.Combine(folder, CertificateFile));
            return DeviceUri.Read(certificate) is { } name
                ? new(name.Site, name.Device, certificate, X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, AuthorityFile)))
                : throw new FieldException($"{folder}: the certificate names no device; enrol again");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FieldException($"{folder} holds no usable identity ({e.Message}); enrol with: field agent enrol --server URL --code CODE", innerException: e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        Authority.Dispose();
    }
}
