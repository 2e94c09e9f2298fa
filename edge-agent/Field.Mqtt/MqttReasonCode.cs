namespace Field.Mqtt;

/// <summary>Reason codes of MQTT 5.0 §2.4. Values below 0x80 mean success, others failure. 3.1.1 results are mapped onto them.</summary>
public enum MqttReasonCode
{
    /// <summary>0x00: success, normal disconnection, or granted QoS 0.</summary>
    Success = 0x00,

    /// <summary>0x01: granted QoS 1.</summary>
    GrantedQos1 = 0x01,

    /// <summary>0x02: granted QoS 2.</summary>
    GrantedQos2 = 0x02,

    /// <summary>0x04: the client disconnects and wishes its will to be published.</summary>
    DisconnectWithWill = 0x04,

    /// <summary>0x10: accepted, but nobody subscribes.</summary>
    NoMatchingSubscribers = 0x10,

    /// <summary>0x11: no such subscription existed.</summary>
    NoSubscriptionExisted = 0x11,

    /// <summary>0x18: continue the authentication with another step.</summary>
    ContinueAuthentication = 0x18,

    /// <summary>0x19: initiate a re-authentication.</summary>
    Reauthenticate = 0x19,

    /// <summary>0x80: the sender does not wish to say more.</summary>
    UnspecifiedError = 0x80,

    /// <summary>0x81: the packet could not be parsed.</summary>
    MalformedPacket = 0x81,

    /// <summary>0x82: the packet parsed but is not allowed here or says something twice.</summary>
    ProtocolError = 0x82,

    /// <summary>0x83: valid, but this receiver does not accept it.</summary>
    ImplementationSpecificError = 0x83,

    /// <summary>0x84: the protocol version is not supported.</summary>
    UnsupportedProtocolVersion = 0x84,

    /// <summary>0x85: the client identifier is not allowed.</summary>
    ClientIdentifierNotValid = 0x85,

    /// <summary>0x86: user name or password not accepted.</summary>
    BadUserNameOrPassword = 0x86,

    /// <summary>0x87: the client may not do this.</summary>
    NotAuthorized = 0x87,

    /// <summary>0x88: the server is not available.</summary>
    ServerUnavailable = 0x88,

    /// <summary>0x89: the server is busy; try again later.</summary>
    ServerBusy = 0x89,

    /// <summary>0x8A: this client is banned.</summary>
    Banned = 0x8A,

    /// <summary>0x8B: the server is shutting down.</summary>
    ServerShuttingDown = 0x8B,

    /// <summary>0x8C: the authentication method is not supported or not the agreed one.</summary>
    BadAuthenticationMethod = 0x8C,

    /// <summary>0x8D: nothing was received for 1.5 times the keep-alive.</summary>
    KeepAliveTimeout = 0x8D,

    /// <summary>0x8E: another connection uses the same client identifier.</summary>
    SessionTakenOver = 0x8E,

    /// <summary>0x8F: the topic filter is not valid or not accepted.</summary>
    TopicFilterInvalid = 0x8F,

    /// <summary>0x90: the topic name is not valid or not accepted.</summary>
    TopicNameInvalid = 0x90,

    /// <summary>0x91: the packet identifier is already in use.</summary>
    PacketIdentifierInUse = 0x91,

    /// <summary>0x92: the packet identifier is not known.</summary>
    PacketIdentifierNotFound = 0x92,

    /// <summary>0x93: more unacknowledged messages than the receive maximum.</summary>
    ReceiveMaximumExceeded = 0x93,

    /// <summary>0x94: a topic alias of 0 or above the maximum, or one never set.</summary>
    TopicAliasInvalid = 0x94,

    /// <summary>0x95: the packet is larger than the receiver's maximum.</summary>
    PacketTooLarge = 0x95,

    /// <summary>0x96: data comes too fast.</summary>
    MessageRateTooHigh = 0x96,

    /// <summary>0x97: a limit set by the implementation or the administrator was exceeded.</summary>
    QuotaExceeded = 0x97,

    /// <summary>0x98: closed by an administrator.</summary>
    AdministrativeAction = 0x98,

    /// <summary>0x99: the payload does not match its payload format.</summary>
    PayloadFormatInvalid = 0x99,

    /// <summary>0x9A: retained messages are not supported.</summary>
    RetainNotSupported = 0x9A,

    /// <summary>0x9B: this quality of service is not supported.</summary>
    QosNotSupported = 0x9B,

    /// <summary>0x9C: use another server for now.</summary>
    UseAnotherServer = 0x9C,

    /// <summary>0x9D: the server has moved.</summary>
    ServerMoved = 0x9D,

    /// <summary>0x9E: shared subscriptions are not supported.</summary>
    SharedSubscriptionsNotSupported = 0x9E,

    /// <summary>0x9F: too many connections per time.</summary>
    ConnectionRateExceeded = 0x9F,

    /// <summary>0xA0: the longest time granted to this connection is over.</summary>
    MaximumConnectTime = 0xA0,

    /// <summary>0xA1: subscription identifiers are not supported.</summary>
    SubscriptionIdentifiersNotSupported = 0xA1,

    /// <summary>0xA2: wildcard subscriptions are not supported.</summary>
    WildcardSubscriptionsNotSupported = 0xA2,
}
