using System.Globalization;

namespace Field.Contracts;

/// <summary>Sizes as people type them on a command line: bytes, or a number with K, M or G (1,024 and its powers).</summary>
public static class ByteSize
{
    /// <summary>The bytes of a size such as <c>512M</c>; null when it is none.</summary>
    /// <param name="text">What was typed.</param>
    public static long? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int shift = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        return long.TryParse(shift > 0 ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= long.MaxValue >> shift
            ? number << shift
            : null;
    }
}
