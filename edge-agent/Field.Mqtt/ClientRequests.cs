using System.Collections.Concurrent;
using Field.Mqtt.Delivery;

namespace Field.Mqtt;

/// <summary>SUBSCRIBE and UNSUBSCRIBE awaiting their answers. Their identifiers lie above those of messages.</summary>
internal sealed class ClientRequests
{
    private readonly ConcurrentDictionary<ushort, TaskCompletionSource<IReadOnlyList<MqttReasonCode>>> _open = [];
    private int _last;

    /// <exception cref="MqttException">All identifiers of requests are in use (transient).</exception>
    public (ushort Id, Task<IReadOnlyList<MqttReasonCode>> Answer) Open()
    {
        TaskCompletionSource<IReadOnlyList<MqttReasonCode>> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        for (int tries = ushort.MaxValue - DeliveryQueue.MaxMessageId; tries > 0; tries--)
        {
            ushort id = (ushort)(ushort.MaxValue - (Interlocked.Increment(ref _last) & 0xFF));
            if (_open.TryAdd(id, answer))
            {
                return (id, answer.Task);
            }
        }

        throw new MqttException(MqttReasonCode.QuotaExceeded, "256 subscriptions are waiting for their answer; await some first", true);
    }

    public void Answer(ushort id, IReadOnlyList<MqttReasonCode> codes)
    {
        if (_open.TryRemove(id, out TaskCompletionSource<IReadOnlyList<MqttReasonCode>>? answer))
        {
            answer.TrySetResult(codes);
        }
    }

    public void Fail(ushort id, MqttException cause)
    {
        if (_open.TryRemove(id, out TaskCompletionSource<IReadOnlyList<MqttReasonCode>>? answer))
        {
            answer.TrySetException(cause);
        }
    }

    public void Fail(MqttException cause)
    {
        foreach (ushort id in _open.Keys)
        {
            Fail(id, cause);
        }
    }
}
