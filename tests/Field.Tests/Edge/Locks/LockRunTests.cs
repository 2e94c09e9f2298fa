using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Field.Broker;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Locks;
using Field.EdgeAgent.View;
using Field.Mqtt;
using Field.Tests.Broker;
using Field.Tests.Store;

namespace Field.Tests.Edge.Locks;

/// <summary><c>field agent lock</c> from typed line to stored event, with Field's broker, with the simulated lock, with and without a network.</summary>
public sealed class LockRunTests : IDisposable
{
    private const string Pin = "904417";

    private readonly TempFolder _folder = new();
    private readonly LockSecret _secret = LockSecret.Generate();
    private readonly Typed _lines = new();
    private readonly ConcurrentQueue<string> _stored = new();
    private readonly StringWriter _output = new();
    private readonly RecordingLockView _view = new();

    public LockRunTests() => _secret.Save(_folder.Path("secret"));

    public void Dispose()
    {
        _output.Dispose();
        _lines.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lock_takes_its_bookings_works_without_a_network_and_tells_everything_afterwards()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DateTimeOffset start = new(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        LockOptions options;
        await using (TestBroker broker = await TestBroker.StartAsync(new Store(_stored)))
        {
            options = Options(broker.Tcp);
            using PinEntry entry = PinEntry.TryCreate(Pin)!;
            LockGrants list = new LockGrants(1, now, [new LockGrant("b-1", new Slot(start, start.AddHours(3)), null).WithPin(_secret, "aoba/lock-07", entry, PinHash.MinIterations)]).Sealed(_secret, "aoba/lock-07");
            await broker.Broker.PublishAsync(new MqttMessage(Topics.Grants("aoba", "lock-07"), list.Write("aoba", "lock-07"), 1, Retain: true), TestBroker.Token);
            await RunAsync(options, async () =>
            {
                await StoredAsync("lock-grants-taken");
                DeviceCommand open = new DeviceCommand("c-1", "lock.open", "点検のため", now, now.AddMinutes(5)).Sealed(_secret, "aoba/lock-07");
                await broker.Broker.PublishAsync(new MqttMessage(Topics.Command("aoba", "lock-07"), open.Write("aoba", "lock-07"), 1), TestBroker.Token);
                await StoredAsync("\"commandId\":\"c-1\",\"outcome\":\"done\"");
                _lines.Type("lock");
                await StoredAsync("\"lock-locked\",\"by\":\"manual\"");
                Assert.Contains(_stored, s => s.Contains("\"batteryPercent\":100", StringComparison.Ordinal) || s.Contains("\"state\":\"online\"", StringComparison.Ordinal));
            });
        }

        // No network: the broker is gone. The PIN opens, a wrong one does not.
        await RunAsync(options with { Broker = "mqtt://127.0.0.1:9" }, async () =>
        {
            _lines.Type("pin 111111");
            _lines.Type($"pin {Pin}");
            await BrokerSessionTests.Eventually(() => _view.Lines.Any(l => l.Contains("b-1", StringComparison.Ordinal)));
        });
        Assert.DoesNotContain(_stored, s => s.Contains("b-1", StringComparison.Ordinal));
        await using TestBroker again = await TestBroker.StartAsync(new Store(_stored));
        await RunAsync(options with { Broker = again.Tcp.ToString() }, async () =>
        {
            await StoredAsync("wrong-pin");
            await StoredAsync("\"lock-unlocked\",\"by\":\"grant\",\"grantId\":\"b-1\"");
        });
        AssertNowhere(Pin, Convert.ToHexStringLower(File.ReadAllBytes(_folder.Path("secret"))), File.ReadAllText(_folder.Path("secret")).Trim());
    }

    [Fact]
    public async Task Lock_without_a_secret_says_so_and_does_not_start()
    {
        LockOptions options = Options(new Uri("mqtt://127.0.0.1:9")) with { Secret = _folder.Path("absent") };
        Assert.Equal(ExitCodes.CannotStart, await NewRun(options).RunAsync(TestBroker.Token));
        Assert.Contains("enrol", Assert.Single(_view.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mqtt://user:word@host", "FIELD_Z2M_PASSWORD")]
    [InlineData("http://host", "--z2m")]
    public void Wrong_options_are_said_without_repeating_a_password(string z2m, string says)
    {
        LockOptions options = Options(new Uri("mqtt://localhost:1883")) with { Z2m = z2m, Policy = new LockPolicy { BatteryLowPercent = 95 } };
        IReadOnlyList<string> errors = options.Errors(Texts.For("en", _ => null));
        Assert.Equal(3, errors.Count); // the URL, the name of the lock, the policy
        Assert.Contains(says, errors[0], StringComparison.Ordinal);
        Assert.DoesNotContain("word@", string.Concat(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pin 1234", true)]
    [InlineData("open", true)]
    [InlineData("battery 12.5", true)]
    [InlineData("tamper on", true)]
    [InlineData("battery x", false)]
    [InlineData("1234", false)]
    [InlineData("tamper maybe", false)]
    [InlineData("", false)]
    public void Line_of_the_simulated_lock_means_something_or_nothing(string line, bool means) => Assert.Equal(means, SimulatedLock.Parse(line) is not null);

    private LockOptions Options(Uri broker) => new()
    {
        Broker = broker.ToString(),
        Site = "aoba",
        Device = "lock-07",
        Identity = _folder.Path("identity"),
        Secret = _folder.Path("secret"),
        Outbox = _folder.Path("outbox"),
    };

    private LockRun NewRun(LockOptions options) =>
        new(options, options.Links(), (_lines, _output), _view, Texts.For("ja", _ => null), TimeProvider.System);

    private async Task RunAsync(LockOptions options, Func<Task> meanwhile)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestBroker.Token);
        Task<int> run = NewRun(options).RunAsync(stop.Token);
        try
        {
            await meanwhile();
        }
        finally
        {
            await stop.CancelAsync();
        }

        Assert.Equal(ExitCodes.Ok, await run);
    }

    private Task StoredAsync(string part) => BrokerSessionTests.Eventually(() => _stored.Any(s => s.Contains(part, StringComparison.Ordinal)));

    private void AssertNowhere(params string[] secrets)
    {
        List<string> places = [.. _stored, .. _view.Lines, _output.ToString()];
        places.AddRange(Directory.EnumerateFiles(_folder.Path("outbox"), "*", SearchOption.AllDirectories).Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f))));
        Assert.True(places.Count > 10);
        Assert.All(places, p => Assert.All(secrets, s => Assert.DoesNotContain(s, p, StringComparison.Ordinal)));
    }

    /// <summary>Stores everything, and keeps the texts.</summary>
    private sealed class Store(ConcurrentQueue<string> stored) : IPublishInterceptor
    {
        public ValueTask<PublishVerdict> StoreAsync(InboundPublish message, CancellationToken cancellationToken)
        {
            stored.Enqueue(Encoding.UTF8.GetString(message.Message.Payload.Span));
            return ValueTask.FromResult(PublishVerdict.Accepted);
        }
    }

    /// <summary>
    /// Lines as somebody types them. As at a terminal, reading blocks the thread although the call is asynchronous. A reader that was
    /// cancelled leaves the lines for the next.
    /// </summary>
    private sealed class Typed : TextReader
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        public void Type(string line) => Assert.True(_lines.Writer.TryWrite(line));

        public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) =>
            new(_lines.Reader.ReadAsync(cancellationToken).AsTask().GetAwaiter().GetResult());
    }
}
