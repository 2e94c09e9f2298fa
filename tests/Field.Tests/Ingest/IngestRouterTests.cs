using System.Globalization;
using System.Text;
using System.Text.Json;
using Field.Broker;
using Field.Contracts;
using Field.Mqtt;
using Field.Store;
using Field.Tests.Broker;
using Field.Tests.Store;

namespace Field.Tests.Ingest;

public sealed class IngestRouterTests : IAsyncDisposable
{
    private static readonly DateTimeOffset At = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TempFolder _folder = new();
    private IngestHost _host;

    public IngestRouterTests() => _host = new IngestHost(_folder.Root);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Telemetry_is_stored_once_and_told_resolved()
    {
        string pack = """[{"bn":"d1:","bt":1777593600,"seq":7,"n":"temp","u":"Cel","v":21.5},{"n":"lon","u":"lon","v":139.7},{"n":"lat","u":"lat","v":35.6},{"n":"battery","u":"%EL","v":55}]""";
        Assert.True((await TelemetryAsync(pack)).IsAccepted);
        Assert.True((await TelemetryAsync(pack)).IsAccepted);

        Assert.Equal(4, (await ReadAsync()).Count);
        JsonElement live = Assert.Single(_host.Sink.Live("telemetry"));
        Assert.Equal("d1:temp", live[0].GetProperty("n").GetString());
        Assert.Equal(1777593600, live[0].GetProperty("t").GetDouble());

        Feature device = (await _host.Stores.Features.FindAsync(FieldTables.Devices, "sensor-1", Cancel))!;
        Assert.Equal((139.7, 35.6), (device.Geometry!.Coordinate.X, device.Geometry.Coordinate.Y));
        Assert.Equal(55, device.Real("batteryPercent"));
        Assert.Single(_host.Sink.Live("device"));
    }

    [Fact]
    public async Task Late_and_repeated_sequences_over_a_restart_are_stored_once()
    {
        foreach (int sequence in new[] { 1, 5, 3, 5, 1, 2 })
        {
            await TelemetryAsync($$"""[{"n":"x","v":{{sequence}},"t":1777593600,"seq":{{sequence}}}]""");
        }

        await RestartAsync();
        foreach (int sequence in new[] { 3, 4, 5 })
        {
            Assert.True((await TelemetryAsync($$"""[{"n":"x","v":{{sequence}},"t":1777593600,"seq":{{sequence}}}]""")).IsAccepted);
        }

        Assert.Equal([1, 2, 3, 4, 5], (await ReadAsync()).Select(m => m.Value!.Value).Order());
        Assert.Single(_host.Sink.Live("telemetry"));
    }

    [Fact]
    public async Task An_event_is_stored_once_with_all_that_it_says()
    {
        FieldEvent door = new("door-opened", new GeoPoint(139.7, 35.6), """{"kind":"door-opened","by":"鍵番号12"}""");
        for (int i = 0; i < 2; i++)
        {
            Assert.True((await _host.SendAsync(Topics.Event(IngestHost.Site, "lock-1"), door.Write(IngestHost.Site, "lock-1", 9, At))).IsAccepted);
        }

        JsonElement feature = Assert.Single((await _host.FeaturesAsync("events")).GetProperty("features").EnumerateArray());
        Assert.Equal("lock-1:9", feature.GetProperty("id").GetString());
        Assert.Equal("鍵番号12", feature.GetProperty("properties").GetProperty("details").GetProperty("by").GetString());
        Assert.Equal("/field/aoba", Assert.Single(_host.Sink.Live("event")).GetProperty("source").GetString());
    }

    [Fact]
    public async Task A_status_moves_the_device_and_what_it_leaves_out_stays()
    {
        await StatusAsync(new DeviceStatus(true, "lock", new GeoPoint(139.7, 35.6), "1.2", 80, 3), 1);
        await RestartAsync();
        await StatusAsync(new DeviceStatus(false), 2);
        JsonElement device = Assert.Single((await _host.FeaturesAsync("devices")).GetProperty("features").EnumerateArray());
        JsonElement properties = device.GetProperty("properties");
        Assert.Equal("offline", properties.GetProperty("state").GetString());
        Assert.Equal("lock", properties.GetProperty("kind").GetString());
        Assert.Equal(80, properties.GetProperty("batteryPercent").GetDouble());
        Assert.Equal(139.7, device.GetProperty("geometry").GetProperty("coordinates")[0].GetDouble());
    }

