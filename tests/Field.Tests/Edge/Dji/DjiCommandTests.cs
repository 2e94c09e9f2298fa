using System.Text;
using System.Text.Json.Nodes;
using Field.Contracts;
using Field.EdgeAgent.Commands;
using Field.EdgeAgent.Dji;
using Field.Mqtt;
using Field.Tests.Broker;
using Field.Tests.Edge.Locks;

namespace Field.Tests.Edge.Dji;

/// <summary>Commands of the headquarters: home, once, in time; nothing else.</summary>
public sealed class DjiCommandTests : IDisposable
{
    private const string Replies = $"thing/product/{DjiBench.Gateway}/services_reply";

    private readonly DjiBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Return_home_is_called_on_the_gateway_as_its_golden_says_and_answered_when_the_aircraft_took_it()
    {
        byte[] command = Encoding.UTF8.GetBytes(DjiBench.Golden("command-return-home"));
        Assert.Equal(DjiBench.Golden("command-return-home"), Encoding.UTF8.GetString(_bench.Command("cmd-2026-0511-000002").Write("aoba", "drone-01")));
        await _bench.ConnectAsync();
        await _bench.WhileRunningAsync(async () =>
        {
            await _bench.Commands.TakeAsync(command, TestBroker.Token);
            MqttMessage call = await CalledAsync(1);
            Assert.Equal(DjiBench.Golden("services-return_home"), DjiBench.Text(call).Replace(Tid(call), "t-1", StringComparison.Ordinal));
            Assert.Equal(($"thing/product/{DjiBench.Gateway}/services", 0, 30u), (call.Topic, call.Qos, call.Properties!.ExpirySeconds));
            Assert.Empty(_bench.Answers());
            await ReplyAsync(call, "services_reply-return_home");
            await _bench.AnsweredAsync(1);
        });
        Assert.Equal(["cmd-2026-0511-000002 Done"], _bench.Answers());
    }

    [Theory]
    [InlineData("""{"result":316026}""", "Failed dji-result-316026")]
    [InlineData("""{"result":0,"output":{"status":"rejected"}}""", "Failed dji-status-rejected")]
    [InlineData("""{"result":0}""", "Done")]
    [InlineData("""{"result":0,"output":{"status":"ok"}}""", "Done")]
    public async Task Answer_of_the_aircraft_is_the_answer(string data, string answer)
    {
        await _bench.ConnectAsync();
        await _bench.WhileRunningAsync(async () =>
        {
            await _bench.SendAsync(_bench.Command("c-1", DjiCommands.ReturnHomeCancel));
            MqttMessage call = await CalledAsync(1);
            Assert.Contains("\"method\":\"return_home_cancel\"", DjiBench.Text(call), StringComparison.Ordinal);
            await _bench.HearAsync(Replies, $$"""{"tid":"{{Tid(call)}}","bid":"c-1","method":"return_home_cancel","data":{{data}}}""");
            await _bench.AnsweredAsync(1);
        });
        Assert.Equal([$"c-1 {answer}"], _bench.Answers());
    }

    [Fact]
    public async Task Silence_of_the_gateway_is_answered_as_failed_and_a_late_reply_changes_nothing()
    {
        await _bench.ConnectAsync();
        await _bench.WhileRunningAsync(async () =>
        {
            await _bench.SendAsync(_bench.Command("c-1"));
            MqttMessage call = await CalledAsync(1);
            await ElapseAsync(DjiServices.AnswerWithin, () => _bench.Answers().Length == 1);
            await ReplyAsync(call, "services_reply-return_home");
        });
        Assert.Equal(["c-1 Failed no-answer"], _bench.Answers());
    }

    [Fact]
    public async Task Reply_to_another_call_or_of_another_gateway_is_no_answer()
    {
        await _bench.ConnectAsync();
        await _bench.WhileRunningAsync(async () =>
        {
            await _bench.SendAsync(_bench.Command("c-1"));
            MqttMessage call = await CalledAsync(1);
            string good = $$$"""{"tid":"{{{Tid(call)}}}","bid":"c-1","method":"return_home","data":{"result":0}}""";
            await _bench.HearAsync("thing/product/OTHERDOCK/services_reply", good);
            await _bench.HearAsync(Replies, good.Replace(Tid(call), "t-9", StringComparison.Ordinal));
            await _bench.HearAsync(Replies, good.Replace("c-1", "c-2", StringComparison.Ordinal));
            await _bench.HearAsync(Replies, good.Replace("return_home", "return_home_cancel", StringComparison.Ordinal));
            Assert.Equal(0, _bench.Faults.Count);
            await _bench.HearAsync(Replies, good.Replace("0}", "\"0\"}", StringComparison.Ordinal)); // no reply at all
            Assert.Equal(1, _bench.Faults.Count);
            await ElapseAsync(DjiServices.AnswerWithin, () => _bench.Answers().Length == 1);
        });
        Assert.Equal(["c-1 Failed no-answer"], _bench.Answers());
    }

