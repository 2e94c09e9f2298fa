using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Field.Ingest.Identity;

/// <summary>A certificate that another authority issued, from PEM files; read again when they change, as those that renew it replace them.</summary>
internal sealed class PemCertificate(MapCertificate files)
{
    private readonly Lock _gate = new();
    private (DateTime WrittenAt, SslStreamCertificateContext Context)? _current;

    /// <summary>For the next handshake.</summary>
    /// <exception cref="FieldException">The files cannot be read, and never could.</exception>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_gate)
            {
                DateTime writtenAt = File.GetLastWriteTimeUtc(files.CertificatePath);
                if (_current is not { } known || known.WrittenAt != writtenAt)
                {
                    _current = known = (writtenAt, Read() ?? _current?.Context ?? throw new FieldException($"{files.CertificatePath}: no certificate with the key {files.KeyPath}"));
                }

                return known.Context;
            }
        }
    }

    private SslStreamCertificateContext? Read()
    {
        try
        {
            X509Certificate2Collection chain = [];
            chain.ImportFromPemFile(files.CertificatePath);
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(files.CertificatePath, files.KeyPath), chain, offline: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return null; // half replaced: the one before is good until the other file is there
        }
    }
}
