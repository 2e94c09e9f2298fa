using Field.Contracts.Tracks;

namespace Field.Tests.Contracts;

public sealed class TrackPlacementTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 11, 9, 30, 0, TimeSpan.FromHours(9));

    [Fact]
    public void Photo_between_two_points_lies_between_them_and_turns_the_short_way()
    {
        TrackPlace place = new TrackPlacement(Track()).At(Start.AddSeconds(1.25));

        Assert.Equal(TrackRefusal.None, place.Refusal);
        Assert.Equal(139.0 + (1.25 * 0.0001), place.Point.Lon, 1e-9);
        Assert.Equal(0, Math.IEEERemainder(place.Point.GimbalYawDeg!.Value - 355, 360), 1e-9); // a quarter of the way from 350 to 10
        Assert.Equal(31.25, place.Point.RelativeAltitudeM!.Value, 1e-9);
    }

    [Fact]
    public void Clock_offset_is_added_to_the_photos_time()
    {
        TrackPlace place = new TrackPlacement(Track(), TimeSpan.FromHours(9)).At(Start.AddHours(-9).AddSeconds(2));

        Assert.Equal(139.0002, place.Point.Lon, 1e-9);
    }

    [Fact]
    public void Stated_error_grows_with_speed_and_with_coarse_coordinates()
    {
        double Error(FlightTrack track) => new TrackPlacement(track).At(Start.AddSeconds(1.5)).ErrorM;
        FlightTrack still = Track() with { Points = [.. Track().Points.Select(p => p with { Lon = 139 })] };

        Assert.Equal(2.5, Error(still), 0.01);
        Assert.InRange(Error(Track()), 3.5, 5); // 9.1 m/s, two clocks of one second
        Assert.InRange(Error(still with { PlaceStepDeg = 0.0001 }), 5, 5.5);
    }

    [Theory]
    [InlineData(-3.0, TrackRefusal.OutsideTrack)]
    [InlineData(40.0, TrackRefusal.OutsideTrack)]
    [InlineData(10.0, TrackRefusal.TrackGap)]
    [InlineData(null, TrackRefusal.NoCaptureTime)]
    public void Photo_that_cannot_be_placed_says_why(double? seconds, TrackRefusal expected)
    {
        TrackPlace place = new TrackPlacement(Track()).At(seconds is { } s ? Start.AddSeconds(s) : null);

        Assert.Equal(expected, place.Refusal);
        Assert.Equal(expected == TrackRefusal.OutsideTrack ? (seconds < 0 ? -3 : 20) : 0, place.OutsideBy.TotalSeconds);
    }

    [Fact]
    public void Track_without_clock_or_places_gives_none()
    {
        Assert.Equal(TrackRefusal.ClockUnknown, new TrackPlacement(Track() with { Clock = TrackClock.Unknown }).At(Start).Refusal);
        Assert.Equal(TrackRefusal.EmptyTrack, new TrackPlacement(new FlightTrack()).At(Start).Refusal);
    }

    private static FlightTrack Track() => new()
    {
        Clock = TrackClock.Utc,
        TimeStepS = 1,
        PlaceStepDeg = 1e-7,
        Points =
        [
            .. new double[] { 0, 1, 2, 3, 20 }.Select(s => new TrackPoint(Start.AddSeconds(s), 139 + (s * 0.0001), 35)
            {
                RelativeAltitudeM = 30 + s,
                GimbalYawDeg = (330 + (20 * s)) % 360,
            }),
        ],
    };
}
