using System.Text;
using Field.Contracts.Tracks;

namespace Field.Tests.Contracts;

/// <summary>Real subtitle files; the expected figures are read off them with an editor.</summary>
public sealed class SrtTrackTests
{
    private static readonly TimeSpan Japan = TimeSpan.FromHours(9);

    [Theory]
    [InlineData("air2s.srt", 17, 2.234156, 41.424724, TrackClock.Local)]
    [InlineData("mavic_air2.srt", 25, 2.162162, 41.420684, TrackClock.Local)]
    [InlineData("mavic_mini.SRT", 117, -121.7458, 48.0771, TrackClock.Unknown)]
    [InlineData("old_format.SRT", 468, 149.0251, -20.2533, TrackClock.Local)]
    [InlineData("p4_rtk.SRT", 55, -58.851745, -34.237922, TrackClock.Unknown)]
    [InlineData("matrice_300.srt", 381, -6.1120, 36.6146, TrackClock.Local)]
    public void Sound_file_gives_a_place_for_each_passage(string file, int count, double lon, double lat, TrackClock clock)
    {
        FlightTrack track = Read(file);

        Assert.Equal((count, 0, clock), (track.Points.Count, track.FaultCount, track.Clock));
        Assert.Equal((lon, lat), (track.Points[0].Lon, track.Points[0].Lat));
    }

    [Fact]
    public void File_cut_off_in_a_passage_keeps_all_others_and_names_the_line()
    {
        FlightTrack track = Read("broken_incomplete.SRT");

        Assert.Equal(19, track.Points.Count);
        Assert.Equal([new TrackFault(116, TrackFaultCodes.NoPosition)], track.Faults);
    }

    [Fact]
    public void Empty_file_has_no_place() => Assert.Empty(Read("broken_empty.SRT").Points);

    [Fact]
    public void Newer_models_tell_time_to_the_millisecond_and_altitude()
    {
        TrackPoint last = Read("air2s.srt").Points[^1];

        Assert.Equal(new DateTimeOffset(2022, 8, 7, 13, 40, 41, 308, Japan), last.Time);
        Assert.Equal((117.1, null), (last.AltitudeM, last.RelativeAltitudeM));
    }

    [Fact]
    public void Phantom_4_RTK_tells_how_aircraft_and_gimbal_looked()
    {
        TrackPoint first = Read("p4_rtk.SRT").Points[0];

        Assert.Equal((110.1, -24.4, 0.0, 110.4, 85.80), (first.FlightYawDeg, first.GimbalPitchDeg, first.GimbalRollDeg, first.GimbalYawDeg, first.RelativeAltitudeM));
    }

    [Fact]
    public void Matrice_300_tells_height_above_take_off()
    {
        FlightTrack track = Read("matrice_300.srt");

        Assert.Equal(8.4, track.Points[5].RelativeAltitudeM);
        Assert.Equal((1, 0.0001), (track.TimeStepS, track.PlaceStepDeg));
    }

    [Fact]
    public void Newest_models_name_both_altitudes_and_the_gimbal()
    {
        FlightTrack track = Parse("1\n00:00:00,000 --> 00:00:00,033\n2024-05-11 09:30:00.500\n[latitude: 35.1] [longtitude: 139.2] [rel_alt: 30.2 abs_alt: 41.7] [gb_yaw: -9.5 gb_pitch: -90.0 gb_roll: 0.1]\n");

        Assert.Equal(
            new TrackPoint(new DateTimeOffset(2024, 5, 11, 0, 30, 0, 500, TimeSpan.Zero), 139.2, 35.1)
            {
                AltitudeM = 41.7,
                RelativeAltitudeM = 30.2,
                GimbalYawDeg = -9.5,
                GimbalPitchDeg = -90,
                GimbalRollDeg = 0.1,
            },
            Assert.Single(track.Points));
    }

    [Fact]
    public void Each_bad_part_is_named_by_its_line_and_the_good_ones_stay()
    {
        FlightTrack track = Parse("""
            hello
            1
            00:00:00,000 --> 00:00:01,000
            GPS(139.1,35.1,16)

            2
            00:00:0x,000 --> 00:00:02,000

            3
            00:00:02,000 --> 00:00:03,000
            GPS(0.0,0.0,0)

            4
            00:00:03,000 --> 00:00:04,000
            GPS(239.1,95.1,16)

            5
            00:00:04,000 --> 00:00:05,000
            2024.13.41 25:00:00
            GPS(139.1,35.1,16)

            6
            00:00:05,000 --> 00:00:06,000
            GPS(139.2,35.1,16)
            """);

        Assert.Equal([139.1, 139.2], track.Points.Select(p => p.Lon));
        Assert.Equal(
            [
                new TrackFault(1, TrackFaultCodes.Stray), new TrackFault(7, TrackFaultCodes.BadTime), new TrackFault(10, TrackFaultCodes.NoFix),
                new TrackFault(14, TrackFaultCodes.BadPosition), new TrackFault(18, TrackFaultCodes.BadTime),
            ],
            track.Faults);
    }

    [Theory]
    [InlineData("00:00:00,۱00 --> 00:00:01,000", "GPS(139.1,35.1,16)", TrackFaultCodes.BadTime)]
    [InlineData("00:00:００,000 --> 00:00:01,000", "GPS(139.1,35.1,16)", TrackFaultCodes.BadTime)]
    [InlineData("00:00:00,000 --> 00:00:01,000", "۱022.05.11 09:30:00 GPS(139.1,35.1,16)", null)]
    [InlineData("00:00:00,000 --> 00:00:01,000", "2022.05.11 09:30:00,٣ GPS(139.1,35.1,16)", null)]
    public void Digits_of_other_scripts_are_no_numbers(string time, string text, string? fault)
    {
        FlightTrack track = Parse($"1\n{time}\n{text}\n");

        string[] faults = fault is null ? [] : [fault];
        Assert.Equal(faults, track.Faults.Take(1).Select(f => f.Code));
        Assert.Equal(fault is null ? 1 : 0, track.Points.Count);
    }

    [Fact]
    public void Passage_without_end_costs_no_more_than_its_name()
    {
        FlightTrack track = Parse("1\n00:00:00,000 --> 00:00:01,000\n" + string.Concat(Enumerable.Repeat("GPS(139.1,35.1,16) \n", 10_000)));

        Assert.Empty(track.Points);
        Assert.Equal([new TrackFault(2, TrackFaultCodes.TooLong)], track.Faults);
    }

    private static FlightTrack Parse(string text) => SrtTrack.Parse(new StringReader(text), Japan);

    private static FlightTrack Read(string file)
    {
        using StreamReader reader = new(SharedData.Path("iot/dji_srt/" + file), Encoding.UTF8);
        return SrtTrack.Parse(reader, Japan);
    }
}
