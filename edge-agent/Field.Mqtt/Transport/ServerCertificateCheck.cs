using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Field.Mqtt.Transport;

/// <summary>
/// Takes the platform's verdict on a server's certificate as it is, and says in one sentence why it fell and what mends it: the platform's
/// own text names flags only.
/// </summary>
internal sealed class ServerCertificateCheck(string host)
{
    private string? _fault;

    /// <summary>The name that the certificate must bear.</summary>
    public string Host => host;

    /// <summary>For <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/>.</summary>
    public bool Holds(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _fault = errors == SslPolicyErrors.None ? null : Describe(certificate as X509Certificate2, chain, errors);
        return errors == SslPolicyErrors.None;
    }

    /// <summary>The failure with the reason of this check, or as it was when the check had no part in it.</summary>
    public AuthenticationException Explain(AuthenticationException failure) => _fault is null ? failure : new AuthenticationException(_fault, failure);

    private string Describe(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return "the server shows no certificate";
        }

        X509ChainStatusFlags status = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status);
        if ((status & X509ChainStatusFlags.NotTimeValid) != 0)
        {
            return $"the server's certificate is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}: set this machine's clock, or renew that certificate";
        }

        if ((status & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0)
        {
            return $"the server's certificate was issued by {certificate.Issuer}, which is not trusted here: trust the certificate of that authority, if it is the right one";
        }

        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? $"the server's certificate is for {Names(certificate)}, not for {host}: use an address that it names, or give the server a certificate with this name"
            : $"the server's certificate cannot be used ({status})";
    }

    private static string Names(X509Certificate2 certificate)
    {
        string[] names = [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(n => n.EnumerateDnsNames().Concat(n.EnumerateIPAddresses().Select(a => a.ToString())))];
        return names.Length == 0 ? "no host" : string.Join(", ", names);
    }
}
