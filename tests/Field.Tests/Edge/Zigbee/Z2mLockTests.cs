using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Field.Contracts.Locks;
using Field.EdgeAgent.Adapters;
using Field.EdgeAgent.Locks;
using Field.EdgeAgent.Zigbee;
using Field.Mqtt;
using Field.Tests.Broker;
using Field.Tests.Edge.Locks;
using Field.Tests.Ingest;

namespace Field.Tests.Edge.Zigbee;

/// <summary>A whole lock behind a bridge, over a real broker: Mosquitto, which most bridges use, and Field's own.</summary>
public sealed class Z2mLockTests : IDisposable
{
    private const string Pin = "482913";

    private readonly LockBench _bench = new(codeUsers: [11, 12]);
    private readonly RecordingOutgoing _outgoing = new();
    private readonly RecordingLockView _view = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Lock_behind_mosquitto_is_followed_and_driven_and_no_PIN_leaves_the_gateway()
    {
        await using MosquittoServer broker = await MosquittoServer.StartAsync();
        await FollowAndDriveAsync(broker.Uri);
    }

    [Fact]
    public async Task Lock_behind_Fields_own_broker_is_followed_and_driven_and_no_PIN_leaves_the_gateway()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await FollowAndDriveAsync(broker.Tcp);
    }

    private async Task FollowAndDriveAsync(Uri server)
    {
        await using Bridge bridge = await Bridge.StartAsync(server);
        await bridge.SayAsync("front door", """{"lock_state":"locked","state":"LOCK","battery":64,"last_used_pincode":"482913"}""", retain: true);
        Slot slot = new(_bench.Now, _bench.Now.AddHours(2));
        string code = KeyBoxCode.Compute(LockBench.Identity.Secret, LockBench.Identity.LockId, slot);
        _bench.Give(1, LockBench.Grant("by-pin", _bench.Now, 2, Pin), new LockGrant("by-code", slot, null));

        MqttClientOptions options = new() { Server = server, ClientId = "gateway" };
        LocalBroker local = new(options, TimeProvider.System, _view.Hardware);
        AdapterFaults faults = new("zigbee2mqtt", (e, cancel) => _outgoing.EventAsync(e, _bench.Now, false, cancel), TimeProvider.System);
        Z2mLock hardware = new(new Z2mNames("zigbee2mqtt", "front door", ["keypad", "hall/contact"], [11, 12]), local, faults);
        using LockMetrics metrics = new();
        LockAgent agent = new(_bench.Controller, hardware, _outgoing, _view, metrics, _bench.Time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestBroker.Token);
        Task running = agent.RunAsync(stop.Token);
        await _outgoing.UntilAsync(o => o.Packs.Any(p => p.Any(m => m is { Name: "battery", Value: 64 })));

        // The slot's code goes into the lock by itself.
        _bench.Time.Advance(TimeSpan.FromSeconds(31));
        using JsonDocument set = JsonDocument.Parse(await bridge.NextSetAsync());
        JsonElement pin = set.RootElement.GetProperty("pin_code");
        Assert.Equal(
            (11, "unrestricted", true, code),
            (pin.GetProperty("user").GetInt32(), pin.GetProperty("user_type").GetString(), pin.GetProperty("user_enabled").GetBoolean(), pin.GetProperty("pin_code").GetString()));
        await bridge.SayAsync("front door", """{"action":"unlock","action_source_name":"keypad","action_user":11,"state":"LOCK","lock_state":"locked","last_used_pin_code":"CODE"}""".Replace("CODE", code, StringComparison.Ordinal));
        await UntilEventAsync("\"by\":\"grant\",\"grantId\":\"by-code\"");
        await bridge.SayAsync("front door", """{"action":"auto_lock","state":"LOCK","lock_state":"locked"}""");
        await UntilEventAsync("\"kind\":\"lock-locked\",\"by\":\"auto\"");

        // A PIN typed at a keypad beside the lock is checked here, and the bridge is told to unlock.
        await bridge.SayAsync("keypad", """{"action":"disarm","action_code":"111111","battery":12}""");
        await UntilEventAsync("wrong-pin");
        await bridge.SayAsync("keypad", """{"action":"disarm","action_code":"482913"}""");
        Assert.Equal("""{"state":"UNLOCK"}""", await bridge.NextSetAsync());
        await bridge.SayAsync("front door", """{"state":"UNLOCK","lock_state":"unlocked","battery":63}""");
        await UntilEventAsync("\"grantId\":\"by-pin\"");
        await bridge.SayAsync("hall/contact", """{"contact":true}""");
        await bridge.SayAsync("hall/contact", """{"contact":false,"battery":3}""");
        await UntilEventAsync("door-opened");

        // Remote opening.
        await bridge.SayAsync("front door", """{"state":"LOCK","lock_state":"locked","action":"manual_lock"}""");
        Task command = agent.CommandAsync(_bench.Command("c-1").Write("aoba", "lock-07"), TestBroker.Token);
        Assert.Equal("""{"state":"UNLOCK"}""", await bridge.NextSetAsync());
        await command;
        await bridge.SayAsync("front door", """{"state":"UNLOCK","lock_state":"unlocked","action":"unlock","action_source_name":"rf"}""");
        await UntilEventAsync("\"commandId\":\"c-1\",\"outcome\":\"done\"");

        // What cannot be used is counted and reported without being quoted; the adapter lives on.
        await bridge.SayAsync("front door", """{"last_used_pincode":"482913", oops""");
        await bridge.SayAsync("keypad", "\"482913\"");
        await UntilEventAsync("adapter-error");
        await bridge.SayAsync("front door/availability", """{"state":"offline"}""", retain: true);
        await UntilEventAsync("lock-unreachable");
        Assert.Equal(2, faults.Count);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        AssertNowhere(Pin, code);
    }

    /// <summary>Greps everything that leaves the adapter, is shown, or lies on the device's disk.</summary>
    private void AssertNowhere(params string[] secrets)
    {
        _bench.Memory.Dispose();
        List<string> places = [_outgoing.AllText, .. _view.Lines];
        places.AddRange(Directory.EnumerateFiles(_bench.Folder, "*", SearchOption.AllDirectories).Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f))));
        Assert.True(places.Count > 5);
        Assert.All(places, p => Assert.All(secrets, s => Assert.DoesNotContain(s, p, StringComparison.Ordinal)));
    }

    private Task UntilEventAsync(string part) => _outgoing.UntilAsync(o => o.Events.Any(e => e.PropertiesJson.Contains(part, StringComparison.Ordinal)));

    /// <summary>The bridge's side.</summary>
    private sealed class Bridge(MqttClient client, BlockingCollection<string> sets) : IAsyncDisposable
    {
        public static async Task<Bridge> StartAsync(Uri server)
        {
            BlockingCollection<string> sets = [];
            MqttClient client = await MqttClient.ConnectAsync(new MqttClientOptions { Server = server, ClientId = "bridge" }, TestBroker.Token);
            await client.SubscribeAsync("zigbee2mqtt/front door/set", 1, (m, cancel) =>
            {
                sets.Add(Encoding.UTF8.GetString(m.Payload.Span), cancel);
                return default;
            }, TestBroker.Token);
            return new Bridge(client, sets);
        }

        public Task SayAsync(string thing, string json, bool retain = false) =>
            client.PublishAsync(new MqttMessage($"zigbee2mqtt/{thing}", Encoding.UTF8.GetBytes(json), 1, retain), TestBroker.Token);

        public async Task<string> NextSetAsync()
        {
            string? set = null;
            await BrokerSessionTests.Eventually(() => sets.TryTake(out set));
            return set!;
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            sets.Dispose();
        }
    }
}
