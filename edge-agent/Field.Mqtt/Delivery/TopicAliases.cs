using Field.Mqtt.Codec;

namespace Field.Mqtt.Delivery;

/// <summary>
/// Topic aliases of one direction of one connection (MQTT 5.0 §3.3.2.3.4), the sender's side: the first topics up to the peer's maximum
/// get one for the connection's life. Used by the pump only, so the order of assignment is the order on the wire.
/// </summary>
internal sealed class OutgoingAliases(int maximum)
{
    private readonly Dictionary<string, ushort> _aliases = new(StringComparer.Ordinal);

    /// <summary>The packet with the alias of its topic: beside the topic the first time, then in its place. Null when it has none.</summary>
    public PublishPacket? Apply(PublishPacket packet)
    {
        MqttMessage message = packet.Message;
        if (_aliases.TryGetValue(message.Topic, out ushort alias))
        {
            return packet with { Message = message with { Topic = "" }, TopicAlias = alias };
        }

        if (_aliases.Count >= maximum)
        {
            return null;
        }

        alias = (ushort)(_aliases.Count + 1);
        _aliases.Add(message.Topic, alias);
        return packet with { TopicAlias = alias };
    }

    /// <summary>The packet of <see cref="Apply"/> was not sent: if it introduced the alias, the peer does not know it.</summary>
    public void Forget(PublishPacket applied)
    {
        if (applied.Message.Topic.Length > 0)
        {
            _aliases.Remove(applied.Message.Topic);
        }
    }
}

/// <summary>The receiver's side: what each alias stands for, from one connection only [MQTT-3.3.2-7].</summary>
internal sealed class IncomingAliases(int maximum)
{
    private readonly Dictionary<ushort, string> _topics = [];

    /// <summary>The message with its topic.</summary>
    /// <exception cref="MalformedPacketException">The alias is above the maximum, or stands for nothing yet.</exception>
    public MqttMessage Resolve(PublishPacket packet)
    {
        if (packet.TopicAlias is not { } alias)
        {
            return packet.Message;
        }

        if (alias > maximum)
        {
            throw new MalformedPacketException(MqttReasonCode.TopicAliasInvalid, $"topic alias {alias} is above the maximum [MQTT-3.3.2-9]");
        }

        if (packet.Message.Topic.Length > 0)
        {
            _topics[alias] = packet.Message.Topic;
            return packet.Message;
        }

        return _topics.TryGetValue(alias, out string? topic)
            ? packet.Message with { Topic = topic }
            : throw MalformedPacketException.Protocol($"topic alias {alias} was never set (§3.3.2.3.4)");
    }
}