    [Fact]
    public async Task Command_repeated_by_the_line_or_a_replay_is_called_once_also_after_a_restart()
    {
        DeviceCommand command = _bench.Command("c-1", seconds: 3600);
        await _bench.ConnectAsync();
        await _bench.WhileRunningAsync(async () =>
        {
            await _bench.SendAsync(command);
            MqttMessage call = await CalledAsync(1);
            await _bench.SendAsync(command); // its answer comes; this one must not come before it
            Assert.Empty(_bench.Answers());
            await _bench.HearAsync(Replies, $$$"""{"tid":"{{{Tid(call)}}}","bid":"c-1","method":"return_home","data":{"result":0}}""");
            await _bench.AnsweredAsync(1);
            await BrokerSessionTests.Eventually(() => _bench.Memory.Begun.Interrupted.Count == 0);
            await _bench.SendAsync(command);
        });
        _bench.Restart();
        await _bench.WhileRunningAsync(() => _bench.SendAsync(command));
        Assert.Equal(["c-1 Done", "c-1 Refused duplicate", "c-1 Refused duplicate"], _bench.Answers());
        Assert.Single(_bench.Called);
    }

    [Fact]
    public async Task Command_cut_off_by_a_crash_is_answered_and_never_called_again()
    {
        DeviceCommand command = _bench.Command("c-1");
        await _bench.ConnectAsync();
        await _bench.SendAsync(command); // killed before it was called
        _bench.Restart();
        await _bench.WhileRunningAsync(async () =>
        {
            await _bench.AnsweredAsync(1);
            await BrokerSessionTests.Eventually(() => _bench.Memory.Begun.Interrupted.Count == 0);
            await _bench.SendAsync(command);
        });
        Assert.Equal(["c-1 Failed interrupted", "c-1 Refused duplicate"], _bench.Answers());
        Assert.Empty(_bench.Called);
    }

    [Fact]
    public async Task Answer_that_the_outbox_could_not_keep_is_given_after_the_restart()
    {
        await _bench.SendAsync(_bench.Command("c-1"));
        _bench.Drone.Recorded.IsFull = true;
        await _bench.WhileRunningAsync(() => Task.CompletedTask);
        _bench.Drone.Recorded.IsFull = false;
        _bench.Restart();
        await _bench.WhileRunningAsync(() => _bench.AnsweredAsync(1));
        Assert.Equal(["c-1 Failed interrupted"], _bench.Answers());
    }

    [Fact]
    public async Task Expired_command_is_not_called_also_when_it_expired_while_it_waited_to_be_sent()
    {
        await _bench.ConnectAsync();
        DeviceCommand late = _bench.Command("c-1", seconds: 10);
        _bench.Time.Advance(TimeSpan.FromSeconds(10));
        await _bench.SendAsync(late);
        Assert.Equal(["c-1 Expired"], _bench.Answers());
        await _bench.SendAsync(_bench.Command("c-2", seconds: 10)); // taken, but the agent hangs
        _bench.Time.Advance(TimeSpan.FromSeconds(10));
        await _bench.WhileRunningAsync(() => _bench.AnsweredAsync(2));
        Assert.Equal(["c-1 Expired", "c-2 Expired"], _bench.Answers());
        Assert.Empty(_bench.Called);
    }

    [Fact]
    public async Task Call_that_waits_for_a_connection_is_given_up_when_the_command_expires()
    {
        await _bench.ConnectAsync();
        bool isGivenUp = false;
        _bench.OnPublish = async (_, cancel) =>
        {
            using CancellationTokenRegistration noted = cancel.Register(() => isGivenUp = true);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        };
        await _bench.WhileRunningAsync(async () =>
        {
            await _bench.SendAsync(_bench.Command("c-1", seconds: 10));
            await CalledAsync(1);
            await ElapseAsync(TimeSpan.FromSeconds(10), () => _bench.Answers().Length == 1);
        });
        Assert.Equal(["c-1 Failed not-sent"], _bench.Answers());
        Assert.True(isGivenUp);
    }

    [Fact]
    public async Task Call_that_cannot_be_sent_is_answered_as_failed()
    {
        await _bench.ConnectAsync();
        _bench.OnPublish = (_, _) => throw new FieldException("the local broker is not connected", isTransient: true);
        await _bench.WhileRunningAsync(async () =>
        {
            await _bench.SendAsync(_bench.Command("c-1"));
            await _bench.AnsweredAsync(1);
        });
        Assert.Equal(["c-1 Failed not-sent"], _bench.Answers());
    }

