using System.Text;
using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Tests.Mqtt;

/// <summary>tests/golden/mqtt/packets.txt was written by hand from the OASIS standards; the packets here say the same in our types.</summary>
public sealed class CodecGoldenTests
{
    private static readonly Dictionary<string, Packet> Packets = new()
    {
        ["connect-minimal-311"] = new ConnectPacket(MqttProtocolVersion.V311, "a") { KeepAliveSeconds = 10 },
        ["connect-figure-311"] = new ConnectPacket(MqttProtocolVersion.V311, "c")
        {
            KeepAliveSeconds = 10,
            UserName = "u",
            Password = "p"u8.ToArray(),
            Will = new("w/t", "by"u8.ToArray(), 1),
        },
        ["connect-figure-500"] = new ConnectPacket(MqttProtocolVersion.V500, "c")
        {
            KeepAliveSeconds = 10,
            UserName = "u",
            Password = "p"u8.ToArray(),
            Will = new("t", "by"u8.ToArray(), 1),
            Properties = new() { { PropertyId.SessionExpiryInterval, 10 } },
        },
        ["connack-accepted-311"] = new ConnAckPacket(false, MqttReasonCode.Success),
        ["connack-not-authorized-311"] = new ConnAckPacket(false, MqttReasonCode.NotAuthorized),
        ["connack-500"] = new ConnAckPacket(true, MqttReasonCode.Success)
        {
            Properties = new() { { PropertyId.ReceiveMaximum, 20 }, { PropertyId.TopicAliasMaximum, 10 } },
        },
        ["publish-example-311"] = new PublishPacket(new("a/b", "hi"u8.ToArray(), 1), 1, false) { PacketId = 10 },
        ["publish-example-500"] = new PublishPacket(new("a/b", "hi"u8.ToArray(), 1, true) { Duplicate = true }, 1, true) { PacketId = 10, Duplicate = true },
        ["publish-properties-500"] = new PublishPacket(
            new("a", "hi!"u8.ToArray())
            {
                Properties = new() { IsUtf8 = true, ExpirySeconds = 300, ContentType = "t", UserProperties = [new("k", "v")] },
            },
            0, false),
        ["puback-311"] = new AckPacket(PacketType.PubAck, 258),
        ["puback-success-500"] = new AckPacket(PacketType.PubAck, 258),
        ["puback-denied-500"] = new AckPacket(PacketType.PubAck, 258, MqttReasonCode.NotAuthorized)
        {
            Properties = new() { { PropertyId.ReasonString, "no" } },
        },
        ["pubrel-311"] = new AckPacket(PacketType.PubRel, 1),
        ["subscribe-example-311"] = new SubscribePacket(10, [new("a/b", 1), new("c/d", 2)]),
        ["subscribe-options-500"] = new SubscribePacket(
            10, [new("a/b", 1) { NoLocal = true, RetainAsPublished = true, RetainHandling = RetainHandling.DoNotSend }])
        {
            Properties = new() { { PropertyId.SubscriptionIdentifier, 128 } },
        },
        ["suback-example-311"] = new SubAckPacket(10, [MqttReasonCode.Success, MqttReasonCode.GrantedQos2, MqttReasonCode.UnspecifiedError]),
        ["unsubscribe-example-311"] = new UnsubscribePacket(10, ["a/b", "c/d"]),
        ["unsuback-311"] = new UnsubAckPacket(10, []),
        ["unsuback-500"] = new UnsubAckPacket(10, [MqttReasonCode.Success, MqttReasonCode.NoSubscriptionExisted]),
        ["pingreq"] = PingReqPacket.Instance,
        ["pingresp"] = PingRespPacket.Instance,
        ["disconnect-311"] = new DisconnectPacket(),
        ["disconnect-taken-over-500"] = new DisconnectPacket(MqttReasonCode.SessionTakenOver),
        ["auth-500"] = new AuthPacket(MqttReasonCode.ContinueAuthentication)
        {
            Properties = new() { { PropertyId.AuthenticationMethod, "m" }, { PropertyId.AuthenticationData, new byte[] { 1, 2 } } },
        },
    };

    public static TheoryData<string> Names => [.. Packets.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Codec_on_a_packet_written_by_hand_agrees_both_ways(string name)
    {
        (MqttProtocolVersion version, byte[] golden) = Golden()[name];
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(PacketSamples.Encode(Packets[name], version)));
        Assert.Equal(PacketSamples.Describe(Packets[name]), PacketSamples.Describe(PacketSamples.Decode(golden, version)));
    }

    [Fact]
    public void Golden_file_and_packets_name_the_same_cases() => Assert.Equal(Golden().Keys.Order(), Packets.Keys.Order());

    private static Dictionary<string, (MqttProtocolVersion, byte[])> Golden()
    {
        string path = Path.Combine(SharedData.RepositoryRoot(), "tests", "golden", "mqtt", "packets.txt");
        return File.ReadAllLines(path, Encoding.UTF8)
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('|', 3, StringSplitOptions.TrimEntries))
            .ToDictionary(
                c => c[0],
                c => (c[1] == "5.0" ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311,
                    Convert.FromHexString(c[2].Replace(" ", "", StringComparison.Ordinal).Replace("|", "", StringComparison.Ordinal))));
    }
}
