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
    private readonly Counter<long> _stateCommits;
    private readonly Counter<long> _stateWrites;
    private readonly Counter<long> _stateFailures;
    private readonly Counter<long> _stateTorn;
    private long _stateBytes;
    private long _stateMessages;

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
        _stateCommits = _meter.CreateCounter<long>("field.broker.state.commits", "{commit}", "Group commits (one fsync each) of the durable state");
        _stateWrites = _meter.CreateCounter<long>("field.broker.state.changes", "{change}", "Changes of the durable state, messages included");
        _stateFailures = _meter.CreateCounter<long>("field.broker.state.failures", "{commit}", "Group commits that the disk refused");
        _stateTorn = _meter.CreateCounter<long>("field.broker.state.torn", "By", "Bytes torn by a crash and cut off at the start");
        _meter.CreateObservableGauge("field.broker.state.size", () => Volatile.Read(ref _stateBytes), "By", "Size of the durable state's files");
        _meter.CreateObservableGauge("field.broker.state.messages", () => Volatile.Read(ref _stateMessages), "{message}", "Messages in the durable state");
    }

    public void SubscriptionRefused(Mqtt.MqttReasonCode code) => _subscriptionsRefused.Add(1, new KeyValuePair<string, object?>("code", code.ToString()));

    public void Throttled() => _throttled.Add(1);

    public void Subscribed(long change) => _subscriptions.Add(change);

    public void Received() => _received.Add(1);

    public void Queued() => _delivered.Add(1);

    public void Dropped(string reason) => _dropped.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Rejected(Mqtt.MqttReasonCode code) => _rejected.Add(1, new KeyValuePair<string, object?>("code", code.ToString()));

    public void Ended(Mqtt.MqttReasonCode code) => _refused.Add(1, new KeyValuePair<string, object?>("code", code.ToString()));

    public void StateCommitted(int changes)
    {
        _stateCommits.Add(1);
        _stateWrites.Add(changes);
    }

    public void StateTorn(long bytes) => _stateTorn.Add(bytes);

    public void StateFailed() => _stateFailures.Add(1);

    public void StateSize(long bytes, long messages)
    {
        Volatile.Write(ref _stateBytes, bytes);
        Volatile.Write(ref _stateMessages, messages);
    }

    public void Dispose() => _meter.Dispose();
}
