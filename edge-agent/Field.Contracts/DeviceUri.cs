using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Field.Contracts;

/// <summary>
/// The name of a device in its certificate (SPEC.md section 10): the URI <c>field:{site}/{device}</c> as the only subject alternative name.
/// </summary>
public static class DeviceUri
{
    private const string Scheme = "field:";
    private const string SubjectAlternativeName = "2.5.29.17";
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6); // RFC 5280 section 4.2.1.6: [6] IA5String

    /// <summary>The URI of a device.</summary>
    public static string Format(string site, string device) => $"{Scheme}{site}/{device}";

    /// <summary>The site and device that a certificate names, or null when it does not name exactly one.</summary>
    /// <param name="certificate">Any certificate; whether it is to be trusted is not looked at here.</param>
    public static (string Site, string Device)? Read(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (certificate.Extensions[SubjectAlternativeName] is not { } extension)
        {
            return null;
        }

        try
        {
            AsnReader names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            if (!names.HasData || !names.PeekTag().HasSameClassAndValue(UriTag))
            {
                return null;
            }

            string uri = names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag);
            return names.HasData ? null : Parse(uri);
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return null;
        }
    }

    private static (string Site, string Device)? Parse(string uri)
    {
        string[] parts = uri.StartsWith(Scheme, StringComparison.Ordinal) ? uri[Scheme.Length..].Split('/') : [];
        return parts is [var site, var device] && Ids.IsSite(site) && Ids.IsDevice(device) ? (site, device) : null;
    }
}
