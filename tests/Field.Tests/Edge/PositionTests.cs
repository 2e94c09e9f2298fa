using System.Text;
using Field.Contracts;
using Field.EdgeAgent.Agents;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Position;
using Field.EdgeAgent.Tablet;
using Field.EdgeAgent.View;

namespace Field.Tests.Edge;

/// <summary>A file of positions that grows becomes the place of the device.</summary>
public sealed class PositionTests : IDisposable
{
    private readonly EdgeBench _bench = new();
    private readonly ManualTime _time = new();
    private readonly List<string> _faults = [];
    private readonly string _file;

    public PositionTests() => _file = Path.Combine(_bench.Card, "live.txt");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Nmea_gives_place_altitude_and_date()
    {
        NmeaReader reader = new(_time);
        PositionFix rmc = reader.Read(Nmea("GNRMC,235959.50,A,3458.5360,N,13822.9860,E,0.1,,100526,,,A"))!;
        Assert.Equal(new PositionFix(new GeoPoint(138.3831, 34.9756), null, new DateTimeOffset(2026, 5, 10, 23, 59, 59, 500, TimeSpan.Zero)), rmc);
        PositionFix gga = reader.Read(Nmea("GPGGA,000000.00,3458.5360,S,13822.9860,W,1,08,0.9,12.5,M,37.1,M,,"))!;
        Assert.Equal(new PositionFix(new GeoPoint(-138.3831, -34.9756, 12.5), null, new DateTimeOffset(2026, 5, 11, 0, 0, 0, TimeSpan.Zero)), gga); // past midnight
        Assert.Null(reader.Read(Nmea("GNRMC,000000.00,A,3458.5360,N,13822.9860,E,0.1,,110526,,,A"))); // GGA says more
        Assert.Null(reader.Read(Nmea("GPGGA,000001.00,,,,,0,00,,,M,,M,,")));
        Assert.Null(reader.Read(Nmea("GPGSV,1,1,00")));
    }

    [Theory]
    [InlineData("$GPGGA,000000.00,3458.5360,N,13822.9860,E,1,08,0.9,12.5,M,37.1,M,,*00")]
    [InlineData("$GPGGA,000000.00,3458.5360,N")]
    [InlineData("hello")]
    [InlineData("$")]
    public void Nmea_without_its_right_checksum_is_refused(string line) => Assert.Throws<FieldException>(() => new NmeaReader(_time).Read(line));

    [Theory]
    [InlineData("GPGGA,000000.00,9958.5360,N,13822.9860,E,1,08,0.9,12.5,M,37.1,M,,")]
    [InlineData("GPGGA,000000.00,3478.5360,N,13822.9860,E,1,08,0.9,12.5,M,37.1,M,,")]
    [InlineData("GPGGA,250000.00,3458.5360,N,13822.9860,E,1,08,0.9,12.5,M,37.1,M,,")]
    [InlineData("GPGGA,0,3,N,1,E,1")]
    [InlineData("GPRMC,000000,A,3458.5360,N,13822.9860,E,0.1,,991326,,,A")]
    public void Nmea_that_makes_no_sense_is_refused(string sentence) => Assert.Throws<FieldException>(() => new NmeaReader(_time).Read(Nmea(sentence)));

    [Theory]
    [InlineData("{\"lon\":138.4,\"lat\":35,\"alt\":3,\"time\":\"2026-05-11T09:00:00+09:00\"}", 138.4, 35, 3.0, true)]
    [InlineData("{\"lon\":138.4,\"lat\":35,\"time\":1778457600}", 138.4, 35, null, true)]
    [InlineData("{\"class\":\"TPV\",\"mode\":3,\"lat\":35.5,\"lon\":138.4,\"alt\":40,\"altMSL\":3}", 138.4, 35.5, 3.0, false)]
    public void Json_line_is_read(string line, double lon, double lat, double? altitude, bool hasTime)
    {
        PositionFix fix = new JsonPositionReader().Read(line)!;
        Assert.Equal(new PositionFix(new GeoPoint(lon, lat, altitude), null, hasTime ? _time.GetUtcNow() : null), fix);
    }

    [Theory]
    [InlineData("{\"class\":\"SKY\"}", true)]
    [InlineData("{\"class\":\"TPV\",\"mode\":1}", true)]
    [InlineData("{\"lon\":0,\"lat\":0}", true)]
    [InlineData("{\"lon\":1}", false)]
    [InlineData("{\"lon\":\"1\",\"lat\":2}", false)]
    [InlineData("{\"lon\":200,\"lat\":2}", false)]
    [InlineData("{\"lon\":1,\"lat\":2,\"time\":\"today\"}", false)]
    [InlineData("{\"lon\":1e999,\"lat\":2}", false)]
    [InlineData("[1,2]", false)]
    public void Json_line_without_a_place_says_nothing_or_is_refused(string line, bool isSilent)
    {
        if (isSilent)
        {
            Assert.Null(new JsonPositionReader().Read(line));
        }
        else
        {
            Assert.Throws<FieldException>(() => new JsonPositionReader().Read(line));
        }
    }

