using Field.Mqtt;
using Microsoft.Extensions.Logging;

namespace Field.Broker;

/// <summary>Log messages of the broker, ids 2000 to 2099.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(2000, LogLevel.Information, "MQTT client {ClientId} connected from {Remote} ({Version}, session present: {SessionPresent})")]
    public static partial void Connected(this ILogger log, string clientId, string remote, MqttProtocolVersion version, bool sessionPresent);

    [LoggerMessage(2001, LogLevel.Information, "MQTT client {ClientId} disconnected: {Reason}")]
    public static partial void Disconnected(this ILogger log, string clientId, string reason);

    [LoggerMessage(2002, LogLevel.Warning, "MQTT connection from {Remote} refused: {Code}, {Reason}")]
    public static partial void Refused(this ILogger log, string remote, MqttReasonCode code, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "MQTT client {ClientId} closed by the broker: {Code}, {Reason}")]
    public static partial void ClosedByBroker(this ILogger log, string clientId, MqttReasonCode code, string reason);

    [LoggerMessage(2004, LogLevel.Warning, "Message of {ClientId} on {Topic} not accepted: {Code}, {Reason}")]
    public static partial void MessageRejected(this ILogger log, string clientId, string topic, MqttReasonCode code, string? reason);

    [LoggerMessage(2005, LogLevel.Error, "Storing a message of {ClientId} on {Topic} failed; not acknowledged, the client will send it again")]
    public static partial void StoreFailed(this ILogger log, Exception e, string clientId, string topic);

    [LoggerMessage(2006, LogLevel.Warning, "MQTT client {ClientId} is too slow: messages are being dropped (QoS {Qos})")]
    public static partial void SlowConsumer(this ILogger log, string clientId, int qos);

    [LoggerMessage(2007, LogLevel.Warning, "Retained messages are at their limit; {Topic} was delivered but not retained")]
    public static partial void RetainedFull(this ILogger log, string topic);

    [LoggerMessage(2008, LogLevel.Error, "MQTT connection of {ClientId} failed")]
    public static partial void Failed(this ILogger log, Exception e, string clientId);

    [LoggerMessage(2009, LogLevel.Debug, "MQTT message for {ClientId} on {Topic} is larger than the client accepts; not sent")]
    public static partial void TooLargeForClient(this ILogger log, string clientId, string topic);

    [LoggerMessage(2010, LogLevel.Information, "Broker state: {Sessions} sessions with {Messages} messages, {Retained} retained messages, {Bytes} bytes in {Folder}")]
    public static partial void StateRestored(this ILogger log, int sessions, int messages, int retained, long bytes, string folder);

    [LoggerMessage(2011, LogLevel.Warning, "Broker state: {Bytes} bytes at the end were torn by a crash and set aside; nothing acknowledged was in them")]
    public static partial void StateTorn(this ILogger log, long bytes);

    [LoggerMessage(2012, LogLevel.Error, "Broker state could not be stored; publishers get no acknowledgement until it can")]
    public static partial void StateFailed(this ILogger log, Exception e);

    [LoggerMessage(2013, LogLevel.Warning, "Broker state is stored again")]
    public static partial void StateRecovered(this ILogger log);

    [LoggerMessage(2014, LogLevel.Warning, "Broker state: old files could not be tidied away; tried again with the next messages")]
    public static partial void StateTidyFailed(this ILogger log, Exception e);

    [LoggerMessage(2015, LogLevel.Critical, "Broker state: the writer ended; no durable message is accepted until the server is started again")]
    public static partial void StateWriterFailed(this ILogger log, Exception e);
}
