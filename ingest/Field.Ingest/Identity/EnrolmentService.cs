using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Field.Contracts;
using Field.Ingest.Commands;
using Field.Store;
using Field.Store.Audit;

namespace Field.Ingest.Identity;

/// <summary>A certificate, or why there is none.</summary>
/// <param name="Answer">The certificate; null when refused.</param>
/// <param name="Refusal">Why, for the audit: the device is told less.</param>
internal sealed record EnrolmentResult(EnrolmentAnswer? Answer, string? Refusal);

/// <summary>What a code is for.</summary>
internal enum CodePurpose
{
    /// <summary>A new device.</summary>
    Device,

    /// <summary>A new lock: with its certificate it gets a secret of its own.</summary>
    Lock,

    /// <summary>A device that has a certificate, which ends when the code is used. A lock gets the secret that it has once more: its bookings go on.</summary>
    Renewal,
}

/// <summary>
/// Codes, certificates and revocations; used by the server and, beside it, by the command line. What changes anything is in the audit log
/// before it is answered.
/// </summary>
internal sealed class EnrolmentService(
    IdentityOptions options, SiteCa ca, DeviceIdentityStore store, LockSecrets secrets, AuditLog audit, TimeProvider time)
{
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>The longest validity of a code.</summary>
    public static readonly TimeSpan LongestCode = TimeSpan.FromDays(30);

    /// <summary>The CA's certificate, PEM.</summary>
    public string AuthorityPem => ca.Pem;

    /// <summary>Makes a one-time code. It is returned once and kept nowhere.</summary>
    /// <param name="device">The device it is for.</param>
    /// <param name="validFor">How long.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FieldException">The device is enrolled already, or (renewal) is not.</exception>
    public async Task<EnrolmentCode> CreateCodeAsync(string device, TimeSpan validFor, CodePurpose purpose, string by, CancellationToken cancellationToken)
    {
        bool isRenewal = purpose == CodePurpose.Renewal;
        DateTimeOffset now = time.GetUtcNow();
        bool isEnrolled = (await store.CertificatesAsync(cancellationToken).ConfigureAwait(false))
            .Any(c => c.Site == options.Site && c.Device == device && c.RevokedAt is null && c.NotAfter > now);
        if (isEnrolled != isRenewal)
        {
            throw new FieldException(isEnrolled
                ? $"{options.Site}/{device} is enrolled already. Use 'device renew' to give it a new certificate, or 'device revoke' first"
                : $"{options.Site}/{device} has no valid certificate. Use 'device enrol'");
        }

        EnrolmentCode code = EnrolmentCode.Create(ca.Certificate.RawData);
        byte[] salt = RandomNumberGenerator.GetBytes(32);
        await audit.AppendAsync(
            [new(isRenewal ? "device.renew.code" : "device.enrol.code", by, $"{options.Site}/{device}", "done") { Detail = $"code {code.Id}, valid for {validFor.TotalHours:0.#} h{(purpose == CodePurpose.Lock ? ", a lock" : "")}" }],
            cancellationToken).ConfigureAwait(false);
        if (!isRenewal)
        {
            secrets.Prepare(device, purpose == CodePurpose.Lock ? code.Id : null);
        }

        await store.AddEnrolmentAsync(new(code.Id, options.Site, device, salt, Hash(salt, code.Secret), now + validFor), cancellationToken).ConfigureAwait(false);
        return code;
    }

    /// <summary>Exchanges a code for a certificate.</summary>
    public async Task<EnrolmentResult> EnrolAsync(EnrolmentRequest request, string? from, CancellationToken cancellationToken)
    {
        if (request is not { Id: { } id, Secret: { } secret } || KeyOf(request.Csr) is not { } key)
        {
            return new(null, "not a request with a code and a signing request of an ECDSA P-256 key");
        }

        Redemption? redemption = await store.RedeemAsync(
            id, (enrolment, earlier) => Judge(enrolment, earlier, secret, key), time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (redemption?.Certificate is not { } granted)
        {
            return new(null, redemption?.Refusal ?? "unknown code");
        }

        // In the audit log before the device has it: when this fails the device gets nothing, and asks again with the same key.
        await audit.AppendAsync(
            [new("device.enrol", $"device:{granted.Site}/{granted.Device}", $"certificate {granted.Serial}", "done") { From = from, Detail = $"code {id}, valid to {WireTime.Format(granted.NotAfter)}" }],
            cancellationToken).ConfigureAwait(false);
        return new(new(granted.Site, granted.Device, granted.Pem, ca.Pem, secrets.HandOver(granted.Device, id)), null);
    }

    /// <summary>A new certificate for a device that shows a valid one.</summary>
    public async Task<EnrolmentResult> RenewAsync(DeviceIdentity device, EnrolmentRequest request, string? from, CancellationToken cancellationToken)
    {
        if (KeyOf(request.Csr) is not { } key)
        {
            return new(null, "not a signing request of an ECDSA P-256 key");
        }

        using X509Certificate2 certificate = ca.IssueDevice(device.Site, device.Device, key, options.DeviceLifetime);
        DeviceCertificate granted = Row(device.Site, device.Device, certificate);
        await audit.AppendAsync(
            [new("device.renew", device.Name, $"certificate {granted.Serial}", "done") { From = from, Detail = $"in place of {device.Serial}, valid to {WireTime.Format(granted.NotAfter)}" }],
            cancellationToken).ConfigureAwait(false);
        await store.RenewAsync(granted, device.Serial, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        return new(new(device.Site, device.Device, granted.Pem, ca.Pem), null);
    }

    /// <summary>Revokes a device, and destroys its lock secret; the server puts it out within <see cref="IdentityOptions.PollInterval"/>.</summary>
    /// <returns>How many certificates were valid until now.</returns>
    public async Task<int> RevokeAsync(string device, string reason, string by, CancellationToken cancellationToken)
    {
        int count = await store.RevokeAsync(options.Site, device, reason, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        secrets.Remove(device);
        await audit.AppendAsync(
            [new("device.revoke", by, $"{options.Site}/{device}", "done") { Detail = $"{reason}; {count} certificates" }], cancellationToken).ConfigureAwait(false);
        return count;
    }

    private static byte[] Hash(byte[] salt, string secret) => HMACSHA256.HashData(salt, Encoding.ASCII.GetBytes(secret));

    private static string KeyHash(PublicKey key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    /// <summary>The key of a signing request that is signed with it; null for anything else. Its subject and extensions are not looked at.</summary>
    internal static PublicKey? KeyOf(string csr)
    {
        try
        {
            PublicKey key = CertificateRequest.LoadSigningRequestPem(csr, HashAlgorithmName.SHA256).PublicKey;
            using ECDsa? ecdsa = key.GetECDsaPublicKey();
            return ecdsa?.ExportParameters(false).Curve.Oid.Value == P256 ? key : null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            return null; // not supported: an algorithm or a curve that the platform does not know
        }
    }

    private static DeviceCertificate Row(string site, string device, X509Certificate2 certificate) => new(
        certificate.SerialNumber, site, device, new DateTimeOffset(certificate.NotBefore.ToUniversalTime()), new DateTimeOffset(certificate.NotAfter.ToUniversalTime()), certificate.ExportCertificatePem());

    private Redemption Judge(Enrolment enrolment, DeviceCertificate? earlier, string secret, PublicKey key)
    {
        if (enrolment.AttemptsLeft <= 0)
        {
            return new($"code {enrolment.Id}: too many wrong attempts", false, null, null);
        }

        if (!CryptographicOperations.FixedTimeEquals(Hash(enrolment.Salt, secret), enrolment.Hash))
        {
            return new($"code {enrolment.Id}: wrong secret", true, null, null);
        }

        if (enrolment.ExpiresAt <= time.GetUtcNow())
        {
            return new($"code {enrolment.Id}: expired", false, null, null);
        }

        string keyHash = KeyHash(key);
        if (enrolment.UsedByKey is { } used)
        {
            // The answer may have been lost on the way: the same key gets the same certificate, which is of no use to anybody else.
            return used == keyHash && earlier is { RevokedAt: null }
                ? new(null, false, earlier, keyHash)
                : new($"code {enrolment.Id}: used before", false, null, null);
        }

        using X509Certificate2 certificate = ca.IssueDevice(enrolment.Site, enrolment.Device, key, options.DeviceLifetime);
        return new(null, false, Row(enrolment.Site, enrolment.Device, certificate), keyHash);
    }
}