    [Theory]
    [InlineData("<font size=\"28\">FrameCnt: 1, DiffTime: 33ms\n2026-05-11 09:00:00.250\n[iso: 100] [latitude: 35.5] [longitude: 138.4] [rel_alt: 12.5 abs_alt: 57.1] </font>", 35.5, 57.1, 12.5, 250)]
    [InlineData("2026-05-11 09:00:00,250,100\n[latitude : 35.5] [longtitude : 138.4] [altitude: 57.1]", 35.5, 57.1, null, 250)]
    [InlineData("HOME(138.4000,35.6000) 2026.5.11 9:00:00\nGPS(138.4000,35.5000,16) BAROMETER:12.5", 35.5, null, 12.5, 0)]
    [InlineData("2026.05.11 09:00:00\nGPS(35.5000,138.4000,0.0M) BAROMETER:12.5M", 35.5, null, 12.5, 0)]
    public void Subtitle_is_read(string text, double lat, double? altitude, double? above, int milliseconds)
    {
        SrtReader reader = new(TimeZoneInfo.CreateCustomTimeZone("JST", TimeSpan.FromHours(9), "JST", "JST"));
        PositionFix fix = Read(reader, $"7\n00:00:06,000 --> 00:00:07,000\n{text}\n\n").Single();
        Assert.Equal(new PositionFix(new GeoPoint(138.4, lat, altitude), above, _time.GetUtcNow().AddMilliseconds(milliseconds)), fix);
        Assert.True(reader.IsBetween);
    }

    [Theory]
    [InlineData("air2s.srt")]
    [InlineData("mavic_air2.srt")]
    [InlineData("mavic_mini.SRT")]
    [InlineData("matrice_300.srt")]
    [InlineData("old_format.SRT")]
    [InlineData("p4_rtk.SRT")]
    [InlineData("broken_incomplete.SRT")]
    public void Subtitles_of_real_aircraft_are_read(string name)
    {
        string text = File.ReadAllText(SharedData.Path(Path.Combine("iot", "dji_srt", name)));
        List<PositionFix> fixes = Read(new SrtReader(TimeZoneInfo.Utc), text);
        int subtitles = text.Split("-->").Length - 1;
        Assert.InRange(fixes.Count, subtitles - 1, subtitles);
        Assert.True(fixes.Max(f => f.Place.Lat) - fixes.Min(f => f.Place.Lat) < 0.1 && fixes.Max(f => f.Place.Lon) - fixes.Min(f => f.Place.Lon) < 0.1);
    }

    [Fact]
    public async Task Growing_file_gives_positions_at_most_every_two_seconds_and_only_moved_ones()
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        using PositionFollower follower = Follow(outbox);
        Assert.False(await follower.LookAsync(Token)); // not there yet
        for (int i = 0; i < 100; i++)
        {
            Append($"{Json(i, i < 20 ? 138 + (i * 0.0001) : 139)}\n"); // moves 9 m each second, then stands
            await follower.LookAsync(Token);
        }

