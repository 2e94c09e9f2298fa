using System.Globalization;
using System.Text;
using System.Text.Json;
using Field.Broker;
using Field.Contracts;
using Field.Ingest;
using Field.Ingest.Alarms;
using Field.Mqtt;
using Field.Store;
using Field.Tests.Store;

namespace Field.Tests.Ingest;

/// <summary>Devices whose clocks are wrong: stored right, the original kept.</summary>
public sealed class DeviceClockTests : IAsyncDisposable
{
    private const string Device = "river-1";
    private static readonly TimeSpan ThreeDays = TimeSpan.FromDays(3);

    private readonly TempFolder _folder = new();
    private readonly Edge.ManualTime _time = new();
    private IngestHost _host;
    private long _sequence;

    public DeviceClockTests() => _host = new IngestHost(_folder.Root, time: _time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _time.GetUtcNow();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    [InlineData(-17_000)]
    public async Task Times_of_a_skewed_device_are_stored_right_and_as_it_said_them(int days)
    {
        TimeSpan off = TimeSpan.FromDays(days);
        await StatusAsync(off);
        await TelemetryAsync(Now.AddMinutes(-10) + off);
        await EventAsync(Now.AddMinutes(-5) + off);

        Measurement measured = Assert.Single(await ReadAsync());
        Assert.Equal((Now.AddMinutes(-10), (long)off.TotalSeconds), (measured.Time, measured.ClockOffsetS));
        JsonElement record = JsonElement.Parse(new SenMLPack([measured], null).Write())[0];
        Assert.Equal((Now.AddMinutes(-10) + off).ToUnixTimeSeconds(), record.GetProperty("deviceTime").GetDouble());
        JsonElement live = _host.Sink.Live("event")[^1].GetProperty("data").GetProperty("properties");
        Assert.Equal((Now.AddMinutes(-5), Now.AddMinutes(-5) + off), (live.GetProperty("time").GetDateTimeOffset(), live.GetProperty("deviceTime").GetDateTimeOffset()));
        Assert.Equal((long)off.TotalSeconds, live.GetProperty("clockOffsetS").GetDouble());
        Assert.Equal((long)off.TotalSeconds, (await DeviceAsync()).Real("clockOffsetS"));
    }

    [Fact]
    public async Task A_clock_off_by_less_than_the_threshold_changes_nothing()
    {
        await StatusAsync(TimeSpan.FromSeconds(-119));
        await TelemetryAsync(Now.AddSeconds(-119));
        await TelemetryAsync(Now.AddSeconds(119));
        Assert.All(await ReadAsync(), m => Assert.Equal(0, m.ClockOffsetS));
        Assert.Equal([Now.AddSeconds(-119), Now.AddSeconds(119)], (await ReadAsync()).Select(m => m.Time));
        Assert.Equal(-119, (await DeviceAsync()).Real("clockOffsetS"));
    }

    [Fact]
    public async Task Relative_times_need_no_correction()
    {
        await StatusAsync(ThreeDays);
        DateTimeOffset said = Now + ThreeDays;
        await SendAsync("telemetry", $$"""[{"n":"a","t":-5,"v":1},{"n":"b","t":{{said.ToUnixTimeSeconds()}},"v":2}]""");
        Assert.Equal([(Now.AddSeconds(-5), 0L), (Now, (long)ThreeDays.TotalSeconds)], (await ReadAsync()).Select(m => (m.Time, m.ClockOffsetS)));
    }

    [Fact]
    public async Task A_device_whose_clock_was_set_right_is_believed_from_its_next_status()
    {
        await StatusAsync(ThreeDays);
        await StatusAsync(TimeSpan.Zero);
        await TelemetryAsync(Now.AddSeconds(-1));
        Assert.Equal((Now.AddSeconds(-1), 0L), (await ReadAsync()).Select(m => (m.Time, m.ClockOffsetS)).Single());
        Assert.Equal(0, (await DeviceAsync()).Real("clockOffsetS"));
    }

    [Fact]
    public async Task Delay_makes_a_clock_look_slow_and_the_largest_offset_counts()
    {
        foreach (int seconds in new[] { -640, -603, -600, -611, -600 })
        {
            await StatusAsync(TimeSpan.FromSeconds(seconds));
        }

        Assert.Equal(-600, (await DeviceAsync()).Real("clockOffsetS"));
    }

    [Fact]
    public void Through_another_broker_a_slow_clock_counts_when_a_second_status_agrees()
    {
        DeviceClocks clocks = _host.Get<DeviceClocks>();
        foreach (int minutes in new[] { -60, -59, -58 })
        {
            Relay(clocks, TimeSpan.FromMinutes(minutes)); // three that waited in the broker, sent a minute apart
        }

        Assert.Equal(0, clocks.CorrectionS(Device));
        Relay(clocks, TimeSpan.FromDays(-3));
        Assert.Equal(0, clocks.CorrectionS(Device));
        _time.Advance(TimeSpan.FromMinutes(1));
        Relay(clocks, TimeSpan.FromDays(-3));
        Assert.Equal(-259_200, clocks.CorrectionS(Device));
        Relay(clocks, ThreeDays); // no delay makes a clock look fast
        Assert.Equal(259_200, clocks.CorrectionS(Device));
    }

    [Fact]
    public async Task Wills_repetitions_and_goodbyes_tell_no_time()
    {
        DeviceClocks clocks = _host.Get<DeviceClocks>();
        DateTimeOffset old = Now - ThreeDays;
        clocks.Observe(Device, Status(old, online: false), Message(), Now);
        clocks.Observe(Device, Status(old), Message() with { IsWill = true }, Now);
        clocks.Observe(Device, Status(old), Message() with { ReceivedAt = old }, Now);
        clocks.Observe(Device, Status(old), Message(duplicate: true), Now);
        Assert.Null(clocks.OffsetS(Device));
        await StatusAsync(TimeSpan.Zero);
        DeviceMessage<DeviceStatus> late = Status(old);
        clocks.Observe(Device, late with { Envelope = late.Envelope with { Sequence = 1 } }, Message(), Now);
        Assert.Equal(0, clocks.OffsetS(Device));
    }

    [Fact]
    public async Task A_future_time_without_a_known_offset_is_put_to_the_receipt_and_the_pack_keeps_its_spacing()
    {
        DateTimeOffset future = Now.AddDays(400);
        await SendAsync("telemetry", $$"""[{"n":"a","t":{{future.AddSeconds(-60).ToUnixTimeSeconds()}},"v":1},{"n":"b","t":{{future.ToUnixTimeSeconds()}},"v":2}]""");
        await EventAsync(future);
        Assert.Equal([(Now.AddSeconds(-60), 400 * 86_400L), (Now, 400 * 86_400L)], (await ReadAsync()).Select(m => (m.Time, m.ClockOffsetS)));
        Feature happened = (await _host.Stores.Features.FindAsync(FieldTables.Events, $"{Device}:{_sequence}", Cancel))!;
        Assert.Equal((Now, future), (happened.Time("time"), happened.Time("deviceTime")));
    }

    [Theory]
    [InlineData("""[{"n":"a","t":300000000,"v":1},{"n":"b","t":253402300799,"v":2}]""")]
    [InlineData("""[{"n":"a","t":253402300799,"v":1}]""")]
    [InlineData("""[{"n":"a","t":268435455,"v":1},{"n":"b","t":253402300000,"v":1}]""")]
    public async Task The_ends_of_time_are_stored_too(string pack)
    {
        await StatusAsync(TimeSpan.FromDays(2_000_000));
        await SendAsync("telemetry", pack);
        Assert.All(await ReadAsync(), m => Assert.InRange(m.Time, DateTimeOffset.UnixEpoch, Now.AddYears(9)));
    }

    [Fact]
    public async Task A_clock_that_never_was_set_gives_times_that_read_as_relative_and_are_put_to_the_receipt()
    {
        await StatusAsync(DateTimeOffset.UnixEpoch.AddHours(2) - Now);
        await SendAsync("telemetry", """[{"n":"a","t":7100,"v":1},{"n":"b","t":7200,"v":2}]""");
        Assert.Equal([Now.AddSeconds(-100), Now], (await ReadAsync()).Select(m => m.Time));
    }

    [Fact]
    public async Task A_correction_that_gives_a_future_time_is_not_made()
    {
        // Recorded with a right clock; then the device was reset to 1970 and connected.
        await StatusAsync(DateTimeOffset.UnixEpoch - Now);
        await TelemetryAsync(Now.AddDays(-10));
        Assert.Equal((Now.AddDays(-10), 0L), (await ReadAsync()).Select(m => (m.Time, m.ClockOffsetS)).Single());
    }

    [Fact]
    public async Task An_event_sent_again_after_the_offset_changed_is_the_same_event()
    {
        await StatusAsync(-ThreeDays);
        DateTimeOffset said = Now - ThreeDays;
        await EventAsync(said);
        long sequence = _sequence;
        await StatusAsync(TimeSpan.Zero);
        _sequence = sequence - 1;
        await EventAsync(said);
        Assert.Empty(await _host.LettersAsync());
        Assert.Equal(Now, (await _host.Stores.Features.FindAsync(FieldTables.Events, $"{Device}:{sequence}", Cancel))!.Time("time"));
    }

    [Fact]
    public async Task After_a_restart_the_first_message_is_corrected()
    {
        await StatusAsync(ThreeDays);
        await _host.DisposeAsync();
        _host = new IngestHost(_folder.Root, time: _time);
        await _host.Get<DeviceClocks>().StartAsync(Cancel);
        await TelemetryAsync(Now + ThreeDays);
        Assert.Equal(Now, Assert.Single(await ReadAsync()).Time);
    }

    [Fact]
    public async Task An_alarm_stands_while_the_clock_is_wrong()
    {
        AlarmDesk desk = _host.Get<AlarmDesk>();
        await desk.StartAsync(Cancel);
        await StatusAsync(ThreeDays);
        await Broker.BrokerSessionTests.Eventually(() => _host.Sink.Live("alarm").Count == 1);
        _time.Advance(TimeSpan.FromSeconds(1));
        await StatusAsync(TimeSpan.Zero);
        await Broker.BrokerSessionTests.Eventually(() => _host.Sink.Live("alarm").Count == 2);
        await desk.StopAsync(Cancel);
        JsonElement alarm = _host.Sink.Live("alarm")[^1].GetProperty("data").GetProperty("properties");
        Assert.Equal(("clock-skew", "cleared", 259_200), (alarm.GetProperty("rule").GetString(), alarm.GetProperty("state").GetString(), alarm.GetProperty("value").GetDouble()));
    }

    [Fact]
    public async Task A_photo_is_not_corrected_and_says_that_its_device_is_skewed()
    {
        await StatusAsync(ThreeDays);
        TestPhoto photo = new(1);
        await _host.SendAllAsync(photo, Device);
        Feature row = (await _host.PhotoAsync(photo.Id))!;
        Assert.Equal((photo.Manifest.CapturedAt, 259_200), (row.Time("capturedAt"), row.Real("clockOffsetS")));
    }

    private void Relay(DeviceClocks clocks, TimeSpan off) => clocks.Observe(Device, Status(Now + off), Message() with { IsRelayed = true }, Now);

    private DeviceMessage<DeviceStatus> Status(DateTimeOffset sent, bool online = true) => new(
        Envelope.FromDevice(IngestHost.Site, Device, EventTypes.DeviceStatus, null, sent, ++_sequence), new DeviceStatus(online));

    private static InboundPublish Message(bool duplicate = false) =>
        new("c", new MqttMessage(Topics.Status(IngestHost.Site, Device), Array.Empty<byte>(), 1) { Duplicate = duplicate }, IsWill: false);

    private async Task StatusAsync(TimeSpan off) => Assert.True((await _host.SendAsync(
        Topics.Status(IngestHost.Site, Device), new DeviceStatus(true, "sensor").Write(IngestHost.Site, Device, ++_sequence, Now + off))).IsAccepted);

    private Task TelemetryAsync(DateTimeOffset at) =>
        SendAsync("telemetry", string.Create(CultureInfo.InvariantCulture, $$"""[{"n":"level","t":{{at.ToUnixTimeSeconds()}},"v":1}]"""));

    private async Task EventAsync(DateTimeOffset at) => Assert.True((await _host.SendAsync(
        Topics.Event(IngestHost.Site, Device), new FieldEvent("seen", null, """{"kind":"seen"}""").Write(IngestHost.Site, Device, ++_sequence, at))).IsAccepted);

    private async Task SendAsync(string channel, string json) =>
        Assert.True((await _host.SendAsync($"field/v1/{IngestHost.Site}/{Device}/up/{channel}", Encoding.UTF8.GetBytes(json))).IsAccepted);

    private Task<IReadOnlyList<Measurement>> ReadAsync() =>
        _host.Stores.Telemetry.ReadAsync(new(IngestHost.Site, Device, null, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue), Cancel);

    private async Task<Feature> DeviceAsync() => (await _host.Stores.Features.FindAsync(FieldTables.Devices, Device, Cancel))!;

}
