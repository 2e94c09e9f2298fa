using System.Text;

namespace Field.Contracts;

/// <summary>
/// Names and units come again with every pack: the same bytes give the same string, from a pool of fixed size. A slot may be overwritten
/// by another name at any time; a reference is written whole, so a reader finds either one and compares.
/// </summary>
internal static class SenMLNames
{
    private const int Slots = 8192;
    private const int MaxLength = 255;

    private static readonly string?[] Pooled = new string?[Slots];

    /// <summary>A string of ASCII bytes.</summary>
    public static string Pool(ReadOnlySpan<byte> ascii)
    {
        if (ascii.Length > MaxLength)
        {
            return Encoding.ASCII.GetString(ascii);
        }

        ref string? slot = ref Pooled[Hash(ascii) % Slots];
        string? known = slot;
        return known is not null && Ascii.Equals(ascii, known) ? known : slot = Encoding.ASCII.GetString(ascii);
    }

    /// <summary>Base name and name (RFC 8428 section 4.5.1), or null when together they are no SenML name.</summary>
    public static string? Resolve(string baseName, ReadOnlySpan<byte> name)
    {
        int length = baseName.Length + name.Length;
        if (length > MaxLength)
        {
            return null;
        }

        Span<byte> whole = stackalloc byte[MaxLength];
        Encoding.ASCII.GetBytes(baseName, whole);
        name.CopyTo(whole[baseName.Length..]);
        string resolved = Pool(whole[..length]);
        return SenMLResolver.IsName(resolved) ? resolved : null;
    }

    /// <summary>FNV-1a: short keys, and a collision only costs an allocation.</summary>
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        uint hash = 2_166_136_261;
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 16_777_619;
        }

        return hash;
    }
}
