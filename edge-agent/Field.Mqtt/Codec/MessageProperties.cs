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
            IsUtf8 = list.Number(PropertyId.PayloadFormatIndicator) == 1,
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

    public static void AddMessage(PropertyList list, MqttMessageProperties? from)
    {
        if (from is null)
        {
            return;
        }

        if (from.IsUtf8)
        {
            list.Add(PropertyId.PayloadFormatIndicator, 1);
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
