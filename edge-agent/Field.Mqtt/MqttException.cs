namespace Field.Mqtt;

/// <summary>An MQTT exchange failed. <see cref="FieldException.IsTransient"/> says whether trying again (after reconnecting) can help.</summary>
public class MqttException : FieldException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="reasonCode">What the peer said or what would be said to it.</param>
    /// <param name="message">What happened and what the reader can do about it.</param>
    /// <param name="isTransient">True when the same call may succeed later without a change by a person.</param>
    /// <param name="innerException">The cause, or null.</param>
    public MqttException(MqttReasonCode reasonCode, string message, bool isTransient, Exception? innerException = null)
        : base(message, isTransient, innerException) => ReasonCode = reasonCode;

    /// <summary>The MQTT 5.0 reason code; results of a 3.1.1 peer are mapped onto it.</summary>
    public MqttReasonCode ReasonCode { get; }

    internal static MqttException Lost(string what, Exception? inner = null) =>
        new(MqttReasonCode.ServerUnavailable, what, isTransient: true, inner);

    internal static MqttException Refused(MqttReasonCode code, string what, string? reason) =>
        new(code, reason is null ? $"{what}: {code} (0x{(int)code:X2})" : $"{what}: {code} (0x{(int)code:X2}), {reason}", MayPass(code));

    private static bool MayPass(MqttReasonCode code) => code
        is MqttReasonCode.ServerUnavailable or MqttReasonCode.ServerBusy or MqttReasonCode.ServerShuttingDown
        or MqttReasonCode.QuotaExceeded or MqttReasonCode.MessageRateTooHigh or MqttReasonCode.ConnectionRateExceeded
        or MqttReasonCode.ReceiveMaximumExceeded or MqttReasonCode.KeepAliveTimeout or MqttReasonCode.UnspecifiedError
        or MqttReasonCode.ImplementationSpecificError or MqttReasonCode.MaximumConnectTime;
}

/// <summary>
/// The bytes from the peer break the MQTT grammar, or a limit; the only exception the decoder throws.
/// The connection must be closed: what follows in the stream has no meaning (MQTT 5.0 §4.13.1).
/// </summary>
public sealed class MalformedPacketException : MqttException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="reasonCode">The code to disconnect with: malformed packet, protocol error, packet too large, and the like.</param>
    /// <param name="message">What is wrong, with the clause that forbids it where there is one.</param>
    public MalformedPacketException(MqttReasonCode reasonCode, string message)
        : base(reasonCode, message, isTransient: false)
    {
    }

    /// <summary>CONNECT: the version in which the answer can be read, or null for no answer.</summary>
    internal MqttProtocolVersion? AnswerAs { get; init; }

    internal static MalformedPacketException Malformed(string message) => new(MqttReasonCode.MalformedPacket, message);

    internal static MalformedPacketException Protocol(string message) => new(MqttReasonCode.ProtocolError, message);
}
