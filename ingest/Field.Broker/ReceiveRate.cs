using Field.Mqtt.Delivery;
using Field.Mqtt.Transport;

namespace Field.Broker;

/// <summary>
/// Two token buckets, packets and bytes, each of one second's worth. A client above them is read more slowly and TCP holds it back:
/// nothing is lost, where refusing its messages would lose them. Used by the read loop only; a packet within the rate costs a decrement
/// and two comparisons.
/// </summary>
internal sealed class ReceiveRate(MqttBrokerOptions options, PacketReader reader, TimeProvider time)
{
    private double _packets = options.MaxPacketsPerSecond;
    private double _bytesUpTo = options.MaxBytesPerSecond;
    private long _refilledMs = time.NowMs();

    /// <summary>Takes a packet from the buckets; how long to wait before the next is read, zero within the rate.</summary>
    public TimeSpan Take() => --_packets >= 0 && reader.ReceivedBytes <= _bytesUpTo ? TimeSpan.Zero : Refill();

    private TimeSpan Refill()
    {
        long now = time.NowMs();
        double seconds = (now - _refilledMs) / 1000.0;
        _refilledMs = now;
        _packets = Math.Min(_packets + (seconds * options.MaxPacketsPerSecond), options.MaxPacketsPerSecond);
        double bytesLeft = Math.Min(_bytesUpTo + (seconds * options.MaxBytesPerSecond) - reader.ReceivedBytes, options.MaxBytesPerSecond);
        _bytesUpTo = reader.ReceivedBytes + bytesLeft;
        double owed = Math.Max(-_packets / options.MaxPacketsPerSecond, -bytesLeft / options.MaxBytesPerSecond);
        return owed > 0 ? TimeSpan.FromSeconds(owed) : TimeSpan.Zero;
    }
}