    [Fact]
    public async Task Late_telemetry_is_stored_in_its_place_and_moves_the_device_nowhere()
    {
        await TelemetryAsync(Position(139.7, 35.6, 55, 1777593600));
        await TelemetryAsync(Position(138.0, 34.0, 90, 1777507200));
        Feature device = (await _host.Stores.Features.FindAsync(FieldTables.Devices, "sensor-1", Cancel))!;
        Assert.Equal((139.7, 55), (device.Geometry!.Coordinate.X, device.Real("batteryPercent")));
        await TelemetryAsync(Position(139.8, 35.7, 54, 1777593601));
        device = (await _host.Stores.Features.FindAsync(FieldTables.Devices, "sensor-1", Cancel))!;
        Assert.Equal((139.8, 54), (device.Geometry!.Coordinate.X, device.Real("batteryPercent")));
        Assert.Equal([34.0, 35.6, 35.7], (await ReadAsync()).Where(m => m.Unit == "lat").Select(m => m.Value!.Value));
    }

    [Fact]
    public async Task A_status_that_is_older_changes_nothing_but_a_will_always_counts()
    {
        await StatusAsync(new DeviceStatus(true, BatteryPercent: 50), 8, At.AddHours(1));
        await StatusAsync(new DeviceStatus(true, BatteryPercent: 80), 7, At);
        Assert.Equal(50, (await DeviceAsync()).Real("batteryPercent"));
        await StatusAsync(new DeviceStatus(false), 6, At);
        Feature device = await DeviceAsync();
        Assert.Equal(("offline", 50, 8), (device.Text("state"), device.Real("batteryPercent"), device.Whole("lastSequence")));
        Assert.Empty((await _host.FeaturesAsync("alarms")).GetProperty("features").EnumerateArray());
    }

    [Fact]
    public async Task A_device_that_counts_anew_is_told_and_its_colliding_event_is_kept_with_the_refused()
    {
        await _host.Get<Field.Ingest.Alarms.AlarmDesk>().StartAsync(Cancel);
        await StatusAsync(new DeviceStatus(true), 900, At);
        await StatusAsync(new DeviceStatus(true, BatteryPercent: 70), 1, At.AddMinutes(1));
        Assert.Equal(70, (await DeviceAsync()).Real("batteryPercent"));
        await BrokerSessionTests.Eventually(() => _host.Sink.Live("alarm").Any(a => a.GetProperty("data").GetProperty("properties").GetProperty("rule").GetString() == "sequence-reset"));

        FieldEvent first = new("door-opened", null, """{"kind":"door-opened"}""");
        Assert.True((await EventAsync(first, 5, At)).IsAccepted);
        Assert.True((await EventAsync(first, 5, At)).IsAccepted);
        Assert.False((await EventAsync(first, 5, At.AddMinutes(2))).IsAccepted);
        Assert.Equal(ErrorCodes.SequenceReset, Assert.Single(await _host.LettersAsync()).Errors[0].Code);
        await _host.Get<Field.Ingest.Alarms.AlarmDesk>().StopAsync(Cancel);
    }

    private static string Position(double lon, double lat, double battery, long at) => string.Create(
        CultureInfo.InvariantCulture, $$"""[{"bt":{{at}},"n":"lon","u":"lon","v":{{lon}}},{"n":"lat","u":"lat","v":{{lat}}},{"n":"battery","u":"%EL","v":{{battery}}}]""");

    private Task<PublishVerdict> EventAsync(FieldEvent happened, long sequence, DateTimeOffset at) =>
        _host.SendAsync(Topics.Event(IngestHost.Site, "lock-1"), happened.Write(IngestHost.Site, "lock-1", sequence, at));

    private async Task<Feature> DeviceAsync() => (await _host.Stores.Features.FindAsync(FieldTables.Devices, "lock-1", Cancel))!;

    private Task<PublishVerdict> StatusAsync(DeviceStatus status, long sequence, DateTimeOffset at) =>
        _host.SendAsync(Topics.Status(IngestHost.Site, "lock-1"), status.Write(IngestHost.Site, "lock-1", sequence, at));

