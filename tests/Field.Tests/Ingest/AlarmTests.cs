using System.Globalization;
using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Ingest.Alarms;
using Field.Tests.Broker;
using Field.Tests.Store;

namespace Field.Tests.Ingest;

/// <summary>Alarms from messages in to rows and live updates out.</summary>
public sealed class AlarmTests : IAsyncDisposable
{
    private const string Rules = """
        { "rules": [
          { "id": "high", "severity": "critical", "devices": "river-*", "ja": "{device} {value} > {limit}", "en": "{device}: {value} above {limit}",
            "threshold": { "measurement": "level", "above": 3, "clear": 2.8 } },
          { "id": "long", "severity": "warning", "devices": "river-*", "ja": "x", "en": "x", "threshold": { "measurement": "level", "above": 5, "forSeconds": 60 } },
          { "id": "battery", "severity": "warning", "ja": "x", "en": "x", "threshold": { "property": "batteryPercent", "below": 20, "clear": 30 } },
          { "id": "silent", "severity": "warning", "devices": "river-*", "ja": "{minutes}", "en": "{minutes} minutes", "absence": { "afterSeconds": 900 } },
          { "id": "inside", "severity": "info", "devices": "drone-*", "ja": "x", "en": "x",
            "geofence": { "when": "enter", "area": { "type": "Polygon", "coordinates": [[[138, 34], [139, 34], [139, 35], [138, 35], [138, 34]]] } } },
          { "id": "outside", "severity": "info", "devices": "drone-*", "ja": "x", "en": "x",
            "geofence": { "when": "leave", "area": { "type": "Polygon", "coordinates": [[[138, 34], [139, 34], [139, 35], [138, 35], [138, 34]]] } } },
          { "id": "tamper", "severity": "critical", "ja": "x", "en": "x", "event": { "kind": "cover-opened" } },
          { "id": "door", "severity": "info", "ja": "x", "en": "x", "event": { "kind": "door-opened", "clearKind": "door-closed" } }
        ] }
        """;

