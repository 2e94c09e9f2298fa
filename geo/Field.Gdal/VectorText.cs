using System.Buffers;
using System.Text;

namespace Field.Gdal;

/// <summary>
/// Turns the bytes of names and texts into characters, strictly. libgdal would take a wrong .cpg, or none, and hand out mojibake
/// without a word; so it is told to leave bytes alone and the choice is made here: what the caller says, else the .cpg, else the
/// language byte of the .dbf, else only ASCII is let through.
/// </summary>
internal sealed class VectorText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // CP932: JIS X 0208 with the extensions of NEC and IBM (髙, ①), as Japanese office software writes "Shift_JIS".
    private static readonly Encoding ShiftJis =
        CodePagesEncodingProvider.Instance.GetEncoding(932, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    private readonly string path;
    private readonly Encoding? encoding;
    private readonly string source;
    private readonly List<string> warnings = [];

    private VectorText(string path, Encoding? encoding, string source) => (this.path, this.encoding, this.source) = (path, encoding, source);

    /// <summary>What was read otherwise than the file says, each once.</summary>
    internal IReadOnlyList<string> Warnings => warnings;

    internal static VectorText Of(string path, string driver, string? asked)
    {
        if (asked is not null)
        {
            var told = Named(asked) ?? throw VectorFault.NoSuchEncoding(asked);
            return driver is "CSV" or "ESRI Shapefile" || told == Utf8
                ? new VectorText(path, told, asked)
                : throw VectorFault.AlwaysUtf8(path, driver, asked);
        }

        return driver == "ESRI Shapefile" ? OfShapefile(path) : new VectorText(path, Utf8, "UTF-8");
    }

    /// <summary>True when a CSV must be rewritten before libgdal can find its columns.</summary>
    internal bool IsShiftJis => encoding == ShiftJis;

    internal string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes))
        {
            return Encoding.ASCII.GetString(bytes);
        }

        if (encoding is null)
        {
            throw VectorFault.EncodingUnknown(path, source);
        }

        if (encoding == ShiftJis && IsSurelyUtf8(bytes))
        {
            var text = Utf8.GetString(bytes);
            Warn($"{source} ですが '{text}' は UTF-8 でした / says {source}, but '{text}' is UTF-8 and was read so");
            return text;
        }

        return Strict(bytes);
    }

    /// <summary>For a file whose whole text was brought to UTF-8.</summary>
    internal VectorText Rewritten() => new(path, Utf8, source);

    /// <summary>The whole of a text file.</summary>
    internal static byte[] ToUtf8(byte[] shiftJis, string path)
    {
        try
        {
            return Encoding.Convert(ShiftJis, Utf8, shiftJis);
        }
        catch (DecoderFallbackException e)
        {
            throw VectorFault.NotShiftJis(path, e.Index, e);
        }
    }

    private string Strict(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return encoding!.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            var half = HalfCharacter(bytes);
            if (half == 0 || half == bytes.Length)
            {
                throw Unreadable(e);
            }

            try
            {
                var text = encoding!.GetString(bytes[..^half]);
                Warn($"'{text}' の末尾の文字が途中で切れています / the last character of '{text}' is cut in the file");
                return text;
            }
            catch (DecoderFallbackException)
            {
                throw Unreadable(e);
            }
        }
    }

    /// <summary>A .dbf cuts names and values at a number of bytes, which may fall within a character: the bytes of that half at the end.</summary>
    private int HalfCharacter(ReadOnlySpan<byte> bytes)
    {
        if (encoding == ShiftJis)
        {
            return bytes[^1] is (>= 0x81 and <= 0x9F) or (>= 0xE0 and <= 0xFC) ? 1 : 0;
        }

        for (var length = 1; length <= Math.Min(3, bytes.Length); length++)
        {
            if (Rune.DecodeFromUtf8(bytes[^length..], out _, out _) == OperationStatus.NeedMoreData)
            {
                return length;
            }
        }

        return 0;
    }

    private GdalException Unreadable(DecoderFallbackException e)
    {
        var other = encoding == ShiftJis ? "UTF-8" : "Shift_JIS";
        return VectorFault.OtherEncoding(path, source, other, e);
    }

    /// <summary>
    /// Two or more three-byte sequences and nothing else above ASCII: as Shift_JIS this would be a run of rare level 2 kanji. Two-byte
    /// sequences prove nothing: half-width katakana also make them.
    /// </summary>
    private static bool IsSurelyUtf8(ReadOnlySpan<byte> bytes)
    {
        var threes = 0;
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) != OperationStatus.Done || length is 2 or 4)
            {
                return false;
            }

            threes += rune.IsAscii ? 0 : 1;
            bytes = bytes[length..];
        }

        return threes >= 2;
    }

    private static VectorText OfShapefile(string path)
    {
        var sidecar = Sibling(path, ".cpg");
        if (sidecar is not null && File.ReadAllText(sidecar).Trim() is { Length: > 0 } name)
        {
            return new VectorText(path, Named(name), $".cpg: {name}");
        }

        const int LanguageAt = 29;
        byte[] header = new byte[LanguageAt + 1];
        if (Sibling(path, ".dbf") is { } table)
        {
            using var stream = File.OpenRead(table);
            _ = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        }

        // dBASE language driver ids of Japanese: 0x13 (OEM 932), 0x7B (Windows 932).
        return header[LanguageAt] is 0x13 or 0x7B ? new VectorText(path, ShiftJis, ".dbf: Shift_JIS") : new VectorText(path, null, ".cpg なし / no .cpg");
    }

    internal static string? Sibling(string path, string extension) =>
        ((string[])[extension, extension.ToUpperInvariant()]).Select(e => Path.ChangeExtension(path, e)).FirstOrDefault(File.Exists);

    private static Encoding? Named(string name) => name.Trim().ToUpperInvariant().Replace('-', '_') switch
    {
        "UTF_8" or "UTF8" or "65001" => Utf8,
        "SHIFT_JIS" or "SJIS" or "CP932" or "932" or "MS932" or "ANSI 932" or "WINDOWS_31J" => ShiftJis,
        _ => null,
    };

    private void Warn(string message)
    {
        if (warnings.Count < 100 && !warnings.Contains(message))
        {
            warnings.Add(message);
        }
    }
}
