using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Tests.Broker.State;

/// <summary>Sessions across a kill -9: the second broker starts on a copy of the files that the first one, still running, has at that moment.</summary>
public sealed class DurableSessionTests : IDisposable
{
    private readonly StateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Messages_acknowledged_while_the_subscriber_is_away_arrive_after_a_crash_in_order_without_dup(MqttProtocolVersion version)
    {
        await using TestBroker first = await _folder.StartAsync();
        await using (RawClient subscriber = await first.RawAsync(StateFolder.Keeping("s", version)))
        {
            Assert.False(subscriber.SessionPresent);
            await subscriber.SendAsync(new SubscribePacket(7, [new("a/#", 2), new("b", 1)]));
            await subscriber.ReadAsync<SubAckPacket>();
            await subscriber.SendAsync(new DisconnectPacket());
            await subscriber.ExpectEndAsync();
        }

        await BrokerSessionTests.Eventually(() => first.Broker.ConnectionCount == 0);
        for (int i = 0; i < 20; i++)
        {
            await StateFolder.PublishAsync(first, i % 3 == 0 ? "b" : "a/x", $"{i}", qos: 1 + (i % 2));
        }

        await using TestBroker second = await _folder.Image().StartAsync();
        await using RawClient again = await second.RawAsync(StateFolder.Keeping("s", version));
        Assert.True(again.SessionPresent);
        for (int i = 0; i < 20; i++)
        {
            PublishPacket packet = await again.ReadAsync<PublishPacket>();
            Assert.Equal(($"{i}", false, i + 1), (StateFolder.Text(packet), packet.Duplicate, packet.PacketId));
            Assert.Equal(i % 3 == 0 ? 1 : 1 + (i % 2), packet.Qos);
        }
    }

    [Fact]
    public async Task Subscriptions_survive_a_crash_with_their_options_and_identifiers_and_unsubscribed_ones_do_not()
    {
        await using TestBroker first = await _folder.StartAsync();
        await using RawClient subscriber = await first.RawAsync(StateFolder.Keeping("s"));
        await subscriber.SendAsync(new SubscribePacket(1, [new("a", 1) { NoLocal = true }, new("b", 2) { RetainAsPublished = true }, new("gone", 1)])
        {
            Properties = new() { { PropertyId.SubscriptionIdentifier, 77 } },
        });
        await subscriber.ReadAsync<SubAckPacket>();
        await subscriber.SendAsync(new UnsubscribePacket(2, ["gone"]));
        await subscriber.ReadAsync<UnsubAckPacket>();

        await using TestBroker second = await _folder.Image().StartAsync();
        await BrokerSessionTests.Eventually(() => second.Count("field.broker.subscriptions") == 2);
        await using RawClient again = await second.RawAsync(StateFolder.Keeping("s"));
        await again.SendAsync(new PublishPacket(new("a", new byte[1]), 0, false)); // no local
        await StateFolder.PublishAsync(second, "gone", "x");
        await StateFolder.PublishAsync(second, "b", "kept", qos: 1, retain: true);
        PublishPacket packet = await again.ReadAsync<PublishPacket>();
        Assert.Equal(("b", true, 1), (packet.Message.Topic, packet.Retain, packet.Qos));
        Assert.Equal([77u], packet.Message.Properties!.SubscriptionIdentifiers);
    }

    [Fact]
    public async Task Messages_sent_and_not_acknowledged_come_again_after_a_crash_with_the_same_identifier_and_dup()
    {
        await using TestBroker first = await _folder.StartAsync();
        await using RawClient subscriber = await first.RawAsync(StateFolder.Keeping("s"));
        await subscriber.SubscribeAsync("t", 2);
        foreach (int qos in (int[])[1, 2, 1])
        {
            await StateFolder.PublishAsync(first, "t", $"q{qos}", qos);
        }

        PublishPacket[] sent = [await subscriber.ReadAsync<PublishPacket>(), await subscriber.ReadAsync<PublishPacket>(), await subscriber.ReadAsync<PublishPacket>()];
        Assert.All(sent, p => Assert.False(p.Duplicate));

        await using TestBroker second = await _folder.Image().StartAsync();
        await using RawClient again = await second.RawAsync(StateFolder.Keeping("s"));
        foreach (PublishPacket expected in sent)
        {
            PublishPacket packet = await again.ReadAsync<PublishPacket>();
            Assert.Equal((expected.PacketId, expected.Qos, StateFolder.Text(expected), true), (packet.PacketId, packet.Qos, StateFolder.Text(packet), packet.Duplicate));
        }

        await StateFolder.PublishAsync(second, "t", "new");
        PublishPacket next = await again.ReadAsync<PublishPacket>();
        Assert.Equal((4, false), (next.PacketId, next.Duplicate));
    }