    private readonly TempFolder _folder = new();
    private readonly Edge.ManualTime _time = new();
    private IngestHost? _host;
    private long _sequence;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_threshold_raises_once_clears_below_its_hysteresis_and_raises_anew()
    {
        await StartAsync();
        foreach (double level in new[] { 2.9, 3.0, 3.1, 3.5, 2.9, 3.2 })
        {
            await LevelAsync(level);
        }

        JsonElement alarm = Assert.Single(await AlarmsAsync(1));
        Assert.Equal(("high", "river-1", "critical", "raised", 3.1), (Text(alarm, "rule"), Text(alarm, "device"), Text(alarm, "severity"), Text(alarm, "state"), alarm.GetProperty("value").GetDouble()));
        Assert.Equal(("river-1 3.1 > 3", "river-1: 3.1 above 3"), (Text(alarm, "messageJa"), Text(alarm, "messageEn")));
        await LevelAsync(2.8);
        await LevelAsync(4);
        await EventuallyAsync(async () => (await AlarmsAsync()).Count == 2);
        await EventuallyAsync(async () => (await AlarmsAsync()).Select(a => Text(a, "state")).Order().SequenceEqual(["cleared", "raised"]));
        await BrokerSessionTests.Eventually(() => _host!.Sink.Live("alarm").Count == 3);
        Assert.Equal("field.live.alarm.v1", _host!.Sink.Live("alarm")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_value_below_the_limit_and_other_devices_and_measurements_raise_nothing()
    {
        await StartAsync();
        await LevelAsync(99, device: "tank-1");
        await TelemetryAsync("river-1", """{"n":"river-1/level2","v":99},{"n":"leveler:x","v":99},{"n":"level","vs":"99"},{"n":"level","v":3}""");
        await LevelAsync(3.5, device: "river-2"); // the one that shows that the others have been looked at
        Assert.Equal("river-2", Text(Assert.Single(await AlarmsAsync(1)), "device"));
    }

    [Theory]
    [InlineData("level")]
    [InlineData("river-1/level")]
    [InlineData("urn:dev:mac:0024befffe804ff1:level")]
    public async Task A_measurement_is_known_by_its_last_part(string name)
    {
        await StartAsync();
        await TelemetryAsync("river-1", $$"""{"n":"{{name}}","v":3.5}""");
        Assert.Single(await AlarmsAsync(1));
    }

    [Fact]
    public async Task A_condition_must_hold_for_its_time_by_the_data_or_by_the_clock()
    {
        await StartAsync();
        await LevelAsync(6, secondsAgo: 30);
        await LevelAsync(4, secondsAgo: 20);
        await LevelAsync(6, secondsAgo: 10);
        Advance(49);
        Assert.DoesNotContain("long", (await AlarmsAsync(1)).Select(a => Text(a, "rule")));
        Advance(1);
        await EventuallyAsync(async () => (await AlarmsAsync()).Any(a => Text(a, "rule") == "long"));
    }

    [Fact]
    public async Task Late_data_neither_raises_nor_clears()
    {
        await StartAsync();
        await LevelAsync(3.5, secondsAgo: 10);
        await AlarmsAsync(1);
        await LevelAsync(1, secondsAgo: 86_400);
        await LevelAsync(3.6, device: "river-2");
        await LevelAsync(1, device: "river-2", secondsAgo: -1);
        await EventuallyAsync(async () => (await AlarmsAsync()).Any(a => Text(a, "state") == "cleared"));
        Assert.Equal("raised", Text((await AlarmsAsync()).Single(a => Text(a, "device") == "river-1"), "state"));
        await LevelAsync(9, device: "river-2", secondsAgo: 50_000);
        await LevelAsync(3.7, device: "river-3");
        await EventuallyAsync(async () => (await AlarmsAsync()).Count == 3);
    }

    [Fact]
    public async Task A_device_that_falls_silent_is_told_and_cleared_when_it_is_heard()
    {
        await StartAsync();
        await LevelAsync(1);
        await TelemetryAsync("tank-1", """{"n":"x","v":1}""");
        Advance(899);
        Assert.Empty(await AlarmsAsync());
        Advance(1);
        JsonElement alarm = Assert.Single(await AlarmsAsync(1));
        Assert.Equal(("silent", "15 minutes"), (Text(alarm, "rule"), Text(alarm, "messageEn")));
        await LevelAsync(1);
        await EventuallyAsync(async () => Text(Assert.Single(await AlarmsAsync()), "state") == "cleared");
    }

    [Fact]
    public async Task A_server_that_was_down_calls_nobody_silent_before_it_has_listened_itself()
    {
        await StartAsync();
        await LevelAsync(1);
        await StopAsync();
        _time.Advance(TimeSpan.FromHours(2));
        await StartAsync();
        await _host!.Get<AlarmDesk>().CaughtUp.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        Advance(899);
        Assert.Empty(await AlarmsAsync());
        Advance(1);
        Assert.Equal("silent", Text(Assert.Single(await AlarmsAsync(1)), "rule"));
    }

    [Theory]
    [InlineData("lock-locked")]
    [InlineData("door-closed")]
    public async Task A_door_that_was_left_open_is_told_without_any_rule_and_clears_when_it_is_locked_or_closed(string cleared)
    {
        await StartAsync(rules: """{ "rules": [] }""");
        await LockEventAsync("lock-left-open", ""","minutes":20,"cause":"door" """);
        Assert.Equal("lock-left-open", Text(Assert.Single(await AlarmsAsync(1)), "rule"));
        await LockEventAsync(cleared, "");
        await EventuallyAsync(async () => Text(Assert.Single(await AlarmsAsync()), "state") == "cleared");
    }

    [Fact]
    public async Task A_lock_that_tells_nothing_of_its_battery_any_more_is_told_also_after_a_restart()
    {
        await StartAsync(rules: """{ "rules": [ { "id": "missing", "severity": "warning", "ja": "x", "en": "x", "absence": { "afterSeconds": 7200, "measurement": "battery" } } ] }""");
        await TelemetryAsync("lock-1", """{"n":"battery","u":"%EL","v":80}""");
        await TelemetryAsync("lock-2", """{"n":"locked","vb":true}"""); // has never told of one
        Advance(7000);
        await TelemetryAsync("lock-1", """{"n":"locked","vb":true}"""); // is alive, and says nothing of its battery
        Advance(199);
        Assert.Empty(await AlarmsAsync());
        await StopAsync();
        await StartAsync(rules: """{ "rules": [ { "id": "missing", "severity": "warning", "ja": "x", "en": "x", "absence": { "afterSeconds": 7200, "measurement": "battery" } } ] }""");
        await _host!.Get<AlarmDesk>().CaughtUp.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        Advance(3599);
        Assert.Empty(await AlarmsAsync()); // what waits in its outbox may still come
        Advance(1);
        JsonElement alarm = Assert.Single(await AlarmsAsync(1));
        Assert.Equal(("missing", "lock-1"), (Text(alarm, "rule"), Text(alarm, "device")));
        await TelemetryAsync("lock-1", """{"n":"battery","u":"%EL","v":79}""");
        await EventuallyAsync(async () => Text(Assert.Single(await AlarmsAsync()), "state") == "cleared");
    }

    [Fact]
    public async Task A_device_enters_and_leaves_an_area()
    {
        await StartAsync();
        await PlaceAsync(138.5, 34.5);
        Assert.Equal("inside", Text(Assert.Single(await AlarmsAsync(1)), "rule"));
        await PlaceAsync(139.5, 34.5);
        await EventuallyAsync(async () => (await AlarmsAsync()).Select(a => Text(a, "rule") + Text(a, "state")).Order().SequenceEqual(["insidecleared", "outsideraised"]));
    }

    [Fact]
    public async Task A_low_battery_raises_and_a_charged_one_clears()
    {
        await StartAsync();
        await _host!.SendAsync(Topics.Status(IngestHost.Site, "lock-1"), new DeviceStatus(true, BatteryPercent: 19).Write(IngestHost.Site, "lock-1", ++_sequence, _time.GetUtcNow()));
        Assert.Equal("battery", Text(Assert.Single(await AlarmsAsync(1)), "rule"));
        await _host.SendAsync(Topics.Status(IngestHost.Site, "lock-1"), new DeviceStatus(true, BatteryPercent: 31).Write(IngestHost.Site, "lock-1", ++_sequence, _time.GetUtcNow()));
        await EventuallyAsync(async () => Text(Assert.Single(await AlarmsAsync()), "state") == "cleared");
    }

    [Fact]
    public async Task An_event_raises_until_it_is_acknowledged_or_its_counterpart_comes()
    {
        await StartAsync();
        await EventAsync("cover-opened");
        await EventAsync("door-opened");
        await EventAsync("cover-opened");
        JsonElement tamper = (await AlarmsAsync(2)).Single(a => Text(a, "rule") == "tamper");
        Assert.True(await _host!.Queries.AcknowledgeAlarmAsync(Text(tamper, "alarmId")!, "佐藤", "現地確認へ", Cancel));
        Assert.True(await _host.Queries.AcknowledgeAlarmAsync(Text(tamper, "alarmId")!, "鈴木", null, Cancel));
        Assert.False(await _host.Queries.AcknowledgeAlarmAsync("0", "x", null, Cancel));
        string audited = Assert.Single(Field.Store.Audit.AuditLog.Read(_folder.Path("audit")));
        Assert.Contains("alarm.acknowledge", audited, StringComparison.Ordinal);
        tamper = (await AlarmsAsync()).Single(a => Text(a, "rule") == "tamper");
        Assert.Equal(("cleared", "佐藤", "現地確認へ"), (Text(tamper, "state"), Text(tamper, "acknowledgedBy"), Text(tamper, "acknowledgeNote")));
        await EventAsync("door-closed");
        await EventuallyAsync(async () => (await AlarmsAsync()).All(a => Text(a, "state") == "cleared"));
        _time.Advance(TimeSpan.FromSeconds(1));
        await EventAsync("cover-opened");
        await EventuallyAsync(async () => (await AlarmsAsync()).Count == 3);
    }

    [Fact]
    public async Task Open_alarms_survive_a_restart_are_not_raised_twice_and_clear_afterwards()
    {
        await StartAsync();
        await LevelAsync(3.5);
        await EventAsync("cover-opened");
        await AlarmsAsync(2);
        await StopAsync();
        await StartAsync();
        await LevelAsync(3.6);
        await LevelAsync(2);
        await EventuallyAsync(async () => (await AlarmsAsync()).Count(a => Text(a, "state") == "cleared") == 1);
        Assert.Equal(2, (await AlarmsAsync()).Count);
    }

    [Fact]
    public async Task What_was_stored_and_not_evaluated_before_a_crash_is_evaluated_at_the_start()
    {
        await StartAsync(started: false); // nothing evaluates: as if the process died between store and alarm
        await LevelAsync(2, secondsAgo: 20);
        await LevelAsync(3.5, secondsAgo: 10);
        await EventAsync("cover-opened");
        await StopAsync();
        await StartAsync();
        Assert.Equal(["high", "tamper"], (await AlarmsAsync(2)).Select(a => Text(a, "rule")).Order());
    }

    [Fact]
    public async Task An_alarm_whose_rule_is_gone_is_cleared_at_the_start()
    {
        await StartAsync();
        await LevelAsync(3.5);
        await AlarmsAsync(1);
        await StopAsync();
        await StartAsync(rules: """{"rules":[]}""");
        Assert.Equal("cleared", Text(Assert.Single(await AlarmsAsync()), "state"));
    }

    [Fact]
    public async Task Many_changes_at_once_are_all_stored()
    {
        await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => LevelAsync(4, device: $"river-{i}")));
        Assert.Equal(200, (await AlarmsAsync(200)).Select(a => Text(a, "device")).Distinct().Count());
    }