    [Theory]
    [InlineData("field/v1/aoba/drone-1/up/unknown", ErrorCodes.UnknownTopic)]
    [InlineData("field/v2/aoba/drone-1/up/telemetry", ErrorCodes.UnknownTopic)]
    [InlineData("field/v1/aoba/drone-1/down/receipt", ErrorCodes.UnknownTopic)]
    [InlineData("field/v1/aoba/live/photo/x", ErrorCodes.UnknownTopic)]
    [InlineData("field/v1/aoba/live/up/telemetry", ErrorCodes.BadId)]
    [InlineData("field/v1/aoba/../up/telemetry", ErrorCodes.BadId)]
    [InlineData("field/v1/aoba/drone-1/up/photo/..%2f..%2fx/manifest", ErrorCodes.BadId)]
    [InlineData("field/v1/other/drone-1/up/telemetry", ErrorCodes.BadId)]
    public async Task A_topic_outside_the_rules_is_refused_and_kept(string topic, string code)
    {
        PublishVerdict verdict = await _host.SendAsync(topic, "[]"u8.ToArray());
        Assert.Equal(MqttReasonCode.TopicNameInvalid, verdict.ReasonCode);
        DeadLetter letter = Assert.Single(await _host.LettersAsync());
        Assert.Equal((topic, code, "client-1"), (letter.Topic, letter.Errors[0].Code, letter.Client));
    }

    [Fact]
    public async Task A_topic_that_is_not_ours_passes()
    {
        Assert.True((await _host.SendAsync("zigbee2mqtt/door", "{}"u8.ToArray())).IsAccepted);
        Assert.Empty(await _host.LettersAsync());
    }

    [Fact]
    public async Task Full_dead_letters_answer_quota_exceeded_and_count()
    {
        await _host.DisposeAsync();
        _host = new IngestHost(_folder.Root, IngestHost.Defaults with { MaxDeadLetterBytes = 10 });
        Assert.Equal(MqttReasonCode.PayloadFormatInvalid, (await TelemetryAsync("not json")).ReasonCode);
        Assert.Equal(MqttReasonCode.QuotaExceeded, (await TelemetryAsync("neither json")).ReasonCode);
        Assert.Equal(1, (await _host.Queries.CountAsync(Cancel)).DeadLetters.Refused);
    }

    [Fact]
    public async Task Whatever_comes_is_stored_or_kept_and_never_thrown()
    {
        Random random = new(20260501);
        string[] topics =
        [
            "telemetry", "event", "status", "photo/" + new string('a', 64) + "/manifest", "photo/" + new string('a', 64) + "/chunk/0", "photo/x", "",
        ];
        byte[] good = new DeviceStatus(true).Write(IngestHost.Site, "d", 1, At);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] payload = i % 2 == 0 ? new byte[random.Next(64)] : [.. good];
            for (int k = 0; k < random.Next(1, 6) && payload.Length > 0; k++)
            {
                payload[random.Next(payload.Length)] = (byte)random.Next(256);
            }

            PublishVerdict verdict = await _host.SendAsync($"field/v1/aoba/d/up/{topics[random.Next(topics.Length)]}", payload);
            refused += verdict.IsAccepted ? 0 : 1;
        }

        Assert.Equal(refused, (await _host.Get<DeadLetterStore>().ListAsync(new() { Limit = 1000 }, Cancel)).Sum(l => l.Count));
        Assert.InRange(refused, 300, 400);
    }

    private ValueTask<PublishVerdict> TelemetryAsync(string pack) =>
        new(_host.SendAsync(Topics.Telemetry(IngestHost.Site, "sensor-1"), Encoding.UTF8.GetBytes(pack)));

    private Task<PublishVerdict> StatusAsync(DeviceStatus status, long sequence) =>
        _host.SendAsync(Topics.Status(IngestHost.Site, "lock-1"), status.Write(IngestHost.Site, "lock-1", sequence, At));

    private Task<IReadOnlyList<Measurement>> ReadAsync() => _host.Stores.Telemetry.ReadAsync(
        new TelemetryQuery(IngestHost.Site, "sensor-1", null, DateTimeOffset.UnixEpoch, DateTimeOffset.Parse("2100-01-01Z", CultureInfo.InvariantCulture)), Cancel);

    private async Task RestartAsync()
    {
        await _host.DisposeAsync();
        _host = new IngestHost(_folder.Root);
    }
}
