using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Field.Contracts.Tracks;

namespace Field.Tests.Contracts;

/// <summary>Real logs against what pyulog (ulog_info, ulog_messages) writes of them; and logs made here for what those lack.</summary>
public sealed partial class UlogReaderTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 11, 0, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("sample_log_small")]
    [InlineData("sample_appended_multiple")]
    public void Messages_are_those_of_the_reference(string log)
    {
        string[] levels = ["EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG"];
        IEnumerable<string> ours = Read(log).Messages.Select(m => $"{Clock(m.TimeUs)} {levels[m.Level]}: {m.Text}");

        Assert.Equal(File.ReadAllText(SharedData.Path($"iot/px4_ulog/{log}_messages.txt")).TrimEnd().Split('\n'), ours);
    }

    /// <summary>The reference leaves out what has a tag, replaces the text with a tab by the event it belongs to, and so cannot be compared line by line.</summary>
    [Fact]
    public void Messages_with_and_without_a_tag_are_read()
    {
        string[] texts = [.. Read("sample_logging_tagged_and_default_params").Messages.Select(m => m.Text)];

        Assert.Equal(7, texts.Length);
        Assert.Equal("[px4] Startup script returned successfully", texts[0]);
        Assert.Equal("[logger] Opened full log file: ./log/2022-04-29/08_45_27.ulg", texts[3]);
        Assert.All(texts[4..], t => Assert.Equal("tagged message test", t));
    }

    [Fact]
    public void Times_and_counts_of_each_topic_are_those_of_the_reference()
    {
        UlogLog log = Read("sample_appended_multiple");
        string expected = File.ReadAllText(SharedData.Path("iot/px4_ulog/sample_appended_multiple_info.txt"));
        Dictionary<(string, int), int> counts = TopicLine().Matches(expected).ToDictionary(
            m => (m.Groups[1].Value, int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture)), m => int.Parse(m.Groups[3].Value, CultureInfo.InvariantCulture));

        Assert.StartsWith($"Logging start time: {Clock(log.StartUs)}, duration: {Clock(log.LastUs - log.StartUs)}\nNo Dropouts", expected, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.Zero, log.Dropped);
        Assert.Equal(20, counts.Count);
        Assert.Equal(counts.OrderBy(c => c.Key), log.DataCounts.OrderBy(c => c.Key));
        Assert.Empty(log.Track.Points); // flown indoors: no receiver
    }

    [Fact]
    public void Real_flight_gives_a_track_with_utc_and_heading()
    {
        FlightTrack track = Read("sample_log_small").Track;

        Assert.Equal((TrackClock.Utc, 0), (track.Clock, track.FaultCount));
        Assert.NotEmpty(track.Points);
        Assert.All(track.Points, p => Assert.True(p.Lon is > 10.40 and < 10.41 && p.Lat is > 63.41 and < 63.42)); // Trondheim, as the receiver's raw integers say
        Assert.All(track.Points.Skip(5), p => Assert.NotNull(p.FlightYawDeg));
        Assert.True(track.Points[^1].Time - track.Points[0].Time < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Made_log_gives_back_place_time_height_nose_and_gimbal()
    {
        TrackPoint point = Assert.Single(Parse(Made().ToBytes()).Track.Points);

        Assert.Equal(Start, point.Time);
        Assert.Equal((139.9, 35.33), (point.Lon, point.Lat));
        Assert.Equal(52.5, point.AltitudeM!.Value, 1e-6);
        Assert.Equal(40, point.RelativeAltitudeM!.Value, 1e-4); // home at 12.5 m
        Assert.Equal(90, point.FlightYawDeg!.Value, 1e-4);
        Assert.Equal(-90, point.GimbalPitchDeg!.Value, 1e-4);
    }

    [Fact]
    public void Log_without_receiver_time_has_an_unknown_clock()
    {
        FlightTrack track = Parse(Made(utc: false).ToBytes()).Track;

        Assert.Equal(TrackClock.Unknown, track.Clock);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(100), Assert.Single(track.Points).Time);
        Assert.Equal(Start, Assert.Single(track.StartingAt(Start.AddSeconds(-100)).Points).Time);
    }

    [Fact]
    public void Damage_is_left_out_up_to_the_next_synchronisation()
    {
        UlogBuilder log = Made();
        long damagedAt = log.Length;
        byte[] bytes = log.Raw([0xFF, 0xFF, 0x00, 1, 2, 3, 4, 5, 6]).Sync().Gps(101, 139.8, 35.3, utcUs: 0).ToBytes();

        FlightTrack track = Parse(bytes).Track;
        Assert.Equal(2, track.Points.Count);
        Assert.Equal([new TrackFault(damagedAt, TrackFaultCodes.Damaged)], track.Faults);
    }

    [Fact]
    public void Log_cut_off_in_a_message_keeps_what_was_before()
    {
        byte[] whole = Made().Gps(101, 139.8, 35.3, utcUs: 0).ToBytes();

        FlightTrack track = Parse(whole[..^3]).Track;
        Assert.Single(track.Points);
        Assert.Equal(TrackFaultCodes.CutOff, Assert.Single(track.Faults).Code);
    }

    [Fact]
    public void Other_file_is_no_log() => Assert.Equal([new TrackFault(0, TrackFaultCodes.WrongKind)], Parse("1\n00:00:00"u8.ToArray()).Track.Faults);

    private static UlogBuilder Made(bool utc = true) => new UlogBuilder()
        .Format("home_position:uint64_t timestamp;double lat;double lon;float alt;bool valid_alt;")
        .Format("vehicle_gps_position:uint64_t timestamp;uint64_t time_utc_usec;int32_t lat;int32_t lon;int32_t alt;uint8_t fix_type;")
        .Format("vehicle_attitude:uint64_t timestamp;float[4] q;")
        .Format("mount_orientation:uint64_t timestamp;float[3] attitude_euler_angle;")
        .Subscribe(1, "home_position").Subscribe(2, "vehicle_gps_position").Subscribe(3, "vehicle_attitude").Subscribe(4, "mount_orientation")
        .Data(1, 99, 35.33, 139.9, 12.5f, (byte)1)
        .Data(3, 99.9, MathF.Sqrt(0.5f), 0f, 0f, MathF.Sqrt(0.5f))
        .Data(4, 99.9, 0f, -MathF.PI / 2, 0f)
        .Gps(100, 139.9, 35.33, utc ? (Start - DateTimeOffset.UnixEpoch).Ticks / 10 : 0);

    private static UlogLog Parse(byte[] bytes) => UlogReader.Read(new MemoryStream(bytes));

    private static UlogLog Read(string log)
    {
        using FileStream stream = File.OpenRead(SharedData.Path($"iot/px4_ulog/{log}.ulg"));
        return UlogReader.Read(stream);
    }

    private static string Clock(long us) => $"{us / 3_600_000_000}:{us / 60_000_000 % 60:00}:{us / 1_000_000 % 60:00}";

    [GeneratedRegex(@"^ ([a-z0-9_]+) \((\d+), \d+\) +(\d+) +\d+$", RegexOptions.Multiline)]
    private static partial Regex TopicLine();

    /// <summary>Writes a log message by message.</summary>
    private sealed class UlogBuilder
    {
        private readonly List<byte> _log = [];

        public UlogBuilder()
        {
            _log.AddRange([0x55, 0x4C, 0x6F, 0x67, 0x01, 0x12, 0x35, 1]);
            _log.AddRange(BitConverter.GetBytes(99_000_000L));
        }

        public long Length => _log.Count;

        public byte[] ToBytes() => [.. _log];

        public UlogBuilder Raw(byte[] bytes)
        {
            _log.AddRange(bytes);
            return this;
        }

        public UlogBuilder Format(string text) => Message('F', Encoding.ASCII.GetBytes(text));

        public UlogBuilder Subscribe(ushort id, string topic) => Message('A', [0, .. BitConverter.GetBytes(id), .. Encoding.ASCII.GetBytes(topic)]);

        public UlogBuilder Sync() => Message('S', [0x2F, 0x73, 0x13, 0x20, 0x25, 0x0C, 0xBB, 0x12]);

        public UlogBuilder Gps(double seconds, double lon, double lat, long utcUs) =>
            Data(2, seconds, utcUs, (int)Math.Round(lat * 1e7), (int)Math.Round(lon * 1e7), 52_500, (byte)3);

        public UlogBuilder Data(ushort id, double seconds, params object[] fields)
        {
            IEnumerable<byte> bytes = fields.SelectMany(f => f switch
            {
                float v => BitConverter.GetBytes(v),
                double v => BitConverter.GetBytes(v),
                long v => BitConverter.GetBytes(v),
                int v => BitConverter.GetBytes(v),
                _ => new byte[] { (byte)f },
            });
            return Message('D', [.. BitConverter.GetBytes(id), .. BitConverter.GetBytes((long)(seconds * 1e6)), .. bytes]);
        }

        private UlogBuilder Message(char type, byte[] body)
        {
            byte[] head = new byte[3];
            BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)body.Length);
            head[2] = (byte)type;
            return Raw([.. head, .. body]);
        }
    }
}
