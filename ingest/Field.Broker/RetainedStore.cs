using Field.Mqtt;
using Field.Mqtt.Delivery;

namespace Field.Broker;

/// <summary>The last retained message of each topic (MQTT 5.0 §3.3.1.3), within limits.</summary>
internal sealed class RetainedStore(MqttBrokerOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MqttMessage> _messages = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Keeps the message, or forgets the topic when its payload is empty; false when a limit forbids it; then there is none for the topic [MQTT-3.3.1-7].</summary>
    public bool Set(MqttMessage message)
    {
        lock (_gate)
        {
            bool had = _messages.TryGetValue(message.Topic, out MqttMessage? old);
            long bytes = _bytes - (old?.Weight ?? 0);
            bool fits = (had || _messages.Count < options.MaxRetainedMessages) && bytes + message.Weight <= options.MaxRetainedBytes;
            if (message.Payload.IsEmpty || !fits)
            {
                _messages.Remove(message.Topic);
                _bytes = bytes;
                return message.Payload.IsEmpty;
            }

            _messages[message.Topic] = message;
            _bytes = bytes + message.Weight;
            return true;
        }
    }

    /// <summary>The retained messages that match the filter and have not expired.</summary>
    public IReadOnlyList<MqttMessage> Match(string filter)
    {
        long now = time.NowMs();
        lock (_gate)
        {
            if (filter.AsSpan().IndexOfAny('+', '#') < 0)
            {
                return _messages.TryGetValue(filter, out MqttMessage? exact) && IsAlive(exact, now) ? [exact] : [];
            }

            return [.. _messages.Values.Where(m => MqttTopic.Matches(filter, m.Topic) && IsAlive(m, now))];
        }
    }

    /// <summary>Forgets expired messages.</summary>
    public void Sweep()
    {
        long now = time.NowMs();
        lock (_gate)
        {
            foreach (MqttMessage message in _messages.Values.Where(m => !IsAlive(m, now)).ToList())
            {
                _messages.Remove(message.Topic);
                _bytes -= message.Weight;
            }
        }
    }

    private static bool IsAlive(MqttMessage message, long now) => message.DeadlineMs == 0 || message.DeadlineMs > now;
}
