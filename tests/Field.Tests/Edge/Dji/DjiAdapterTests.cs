using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.EdgeAgent.Adapters;
using Field.EdgeAgent.Dji;
using Field.Mqtt;
using Field.Tests.Broker;
using Field.Tests.Contracts;
using Field.Tests.Ingest;

namespace Field.Tests.Edge.Dji;

/// <summary>The cloud's side of the DJI Cloud API; shapes after DJI's documentation (topic definition, device topology, aircraft properties, hms).</summary>
public sealed class DjiAdapterTests : IDisposable
{
    private const string Gateway = DjiBench.Gateway;
    private const string Sn = DjiBench.Sn;

    private const string Online = """{"tid":"t-1","bid":"b-1","method":"update_topo","timestamp":1778457600000,"data":{"domain":3,"type":1,"sub_type":0,"device_secret":"gateway-secret","nonce":"gateway-nonce","thing_version":"1.1.2","sub_devices":[{"sn":"1581F5BKD225D00BP891","domain":0,"type":67,"sub_type":0,"index":"A","device_secret":"aircraft-secret","nonce":"aircraft-nonce","thing_version":"1.1.2"}]}}""";

    private const string Offline = """{"tid":"t-2","bid":"b-1","method":"update_topo","timestamp":1778457700000,"data":{"domain":3,"type":1,"sub_type":0,"device_secret":"gateway-secret","nonce":"gateway-nonce","thing_version":"1.1.2","sub_devices":[]}}""";

    private const string Osd = """{"tid":"t-3","bid":"b-3","timestamp":1778457601000,"gateway":"4TADL210010014","data":{"67-0-0":{"gimbal_pitch":-90,"gimbal_yaw":12.5,"payload_index":"67-0-0"},"attitude_head":41.5,"attitude_pitch":-3.2,"attitude_roll":0.4,"battery":{"batteries":[{"capacity_percent":83,"index":0,"sn":"BAT1","voltage":24000}],"capacity_percent":83,"landing_power":10,"remain_flight_time":1260,"return_home_power":20},"elevation":58.2,"firmware_version":"07.01.2201","height":102.7,"home_distance":210.4,"horizontal_speed":7.4,"latitude":34.8668123,"longitude":138.3234567,"mode_code":5,"position_state":{"gps_number":19,"is_fixed":2,"quality":5,"rtk_number":26},"storage":{"total":60082000,"used":1274000},"vertical_speed":-0.6,"wind_direction":3,"wind_speed":21}}""";

    private static readonly string Hms = DjiBench.Golden("events-hms");

    private readonly DjiBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Topology_is_answered_with_its_tid_and_bid_and_the_aircraft_comes_and_goes()
    {
        await HearAsync($"sys/product/{Gateway}/status", Online);
        MqttMessage answer = Assert.Single(_bench.Published);
        Assert.Equal($"sys/product/{Gateway}/status_reply", answer.Topic);
        using JsonDocument reply = JsonDocument.Parse(answer.Payload);
        Assert.Equal(
            ("t-1", "b-1", "update_topo", 0),
            (Text(reply, "tid"), Text(reply, "bid"), Text(reply, "method"), reply.RootElement.GetProperty("data").GetProperty("result").GetInt32()));
        Assert.Equal(["online "], _bench.Drone.States);
        await HearAsync($"sys/product/{Gateway}/status", Online.Replace("t-1", "t-9", StringComparison.Ordinal)); // repeated by the dock: answered, no second coming
        await HearAsync($"sys/product/{Gateway}/status", Offline);
        Assert.Equal(["online ", "offline "], _bench.Drone.States);
        Assert.Equal(3, _bench.Published.Count);
        Assert.Empty(_bench.Fleet.Online);
    }

    [Fact]
    public async Task Aircraft_that_falls_silent_is_offline_and_its_next_word_brings_it_back()
    {
        await HearAsync($"thing/product/{Sn}/osd", Osd); // no topology: the agent was started after the dock
        Assert.Equal(["online 07.01.2201"], _bench.Drone.States);
        _bench.Time.Advance(DjiFleet.SilentAfter - TimeSpan.FromSeconds(1));
        await _bench.Adapter.TickAsync(TestBroker.Token);
        Assert.Single(_bench.Fleet.Online);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await _bench.Adapter.TickAsync(TestBroker.Token);
        await HearAsync($"thing/product/{Sn}/state", Osd);
        Assert.Equal(["online 07.01.2201", "offline ", "online 07.01.2201"], _bench.Drone.States);
    }