    [Fact]
    public async Task Messages_acknowledged_by_the_subscriber_stay_away_after_a_restart()
    {
        StateFolder image;
        await using (TestBroker first = await _folder.StartAsync())
        {
            await using RawClient subscriber = await first.RawAsync(StateFolder.Keeping("s"));
            await subscriber.SubscribeAsync("t", 1);
            await StateFolder.PublishAsync(first, "t", "one");
            await StateFolder.PublishAsync(first, "t", "two");
            await subscriber.SendAsync(new AckPacket(PacketType.PubAck, (await subscriber.ReadAsync<PublishPacket>()).PacketId));
            await subscriber.ReadAsync<PublishPacket>();
            await subscriber.ExpectNothingAsync();
            await subscriber.SubscribeAsync("u", 1); // its SUBACK says that the acknowledgement before it is on the disk
            image = _folder.Image();
        }

        await using TestBroker second = await image.StartAsync();
        await using RawClient again = await second.RawAsync(StateFolder.Keeping("s"));
        Assert.Equal("two", StateFolder.Text(await again.ReadAsync<PublishPacket>()));
        await again.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Session_ended_by_its_client_is_not_there_after_a_crash(MqttProtocolVersion version)
    {
        await using TestBroker first = await _folder.StartAsync();
        await using (RawClient subscriber = await first.RawAsync(StateFolder.Keeping("s", version)))
        {
            await subscriber.SubscribeAsync("t", 1);
            await StateFolder.PublishAsync(first, "t", "x", retain: true);
        }

        await using RawClient clean = await first.RawAsync(new(version, "s")); // clean, and ends with its connection
        await StateFolder.PublishAsync(first, "other", "x", retain: true); // its PUBACK says that everything before is on the disk
        await using TestBroker second = await _folder.Image().StartAsync();
        await using RawClient again = await second.RawAsync(StateFolder.Keeping("s", version));
        Assert.False(again.SessionPresent);
        await again.ExpectNothingAsync();
        await again.SubscribeAsync("t", 1);
        Assert.True((await again.ReadAsync<PublishPacket>()).Retain);
    }

    [Fact]
    public async Task Session_and_messages_that_expired_while_the_server_was_down_are_gone_and_others_have_what_is_left()
    {
        ManualTime before = new();
        await using TestBroker first = await _folder.StartAsync(before);
        foreach ((string client, uint expiry) in new (string, uint)[] { ("short", 100), ("long", 1000) })
        {
            RawClient subscriber = await first.RawAsync(StateFolder.Keeping(client, expirySeconds: expiry));
            await subscriber.SubscribeAsync("t", 1);
            subscriber.Break();
        }

        await BrokerSessionTests.Eventually(() => first.Broker.ConnectionCount == 0);
        foreach (uint expiry in (uint[])[150, 400])
        {
            MqttMessage message = new("t", new byte[] { 1 }, 1) { Properties = new() { ExpirySeconds = expiry } };
            await first.Broker.PublishAsync(message, TestBroker.Token);
        }

        StateFolder image = _folder.Image();
        StateFolder untouched = _folder.Image();
        before.Advance(TimeSpan.FromSeconds(50));
        ManualTime after = new(before.GetUtcNow() + TimeSpan.FromSeconds(150));
        await using TestBroker second = await image.StartAsync(after);
        await using RawClient gone = await second.RawAsync(StateFolder.Keeping("short"));
        Assert.False(gone.SessionPresent);
        await using RawClient kept = await second.RawAsync(StateFolder.Keeping("long"));
        Assert.True(kept.SessionPresent);
        PublishPacket packet = await kept.ReadAsync<PublishPacket>();
        Assert.Equal(200u, packet.Message.Properties!.ExpirySeconds); // 400 less the 200 that passed
        await kept.ExpectNothingAsync();

        await using TestBroker late = await untouched.StartAsync(new ManualTime(before.GetUtcNow() + TimeSpan.FromSeconds(960)));
        await using RawClient tooLate = await late.RawAsync(StateFolder.Keeping("long"));
        Assert.False(tooLate.SessionPresent);
    }

    [Fact]
    public async Task Session_connected_at_the_crash_expires_from_the_first_start_on_not_from_each()
    {
        ManualTime time = new();
        await using TestBroker first = await _folder.StartAsync(time);
        await using RawClient subscriber = await first.RawAsync(StateFolder.Keeping("s", expirySeconds: 100));
        StateFolder image = _folder.Image();
        for (int restart = 0; restart < 3; restart++)
        {
            ManualTime then = new(time.GetUtcNow() + TimeSpan.FromSeconds(restart * 60));
            await using TestBroker broker = await image.StartAsync(then);
            await StateFolder.PublishAsync(broker, "t", "x", retain: true);
            image = image.Image();
            await using RawClient again = await broker.RawAsync(StateFolder.Keeping("s"));
            Assert.Equal(restart < 2, again.SessionPresent);
        }
    }

    [Fact]
    public async Task Retained_messages_survive_a_crash_and_cleared_and_expired_ones_do_not()
    {
        ManualTime time = new();
        await using TestBroker first = await _folder.StartAsync(time);
        await StateFolder.PublishAsync(first, "r/old", "1", retain: true);
        await StateFolder.PublishAsync(first, "r/old", "2", qos: 2, retain: true);
        await StateFolder.PublishAsync(first, "r/cleared", "1", retain: true);
        await StateFolder.PublishAsync(first, "r/cleared", "", retain: true);
        await first.Broker.PublishAsync(
            new("r/short", new byte[1], 1, true) { Properties = new() { ExpirySeconds = 10, ContentType = "x/y", UserProperties = [new("名", "値")] } }, TestBroker.Token);
        await using TestBroker soon = await _folder.Image().StartAsync(new ManualTime(time.GetUtcNow() + TimeSpan.FromSeconds(9)));
        await using RawClient client = await soon.RawAsync(new(MqttProtocolVersion.V500, "c"));
        await client.SubscribeAsync("r/short", 1);
        PublishPacket kept = await client.ReadAsync<PublishPacket>();
        Assert.Equal((1u, "x/y", new("名", "値")), (kept.Message.Properties!.ExpirySeconds!.Value, kept.Message.Properties.ContentType, kept.Message.Properties.UserProperties[0]));

        await using TestBroker late = await _folder.Image().StartAsync(new ManualTime(time.GetUtcNow() + TimeSpan.FromSeconds(11)));
        await using RawClient other = await late.RawAsync(new(MqttProtocolVersion.V500, "c"));
        await other.SubscribeAsync("r/#", 1);
        PublishPacket only = await other.ReadAsync<PublishPacket>();
        Assert.Equal(("r/old", "2", true), (only.Message.Topic, StateFolder.Text(only), only.Retain));
        await other.ExpectNothingAsync();
    }

    [Fact]
    public async Task Message_for_clean_sessions_only_costs_the_state_nothing()
    {
        await using TestBroker broker = await _folder.StartAsync();
        long before = new FileInfo(_folder.Segments[0]).Length;
        await using RawClient subscriber = await broker.RawAsync(new(MqttProtocolVersion.V500, "clean"));
        await subscriber.SubscribeAsync("t", 2);
        for (int i = 0; i < 50; i++)
        {
            await StateFolder.PublishAsync(broker, "t", "x", qos: i % 3);
            Assert.Equal("x", StateFolder.Text(await subscriber.ReadAsync<PublishPacket>()));
        }

        Assert.Equal((before, 0), (new FileInfo(_folder.Segments[0]).Length, broker.Count("field.broker.state.commits")));
    }

    [Fact]
    public async Task Message_for_many_sessions_is_written_once()
    {
        await using TestBroker broker = await _folder.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            await using RawClient subscriber = await broker.RawAsync(StateFolder.Keeping($"s{i}"));
            await subscriber.SubscribeAsync("t", 1);
        }

        long before = new FileInfo(_folder.Segments[0]).Length;
        await broker.Broker.PublishAsync(new("t", new byte[100_000], 1), TestBroker.Token);
        Assert.InRange(new FileInfo(_folder.Segments[0]).Length - before, 100_000, 110_000);
    }

