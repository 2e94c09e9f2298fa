using System.Collections.Concurrent;
using Field.Broker;
using Field.Mqtt;
using Field.Mqtt.Codec;
using Field.Tests.Broker;

namespace Field.Tests.Security;

/// <summary>What one connection may take from the broker, whoever it is: each excess is refused, counted and told to the audit.</summary>
public sealed class BrokerLimitTests
{
    private readonly Listening _policy = new();

    [Fact]
    public async Task Packets_above_the_rate_are_read_more_slowly_and_none_is_lost()
    {
        await using TestBroker broker = await TestBroker.StartAsync(configure: o => o.MaxPacketsPerSecond = 50, authorizer: _policy);
        await using MqttClient client = await broker.ConnectAsync("fast");
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => client.PublishAsync(new MqttMessage($"a/{i}", new byte[10], 1), TestBroker.Token)));
        Assert.True(broker.Count("field.broker.throttled") > 0);
        Assert.Contains(_policy.Refusals, r => r is { Kind: MqttRefusalKind.Rate, ClientId: "fast" });
        Assert.Equal(60, broker.Count("field.broker.messages.received"));
    }

    [Fact]
    public async Task Bytes_above_the_rate_are_read_more_slowly_and_none_is_lost()
    {
        await using TestBroker broker = await TestBroker.StartAsync(configure: o => o.MaxBytesPerSecond = 200_000, authorizer: _policy);
        await using MqttClient client = await broker.ConnectAsync("large");
        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => client.PublishAsync(new MqttMessage($"a/{i}", new byte[90_000], 1), TestBroker.Token)));
        Assert.True(broker.Count("field.broker.throttled") > 0);
        Assert.Equal(3, broker.Count("field.broker.messages.received"));
    }

    [Theory]
    [InlineData(new byte[] { 0x30, 0x05, 0x00 })]
    [InlineData(new byte[] { 0x30 })]
    public async Task Packet_that_is_never_finished_ends_the_connection(byte[] beginning)
    {
        Broker.ManualTime time = new();
        await using TestBroker broker = await TestBroker.StartAsync(time: time, authorizer: _policy);
        await using RawClient client = await broker.RawAsync(new ConnectPacket(MqttProtocolVersion.V500, "loris") { CleanStart = true });
        await client.ExpectNothingAsync();
        await client.SendBytesAsync(beginning);
        while (_policy.Refusals.IsEmpty)
        {
            await broker.Broker.SweepAsync(); // the first that sees the beginning starts the clock of the packet
            time.Advance(TimeSpan.FromSeconds(121));
            await Task.Yield();
        }

        Assert.Equal(MqttReasonCode.KeepAliveTimeout, (await client.ReadAsync<DisconnectPacket>()).ReasonCode);
        await client.ExpectEndAsync();
        Assert.Equal(1, broker.Count("field.broker.connections.ended:KeepAliveTimeout"));
        Assert.Equal(MqttRefusalKind.Protocol, Assert.Single(_policy.Refusals).Kind);
    }

    [Fact]
    public async Task Connect_that_is_never_finished_ends_the_connection()
    {
        await using TestBroker broker = await TestBroker.StartAsync(configure: o => o.ConnectTimeout = TimeSpan.FromMilliseconds(50), authorizer: _policy);
        await using RawClient client = await broker.RawAsync();
        await client.SendBytesAsync(0x10, 0x20, 0x00);
        await client.ExpectEndAsync();
        Assert.Equal(1, broker.Count("field.broker.connections.ended:KeepAliveTimeout"));
        Assert.Equal(MqttRefusalKind.Connect, Assert.Single(_policy.Refusals).Kind);
    }

    [Fact]
    public async Task Packet_larger_than_allowed_ends_the_connection()
    {
        await using TestBroker broker = await TestBroker.StartAsync(configure: o => o.MaxPacketBytes = 2000, authorizer: _policy);
        await using RawClient client = await broker.RawAsync(new ConnectPacket(MqttProtocolVersion.V500, "large") { CleanStart = true });
        await client.SendBytesAsync(0x30, 0xFF, 0xFF, 0xFF, 0x7F);
        Assert.Equal(MqttReasonCode.PacketTooLarge, (await client.ReadAsync<DisconnectPacket>()).ReasonCode);
        await client.ExpectEndAsync();
        Assert.Equal(1, broker.Count("field.broker.connections.ended:PacketTooLarge"));
        Assert.Equal((MqttRefusalKind.Protocol, MqttReasonCode.PacketTooLarge), (Assert.Single(_policy.Refusals).Kind, _policy.Refusals.First().Code));
    }

    [Fact]
    public async Task Client_that_keeps_trying_what_it_may_not_is_put_out()
    {
        await using TestBroker broker = await TestBroker.StartAsync(configure: o => o.MaxRefusalsPerConnection = 3, authorizer: _policy);
        await using RawClient client = await broker.RawAsync(new ConnectPacket(MqttProtocolVersion.V500, "probing") { CleanStart = true });
        for (ushort i = 1; i <= 2; i++)
        {
            await client.SendAsync(new SubscribePacket(i, [new($"forbidden/{i}", 1)]));
            Assert.Equal(MqttReasonCode.NotAuthorized, Assert.Single((await client.ReadAsync<SubAckPacket>()).ReasonCodes));
        }

        await client.SendAsync(new SubscribePacket(3, [new("forbidden/#", 1)]));
        await client.ExpectDisconnectAsync(MqttReasonCode.NotAuthorized);
        Assert.Equal(3, broker.Count("field.broker.subscriptions.refused:NotAuthorized"));
        Assert.Equal(["forbidden/1", "forbidden/2", "forbidden/#"], _policy.Refusals.Select(r => r.Topic!));
    }

    /// <summary>Allows everything outside <c>forbidden/</c> and remembers what it is told.</summary>
    private sealed class Listening : IMqttAuthorizer
    {
        public ConcurrentQueue<MqttRefusal> Refusals { get; } = new();

        public ValueTask<MqttReasonCode> ConnectAsync(MqttClientIdentity client, CancellationToken cancellationToken) => new(MqttReasonCode.Success);

        public bool MayPublish(MqttClientIdentity client, string topic) => !topic.StartsWith("forbidden", StringComparison.Ordinal);

        public bool MaySubscribe(MqttClientIdentity client, string filter) => !filter.StartsWith("forbidden", StringComparison.Ordinal);

        public void Refused(MqttRefusal refusal) => Refusals.Enqueue(refusal);
    }
}
