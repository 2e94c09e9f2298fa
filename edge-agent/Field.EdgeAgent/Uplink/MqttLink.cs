using Field.Mqtt;

namespace Field.EdgeAgent.Uplink;

/// <summary>Links over MQTT 5.</summary>
/// <param name="server">Such as <c>mqtts://host:8883</c>.</param>
/// <param name="tls">The certificates, asked for at each connection; null when the address needs none.</param>
/// <param name="keepAlive">The longest silence; null for <see cref="ServerOptions.DefaultKeepAliveSeconds"/>.</param>
internal sealed class MqttLinkFactory(
    Uri server, Func<CancellationToken, Task<MqttTlsOptions>>? tls = null, TimeSpan? keepAlive = null) : ILinkFactory
{
    /// <inheritdoc/>
    public async Task<ILink> OpenAsync(LinkRequest request, CancellationToken cancellationToken)
    {
        MqttClientOptions options = new()
        {
            Server = server,
            Tls = tls is null ? new() : await tls(cancellationToken),
            ClientId = request.ClientId,
            CleanStart = request.SessionExpiry == TimeSpan.Zero,
            SessionExpiry = request.SessionExpiry,
            KeepAlive = keepAlive ?? TimeSpan.FromSeconds(ServerOptions.DefaultKeepAliveSeconds),
            Will = new MqttMessage(request.WillTopic, request.Will, Qos: 1, Retain: true),
            Subscriptions =
            [
                .. request.Subscriptions.Select(s => new MqttSubscription(s.Topic, 1, (message, stop) => s.Handle(message.Payload, stop))),
            ],
        };
        return new MqttLink(await MqttClient.ConnectAsync(options, cancellationToken));
    }

    private sealed class MqttLink(MqttClient client) : ILink
    {
        public Task<string?> Closed { get; } = ReasonAsync(client);

        public bool AcknowledgesStored { get; } = client.ServerProperties.Any(p => p is { Key: "field-durable", Value: "1" });

        public Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellationToken) =>
            client.PublishAsync(new MqttMessage(topic, payload, Qos: 1, Retain: retain), cancellationToken);

        public ValueTask DisposeAsync() => client.DisposeAsync();

        private static async Task<string?> ReasonAsync(MqttClient client) => (await client.Closed)?.Message;
    }
}
