using System.Text;

namespace Field.Ingest.Bookings;

/// <summary>A CSV file (RFC 4180) as text: UTF-8 with or without BOM, else Shift_JIS (CP932), decided by which of them the bytes are, strictly.</summary>
internal static class CsvTable
{
    private const int MostColumns = 200;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Encoding ShiftJis =
        CodePagesEncodingProvider.Instance.GetEncoding(932, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>The characters, and the name of the encoding; null when it is neither.</summary>
    public static (string Text, string Encoding)? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        foreach ((Encoding encoding, string name) in new[] { (Utf8, "UTF-8"), (ShiftJis, "Shift_JIS") })
        {
            try
            {
                return (encoding.GetString(bytes), name);
            }
            catch (DecoderFallbackException)
            {
                // The other one.
            }
        }

        return null;
    }

    /// <summary>The rows, each with its fields; rows without any text are left out.</summary>
    /// <param name="text">The file.</param>
    /// <param name="mostRows">More are not read.</param>
    /// <returns>The line on which a row begins, from 1, and its fields.</returns>
    public static IEnumerable<(int Line, string[] Fields)> Rows(string text, int mostRows)
    {
        char separator = text.AsSpan(0, Math.Max(0, text.IndexOf('\n', StringComparison.Ordinal))).Contains('\t') ? '\t' : ',';
        List<string> fields = [];
        StringBuilder field = new();
        int line = 1, begin = 1, rows = 0;
        bool isQuoted = false;
        for (int i = 0; i <= text.Length && rows < mostRows; i++)
        {
            char c = i < text.Length ? text[i] : '\n';
            if (isQuoted && i < text.Length)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else if (c == '"')
                {
                    isQuoted = false;
                }
                else
                {
                    line += c == '\n' ? 1 : 0;
                    field.Append(c);
                }
            }
            else if (c == '"' && field.Length == 0)
            {
                isQuoted = true;
            }
            else if (c == separator || c == '\n')
            {
                if (fields.Count < MostColumns)
                {
                    fields.Add(field.ToString().TrimEnd('\r'));
                }

                field.Clear();
                if (c == '\n')
                {
                    if (fields.Exists(f => !string.IsNullOrWhiteSpace(f)))
                    {
                        rows++;
                        yield return (begin, [.. fields]);
                    }

                    fields.Clear();
                    line++;
                    begin = line;
                }
            }
            else
            {
                field.Append(c);
            }
        }
    }
}
