using System.Text;
using Field.EdgeAgent.Dji;

namespace Field.Tests.Edge.Dji;

/// <summary>What happens at a gateway: reported, acknowledged when it is kept, and not before.</summary>
public sealed class DjiEventTests : IDisposable
{
    private const string Events = $"thing/product/{DjiBench.Gateway}/events";

    private readonly DjiBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("events-hms")]
    [InlineData("events-file_upload_callback")]
    [InlineData("events-flighttask_progress")]
    [InlineData("events-flighttask_ready")]
    [InlineData("events-return_home_info")]
    [InlineData("events-device_exit_homing_notify")]
    public async Task Event_equals_its_golden_and_is_acknowledged(string name)
    {
        await _bench.ConnectAsync();
        await _bench.HearAsync(Events, DjiBench.Golden(name));
        byte[] written = Assert.Single(_bench.Drone.Recorded.Events).Write("aoba", "drone-01", 7, DateTimeOffset.FromUnixTimeMilliseconds(1778457602000));
        Assert.Equal(DjiBench.Golden($"{name}.event"), Encoding.UTF8.GetString(written));
        Assert.Equal(($"{Events}_reply", DjiBench.Golden($"{name}.reply")), (_bench.Published[^1].Topic, DjiBench.Text(_bench.Published[^1])));
        Assert.Equal(0, _bench.Faults.Count);
    }

    [Theory]
    [InlineData("events-airsense_warning")] // its data is an array
    [InlineData(null)]
    public async Task Event_that_means_nothing_here_is_acknowledged_and_not_reported(string? name)
    {
        await _bench.ConnectAsync();
        string message = name is null ? """{"tid":"t-1","bid":"b-1","timestamp":1778457602000,"need_reply":1,"method":"hms","data":{"list":[]}}""" : DjiBench.Golden(name);
        await _bench.HearAsync(Events, message);
        Assert.Equal(DjiBench.Golden($"{name ?? "events-hms"}.reply"), DjiBench.Text(_bench.Published[^1]));
        Assert.Empty(_bench.Drone.Recorded.Events);
        Assert.Equal(0, _bench.Faults.Count);
    }

    [Fact]
    public async Task Event_that_the_outbox_could_not_keep_is_not_acknowledged_until_it_can()
    {
        await _bench.ConnectAsync();
        _bench.Drone.Recorded.IsFull = true;
        await _bench.HearAsync(Events, DjiBench.Golden("events-file_upload_callback"));
        Assert.Single(_bench.Published); // the topology's
        _bench.Drone.Recorded.IsFull = false;
        await _bench.HearAsync(Events, DjiBench.Golden("events-file_upload_callback")); // the dock says it again
        Assert.Equal(2, _bench.Published.Count);
        Assert.Single(_bench.Drone.Recorded.Events);
    }

    [Fact]
    public async Task Event_is_in_the_outbox_before_it_is_acknowledged()
    {
        await _bench.ConnectAsync();
        int keptWhenAnswered = -1;
        _bench.OnPublish = (_, _) =>
        {
            keptWhenAnswered = _bench.Drone.Recorded.Events.Count;
            return Task.CompletedTask;
        };
        await _bench.HearAsync(Events, DjiBench.Golden("events-return_home_info"));
        Assert.Equal(1, keptWhenAnswered);
    }

    [Fact]
    public async Task Same_again_is_acknowledged_and_reported_once_and_what_moves_on_is_news()
    {
        await _bench.ConnectAsync();
        string progress = DjiBench.Golden("events-flighttask_progress");
        for (int percent = 42; percent < 60; percent++)
        {
            await _bench.HearAsync(Events, progress.Replace("\"percent\":42", $"\"percent\":{percent}", StringComparison.Ordinal));
        }

        Assert.Equal(19, _bench.Published.Count);
        Assert.Single(_bench.Drone.Recorded.Events);
        await _bench.HearAsync(Events, progress.Replace("in_progress", "ok", StringComparison.Ordinal));
        Assert.Equal(2, _bench.Drone.Recorded.Events.Count);
        _bench.Time.Advance(DjiEvents.SameAgainAfter);
        await _bench.HearAsync(Events, progress);
        Assert.Equal(3, _bench.Drone.Recorded.Events.Count);
    }

    [Fact]
    public async Task Alarm_of_a_gateway_without_an_aircraft_is_reported_by_the_agents_own_device()
    {
        await _bench.HearAsync(Events, DjiBench.Golden("events-hms")); // the lid is closed, the aircraft is off
        Assert.Equal(
            $$"""{"kind":"drone-health","alarms":[{"code":"0x16100083","level":2}],"gateway":"{{DjiBench.Gateway}}"}""",
            Assert.Single(_bench.Own.Events).PropertiesJson);
        Assert.Empty(_bench.Drone.Recorded.Events);
        Assert.Single(_bench.Published);
    }

    [Fact]
    public async Task Events_of_a_gateway_whose_aircraft_is_not_in_the_table_go_no_further()
    {
        await _bench.HearAsync($"sys/product/{DjiBench.Gateway}/status", """{"tid":"t","bid":"b","method":"update_topo","data":{"sub_devices":[{"sn":"OTHER1"}]}}""");
        await _bench.HearAsync(Events, DjiBench.Golden("events-hms"));
        Assert.Equal(["adapter-error"], _bench.Own.Kinds); // the aircraft, counted once
        Assert.Equal(2, _bench.Published.Count);
    }

    [Fact]
    public async Task Properties_tell_the_gateway_to_an_agent_that_was_started_after_the_dock()
    {
        await _bench.HearAsync($"thing/product/{DjiBench.Sn}/osd", $$$"""{"gateway":"{{{DjiBench.Gateway}}}","data":{}}""");
        await _bench.HearAsync(Events, DjiBench.Golden("events-hms"));
        Assert.Single(_bench.Drone.Recorded.Events);
        Assert.Equal(DjiBench.Gateway, _bench.Fleet.GatewayOf(DjiBench.Sn));
        await _bench.ConnectAsync("DOCK2"); // a topology says it with more authority
        await _bench.HearAsync($"thing/product/{DjiBench.Sn}/osd", $$$"""{"gateway":"{{{DjiBench.Gateway}}}","data":{}}""");
        Assert.Equal("DOCK2", _bench.Fleet.GatewayOf(DjiBench.Sn));
    }

    [Theory]
    [InlineData("hms", """{"list":[{"level":2}]}""", "missing at /data/list/0/code")]
    [InlineData("hms", "[]", "wrong-type at /data")]
    [InlineData("file_upload_callback", """{"file":{"name":"a\nb","metadata":{"shoot_position":{"lat":91}}}}""", "bad-format at /data/file/name|out-of-range at /data/file/metadata/shoot_position/lat")]
    [InlineData("flighttask_progress", """{"output":{"progress":7}}""", "missing at /data/output/status|wrong-type at /data/output/progress")]
    [InlineData("flighttask_ready", """{"flight_ids":[7]}""", "bad-format at /data/flight_ids")]
    [InlineData("return_home_info", """{"planned_path_points":[1]}""", "wrong-type at /data/planned_path_points/0")]
    [InlineData("device_exit_homing_notify", """{"action":2,"reason":"x"}""", "out-of-range at /data/action|wrong-type at /data/reason")]
    public async Task Event_that_cannot_be_read_is_kept_counted_and_refused(string method, string data, string errors)
    {
        await _bench.ConnectAsync();
        await _bench.HearAsync(Events, $$"""{"tid":"t-1","bid":"b-1","need_reply":1,"method":"{{method}}","data":{{data}}}""");
        string letter = Assert.Single(_bench.Letters);
        Assert.All(errors.Split('|'), e => Assert.Contains(e, letter, StringComparison.Ordinal));
        Assert.Equal(1, _bench.Faults.Count);
        Assert.Empty(_bench.Drone.Recorded.Events);
        Assert.EndsWith("\"data\":{\"result\":2}}", DjiBench.Text(_bench.Published[^1]), StringComparison.Ordinal);
    }
}
