using Field.Ingest.Locks;

namespace Field.Tests.Bookings;

/// <summary>When a lock's battery must be changed. Expected days are arithmetic of the made-up discharge, not the program's own.</summary>
public sealed class BatteryForecastTests
{
    private static readonly TimeSpan Japan = TimeSpan.FromHours(9);
    private static readonly DateTimeOffset First = new(2026, 1, 1, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(90.0, 0.2, 60)]
    [InlineData(60.0, 0.05, 200)]
    [InlineData(60.0, 0.5, 30)]
    public void Falling_battery_is_foretold_within_its_stated_uncertainty(double begin, double perDay, int days)
    {
        BatteryForecast seen = Of(Enumerable.Range(0, days).Select(d => (d, Half(begin - (perDay * d)))));
        Assert.Equal(BatteryOutlook.Falls, seen.Outlook);
        int truth = (int)((begin - 20) / perDay);
        Assert.InRange(DayOf(seen.Date), truth - (0.05 * truth) - 3, truth + (0.05 * truth) + 3);
        Assert.InRange(truth, DayOf(seen.Earliest), seen.Latest is null ? int.MaxValue : DayOf(seen.Latest));
        Assert.Equal(-perDay * 30, seen.PercentPerMonth!.Value, 0.4);
    }

    [Fact]
    public void Cold_week_and_readings_of_nothing_do_not_move_the_date()
    {
        double Line(int d) => 95 - (0.2 * d);
        BatteryForecast plain = Of(Enumerable.Range(0, 90).Select(d => (d, Half(Line(d)))));
        BatteryForecast cold = Of(Enumerable.Range(0, 90).Select(d => (d, d is >= 40 and < 50 ? Half(Line(d)) - 9 : d is 60 or 70 ? 0 : Half(Line(d)))));
        Assert.Null(cold.ChangedOn);
        Assert.InRange(DayOf(cold.Date), DayOf(plain.Date) - 15, DayOf(plain.Date) + 15);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(85)]
    public void Changed_battery_begins_anew(int before)
    {
        BatteryForecast seen = Of([.. Enumerable.Range(0, 60).Select(d => (d, Half(before + 12 - (0.2 * d)))), .. Enumerable.Range(60, 40).Select(d => (d, Half(100 - (0.25 * (d - 60)))))]);
        Assert.Equal(60, DayOf(seen.ChangedOn));
        Assert.Equal(40, seen.Days);
        Assert.InRange(DayOf(seen.Date), 60 + 300, 60 + 340); // 80 points at 0.25 a day are 320 days
    }

    [Fact]
    public void Just_changed_battery_says_too_little()
    {
        BatteryForecast seen = Of([.. Enumerable.Range(0, 60).Select(d => (d, 70 - (0.5 * d))), .. Enumerable.Range(60, 10).Select(d => (d, 100.0))]);
        Assert.Equal((BatteryOutlook.TooLittle, 10), (seen.Outlook, seen.Days));
        Assert.Null(seen.Date);
    }

    [Fact]
    public void Few_days_none_at_all_and_a_battery_that_does_not_fall_say_so()
    {
        Assert.Equal(BatteryOutlook.TooLittle, Of([]).Outlook);
        Assert.Equal(BatteryOutlook.TooLittle, Of(Enumerable.Range(0, 13).Select(d => (d, 90.0 - d))).Outlook);
        Assert.Equal(BatteryOutlook.Steady, Of(Enumerable.Range(0, 60).Select(d => (d, 100.0))).Outlook);
        Assert.Equal(BatteryOutlook.Steady, Of(Enumerable.Range(0, 60).Select(d => (d, d % 2 == 0 ? 99.5 : 100))).Outlook);
    }

    [Fact]
    public void Low_battery_is_low_now_and_one_odd_reading_does_not_make_it_so()
    {
        Assert.Equal(BatteryOutlook.Low, Of(Enumerable.Range(0, 60).Select(d => (d, 49.0 - (0.5 * d)))).Outlook);
        Assert.NotEqual(BatteryOutlook.Low, Of([.. Enumerable.Range(0, 60).Select(d => (d, 90 - (0.1 * d))), (60, 3)]).Outlook);
    }

    private static double Half(double percent) => Math.Round(percent * 2) / 2;

    private static int DayOf(DateOnly? day) => day!.Value.DayNumber - DateOnly.FromDateTime(First.ToOffset(Japan).Date).DayNumber;

    private static BatteryForecast Of(IEnumerable<(int Day, double Percent)> days) =>
        BatteryForecast.Of([.. days.SelectMany(d => Enumerable.Range(0, 4).Select(i => (First.AddDays(d.Day).AddHours(2 * i), d.Percent)))], 20, Japan);
}
