using System.Collections.Concurrent;
using System.Text;
using Field.Contracts;
using Field.EdgeAgent.Adapters;
using Field.EdgeAgent.Commands;
using Field.EdgeAgent.Dji;
using Field.EdgeAgent.Outbox;
using Field.Mqtt;
using Field.Tests.Broker;
using Field.Tests.Edge.Locks;
using Field.Tests.Store;

namespace Field.Tests.Edge.Dji;

/// <summary>The adapter between a recorded DJI broker and recorded outboxes; messages of tests/golden/dji, after DJI's documentation.</summary>
internal sealed class DjiBench : IDisposable
{
    public const string Gateway = "4TADL210010014";
    public const string Sn = "1581F5BKD225D00BP891";

    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<MqttMessage> _published = new();
    private readonly DjiMetrics _metrics = new();
    private CommandMemory _memory;

    public DjiBench(DjiCloud? cloud = null)
    {
        Faults = new AdapterFaults("dji", (e, cancel) => Own.EventAsync(e, Time.GetUtcNow(), false, cancel), Time);
        Rejected = new RejectedMessages(_folder.Path("rejected"), Time);
        Fleet = new DjiFleet(new Dictionary<string, IAircraft> { [Sn] = Drone }, Faults, Time);
        Services = new DjiServices(Fleet, PublishAsync, Time);
        DjiRequests requests = new(cloud ?? new DjiCloud("aoba", "dji-01"), new Dictionary<string, string> { [Sn] = "drone-01" }, _metrics);
        Adapter = new DjiAdapter(new DjiParts(Fleet, new DjiEvents(Fleet, Own, _metrics, Time), requests, Services), PublishAsync, Faults, Rejected, Time);
        _memory = CommandMemory.Open(_folder.Path("drone-01"));
        Commands = NewCommands();
    }

    public static string Folder { get; } = Path.Combine(SharedData.RepositoryRoot(), "tests", "golden", "dji");

    public ManualTime Time { get; } = new();

    public RecordingOutgoing Own { get; } = new();

    public FakeAircraft Drone { get; } = new();

    public AdapterFaults Faults { get; }

    public RejectedMessages Rejected { get; }

    public DjiFleet Fleet { get; }

    public DjiServices Services { get; }

    public DjiAdapter Adapter { get; }

    public DjiCommands Commands { get; private set; }

    public CommandMemory Memory => _memory;

    public string RejectedFolder => _folder.Path("rejected");

    public string MemoryFile => Path.Combine(_folder.Path("drone-01"), "command-memory");

    /// <summary>What happens when the adapter publishes, beside being recorded.</summary>
    public Func<MqttMessage, CancellationToken, Task> OnPublish { get; set; } = (_, _) => Task.CompletedTask;

    public IReadOnlyList<MqttMessage> Published => [.. _published];

    public IReadOnlyList<MqttMessage> Called => [.. _published.Where(m => m.Topic.EndsWith("/services", StringComparison.Ordinal))];

    public string[] Letters => Directory.Exists(RejectedFolder) ? [.. Directory.EnumerateFiles(RejectedFolder).Order().Select(File.ReadAllText)] : [];

    public static string Golden(string name)
    {
        string path = Path.Combine(Folder, $"{name}.json");
        Assert.True(File.Exists(path), $"golden missing: {name}");
        return File.ReadAllText(path);
    }

    public static string Text(MqttMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    public Task HearAsync(string topic, string message) =>
        Adapter.HearAsync(new MqttMessage(topic, Encoding.UTF8.GetBytes(message)), TestBroker.Token).AsTask();

    /// <summary>The aircraft flies below the gateway.</summary>
    public Task ConnectAsync(string gateway = Gateway) => HearAsync(
        $"sys/product/{gateway}/status",
        $$$"""{"tid":"t-0","bid":"b-0","method":"update_topo","timestamp":1778457600000,"data":{"sub_devices":[{"sn":"{{{Sn}}}"}]}}""");

    public DeviceCommand Command(string id, string name = DjiCommands.ReturnHome, int seconds = 60) =>
        new(id, name, "強風のため", Time.GetUtcNow(), Time.GetUtcNow().AddSeconds(seconds));

    public Task SendAsync(DeviceCommand command) => Commands.TakeAsync(command.Write("aoba", "drone-01"), TestBroker.Token).AsTask();

    /// <summary>The agent is killed and starts again.</summary>
    public void Restart()
    {
        _memory.Dispose();
        _memory = CommandMemory.Open(_folder.Path("drone-01"));
        Commands = NewCommands();
    }

    /// <summary>The agent works while the test goes on.</summary>
    public async Task WhileRunningAsync(Func<Task> meanwhile)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestBroker.Token);
        Task running = Commands.RunAsync(stop.Token);
        await meanwhile();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    /// <summary>The answers so far, as <c>id Outcome detail</c>.</summary>
    public string[] Answers() =>
        [.. Drone.Recorded.Events.Select(CommandResult.From).OfType<CommandResult>().Select(r => $"{r.CommandId} {r.Outcome} {r.Detail}".TrimEnd())];

    public Task AnsweredAsync(int count) => Drone.Recorded.UntilAsync(o => o.Kinds.Count(k => k == CommandResult.Kind) == count);

    public void Dispose()
    {
        Adapter.Dispose();
        _memory.Dispose();
        _metrics.Dispose();
        _folder.Dispose();
    }

    private DjiCommands NewCommands() => new(new DjiCommanded("aoba", "drone-01", Sn), _memory.Begun, Services, Drone.Recorded, (_, _) => { }, Time);

    private Task PublishAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        _published.Enqueue(message);
        return OnPublish(message, cancellationToken);
    }

    internal sealed class FakeAircraft : IAircraft
    {
        public RecordingOutgoing Recorded { get; } = new();

        public List<string> States { get; } = [];

        public IOutgoing Outgoing => Recorded;

        public Task SetOnlineAsync(bool online, string? firmware, CancellationToken cancellationToken)
        {
            States.Add($"{(online ? "online" : "offline")} {firmware}");
            return Task.CompletedTask;
        }
    }
}
