using Field.Broker;
using Field.Mqtt;
using Field.Mqtt.Delivery;

namespace Field.Tests.Mqtt;

public sealed class MqttTopicTests
{
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)] // §4.7.1.2
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("sport/#", "sports", false)]
    [InlineData("#", "a", true)]
    [InlineData("#", "/", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)] // §4.7.1.3
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("+/tennis/#", "sport/tennis/x", true)]
    [InlineData("+", "finance", true)]
    [InlineData("#", "$SYS/monitor", false)] // §4.7.2, [MQTT-4.7.2-1]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/monitor", true)]
    [InlineData("$SYS/monitor/+", "$SYS/monitor/Clients", true)]
    [InlineData("a/+", "a/$b", true)] // only a leading $ is special
    [InlineData("ACCOUNTS", "Accounts", false)] // §4.7.3: case sensitive
    [InlineData("/a", "a", false)]
    [InlineData("a", "a/", false)]
    [InlineData("a//b", "a//b", true)]
    [InlineData("a/+/b", "a//b", true)]
    [InlineData("$share/g/a/+", "a/b", true)] // §4.8.2
    [InlineData("$share/g/#", "$SYS/x", false)]
    public void Filter_and_topic_of_the_standard_match_as_it_says(string filter, string topic, bool expected)
    {
        Assert.True(MqttTopic.IsValidFilter(filter));
        Assert.True(MqttTopic.IsValidName(topic));
        Assert.Equal(expected, MqttTopic.Matches(filter, topic));

        SubscriptionIndex index = new();
        index.Add(new(NewSession("c"), filter, 0));
        Route route = index.Match(topic);
        Assert.Equal(expected, route.Targets.Length + route.Shared.Length == 1);
    }

    [Theory]
    [InlineData("sport/tennis#")] // [MQTT-4.7.1-1]
    [InlineData("sport/tennis/#/ranking")]
    [InlineData("sport+")] // [MQTT-4.7.1-2]
    [InlineData("")] // [MQTT-4.7.3-1]
    [InlineData("a\0b")] // [MQTT-4.7.3-2]
    [InlineData("$share/g")] // [MQTT-4.8.2-1]
    [InlineData("$share//a")]
    [InlineData("$share/g/")]
    [InlineData("$share/g+/a")] // [MQTT-4.8.2-2]
    [InlineData("$share/g/a#")]
    public void Filter_against_the_rules_is_not_valid(string filter) => Assert.False(MqttTopic.IsValidFilter(filter));

    [Fact]
    public void Filter_and_name_over_65535_bytes_are_not_valid()
    {
        Assert.True(MqttTopic.IsValidName(new string('a', 65_535)));
        Assert.False(MqttTopic.IsValidName(new string('a', 65_536)));
        Assert.False(MqttTopic.IsValidFilter(new string('橋', 21_846)));
    }

    [Fact]
    public void Index_with_random_filters_added_and_removed_routes_like_the_plain_match()
    {
        Random random = new(11);
        string[] levels = ["a", "b", "$c", "", "+", "#"];
        SubscriptionIndex index = new();
        Session[] sessions = [.. Enumerable.Range(0, 8).Select(i => NewSession($"s{i}"))];
        HashSet<(Session, string)> added = [];
        for (int round = 0; round < 3000; round++)
        {
            string filter = string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => levels[random.Next(levels.Length)]));
            Session session = sessions[random.Next(sessions.Length)];
            if (MqttTopic.IsValidFilter(filter))
            {
                if (random.Next(2) == 0)
                {
                    Assert.Equal(added.Add((session, filter)), index.Add(new(session, filter, 0)));
                }
                else
                {
                    index.Remove(session, filter);
                    added.Remove((session, filter));
                }
            }

            string topic = string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => levels[random.Next(4)]));
            if (MqttTopic.IsValidName(topic))
            {
                Assert.Equal(
                    added.Where(s => MqttTopic.Matches(s.Item2, topic)).Select(s => s.Item1.ClientId + " " + s.Item2).Order(),
                    index.Match(topic).Targets.SelectMany(t => t.Subscriptions).Select(s => s.Session.ClientId + " " + s.Filter).Order());
            }
        }
    }

    private static Session NewSession(string id) => new(id, new DeliveryQueue(1, 1, TimeProvider.System));
}
