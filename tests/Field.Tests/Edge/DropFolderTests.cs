using System.Text;
using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Tablet;

namespace Field.Tests.Edge;

/// <summary>Files dropped at a tablet: each content becomes its messages once, whatever happens in between.</summary>
public sealed class DropFolderTests : IDisposable
{
    private const string Report = """
        { "type": "Feature", "geometry": { "type": "Point", "coordinates": [138.38, 34.97] },
          "properties": { "kind": "road-damage", "severity": "warning", "note": "路面陥没 40 cm", "time": "2026-05-11T09:00:00+09:00", "floor": 2 } }
        """;

    private readonly EdgeBench _bench = new();
    private readonly ManualTime _time = new();
    private readonly List<(DropStep Step, string Name, string Why)> _said = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Report_becomes_an_event_and_goes_to_sent()
    {
        string photo = _bench.AddPhoto("a.jpg", 5_000);
        Drop("r.geojson", Report.Replace("\"floor\": 2", $"\"floor\": 2, \"photos\": [\"a.jpg\", \"{new string('7', 64)}\"]", StringComparison.Ordinal));
        OutboxMessage message = Assert.Single(await RunAsync(looks: 3)); // the photo must be still, too
        Assert.Equal(("event", OutboxPriority.Report), (message.Channel, message.Priority));
        DeviceMessage<FieldEvent> parsed = Parse(message);
        Assert.Equal(new GeoPoint(138.38, 34.97), parsed.Body.Place);
        Assert.Equal(new DateTimeOffset(2026, 5, 11, 9, 0, 0, TimeSpan.FromHours(9)), parsed.Envelope.Time);
        Assert.Equal(
            $$"""{"kind":"report","category":"road-damage","severity":"warning","note":"路面陥没 40 cm","floor":2,"photoIds":["{{photo}}","{{new string('7', 64)}}"]}""",
            parsed.Body.PropertiesJson);
        Assert.Equal(["a.jpg", "sent/r.geojson"], Files());
    }

    [Fact]
    public async Task Collection_and_track_become_many_messages()
    {
        Drop("all.json", $"{{\"type\":\"FeatureCollection\",\"features\":[{Report},{Report}]}}");
        Drop("walk.GPX", Gpx(GpxTrack.PointsInMessage + 1));
        List<OutboxMessage> messages = await RunAsync();
        Assert.Equal(["event", "event", "telemetry", "telemetry"], messages.Select(m => m.Channel));
        Measurement[] track = [.. messages.Skip(2).SelectMany(m => SenMLPack.Parse(m.Payload, _time.GetUtcNow()).Value!.Measurements)];
        Assert.Equal((GpxTrack.PointsInMessage + 1) * 3, track.Length);
        Assert.Equal(new Measurement("drone-01/lon", new DateTimeOffset(2026, 5, 10, 0, 5, 0, TimeSpan.Zero), "lon", 138.3), track[^3]);
        Assert.Equal(new Measurement("drone-01/alt", new DateTimeOffset(2026, 5, 10, 0, 5, 0, TimeSpan.Zero), "m", 300), track[^1]);
        Assert.All(messages, m => Assert.True(m.Payload.Length < 64 * 1024));
    }

    /// <summary>The property: after a crash at any step, or at any two, the server sees each message once, under one identity.</summary>
    [Fact]
    public async Task Crash_between_any_two_steps_repeats_the_same_identities()
    {
        const int Steps = 10; // (intent, 3 messages, remembered, moved) and (intent, message, remembered, moved)
        for (int first = 1; first <= Steps; first++)
        {
            for (int second = 0; second <= Steps; second++)
            {
                using DropFolderTests run = new();
                await run.CrashAsync(first, second);
            }
        }
    }

