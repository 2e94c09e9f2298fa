using System.Buffers;
using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Tests.Mqtt;

/// <summary>One line per rule of the standard that a packet breaks; everything else about the packet is right.</summary>
public sealed class CodecMalformedTests
{
    private const int V3 = 4;
    private const int V5 = 5;

    [Theory]
    [InlineData("MQTT-1.5.4-1 ill-formed UTF-8", V5, "30 05 00 01 FF 00 61", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-1.5.4-1 a surrogate in UTF-8", V5, "30 06 00 03 ED A0 80 00", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-1.5.4-2 U+0000 in a string", V5, "30 05 00 01 00 00 61", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-1.5.5-1 property length not minimal", V5, "30 06 00 01 61 80 00 61", MqttReasonCode.MalformedPacket)]
    [InlineData("2.1.4 remaining length of five bytes", V5, "30 80 80 80 80 01", MqttReasonCode.MalformedPacket)]
    [InlineData("2.1.2 packet type 0", V5, "00 00", MqttReasonCode.MalformedPacket)]
    [InlineData("3.1.1 2.2.1 packet type 15", V3, "F0 00", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-2.1.3-1 flags of PINGREQ", V5, "C1 00", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-3.6.1-1 flags of PUBREL", V5, "60 02 00 01", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-3.8.1-1 flags of SUBSCRIBE", V3, "80 06 00 01 00 01 61 00", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-3.10.1-1 flags of UNSUBSCRIBE", V3, "A0 05 00 01 00 01 61", MqttReasonCode.MalformedPacket)]
    [InlineData("3.12 PINGREQ with a body", V5, "C0 01 00", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-2.2.1-3 packet identifier 0 in PUBLISH", V5, "32 06 00 01 61 00 00 00", MqttReasonCode.ProtocolError)]
    [InlineData("MQTT-2.2.1-3 packet identifier 0 in SUBSCRIBE", V3, "82 06 00 00 00 01 61 00", MqttReasonCode.ProtocolError)]
    [InlineData("MQTT-3.3.1-4 QoS 3", V5, "36 06 00 01 61 00 01 00", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-3.3.1-2 DUP with QoS 0", V5, "38 04 00 01 61 00", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-3.3.2-2 wildcard in a topic name", V5, "30 04 00 01 2B 00", MqttReasonCode.TopicNameInvalid)]
    [InlineData("MQTT-4.7.3-1 empty topic, 3.1.1", V3, "30 02 00 00", MqttReasonCode.ProtocolError)]
    [InlineData("3.3.2.1 empty topic without an alias", V5, "30 03 00 00 00", MqttReasonCode.ProtocolError)]
    [InlineData("MQTT-3.3.2-8 topic alias 0", V5, "30 07 00 01 61 03 23 00 00", MqttReasonCode.TopicAliasInvalid)]
    [InlineData("MQTT-3.3.2-14 wildcard in the response topic", V5, "30 08 00 01 61 04 08 00 01 23", MqttReasonCode.ProtocolError)]
    [InlineData("2.2.2.2 property twice", V5, "30 08 00 01 61 04 01 01 01 01", MqttReasonCode.ProtocolError)]
    [InlineData("2.2.2.2 property of another packet", V5, "30 07 00 01 61 03 21 00 01", MqttReasonCode.MalformedPacket)]
    [InlineData("2.2.2.2 unknown property", V5, "30 06 00 01 61 02 7F 00", MqttReasonCode.MalformedPacket)]
    [InlineData("3.3.2.3.2 payload format 2", V5, "30 06 00 01 61 02 01 02", MqttReasonCode.ProtocolError)]
    [InlineData("3.3.2.3.8 subscription identifier 0", V5, "82 09 00 01 02 0B 00 00 01 61 00", MqttReasonCode.ProtocolError)]
    [InlineData("properties longer than the packet", V5, "30 05 00 01 61 09 01", MqttReasonCode.MalformedPacket)]
    [InlineData("string longer than the packet", V5, "30 04 00 09 61 00", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-3.1.2-1 wrong protocol name", V5, "10 0D 00 04 4D 51 54 58 04 02 00 0A 00 01 61", MqttReasonCode.UnsupportedProtocolVersion)]
    [InlineData("MQTT-3.1.2-2 level 3", V5, "10 0F 00 06 4D 51 49 73 64 70 03 02 00 0A 00 01 61", MqttReasonCode.UnsupportedProtocolVersion)]
    [InlineData("MQTT-3.1.2-3 reserved connect flag", V5, "10 0D 00 04 4D 51 54 54 04 03 00 0A 00 01 61", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-3.1.2-11 will QoS without a will", V5, "10 0D 00 04 4D 51 54 54 04 0A 00 0A 00 01 61", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-3.1.2-13 will retain without a will", V5, "10 0D 00 04 4D 51 54 54 04 22 00 0A 00 01 61", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-3.1.2-12 will QoS 3", V5, "10 13 00 04 4D 51 54 54 04 1E 00 0A 00 01 61 00 01 61 00 01 61", MqttReasonCode.MalformedPacket)]
    [InlineData("3.1.1 MQTT-3.1.2-22 password without user name", V5, "10 10 00 04 4D 51 54 54 04 42 00 0A 00 01 61 00 01 70", MqttReasonCode.MalformedPacket)]
    [InlineData("3.1.2.11.3 receive maximum 0", V5, "10 11 00 04 4D 51 54 54 05 02 00 0A 03 21 00 00 00 01 61", MqttReasonCode.ProtocolError)]
    [InlineData("3.1.2.11.10 authentication data without a method", V5, "10 11 00 04 4D 51 54 54 05 02 00 0A 03 16 00 00 00 01 61", MqttReasonCode.ProtocolError)]
    [InlineData("CONNECT with bytes after its payload", V5, "10 0E 00 04 4D 51 54 54 04 02 00 0A 00 01 61 00", MqttReasonCode.MalformedPacket)]
    [InlineData("3.2.2.1 reserved CONNACK flags", V3, "20 02 02 00", MqttReasonCode.MalformedPacket)]
    [InlineData("3.1.1 3.2.2.3 return code 6", V3, "20 02 00 06", MqttReasonCode.MalformedPacket)]
    [InlineData("2.4 reason code of another packet", V5, "40 03 00 01 8E", MqttReasonCode.ProtocolError)]
    [InlineData("2.4 reason code that does not exist", V5, "E0 01 70", MqttReasonCode.ProtocolError)]
    [InlineData("MQTT-3.8.3-2 SUBSCRIBE without a filter", V5, "82 03 00 01 00", MqttReasonCode.ProtocolError)]
    [InlineData("MQTT-3.10.3-2 UNSUBSCRIBE without a filter", V3, "A2 02 00 01", MqttReasonCode.ProtocolError)]
    [InlineData("MQTT-3.8.3-5 reserved subscription options", V5, "82 07 00 01 00 00 01 61 40", MqttReasonCode.MalformedPacket)]
    [InlineData("3.8.3.1 QoS 3", V3, "82 06 00 01 00 01 61 03", MqttReasonCode.MalformedPacket)]
    [InlineData("3.8.3.1 retain handling 3", V5, "82 07 00 01 00 00 01 61 30", MqttReasonCode.MalformedPacket)]
    [InlineData("MQTT-3.8.3-4 no local on a shared subscription", V5, "82 10 00 01 00 00 0A 24 73 68 61 72 65 2F 67 2F 61 04", MqttReasonCode.ProtocolError)]
    [InlineData("MQTT-3.9.3-2 SUBACK code 3, 3.1.1", V3, "90 03 00 01 03", MqttReasonCode.MalformedPacket)]
    public void Decoder_on_a_broken_rule_refuses_with_its_reason(string rule, int level, string hex, MqttReasonCode expected)
    {
        ReadOnlySequence<byte> sequence = new(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        MalformedPacketException? e = null;
        try
        {
            bool complete = PacketDecoder.TryRead(ref sequence, (MqttProtocolVersion)level, 1 << 20, out Packet? packet);
            Assert.Fail(complete ? $"{rule}: accepted as {packet}" : $"{rule}: the case itself is not a complete packet");
        }
        catch (MalformedPacketException thrown)
        {
            e = thrown;
        }

        Assert.Equal(expected, e.ReasonCode);
        Assert.False(e.IsTransient);
    }
}
