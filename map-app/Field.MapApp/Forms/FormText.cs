using System.Text;

namespace Field.MapApp.Forms;

/// <summary>Texts from ledgers and people, made fit for XML, pages and file names.</summary>
internal static class FormText
{
    /// <summary>The most characters that a cell of a workbook holds.</summary>
    private const int MaxCell = 32_767;

    private const int MaxFileName = 80;

    /// <summary>Without what XML cannot hold: half surrogate pairs and controls become U+FFFD, a tab or a line's end a space.</summary>
    public static string Clean(string text)
    {
        StringBuilder clean = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) // half of a pair comes as U+FFFD
        {
            _ = rune.Value switch
            {
                '\t' or '\r' or '\n' => clean.Append(' '),
                0xFFFE or 0xFFFF => clean.Append('\uFFFD'),
                _ => Rune.IsControl(rune) ? clean.Append('\uFFFD') : clean.Append(rune.ToString()),
            };
        }

        return Clip(clean.ToString(), MaxCell);
    }

    /// <summary>A file name that every system takes.</summary>
    public static string FileName(string text)
    {
        StringBuilder name = new();
        foreach (Rune rune in Clean(text).EnumerateRunes())
        {
            _ = Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '_' or 'ー' ? name.Append(rune.ToString()) : name.Append('_');
        }

        string clipped = Clip(name.ToString(), MaxFileName).Trim('_');
        return clipped.Length > 0 ? clipped : "form";
    }

    /// <summary>Never in the middle of a surrogate pair.</summary>
    private static string Clip(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
