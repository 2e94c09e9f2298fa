using System.Text;
using Field.Contracts;
using Field.EdgeAgent.Agents;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Sim;
using Field.EdgeAgent.Uplink;
using Field.EdgeAgent.View;
using Field.Tests.Broker;

namespace Field.Tests.Edge;

public sealed class SimTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("field-sim").FullName;
    private readonly StringWriter _errors = new();

    public void Dispose()
    {
        _errors.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void Example_of_the_help_is_a_script()
    {
        (SimScript? script, IReadOnlyList<string> errors) = SimScript.Parse(Encoding.UTF8.GetBytes(SimScript.Example));
        Assert.Empty(errors);
        Assert.Equal(25, script!.Groups.Sum(g => g.Count));
        Assert.Equal(TimeSpan.FromSeconds(20), script.Groups[0].Outages[0].Length);
    }

    [Fact]
    public void Script_and_list_say_everything_that_is_wrong_at_once()
    {
        Assert.Equal(2, SimScript.FromList("robot:1,sensor:0,lock:2", 1, 1, 1, TimeSpan.Zero).Errors.Count);
        IReadOnlyList<string> errors = SimScript.Parse("""{ "devices": [ { "kind": "robot", "count": 0, "events": [ { "kind": "Door Opened" } ] } ] }"""u8.ToArray()).Errors;
        Assert.Equal(["/devices/0/kind", "/devices/0/count", "/devices/0/events/0/kind"], errors.Select(e => e.Split(':')[0]));
    }

    [Theory]
    [InlineData("30d", 2_592_000)]
    [InlineData("1.5h", 5400)]
    [InlineData("90", 90)]
    [InlineData("soon", null)]
    [InlineData("999d", null)]
    public void Time_is_read(string text, int? seconds) => Assert.Equal(seconds, (int?)SimCommand.ParseTime(text)?.TotalSeconds);

    [Fact]
    public async Task Devices_of_each_kind_store_the_same_samples_and_events_each_time()
    {
        IReadOnlyList<string> first = await RunAsync("a");
        IReadOnlyList<string> second = await RunAsync("b");
        Assert.NotEmpty(first);
        Assert.Equal(first, second);
        foreach (string kind in (string[])["drone", "lock", "tablet", "sensor"])
        {
            Assert.Contains(first, f => f.Contains($"sim-{kind}-2", StringComparison.Ordinal));
        }

        Assert.Contains(first, f => f.Contains("door-opened", StringComparison.Ordinal));
        Assert.Contains(first, f => f.Contains("report", StringComparison.Ordinal));
        Assert.Empty(_errors.ToString());
    }

    [Fact]
    public async Task Outbox_filled_with_days_offline_is_drained_in_packs()
    {
        SimOptions fill = new(Path.Combine(_root, "o"), TimeSpan.FromDays(1), TimeSpan.FromSeconds(10), Photos: 0, PhotoBytes: 1, Offline: true);
        SimScript script = SimScript.FromList("sensor:1", 0, 0, 1, TimeSpan.Zero).Script!;
        FakeServer server = new();
        FakeLinks links = new(server) { Device = "sim-sensor-1" };
        Assert.Equal(ExitCodes.Ok, await RunAsync(fill, script, links));
        Assert.Empty(server.Messages);
        Assert.Equal(ExitCodes.Ok, await RunAsync(fill with { Fill = TimeSpan.Zero, Offline = false }, script, links));
        Assert.Equal(8640, server.Messages.Sum(m => SenMLPack.Parse(Encoding.UTF8.GetBytes(m), DateTimeOffset.UnixEpoch).Value!.Measurements.Count));
        Assert.Equal(9, server.Messages.Count);
    }

    private async Task<IReadOnlyList<string>> RunAsync(string folder)
    {
        SimScript script = SimScript.FromList("drone:2,lock:2,tablet:2,sensor:2", 50, 1200, 5, TimeSpan.FromSeconds(0.3)).Script!;
        CollectingStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(store, o => o.AcknowledgesDurably = true);
        SimOptions options = new(Path.Combine(_root, folder), TimeSpan.Zero, TimeSpan.FromSeconds(10), 0, 1, Offline: false);
        Assert.Equal(ExitCodes.Ok, await RunAsync(options, script, new MqttLinkFactory(broker.Tcp)));
        return store.Contents();
    }

    private Task<int> RunAsync(SimOptions options, SimScript script, ILinkFactory links)
    {
        AgentView view = new(new Texts(false), TextWriter.Null, _errors, isInteractive: false, TimeProvider.System);
        SimRun run = new(new AgentOptions("sim") { Site = "aoba", Outbox = options.Root }, options, script, _ => links, view, TimeProvider.System);
        return run.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What arrived, without what depends on when: times and sequences.</summary>
    private sealed class CollectingStore : Field.Broker.IPublishInterceptor
    {
        private readonly Lock _gate = new();
        private readonly List<string> _contents = [];

        public ValueTask<Field.Broker.PublishVerdict> StoreAsync(Field.Broker.InboundPublish message, CancellationToken cancellationToken)
        {
            Assert.Null(Topics.TryParseUp(message.Message.Topic, out UpTopic? topic));
            lock (_gate)
            {
                if (topic!.Channel == UpChannel.Telemetry)
                {
                    Parsed<SenMLPack> pack = SenMLPack.Parse(message.Message.Payload, DateTimeOffset.UnixEpoch);
                    Assert.Empty(pack.Errors);
                    _contents.AddRange(pack.Value!.Measurements.Select(m => FormattableString.Invariant($"{m.Name} {m.Value}")));
                }
                else if (topic.Channel == UpChannel.Event)
                {
                    Parsed<DeviceMessage<FieldEvent>> e = FieldEvent.Parse(message.Message.Payload, topic);
                    Assert.Empty(e.Errors);
                    _contents.Add($"{topic.Device} {e.Value!.Body.Kind}");
                }
            }

            return ValueTask.FromResult(Field.Broker.PublishVerdict.Accepted);
        }

        public IReadOnlyList<string> Contents()
        {
            lock (_gate)
            {
                return [.. _contents.Order(StringComparer.Ordinal)];
            }
        }
    }
}
