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

    /// <summary>As <see cref="PublishAsync"/>, and the broker keeps it for whoever subscribes later, in place of what it kept before.</summary>
    /// <param name="topic">The topic name.</param>
    /// <param name="payload">UTF-8 JSON; empty for nothing to keep.</param>
    /// <param name="qos">0 or 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask RetainAsync(string topic, ReadOnlyMemory<byte> payload, int qos, CancellationToken cancellationToken);

    /// <summary>Publishes at QoS 0 and waits for nothing: a receiver who is behind misses it, which the broker counts.</summary>
    void Post(string topic, ReadOnlyMemory<byte> payload);

    /// <summary>False when surely nobody would get a message on the topic, so that it need not be written.</summary>
    bool IsHeard(string topic);
}

/// <summary>Publishes through the broker of this process. It is resolved late: the broker itself needs the router.</summary>
internal sealed class BrokerSink(IServiceProvider services) : IMessageSink
{
    private MqttBroker? _broker;

    private MqttBroker Broker => _broker ??= services.GetRequiredService<MqttBroker>();

    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, int qos, CancellationToken cancellationToken) =>
        Broker.PublishAsync(new MqttMessage(topic, payload, qos), cancellationToken);

    public ValueTask RetainAsync(string topic, ReadOnlyMemory<byte> payload, int qos, CancellationToken cancellationToken) =>
        Broker.PublishAsync(new MqttMessage(topic, payload, qos, Retain: true), cancellationToken);

    public void Post(string topic, ReadOnlyMemory<byte> payload) => Broker.Post(new MqttMessage(topic, payload));

    public bool IsHeard(string topic) => Broker.HasSubscribers(topic);
}
