using System.Collections;

namespace Field.Mqtt.Codec;

/// <summary>Property identifiers (MQTT 5.0 §2.2.2.2, table 2-4).</summary>
internal enum PropertyId
{
    PayloadFormatIndicator = 0x01, MessageExpiryInterval = 0x02, ContentType = 0x03, ResponseTopic = 0x08, CorrelationData = 0x09,
    SubscriptionIdentifier = 0x0B, SessionExpiryInterval = 0x11, AssignedClientIdentifier = 0x12, ServerKeepAlive = 0x13,
    AuthenticationMethod = 0x15, AuthenticationData = 0x16, RequestProblemInformation = 0x17, WillDelayInterval = 0x18,
    RequestResponseInformation = 0x19, ResponseInformation = 0x1A, ServerReference = 0x1C, ReasonString = 0x1F, ReceiveMaximum = 0x21,
    TopicAliasMaximum = 0x22, TopicAlias = 0x23, MaximumQos = 0x24, RetainAvailable = 0x25, UserProperty = 0x26, MaximumPacketSize = 0x27,
    WildcardSubscriptionAvailable = 0x28, SubscriptionIdentifierAvailable = 0x29, SharedSubscriptionAvailable = 0x2A,
}

/// <summary>One property: a number, a text, bytes, or (for a user property) a name in Text and a value in Value.</summary>
internal readonly record struct Property(PropertyId Id, uint Number, string? Text = null, string? Value = null, ReadOnlyMemory<byte> Data = default);

/// <summary>The properties of one packet in wire order. Few entries, so a list that is searched.</summary>
internal sealed class PropertyList : IEnumerable<Property>
{
    private readonly List<Property> _entries = [];

    public int Count => _entries.Count;

    public Property this[int index] => _entries[index];

    public void Add(Property property) => _entries.Add(property);

    public void Add(PropertyId id, uint number) => _entries.Add(new(id, number));

    public void Add(PropertyId id, string text) => _entries.Add(new(id, 0, text));

    public void Add(PropertyId id, ReadOnlyMemory<byte> data) => _entries.Add(new(id, 0, Data: data));

    public void AddUser(string name, string value) => _entries.Add(new(PropertyId.UserProperty, 0, name, value));

    public uint? Number(PropertyId id) => Find(id)?.Number;

    public string? Text(PropertyId id) => Find(id)?.Text;

    public ReadOnlyMemory<byte>? Data(PropertyId id) => Find(id)?.Data;

    public IEnumerator<Property> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>What is left without reason string and user properties; null when there are none of them.</summary>
    public PropertyList? WithoutDiagnostics()
    {
        PropertyList rest = [];
        foreach (Property property in _entries)
        {
            if (property.Id is not (PropertyId.ReasonString or PropertyId.UserProperty))
            {
                rest.Add(property);
            }
        }

        return rest.Count < Count ? rest : null;
    }

    private Property? Find(PropertyId id)
    {
        foreach (Property property in _entries)
        {
            if (property.Id == id)
            {
                return property;
            }
        }

        return null;
    }
}
