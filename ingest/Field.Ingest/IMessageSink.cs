using Field.Broker;
using Field.Mqtt;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Ingest;

/// <summary>Where ingest publishes: the broker in this process, or a client of another broker.</summary>
public interface IMessageSink
{
    /// <summary>Publishes a message; returns when it is queued for every subscriber.</summary>
    /// <param name="topic">The topic name.</param>
    /// <param name="payload">UTF-8 JSON; not changed afterwards.</param>
    /// <param name="qos">0 or 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, int qos, CancellationToken cancellationToken);
}

/// <summary>Publishes through the broker of this process. It is resolved late: the broker itself needs the router.</summary>
internal sealed class BrokerSink(IServiceProvider services) : IMessageSink
{
    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, int qos, CancellationToken cancellationToken) =>
        services.GetRequiredService<MqttBroker>().PublishAsync(new MqttMessage(topic, payload, qos), cancellationToken);
}
