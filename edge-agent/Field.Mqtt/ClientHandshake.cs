using System.Text;
using Field.Mqtt.Codec;
using Field.Mqtt.Delivery;
using Field.Mqtt.Transport;

namespace Field.Mqtt;

/// <summary>What both sides agreed on in CONNECT and CONNACK.</summary>
internal sealed record ConnectionTerms(
    string ClientId, bool SessionPresent, int Window, PeerLimits Limits, int MaxQos, bool MayRetain, TimeSpan KeepAlive)
{
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; private init; } = [];

    public static ConnectionTerms From(MqttClientOptions options, ConnAckPacket ack)
    {
        PropertyList? p = ack.Properties;
        return new(
            p?.Text(PropertyId.AssignedClientIdentifier) ?? options.ClientId,
            ack.SessionPresent,
            (int)Math.Min((uint)options.MaxInFlight, p?.Number(PropertyId.ReceiveMaximum) ?? ushort.MaxValue),
            new(
                options.ProtocolVersion,
                p?.Number(PropertyId.MaximumPacketSize) ?? long.MaxValue,
                (int)Math.Min(p?.Number(PropertyId.TopicAliasMaximum) ?? 0, (uint)options.TopicAliasMaximum)),
            (int)(p?.Number(PropertyId.MaximumQos) ?? 2),
            p?.Number(PropertyId.RetainAvailable) != 0,
            p?.Number(PropertyId.ServerKeepAlive) is { } seconds ? TimeSpan.FromSeconds(seconds) : options.KeepAlive)
        {
            UserProperties = [.. (p ?? []).Where(u => u.Id == PropertyId.UserProperty).Select(u => KeyValuePair.Create(u.Text!, u.Value!))],
        };
    }
}

/// <summary>CONNECT and CONNACK, the client's side (§3.1, §3.2).</summary>
internal static class ClientHandshake
{
    public static async Task<ConnectionTerms> RunAsync(
        MqttClientOptions options, ClientTransport transport, PacketReader reader, CancellationToken cancellationToken)
    {
        PacketEncoder.Write(transport.Output, Connect(options), options.ProtocolVersion);
        await transport.Output.FlushAsync(cancellationToken);
        Packet? answer = await reader.ReadAsync(cancellationToken);
        return answer switch
        {
            ConnAckPacket { ReasonCode: MqttReasonCode.Success, SessionPresent: true } when options.CleanStart =>
                throw MalformedPacketException.Protocol("the server resumes a session although a new one was asked for [MQTT-3.2.2-4]"),
            ConnAckPacket { ReasonCode: MqttReasonCode.Success } ack => ConnectionTerms.From(options, ack),
            ConnAckPacket refusal => throw MqttException.Refused(
                refusal.ReasonCode, $"{options.Server} refused the connection", refusal.Properties?.Text(PropertyId.ReasonString)),
            null => throw MqttException.Lost($"{options.Server} closed the connection before CONNACK; is it an MQTT server?"),
            _ => throw MalformedPacketException.Protocol($"{answer.Type} in place of CONNACK [MQTT-3.2.0-1]"),
        };
    }

    private static ConnectPacket Connect(MqttClientOptions options)
    {
        bool v5 = options.ProtocolVersion == MqttProtocolVersion.V500;
        return new(options.ProtocolVersion, options.ClientId)
        {
            CleanStart = options.CleanStart,
            KeepAliveSeconds = (ushort)Math.Ceiling(options.KeepAlive.TotalSeconds),
            Will = options.Will,
            WillDelaySeconds = (uint)options.WillDelay.TotalSeconds,
            UserName = options.UserName,
            Password = options.Password is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(options.Password),
            Properties = v5
                ? new()
                {
                    { PropertyId.SessionExpiryInterval, (uint)Math.Min(options.SessionExpiry.TotalSeconds, uint.MaxValue) },
                    { PropertyId.ReceiveMaximum, (uint)options.ReceiveMaximum },
                    { PropertyId.MaximumPacketSize, (uint)options.MaxPacketBytes },
                    { PropertyId.TopicAliasMaximum, (uint)options.TopicAliasMaximum },
                }
                : null,
        };
    }
}
