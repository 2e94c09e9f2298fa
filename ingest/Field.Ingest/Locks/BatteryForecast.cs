namespace Field.Ingest.Locks;

/// <summary>What can be said of a battery.</summary>
public enum BatteryOutlook
{
    /// <summary>Fewer than <see cref="BatteryForecast.LeastDays"/> days of readings since it was put in: nothing can be said.</summary>
    TooLittle,

    /// <summary>It is at the limit, or below.</summary>
    Low,

    /// <summary>It falls, and is at the limit on <see cref="BatteryForecast.Date"/>.</summary>
    Falls,

    /// <summary>It does not fall so that it could be measured: not within <see cref="BatteryForecast.Furthest"/>.</summary>
    Steady,
}

/// <summary>
/// When a battery will be at its limit: a Theil-Sen line (the median of the slopes between all pairs of days; P. K. Sen, JASA 63, 1968) through the
/// medians of the days since it was put in. Up to 29 % of the days may be anything: cold nights, a reading of nothing. The uncertainty is Sen's
/// interval of the slope at 90 %, widened by what steps of half a percent hide, and by how far the days lie from the line.
/// </summary>
public sealed record BatteryForecast(BatteryOutlook Outlook)
{
    /// <summary>Least days of readings, and least days from the first to the last.</summary>
    public const int LeastDays = 14;

    private const int MostDays = 180;
    private const double StepPercent = 0.5;
    private const double Z90 = 1.645;

    /// <summary>Nothing is foretold for later.</summary>
    public static TimeSpan Furthest { get; } = TimeSpan.FromDays(3 * 365);

    /// <summary>The last reading, percent; null when there is none.</summary>
    public double? Percent { get; init; }

    /// <summary>When it was read.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>When the line is at the limit.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>As early as it may be.</summary>
    public DateOnly? Earliest { get; init; }

    /// <summary>As late as it may be; null when that cannot be said.</summary>
    public DateOnly? Latest { get; init; }

    /// <summary>Percent in 30 days, negative as it falls.</summary>
    public double? PercentPerMonth { get; init; }

    /// <summary>Days with a reading since it was put in.</summary>
    public int Days { get; init; }

    /// <summary>The day on which it was changed; null when no change was seen.</summary>
    public DateOnly? ChangedOn { get; init; }

    /// <summary>Looks at a battery.</summary>
    /// <param name="readings">Percent, in order of time.</param>
    /// <param name="limitPercent">At which it is to be changed.</param>
    /// <param name="offset">Of the days from UTC.</param>
    public static BatteryForecast Of(IReadOnlyList<(DateTimeOffset At, double Percent)> readings, double limitPercent, TimeSpan offset)
    {
        ArgumentNullException.ThrowIfNull(readings);
        (DateOnly Day, double Percent)[] all =
        [
            .. readings.Where(r => r.Percent is >= 0 and <= 100).GroupBy(r => DateOnly.FromDateTime(r.At.ToOffset(offset).DateTime))
                .Select(g => (g.Key, Median([.. g.Select(r => r.Percent)]))).OrderBy(d => d.Key),
        ];
        if (all.Length == 0)
        {
            return new(BatteryOutlook.TooLittle);
        }

        int begin = LastChange(all);
        (DateOnly Day, double Percent)[] days = all[Math.Max(begin, all.Length - MostDays)..];
        BatteryForecast seen = new(BatteryOutlook.TooLittle) { Percent = readings[^1].Percent, ReadAt = readings[^1].At, Days = all.Length - begin, ChangedOn = begin > 0 ? all[begin].Day : null };
        double lately = Median([.. days.TakeLast(3).Select(d => d.Percent)]);
        if (lately <= limitPercent)
        {
            return seen with { Outlook = BatteryOutlook.Low, Date = days[^1].Day };
        }

        int span = days[^1].Day.DayNumber - days[0].Day.DayNumber;
        return days.Length < LeastDays || span < LeastDays ? seen : Foretell(seen, days, span, limitPercent);
    }

    private static BatteryForecast Foretell(BatteryForecast seen, (DateOnly Day, double Percent)[] days, int span, double limit)
    {
        (double[] x, double[] y) = ([.. days.Select(d => (double)(d.Day.DayNumber - days[^1].Day.DayNumber))], [.. days.Select(d => d.Percent)]);
        List<double> slopes = [];
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = i + 1; j < x.Length; j++)
            {
                slopes.Add((y[j] - y[i]) / (x[j] - x[i]));
            }
        }

        slopes.Sort();
        double slope = Median(slopes);
        double level = Median([.. x.Select((at, i) => y[i] - (slope * at))]);
        double spread = Math.Max(StepPercent, 1.4826 * Median([.. x.Select((at, i) => Math.Abs(y[i] - level - (slope * at)))]));

        // Sen's interval: the slopes that lie C/2 from the middle of all of them.
        double n = x.Length;
        double c = Z90 * Math.Sqrt(n * (n - 1) * ((2 * n) + 5) / 18);
        double hidden = StepPercent / span;
        double steep = slopes[(int)Math.Clamp(Math.Floor((slopes.Count - c) / 2), 0, slopes.Count - 1)] - hidden;
        double flat = slopes[(int)Math.Clamp(Math.Ceiling((slopes.Count + c) / 2), 0, slopes.Count - 1)] + hidden;
        DateOnly today = days[^1].Day;
        BatteryForecast line = seen with { PercentPerMonth = slope * 30 };
        if (slope >= 0 || (level - limit) / -slope > Furthest.TotalDays)
        {
            return line with { Outlook = BatteryOutlook.Steady, Earliest = Reached(level - spread, steep) };
        }

        return line with { Outlook = BatteryOutlook.Falls, Date = Reached(level, slope), Earliest = Reached(level - spread, steep), Latest = Reached(level + spread, flat) };

        DateOnly? Reached(double from, double by) =>
            by < 0 && (from - limit) / -by is var after && after <= Furthest.TotalDays ? today.AddDays((int)Math.Max(0, Math.Floor(after))) : null;
    }

    /// <summary>Where the battery was changed last: it rises by much, or to the top, and stays there; a warm day after a cold one does neither.</summary>
    private static int LastChange((DateOnly Day, double Percent)[] days)
    {
        for (int i = days.Length - 1; i > 0; i--)
        {
            double before = Median([.. days[Math.Max(0, i - 3)..i].Select(d => d.Percent)]);
            double after = Median([.. days[i..Math.Min(days.Length, i + 3)].Select(d => d.Percent)]);
            double rise = after - before;
            bool isSudden = days[i].Percent - days[i - 1].Percent > rise / 2;
            if (isSudden && (rise >= 25 || (rise >= 8 && after >= 95)))
            {
                return i;
            }
        }

        return 0;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        int middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
