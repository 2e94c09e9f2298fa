using System.Globalization;
using System.Text.RegularExpressions;

namespace Field.Ingest.Alarms;

/// <summary>The messages of alarms: plain text with named places. Nothing in it is evaluated.</summary>
internal static partial class AlarmText
{
    /// <summary>The names that may stand in braces.</summary>
    public static readonly string[] Names = ["device", "value", "limit", "minutes"];

    /// <summary>Names in braces that are none of <see cref="Names"/>.</summary>
    public static IEnumerable<string> Unknown(string template) =>
        Placeholder().Matches(template).Select(m => m.Groups[1].Value).Where(n => !Names.Contains(n)).Distinct();

    /// <summary>The message.</summary>
    public static string Fill(string template, AlarmRule rule, string device, double? value) => Placeholder().Replace(template, m => m.Groups[1].Value switch
    {
        "device" => device,
        "value" => Number(value),
        "limit" => Number(rule.LimitValue),
        "minutes" => Number(Math.Round(rule.For.TotalMinutes, 1)),
        _ => m.Value,
    });

    private static string Number(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? "-";

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Placeholder();
}
