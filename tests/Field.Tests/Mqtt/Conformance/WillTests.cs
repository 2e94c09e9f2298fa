using Field.Tests.Broker;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>The will (§3.1.2.5, §3.1.3.2).</summary>
public sealed class WillTests(BrokerFixture fixture) : ConformanceTest(fixture)
{
    public static TheoryData<int, int, bool> Kinds => new()
    {
        { 4, 0, false }, { 4, 1, true }, { 4, 2, false }, { 5, 0, false }, { 5, 1, true }, { 5, 2, false },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    [Normative("3.1.1", "MQTT-3.1.2-8", "MQTT-3.1.2-10", "MQTT-3.1.2-14", "MQTT-3.1.2-16", "MQTT-3.1.2-17")]
    [Normative("5.0", "MQTT-3.1.2-7", "MQTT-3.1.2-8", "MQTT-3.1.2-10", "MQTT-3.1.2-12", "MQTT-3.1.2-14", "MQTT-3.1.2-15")]
    public async Task Broken_connection_publishes_the_will_once_with_its_qos_and_retain(int v, int qos, bool retain)
    {
        string topic = New("will"), id = New();
        await using Peer watcher = await ConnectAsync(v);
        await watcher.SubscribeAsync(topic, 2);
        Peer dying = await ConnectAsync(v, Kept(v) with { Will = new(topic, "gone", qos, retain) }, id);
        dying.Break();
        Publication will = await watcher.ReadPublishAsync();
        Assert.Equal((topic, "gone", qos, false), (will.Topic, will.Payload, will.Qos, will.Retain));

        // Stored as retained or not, and not published again when the next connection of the session ends.
        await using Peer late = await ConnectAsync(v);
        await late.SubscribeAsync(topic);
        if (retain)
        {
            await late.ExpectAsync(Frames.Publish(v, topic, "gone", retain: true));
        }

        await late.ExpectNothingAsync();
        Peer again = await ConnectAsync(v, Kept(v), id, present: true);
        again.Break();
        await (await ConnectAsync(v, Kept(v), id, present: true)).DisposeAsync(); // its predecessor is finished
        await late.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.1.2-10", "MQTT-3.1.2-12", "MQTT-3.14.4-3")]
    [Normative("5.0", "MQTT-3.1.2-10", "MQTT-3.14.4-3")]
    public async Task Goodbye_discards_the_will_and_without_one_nothing_is_published(int v)
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        string topic = New("will");
        await using Peer watcher = await ConnectAsync(broker, v);
        await watcher.SubscribeAsync("#");
        await using Peer polite = await ConnectAsync(broker, v, new() { Will = new(topic, "never") });
        await polite.SendAsync(Frames.Goodbye);
        await polite.ExpectEndAsync();
        string id = New();
        Peer without = await ConnectAsync(broker, v, id: id);
        without.Break();
        await using Peer next = await ConnectAsync(broker, v, id: id);
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-8")]
    public async Task Disconnect_with_any_other_reason_publishes_the_will()
    {
        foreach (int code in (int[])[0x04, 0x80, 0x83])
        {
            string topic = New("will");
            await using Peer watcher = await ConnectAsync(5);
            await watcher.SubscribeAsync(topic);
            await using Peer dying = await ConnectAsync(5, new() { Will = new(topic, "gone") });
            await dying.SendAsync(Frames.Disconnect(code));
            await watcher.ExpectAsync(Frames.Publish(5, topic, "gone"));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-3.1.2-8")]
    [Normative("5.0", "MQTT-3.1.2-8")]
    public async Task Take_over_and_protocol_error_publish_the_will(int v)
    {
        string topic = New("will"), id = New();
        await using Peer watcher = await ConnectAsync(v);
        await watcher.SubscribeAsync(topic);
        await using Peer first = await ConnectAsync(v, new() { Will = new(topic, "taken over") }, id);
        await using Peer second = await ConnectAsync(v, new() { Will = new(topic, "in error") }, id);
        await watcher.ExpectAsync(Frames.Publish(v, topic, "taken over"));
        await second.SendAsync(Frames.Connect(v, id));
        await watcher.ExpectAsync(Frames.Publish(v, topic, "in error"));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.3-9")]
    public async Task Delayed_will_is_called_off_by_a_connection_in_time_and_published_after_its_delay_or_with_the_session()
    {
        ManualTime time = new();
        await using TestBroker broker = await TestBroker.StartAsync(time: time);
        string topic = New("will"), id = New();
        await using Peer watcher = await ConnectAsync(broker, 5);
        await watcher.SubscribeAsync(topic);
        Connect with(uint expiry) => new() { Clean = false, Props = [Prop.U32(Prop.SessionExpiry, expiry)], Will = new(topic, "late", Props: Prop.U32(Prop.WillDelay, 30)) };

        Peer dying = await ConnectAsync(broker, 5, with(100), id);
        dying.Break();
        dying = await EventuallyResumedAsync(broker, with(100), id);
        time.Advance(TimeSpan.FromSeconds(40));
        await broker.Broker.SweepAsync();
        await watcher.ExpectNothingAsync(); // called off

        dying.Break();
        dying = await EventuallyResumedAsync(broker, with(20), id);
        dying.Break();
        await BrokerSessionTests.Eventually(() => broker.Broker.ConnectionCount == 1);
        time.Advance(TimeSpan.FromSeconds(19));
        await broker.Broker.SweepAsync();
        await watcher.ExpectNothingAsync();
        time.Advance(TimeSpan.FromSeconds(2));
        await broker.Broker.SweepAsync();
        await watcher.ExpectAsync(Frames.Publish(5, topic, "late")); // the session ended before the delay did

        dying = await ConnectAsync(broker, 5, with(100), id);
        dying.Break();
        await BrokerSessionTests.Eventually(() => broker.Broker.ConnectionCount == 1);
        time.Advance(TimeSpan.FromSeconds(31));
        await broker.Broker.SweepAsync();
        await watcher.ExpectAsync(Frames.Publish(5, topic, "late")); // the delay is over

        dying = await ConnectAsync(broker, 5, with(100), id, present: true);
        dying.Break();
        await using Peer anew = await ConnectAsync(broker, 5, id: id); // a clean start ends the session, and with it the waiting
        await watcher.ExpectAsync(Frames.Publish(5, topic, "late"));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.3-10", "MQTT-3.1.2-9")]
    public async Task Properties_of_the_will_are_published_with_it_in_their_order()
    {
        string topic = New("will");
        await using Peer watcher = await ConnectAsync(5);
        await watcher.SubscribeAsync(topic);
        byte[][] own =
        [
            Prop.Byte(Prop.Format, 1), Prop.Text(Prop.ContentType, "text/plain"), Prop.Text(Prop.ResponseTopic, "answer/here"),
            Frames.Join([Prop.Correlation], Frames.Data([1, 2, 3])), Prop.User("b", "1"), Prop.User("a", "2"), Prop.User("b", "3"),
        ];
        Peer dying = await ConnectAsync(5, new() { Will = new(topic, "gone", 0, false, [.. own, Prop.U32(Prop.WillDelay, 0)]) });
        dying.Break();
        Publication will = await watcher.ReadPublishAsync();
        Assert.Equal(own.Select(Convert.ToHexString), will.Props.Select(Convert.ToHexString));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-4.7.1-1")]
    [Normative("5.0", "MQTT-4.7.0-1")]
    public async Task Will_to_a_filter_is_refused(int v) =>
        Assert.Equal(v == 5 ? 0x90 : null, (await RefusedAsync(v, Frames.Connect(v, New(), new() { Will = new("will/+", "x") })))?.Code);

    /// <summary>Connects again; the broker may not have noticed yet that the connection before is broken, which makes it a take-over.</summary>
    private static async Task<Peer> EventuallyResumedAsync(TestBroker broker, Connect with, string id) =>
        await ConnectAsync(broker, 5, with, id, present: true);
}
