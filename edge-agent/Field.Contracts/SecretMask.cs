using System.Text;

namespace Field.Contracts;

/// <summary>
/// Takes secrets out of bytes that are kept for people to look at, such as dead letters: the values of JSON members whose name says that
/// they are secret, wherever they stand and also in JSON that is broken, and private keys in PEM. The length stays, the value does not.
/// A secret under another name, or in a binary payload, is not found: who makes a protocol keeps secrets out of it.
/// </summary>
public static class SecretMask
{
    private static readonly string[] Contained =
        ["pincode", "password", "passwd", "passphrase", "secret", "token", "apikey", "privatekey", "credential", "authorization", "accesscode", "usercode"];

    private static readonly string[] Whole = ["pin", "pins", "pwd", "key", "code"];

    /// <summary>True when a member of this name holds a secret: <c>last_used_pin_code</c>, <c>apiKey</c>, <c>PIN</c>.</summary>
    public static bool IsSecretName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string plain = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Whole.Contains(plain, StringComparer.Ordinal) || Contained.Any(c => plain.Contains(c, StringComparison.Ordinal));
    }

    /// <summary>The payload without its secrets; the same memory when it holds none.</summary>
    public static ReadOnlyMemory<byte> Mask(ReadOnlyMemory<byte> payload)
    {
        byte[]? masked = null;
        ReadOnlySpan<byte> bytes = payload.Span;
        int at = 0;
        while (at < bytes.Length)
        {
            int quote = bytes[at..].IndexOf((byte)'"');
            if (quote < 0)
            {
                break;
            }

            int name = at + quote + 1;
            int end = EndOfString(bytes, name);
            int value = AfterColon(bytes, end);
            if (value >= 0 && end - name <= 128 && IsSecretName(Encoding.UTF8.GetString(bytes[name..end])))
            {
                int valueEnd = EndOfValue(bytes, value);
                Blank((masked ??= payload.ToArray()).AsSpan(value, valueEnd - value));
                at = valueEnd;
            }
            else
            {
                at = Math.Min(end + 1, bytes.Length);
            }
        }

        return MaskKeys(masked, payload);
    }

    /// <summary>The index of the closing quote, or the end when there is none.</summary>
    private static int EndOfString(ReadOnlySpan<byte> bytes, int from)
    {
        while (from < bytes.Length && bytes[from] != '"')
        {
            from += bytes[from] == '\\' ? 2 : 1;
        }

        return Math.Min(from, bytes.Length);
    }

    /// <summary>Where the value begins when a colon follows the closing quote, else -1.</summary>
    private static int AfterColon(ReadOnlySpan<byte> bytes, int quote)
    {
        int at = SkipSpace(bytes, quote + 1);
        return at < bytes.Length && bytes[at] == ':' ? SkipSpace(bytes, at + 1) : -1;
    }

    private static int SkipSpace(ReadOnlySpan<byte> bytes, int at)
    {
        while (at < bytes.Length && bytes[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at;
    }

    /// <summary>The end of a value: of the string, of the whole object or array, or of the word.</summary>
    private static int EndOfValue(ReadOnlySpan<byte> bytes, int at)
    {
        int depth = 0;
        while (at < bytes.Length)
        {
            byte b = bytes[at];
            if (b == '"')
            {
                at = EndOfString(bytes, at + 1);
            }
            else if (b is (byte)'{' or (byte)'[')
            {
                depth++;
            }
            else if (b is (byte)'}' or (byte)']' && --depth < 0)
            {
                return at;
            }
            else if (b == ',' && depth == 0)
            {
                return at;
            }

            at++;
            if (depth == 0 && (b is (byte)'"' or (byte)'}' or (byte)']'))
            {
                break;
            }
        }

        return Math.Min(at, bytes.Length);
    }

    /// <summary>Letters and other signs become <c>*</c>, digits <c>0</c>; what JSON is made of stays, so that it can still be read.</summary>
    private static void Blank(Span<byte> value)
    {
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length)
            {
                value[i++] = (byte)'*'; // with what it escapes, which may be a quote
                value[i] = (byte)'*';
            }
            else
            {
                value[i] = value[i] switch
                {
                    >= (byte)'0' and <= (byte)'9' => (byte)'0',
                    (byte)'"' or (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)',' or (byte)':' or (byte)' ' => value[i],
                    _ => (byte)'*',
                };
            }
        }
    }

    private static ReadOnlyMemory<byte> MaskKeys(byte[]? masked, ReadOnlyMemory<byte> payload)
    {
        int at = 0;
        while (payload.Span[at..].IndexOf("PRIVATE KEY-----"u8) is >= 0 and int found)
        {
            int begin = at + found + "PRIVATE KEY-----".Length;
            int length = payload.Span[begin..].IndexOf("-----END"u8);
            int end = length < 0 ? payload.Length : begin + length;
            (masked ??= payload.ToArray()).AsSpan(begin, end - begin).Fill((byte)'*');
            int next = payload.Span[end..].IndexOf("PRIVATE KEY-----"u8);
            if (next < 0)
            {
                break;
            }

            at = end + next + "PRIVATE KEY-----".Length; // past the END line
        }

        return masked ?? payload;
    }
}
