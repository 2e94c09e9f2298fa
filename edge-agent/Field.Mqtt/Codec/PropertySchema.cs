namespace Field.Mqtt.Codec;

internal enum PropertyKind
{
    None, Byte, UInt16, UInt32, VarInt, Text, Data, Pair,
}

/// <summary>Table 2-4 of MQTT 5.0 as data: the wire type of each property, where it may stand, and which numbers it may hold.</summary>
internal static class PropertySchema
{
    /// <summary>The context of will properties, beside the packet types.</summary>
    public const PacketType Will = 0;

    private static readonly (PropertyKind Kind, int Contexts, uint Min, uint Max)[] Rules = Build();

    public static PropertyKind Kind(int id) => (uint)id < (uint)Rules.Length ? Rules[id].Kind : PropertyKind.None;

    public static bool IsAllowed(int id, PacketType context) => (Rules[id].Contexts & (1 << (int)context)) != 0;

    public static bool IsInRange(int id, uint number) => number >= Rules[id].Min && number <= Rules[id].Max;

    /// <summary>A user property may repeat anywhere, a subscription identifier in a PUBLISH (§3.3.2.3.8); others occur once.</summary>
    public static bool MayRepeat(int id, PacketType context) =>
        id == (int)PropertyId.UserProperty || (id == (int)PropertyId.SubscriptionIdentifier && context == PacketType.Publish);

    private static (PropertyKind, int, uint, uint)[] Build()
    {
        var rules = new (PropertyKind, int, uint, uint)[(int)PropertyId.SharedSubscriptionAvailable + 1];
        void Rule(PropertyId id, PropertyKind kind, uint min, uint max, params PacketType[] contexts)
        {
            int mask = 0;
            foreach (PacketType context in contexts)
            {
                mask |= 1 << (int)context;
            }

            rules[(int)id] = (kind, mask, min, max);
        }

        const uint Any = uint.MaxValue;
        PacketType[] reasons =
        [
            PacketType.ConnAck, PacketType.PubAck, PacketType.PubRec, PacketType.PubRel, PacketType.PubComp,
            PacketType.SubAck, PacketType.UnsubAck, PacketType.Disconnect, PacketType.Auth,
        ];
        Rule(PropertyId.PayloadFormatIndicator, PropertyKind.Byte, 0, 1, PacketType.Publish, Will);
        Rule(PropertyId.MessageExpiryInterval, PropertyKind.UInt32, 0, Any, PacketType.Publish, Will);
        Rule(PropertyId.ContentType, PropertyKind.Text, 0, Any, PacketType.Publish, Will);
        Rule(PropertyId.ResponseTopic, PropertyKind.Text, 0, Any, PacketType.Publish, Will);
        Rule(PropertyId.CorrelationData, PropertyKind.Data, 0, Any, PacketType.Publish, Will);
        Rule(PropertyId.SubscriptionIdentifier, PropertyKind.VarInt, 1, Any, PacketType.Publish, PacketType.Subscribe);
        Rule(PropertyId.SessionExpiryInterval, PropertyKind.UInt32, 0, Any, PacketType.Connect, PacketType.ConnAck, PacketType.Disconnect);
        Rule(PropertyId.AssignedClientIdentifier, PropertyKind.Text, 0, Any, PacketType.ConnAck);
        Rule(PropertyId.ServerKeepAlive, PropertyKind.UInt16, 0, Any, PacketType.ConnAck);
        Rule(PropertyId.AuthenticationMethod, PropertyKind.Text, 0, Any, PacketType.Connect, PacketType.ConnAck, PacketType.Auth);
        Rule(PropertyId.AuthenticationData, PropertyKind.Data, 0, Any, PacketType.Connect, PacketType.ConnAck, PacketType.Auth);
        Rule(PropertyId.RequestProblemInformation, PropertyKind.Byte, 0, 1, PacketType.Connect);
        Rule(PropertyId.WillDelayInterval, PropertyKind.UInt32, 0, Any, Will);
        Rule(PropertyId.RequestResponseInformation, PropertyKind.Byte, 0, 1, PacketType.Connect);
        Rule(PropertyId.ResponseInformation, PropertyKind.Text, 0, Any, PacketType.ConnAck);
        Rule(PropertyId.ServerReference, PropertyKind.Text, 0, Any, PacketType.ConnAck, PacketType.Disconnect);
        Rule(PropertyId.ReasonString, PropertyKind.Text, 0, Any, reasons);
        Rule(PropertyId.ReceiveMaximum, PropertyKind.UInt16, 1, Any, PacketType.Connect, PacketType.ConnAck);
        Rule(PropertyId.TopicAliasMaximum, PropertyKind.UInt16, 0, Any, PacketType.Connect, PacketType.ConnAck);
        Rule(PropertyId.TopicAlias, PropertyKind.UInt16, 0, Any, PacketType.Publish); // 0 is refused as TopicAliasInvalid
        Rule(PropertyId.MaximumQos, PropertyKind.Byte, 0, 1, PacketType.ConnAck);
        Rule(PropertyId.RetainAvailable, PropertyKind.Byte, 0, 1, PacketType.ConnAck);
        Rule(PropertyId.UserProperty, PropertyKind.Pair, 0, Any,
            [.. reasons, PacketType.Connect, PacketType.Publish, Will, PacketType.Subscribe, PacketType.Unsubscribe]);
        Rule(PropertyId.MaximumPacketSize, PropertyKind.UInt32, 1, Any, PacketType.Connect, PacketType.ConnAck);
        Rule(PropertyId.WildcardSubscriptionAvailable, PropertyKind.Byte, 0, 1, PacketType.ConnAck);
        Rule(PropertyId.SubscriptionIdentifierAvailable, PropertyKind.Byte, 0, 1, PacketType.ConnAck);
        Rule(PropertyId.SharedSubscriptionAvailable, PropertyKind.Byte, 0, 1, PacketType.ConnAck);
        return rules;
    }
}
