using System.Globalization;
using Field.Contracts;

namespace Field.Ingest.Decisions;

/// <summary>The days of one inspection.</summary>
/// <param name="From">From this time on.</param>
/// <param name="To">Before this time.</param>
public sealed record InspectionRange(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Days are days in Japan.</summary>
    private static readonly TimeSpan Japan = TimeSpan.FromHours(9);

    /// <summary>
    /// Reads <c>2026-05-11</c>, <c>2026-05</c>, <c>2026</c>, or two of these with <c>..</c> between them, both included; null when it is none.
    /// </summary>
    public static InspectionRange? Parse(string? text)
    {
        string[] parts = (text ?? "").Split("..");
        return parts.Length <= 2 && Period(parts[0].Trim()) is { } first && Period(parts[^1].Trim()) is { } last && first.From < last.To
            ? new InspectionRange(first.From, last.To)
            : null;
    }

    /// <summary>True within the range.</summary>
    public bool Contains(DateTimeOffset? at) => at >= From && at < To;

    /// <summary>First and last moment, RFC 3339.</summary>
    public override string ToString() => $"{WireTime.Format(From)}/{WireTime.Format(To)}";

    private static (DateTimeOffset From, DateTimeOffset To)? Period(string text)
    {
        bool Is(string form, out DateTime begin) => DateTime.TryParseExact(text, form, CultureInfo.InvariantCulture, DateTimeStyles.None, out begin) && begin.Year is > 1900 and < 9000;
        DateTimeOffset At(DateTime day) => new(day, Japan);
        return Is("yyyy-MM-dd", out DateTime day) ? (At(day), At(day.AddDays(1)))
            : Is("yyyy-MM", out day) ? (At(day), At(day.AddMonths(1)))
            : Is("yyyy", out day) ? (At(day), At(day.AddYears(1)))
            : null;
    }
}