        Assert.Equal([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 80], await SecondsAsync(outbox));
        Assert.Empty(_faults);
    }

    [Fact]
    public async Task Half_lines_wait_and_lines_without_sense_are_counted_and_skipped()
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        using PositionFollower follower = Follow(outbox);
        string all = $"{Json(0, 138)}\n{{nonsense\n{Json(10, 139)}\r\n{{\"x\":\"{new string('y', 3 * FileTail.MaxLineBytes)}\"}}\n{Json(20, 140)}\n";
        for (int at = 0; at < all.Length; at += 77)
        {
            Append(all.Substring(at, Math.Min(77, all.Length - at)));
            await follower.LookAsync(Token);
        }

        Assert.Equal([0, 10, 20], await SecondsAsync(outbox));
        Assert.Equal(2, follower.Malformed);
        Assert.Contains("live.txt, line 2: ", _faults[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cut_or_replaced_file_is_read_from_its_beginning(bool replace)
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        using PositionFollower follower = Follow(outbox);
        Append($"{Json(0, 138)}\n{Json(10, 139)}\n{{\"half");
        await follower.LookAsync(Token);
        if (replace)
        {
            File.Move(_file, _file + ".1");
            Append($"{Nmea("GPGGA,000020.00,3458.5360,N,13822.9860,E,1,08,0.9,12.5,M,37.1,M,,")}\n{Nmea("GPGGA,000030.00,3459.5360,N,13822.9860,E,1,08,0.9,12.5,M,37.1,M,,")}\n");
        }
        else
        {
            File.WriteAllText(_file, $"{Json(20, 140)}\n");
            await follower.LookAsync(Token);
            Append($"{Json(30, 141)}\n");
        }

        while (await follower.LookAsync(Token))
        {
            // to its end
        }

        Assert.Equal([0, 10, 20, 30], await SecondsAsync(outbox));
        Assert.Equal(0, follower.Malformed);
    }

    [Fact]
    public async Task Next_run_goes_on_where_the_last_one_was()
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        for (int run = 0; run < 3; run++)
        {
            Append($"{Json(run * 10, 138 + run)}\n{Json((run * 10) + 5, 138.5 + run)}{(run == 2 ? "" : "\n")}");
            using PositionFollower follower = Follow(outbox);
            await follower.RunAsync(once: true, Token);
        }

        Assert.Equal([0, 5, 10, 15, 20, 25], await SecondsAsync(outbox));
    }

    [Fact]
    public async Task Drone_sends_its_place_beside_its_photos()
    {
        string photo = _bench.AddPhoto("a.jpg", 5_000);
        Append($"{Json(0, 138)}\n{Json(10, 139)}\nnonsense\n");
        DroneOptions options = _bench.Options with { Position = new PositionOptions(_file) };
        Assert.Equal(ExitCodes.Ok, await _bench.RunAsync(options));
        Assert.Equal([photo], _bench.Server.Stored.Keys);
        string pack = Assert.Single(_bench.Server.Messages);
        Assert.Equal(4, SenMLPack.Parse(Encoding.UTF8.GetBytes(pack), _time.GetUtcNow()).Value!.Measurements.Count);
        Assert.Equal(new GeoPoint(139, 35), _bench.Server.Statuses[^1].Place);
        Assert.Contains("line 3", _bench.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tablet_sends_reports_tracks_photos_and_its_place_over_MQTT()
    {
        string photo = _bench.AddPhoto("a.jpg", 5_000);
        _bench.AddFile("r.geojson", """{"type":"Feature","geometry":null,"properties":{"kind":"flood","photos":["a.jpg"]}}"""u8.ToArray());
        _bench.AddFile("t.gpx", """<gpx><trk><trkseg><trkpt lat="35" lon="138"><time>2026-05-10T00:00:00Z</time></trkpt></trkseg></trk></gpx>"""u8.ToArray());
        _bench.AddFile("bad.json", "{}"u8.ToArray());
        Append($"{Json(0, 138)}\n");
        await using BrokerUplinkTests.Host host = await BrokerUplinkTests.Host.StartAsync(_bench.Server);
        TabletOptions options = new(new AgentOptions("tablet") { Broker = host.Tcp, Site = "aoba", Device = "drone-01", Outbox = _bench.OutboxFolder, Once = true })
        {
            Drops = _bench.Card,
            Position = new PositionOptions(_file),
        };
        Assert.Empty(options.Errors(new Texts(true)));
        AgentView view = new(new Texts(true), _bench.Output, _bench.Errors, isInteractive: false, TimeProvider.System);
        using TabletPart part = new(options, TimeProvider.System);
        Assert.Equal(ExitCodes.SomeFailed, await new AgentRun(options, null, options.Links(), view, TimeProvider.System).RunAsync(part, Token).WaitAsync(TimeSpan.FromSeconds(60), Token));
        Assert.Equal([photo], _bench.Server.Stored.Keys);
        Assert.Equal(3, _bench.Server.Messages.Count);
        Assert.Contains(_bench.Server.Messages, m => m.Contains($"\"category\":\"flood\",\"photoIds\":[\"{photo}\"]", StringComparison.Ordinal));
        Assert.Equal(("tablet", new GeoPoint(138, 35)), (_bench.Server.Statuses[^1].Kind, _bench.Server.Statuses[^1].Place));
        Assert.Contains("「bad.json」は送れませんでした", _bench.Errors.ToString(), StringComparison.Ordinal);
    }

    private PositionFollower Follow(DeviceOutbox outbox) => new(new PositionOptions(_file), _bench.OutboxFolder, outbox.Messages, _faults.Add, _time);

    private void Append(string text) => File.AppendAllText(_file, text);

    private string Json(int second, double lon) => FormattableString.Invariant(
        $"{{\"lon\":{lon},\"lat\":35,\"time\":\"{WireTime.Format(_time.GetUtcNow().AddSeconds(second))}\"}}");

    private static string Nmea(string sentence) => $"${sentence}*{sentence.Aggregate(0, (x, c) => x ^ c):X2}";

    private static List<PositionFix> Read(SrtReader reader, string text) =>
        [.. text.Split('\n').Select(reader.Read).Append(reader.End()).OfType<PositionFix>()];

    /// <summary>The times of the positions in the outbox, seconds after the start.</summary>
    private async Task<IEnumerable<int>> SecondsAsync(DeviceOutbox outbox)
    {
        List<int> seconds = [];
        while (await outbox.Messages.TakeAsync(Token) is { } message)
        {
            seconds.AddRange(SenMLPack.Parse(message.Payload, _time.GetUtcNow()).Value!.Measurements
                .Where(m => m.Unit == "lon").Select(m => (int)(m.Time - _time.GetUtcNow()).TotalSeconds));
        }

        return seconds;
    }
}
