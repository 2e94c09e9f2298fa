using System.Globalization;

namespace Field.MapApp.Forms;

/// <summary>Times as forms write them, in Japan's time.</summary>
internal static class FormTime
{
    public static string Day(DateTimeOffset? time, bool japanese) => time?.ToOffset(FormRequest.JapanOffset) is { } local
        ? local.ToString(japanese ? "yyyy年M月d日" : "yyyy-MM-dd", CultureInfo.InvariantCulture)
        : "";

    public static string Minute(DateTimeOffset? time, bool japanese) => time?.ToOffset(FormRequest.JapanOffset) is { } local
        ? local.ToString(japanese ? "yyyy年M月d日 HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
        : "";

    /// <summary>One day, or the first and the last; empty for none.</summary>
    public static string Days(IEnumerable<DateTimeOffset?> times, bool japanese)
    {
        DateTimeOffset[] known = [.. times.OfType<DateTimeOffset>().Order()];
        if (known.Length == 0)
        {
            return "";
        }

        (string first, string last) = (Day(known[0], japanese), Day(known[^1], japanese));
        return first == last ? first : $"{first}{(japanese ? "～" : " to ")}{last}";
    }

    /// <summary>Hours and minutes, such as 5 時間 40 分.</summary>
    public static string Since(TimeSpan span, bool japanese)
    {
        long minutes = (long)Math.Round(Math.Abs(span.TotalMinutes), MidpointRounding.AwayFromZero);
        string sign = span < TimeSpan.Zero && minutes > 0 ? "-" : "";
        return japanese ? $"{sign}{minutes / 60} 時間 {minutes % 60} 分" : $"{sign}{minutes / 60} h {minutes % 60} min";
    }
}
