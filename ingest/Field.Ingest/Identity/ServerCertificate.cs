using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Field.Contracts;
using Microsoft.Extensions.Logging;

namespace Field.Ingest.Identity;

/// <summary>
/// The server's own certificate, issued by the site's CA, renewed before it ends and when the host names change. Kept in
/// <c>identity/server.pem</c> and <c>server.key</c>, so that a restart does not need another.
/// </summary>
internal sealed class ServerCertificate(IdentityOptions options, SiteCa ca, TimeProvider time, ILogger<ServerCertificate> log)
{
    private readonly Lock _gate = new();
    private (SslStreamCertificateContext Context, DateTimeOffset RenewAt)? _current;

    private string CertificateFile => Path.Combine(options.Folder, "server.pem");

    private string KeyFile => Path.Combine(options.Folder, "server.key");

    /// <summary>For the next handshake; renews when it is time.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_gate)
            {
                if (_current is not { } known || known.RenewAt <= time.GetUtcNow())
                {
                    X509Certificate2 certificate = Stored() ?? Issue();
                    _current = known = (SslStreamCertificateContext.Create(certificate, null, offline: true), RenewAt(certificate));
                }

                return known.Context;
            }
        }
    }

    private static DateTimeOffset RenewAt(X509Certificate2 certificate) =>
        new DateTimeOffset(certificate.NotAfter.ToUniversalTime()) - ((certificate.NotAfter - certificate.NotBefore) / 3);

    private X509Certificate2? Stored()
    {
        try
        {
            X509Certificate2 stored = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
            bool isOurs = stored.IssuerName.RawData.AsSpan().SequenceEqual(ca.Certificate.SubjectName.RawData);
            return isOurs && RenewAt(stored) > time.GetUtcNow() && options.EffectiveHosts.All(h => stored.MatchesHostname(h, allowWildcards: false, allowCommonName: false)) ? stored : null;
        }
        catch (Exception e) when (e is IOException or CryptographicException)
        {
            return null; // none yet, or one of which a crash left half: the next is made
        }
    }

    private X509Certificate2 Issue()
    {
        X509Certificate2 issued = ca.IssueServer(options.EffectiveHosts, options.ServerLifetime);
        using ECDsa key = issued.GetECDsaPrivateKey()!;
        PrivateFiles.Replace(KeyFile, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        PrivateFiles.Replace(CertificateFile, Encoding.ASCII.GetBytes(issued.ExportCertificatePem()));
        log.ServerCertificateIssued(string.Join(", ", options.EffectiveHosts), issued.NotAfter);
        return issued;
    }
}
