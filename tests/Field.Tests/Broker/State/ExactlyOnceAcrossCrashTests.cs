using System.Collections.Concurrent;
using Field.Broker;
using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Tests.Broker.State;

/// <summary>
/// QoS 2 through a crash at every step of both exchanges (MQTT 5.0 §4.3.3). A crash is a copy of the files after a packet was seen; both
/// clients keep what a client must keep and go on with the next broker.
/// </summary>
public sealed class ExactlyOnceAcrossCrashTests : IDisposable
{
    private readonly StateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Steps =>
    [
        "before PUBLISH", "after PUBLISH", "after PUBREC", "after PUBREL", "after PUBCOMP",
        "delivered", "before the subscriber's PUBREC", "after PUBREL to the subscriber", "after the subscriber's PUBCOMP",
    ];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Message_crosses_the_broker_exactly_once_wherever_it_crashes(string crash)
    {
        StateFolder current = _folder;
        TestBroker broker = await current.StartAsync();
        List<TestBroker> dead = [];
        Publisher publisher = new();
        Subscriber subscriber = new();
        try
        {
            await subscriber.ConnectAsync(broker);
            await subscriber.Client.SubscribeAsync("t", 2);
            await publisher.ConnectAsync(broker);
            async Task StepAsync(string name)
            {
                if (name == crash)
                {
                    current = current.Image();
                    dead.Add(broker);
                    broker = await current.StartAsync();
                    await publisher.ConnectAsync(broker);
                    await subscriber.ConnectAsync(broker);
                }
            }

            await StepAsync("before PUBLISH");
            await publisher.SendAsync("first");
            await StepAsync("after PUBLISH");
            await publisher.ReceivedAsync();
            await StepAsync("after PUBREC");
            await publisher.ReleaseAsync();
            await StepAsync("after PUBREL");
            await publisher.CompletedAsync();
            await StepAsync("after PUBCOMP");
            await publisher.SendAsync("second"); // under the same identifier: never taken for a repetition of the first
            await publisher.ReceivedAsync();
            await publisher.ReleaseAsync();
            await publisher.CompletedAsync();
            await subscriber.DeliveredAsync();
            await StepAsync("delivered");
            await StepAsync("before the subscriber's PUBREC");
            await subscriber.ReceiveAsync();
            await StepAsync("after PUBREL to the subscriber");
            await subscriber.CompleteAsync();
            await StepAsync("after the subscriber's PUBCOMP");
            await subscriber.FinishAsync();
            Assert.Equal(["first", "second"], subscriber.Application);
        }
        finally
        {
            dead.Add(broker);
            foreach (TestBroker one in dead)
            {
                await one.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Identifier_awaiting_pubrel_survives_and_its_repetition_is_not_stored_again()
    {
        CountingStore store = new();
        await using TestBroker first = await _folder.StartAsync(interceptor: store);
        await using RawClient publisher = await first.RawAsync(StateFolder.Keeping("p"));
        await publisher.SendAsync(Packet("x", duplicate: false));
        Assert.Equal(PacketType.PubRec, (await publisher.ReadAsync<AckPacket>()).Type);

        CountingStore after = new();
        await using TestBroker second = await _folder.Image().StartAsync(interceptor: after);
        await using RawClient again = await second.RawAsync(StateFolder.Keeping("p"));
        Assert.True(again.SessionPresent);
        await again.SendAsync(Packet("x", duplicate: true));
        Assert.Equal((PacketType.PubRec, MqttReasonCode.Success), await AckAsync(again));
        await again.SendAsync(new AckPacket(PacketType.PubRel, 5));
        Assert.Equal((PacketType.PubComp, MqttReasonCode.Success), await AckAsync(again));
        await again.SendAsync(new AckPacket(PacketType.PubRel, 5));
        Assert.Equal((PacketType.PubComp, MqttReasonCode.PacketIdentifierNotFound), await AckAsync(again));
        Assert.Equal((1, 0), (store.Topics.Count, after.Topics.Count));
    }

    private static async Task<(PacketType, MqttReasonCode)> AckAsync(RawClient client)
    {
        AckPacket ack = await client.ReadAsync<AckPacket>();
        return (ack.Type, ack.ReasonCode);
    }

    private static PublishPacket Packet(string text, bool duplicate) =>
        new(new("t", System.Text.Encoding.UTF8.GetBytes(text), 2), 2, false) { PacketId = 5, Duplicate = duplicate };

    /// <summary>The sending client: repeats what was not answered after a reconnect.</summary>
    private sealed class Publisher
    {
        private string? _unreceived;
        private bool _uncompleted;
        private RawClient _client = null!;

        public async Task ConnectAsync(TestBroker broker)
        {
            _client = await broker.RawAsync(StateFolder.Keeping("p"));
            if (_unreceived is { } text)
            {
                await _client.SendAsync(Packet(text, duplicate: true));
            }
            else if (_uncompleted)
            {
                await _client.SendAsync(new AckPacket(PacketType.PubRel, 5));
            }
        }

        public async Task SendAsync(string text)
        {
            _unreceived = text;
            await _client.SendAsync(Packet(text, duplicate: false));
        }

        public async Task ReceivedAsync()
        {
            AckPacket ack = await _client.ReadAsync<AckPacket>();
            while (ack.Type == PacketType.PubComp)
            {
                ack = await _client.ReadAsync<AckPacket>(); // of a PUBREL that was repeated after the crash
            }

            Assert.Equal(PacketType.PubRec, ack.Type);
            (_unreceived, _uncompleted) = (null, true);
        }

        public Task ReleaseAsync() => _client.SendAsync(new AckPacket(PacketType.PubRel, 5));

        public async Task CompletedAsync()
        {
            Assert.Equal(PacketType.PubComp, (await _client.ReadAsync<AckPacket>()).Type);
            _uncompleted = false;
        }
    }

    /// <summary>The receiving client: hands a message on when its identifier is new, and forgets the identifier at PUBREL.</summary>
    private sealed class Subscriber
    {
        private readonly HashSet<ushort> _received = [];
        private readonly HashSet<ushort> _onThisConnection = [];
        private int _completed;

        public RawClient Client { get; private set; } = null!;

        public List<string> Application { get; } = [];

        public async Task ConnectAsync(TestBroker broker)
        {
            _onThisConnection.Clear();
            Client = await broker.RawAsync(StateFolder.Keeping("s"));
        }

        /// <summary>Both messages are with the application, neither is answered.</summary>
        public async Task DeliveredAsync()
        {
            while (Application.Count < 2)
            {
                Take(await Client.ReadAsync<PublishPacket>());
            }
        }

        /// <summary>PUBREC for the first, and its PUBREL.</summary>
        public async Task ReceiveAsync()
        {
            await UntilHereAsync(1);
            await Client.SendAsync(new AckPacket(PacketType.PubRec, 1));
            await UntilReleasedAsync(1);
        }

        public async Task CompleteAsync()
        {
            Release(1);
            await Client.SendAsync(new AckPacket(PacketType.PubComp, 1));
        }

        /// <summary>Whatever is still open; ends when both are complete and nothing more comes.</summary>
        public async Task FinishAsync()
        {
            await UntilHereAsync(2);
            await Client.SendAsync(new AckPacket(PacketType.PubRec, 2), PingReqPacket.Instance);
            bool silent = false;
            while (!silent || _received.Count > 0)
            {
                switch (await Client.ReadAsync<Packet>())
                {
                    case PublishPacket publish:
                        Take(publish);
                        await Client.SendAsync(new AckPacket(PacketType.PubRec, publish.PacketId));
                        break;
                    case AckPacket { Type: PacketType.PubRel } release:
                        Release(release.PacketId);
                        await Client.SendAsync(new AckPacket(PacketType.PubComp, release.PacketId));
                        break;
                    case PingRespPacket: silent = true; break;
                    case Packet other: Assert.Fail($"unexpected {other}"); break;
                }
            }

            await Client.ExpectNothingAsync();
            Assert.True(_completed >= 2);
        }

        /// <summary>PUBREC answers a PUBLISH of the same connection.</summary>
        private async Task UntilHereAsync(ushort id)
        {
            while (!_onThisConnection.Contains(id))
            {
                switch (await Client.ReadAsync<Packet>())
                {
                    case PublishPacket publish: Take(publish); break;
                    case AckPacket { Type: PacketType.PubRel } release:
                        Release(release.PacketId);
                        await Client.SendAsync(new AckPacket(PacketType.PubComp, release.PacketId));
                        break;
                    case Packet other: Assert.Fail($"unexpected {other}"); break;
                }
            }
        }

        private async Task UntilReleasedAsync(ushort id)
        {
            while (true)
            {
                Packet packet = await Client.ReadAsync<Packet>();
                if (packet is PublishPacket publish)
                {
                    Take(publish); // sent again after a crash
                }
                else
                {
                    Assert.Equal((PacketType.PubRel, id), (packet.Type, Assert.IsType<AckPacket>(packet).PacketId));
                    return;
                }
            }
        }

        private void Take(PublishPacket publish)
        {
            _onThisConnection.Add(publish.PacketId);
            if (_received.Add(publish.PacketId))
            {
                Application.Add(StateFolder.Text(publish));
            }
        }

        private void Release(ushort id) => _completed += _received.Remove(id) ? 1 : 0;
    }

    private sealed class CountingStore : IPublishInterceptor
    {
        public ConcurrentQueue<string> Topics { get; } = new();

        public ValueTask<PublishVerdict> StoreAsync(InboundPublish message, CancellationToken cancellationToken)
        {
            Topics.Enqueue(message.Message.Topic);
            return new(PublishVerdict.Accepted);
        }
    }
}
