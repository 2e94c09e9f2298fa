using Field.Mqtt.Delivery;

namespace Field.Mqtt;

/// <summary>
/// What a client keeps from one connection to the next (its session state, MQTT 5.0 §4.1): messages sent and not acknowledged, and which
/// QoS 2 messages were handled. Give the same instance to every <see cref="MqttClient.ConnectAsync"/> of one client identifier, with
/// <see cref="MqttClientOptions.CleanStart"/> false. A publish whose connection broke then stays pending: it is sent again on the next
/// connection, or fails as transient when the server has forgotten the session. In memory: it lasts as long as the process.
/// </summary>
public sealed class MqttClientSession
{
    private readonly Lock _gate = new();
    private DeliveryQueue? _queue;
    private bool _inUse;

    /// <summary>QoS 2 messages that were handled and that the server has not released; guarded by itself.</summary>
    internal HashSet<ushort> Handled { get; } = [];

    /// <summary>Takes the session for one connection.</summary>
    /// <exception cref="InvalidOperationException">Another connection has it.</exception>
    internal DeliveryQueue Enter(MqttClientOptions options)
    {
        lock (_gate)
        {
            if (_inUse)
            {
                throw new InvalidOperationException("the session is used by another connection; await its Closed first");
            }

            _inUse = true;
            return _queue ??= new(options.MaxWaiting, long.MaxValue, options.Time);
        }
    }

    internal void Leave()
    {
        lock (_gate)
        {
            _queue?.Detach();
            _inUse = false;
        }
    }
}