    [Fact]
    public async Task Full_queue_of_an_absent_client_drops_the_newest_counts_it_and_keeps_the_rest_across_a_crash()
    {
        await using TestBroker first = await _folder.StartAsync(configure: o => o.MaxQueuedMessagesPerClient = 3);
        await using (RawClient subscriber = await first.RawAsync(StateFolder.Keeping("s")))
        {
            await subscriber.SubscribeAsync("t", 1);
        }

        await BrokerSessionTests.Eventually(() => first.Broker.ConnectionCount == 0);
        for (int i = 0; i < 5; i++)
        {
            await StateFolder.PublishAsync(first, "t", $"{i}");
        }

        Assert.Equal(2, first.Count("field.broker.messages.dropped:slow"));
        await using TestBroker second = await _folder.Image().StartAsync();
        await using RawClient again = await second.RawAsync(StateFolder.Keeping("s"));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal($"{i}", StateFolder.Text(await again.ReadAsync<PublishPacket>()));
        }

        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task Stopping_in_order_loses_nothing_and_is_not_a_crash()
    {
        await using (TestBroker first = await _folder.StartAsync())
        {
            await using RawClient subscriber = await first.RawAsync(StateFolder.Keeping("s"));
            await subscriber.SubscribeAsync("t", 1);
            await StateFolder.PublishAsync(first, "t", "sent");
            Assert.False((await subscriber.ReadAsync<PublishPacket>()).Duplicate);
            subscriber.Break();
            await BrokerSessionTests.Eventually(() => first.Broker.ConnectionCount == 0);
            await StateFolder.PublishAsync(first, "t", "not sent");
        }

        await using TestBroker second = await _folder.StartAsync();
        Assert.Equal(0, second.Count("field.broker.state.torn"));
        await using RawClient again = await second.RawAsync(StateFolder.Keeping("s"));
        PublishPacket[] packets = [await again.ReadAsync<PublishPacket>(), await again.ReadAsync<PublishPacket>()];
        Assert.Equal([("sent", true), ("not sent", false)], packets.Select(p => (StateFolder.Text(p), p.Duplicate)));
    }
}
