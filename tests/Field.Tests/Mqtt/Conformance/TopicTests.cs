using Field.Tests.Broker;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>Chapters 4.7 and 4.8 at the broker: filters and shared subscriptions.</summary>
public sealed class TopicTests(BrokerFixture fixture) : ConformanceTest(fixture)
{
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1 sport/tennis/player1/ranking sport/tennis/player1/score/wimbledon", "sport/tennis/player2 sport/tennis")]
    [InlineData("sport/+", "sport/tennis sport/", "sport sport/tennis/player1 sports/a")]
    [InlineData("+/+", "/finance a/b", "finance a/b/c")]
    [InlineData("/+", "/finance", "finance a/finance")]
    [InlineData("+", "finance", "/finance finance/")]
    [InlineData("+/tennis/#", "sport/tennis sport/tennis/a/b", "sport/golf")]
    [InlineData("sport/+/player1", "sport/tennis/player1 sport//player1", "sport/player1 sport/a/b/player1")]
    [InlineData("a//b", "a//b", "a/b a/x/b")]
    [Normative("3.1.1", "MQTT-3.3.2-3", "MQTT-4.7.1-2", "MQTT-4.7.1-3", "MQTT-4.5.0-1")]
    [Normative("5.0", "MQTT-3.3.2-3", "MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.5.0-1")]
    public async Task Filter_gets_the_topics_it_matches_and_no_others(string filter, string matching, string others)
    {
        await using Peer peer = await ConnectAsync(5), publisher = await ConnectAsync(5);
        await peer.SubscribeAsync(filter, 0x20);
        foreach (string topic in others.Split(' ').Concat(matching.Split(' ')))
        {
            await publisher.PublishAsync(topic, "x");
        }

        foreach (string topic in matching.Split(' '))
        {
            await peer.ExpectAsync(Frames.Publish(5, topic, "x"));
        }

        await peer.ExpectNothingAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("sport/tennis#")]
    [InlineData("sport/tennis/#/ranking")]
    [InlineData("#/a")]
    [InlineData("sport+")]
    [InlineData("a/+b/c")]
    [InlineData("##")]
    [InlineData("++")]
    [InlineData("$share/g")]
    [InlineData("$share/g/")]
    [InlineData("$share//t")]
    [InlineData("$share/g+/t")]
    [InlineData("$share/#/t")]
    [InlineData("$share/g/a#")]
    [Normative("3.1.1", "MQTT-4.7.1-2", "MQTT-4.7.1-3", "MQTT-4.7.3-1")]
    [Normative("5.0", "MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.7.3-1", "MQTT-4.8.2-1", "MQTT-4.8.2-2")]
    public async Task Filter_that_is_not_well_formed_is_not_subscribed(string filter)
    {
        await using Peer peer = await ConnectAsync(5), old = await ConnectAsync(4);
        await peer.SendAsync(Frames.Subscribe(5, 1, filter));
        await peer.ExpectAsync(Frames.SubAck(5, 1, 0x8F));
        await old.SendAsync(Frames.Subscribe(4, 1, filter));
        await old.ExpectAsync(Frames.SubAck(4, 1, 0x80));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [Normative("3.1.1", "MQTT-4.7.2-1")]
    [Normative("5.0", "MQTT-4.7.2-1")]
    public async Task Leading_wildcard_does_not_reach_dollar_topics(int v)
    {
        string level = New("x");
        await using TestBroker broker = await TestBroker.StartAsync(authorizer: Authorizer);
        await using Peer peer = await ConnectAsync(broker, v);
        await peer.SubscribeAsync("#");
        await peer.SubscribeAsync($"+/{level}");
        await peer.SubscribeAsync($"+/#");
        await peer.SendAsync(Frames.Publish(v, $"$own/{level}", "hidden", retain: true));
        await peer.ExpectNothingAsync();
        await using Peer late = await ConnectAsync(broker, v);
        await late.SubscribeAsync("#"); // retained ones neither
        await late.ExpectNothingAsync();
        await late.SubscribeAsync("$own/#");
        await late.ExpectAsync(Frames.Publish(v, $"$own/{level}", "hidden", retain: true));
        await peer.SendAsync(Frames.Publish(v, $"a/$own/{level}", "seen"));
        await peer.ExpectAsync(Frames.Publish(v, $"a/$own/{level}", "seen"));
    }

    [Fact]
    [Normative("5.0", "MQTT-4.8.2-1", "MQTT-4.8.2-2", "MQTT-4.8.2-3")]
    public async Task Shared_subscription_gives_each_message_to_one_member_with_its_qos_and_no_retained_ones()
    {
        string topic = New("t"), group = New("g");
        await using Peer a = await ConnectAsync(5), b = await ConnectAsync(5), own = await ConnectAsync(5), publisher = await ConnectAsync(5);
        await publisher.PublishAsync(topic, "kept", retain: true);
        await a.SubscribeAsync($"$share/{group}/{topic}", 0);
        await b.SubscribeAsync($"$share/{group}/{topic}", 1);
        await own.SubscribeAsync($"$share/{group}2/{topic}", 0); // another share: all of them
        await a.ExpectNothingAsync();
        for (int i = 0; i < 10; i++)
        {
            await publisher.PublishAsync(topic, $"{i}");
            await own.ExpectAsync(Frames.Publish(5, topic, $"{i}"));
        }

        List<Publication> gotA = await DrainAsync(a, topic), gotB = await DrainAsync(b, topic);
        Assert.All(gotA, p => Assert.Equal(0, p.Qos));
        Assert.All(gotB, p => Assert.Equal(1, p.Qos));
        Assert.NotEmpty(gotA);
        Assert.NotEmpty(gotB);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), gotA.Concat(gotB).Select(p => p.Payload).Order(StringComparer.Ordinal));
    }

    [Fact]
    [Normative("5.0", "MQTT-4.8.2-4", "MQTT-4.8.2-5")]
    public async Task Qos_2_message_begun_with_a_member_is_completed_there_or_nowhere()
    {
        string topic = New("t"), id = New(), filter = $"$share/{New("g")}/{topic}";
        await using Peer publisher = await ConnectAsync(5);
        Peer a = await ConnectAsync(5, Kept(5), id);
        await a.SubscribeAsync(filter, 2);
        await publisher.SendAsync(Frames.Publish(5, topic, "x", 2, 1));
        await publisher.ReadAsync();
        Publication began = await a.ReadPublishAsync();
        await using Peer b = await ConnectAsync(5);
        await b.SubscribeAsync(filter, 2);
        a.Break();

        await using (Peer again = await ConnectAsync(5, Kept(5), id, present: true))
        {
            await again.ExpectAsync(Frames.Publish(5, topic, "x", 2, began.Id, dup: true));
            await b.ExpectNothingAsync();
        }

        await using Peer anew = await ConnectAsync(5, id: id); // its session ended
        await anew.ExpectNothingAsync();
        await b.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-4.8.2-6")]
    public async Task Message_that_a_member_refuses_goes_to_no_other()
    {
        string topic = New("t"), filter = $"$share/{New("g")}/{topic}";
        await using Peer publisher = await ConnectAsync(5), a = await ConnectAsync(5);
        await a.SubscribeAsync(filter, 2);
        await publisher.PublishAsync(topic, "one");
        await publisher.SendAsync(Frames.Publish(5, topic, "two", 2, 2));
        await publisher.ReadAsync();
        Publication one = await a.ReadPublishAsync(), two = await a.ReadPublishAsync();
        await using Peer b = await ConnectAsync(5);
        await b.SubscribeAsync(filter, 2);
        await a.SendAsync(Frames.Ack(Frames.PubAck, one.Id, 0x80), Frames.Ack(Frames.PubRec, two.Id, 0x83));
        await a.ExpectNothingAsync();
        await b.ExpectNothingAsync();
    }

    /// <summary>What came, up to the answer to a ping.</summary>
    private static async Task<List<Publication>> DrainAsync(Peer peer, string topic)
    {
        await peer.SendAsync(Frames.PingReq);
        List<Publication> got = [];
        while (await peer.ReadAsync() is { Type: 3 } frame)
        {
            got.Add(Publication.Parse(frame, 5));
            Assert.Equal(topic, got[^1].Topic);
        }

        return got;
    }
}
