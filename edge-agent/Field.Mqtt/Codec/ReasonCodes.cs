using static Field.Mqtt.Codec.PacketType;
using static Field.Mqtt.MqttReasonCode;

namespace Field.Mqtt.Codec;

/// <summary>Which reason code may stand in which packet (MQTT 5.0 §2.4, table 2-6), and the 3.1.1 return codes.</summary>
internal static class ReasonCodes
{
    private static readonly int[] Allowed = Build();

    public static bool IsAllowed(int code, PacketType packet) => (Allowed[code & 0xFF] & (1 << (int)packet)) != 0;

    /// <summary>The CONNACK return code of 3.1.1 §3.2.2.3 for the reason; null where none applies [MQTT-3.2.2-6].</summary>
    public static byte? ToV311Connect(MqttReasonCode code) => code switch
    {
        Success => 0,
        UnsupportedProtocolVersion => 1,
        ClientIdentifierNotValid => 2,
        BadUserNameOrPassword => 4,
        NotAuthorized or Banned => 5,
        ServerUnavailable or ServerBusy or ServerShuttingDown or QuotaExceeded or ConnectionRateExceeded or UseAnotherServer or ServerMoved
            or UnspecifiedError => 3,
        _ => null,
    };

    public static MqttReasonCode? FromV311Connect(byte code) => code switch
    {
        0 => Success,
        1 => UnsupportedProtocolVersion,
        2 => ClientIdentifierNotValid,
        3 => ServerUnavailable,
        4 => BadUserNameOrPassword,
        5 => NotAuthorized,
        _ => null,
    };

    private static int[] Build()
    {
        int[] allowed = new int[256];
        void Allow(PacketType packet, params MqttReasonCode[] codes)
        {
            foreach (MqttReasonCode code in codes)
            {
                allowed[(int)code] |= 1 << (int)packet;
            }
        }

        Allow(ConnAck, Success, UnspecifiedError, MqttReasonCode.MalformedPacket, ProtocolError, ImplementationSpecificError,
            UnsupportedProtocolVersion, ClientIdentifierNotValid, BadUserNameOrPassword, NotAuthorized, ServerUnavailable, ServerBusy, Banned,
            BadAuthenticationMethod, TopicNameInvalid, PacketTooLarge, QuotaExceeded, PayloadFormatInvalid, RetainNotSupported,
            QosNotSupported, UseAnotherServer, ServerMoved, ConnectionRateExceeded);
        foreach (PacketType ack in (PacketType[])[PubAck, PubRec])
        {
            Allow(ack, Success, NoMatchingSubscribers, UnspecifiedError, ImplementationSpecificError, NotAuthorized, TopicNameInvalid,
                PacketIdentifierInUse, QuotaExceeded, PayloadFormatInvalid);
        }

        Allow(PubRel, Success, PacketIdentifierNotFound);
        Allow(PubComp, Success, PacketIdentifierNotFound);
        Allow(SubAck, Success, GrantedQos1, GrantedQos2, UnspecifiedError, ImplementationSpecificError, NotAuthorized, TopicFilterInvalid,
            PacketIdentifierInUse, QuotaExceeded, SharedSubscriptionsNotSupported, SubscriptionIdentifiersNotSupported,
            WildcardSubscriptionsNotSupported);
        Allow(UnsubAck, Success, NoSubscriptionExisted, UnspecifiedError, ImplementationSpecificError, NotAuthorized, TopicFilterInvalid,
            PacketIdentifierInUse);
        Allow(Disconnect, Success, DisconnectWithWill, UnspecifiedError, MqttReasonCode.MalformedPacket, ProtocolError,
            ImplementationSpecificError, NotAuthorized, ServerBusy, ServerShuttingDown, BadAuthenticationMethod, KeepAliveTimeout, SessionTakenOver,
            TopicFilterInvalid, TopicNameInvalid, ReceiveMaximumExceeded, TopicAliasInvalid, PacketTooLarge, MessageRateTooHigh, QuotaExceeded,
            AdministrativeAction, PayloadFormatInvalid, RetainNotSupported, QosNotSupported, UseAnotherServer, ServerMoved,
            SharedSubscriptionsNotSupported, ConnectionRateExceeded, MaximumConnectTime, SubscriptionIdentifiersNotSupported,
            WildcardSubscriptionsNotSupported);
        Allow(Auth, Success, ContinueAuthentication, Reauthenticate);
        return allowed;
    }
}
