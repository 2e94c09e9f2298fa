using System.Globalization;

namespace Field.MapApp.Forms;

/// <summary>Fields of a CSV file (RFC 4180) that a spreadsheet will not take for formulas.</summary>
internal static class CsvText
{
    private static readonly char[] Quoted = [',', '"', '\r', '\n', '\''];

    /// <summary>A text that begins as a formula does gets an apostrophe in front (OWASP, CSV injection); numbers stay numbers.</summary>
    public static string Field(object? value)
    {
        switch (value)
        {
            case null:
                return "";
            case double number:
                return double.IsFinite(number) ? number.ToString("0.#########", CultureInfo.InvariantCulture) : "";
            case long number:
                return number.ToString(CultureInfo.InvariantCulture);
            default:
                string text = value.ToString() ?? "";
                string safe = text.TrimStart().Length > 0 && (text[0] is '\t' or '\r' or '\n' || text.TrimStart()[0] is '=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠') ? "'" + text : text;
                return safe.IndexOfAny(Quoted) >= 0 ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
        }
    }
}
