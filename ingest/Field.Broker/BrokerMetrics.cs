using System.Diagnostics.Metrics;

namespace Field.Broker;

/// <summary>The broker's instruments, meter <c>Field.Broker</c>.</summary>
internal sealed class BrokerMetrics : IDisposable
{
    public const string MeterName = "Field.Broker";

    private readonly Meter _meter;
    private readonly UpDownCounter<long> _subscriptions;
    private readonly Counter<long> _received;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _subscriptionsRefused;
    private readonly Counter<long> _throttled;

    public BrokerMetrics(IMeterFactory meters, Func<int> connections)
    {
        _meter = meters.Create(MeterName);
        _meter.CreateObservableUpDownCounter("field.broker.connections", connections, "{connection}", "Connected clients");
        _subscriptions = _meter.CreateUpDownCounter<long>("field.broker.subscriptions", "{subscription}", "Subscriptions of all sessions");
        _received = _meter.CreateCounter<long>("field.broker.messages.received", "{message}", "Messages published by clients");
        _delivered = _meter.CreateCounter<long>("field.broker.messages.queued", "{message}", "Messages queued for subscribers");
        _dropped = _meter.CreateCounter<long>("field.broker.messages.dropped", "{message}", "Messages not delivered or not retained, by reason");
        _rejected = _meter.CreateCounter<long>("field.broker.messages.rejected", "{message}", "Messages of clients not accepted, by reason code");
        _refused = _meter.CreateCounter<long>("field.broker.connections.ended", "{connection}", "Connections refused or closed by the broker, by reason code");
        _subscriptionsRefused = _meter.CreateCounter<long>("field.broker.subscriptions.refused", "{subscription}", "Subscriptions refused, by reason code");
        _throttled = _meter.CreateCounter<long>("field.broker.throttled", "{pause}", "Pauses in reading from clients above the packet or byte rate");
    }

    public void SubscriptionRefused(Mqtt.MqttReasonCode code) => _subscriptionsRefused.Add(1, new KeyValuePair<string, object?>("code", code.ToString()));

    public void Throttled() => _throttled.Add(1);

    public void Subscribed(long change) => _subscriptions.Add(change);

    public void Received() => _received.Add(1);

    public void Queued() => _delivered.Add(1);

    public void Dropped(string reason) => _dropped.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Rejected(Mqtt.MqttReasonCode code) => _rejected.Add(1, new KeyValuePair<string, object?>("code", code.ToString()));

    public void Ended(Mqtt.MqttReasonCode code) => _refused.Add(1, new KeyValuePair<string, object?>("code", code.ToString()));

    public void Dispose() => _meter.Dispose();
}
