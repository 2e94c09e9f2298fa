using System.Globalization;
using System.Text.RegularExpressions;

namespace Field.Geo.Linear;

/// <summary>A place on a levee in writing: <c>右岸 12.3k + 40 m</c>.</summary>
public static partial class MarkText
{
    /// <summary>To the metre.</summary>
    /// <param name="bank">Left out when null.</param>
    /// <param name="km">The mark.</param>
    /// <param name="metresUpstream">Metres from it.</param>
    /// <param name="japanese">右岸, else <c>right bank</c>.</param>
    public static string Format(Bank? bank, double km, double metresUpstream, bool japanese = true)
    {
        double metres = Math.Round(metresUpstream, MidpointRounding.AwayFromZero);
        string offset = metres == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {(metres < 0 ? '-' : '+')} {Math.Abs(metres):0} m");
        return string.Create(CultureInfo.InvariantCulture, $"{Name(bank, japanese)} {km:0.0##}k{offset}").TrimStart();
    }

    /// <summary><c>右岸 12.4k + 20 m～12.5k</c>; one place when both ends have the same name.</summary>
    public static string Format(LeveeStretch stretch, bool japanese)
    {
        ArgumentNullException.ThrowIfNull(stretch);
        string from = Format(null, stretch.FromKm, stretch.FromOffsetM, japanese);
        string to = Format(null, stretch.ToKm, stretch.ToOffsetM, japanese);
        string between = from == to ? from : $"{from}{(japanese ? "～" : " to ")}{to}";
        return $"{Name(stretch.Bank, japanese)} {between}".TrimStart();
    }

    /// <summary>右岸, 左岸, or in English; empty for null.</summary>
    public static string Name(Bank? bank, bool japanese) => bank switch
    {
        Bank.Left => japanese ? "左岸" : "left bank",
        Bank.Right => japanese ? "右岸" : "right bank",
        _ => "",
    };

    /// <summary>A bank as ledgers write it: 左岸, 左, left, L, 1 of 国土数値情報 is not among them.</summary>
    /// <returns>Null when it is none.</returns>
    public static Bank? ParseBank(string? text) => text?.Trim().ToUpperInvariant() switch
    {
        "左岸" or "左" or "LEFT" or "LEFT BANK" or "L" => Bank.Left,
        "右岸" or "右" or "RIGHT" or "RIGHT BANK" or "R" => Bank.Right,
        _ => null,
    };

    /// <summary>Reads <c>右岸 12.3k + 40 m</c>, also <c>右岸12.3k+40m</c>, <c>12k300</c>, <c>12/300</c> and a plain number of kilometres.</summary>
    /// <returns>Null when it is none.</returns>
    public static (Bank? Bank, double Km, double MetresUpstream)? Parse(string? text)
    {
        Match match = Written().Match(text ?? "");
        if (!match.Success)
        {
            return null;
        }

        double km = double.Parse(match.Groups["km"].Value, CultureInfo.InvariantCulture);
        double offset = match.Groups["m"].Success
            ? double.Parse(match.Groups["m"].Value, CultureInfo.InvariantCulture) * (match.Groups["sign"].Value is "-" or "－" ? -1 : 1)
            : 0;
        km += match.Groups["hundreds"].Success ? int.Parse(match.Groups["hundreds"].Value, CultureInfo.InvariantCulture) / 1000.0 : 0;
        return (ParseBank(match.Groups["bank"].Value), km, offset);
    }

    [GeneratedRegex(
        @"^\s*(?<bank>左岸|右岸|left bank|right bank)?\s*(?<km>-?[0-9]{1,4}(\.[0-9]{1,6})?)(\s*(km|k|/)\s*(?<hundreds>(?<=[k/])[0-9]{3})?)?(\s*(?<sign>[+\-＋－])\s*(?<m>[0-9]{1,6}(\.[0-9]{1,4})?)\s*m?)?\s*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Written();
}
