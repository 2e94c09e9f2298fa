using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Field.Broker;
using Field.Contracts;
using Field.EdgeAgent.Dji;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.View;
using Field.Mqtt;
using Field.Tests.Broker;
using Field.Tests.Ingest;
using Field.Tests.Store;

namespace Field.Tests.Edge.Dji;

/// <summary><c>field agent dji</c> between Field's broker and Mosquitto, where a dock publishes.</summary>
public sealed class DjiRunTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _stored = new();
    private readonly Lines _output = new();

    public void Dispose()
    {
        _output.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Dock_gets_its_answers_its_events_are_stored_and_its_aircraft_is_called_home()
    {
        await using MosquittoServer local = await MosquittoServer.StartAsync();
        await using TestBroker server = await TestBroker.StartAsync(new Store(_stored));
        ConcurrentQueue<string> heard = new();
        MqttClient? dock = null;
        await using MqttClient connected = dock = await local.ConnectAsync(
            "dock", new MqttSubscription($"thing/product/{DjiBench.Gateway}/+", 1, async (m, cancel) =>
            {
                string text = Encoding.UTF8.GetString(m.Payload.Span);
                heard.Enqueue($"{m.Topic.Split('/')[^1]} {text}");
                if (m.Topic.EndsWith("/services", StringComparison.Ordinal))
                {
                    string reply = DjiBench.Golden("services_reply-return_home")
                        .Replace("\"t-1\"", $"\"{JsonNode.Parse(text)!["tid"]}\"", StringComparison.Ordinal)
                        .Replace("cmd-2026-0511-000002", "c-1", StringComparison.Ordinal);
                    await PublishAsync(dock!, "services_reply", reply, cancel);
                }
            }));
        DjiOptions options = new()
        {
            Broker = server.Tcp.ToString(),
            Site = "aoba",
            Device = "dji-01",
            Identity = _folder.Path("identity"),
            Outbox = _folder.Path("outbox"),
            DjiBroker = local.Uri.ToString(),
            Aircraft = [$"{DjiBench.Sn}=drone-01"],
            Ntp = "ntp.nict.jp",
        };
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestBroker.Token);
        Task<int> run = new DjiRun(options, o => o.Links(), _output, Texts.For("en", _ => null), TimeProvider.System).RunAsync(stop.Token);
        await BrokerSessionTests.Eventually(() => _output.All.Contains("Connected to DJI's broker."));

        await PublishAsync(connected, "requests", DjiBench.Golden("requests-config"), TestBroker.Token);
        await BrokerSessionTests.Eventually(() => heard.Any(h => h.StartsWith("requests_reply", StringComparison.Ordinal) && h.Contains("ntp.nict.jp", StringComparison.Ordinal)));
        await connected.PublishAsync(new MqttMessage($"thing/product/{DjiBench.Sn}/osd", Encoding.UTF8.GetBytes($$$"""{"gateway":"{{{DjiBench.Gateway}}}","data":{}}"""), 1), TestBroker.Token);
        await StoredAsync("drone-01/up/status", "\"online\"");
        await PublishAsync(connected, "events", DjiBench.Golden("events-return_home_info"), TestBroker.Token);
        await StoredAsync("drone-01/up/event", "drone-return-home");
        await BrokerSessionTests.Eventually(() => heard.Any(h => h.StartsWith("events_reply", StringComparison.Ordinal)));

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        byte[] command = new DeviceCommand("c-1", DjiCommands.ReturnHome, "強風のため", now, now.AddMinutes(1)).Write("aoba", "drone-01");
        await server.Broker.PublishAsync(new MqttMessage(Topics.Command("aoba", "drone-01"), command, 1), TestBroker.Token);
        await StoredAsync("drone-01/up/event", "\"commandId\":\"c-1\",\"outcome\":\"done\"");
        await BrokerSessionTests.Eventually(() => _output.All.Contains("drone-01: drone.return-home (強風のため): Done"));
        await server.Broker.PublishAsync(new MqttMessage(Topics.Command("aoba", "drone-01"), command, 1), TestBroker.Token); // replayed
        await StoredAsync("drone-01/up/event", "\"commandId\":\"c-1\",\"outcome\":\"refused\",\"detail\":\"duplicate\"");
        Assert.Single(heard, h => h.StartsWith("services ", StringComparison.Ordinal));
        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Ok, await run);
    }

    private static Task PublishAsync(MqttClient dock, string channel, string message, CancellationToken cancellationToken) => dock.PublishAsync(
        new MqttMessage($"thing/product/{DjiBench.Gateway}/{channel}", Encoding.UTF8.GetBytes(message), channel == "services_reply" ? 0 : 1), cancellationToken);

    private Task StoredAsync(string topic, string part) =>
        BrokerSessionTests.Eventually(() => _stored.Any(s => s.Contains(topic, StringComparison.Ordinal) && s.Contains(part, StringComparison.Ordinal)));

    private sealed class Lines : TextWriter
    {
        private readonly ConcurrentQueue<string> _all = new();

        public IReadOnlyCollection<string> All => _all;

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value) => _all.Enqueue(value ?? "");
    }

    /// <summary>Stores everything, and keeps the texts.</summary>
    private sealed class Store(ConcurrentQueue<string> stored) : IPublishInterceptor
    {
        public ValueTask<PublishVerdict> StoreAsync(InboundPublish message, CancellationToken cancellationToken)
        {
            stored.Enqueue($"{message.Message.Topic} {Encoding.UTF8.GetString(message.Message.Payload.Span)}");
            return ValueTask.FromResult(PublishVerdict.Accepted);
        }
    }
}
