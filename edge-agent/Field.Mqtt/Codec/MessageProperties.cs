namespace Field.Mqtt.Codec;

/// <summary>Between the properties on the wire and those of an application message.</summary>
internal static class MessageProperties
{
    /// <summary>Null when none of the properties is the message's own (a topic alias and a will delay are the transmission's).</summary>
    public static MqttMessageProperties? FromWire(PropertyList? list)
    {
        if (list is null || list.All(p => p.Id is PropertyId.TopicAlias or PropertyId.WillDelayInterval))
        {
            return null;
        }

        List<KeyValuePair<string, string>>? users = null;
        List<uint>? subscriptions = null;
        foreach (Property property in list)
        {
            if (property.Id == PropertyId.UserProperty)
            {
                (users ??= []).Add(new(property.Text!, property.Value!));
            }
            else if (property.Id == PropertyId.SubscriptionIdentifier)
            {
                (subscriptions ??= []).Add(property.Number);
            }
        }

        return new()
        {
            PayloadFormat = list.Number(PropertyId.PayloadFormatIndicator),
            ExpirySeconds = list.Number(PropertyId.MessageExpiryInterval),
            ContentType = list.Text(PropertyId.ContentType),
            ResponseTopic = list.Text(PropertyId.ResponseTopic),
            CorrelationData = list.Data(PropertyId.CorrelationData),
            UserProperties = users ?? [],
            SubscriptionIdentifiers = subscriptions ?? [],
        };
    }

    public static PropertyList? ToWire(MqttMessageProperties? from, ushort? topicAlias, IReadOnlyList<uint> subscriptions)
    {
        if (from is null && topicAlias is null && subscriptions.Count == 0)
        {
            return null;
        }

        PropertyList list = [];
        AddMessage(list, from);
        if (topicAlias is { } alias)
        {
            list.Add(PropertyId.TopicAlias, alias);
        }

        foreach (uint subscription in subscriptions)
        {
            list.Add(PropertyId.SubscriptionIdentifier, subscription);
        }

        return list;
    }

    /// <summary>Can the properties be put on the wire? The sender of a packet answers for its strings [MQTT-1.5.4-1], [MQTT-1.5.4-2].</summary>
    public static bool IsSendable(MqttMessageProperties properties) =>
        (properties.ContentType is null || MqttTopic.IsSendableText(properties.ContentType))
        && (properties.ResponseTopic is null || MqttTopic.IsValidName(properties.ResponseTopic))
        && (properties.CorrelationData?.Length ?? 0) <= ushort.MaxValue
        && properties.UserProperties.All(p => MqttTopic.IsSendableText(p.Key) && MqttTopic.IsSendableText(p.Value))
        && properties.SubscriptionIdentifiers.Count == 0;

    public static void AddMessage(PropertyList list, MqttMessageProperties? from)
    {
        if (from is null)
        {
            return;
        }

        if (from.PayloadFormat is { } format)
        {
            list.Add(PropertyId.PayloadFormatIndicator, format);
        }

        if (from.ExpirySeconds is { } expiry)
        {
            list.Add(PropertyId.MessageExpiryInterval, expiry);
        }

        if (from.ContentType is { } type)
        {
            list.Add(PropertyId.ContentType, type);
        }

        if (from.ResponseTopic is { } response)
        {
            list.Add(PropertyId.ResponseTopic, response);
        }

        if (from.CorrelationData is { } correlation)
        {
            list.Add(PropertyId.CorrelationData, correlation);
        }

        foreach ((string name, string value) in from.UserProperties)
        {
            list.AddUser(name, value);
        }
    }
}
