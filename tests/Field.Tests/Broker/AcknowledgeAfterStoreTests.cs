using Field.Broker;
using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Tests.Broker;

/// <summary>The broker's extra promise: acknowledged means stored, in order, without one message waiting for another's store to begin.</summary>
public sealed class AcknowledgeAfterStoreTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Publish_while_the_store_is_busy_is_neither_acknowledged_nor_delivered(int qos)
    {
        HeldStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(store);
        await using RawClient publisher = await broker.RawAsync(new(MqttProtocolVersion.V500, "p"));
        await using RawClient subscriber = await broker.RawAsync(new(MqttProtocolVersion.V500, "s"));
        await subscriber.SubscribeAsync("t", qos);
        await publisher.SendAsync(Publish(7, qos));
        (InboundPublish message, TaskCompletionSource<PublishVerdict> verdict) = await store.NextAsync();
        Assert.Equal("p", message.ClientId);
        await publisher.ExpectNothingAsync();
        await subscriber.ExpectNothingAsync();

        verdict.SetResult(PublishVerdict.Accepted);
        AckPacket ack = await publisher.ReadAsync<AckPacket>();
        Assert.Equal((qos == 1 ? PacketType.PubAck : PacketType.PubRec, (ushort)7), (ack.Type, ack.PacketId));
        Assert.Equal("t", (await subscriber.ReadAsync<PublishPacket>()).Message.Topic);
    }

    [Fact] // [MQTT-4.6.0-2] PUBACKs in order of receipt, [MQTT-4.6.0-5] messages to subscribers in that order too
    public async Task Publishes_stored_in_reverse_order_are_acknowledged_and_delivered_in_order_of_receipt()
    {
        const int Count = 50;
        HeldStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(store);
        await using RawClient publisher = await broker.RawAsync(new(MqttProtocolVersion.V311, "p"));
        await using RawClient subscriber = await broker.RawAsync(new(MqttProtocolVersion.V311, "s"));
        await subscriber.SubscribeAsync("t", 1);
        await publisher.SendAsync([.. Enumerable.Range(1, Count).Select(i => Publish(i, 1))]);
        List<TaskCompletionSource<PublishVerdict>> verdicts = [];
        for (int i = 0; i < Count; i++)
        {
            verdicts.Add((await store.NextAsync()).Verdict); // all began: no store waits for another
        }

        for (int i = Count - 1; i > 0; i--)
        {
            verdicts[i].SetResult(PublishVerdict.Accepted);
        }

        await publisher.ExpectNothingAsync();
        verdicts[0].SetResult(PublishVerdict.Accepted);
        for (int i = 1; i <= Count; i++)
        {
            Assert.Equal(i, (await publisher.ReadAsync<AckPacket>()).PacketId);
            Assert.Equal(i, (await subscriber.ReadAsync<PublishPacket>()).Message.Payload.Span[0]);
        }
    }

    [Fact]
    public async Task Publish_above_the_receive_maximum_ends_a_500_client_MQTT_3_3_4_7()
    {
        HeldStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(store, o => o.ReceiveMaximum = 3);
        await using RawClient publisher = await broker.RawAsync(new(MqttProtocolVersion.V500, "p"));
        await publisher.SendAsync([.. Enumerable.Range(1, 4).Select(i => Publish(i, 1))]);
        Assert.Equal(MqttReasonCode.ReceiveMaximumExceeded, (await publisher.ReadAsync<DisconnectPacket>()).ReasonCode);
        await publisher.ExpectEndAsync();
        await ReleaseAsync(store, 3);
    }

    [Fact]
    public async Task Publish_above_the_receive_maximum_makes_a_311_client_wait()
    {
        const int Count = 20;
        HeldStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(store, o => o.ReceiveMaximum = 3);
        await using RawClient publisher = await broker.RawAsync(new(MqttProtocolVersion.V311, "p"));
        await publisher.SendAsync([.. Enumerable.Range(1, Count).Select(i => Publish(i, 1))]);
        await ReleaseAsync(store, Count);
        for (int i = 1; i <= Count; i++)
        {
            Assert.Equal(i, (await publisher.ReadAsync<AckPacket>()).PacketId);
        }
    }

    [Fact]
    public async Task Publish_rejected_by_the_store_tells_a_500_client_why_and_is_not_delivered()
    {
        HeldStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(store);
        await using MqttClient publisher = await broker.ConnectAsync("p");
        await using RawClient subscriber = await broker.RawAsync(new(MqttProtocolVersion.V500, "s"));
        await subscriber.SubscribeAsync("t", 1);
        Task publish = publisher.PublishAsync(new("t", new byte[] { 1 }, 1), TestBroker.Token);
        (await store.NextAsync()).Verdict.SetResult(PublishVerdict.Rejected(MqttReasonCode.PayloadFormatInvalid, "not SenML"));
        MqttException e = await Assert.ThrowsAsync<MqttException>(() => publish);
        Assert.Equal(MqttReasonCode.PayloadFormatInvalid, e.ReasonCode);
        Assert.False(e.IsTransient);
        await subscriber.ExpectNothingAsync();
        Assert.Equal(1, broker.Count("field.broker.messages.rejected:PayloadFormatInvalid"));
    }

    [Fact] // 3.1.1 §3.3.5.2 [MQTT-3.3.5-2]: it has no negative answer, so a final rejection is acknowledged
    public async Task Publish_rejected_by_the_store_is_acknowledged_to_a_311_client_and_not_delivered()
    {
        HeldStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(store);
        await using RawClient publisher = await broker.RawAsync(new(MqttProtocolVersion.V311, "p"));
        await using RawClient subscriber = await broker.RawAsync(new(MqttProtocolVersion.V311, "s"));
        await subscriber.SubscribeAsync("t", 1);
        await publisher.SendAsync(Publish(1, 1));
        (await store.NextAsync()).Verdict.SetResult(PublishVerdict.Rejected(MqttReasonCode.NotAuthorized, "no"));
        Assert.Equal(1, (await publisher.ReadAsync<AckPacket>()).PacketId);
        await subscriber.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Publish_whose_store_fails_closes_the_connection_and_acknowledges_nothing_from_there_on(MqttProtocolVersion version)
    {
        HeldStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(store);
        await using RawClient subscriber = await broker.RawAsync(new(MqttProtocolVersion.V500, "s"));
        await subscriber.SubscribeAsync("t", 1);
        await using RawClient publisher = await broker.RawAsync(new(version, "p"));
        await publisher.SendAsync(Publish(1, 1), Publish(2, 1), Publish(3, 1));
        TaskCompletionSource<PublishVerdict> first = (await store.NextAsync()).Verdict;
        TaskCompletionSource<PublishVerdict> second = (await store.NextAsync()).Verdict;
        TaskCompletionSource<PublishVerdict> third = (await store.NextAsync()).Verdict;
        third.SetResult(PublishVerdict.Accepted);
        second.SetException(new IOException("disk full"));
        first.SetResult(PublishVerdict.Accepted);
        Assert.Equal(1, (await publisher.ReadAsync<AckPacket>()).PacketId);
        if (version == MqttProtocolVersion.V500)
        {
            Assert.Equal(MqttReasonCode.ServerBusy, (await publisher.ReadAsync<DisconnectPacket>()).ReasonCode);
        }

        await publisher.ExpectEndAsync();
        Assert.Equal(1, (await subscriber.ReadAsync<PublishPacket>()).Message.Payload.Span[0]);
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task Publish_of_a_client_that_left_is_still_stored_and_delivered()
    {
        HeldStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(store);
        await using RawClient subscriber = await broker.RawAsync(new(MqttProtocolVersion.V500, "s"));
        await subscriber.SubscribeAsync("t", 1);
        await using RawClient publisher = await broker.RawAsync(new(MqttProtocolVersion.V500, "p"));
        await publisher.SendAsync(Publish(1, 1));
        TaskCompletionSource<PublishVerdict> verdict = (await store.NextAsync()).Verdict;
        publisher.Break();
        verdict.SetResult(PublishVerdict.Accepted);
        Assert.Equal(1, (await subscriber.ReadAsync<PublishPacket>()).Message.Payload.Span[0]);
    }

    [Fact] // §4.3.3: a QoS 2 message sent again is not stored again, also across connections
    public async Task Publish_of_qos_2_sent_again_is_stored_once()
    {
        HeldStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(store);
        ConnectPacket connect = new(MqttProtocolVersion.V311, "p") { CleanStart = false };
        RawClient publisher = await broker.RawAsync(connect);
        await publisher.SendAsync(Publish(9, 2));
        TaskCompletionSource<PublishVerdict> verdict = (await store.NextAsync()).Verdict;
        await using RawClient again = await broker.RawAsync(connect);
        Assert.True(again.SessionPresent);
        await again.SendAsync(Publish(9, 2) with { Duplicate = true });
        await again.ExpectNothingAsync();
        verdict.SetResult(PublishVerdict.Accepted);
        Assert.Equal(PacketType.PubRec, (await again.ReadAsync<AckPacket>()).Type);
        await again.SendAsync(new AckPacket(PacketType.PubRel, 9));
        Assert.Equal(PacketType.PubComp, (await again.ReadAsync<AckPacket>()).Type);
        Assert.True(store.IsEmpty);
        await publisher.DisposeAsync();
    }

    private static PublishPacket Publish(int id, int qos) => new(new("t", new[] { (byte)id }, qos), qos, false) { PacketId = (ushort)id };

    private static async Task ReleaseAsync(HeldStore store, int count)
    {
        for (int i = 0; i < count; i++)
        {
            (await store.NextAsync()).Verdict.SetResult(PublishVerdict.Accepted);
        }
    }
}
