using System.Security.Cryptography;
using Field.Contracts;
using Field.Harness;
using Field.Ingest.Identity;

namespace Field.Bench.Fuzz;

/// <summary>What anybody on the internet may post: the enrolment request, and the signing request in it, both of which are read before any code is checked.</summary>
internal static class EnrolmentTarget
{
    public static IEnumerable<FuzzTarget> All()
    {
        byte[][] samples = [.. Requests().Select(r => r.Write())];
        yield return new("enrolment", samples, Read)
        {
            // The request is at most 8 KiB; base64, ASN.1 and the native key cost the rest.
            AllocatedBytes = 64 * 1024,
            AllocatedPerByte = 16,
        };
        yield return new("signing-request", [.. Requests().Select(r => Der(r.Csr))], der => EnrolmentService.KeyOf(PemEncoding.WriteString("CERTIFICATE REQUEST", der)) is not null)
        {
            Form = InputForm.Binary,
            AllocatedBytes = 64 * 1024,
            AllocatedPerByte = 16,
        };
    }

    private static bool Read(byte[] body) =>
        body.Length <= EnrolmentRequest.MaxBytes && EnrolmentRequest.Parse(body) is { } request && EnrolmentService.KeyOf(request.Csr) is not null;

    private static byte[] Der(string pem)
    {
        PemFields fields = PemEncoding.Find(pem);
        return Convert.FromBase64String(pem[fields.Base64Data]);
    }

    /// <summary>Golden, so that a seed gives the same inputs each time: signatures hold chance.</summary>
    private static IEnumerable<EnrolmentRequest> Requests() =>
        [new(Golden("plain"), "ABCDE", "0123456789ABCDEF"), new(Golden("plain")), new(Golden("names"), "ABCDE", "0123456789ABCDEF")];

    private static string Golden(string name) => File.ReadAllText(Path.Combine(Checkout.Root, "tests", "golden", "enrolment", $"{name}.pem"));
}