    [Fact]
    public async Task Osd_becomes_telemetry_in_SenML_with_place_and_battery()
    {
        await HearAsync($"thing/product/{Sn}/osd", Osd);
        Measurement[] pack = [.. Assert.Single(_bench.Drone.Recorded.Packs)];
        Assert.Equal(
            [
                "lon=138.3234567 lon", "lat=34.8668123 lat", "alt=102.7 m", "above-takeoff=58.2 m", "heading=41.5 deg", "pitch=-3.2 deg", "roll=0.4 deg",
                "speed=7.4 m/s", "climb=-0.6 m/s", "battery=83 %EL", "mode=5 ",
            ],
            pack.Select(m => FormattableString.Invariant($"{m.Name}={m.Value} {m.Unit}")));
        Assert.All(pack, m => Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1778457601000), m.Time));
        Assert.Equal(["online 07.01.2201"], _bench.Drone.States); // the firmware, once
    }

    [Fact]
    public async Task Osd_faster_than_half_a_hertz_is_thinned()
    {
        for (int i = 0; i < 100; i++)
        {
            await HearAsync($"thing/product/{Sn}/osd", Osd);
            _bench.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(_bench.Drone.Recorded.Packs.Count, 5, 6); // 10 s
        Assert.Equal(["online 07.01.2201"], _bench.Drone.States);
    }

    [Fact]
    public async Task Position_without_a_fix_is_no_place()
    {
        await HearAsync($"thing/product/{Sn}/osd", """{"timestamp":1,"data":{"latitude":0,"longitude":0,"height":12,"battery":{"capacity_percent":50}}}""");
        Measurement only = Assert.Single(Assert.Single(_bench.Drone.Recorded.Packs));
        Assert.Equal(("battery", _bench.Time.GetUtcNow()), (only.Name, only.Time)); // and a clock of 1970 is not believed
    }

    [Fact]
    public async Task Health_alarm_becomes_an_event_of_the_aircraft_and_is_answered()
    {
        await HearAsync($"sys/product/{Gateway}/status", Online);
        await HearAsync($"thing/product/{Gateway}/events", Hms);
        Assert.Equal("""{"kind":"drone-health","alarms":[{"code":"0x16100083","level":2}]}""", Assert.Single(_bench.Drone.Recorded.Events).PropertiesJson);
        Assert.Equal($"thing/product/{Gateway}/events_reply", _bench.Published[^1].Topic);
        await HearAsync($"thing/product/{Gateway}/events", """{"tid":"t","bid":"b","method":"fly_to_point_progress","need_reply":0,"data":{"status":"wayline_ok"}}""");
        Assert.Equal(2, _bench.Published.Count);
    }

    [Fact]
    public async Task Aircraft_that_is_not_in_the_table_is_answered_and_counted_and_goes_no_further()
    {
        await HearAsync($"sys/product/{Gateway}/status", Online.Replace(Sn, "OTHER1", StringComparison.Ordinal));
        await HearAsync("thing/product/OTHER1/osd", Osd);
        Assert.Single(_bench.Published);
        Assert.Equal("""{"kind":"adapter-error","adapter":"dji","code":"unknown-aircraft","count":1}""", Assert.Single(_bench.Own.Events).PropertiesJson);
        Assert.Empty(_bench.Drone.Recorded.Packs);
    }

    [Theory]
    [InlineData("{", "not-json")]
    [InlineData("""{"data":{"latitude":91,"longitude":138,"height":"high"}}""", "out-of-range at /data/latitude|wrong-type at /data/height")]
    [InlineData("""{"tid":"t"}""", "missing at /data")]
    [InlineData("""{"data":{"battery":{"capacity_percent":101}}}""", "out-of-range at /data/battery/capacity_percent")]
    [InlineData("""{"data":{},"timestamp":-5}""", "out-of-range at /timestamp")]
    public async Task Bad_osd_is_kept_with_all_its_errors_and_counted(string message, string errors)
    {
        await HearAsync($"thing/product/{Sn}/osd", message);
        using JsonDocument letter = JsonDocument.Parse(Assert.Single(_bench.Letters));
        string[] kept = [.. letter.RootElement.GetProperty("errors").EnumerateArray().Select(e => e.GetString()!)];
        Assert.All(errors.Split('|'), e => Assert.Contains(kept, k => k.StartsWith(e, StringComparison.Ordinal)));
        Assert.Equal(message, Encoding.UTF8.GetString(letter.RootElement.GetProperty("payload").GetBytesFromBase64()));
        Assert.Equal(1, _bench.Faults.Count);
        Assert.Empty(_bench.Drone.Recorded.Packs);
    }

    [Fact]
    public async Task Secrets_of_a_topology_are_in_no_letter_event_or_reply()
    {
        await HearAsync($"sys/product/{Gateway}/status", Online);
        await HearAsync($"sys/product/{Gateway}/status", Online.Replace("update_topo", "other", StringComparison.Ordinal));
        await HearAsync($"sys/product/{Gateway}/status", Online.Replace("\"sn\":", "\"serial\":", StringComparison.Ordinal));
        await HearAsync($"sys/product/{Gateway}/status", Online[..200]);
        Assert.Equal(3, _bench.Faults.Count);
        Assert.Equal(3, _bench.Letters.Length);
        string everything = string.Join('\n', [.. _bench.Letters, .. _bench.Published.Select(DjiBench.Text), _bench.Own.AllText, _bench.Drone.Recorded.AllText]);
        foreach (string secret in (string[])["gateway-secret", "gateway-nonce", "aircraft-secret", "aircraft-nonce"])
        {
            Assert.DoesNotContain(secret, everything, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))[..8], everything, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Letters_are_bounded_and_errors_are_reported_once_a_minute()
    {
        for (int i = 0; i < RejectedMessages.MaxMessages + 50; i++)
        {
            await HearAsync($"thing/product/{Sn}/osd", new string('x', 40_000));
        }

        Assert.Equal((RejectedMessages.MaxMessages, 50L), (_bench.Letters.Length, _bench.Rejected.Overwritten));
        Assert.All(_bench.Letters, l => Assert.InRange(l.Length, 1, 32_000));
        Assert.Single(_bench.Own.Events);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        await HearAsync($"thing/product/{Sn}/osd", "x");
        Assert.EndsWith("\"count\":150}", _bench.Own.Events[^1].PropertiesJson, StringComparison.Ordinal);
        RejectedMessages again = new(_bench.RejectedFolder, _bench.Time); // a restart goes on where it was
        again.Add("t", default, []);
        Assert.Equal(RejectedMessages.MaxMessages, _bench.Letters.Length);
    }

    [Theory]
    [InlineData("thing/product/A/osd", DjiChannel.Osd)]
    [InlineData("sys/product/A-1_b/status", DjiChannel.Status)]
    [InlineData("thing/product/A/osd/x", null)]
    [InlineData("thing/product//osd", null)]
    [InlineData("thing/product/a b/osd", null)]
    [InlineData("thing/product/A/status", null)]
    [InlineData("thing/product/A/requests", DjiChannel.Requests)]
    [InlineData("thing/product/A/services_reply", DjiChannel.ServicesReply)]
    [InlineData("thing/product/A/services", null)]
    [InlineData("sys/product/A/status_reply", null)]
    public void Topic_is_parsed_or_none(string topic, object? channel) => Assert.Equal(channel, DjiTopic.Parse(topic)?.Channel);

    [Theory]
    [InlineData($"sys/product/{Gateway}/status", Online)]
    [InlineData($"thing/product/{Sn}/osd", Osd)]
    [InlineData($"thing/product/{Sn}/state", Osd)]
    [InlineData($"thing/product/{Gateway}/events", "events-hms")]
    [InlineData($"thing/product/{Gateway}/events", "events-file_upload_callback")]
    [InlineData($"thing/product/{Gateway}/events", "events-flighttask_progress")]
    [InlineData($"thing/product/{Gateway}/events", "events-flighttask_ready")]
    [InlineData($"thing/product/{Gateway}/events", "events-return_home_info")]
    [InlineData($"thing/product/{Gateway}/events", "events-device_exit_homing_notify")]
    [InlineData($"thing/product/{Gateway}/requests", "requests-airport_bind_status")]
    [InlineData($"thing/product/{Gateway}/requests", "requests-airport_organization_bind")]
    [InlineData($"thing/product/{Gateway}/services_reply", "services_reply-return_home")]
    public async Task Mutated_message_is_taken_or_counted(string topic, string message)
    {
        Random random = new(1581);
        byte[] golden = Encoding.UTF8.GetBytes(message.StartsWith('{') ? message : DjiBench.Golden(message));
        for (int i = 0; i < 300; i++)
        {
            await _bench.Adapter.HearAsync(new MqttMessage(topic, WireFuzzTests.Mutate(golden, random)), TestBroker.Token);
        }

        Assert.InRange(_bench.Faults.Count, 30, 300);
        Assert.InRange(_bench.Letters.Length, 1, RejectedMessages.MaxMessages);
    }

    [Fact]
    public async Task Dock_behind_mosquitto_gets_its_answer()
    {
        await using MosquittoServer broker = await MosquittoServer.StartAsync();
        ConcurrentQueue<string> replies = new();
        await using MqttClient dock = await broker.ConnectAsync("dock", new MqttSubscription($"sys/product/{Gateway}/status_reply", 1, (m, _) =>
        {
            replies.Enqueue(Encoding.UTF8.GetString(m.Payload.Span));
            return default;
        }));
        TaskCompletionSource connected = new();
        LocalBroker local = new(new MqttClientOptions { Server = broker.Uri, ClientId = "cloud" }, TimeProvider.System, problem => connected.TrySetResult());
        _bench.OnPublish = (message, cancel) => message.Topic.EndsWith("status_reply", StringComparison.Ordinal) ? local.PublishAsync(message, cancel) : Task.CompletedTask;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestBroker.Token);
        Task running = local.RunAsync(DjiTopic.Filters, _bench.Adapter.HearAsync, stop.Token);
        await connected.Task.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
        await dock.PublishAsync(new MqttMessage($"sys/product/{Gateway}/status", Encoding.UTF8.GetBytes(Online), 1), TestBroker.Token);
        await dock.PublishAsync(new MqttMessage($"thing/product/{Sn}/osd", Encoding.UTF8.GetBytes(Osd)), TestBroker.Token);
        await _bench.Drone.Recorded.UntilAsync(o => o.Packs.Count == 1);
        await BrokerSessionTests.Eventually(() => !replies.IsEmpty);
        Assert.Contains("\"result\":0", Assert.Single(replies), StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static string? Text(JsonDocument json, string name) => json.RootElement.GetProperty(name).GetString();

    private Task HearAsync(string topic, string message) => _bench.HearAsync(topic, message);
}