    [Fact]
    public async Task Same_content_twice_is_one_report_also_after_a_restart()
    {
        Drop("a.geojson", Report);
        Drop("b.geojson", Report);
        Assert.Single(await RunAsync());
        Drop("a.geojson", Report);
        Assert.Single(await RunAsync());
        Assert.Equal(["sent/a", "sent/a-", "sent/b"], Files().Select(f => f[..^".geojson".Length].TrimEnd([.. "0123456789abcdef"]) is "sent/" ? f[..6] : f[..7]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Deleted_when_asked_and_links_are_left_alone()
    {
        Drop("a.geojson", Report);
        string secret = Path.Combine(_bench.OutboxFolder, "secret.txt");
        Directory.CreateDirectory(_bench.OutboxFolder);
        File.WriteAllText(secret, Report);
        File.CreateSymbolicLink(Path.Combine(_bench.Card, "link.geojson"), secret);
        Assert.Single(await RunAsync(delete: true));
        Assert.Equal(["link.geojson"], Files());
    }

    [Fact]
    public async Task File_that_is_still_written_is_left_alone()
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        using DropJournal journal = DropJournal.Open(_bench.OutboxFolder, outbox);
        DropFolder folder = Folder(outbox, journal);
        for (int length = 10; length < Report.Length; length += 60)
        {
            Drop("slow.geojson", Report[..length]);
            Assert.False(await folder.ScanAsync(Token));
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.False(await folder.ScanAsync(Token)); // whole as a file, and torn as JSON
        }

        Drop("slow.geojson", Report);
        Assert.False(await folder.ScanAsync(Token));
        _time.Advance(DropFolder.Settles);
        Assert.True(await folder.ScanAsync(Token));
        Assert.Equal(1, outbox.Messages.Figures.Messages);
        Assert.DoesNotContain(_said, s => s.Step is DropStep.Rejected or DropStep.Failed);
    }

    [Fact]
    public async Task Missing_photo_is_waited_for_and_then_named()
    {
        Drop("r.geojson", Report.Replace("\"floor\": 2", "\"photos\": [\"late.jpg\", \"never.jpg\"]", StringComparison.Ordinal));
        using DeviceOutbox outbox = _bench.OpenOutbox();
        using DropJournal journal = DropJournal.Open(_bench.OutboxFolder, outbox);
        DropFolder folder = Folder(outbox, journal);
        Assert.False(await folder.ScanAsync(Token));
        _time.Advance(DropFolder.Settles);
        Assert.False(await folder.ScanAsync(Token));
        string id = _bench.AddPhoto("late.jpg", 3_000);
        Assert.False(await folder.ScanAsync(Token));
        _time.Advance(DropFolder.PhotoPatience);
        Assert.True(await folder.ScanAsync(Token));
        string properties = Parse((await outbox.Messages.TakeAsync(Token))!).Body.PropertiesJson;
        Assert.EndsWith($"\"photoIds\":[\"{id}\"],\"missingPhotos\":[\"never.jpg\"]}}", properties, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.geojson", "[]", "must be an object")]
    [InlineData("x.geojson", "{", "JSON")]
    [InlineData("x.json", "", "JSON")]
    [InlineData("x.json", "{\"type\":\"FeatureCollection\",\"features\":[]}", "no report")]
    [InlineData("x.geojson", "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{}}", "kind is required")]
    [InlineData("x.geojson", "{\"type\":\"Feature\",\"geometry\":{\"type\":\"LineString\",\"coordinates\":[]},\"properties\":{\"kind\":\"a\"}}", "GPX")]
    [InlineData("x.geojson", "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[34,138]},\"properties\":{\"kind\":\"a\"}}", "in this order")]
    [InlineData("x.geojson", "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"kind\":\"a\",\"severity\":\"bad\"}}", "/properties/severity: must be one of")]
    [InlineData("x.geojson", "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"kind\":\"a\",\"photos\":[\"../../etc/shadow\"]}}", "the same folder")]
    [InlineData("x.geojson", "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"kind\":\"a\",\"photoIds\":[]}}", "written by the agent")]
    [InlineData("x.gpx", "<gpx><trk>", "XML")]
    [InlineData("x.gpx", "<!DOCTYPE gpx [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><gpx>&a;</gpx>", "DTD")]
    [InlineData("x.gpx", "<kml/>", "gpx")]
    [InlineData("x.gpx", "<gpx/>", "no track points")]
    [InlineData("x.gpx", "<gpx><trk><trkseg><trkpt lat=\"91\" lon=\"3\"><time>2026-05-10T00:00:00Z</time></trkpt><trkpt lat=\"1\" lon=\"3\"/></trkseg></trk></gpx>", "trkpt[1]: has no time")]
    public async Task Bad_file_is_set_aside_with_all_its_errors(string name, string content, string expected)
    {
        Drop(name, content);
        Assert.Empty(await RunAsync(looks: 2, apart: DropFolder.TornPatience));
        Assert.Equal([$"rejected/{name}", $"rejected/{name}.txt"], Files());
        string text = File.ReadAllText(Path.Combine(_bench.Card, "rejected", name + ".txt"));
        Assert.StartsWith("このファイル", text, StringComparison.Ordinal);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Equal(DropStep.Rejected, Assert.Single(_said).Step);
    }

    [Fact]
    public async Task Report_too_large_for_a_message_is_set_aside()
    {
        Drop("x.geojson", Report.Replace("\"floor\": 2", $"\"form\": \"{new string('あ', 22_000)}\"", StringComparison.Ordinal));
        Assert.Empty(await RunAsync());
        Assert.Contains("rejected/x.geojson", Files());
    }

    [Fact]
    public void Random_bytes_and_broken_reports_never_do_anything_else_than_be_refused()
    {
        Random random = new(5);
        string gpx = Gpx(3);
        for (int i = 0; i < 4_000; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(i % 2 == 0 ? Report : gpx);
            for (int k = random.Next(1, 5); k > 0; k--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            DropParsed parsed = DropParsed.Parse(i % 2 == 0 ? "a.json" : "a.gpx", bytes);
            Assert.Equal(parsed.Content is null, parsed.Errors.Count > 0);
        }
    }

    private async Task CrashAsync(int first, int second)
    {
        Drop("a.json", $"{{\"type\":\"FeatureCollection\",\"features\":[{Report},{Report},{Report}]}}");
        Drop("b.json", Report);
        int left = 0;
        foreach (int steps in new[] { first, second, 0 })
        {
            left = steps;
            try
            {
                await RunAsync(crash: () => left-- == 1);
                break;
            }
            catch (InvalidOperationException)
            {
                _time.Advance(TimeSpan.FromHours(1)); // a message that takes its time from the clock would be another one
            }
        }

        List<OutboxMessage> sent = await RunAsync();
        Assert.Equal(4, sent.Count);
        Assert.Equal(4, sent.Select(m => m.Sequence).Distinct().Count());
        Assert.Equal(["sent/a.json", "sent/b.json"], Files());
    }

    /// <summary>One run of an agent over the folder; what its outbox would send, each identity once and always with the same bytes.</summary>
    private async Task<List<OutboxMessage>> RunAsync(bool delete = false, Func<bool>? crash = null, int looks = 2, TimeSpan? apart = null)
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        using DropJournal journal = DropJournal.Open(_bench.OutboxFolder, outbox);
        DropFolder folder = Folder(outbox, journal, delete, crash);
        for (int i = 0; i < looks; i++)
        {
            Assert.Equal(i == looks - 1 || !Directory.EnumerateFiles(_bench.Card).Any(f => new FileInfo(f).LinkTarget is null && DropParsed.IsDrop(f)), await folder.ScanAsync(Token));
            _time.Advance(apart ?? DropFolder.Settles);
        }

        List<OutboxMessage> taken = [];
        outbox.Messages.Rewind();
        while (await outbox.Messages.TakeAsync(Token) is { } message)
        {
            taken.Add(message);
        }

        return taken;
    }

    private DropFolder Folder(DeviceOutbox outbox, DropJournal journal, bool delete = false, Func<bool>? crash = null) => new(
        _bench.Card,
        delete,
        outbox,
        journal,
        (step, name, why) =>
        {
            _said.Add((step, name, why));
            if (crash?.Invoke() == true)
            {
                throw new InvalidOperationException("the power is gone");
            }
        },
        _time);

    private static DeviceMessage<FieldEvent> Parse(OutboxMessage message)
    {
        Parsed<DeviceMessage<FieldEvent>> parsed = FieldEvent.Parse(message.Payload, new UpTopic("aoba", "drone-01", UpChannel.Event));
        Assert.Empty(parsed.Errors);
        Assert.Equal(message.Sequence, parsed.Value!.Envelope.Sequence);
        return parsed.Value;
    }

    private void Drop(string name, string content) => _bench.AddFile(name, Encoding.UTF8.GetBytes(content));

    private IEnumerable<string> Files() =>
        Directory.EnumerateFiles(_bench.Card, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_bench.Card, f)).Order(StringComparer.Ordinal);

    private static string Gpx(int points) => $"""
        <?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>道</name><trkseg>
        {string.Concat(Enumerable.Range(0, points).Select(i => FormattableString.Invariant(
            $"<trkpt lat=\"34.9\" lon=\"138.3\"><ele>{i}</ele><time>{new DateTimeOffset(2026, 5, 10, 0, 0, 0, TimeSpan.Zero).AddSeconds(i):yyyy-MM-ddTHH:mm:ssZ}</time></trkpt>")))}
        </trkseg></trk></gpx>
        """;
}
