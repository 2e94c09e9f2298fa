using System.IO.Pipelines;
using Field.Mqtt.Codec;

namespace Field.Mqtt.Delivery;

/// <summary>The one writer of a connection: takes batches from the queue and flushes once per batch.</summary>
internal static class PacketPump
{
    /// <summary>Runs until the queue is finished, the peer stops reading for good, or the token is cancelled.</summary>
    /// <param name="queue">What to send.</param>
    /// <param name="output">Where to; only this pump writes to it.</param>
    /// <param name="version">The version of the connection.</param>
    /// <param name="maxPacketBytes">The largest packet the peer accepts.</param>
    /// <param name="onTooLarge">Called for a message larger than that; it counts as done.</param>
    /// <param name="cancellationToken">Ends the pump at once.</param>
    public static async Task RunAsync(
        DeliveryQueue queue, PipeWriter output, MqttProtocolVersion version, long maxPacketBytes,
        Action<OutgoingMessage> onTooLarge, CancellationToken cancellationToken)
    {
        List<Packet> batch = new(64);
        while (true)
        {
            if (!queue.Take(batch, out bool ended))
            {
                if (ended)
                {
                    return;
                }

                await queue.WaitAsync(cancellationToken);
                continue;
            }

            foreach (Packet packet in batch)
            {
                if (PacketEncoder.Write(output, packet, version, maxPacketBytes) == 0 && packet is OutgoingMessage message)
                {
                    queue.GiveUp(message);
                    onTooLarge(message);
                }
            }

            FlushResult flushed = await output.FlushAsync(cancellationToken);
            CompleteQos0(batch);
            batch.Clear();
            if (flushed.IsCompleted)
            {
                return;
            }
        }
    }

    private static void CompleteQos0(List<Packet> batch)
    {
        foreach (Packet packet in batch)
        {
            if (packet is OutgoingMessage { Qos: 0, Completion: { } completion })
            {
                completion.TrySetResult(MqttReasonCode.Success);
            }
        }
    }
}