    private async Task StartAsync(bool started = true, string rules = Rules)
    {
        await File.WriteAllTextAsync(_folder.Path("alarms.json"), rules, Cancel);
        _host = new IngestHost(_folder.Root, time: _time);
        if (started)
        {
            await _host.Get<AlarmDesk>().StartAsync(Cancel);
        }
    }

    private async Task StopAsync()
    {
        if (_host is { } host)
        {
            await host.Get<AlarmDesk>().StopAsync(CancellationToken.None);
            await host.DisposeAsync();
            _host = null;
        }
    }

    /// <summary>Moves the clock, and looks at it as the desk does every second.</summary>
    private void Advance(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _host!.Get<AlarmDesk>().Tick();
    }

    private Task LevelAsync(double level, double secondsAgo = 0, string device = "river-1") => TelemetryAsync(
        device, string.Create(CultureInfo.InvariantCulture, $$"""{"n":"level","u":"m","t":{{(_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds - secondsAgo}},"v":{{level}}}"""));

    private async Task TelemetryAsync(string device, string records) =>
        Assert.True((await _host!.SendAsync(Topics.Telemetry(IngestHost.Site, device), Encoding.UTF8.GetBytes($"[{records}]"))).IsAccepted);

    private async Task PlaceAsync(double lon, double lat) =>
        await _host!.SendAsync(Topics.Status(IngestHost.Site, "drone-1"), new DeviceStatus(true, Place: new GeoPoint(lon, lat)).Write(IngestHost.Site, "drone-1", ++_sequence, _time.GetUtcNow()));

    private async Task LockEventAsync(string kind, string more) => Assert.True((await _host!.SendAsync(
        Topics.Event(IngestHost.Site, "lock-1"), new FieldEvent(kind, null, $$"""{"kind":"{{kind}}"{{more}}}""").Write(IngestHost.Site, "lock-1", ++_sequence, _time.GetUtcNow()))).IsAccepted);

    private async Task EventAsync(string kind) => Assert.True((await _host!.SendAsync(
        Topics.Event(IngestHost.Site, "lock-1"), new FieldEvent(kind, null, $$"""{"kind":"{{kind}}"}""").Write(IngestHost.Site, "lock-1", ++_sequence, _time.GetUtcNow()))).IsAccepted);

    private async Task<IReadOnlyList<JsonElement>> AlarmsAsync() =>
        [.. (await _host!.FeaturesAsync("alarms")).GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties"))];

    private async Task<IReadOnlyList<JsonElement>> AlarmsAsync(int count)
    {
        await EventuallyAsync(async () => (await AlarmsAsync()).Count >= count);
        return await AlarmsAsync();
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private static string? Text(JsonElement properties, string name) => properties.GetProperty(name).GetString();
}
