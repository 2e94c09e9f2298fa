using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Field.Contracts;

namespace Field.Ingest.Identity;

/// <summary>
/// The site's own certificate authority: made when first needed, its key in a file that only the server's user may read. All cryptography
/// is the framework's; ECDSA P-256 with SHA-256.
/// </summary>
internal sealed class SiteCa : IDisposable
{
    public const string KeyFile = "ca.key";
    public const string CertificateFile = "ca.pem";

    private const int SerialBytes = 16;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    // A device whose clock is somewhat behind must not take a fresh certificate for one from the future.
    private static readonly TimeSpan Backdated = TimeSpan.FromHours(1);
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly TimeProvider _time;

    private SiteCa(X509Certificate2 certificate, TimeProvider time) => (Certificate, _time) = (certificate, time);

    /// <summary>The CA's certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The certificate as PEM, without the key.</summary>
    public string Pem => Certificate.ExportCertificatePem();

    /// <summary>Opens the CA of a folder, or makes it.</summary>
    /// <exception cref="FieldException">The files cannot be read or written.</exception>
    public static SiteCa Open(string folder, string site, TimeProvider time)
    {
        string key = Path.Combine(folder, KeyFile);
        string certificate = Path.Combine(folder, CertificateFile);
        try
        {
            PrivateFiles.CreateFolder(folder);
            using FileStream held = PrivateFiles.Open(Path.Combine(folder, "ca.lock"), FileMode.OpenOrCreate, FileShare.None);
            if (!File.Exists(certificate)) // a key without a certificate was never used: a crash came between
            {
                Create(key, certificate, site, time);
            }

            return new(X509Certificate2.CreateFromPemFile(certificate, key), time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FieldException($"the site's CA in {folder} cannot be used: {e.Message}", e is IOException, e);
        }
    }

    /// <summary>A certificate for the server, with a new key.</summary>
    public X509Certificate2 IssueServer(IReadOnlyList<string> hosts, TimeSpan lifetime)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SubjectAlternativeNameBuilder names = new();
        foreach (string host in hosts)
        {
            if (IPAddress.TryParse(host, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        using X509Certificate2 issued = Issue(new(new X500DistinguishedName("CN=Field server"), new PublicKey(key), HashAlgorithmName.SHA256), names, ServerAuthentication, _time.GetUtcNow(), lifetime);
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>A certificate for a device's public key.</summary>
    public X509Certificate2 IssueDevice(string site, string device, PublicKey key, TimeSpan lifetime)
    {
        SubjectAlternativeNameBuilder names = new();
        names.AddUri(new Uri(DeviceUri.Format(site, device)));
        return Issue(new(new X500DistinguishedName($"CN={device}"), key, HashAlgorithmName.SHA256), names, ClientAuthentication, _time.GetUtcNow(), lifetime);
    }

    public void Dispose() => Certificate.Dispose();

    private static void Create(string keyFile, string certificateFile, string site, TimeProvider time)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN=Field site CA {site}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset now = time.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now - Backdated, now + Lifetime);
        PrivateFiles.Replace(keyFile, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        PrivateFiles.Replace(certificateFile, Encoding.ASCII.GetBytes(made.ExportCertificatePem()));
    }

    private X509Certificate2 Issue(CertificateRequest request, SubjectAlternativeNameBuilder names, Oid use, DateTimeOffset from, TimeSpan lifetime)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([use], critical: true));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        byte[] serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40); // positive, and always of the same length
        return request.Create(Certificate, from - Backdated, from + lifetime, serial);
    }
}
