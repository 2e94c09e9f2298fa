using System.Security.Cryptography;
using System.Text;

namespace Field.Contracts;

/// <summary>
/// The one-time code that a device enrols with (SPEC.md section 10): 45 symbols of Crockford's base 32 (no I, L, O, U; typed as 1, 1, 0)
/// in groups of five. It names itself, holds a secret, pins the site's CA, and has a checksum, so that a slip of the finger is found
/// on the device and costs no attempt.
/// </summary>
public sealed class EnrolmentCode
{
    /// <summary>Symbols that name the code: not secret.</summary>
    public const int IdLength = 5;

    /// <summary>Symbols of the secret: 80 random bits.</summary>
    public const int SecretLength = 16;

    /// <summary>Symbols of the CA's fingerprint: the first 100 bits of the SHA-256 of its certificate.</summary>
    public const int PinLength = 20;

    private const int CheckLength = 4;
    private const int GroupLength = 5;
    private const int Length = IdLength + SecretLength + PinLength + CheckLength;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private EnrolmentCode(string symbols)
    {
        Id = symbols[..IdLength];
        Secret = symbols[IdLength..(IdLength + SecretLength)];
        AuthorityPin = symbols[(IdLength + SecretLength)..(Length - CheckLength)];
    }

    /// <summary>Names the code to the server.</summary>
    public string Id { get; }

    /// <summary>Proves to the server that the device was given the code. Never stored, logged or put into a URL.</summary>
    public string Secret { get; }

    /// <summary>Proves to the device that the server is the site's.</summary>
    public string AuthorityPin { get; }

    /// <summary>The whole code as a person reads it. Secret: only for the person's eyes.</summary>
    public string Text
    {
        get
        {
            string symbols = Id + Secret + AuthorityPin;
            return string.Join('-', (symbols + Check(symbols)).Chunk(GroupLength).Select(g => new string(g)));
        }
    }

    /// <summary>A new code.</summary>
    /// <param name="authority">The site CA's certificate (DER).</param>
    public static EnrolmentCode Create(ReadOnlySpan<byte> authority)
    {
        string random = RandomNumberGenerator.GetString(Alphabet, IdLength + SecretLength);
        string symbols = random + Pin(authority);
        return new(symbols + Check(symbols));
    }

    /// <summary>Reads a code however it was typed: any case, any grouping. Null when it is not one.</summary>
    public static EnrolmentCode? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder symbols = new(Length);
        foreach (char typed in text.Where(c => c is not ('-' or ' ' or '\t' or '\r' or '\n')))
        {
            char symbol = char.ToUpperInvariant(typed) switch { 'O' => '0', 'I' or 'L' => '1', char c => c };
            if (symbols.Length == Length || !Alphabet.Contains(symbol, StringComparison.Ordinal))
            {
                return null;
            }

            symbols.Append(symbol);
        }

        string all = symbols.ToString();
        return all.Length == Length && all[^CheckLength..] == Check(all[..^CheckLength]) ? new(all) : null;
    }

    /// <summary>True when the certificate is the one that the code pins.</summary>
    /// <param name="authority">A CA's certificate (DER).</param>
    public bool Pins(ReadOnlySpan<byte> authority) => AuthorityPin == Pin(authority);

    /// <summary>Only what is not secret, so that a code cannot get into a log by accident.</summary>
    public override string ToString() => $"enrolment code {Id}";

    private static string Pin(ReadOnlySpan<byte> authority) => Symbols(SHA256.HashData(authority), PinLength);

    private static string Check(string symbols) => Symbols(SHA256.HashData(Encoding.ASCII.GetBytes(symbols)), CheckLength);

    private static string Symbols(ReadOnlySpan<byte> bytes, int count)
    {
        StringBuilder symbols = new(count);
        for (int bit = 0; symbols.Length < count; bit += 5)
        {
            int pair = (bytes[bit / 8] << 8) | bytes[(bit / 8) + 1];
            symbols.Append(Alphabet[(pair >> (11 - (bit % 8))) & 31]);
        }

        return symbols.ToString();
    }
}
