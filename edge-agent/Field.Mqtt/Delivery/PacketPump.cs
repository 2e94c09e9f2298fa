using System.IO.Pipelines;
using Field.Mqtt.Codec;

namespace Field.Mqtt.Delivery;

/// <summary>What the peer of a connection accepts.</summary>
/// <param name="Version">The version of the connection.</param>
/// <param name="MaxPacketBytes">The largest packet it takes.</param>
/// <param name="TopicAliasMaximum">How many topic aliases may be used towards it; 0 for none.</param>
internal sealed record PeerLimits(MqttProtocolVersion Version, long MaxPacketBytes, int TopicAliasMaximum);

/// <summary>The one writer of a connection: takes batches from the queue and flushes once per batch.</summary>
internal static class PacketPump
{
    /// <summary>Runs until the queue is finished, the peer stops reading for good, or the token is cancelled.</summary>
    /// <param name="queue">What to send.</param>
    /// <param name="output">Where to; only this pump writes to it.</param>
    /// <param name="limits">What the peer accepts.</param>
    /// <param name="onTooLarge">Called for a packet larger than that, which is not sent; a message then counts as done.</param>
    /// <param name="cancellationToken">Ends the pump at once.</param>
    public static async Task RunAsync(
        DeliveryQueue queue, PipeWriter output, PeerLimits limits, Action<Packet> onTooLarge, CancellationToken cancellationToken)
    {
        OutgoingAliases? aliases = limits.TopicAliasMaximum > 0 ? new(limits.TopicAliasMaximum) : null;
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
                if (!Write(output, packet, limits, aliases))
                {
                    if (packet is OutgoingMessage message)
                    {
                        queue.GiveUp(message);
                    }

                    onTooLarge(packet);
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

    private static bool Write(PipeWriter output, Packet packet, PeerLimits limits, OutgoingAliases? aliases)
    {
        if (packet is PublishPacket publish && aliases?.Apply(publish) is { } aliased)
        {
            if (PacketEncoder.Write(output, aliased, limits.Version, limits.MaxPacketBytes) > 0)
            {
                return true;
            }

            aliases.Forget(aliased);
        }

        return PacketEncoder.Write(output, packet, limits.Version, limits.MaxPacketBytes) > 0;
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
