using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Field.Contracts;

namespace Field.EdgeAgent.Identity;

/// <summary>
/// The device's side of enrolment and renewal (SPEC.md section 10). The key is made here and never leaves; the code goes only to a server
/// whose CA is the one that the code pins.
/// </summary>
internal static class EnrolmentClient
{
    private const int MaxAnswerBytes = 64 * 1024;
    private const string NextKeyFile = AgentIdentity.KeyFile + ".next";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Enrols and writes the identity.</summary>
    /// <param name="server"><c>https://host:8443</c>.</param>
    /// <param name="code">The one-time code.</param>
    /// <param name="folder">Where the identity goes; null for the default folder of the device that the certificate names.</param>
    /// <param name="pending">Where the key waits until the answer has come, so that a second try asks with the same key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="FieldException">Not reachable (transient), another server, or refused.</exception>
    public static async Task<string> EnrolAsync(Uri server, EnrolmentCode code, string? folder, string pending, CancellationToken cancellationToken)
    {
        using X509Certificate2 authority = await AuthorityAsync(server, code, cancellationToken);
        PrivateFiles.CreateFolder(pending);
        string keyFile = Path.Combine(pending, $"{code.Id}.key");
        using ECDsa key = KeyOf(keyFile);
        EnrolmentRequest request = new(RequestOf(key), code.Id, code.Secret);
        EnrolmentAnswer answer = await PostAsync(server, EnrolmentRequest.EnrolPath, request, authority, null, cancellationToken);
        string target = Path.GetFullPath(folder ?? Uplink.ServerOptions.Folder("identity", answer.Site, answer.Device));
        Keep(target, key, answer, authority);
        PrivateFiles.Replace(Path.Combine(target, AgentIdentity.ServerFile), Encoding.UTF8.GetBytes(server.AbsoluteUri));
        File.Delete(keyFile);
        return target;
    }

    /// <summary>Renews when two thirds of the certificate's time are over; true when it did.</summary>
    /// <exception cref="FieldException">Not reachable (transient) or refused.</exception>
    public static async Task<bool> RenewIfDueAsync(Uri server, string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        using AgentIdentity identity = AgentIdentity.Load(folder);
        DateTime dueAt = identity.Certificate.NotBefore + ((identity.Certificate.NotAfter - identity.Certificate.NotBefore) * (2.0 / 3));
        if (time.GetUtcNow().UtcDateTime < dueAt.ToUniversalTime())
        {
            return false;
        }

        using ECDsa key = KeyOf(Path.Combine(folder, NextKeyFile));
        EnrolmentAnswer answer = await PostAsync(server, EnrolmentRequest.RenewPath, new(RequestOf(key)), identity.Authority, identity.Certificate, cancellationToken);
        Keep(folder, key, answer, identity.Authority);
        File.Delete(Path.Combine(folder, NextKeyFile));
        return true;
    }

    /// <summary>First contact: fetches the CA's certificate, which is public, from whoever answers, and believes it only when the code pins it.</summary>
    private static async Task<X509Certificate2> AuthorityAsync(Uri server, EnrolmentCode code, CancellationToken cancellationToken)
    {
        SslClientAuthenticationOptions unproven = new()
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning disable CA5359 // Nothing secret is sent and nothing received is believed before the pin below is compared.
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
        };
        (HttpStatusCode status, byte[] body) = await SendAsync(server, new(HttpMethod.Get, EnrolmentRequest.AuthorityPath), unproven, cancellationToken);
        try
        {
            X509Certificate2 authority = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(body));
            return status == HttpStatusCode.OK && code.Pins(authority.RawData)
                ? authority
                : throw new FieldException($"{server} is not the server that the code is for: its CA has another fingerprint");
        }
        catch (CryptographicException e)
        {
            throw new FieldException($"{server} is not a Field server ({(int)status})", innerException: e);
        }
    }

    private static async Task<EnrolmentAnswer> PostAsync(
        Uri server, string path, EnrolmentRequest request, X509Certificate2 authority, X509Certificate2? own, CancellationToken cancellationToken)
    {
        using ByteArrayContent content = new(request.Write());
        content.Headers.ContentType = new("application/json");
        SslClientAuthenticationOptions secured = new()
        {
            TargetHost = server.IdnHost,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { authority },
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            },
            ClientCertificateContext = own is null ? null : SslStreamCertificateContext.Create(own, null, offline: true),
        };
        (HttpStatusCode status, byte[] body) = await SendAsync(server, new(HttpMethod.Post, path) { Content = content }, secured, cancellationToken);
        return status switch
        {
            HttpStatusCode.OK when EnrolmentAnswer.Parse(body) is { } answer => answer,
            HttpStatusCode.TooManyRequests => throw new FieldException($"{server} takes no attempt now, after failed ones; wait some minutes", isTransient: true),
            HttpStatusCode.Forbidden => throw new FieldException($"{server} does not accept the code: it is wrong, used, or expired"),
            _ => throw new FieldException($"{server} refused ({(int)status})", isTransient: (int)status >= 500),
        };
    }

    private static async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(
        Uri server, HttpRequestMessage request, SslClientAuthenticationOptions tls, CancellationToken cancellationToken)
    {
        using HttpClient http = new(new SocketsHttpHandler { SslOptions = tls, UseCookies = false, UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = server,
            Timeout = Patience,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
            return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            string why = e.InnerException is AuthenticationException inner ? inner.Message : e.Message;
            throw new FieldException($"{server} cannot be reached securely: {why}", isTransient: true, e);
        }
        finally
        {
            request.Dispose();
        }
    }

    /// <summary>The key in a file, or a new one that is there before it is used: a lost answer can be asked for again.</summary>
    private static ECDsa KeyOf(string file)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(file))
        {
            key.ImportFromPem(File.ReadAllText(file));
        }
        else
        {
            PrivateFiles.Replace(file, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        }

        return key;
    }

    private static string RequestOf(ECDsa key) => new CertificateRequest("CN=device", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

    /// <summary>Certificate and key go into one file, so that a crash cannot leave a pair that does not fit: one rename, one truth.</summary>
    private static void Keep(string folder, ECDsa key, EnrolmentAnswer answer, X509Certificate2 authority)
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(answer.Certificate);
        if (DeviceUri.Read(certificate) != (answer.Site, answer.Device) || !certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
        {
            throw new FieldException("the server's answer is not a certificate for this device's key");
        }

        PrivateFiles.CreateFolder(folder);
        answer.LockSecret?.Save(Path.Combine(folder, AgentIdentity.LockSecretFile)); // before the certificate: without that nothing counts yet
        PrivateFiles.Replace(Path.Combine(folder, AgentIdentity.AuthorityFile), Encoding.ASCII.GetBytes(authority.ExportCertificatePem()));
        PrivateFiles.Replace(
            Path.Combine(folder, AgentIdentity.CertificateFile), Encoding.ASCII.GetBytes(answer.Certificate + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n"));
    }
}
