using System.Globalization;

namespace Field.Store.Accounts;

/// <summary>Times and lists as texts of a table.</summary>
internal static class SqliteText
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>Of one length, in UTC: texts compare as times do.</summary>
    public static string Sortable(DateTimeOffset time) => time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    public static string? Sortable(DateTimeOffset? time) => time is { } known ? Sortable(known) : null;

    public static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>Of words without blanks.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words);

    public static IReadOnlyList<string> Split(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
