using System.Text.Json;
using System.Text.Json.Serialization;
using Field.Contracts.Locks;

namespace Field.Contracts;

/// <summary>What a device posts to be enrolled or renewed (SPEC.md section 10).</summary>
/// <param name="Csr">Certificate signing request, PEM, ECDSA P-256. Its subject is ignored.</param>
/// <param name="Id">The code's id; null for a renewal.</param>
/// <param name="Secret">The code's secret; null for a renewal.</param>
public sealed record EnrolmentRequest(string Csr, string? Id = null, string? Secret = null)
{
    /// <summary>Largest request, in bytes.</summary>
    public const int MaxBytes = 8 * 1024;

    /// <summary>Where a device enrols.</summary>
    public const string EnrolPath = "/api/v1/enrol";

    /// <summary>Where a device renews, with its certificate.</summary>
    public const string RenewPath = "/api/v1/enrol/renew";

    /// <summary>Where the CA's certificate is: public, and proven by the code's pin.</summary>
    public const string AuthorityPath = "/api/v1/enrol/authority";

    /// <summary>Reads a request; null when it is not one.</summary>
    public static EnrolmentRequest? Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            EnrolmentRequest? request = JsonSerializer.Deserialize(utf8, EnrolmentJson.Default.EnrolmentRequest);
            return request?.Csr is null ? null : request;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>As JSON.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, EnrolmentJson.Default.EnrolmentRequest);

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"enrolment request {Id}";
}

/// <summary>The answer: the device's certificate.</summary>
/// <param name="Site">The site of the certificate.</param>
/// <param name="Device">The device of the certificate.</param>
/// <param name="Certificate">PEM.</param>
/// <param name="Authority">The site CA's certificate, PEM.</param>
/// <param name="LockSecret">For a device that was enrolled as a lock: what it shares with the headquarters. Null in the answer to a renewal.</param>
public sealed record EnrolmentAnswer(
    string Site, string Device, string Certificate, string Authority, [property: JsonConverter(typeof(LockSecretJson))] LockSecret? LockSecret = null)
{
    /// <summary>Reads an answer; null when it is not one.</summary>
    public static EnrolmentAnswer? Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            EnrolmentAnswer? answer = JsonSerializer.Deserialize(utf8, EnrolmentJson.Default.EnrolmentAnswer);
            return answer is { Site: not null, Device: not null, Certificate: not null, Authority: not null } ? answer : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>As JSON.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, EnrolmentJson.Default.EnrolmentAnswer);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(EnrolmentRequest))]
[JsonSerializable(typeof(EnrolmentAnswer))]
internal sealed partial class EnrolmentJson : JsonSerializerContext;
