using Field.Broker;
using Field.Mqtt;

namespace Field.Ingest.Identity;

/// <summary>
/// Who may do what over MQTT; deny by default. A device that proved itself acts as itself: its client id is its device id or begins with
/// <c>{device}/</c>, it publishes under its own <c>up/</c> and subscribes under its own <c>down/</c>. People come over the map's WebSocket as
/// <see cref="IMapIdentity"/>. Without either only this machine may connect.
/// </summary>
internal sealed class DeviceAuthorizer(IdentityOptions options, DeviceDirectory devices, SecurityAudit audit) : IMqttAuthorizer
{
    private static readonly LoopbackAuthorizer ThisMachine = new();

    public async ValueTask<MqttReasonCode> ConnectAsync(MqttClientIdentity client, CancellationToken cancellationToken)
    {
        if (client.Authenticated is not { } authenticated)
        {
            return await ThisMachine.ConnectAsync(client, cancellationToken).ConfigureAwait(false);
        }

        if (authenticated is IMapIdentity person)
        {
            return !person.IsAuthenticated ? MqttReasonCode.NotAuthorized
                : person.MayConnect(client.ClientId, client.IsAssigned) ? MqttReasonCode.Success : MqttReasonCode.ClientIdentifierNotValid;
        }

        if (authenticated is not DeviceIdentity device || device.Site != options.Site || !devices.IsValid(device.Serial))
        {
            return MqttReasonCode.NotAuthorized; // revoked between the handshake and CONNECT
        }

        // Device ids hold no '/', so no device's ids are another's; an id that the broker made up is nobody's.
        bool isOwn = client.IsAssigned || client.ClientId == device.Device || client.ClientId.StartsWith(device.Device + "/", StringComparison.Ordinal);
        return isOwn ? MqttReasonCode.Success : MqttReasonCode.ClientIdentifierNotValid;
    }

    public bool MayPublish(MqttClientIdentity client, string topic) => client.Authenticated switch
    {
        null => ThisMachine.MayPublish(client, topic),
        DeviceIdentity device => topic.StartsWith(device.UpPrefix, StringComparison.Ordinal),
        IMapIdentity person => person.MayPublish(topic),
        _ => false,
    };

    public bool MaySubscribe(MqttClientIdentity client, string filter) => client.Authenticated switch
    {
        null => ThisMachine.MaySubscribe(client, filter),
        DeviceIdentity device => filter.StartsWith(device.DownPrefix, StringComparison.Ordinal),
        IMapIdentity person => person.MaySubscribe(options.Site, filter),
        _ => false,
    };

    public void Refused(MqttRefusal refusal) => audit.Refused(
        What(refusal.Kind), refusal.Authenticated?.Name ?? "anonymous", refusal.Remote?.ToString(),
        refusal.Topic ?? (refusal.ClientId is { } id ? $"client {id}" : "connection"), $"{refusal.Code} (0x{(int)refusal.Code:X2})");

    private static string What(MqttRefusalKind kind) => kind switch
    {
        MqttRefusalKind.Connect => "mqtt.connect",
        MqttRefusalKind.Will => "mqtt.will",
        MqttRefusalKind.Publish => "mqtt.publish",
        MqttRefusalKind.Subscribe => "mqtt.subscribe",
        MqttRefusalKind.Rate => "mqtt.rate",
        _ => "mqtt.protocol",
    };
}