    [Fact]
    public async Task Aircraft_that_is_not_there_is_said_so_and_not_called_when_the_line_repeats_the_command()
    {
        DeviceCommand command = _bench.Command("c-1");
        await _bench.ConnectAsync();
        _bench.Time.Advance(DjiFleet.SilentAfter - TimeSpan.FromSeconds(1));
        DeviceCommand other = _bench.Command("c-2");
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await _bench.Adapter.TickAsync(TestBroker.Token);
        Assert.Null(_bench.Fleet.GatewayOf(DjiBench.Sn));
        await _bench.WhileRunningAsync(async () =>
        {
            await _bench.SendAsync(other);
            await _bench.AnsweredAsync(1);
            await BrokerSessionTests.Eventually(() => _bench.Memory.Begun.Interrupted.Count == 0);
            await _bench.ConnectAsync();
            await _bench.SendAsync(other);
            await _bench.SendAsync(command);
        });
        Assert.Equal(["c-2 Refused not-connected", "c-2 Refused duplicate", "c-1 Expired"], _bench.Answers());
        Assert.Empty(_bench.Called);
    }

    [Theory]
    [InlineData("drone.takeoff")]
    [InlineData("lock.open")]
    public async Task Other_command_is_refused(string name)
    {
        await _bench.ConnectAsync();
        await _bench.SendAsync(_bench.Command("c-1", name));
        Assert.Equal(["c-1 Refused unknown-command"], _bench.Answers());
        Assert.Empty(_bench.Called);
    }

    [Fact]
    public async Task Agents_own_device_flies_nowhere_and_a_command_without_a_reason_is_malformed()
    {
        RecordingOutgoing own = new();
        DjiCommands commands = new(new DjiCommanded("aoba", "dji-01", Sn: null), _bench.Memory.Begun, _bench.Services, own, (_, _) => { }, _bench.Time);
        await commands.TakeAsync(_bench.Command("c-1").Write("aoba", "dji-01"), TestBroker.Token);
        await commands.TakeAsync((_bench.Command("c-2") with { Reason = " " }).Write("aoba", "dji-01"), TestBroker.Token);
        await commands.TakeAsync(_bench.Command("c-3").Write("aoba", "drone-01"), TestBroker.Token);
        Assert.Equal(
            ["refused unknown-command", "refused malformed: missing /data/reason", "refused malformed: mismatch /subject"],
            own.Events.Select(e => JsonNode.Parse(e.PropertiesJson)!).Select(p => $"{p["outcome"]} {p["detail"]}"));
    }

    [Fact]
    public void Memory_stays_small_through_thousands_of_commands_and_keeps_everything_before_a_tear()
    {
        const int Commands = 1600; // two records each: past the size that is worth compacting
        BegunCommands begun = _bench.Memory.Begun;
        long largest = 0;
        for (int i = 0; i < Commands; i++)
        {
            DeviceCommand command = _bench.Command($"c-{i}", seconds: 1);
            Assert.True(begun.TryBegin(command, _bench.Time.GetUtcNow()));
            begun.SetAnswered(command.Id);
            largest = Math.Max(largest, new FileInfo(_bench.MemoryFile).Length);
            _bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        begun.TryBegin(_bench.Command("open"), _bench.Time.GetUtcNow());
        Assert.InRange(new FileInfo(_bench.MemoryFile).Length, 1, largest - 1);
        _bench.Memory.Dispose();
        using (FileStream file = new(_bench.MemoryFile, FileMode.Append))
        {
            file.Write([9, 0, 0, 0, 1, 2, 3]);
        }

        _bench.Restart();
        Assert.Equal(["open"], _bench.Memory.Begun.Interrupted);
        Assert.True(_bench.Memory.Begun.Knows($"c-{Commands - 1}"));
        Assert.InRange(_bench.Memory.Begun.Count, 1, BegunCommands.MaxCommands);
    }

    private static string Tid(MqttMessage call) => JsonNode.Parse(DjiBench.Text(call))!["tid"]!.GetValue<string>();

    private async Task<MqttMessage> CalledAsync(int count)
    {
        await BrokerSessionTests.Eventually(() => _bench.Called.Count == count);
        return _bench.Called[^1];
    }

    private Task ReplyAsync(MqttMessage call, string golden) =>
        _bench.HearAsync(Replies, DjiBench.Golden(golden).Replace("\"t-1\"", $"\"{Tid(call)}\"", StringComparison.Ordinal));

    /// <summary>Lets the time pass that somebody waits for.</summary>
    private async Task ElapseAsync(TimeSpan time, Func<bool> holds)
    {
        await _bench.Time.TimerDueInAsync(time, TestBroker.Token);
        _bench.Time.Advance(time);
        await BrokerSessionTests.Eventually(holds);
    }
}
