using System.Globalization;
using System.Text;
using Field.Ingest.Layers;

namespace Field.Ingest.Residents;

/// <summary>Values as municipal registers write them.</summary>
internal static class ResidentValues
{
    public const int MostPeople = 100_000;
    private const int MostYears = 150;
    private static readonly string[] Marks = ["○", "〇", "◯", "●", "有", "あり", "要", "該当", "true", "yes", "y"];
    private static readonly string[] NoMarks = ["×", "無", "なし", "非該当", "false", "no", "n", "-"];
    private static readonly string[] DayForms = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyy/M/d", "yyyyMMdd", "yyyy年M月d日"];

    /// <summary>In half width, trimmed; null when empty.</summary>
    public static string? Text(object? value)
    {
        string text = (LayerLabels.Text(value) ?? "").Normalize(NormalizationForm.FormKC).Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>A whole number from 0; empty is 0.</summary>
    /// <returns>False when it is something else.</returns>
    public static bool TryWhole(object? value, out int number)
    {
        string text = (Text(value) ?? "0").TrimEnd('人', '名', '歳', '才');
        number = 0;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) || real != Math.Floor(real) || real is < 0 or > MostPeople)
        {
            return false;
        }

        number = (int)real;
        return true;
    }

    /// <summary>A number of people, or a mark that means one.</summary>
    public static bool TryFlag(object? value, out int number)
    {
        string text = (Text(value) ?? "").ToLowerInvariant();
        number = Marks.Contains(text) ? 1 : 0;
        return number == 1 || NoMarks.Contains(text) || TryWhole(value, out number);
    }

    /// <summary>An age in years.</summary>
    public static bool TryAge(object? value, out int years) => TryWhole(value, out years) && years <= MostYears;

    /// <summary>Years on a day since a day of birth; empty is 0.</summary>
    public static bool TryAgeOf(object? birth, DateOnly day, out int years)
    {
        years = 0;
        if (birth is null || (birth is string text && string.IsNullOrWhiteSpace(text)))
        {
            return true;
        }

        DateOnly? born = birth switch
        {
            DateOnly date => date,
            DateTime time => DateOnly.FromDateTime(time),
            DateTimeOffset time => DateOnly.FromDateTime(time.Date),
            _ => DateOnly.TryParseExact(Text(birth), DayForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly parsed) ? parsed : null,
        };
        if (born is not { } from || from > day)
        {
            return false;
        }

        years = day.Year - from.Year - (day.DayOfYear < from.AddYears(day.Year - from.Year).DayOfYear ? 1 : 0);
        return years <= MostYears;
    }
}
